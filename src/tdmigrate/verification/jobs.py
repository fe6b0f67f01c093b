"""What is to be proved: two programs, and what either may take."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.records import NamedTuple

SECONDS = 120.0  # for one program on one side
PRIVATE = ("home", "work")  # the folders that a program has for itself, in that of its job
MEMORY = 4 * 2**30  # bytes, beyond what the frameworks take


class Call(NamedTuple):
    """One legacy layer with its arguments on a shape."""

    layer: str  # "TimeDistributedDense"
    arguments: Mapping[str, object]  # by legacy parameter name; those not given have the defaults of the release
    shape: tuple[int | None, ...]  # of the input, the batch first; None: any size


class Compiled(NamedTuple):
    """The programs of a job with the ``compile`` of their source in them."""

    old: str
    old_target: str
    new: str
    new_target: str


class Job(NamedTuple):
    """Two programs that each run by themselves, and the expression in each that is the model."""

    model: str  # what to call it in the report
    row: int  # of the old source, from 1
    old: str
    old_target: str
    new: str
    new_target: str
    version: str  # the release of Keras to run the old program: a key of ``install.KERAS``
    old_order: bool = False  # the old program writes layers as Keras 0.1 did, (input_dim, output_dim)
    call: Call | None = None  # that is all of the old program: its formula stands in where genuine Keras can't be had
    others: tuple[str, ...] = ()  # releases that may run the old program where the ones before do not, best first
    finished: bool = False  # nothing is left to a person: a new program that fails is a wrong migration
    compat: str | None = None  # the source that the new program gets for tdmigrate.compat; None: that itself
    ordering: str = ""  # where images have their channels in the old program, "th" or "tf"; "": as its release has it
    backend: str = "theano"  # what genuine Keras runs on; "tensorflow": on Theano where it does not run there
    compiled: Compiled | None = None  # both programs once more; None: the source does not compile, or not so
    foreign: tuple[str, ...] = ()  # of the others, those whose defaults are not those of the source's release
    own_optimizer: bool = False  # the optimizer of the source is to make the same steps


class Limits(NamedTuple):
    """What one program may take on one side."""

    seconds: float
    memory: int  # bytes
