"""Dotted paths of the legacy package: what lies below what, and which two name the same thing."""

from __future__ import annotations


def below(path: str, package: str) -> bool:
    """Whether a path is a package or something in it."""
    return path == package or path.startswith(package + ".")


_TENSORFLOW = "tensorflow"
_ITS_KERAS = "tensorflow.keras"
# what Keras 2 and tensorflow.keras have at the top too
_ALIASES = {
    "keras.Sequential": "keras.models.Sequential",
    "keras.Model": "keras.models.Model",
    "keras.Input": "keras.layers.Input",
}


def of_keras2(path: str) -> str | None:
    """The path in Keras of what a source for Keras 2 imports or reaches; None: it is none of Keras's.

    tensorflow.keras is Keras, too; ``tensorflow`` itself is what one gets there by.
    """
    if below(path, _ITS_KERAS):
        path = path.partition(".")[2]
    if below(path, "keras"):
        return _ALIASES.get(path, path)
    return path if path == _TENSORFLOW else None


def same_thing(one: str, other: str) -> bool:
    """Whether two legacy paths name the same thing.

    Packages re-export what their modules define: keras.layers.Dense is keras.layers.core.Dense.
    """
    if one == other:
        return True
    from tdmigrate.keras1 import registry

    entries = registry.lookup(one), registry.lookup(other)
    if entries[0] is not None and entries[1] is not None:
        return entries[0] is entries[1]
    package, _, name = one.rpartition(".")
    other_package, _, other_name = other.rpartition(".")
    if name != other_name:
        return False
    return (
        below(package, other_package)
        or below(other_package, package)
        or (below(package, "keras.layers") and below(other_package, "keras.layers"))
    )
