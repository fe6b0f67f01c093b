"""Which releases of genuine Keras may run a source."""

from __future__ import annotations

from collections.abc import Sequence

from tdmigrate.keras1.versions import Versions, parse
from tdmigrate.verification.legacy.install import KERAS


def foreign(versions: Versions, chosen: Sequence[str]) -> tuple[str, ...]:
    """Of what ``releases`` gave behind the first, the releases that a source for ``versions`` was not written for.

    A number that is another there may be their own: Keras changed defaults between 0.1 and 0.3.
    """
    return tuple(release for release in chosen[1:] if not versions.meets(parse(release)))


def releases(versions: Versions, old_order: bool, free_time: bool) -> tuple[str, ...]:
    """Those that may run a source for ``versions``, best first.

    ``old_order``: it writes (input_dim, output_dim). ``free_time``: a TimeDistributedDense of it may get a time axis of
    any length, which 1.2 on Theano refuses.
    """
    if old_order:
        return ("0.2.0", "0.3.3")  # with the adapter; 0.1 itself was never published
    order = ["1.2.2", "1.1.2", "1.0.8", "0.3.3", "0.2.0"]
    if free_time:
        order = ["1.1.2", "1.0.8", "0.3.3", "0.2.0", "1.2.2"]
    chosen = [release for release in order if versions.meets(parse(release))]
    # an interval between two of the releases: the next one above runs it
    return tuple(chosen) or (next(release for release in KERAS if parse(release).lo >= versions.lo),)
