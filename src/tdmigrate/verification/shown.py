"""The programs of a run as text: what each model's proof runs on either side, to read and to run by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tdmigrate.config import Settings
from tdmigrate.verification.changed import Changed
from tdmigrate.verification.cutting.writer import MADE
from tdmigrate.verification.jobs import Compiled, Job
from tdmigrate.verification.modules import Texts
from tdmigrate.verification.tasks import tasks_of

_RULE = "# " + 77 * "-"


def programs_shown(changed: Sequence[Changed], settings: Settings, texts: Texts) -> Iterator[str]:
    """For each model the text of its old and of its new program, or of why there is none. Nothing is run."""
    for item, task in tasks_of(changed, settings, texts):
        if task.unproved is not None:
            proof = task.unproved
            yield f"{_RULE}\n# {_line(f'{item.path}:{proof.row}: `{proof.model}` is not cut out: {proof.reason}')}\n"
        for way, job in task.jobs:
            place = _line(f"{item.path}:{job.row}: `{job.model}`{f' {way}' if way else ''}")
            run = job.compiled or Compiled(job.old, job.old_target, job.new, job.new_target)
            yield f"{_RULE}\n# {place}, the old program, for {_old_framework(job)}\n{_whole(run.old, run.old_target)}"
            yield f"{_RULE}\n# {place}, the new program, for Keras 3\n{_whole(run.new, run.new_target)}"


def _old_framework(job: Job) -> str:
    channels = f", image_dim_ordering {job.ordering!r}" if job.ordering else ""
    order = ", layers written (input_dim, output_dim) as in Keras 0.1" if job.old_order else ""
    return f"Keras {job.version}{channels}{order}"


def _whole(source: str, target: str) -> str:
    """The program, with the model in a variable at its end."""
    if target.isidentifier():
        return f"{source}# the model: {target}\n"
    return f"{source}{MADE} = {target}\n"


def _line(text: str) -> str:
    return " ".join(text.split())
