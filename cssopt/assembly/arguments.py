"""What a script hands to a verb, compared with what the verb says that it takes.

A list in place of a name would otherwise end in a fault somewhere below, which tells nobody what to
change.
"""

from __future__ import annotations

import functools
import inspect
import numbers
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Final

from cssopt.tables.convert import quote

_KINDS: Final[dict[Any, tuple[Any, str]]] = {
    int: (numbers.Integral, "a whole number"),
    float: (numbers.Real, "a number"),
    bool: (bool, "True or False"),
    str: (str, "a text"),
    Path: (PathLike, "a path"),
    type(None): (type(None), "None"),
}
"""What stands for a type, so that numbers of numpy and other paths do, and how it is called."""
_MOST_LOOKED_AT: Final = 100
"""Entries of a list that are compared."""


def checked(verb: Callable[..., Any]) -> Callable[..., Any]:
    """The verb, raising TypeError for an argument that is nothing it takes."""

    @functools.wraps(verb)
    def call(*given: Any, **named: Any) -> Any:
        hints, signature = _find_hints(verb), inspect.signature(verb)
        try:
            bound = signature.bind(*given, **named)
        except TypeError as error:
            raise TypeError(f"{verb.__name__}: {error}") from None
        for name, value in bound.arguments.items():
            several = signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL
            if not several:
                bound.arguments[name] = value = _as_plain(value)
            for one in value if several else (value,):
                if name in hints and not _fits(one, hints[name]):
                    what = f"{name} is {_say(hints[name])}, not {_show(one)}"
                    raise TypeError(f"{verb.__name__}: {what}")
            if name in hints and not several:
                bound.arguments[name] = _as_list(value, hints[name])
        return verb(*bound.args, **bound.kwargs)

    return call


def _as_plain(value: Any) -> Any:
    """A row or number of numpy or pandas as a list or number of Python."""
    dimensions = getattr(value, "ndim", None)
    if dimensions == 0 and hasattr(value, "item"):
        return value.item()
    return value.tolist() if dimensions == 1 and hasattr(value, "tolist") else value


def _as_list(value: Any, hint: Any) -> Any:
    """A list where one is asked for: of one text, or of what can be gone through only once."""
    union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    parts = typing.get_args(hint) if union else (hint,)
    if not any(typing.get_origin(part) is Sequence for part in parts):
        return value
    if isinstance(value, str):
        return value if str in parts else [value]
    alone = isinstance(value, Sequence | Mapping) or not isinstance(value, Iterable)
    return value if alone else list(value)


@functools.cache
def _find_hints(verb: Callable[..., Any]) -> dict[str, Any]:
    return typing.get_type_hints(verb)


def _fits(value: Any, hint: Any) -> bool:
    """True where a value is of a type, as far as that can be seen without using it up."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return True
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is typing.Literal:
        return value in parts
    if origin is tuple:
        return (
            isinstance(value, tuple)
            and len(value) == len(parts)
            and all(_fits(one, part) for one, part in zip(value, parts, strict=True))
        )
    if origin is not None and issubclass(origin, Callable):  # type: ignore[arg-type]
        return callable(value)
    if origin is not None and issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(
            _fits(key, parts[0]) and _fits(one, parts[1])
            for key, one in list(value.items())[:_MOST_LOOKED_AT]
        )
    if origin is not None and not issubclass(origin, Iterable):
        return isinstance(value, origin)
    if origin is not None:
        return _is_list(value, parts[0])
    kind, _ = _KINDS.get(hint, (hint, ""))
    if isinstance(value, bool) and hint in (int, float):
        return False
    return not isinstance(kind, type) or isinstance(value, kind)


def _is_list(value: Any, part: Any) -> bool:
    """True for what can be gone through; a text is a list of one text."""
    if isinstance(value, str):
        return _fits(value, part)
    if isinstance(value, list | tuple):
        return all(_fits(one, part) for one in value[:_MOST_LOOKED_AT])
    table = getattr(value, "ndim", 1) > 1
    return isinstance(value, Iterable) and not isinstance(value, bytes | Mapping) and not table


def _say(hint: Any) -> str:
    """A type in words."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(map(_say, parts)))
    if origin is typing.Literal:
        return " or ".join(map(str, parts))
    if origin is not None and issubclass(origin, Callable):  # type: ignore[arg-type]
        return "a function"
    if origin is not None and issubclass(origin, Mapping):
        return f"a mapping of {_say(parts[0])} to {_say(parts[1])}"
    if origin is tuple:
        return f"a tuple of {' and '.join(map(_say, parts))}"
    if origin is not None and issubclass(origin, Iterable):
        return f"a list of which each is {_say(parts[0])}"
    hint = origin or hint
    return _KINDS[hint][1] if hint in _KINDS else f"a {getattr(hint, '__name__', hint)}"


def _show(value: Any) -> str:
    """A value as the start of it, with its kind."""
    if isinstance(value, str | int | float):
        return f"{quote(value)} ({type(value).__name__})"
    return f"a {type(value).__name__}"
