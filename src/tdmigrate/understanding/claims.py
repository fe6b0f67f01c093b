"""What a project says of the Keras that its sources were written for, outside of the source at hand."""

from tdmigrate.keras1.versions import Versions
from tdmigrate.records import NamedTuple


class Claim(NamedTuple):
    """What one line of one file of the project says; None: nothing of that.

    ``legacy_only``: it admits no Keras from 2.0 on, so whatever of the project runs is for Keras 0.x/1.x.
    ``proof``: it proves that its source is for Keras 0.x/1.x.
    """

    path: str  # as a user would type it
    place: str  # row, in a notebook "cell 3:12"
    message: str  # "keras==1.0.4", "imports theano"
    versions: Versions | None = None
    backend: str | None = None
    ordering: str | None = None
    legacy_only: bool = False
    proof: bool = False

    def show(self) -> str:
        return f"{self.path}:{self.place}: {self.message}"


Claims = tuple[Claim, ...]  # the weightiest first
