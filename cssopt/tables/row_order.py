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
        places = [self._places.get(name, {}) for name in index_names]

        def rank(key: Any) -> list[_Rank]:
            return [
                (0, place, "") if (place := known.get(part)) is not None else _rank_alone(part)
                for known, part in zip(places, key_parts(key), strict=True)
            ]

        return sorted(keys, key=rank)

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
