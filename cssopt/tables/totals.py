"""Rows of totals in a table: by what they are called, or because they are sums."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cssopt.tables.convert import find_number
from cssopt.tables.header import is_empty
from cssopt.tables.raw import RawCell
from cssopt.tables.spec import Column, Table
from cssopt.tables.tidy import fold_name

_TOTAL_WORDS = """
    total totals totalt totale totali totaux totaal totales totalen totaali subtotal subtotals
    sum sums summe summen gesamt insgesamt gesamtsumme gesamtergebnis zwischensumme endsumme
    ergebnis teilergebnis somme suma sumy somma soma razem ogółem łącznie celkem součet mezisoučet
    spolu súčet összesen összeg részösszeg végösszeg toplam yekûn yhteensä summa delsumma
    eindtotaal subtotaal ialt kokku kopā viso ukupno svega skupaj ukupna
    итого всего сумма итог подытог разом усього всього підсумок сума общо всичко укупно
    σύνολο άθροισμα jumlah कुल योग 合计 总计 小计 合計 総計 小計 总和 합계 총계 소계
    المجموع الإجمالي סהכ
    toplam\u0131 checksum sigma \u03c3
    average averages avg mean median mittelwert durchschnitt moyenne promedio średnia среднее
    průměr átlag gemiddelde gennemsnit genomsnitt keskiarvo ortalama
"""
_TOTALS: Final = frozenset(map(fold_name, _TOTAL_WORDS.split()))
"""Words for totals and averages in the languages of planners, folded."""

_OTHER_WORDS = """
    grand general overall all of the sub for in and alliance coalition pact member members général
    générale allgemein aller alle der genel i hors final global net row line rows table sous
"""
_BESIDE: Final = frozenset(map(fold_name, _OTHER_WORDS.split()))
"""Words beside a word for a total that leave it one: "grand total", "total of all members"."""

_FORMULA: Final = re.compile(r"[@=+*<>]")
"""Signs of formulas: "@SUM(1)" is an odd name, and no label of a total."""

_MEASURES: Final = ("million", "personnel", "units", "power", "loads")
"""Measures of columns whose numbers may be added up; shares, years and days are not."""

_ROWS_OF_ONE: Final = 4
"""Rows that must stand above for a single column of sums: with fewer, 3 = 1 + 2 is no rarity."""

_LARGE: Final = 100.0
"""A single sum below this is no rarity among small whole numbers, where its key is complete."""

_LONGEST_RUN: Final = 100
"""Rows right above one that are added up to see whether it is their total."""

_EVIDENCE: Final = 5
"""Rows and columns together that show that a complete row inside a table is a total."""

_LONGEST: Final = 200
"""Characters of a name that are looked at."""

_NEAR: Final = 1e-9
"""Sums of a spreadsheet differ from ours by rounding only."""

_ROUNDED: Final = 0.01
"""Where one number is a sum to the last digit, others may be rounded ones."""

_ABOUT: Final = 0.02
"""What is called a total may be a rounded one, or one of last year."""


class Above:
    """The rows above one, as far as they tell whether it is a total.

    Attributes
    ----------
    words: words of their keys; of rows that are not called a total in `plain`.
    sums: their numbers added up, by column. count: how many rows there are.
    """

    def __init__(self, spec: Table) -> None:
        self._spec = spec
        self.words: set[str] = set()
        self.plain: set[str] = set()
        self.sums: dict[str, float] = {}
        self.count = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """One more row, by its values."""
        self.count += 1
        for name in self._spec.key:
            words = set(_words(str(row.get(name, ""))))
            self.words |= words
            self.plain |= set() if _TOTALS & words else words
        for column in self._spec.columns:
            if _adds_up(column):
                number = row.get(column.name) or 0.0
                self.sums[column.name] = self.sums.get(column.name, 0.0) + number


def find_totals_name(cells: Mapping[str, RawCell], spec: Table, above: Above) -> RawCell | None:
    """The cell that names a row of totals; None where the row has no such name.

    A name of several words counts where the others are words of the table or of the rows above, or
    where the row lacks a required value: there may be a threat called "Total war".
    """
    labels = [cells[name] for name in spec.key if name in cells and not is_empty(cells[name])]
    labels = labels or [cell for cell in cells.values() if not is_empty(cell)][:1]
    for cell in labels:
        words = _words(cell.value[:_LONGEST]) if isinstance(cell.value, str) else []
        others = [word for word in words if word not in _TOTALS]
        if len(others) < len(words) and _is_of_totals(others, cells, spec, above):
            return cell
    return None


def _is_of_totals(
    others: Sequence[str],
    cells: Mapping[str, RawCell],
    spec: Table,
    above: Above,
) -> bool:
    """Whether a row with a word for a total in its name is one, by the other words of the name."""
    if any(is_empty(cells[c.name]) for c in spec.columns if c.required and c.name in cells):
        return True
    own = {*_words(spec.name), *(word for column in spec.columns for word in _words(column.name))}
    own |= {f"{word}s" for word in own}
    if not others:
        return any(_is_number(column) for column in spec.columns if column.name not in spec.key)
    known = all(
        word in own or word in above.plain or word in _BESIDE or word.isdigit() for word in others
    )
    return any(map(_adds_up, spec.columns)) and (known or _nearly_adds_up(cells, spec, above))


def name_without_group(text: str, above: Above) -> str:
    """A name of totals without the names of rows above: one of "ALD Total" and "BRE Total"."""
    words = _words(text[:_LONGEST])
    rest = [word for word in words if word not in above.words]
    return f"{' '.join(rest)} of a group" if 0 < len(rest) < len(words) else fold_name(text)


def _nearly_adds_up(cells: Mapping[str, RawCell], spec: Table, above: Above) -> bool:
    """Whether the numbers of a row are about the sums of those above: rounded, or of last year."""
    numbers = {
        column.name: number
        for column in spec.columns
        if _adds_up(column) and column.name in cells and column.name not in spec.key
        if (number := find_number(cells[column.name]))
    }
    if not numbers or above.count < 2:
        return False
    return all(
        math.isclose(number, above.sums[name], rel_tol=_ABOUT) for name, number in numbers.items()
    )


def _words(text: str) -> list[str]:
    """The words of a name, folded; none of what a spreadsheet may take for a formula."""
    if _FORMULA.search(text):
        return []
    return [word for word in re.split(r"[\W_]+", fold_name(text)) if word]


def _is_number(column: Column) -> bool:
    return column.kind in ("number", "whole")


def _adds_up(column: Column) -> bool:
    return (
        _is_number(column)
        and column.measure.startswith(_MEASURES)
        and " per load" not in column.measure
    )


@dataclass(frozen=True)
class SumRow:
    """A row whose numbers in these columns are the sums of those above or below it.

    `whole` where every required cell is filled: such a row is one of the table where other sheets
    refer to it, such as a force that is made of others.
    """

    columns: tuple[str, ...]
    side: str
    whole: bool


def find_sums(
    rows: Sequence[Mapping[str, Any]],
    positions: Sequence[int],
    totals: Collection[int],
    spec: Table,
) -> dict[int, SumRow]:
    """Rows whose numbers are the sums of those above, or else of those below, by index.

    A row with a complete key is judged only where several columns are sums, or one that is large
    at the end of the table or of a part of it: an honest row is not accused.

    Parameters
    ----------
    rows: the values of each row in the cells that are filled.
    positions: places of the rows in the sheet. totals: places of rows known to be totals.
    """
    found = _find_sums_above(rows, positions, totals, spec, "above")
    rest = [index for index in reversed(range(len(rows))) if index not in found]
    turned = _find_sums_above(
        [rows[index] for index in rest],
        [-positions[index] for index in rest],
        [-place for place in (*totals, *(positions[index] for index in found))],
        spec,
        "below",
    )
    return found | {rest[index]: sums for index, sums in turned.items()}


def _find_sums_above(
    rows: Sequence[Mapping[str, Any]],
    positions: Sequence[int],
    totals: Collection[int],
    spec: Table,
    side: str,
) -> dict[int, SumRow]:
    found: dict[int, SumRow] = {}
    whole, part = _Sums(), _Sums()
    for index, row in enumerate(rows):
        if index and any(positions[index - 1] < place < positions[index] for place in totals):
            part = _Sums()
        incomplete = any(column.required and column.name not in row for column in spec.columns)
        last = index + 1 == len(rows) or positions[index + 1] > positions[index] + 1
        columns = _sums_of(row, whole, spec, incomplete=incomplete) if incomplete or last else None
        if columns is None and incomplete:
            columns = _sums_of(row, part, spec, incomplete=True)
        if columns is None and not incomplete:
            columns = _sums_of_run(row, part.rows, spec)
        if columns is not None:
            found[index], part = SumRow(tuple(columns), side, not incomplete), _Sums()
            continue
        if len(spec.key) > 1 and part.of != row.get(spec.key[0]):
            part = _Sums(of=row.get(spec.key[0]))
        whole.add(row)
        part.add(row)
    return found


class _Sums:
    """The rows of a part of a table, added up by column; `of` is the first key of all of them."""

    def __init__(self, of: Any = None) -> None:
        self.of = of
        self.rows: list[Mapping[str, Any]] = []
        self.count: Counter[str] = Counter()
        self._sums: dict[str, float] = {}
        self._filled: Counter[str] = Counter()

    def add(self, row: Mapping[str, Any]) -> None:
        self.rows.append(row)
        for name, value in row.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                self.count[name] += 1
                self._filled[name] += bool(value)
                self._sums[name] = self._sums.get(name, 0.0) + value

    def is_sum(self, name: str, value: float, near: float = _NEAR) -> bool:
        if self._filled[name] < 2 or not value:
            return False
        return math.isclose(self._sums[name], value, rel_tol=near)


def _sums_of(
    row: Mapping[str, Any], part: _Sums, spec: Table, *, incomplete: bool
) -> list[str] | None:
    """The columns of a row that are sums of a part; None where it may be an honest row."""
    numbers = _numbers_of(row, spec)
    matched = [name for name, value in numbers.items() if part.is_sum(name, value)]
    rounded = [name for name, value in numbers.items() if part.is_sum(name, value, _ROUNDED)]
    if not matched or len(rounded) < len(numbers):
        return None
    if incomplete:
        return matched
    if len(numbers) > 1:
        return matched if _differ(part.rows, rounded) else None
    count, value = part.count[matched[0]], numbers[matched[0]]
    alone = not any(
        column.kind in ("number", "whole") and column.name in row and column.name != matched[0]
        for column in spec.columns
        if column.name not in spec.key
    )
    return matched if alone and count >= _ROWS_OF_ONE and value >= _LARGE else None


def _numbers_of(row: Mapping[str, Any], spec: Table) -> dict[str, float]:
    """The numbers of a row that may be added up, by column."""
    return {
        column.name: float(row[column.name])
        for column in spec.columns
        if _adds_up(column) and column.name not in spec.key and column.name in row
    }


def _sums_of_run(
    row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], spec: Table
) -> list[str] | None:
    """The columns of a complete row in a table that are sums of the rows right above it: those of
    two columns over three rows, or of three over two. Fewer may be chance."""
    numbers = {name: value for name, value in _numbers_of(row, spec).items() if value}
    if len(numbers) < 2:
        return None
    sums = dict.fromkeys(numbers, 0.0)
    for count, above in enumerate(reversed(rows[-_LONGEST_RUN:]), start=1):
        for name in sums:
            sums[name] += above.get(name) or 0.0
        if any(sums[name] > numbers[name] * (1 + _NEAR) for name in sums):
            return None  # No number of such a column is negative: more rows are more.
        if count + len(numbers) < _EVIDENCE or count == 1:
            continue
        if all(math.isclose(sums[name], numbers[name], rel_tol=_NEAR) for name in numbers):
            return list(numbers) if _differ(rows[-count:], list(numbers)) else None
    return None


def _differ(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> bool:
    """False where the columns are all in one proportion, as round figures of a draft are: then the
    second sum follows from the first, and shows nothing more."""
    first, *others = names
    return any(
        not math.isclose(
            (row.get(name) or 0.0) * (rows[0].get(first) or 0.0),
            (row.get(first) or 0.0) * (rows[0].get(name) or 0.0),
            rel_tol=_NEAR,
        )
        for row in rows[1:]
        for name in others
    )
