"""Members who share by a key: a small book of them, and what each bears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from books import Rows, make_data, read_study
from small_books import make_book

from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.sharing_keys import find_shares, list_keys, make_base
from cssopt.modeling import KeyBase, KeyCosts

COLUMNS = ["member", "name", "home_theatre", "gdp", "population"]


def members_of(rows: Mapping[str, Sequence[Any]], *more: str) -> Rows:
    """The sheet of members from gdp, population and more columns by member."""
    return [[*COLUMNS, *more], *([m, m, "HOME", *cells] for m, cells in rows.items())]


def base_of(
    rows: Mapping[str, Sequence[Any]],
    *more: str,
    coalition: Sequence[str] = (),
    **sheets: Rows,
) -> KeyBase:
    """Who shares, of a small book with these members."""
    inventory = [["member", "force", "units"], [next(iter(rows)), "unit", 8]]
    book = make_book(members=members_of(rows, *more), **{"inventory": inventory, **sheets})
    return make_base(make_data(book), read_study("pooled"), coalition or tuple(rows))


def bears(
    name: str, base: KeyBase, costs: KeyCosts | None = None, front: Sequence[Path] = ()
) -> dict[str, float]:
    """What each bears by a key of the house, or of a folder in front of it."""
    (key,) = [key for key in list_keys(find_model_folders(front)) if key.name == name]
    return find_shares(key, base, costs)
