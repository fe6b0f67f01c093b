"""The verdict over what two models computed: compare, and find where they part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tdmigrate.records import NamedTuple
from tdmigrate.results import Evaluate, Outputs, Proof, Step
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.sides import Ran, Trouble, unproved

if TYPE_CHECKING:
    from tdmigrate.verification.record import Array, LayerOutput, Record

TOLERANCE = 1e-10  # of the scale of the output; a wrong default shows at 1e-3 and more, rounding at 1e-15
# of a weight behind unitnorm up to 0.3.1, which divides by the norm alone, where later releases and Keras 3 add 1e-7 to
# it (keras/constraints.py of 0.3.1 and 0.3.2); a wrong axis shows at 1e-1
UNIT_NORM = 1e-5
AT_START = 5e-6  # of weights before anything is done: Constant goes through float32, a deviation through 1e-6
_KEEPS_OUT = "penalize_training_only("


def with_release(job: Job, proof: Proof, old: Ran) -> Proof:
    """The verdict where genuine Keras may be of another release than the source: a difference may be that release's."""
    if proof.status != "different" or old.instead is None:
        return proof
    reason = (
        f"the source needs Keras {job.version}, which did not run it ({old.instead}); Keras {old.record.release} ran "
        f"instead, whose defaults may be others: {proof.reason}"
    )
    return proof._replace(status="unproved", reason=reason)


def not_run(job: Job, old: Record, trouble: Trouble, modern: str | None) -> Proof:
    """The verdict where the old model ran, and the new one is another or doesn't run."""
    if trouble.stage in ("layers", "predict") or (trouble.stage == "program" and job.finished):
        return Proof(job.model, job.row, "different", trouble.reason, None, None, old.framework, modern, trouble.layer)
    return unproved(job, trouble.reason, old.framework, modern)


def compare(job: Job, old: Record, new: Record) -> Proof:
    """The verdict over what two models computed."""
    proof = _compared(job, old, new)
    found = new.difference
    if found is None or proof.status != "different":
        return proof
    return proof._replace(first_difference=found.layer, difference=found)


def _compared(job: Job, old: Record, new: Record) -> Proof:
    if len(old.runs) != len(new.runs):
        return unproved(job, "the new program did not leave what it computed", old.framework, new.framework)
    proof = Proof(job.model, job.row, "different", legacy=old.framework, modern=new.framework)
    if old.parameters != new.parameters:
        return proof._replace(reason=f"{old.parameters} parameters in the old model, {new.parameters} in the new")
    pairs: list[tuple[LayerOutput, LayerOutput]] = []
    carried: list[bool] = []
    for theirs, mine in zip(old.runs, new.runs, strict=True):
        if len(theirs.outputs) != len(mine.outputs):
            return proof._replace(
                reason=f"{len(theirs.outputs)} outputs of the old model, {len(mine.outputs)} of the new"
            )
        pairs += zip(theirs.outputs, mine.outputs, strict=True)
        carried += [theirs.carried] * len(theirs.outputs)
    if not all(one.is_finite for one, _ in pairs):
        return proof._replace(status="unproved", reason="the outputs of the old model are not finite numbers")
    for one, other in pairs:
        if one.value.shape != other.value.shape:
            reason = f"an output of shape {one.value.shape} in the old model, {other.value.shape} in the new"
            return proof._replace(reason=reason, first_difference=_first_difference(old, new))
        if not other.is_finite:
            reason = "the outputs of the new model are not finite numbers"
            return proof._replace(reason=reason, first_difference=_first_difference(old, new))
    gaps = [_gap(one, other) for one, other in pairs]
    outputs = Outputs(max(gap.largest for gap in gaps), "float64", sum(one.masked for one, _ in pairs))
    if any(gap.relative > TOLERANCE for gap in gaps):
        reason = f"the outputs differ by up to {outputs.max_abs:.1e}"
        if all(again for gap, again in zip(gaps, carried, strict=True) if gap.relative > TOLERANCE):
            reason += " in a second call, which starts with the states of the first"
        return proof._replace(reason=reason, outputs=outputs, first_difference=_first_difference(old, new))
    first = _first_difference(old, new) if all(one.is_constant for one, _ in pairs) else None
    if first is not None:
        return proof._replace(reason="the outputs are constant, those of a layer differ", first_difference=first)
    if old.penalty is not None and new.penalty is not None and not _near(old.penalty, new.penalty):
        reason = f"the outputs are equal, but regularisation adds {old.penalty:.6g} to the loss, now {new.penalty:.6g}"
        return proof._replace(reason=reason, outputs=outputs)
    start = _other_start(old, new, exact=job.own_optimizer)
    if start is not None:
        reason = f"with the same weights the outputs are equal, but {start} begins with other weights"
        return proof._replace(reason=reason, outputs=outputs, first_difference=start)
    return proof._replace(status="equal", outputs=outputs)


def _other_start(old: Record, new: Record, exact: bool) -> str | None:
    """The name of the first layer whose weights are others before anything is done, or are not drawn as they were."""
    import numpy as np

    from tdmigrate.verification.beginnings import gives_its_own, hangs_on_no_size, is_by_style, is_other_chance, settled
    from tdmigrate.verification.weights import Misfit, in_keras3

    for layer, counterpart in zip(old.layers, new.layers, strict=False):
        config = old.configs.get(layer.name, {})
        flags = layer.given or (False,) * len(layer.first)
        fixed = hangs_on_no_size(config) and gives_its_own(layer.kind, config, old.release)
        try:
            drawn = in_keras3(layer, layer.first, old.release, counterpart.kind, old.backend) if layer.first else []
            first = [one if given else settled(one) for one, given in zip(layer.first, flags, strict=True)]
            expected = in_keras3(layer, first, old.release, counterpart.kind, old.backend) if drawn else []
        except Misfit:
            continue
        for index, (one, chance, other) in enumerate(zip(expected, drawn, counterpart.first, strict=False)):
            known = ~np.isnan(one)
            is_given = any(layer.given) and bool(known.any())
            if is_by_style(layer.kind, old.release, index) and not exact and not is_given:
                continue
            if one.shape != other.shape or not _apart(one[known], other[known]).relative <= AT_START:
                return layer.name
            if not known.any() and is_other_chance(chance, other, fixed):
                return layer.name
    return None


def with_step(proof: Proof, job: Job, old: Ran, new: Ran) -> Proof:
    """The verdict over a training step of two models whose outputs are equal.

    A step that was not made takes nothing of that away, but is said. Where nothing is left to a person, a new program
    that can't train with its own loss is a wrong migration.
    """
    from tdmigrate.verification.step import OWN_OPTIMIZER, STEPS_OF, Trained, Untrained

    for step in (old.step, new.step):
        if isinstance(step, Untrained) and step.refused and job.finished:
            return proof._replace(status="different", reason=f"the outputs are equal, but {step}")
        if isinstance(step, Untrained):
            return proof._replace(reason=f"step not compared: {step}")
    try:
        gaps = _step_gaps(old, new)
    except ValueError as misfit:
        return proof._replace(reason=f"step not compared: {misfit}")
    loss, *weights = gaps
    assert isinstance(old.step, Trained)
    of, doubt = old.step.kind, old.step.doubt
    apart = any(not one.gap.relative <= one.tolerance for one in gaps)
    if apart and doubt and (of == OWN_OPTIMIZER or loss.gap.relative <= TOLERANCE):  # of one step, it is before that
        return proof._replace(reason=f"step not compared: {doubt}")
    proof = proof._replace(step=Step(loss.gap.largest, max((one.gap.largest for one in weights), default=0.0), of))
    for one in (*weights, loss):  # a weight says more of the place than the loss
        if not one.gap.relative <= one.tolerance:
            where = STEPS_OF[of]
            reason = f"the outputs are equal, but in {where} {one.name} differs by {one.gap.largest:.1e}"
            return proof._replace(status="different", reason=reason, first_difference=one.layer)
    proof = _with_evaluate(proof, job, old, new)
    if proof.status != "equal" or proof.reason is not None:
        return proof
    return proof if old.step.why is None else proof._replace(reason=f"step not of its own loss: {old.step.why}")


def _with_evaluate(proof: Proof, job: Job, old: Ran, new: Ran) -> Proof:
    """The verdict over what ``evaluate`` returns, of two models that are trained alike."""
    import numpy as np

    from tdmigrate.verification.step import Trained

    assert isinstance(old.step, Trained)
    assert isinstance(new.step, Trained)
    theirs, mine = old.step.evaluated, new.step.evaluated
    if theirs is None or mine is None:
        return proof
    if theirs.why:
        return proof._replace(reason=f"evaluate not compared: {theirs.why}")
    if mine.why:
        if job.finished:
            return proof._replace(status="different", reason=f"the outputs are equal, but {mine.why}")
        return proof._replace(reason=f"evaluate not compared: {mine.why}")
    names, count = theirs.names, len(mine.numbers[0])
    if old.record.release < "1.0":  # where evaluate gave the loss, and the accuracy when it was asked for it
        names = names[: count if count <= len(names) else 1]
    elif count != len(names):
        reason = f"evaluate gave {', '.join(names)}, and gives {count} numbers now"
        return proof._replace(status="different", reason=f"the outputs are equal, but {reason}")
    compared = _compared_numbers(job, old, names)
    largest = 0.0
    for before, after in zip(theirs.numbers, mine.numbers, strict=True):
        for name, one, other in zip(names, before, after, strict=False):
            if name not in compared or one == other or (np.isnan(one) and np.isnan(other)):  # equal and infinite, too
                continue
            gap = _apart(np.asarray(one), np.asarray(other))
            largest = max(largest, gap.largest)
            if not gap.relative <= TOLERANCE:
                reason = f"the outputs are equal, but evaluate gives {other:.6g} for {name}, not {one:.6g}"
                return proof._replace(status="different", reason=reason)
    return proof._replace(evaluate=Evaluate(largest, compared)) if compared else proof


def _compared_numbers(job: Job, old: Ran, names: tuple[str, ...]) -> tuple[str, ...]:
    """All numbers, but the loss where it left out what regularisation adds, before 1.2 (numeric trap C29), and the new
    program does not keep that out: a model that the source never evaluates.
    """
    kept = job.compiled is not None and _KEEPS_OUT in job.compiled.new
    return names[1:] if old.record.penalty and old.record.release < "1.2" and not kept else names


class _StepGap(NamedTuple):
    """How far a number of the step is apart."""

    name: str  # "the weight kernel of lstm_1", "the loss"
    layer: str | None
    gap: _Gap
    tolerance: float = TOLERANCE


def _step_gaps(old: Ran, new: Ran) -> list[_StepGap]:
    """The loss, then each weight in order of creation. Raises ValueError where they are not of the same weights."""
    import numpy as np

    from tdmigrate.verification.step import Trained
    from tdmigrate.verification.weights import Misfit, in_keras3

    theirs, mine = old.step, new.step
    assert isinstance(theirs, Trained)
    assert isinstance(mine, Trained)
    found = [_StepGap("the loss", None, _apart(np.asarray(theirs.loss), np.asarray(mine.loss)))]
    pairs = zip(old.record.layers, new.record.layers, theirs.layers, mine.layers, mine.names, strict=True)
    for layer, counterpart, before, after, names in pairs:
        try:
            expected = in_keras3(layer, before, old.record.release, counterpart.kind, old.record.backend)
        except Misfit as misfit:
            raise ValueError(str(misfit)) from misfit
        for name, one, other in zip(names, expected, after, strict=True):
            if one.shape != other.shape:
                raise ValueError(f"the weight {name} of {layer.name} has other shapes after it")
            tolerance = UNIT_NORM if _is_unit(old.record, layer.name) else TOLERANCE
            found.append(_StepGap(f"the weight {name} of {layer.name}", layer.name, _apart(one, other), tolerance))
    return found


def _is_unit(old: Record, layer: str) -> bool:
    """Whether a layer of Keras 0.1–0.3.1 has a unitnorm."""
    return old.release < "0.3.2" and "UnitNorm" in old.configs.get(layer, {}).values()


def _near(old: float, new: float) -> bool:
    return abs(old - new) <= TOLERANCE * max(abs(old), abs(new))


class _Gap(NamedTuple):
    largest: float  # absolute
    relative: float  # to the scale of the legacy output, at least 1


def _gap(old: LayerOutput, new: LayerOutput) -> _Gap:
    """How far two outputs of one shape are apart, masked steps set aside."""
    theirs, mine = old.value, new.value
    if old.fitting_mask is not None:
        theirs, mine = theirs[old.fitting_mask], mine[old.fitting_mask]
    return _apart(theirs, mine)


def _apart(theirs: Array, mine: Array) -> _Gap:
    import numpy as np

    largest = float(np.max(np.abs(theirs - mine), initial=0))
    return _Gap(largest, largest / max(1.0, float(np.max(np.abs(theirs), initial=0))))


def _first_difference(old: Record, new: Record) -> str | None:
    """The name of the first layer, in order of creation, whose output differs; None: the layers don't show it."""
    names = dict(zip((layer.name for layer in old.layers), (layer.name for layer in new.layers), strict=False))
    for theirs, mine in zip(old.runs, new.runs, strict=True):
        pairs = list(zip(theirs.layers, mine.layers, strict=False))
        # layers without weights came or went, or names changed the order: those with weights are paired already
        if len(theirs.layers) != len(mine.layers) or any(names.get(a.name, b.name) != b.name for a, b in pairs):
            known = {one.name: one for one in mine.layers}
            pairs = [(one, known[names[one.name]]) for one in theirs.layers if names.get(one.name) in known]
        for one, other in pairs:
            if one.value.shape != other.value.shape or not _gap(one, other).relative <= TOLERANCE:
                return one.name
    return None
