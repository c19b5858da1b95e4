"""Names of the rows and columns of a program, made when they are asked for."""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, compress, groupby, repeat
from typing import Any, SupportsIndex, overload

Name = tuple[str, str, Any]
"""The component that declares a decision or rule, its name, and the key of one of it."""

Part = tuple[str, str, Sequence[Any]]
"""All keys of a decision or rule; a list is kept as it is, and must not be changed after."""


class Names(Sequence[Name]):
    """The name of every row or column, in order.

    What is kept is each decision or rule with its keys, as they were declared: a large program has
    hundreds of thousands of names, and HiGHS asks for none of them.
    """

    __slots__ = ("_ends", "_parts")

    def __init__(self, parts: Iterable[Part]) -> None:
        self._parts = tuple(part for part in parts if part[2])
        self._ends = tuple(accumulate(len(keys) for *_, keys in self._parts))

    @classmethod
    def of(cls, names: Iterable[Name]) -> Names:
        """Names that were made already."""
        groups = groupby(names, key=operator.itemgetter(0, 1))
        return cls((*about, tuple(name[2] for name in group)) for about, group in groups)

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[Name]:
        return chain.from_iterable(
            zip(repeat(owner), repeat(name), keys, strict=False)
            for owner, name, keys in self._parts
        )

    @overload
    def __getitem__(self, place: SupportsIndex) -> Name: ...
    @overload
    def __getitem__(self, place: slice) -> Names: ...
    def __getitem__(self, place: SupportsIndex | slice) -> Name | Names:
        if isinstance(place, slice):
            begin, end, step = place.indices(len(self))
            return self._cut(begin, end) if step == 1 else Names.of(tuple(self)[place])
        at = range(len(self))[place]
        part = bisect_right(self._ends, at)
        owner, name, keys = self._parts[part]
        return owner, name, keys[at - self._ends[part]]

    def _cut(self, begin: int, end: int) -> Names:
        return Names(
            (owner, name, keys[max(0, begin - first) : max(0, end - first)])
            for (owner, name, keys), first in zip(self._parts, (0, *self._ends), strict=False)
        )

    def followed_by(self, others: Iterable[Name]) -> Names:
        """These names, and further ones after them."""
        return Names((*self._parts, *Names.of(others)._parts))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Names) and self._parts == other._parts:
            return True
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(map(operator.eq, self, other))

    __hash__ = None  # type: ignore[assignment]

    def kept(self, wanted: Iterable[Any]) -> Names:
        """Those at whose place something true stands."""
        asked = iter(wanted)
        return Names((own, name, list(compress(keys, asked))) for own, name, keys in self._parts)
