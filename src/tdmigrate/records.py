"""Named tuples that cost a start next to nothing.

``typing.NamedTuple`` compiles a constructor for every class and every annotation of it: about 0.12 ms a class, and a
check defines over a hundred. This one is the same to its users and to a type checker; one constructor serves all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    # the C descriptor that collections.namedtuple itself uses; about half the time of property(itemgetter(n))
    from collections import _tuplegetter

    def _complete(cls, values, named):
        """``values``, then what is ``named`` or a default, in the order of the fields.

        TypeError for too many values, a field given twice, an unknown name, or a field without a value.
        """
        fields, name = cls._fields, cls.__name__
        if len(values) > len(fields):
            raise TypeError(f"{name}() takes {len(fields)} values, {len(values)} were given")
        required = len(fields) - len(cls._defaults)
        rest = []
        for index, field in enumerate(fields[len(values) :], len(values)):
            if field in named:
                rest.append(named.pop(field))
            elif index >= required:
                rest.append(cls._defaults[index - required])
            else:
                raise TypeError(f"{name}() needs a value for {field!r}")
        for field in named:
            raise TypeError(f"{name}() {'got two values for' if field in fields else 'has no field'} {field!r}")
        return (*values, *rest)

    class _Fields(type):
        """Makes the annotations of a class its fields."""

        def __new__(cls, name, bases, namespace):
            namespace.setdefault("__slots__", ())
            fields = tuple(namespace.get("__annotations__", ()))
            if fields or bases == (tuple,):
                given = [field in namespace for field in fields]
                if given != sorted(given):
                    raise TypeError(f"{name}: {fields[given.index(True)]!r} has a default, a field after it has none")
                namespace["_defaults"] = tuple(namespace[field] for field in fields if field in namespace)
                namespace["_fields"] = namespace["__match_args__"] = fields
                for index, field in enumerate(fields):
                    namespace[field] = _tuplegetter(index, field)
            return super().__new__(cls, name, bases, namespace)

    class NamedTuple(tuple, metaclass=_Fields):
        """A tuple whose fields are the annotations of its class."""

        def __new__(cls, *values, **named):
            missing = len(cls._fields) - len(values)
            if named:
                values = _complete(cls, values, named)
            elif missing:
                if not 0 < missing <= len(cls._defaults):
                    _complete(cls, values, named)
                values += cls._defaults[-missing:]
            return tuple.__new__(cls, values)

        def _replace(self, **named):
            replaced = tuple.__new__(type(self), map(named.pop, self._fields, self))
            for field in named:
                raise TypeError(f"{type(self).__name__} has no field {field!r}")
            return replaced

        def __getnewargs__(self):
            return tuple(self)

        def __repr__(self):
            shown = (f"{field}={value!r}" for field, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({', '.join(shown)})"
