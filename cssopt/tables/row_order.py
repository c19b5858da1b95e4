"""The order of rows: the model knows none, and whoever reads a plan sees that of the input.

Where several plans are equally good, which of them the solver ends at depends on the order of its
rows and columns. A model is therefore built from rows in the order of their keys: the same inputs
give the same plan, in whatever order a planner typed them. Answers stand in the planner's order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cssopt.names import key_parts
from cssopt.tables.data import Data

_Rank = tuple[int, float, str]


def sort_rows(data: Data) -> Data:
    """The same tables, those of the whole book too, with their rows in the order of their keys."""
    return data.arrange(lambda key: tuple(_rank_alone(part) for part in key_parts(key)))


class TypedOrder:
    """The order in which the input names its codes, index by index.

    Codes of an index stand in the order of the sheet whose rows they name; where none does, as of
    capabilities, in that of the first sheet that has a column of this name. Numbers, such as years,
    rise; codes of no sheet come last.
    """

    def __init__(self, data: Data) -> None:
        self._places: dict[str, dict[Any, int]] = {}
        tables = [table for table in data.book.tables.values() if not table.spec.vertical]
        for table in sorted(tables, key=lambda table: len(table.spec.key) != 1):
            for number, name in enumerate(table.spec.key):
                codes = dict.fromkeys(key_parts(key)[number] for key in table.keys)
                if codes:
                    self._places.setdefault(name, {c: place for place, c in enumerate(codes)})

    def sort(self, index_names: tuple[str, ...], keys: Iterable[Any]) -> list[Any]:
        """Keys over these indices in the order of the input, the first index first."""
        unsorted = list(keys)
        if not unsorted:
            return unsorted
        by_index = zip(*map(key_parts, unsorted), strict=True)
        # Each code is ranked once, however many keys it stands in.
        numbers = [
            map(self._number(name, set(codes)).__getitem__, codes)
            for name, codes in zip(index_names, by_index, strict=True)
        ]
        ranks = list(zip(*numbers, strict=True))
        return [unsorted[at] for at in sorted(range(len(unsorted)), key=ranks.__getitem__)]

    def _number(self, name: str, codes: set[Any]) -> dict[Any, int]:
        """Numbers of codes of an index, in their order."""
        known = self._places.get(name, {})
        ranks = {c: (0, known[c], "") if c in known else _rank_alone(c) for c in codes}
        number = {rank: at for at, rank in enumerate(sorted(set(ranks.values())))}
        return {code: number[rank] for code, rank in ranks.items()}

    def arrange(self, index_names: tuple[str, ...], values: Mapping[Any, Any]) -> dict[Any, Any]:
        """The same values by key, in the order of `sort`; a plain number as it is."""
        if not index_names:
            return dict(values)
        return {key: values[key] for key in self.sort(index_names, values)}


def _rank_alone(part: Any) -> _Rank:
    """Numbers by size, then texts by their letters, then what is blank."""
    if isinstance(part, int | float):
        return 1, part, ""
    return (2, 0, part) if isinstance(part, str) else (3, 0, "")
