"""Which sheet of a book is which table."""

from __future__ import annotations

from collections.abc import Mapping

from cssopt.issues import Issue
from cssopt.tables.header import fold_header
from cssopt.tables.nearest import find_nearest, nearest_name
from cssopt.tables.raw import RawBook, RawSheet
from cssopt.tables.spec import Table


def match_sheets(
    raw: RawBook, tables: Mapping[str, Table]
) -> tuple[dict[str, RawSheet], list[Issue], list[Issue]]:
    """The sheet of each table, and the issues and notes about sheets."""
    issues: list[Issue] = []
    notes: list[Issue] = []
    found: dict[str, RawSheet] = {}
    strangers: list[str] = []
    for title, sheet in raw.sheets.items():
        name = fold_header(title)
        if name in found:
            text = f'is a second sheet "{name}", beside "{found[name].name}". Remove one of them.'
            issues.append(Issue("E-207", title, text))
        elif name in tables:
            found[name] = sheet
            if sheet.fault is not None:
                issues.append(sheet.fault)
        else:
            strangers.append(title)
    absent = [name for name in tables if name not in found]
    for title in strangers:
        hint = nearest_name(fold_header(title), absent)
        notes.append(Issue("N-201", title, f"is not a sheet of the model and is not read.{hint}"))
    for name in absent:
        near = find_nearest(name, [fold_header(title) for title in strangers])
        if not tables[name].optional:
            like = next((t for t in strangers if fold_header(t) == near), None)
            hint = f' Is it the sheet "{like}"? Then rename that.' if like else ""
            text = f"the sheet is missing ({tables[name].help}){hint}"
            issues.append(Issue("E-201", name, text))
        elif near is not None:
            # An optional sheet under a misspelt name would be left out without a word.
            title = next(t for t in strangers if fold_header(t) == near)
            text = f'is not a sheet of the model. Did you mean "{name}"? Rename it, or give it '
            issues.append(Issue("E-201", title, f"{text}a name that is less alike."))
    return found, issues, notes
