"""What stands in a table's columns and is no row of it: remarks below, rows above the header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from cssopt.tables.convert import convert_cell, find_number
from cssopt.tables.header import Header, is_empty
from cssopt.tables.raw import RawCell, RawSheet
from cssopt.tables.rows import Record, RowAbove
from cssopt.tables.spec import REMARK_COLUMNS, Column, Table
from cssopt.tables.tidy import fold_name, tidy_text

_WORDS: Final = 4
"""A text of so many words is a sentence rather than a name; after a blank row, one fewer."""

_LONG: Final = 40
"""A text of more characters is a sentence rather than a name."""

_LABEL: Final = re.compile(
    r"(\W|\d+\)|(source|sources|note|notes|nb|n\.b|remark|remarks|comment|comments|see|as of|"
    r"prepared by|updated|quelle|quellen|stand|hinweis|anmerkung|nota|fuente|fonte|zrodlo|uwaga|"
    r"istochnik|источник|примечание|https?|www|draft|file|version|\u00a9)\b)"
)
"""How remarks begin, folded."""


_NO_ROWS = """
    none nil nothing n/a na - \u2013 \u2014 / keine keiner kein aucun aucune ninguno ninguna nenhum
    nessuno nessuna geen ingen inga brak \u043d\u0435\u0442 \u043d\u0435\u043c\u0430\u0454
"""
_NOTHING: Final = frozenset(map(fold_name, _NO_ROWS.split()))
"""Words that say that a sheet has no rows, folded."""

_TO_COME = "tba tbc tbd n/a na nn unknown none ? ?? x - \u2013 \u2014 ..."
_PLACEHOLDERS: Final = frozenset(_TO_COME.split())
"""Words that stand for a number that is still to come, folded."""


def find_remark(cells: Mapping[str, RawCell], spec: Table, *, after_blank: bool) -> RawCell | None:
    """The text of a row that is a remark; None where the row could be one of the table.

    A remark is one text alone (or a label such as ``Source:`` with others behind it) in a row that
    lacks required values. A single short name could be a row that was begun: it is no remark.
    """
    filled = [cell for cell in cells.values() if not is_empty(cell)]
    texts = [tidy_text(cell.value) for cell in filled if isinstance(cell.value, str)]
    if len(texts) < len(filled) or any(cell.trouble for cell in filled):
        return None
    if spec.optional and texts and {fold_name(text) for text in texts} <= _NOTHING:
        return filled[0]
    if not spec.vertical and not _lacks_required(cells, spec):
        return None
    if spec.vertical and (is_empty(cells["name"]) or not is_empty(cells["value"])):
        return None
    if any(find_number(cell) is not None for cell in filled):
        return None
    first = texts[0]
    label = first.endswith(":") or _LABEL.match(fold_name(first)) is not None
    if len(texts) > 1:
        return filled[0] if label else None
    words = len(first.split())
    sentence = words >= (_WORDS - 1 if after_blank else _WORDS) or len(first) > _LONG
    return filled[0] if label or sentence else None


def is_other_header(cells: Mapping[str, RawCell], spec: Table, *, after_blank: bool) -> bool:
    """True for a row of texts that has words where numbers stand: a second header, or that of
    another table below this one."""
    filled = {name: cell for name, cell in cells.items() if not is_empty(cell)}
    values = [cell.value for cell in filled.values()]
    if not all(isinstance(value, str) for value in values):
        return False
    if any(cell.trouble or find_number(cell) is not None for cell in filled.values()):
        return False
    words = {
        fold_name(str(cell.value))
        for name, cell in filled.items()
        if spec.column(name).kind in ("number", "whole")
    }
    if words & _PLACEHOLDERS or _has_figures(words):
        return False
    return len(words) > 1 or (after_blank and bool(words) and len(filled) > 1)


def is_row_of_measures(cells: Mapping[str, RawCell], spec: Table) -> bool:
    """True for a row that says the measures of its columns, such as ``million`` under gdp."""
    filled = [(spec.column(name), cell) for name, cell in cells.items() if not is_empty(cell)]
    numbers = [(column, cell) for column, cell in filled if column.kind in ("number", "whole")]
    if not numbers or any(find_number(cell) is not None for _, cell in filled):
        return False
    words = {fold_name(str(cell.value)) for _, cell in numbers}
    keyless = not any(column.name in spec.key for column, _ in filled)
    if keyless and not words & _PLACEHOLDERS and not _has_figures(words):
        return (
            True  # Without a key and a number it can be no row, whatever its measures are called.
        )
    said = [
        bool(column.measure) and fold_name(str(cell.value)).strip("()[] ") in _measures_of(column)
        for column, cell in numbers
    ]
    return 2 * sum(said) > len(said)


def _has_figures(words: Iterable[str]) -> bool:
    """Not so of ``'000``, a measure."""
    return any(sign in "123456789" for word in words for sign in word)


def _measures_of(column: Column) -> set[str]:
    whole = fold_name(column.measure)
    return {whole, whole.split()[0].strip(","), whole.replace(" per ", "/")}


def _lacks_required(cells: Mapping[str, RawCell], spec: Table) -> bool:
    return any(
        is_empty(cells[column.name])
        for column in spec.columns
        if column.required and column.name in cells
    )


def find_rows_above(sheet: RawSheet, header: Header, spec: Table) -> list[RowAbove]:
    """Rows above the header that have a key; whether they are meant as rows, others must say."""
    found = []
    remarks = _remark_places(sheet, header)
    for position in range(header.row):
        cells = sheet.rows[position]
        own = [
            (column, cells[place])
            for column in spec.columns
            if (place := header.places.get(column.name, len(cells))) < len(cells)
        ]
        keys = [cell for column, cell in own if column.name in spec.key]
        if len(keys) < len(spec.key) or any(is_empty(cell) for cell in keys):
            continue
        read = {column.name: convert_cell(cell, column) for column, cell in own}
        record = Record(
            {name: done.value for name, done in read.items() if done.issue is None},
            {column.name: cell.where for column, cell in own},
        )
        remark = " ".join(str(cells[place].value) for place in remarks if place < len(cells))
        found.append(
            RowAbove(
                position + 1,
                header.row + 1,
                record,
                whole=all(done.issue is None for done in read.values()) and _is_named(own),
                example="example" in remark.casefold(),
                numbers=_typed_numbers(own),
            )
        )
    return found


def _remark_places(sheet: RawSheet, header: Header) -> list[int]:
    cells = sheet.rows[header.row]
    return [
        place
        for place, cell in enumerate(cells)
        if not is_empty(cell) and fold_name(str(cell.value)) in REMARK_COLUMNS
    ]


def _is_named(own: Sequence[tuple[Column, RawCell]]) -> bool:
    """False where a number stands for a name, as where the columns are numbered above a header."""
    return all(
        find_number(cell) is None
        for column, cell in own
        if column.kind == "text" and not is_empty(cell)
    )


def _typed_numbers(own: Sequence[tuple[Column, RawCell]]) -> bool | None:
    cells = [
        cell for column, cell in own if column.kind in ("number", "whole") and not is_empty(cell)
    ]
    if not cells:
        return None
    return any(isinstance(cell.value, int | float) for cell in cells)
