"""Finding the header row of a sheet and the columns under it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from cssopt.issues import Issue
from cssopt.tables.convert import convert_cell, find_number, is_blank, quote
from cssopt.tables.likeness import find_alike
from cssopt.tables.measures import find_other_measure
from cssopt.tables.raw import MERGED, RawCell, RawSheet
from cssopt.tables.spec import REMARK_COLUMNS, Column, Table, describe_blank
from cssopt.tables.tidy import fold_name, tidy_text

SEARCHED_ROWS = 20
"""The header row stands among the first so many rows of a sheet."""

_LONGEST = 200
"""Characters of a header that are looked at; a longer text is no header."""

_SAMPLE = 50
"""Values of a column that show what it could hold."""

_STRANGERS = 100
"""Columns of other names that could be meant for a missing one; more are not the planner's."""

_SHORT, _WORDS = 30, 3
"""Characters and words of a measure that stands in a cell of its own."""

_VERTICAL = ("name", "value")
_BRACKETS = re.compile(r"\s*(\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|\uff08[^\uff08\uff09]*\uff09)\s*")
SIGNS_BESIDE = " *:;.,\u2020\u2021\u00b9\u00b2\u00b3#"
"""Signs that mark a header, such as the star of a required column, and are no part of it."""

_FOOTNOTE = re.compile(
    r"(?:\s*[\u2070-\u2079\u00b2\u00b3\u00b9]+[)\u207e]?|\s+\(?\d{1,2}\)|\s+[a-z]\))+$"
)
"""Marks of footnotes behind a header: a raised figure, ``1)``, ``a)``."""


@dataclass(frozen=True)
class Header:
    """The header row of a sheet: its position, the place of each declared column, and notes."""

    row: int
    places: dict[str, int]
    notes: tuple[Issue, ...] = ()


def fold_header(text: object) -> str:
    """A header as it is compared: lower case, no accents, spaces and hyphens as underscores."""
    return _fold_header(_head(text))


def strip_measure(text: object) -> str:
    """A header without what stands in brackets behind it, and without marks such as a star."""
    return _strip_measure(_head(text))


def _head(text: object) -> str:
    """As much of a text as can be a header; a number of which nobody can say the digits is none."""
    return text[:_LONGEST] if isinstance(text, str) else quote(text)


@lru_cache(20_000)  # each table looks for its own among the same headers
def _fold_header(text: str) -> str:
    return "_".join(fold_name(text).replace("-", " ").replace("_", " ").split())


@lru_cache(20_000)
def _strip_measure(text: str) -> str:
    shown = tidy_text(text)
    plain = _FOOTNOTE.sub("", _BRACKETS.sub(" ", shown).strip())
    return plain.strip(SIGNS_BESIDE) or shown


def _is_label(text: str) -> bool:
    """True for a text that may be a measure alone, such as ``EUR bn``; not ``12 months ago``."""
    return len(text) <= _SHORT and len(text.split()) <= _WORDS and not re.search("[1-9]", text)


def tell_measure(cell: RawCell, said: str, other: str, column: Column) -> Issue:
    """That a cell says another measure than that of its column: one of the two is wrong."""
    text = (
        f"{said} says {other}, and the column is in {column.measure}: nothing is converted. "
        "Put the numbers in that measure, and correct the header."
    )
    return Issue("E-211", cell.where, text)


def columns_of(table: Table) -> tuple[str, ...]:
    """Names of the columns that the sheet of a table has."""
    return _VERTICAL if table.vertical else tuple(column.name for column in table.columns)


def find_columns(row: Sequence[RawCell], table: Table) -> set[str]:
    """The columns of a table that a row names."""
    return set(_named(row, table).values()) & set(columns_of(table))


def find_header(sheet: RawSheet, table: Table) -> tuple[Header | None, list[Issue]]:
    """The header row of a sheet, and what is wrong with it; None where there is none."""
    best, most = -1, 0
    for index, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        hits = len(find_columns(row, table))
        if hits > most:
            best, most = index, hits
    key = _VERTICAL if table.vertical else table.key
    if best < 0 or most < min(2, len(key)):
        text = (
            f"has no header row among its first {SEARCHED_ROWS} rows. Write the headers "
            f"{', '.join(key)} ... in one row."
        )
        return None, [Issue("E-202", sheet.name, text)]
    found = _HeaderRow(sheet, best, table)
    return Header(best, found.places, tuple(found.notes)), found.issues


def is_header(sheet: RawSheet, position: int, header: Header) -> bool:
    """True for a row that repeats the header, as where a long table is printed on pages."""
    row, names = sheet.rows[position], sheet.rows[header.row]
    return all(
        place < len(row)
        and fold_header(strip_measure(row[place].value))
        == fold_header(strip_measure(names[place].value))
        for place in header.places.values()
    )


def cell_at(sheet: RawSheet, position: int, place: int) -> RawCell:
    """The cell of a sheet at a place; an empty one, without an address, where the row has ended."""
    row = sheet.rows[position]
    return row[place] if place < len(row) else RawCell(None, sheet.name)


def is_empty(cell: RawCell) -> bool:
    """True for a cell that holds nothing of its own: blank, or covered by merged cells."""
    return cell.trouble == MERGED or is_blank(cell)


def _aliases(table: Table) -> dict[str, str]:
    """Headers of older templates, with the column that each is now."""
    if table.vertical:
        return {}
    return {alias: column.name for column in table.columns for alias in column.aliases}


def _named(row: Sequence[RawCell], table: Table) -> dict[int, str]:
    """The column that each cell of a row names, by place; other texts as they are folded."""
    aliases, wanted = _aliases(table), set(columns_of(table))
    named = {}
    for place, cell in enumerate(row):
        if not is_empty(cell):
            name = fold_header(cell.value)
            if name not in wanted and name not in aliases:
                name = fold_header(strip_measure(cell.value))
            named[place] = aliases.get(name, name)
    return named


def _is_numbering(cells: Sequence[RawCell]) -> bool:
    """True for rows that are numbered one after the other, as where a program exports an index."""
    numbers = [find_number(cell) for cell in cells]
    return len(numbers) > 1 and all(
        one is not None and other == one + 1 for one, other in pairwise(numbers)
    )


class _HeaderRow:
    """What one header row says: places of columns, and what is wrong or not read."""

    def __init__(self, sheet: RawSheet, row: int, table: Table) -> None:
        self.sheet, self.row, self.table = sheet, row, table
        self.places: dict[str, int] = {}
        self.issues: list[Issue] = []
        self.notes: list[Issue] = []
        self._strangers: list[int] = []
        self._read_names()
        self._missing = [name for name in self._declared() if name not in self.places]
        meant = self._tell_strangers()
        self._tell_nameless()
        self._tell_missing(meant)

    def _declared(self) -> dict[str, Column | None]:
        if self.table.vertical:
            return dict.fromkeys(_VERTICAL)
        return {column.name: column for column in self.table.columns}

    def _read_names(self) -> None:
        declared, aliases = self._declared(), _aliases(self.table)
        cells = self.sheet.rows[self.row]
        first: dict[str, RawCell] = {}
        named = _named(cells, self.table)
        apart = self._places_apart(named)
        for place, name in named.items():
            cell = cells[place]
            if place in apart:
                text = (
                    f"{quote(cell.value)} belongs to another table beside this one and is not read"
                )
                self.notes.append(Issue("N-202", cell.where, text))
                continue
            if fold_header(strip_measure(cell.value)) in aliases:
                text = f'the older header {quote(cell.value)} is read as "{name}"'
                self.notes.append(Issue("N-112", cell.where, text))
            if name in first and (name in declared or name in REMARK_COLUMNS):
                text = (
                    f"the header {quote(cell.value)} stands already at {first[name].where}. "
                    "Remove or rename one column."
                )
                self.issues.append(Issue("E-204", cell.where, text))
                continue
            first[name] = cell
            if name in declared:
                self.places[name] = place
                self._check_measure(cell, declared[name])
            elif name not in REMARK_COLUMNS:
                self._strangers.append(place)

    def _places_apart(self, named: Mapping[int, str]) -> set[int]:
        """Headers of another table to the right: behind a blank column, with a name of the table
        that stood already, and with nothing that this one still needs."""
        blocks: list[list[int]] = []
        for place in sorted(named):
            before = blocks[-1][-1] if blocks else place
            gap = any(not self._below(p) for p in range(before + 1, place))
            if blocks and not gap:
                blocks[-1].append(place)
            else:
                blocks.append([place])
        own = {named[place] for place in blocks[0]}
        apart: set[int] = set()
        for block in blocks[1:]:
            names = {named[place] for place in block}
            again = {name for name in names & own if self._is_name(name)}
            needed = any(name in names - own and self._is_required(name) for name in names)
            twice = any(name in own and not self._is_name(name) for name in names)
            if again and not needed and not twice:
                apart.update(block)
            else:
                own |= names
        return apart

    def _is_name(self, name: str) -> bool:
        column = self._declared().get(name)
        return column is not None and column.kind == "text"

    def _is_required(self, name: str) -> bool:
        column = self._declared().get(name)
        return column is not None and column.required

    def _check_measure(self, cell: RawCell, column: Column | None) -> None:
        """What brackets say of the measure, and short texts above the header, as templates have."""
        if column is None:
            return
        words = " ".join(_BRACKETS.findall(tidy_text(str(cell.value)[:_LONGEST])))
        other = find_other_measure(words, column)
        if other is not None:
            self.issues.append(tell_measure(cell, f"the header {quote(cell.value)}", other, column))
        for row in self.sheet.rows[: self.row]:
            above = row[self.places[column.name]] if self.places[column.name] < len(row) else cell
            if above is cell or not isinstance(above.value, str) or not _is_label(above.value):
                continue
            other = find_other_measure(above.value, column)
            if other is not None and other != "persons":  # It may stand above thousands of them.
                said = f"{quote(above.value)} above the header"
                self.issues.append(tell_measure(above, said, other, column))

    def _below(self, place: int) -> list[RawCell]:
        rows = self.sheet.rows[self.row + 1 :]
        return [row[place] for row in rows if place < len(row) and not is_empty(row[place])]

    def _tell_strangers(self) -> set[str]:
        """Columns that are no column of the table; returns the missing ones that they could be."""
        meant: set[str] = set()
        for count, place in enumerate(self._strangers.copy()):
            cell = self.sheet.rows[self.row][place]
            values = self._below(place)
            able = [name for name in self._missing if name not in meant and count < _STRANGERS]
            able = [name for name in able if self._could_hold(name, values)]
            name = fold_header(strip_measure(cell.value))
            near = find_alike(name, able)
            if near is None:
                text = f"{quote(cell.value)} is not a column of this sheet and is not read"
                self.notes.append(Issue("N-202", cell.where, text))
                continue
            meant.add(near)
            self._strangers.remove(place)
            text = (
                f'{quote(cell.value)} is not a column of this sheet. Did you mean "{near}"?'
                f" Its columns: {', '.join((*self._declared(), *REMARK_COLUMNS))}."
            )
            column = self._declared()[near]
            if column is not None and not column.required:
                text += (
                    f' If it is a column of your own, add an empty column "{near}", which '
                    f"means {describe_blank(column)}."
                )
            self.issues.append(Issue("E-203", cell.where, text))
        return meant

    def _could_hold(self, name: str, values: Sequence[RawCell]) -> bool:
        """True where the values of a stray column could be those of a missing one."""
        column = self._declared()[name]
        if column is None or not values:
            return column is None or column.required
        if column.kind in ("text", "any") and not column.choices:
            return True
        sample = values[:_SAMPLE]
        readable = sum(convert_cell(cell, column).issue is None for cell in sample)
        return 2 * readable >= len(sample)

    def _tell_nameless(self) -> None:
        """Values under a cell of the header row that is blank."""
        cells = self.sheet.rows[self.row]
        named = [place for place, cell in enumerate(cells) if not is_empty(cell)]
        beside = True
        for place in range(max(map(len, self.sheet.rows[self.row :]))):
            if place in named:
                beside = True
                continue
            values = self._below(place)
            if not values:
                beside = False
                continue
            data = beside and not _is_numbering(values)
            able = [name for name in self._missing if data and self._could_be(name, values)]
            text = f"{quote(values[0].value)} stands in a column without a header"
            if not able:
                self.notes.append(Issue("N-203", values[0].where, f"{text} and is not read"))
                continue
            text += f". Name the column, or clear it. Missing here: {', '.join(able)}."
            self.issues.append(Issue("E-206", values[0].where, text))

    def _could_be(self, name: str, values: Sequence[RawCell]) -> bool:
        """As `_could_hold`; a text that is free or a name is a short one in every row."""
        column = self._declared()[name]
        if column is not None and column.kind == "text" and not column.choices:
            short = all(len(str(cell.value).split()) == 1 for cell in values)
            return column.required or short
        return self._could_hold(name, values)

    def _tell_missing(self, meant: set[str]) -> None:
        cells = self.sheet.rows[self.row]
        for name, column in self._declared().items():
            required = column is None or column.required
            if required and name in self._missing and name not in meant:
                where = f"{self.sheet.name}!{self.row + 1}:{self.row + 1}"
                able = [p for p in self._strangers if self._could_hold(name, self._below(p))]
                hint = f" Is it {quote(cells[able[0]].value)}? Then rename that." if able else ""
                self.issues.append(Issue("E-205", where, f'the column "{name}" is missing.{hint}'))
