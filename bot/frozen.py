"""Values that never change: what `dataclass(frozen=True, slots=True)` makes, several times sooner.

The standard library compiles six methods for each class. With 150 classes that was an eighth of
the time until the first answer. Here one is compiled, and the others are shared.
"""

import dataclasses
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform, overload

_Value = TypeVar("_Value")
_Fields = Sequence["dataclasses.Field[Any]"]
_NOTHING = dataclasses.MISSING


@overload
def frozen(cls: type[_Value], /) -> type[_Value]: ...
@overload
def frozen(*, kw_only: bool) -> Callable[[type[_Value]], type[_Value]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def frozen(cls: type[_Value] | None = None, /, *, kw_only: bool = False) -> Any:
    """Make a class one of values: equal if all their fields are, hashable, without a `__dict__`.

    `fields`, `replace`, `match`, copying and pickling work as with every dataclass, and methods
    that the class defines itself are kept. Of `field` it knows defaults and `repr`.
    """
    if cls is None:
        return lambda cls: _made(cls, kw_only=kw_only)
    return _made(cls, kw_only=kw_only)


def _made(cls: type[Any], *, kw_only: bool) -> type[Any]:
    own = {name for name, value in cls.__dict__.items() if value is not None}
    made: type[Any] = dataclasses.dataclass(
        init=False, repr=False, eq=False, slots=True, kw_only=kw_only
    )(cls)
    fields = dataclasses.fields(made)
    values = attrgetter(*(each.name for each in fields)) if fields else _no_values
    for name, method in _shared(values).items() | {("__init__", _init(made, fields))}:
        if name not in own:
            setattr(made, name, method)
    return made


def _init(cls: type[Any], fields: _Fields) -> Callable[..., None]:
    """The one method that is compiled: it is called for every message.

    It sets a field by its slot, which is a third quicker than the library's way past `__setattr__`.
    """
    known: dict[str, Any] = {"_NOTHING": _NOTHING}
    asked: list[str] = []
    body: list[str] = []
    for each in sorted(fields, key=attrgetter("kw_only")):
        name, value = each.name, each.name
        known[f"_set_{name}"] = getattr(cls, name).__set__
        if each.kw_only and "*" not in asked:
            asked.append("*")
        if each.default_factory is not _NOTHING:
            known[f"_new_{name}"] = each.default_factory
            value = f"_new_{name}() if {name} is _NOTHING else {name}"
            asked.append(f"{name}=_NOTHING")
        elif each.default is not _NOTHING:
            known[f"_usual_{name}"] = each.default
            asked.append(f"{name}=_usual_{name}")
        else:
            asked.append(name)
        body.append(f" _set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    source = [f"def __init__({', '.join(['self', *asked])}):", *(body or [" pass"])]
    exec("\n".join(source), known)  # noqa: S102 as dataclasses does; the names are those of fields
    init: Callable[..., None] = known["__init__"]
    init.__module__, init.__qualname__ = cls.__module__, f"{cls.__qualname__}.__init__"
    init.__annotations__ = {each.name: each.type for each in fields} | {"return": None}
    return init


def _shared(values: Callable[[Any], Any]) -> dict[str, Any]:
    """The methods that need no more than all values of an object at once."""

    def equal(self: Any, other: Any) -> Any:
        return (
            values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented
        )

    def hashed(self: Any) -> int:
        return hash(values(self))

    return {
        "__eq__": equal,
        "__hash__": hashed,
        "__repr__": _repr,
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__getstate__": _state,
        "__setstate__": _restore,
    }


def _no_values(_: Any) -> tuple[()]:
    return ()


def _repr(self: Any) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(self: Any, name: str, *_: Any) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"{type(self).__name__}.{name} never changes")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for each, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
