"""Rows of totals in a table: by what they are called, or because they are sums."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

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
    average averages mittelwert durchschnitt moyenne promedio średnia среднее
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

_LONGEST: Final = 200
"""Characters of a name that are looked at."""

_NEAR: Final = 1e-9
"""Sums of a spreadsheet differ from ours by rounding only."""


def find_totals_name(
    cells: Mapping[str, RawCell], spec: Table, above: Iterable[Mapping[str, Any]]
) -> RawCell | None:
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
    above: Iterable[Mapping[str, Any]],
) -> bool:
    """Whether a row with a word for a total in its name is one, by the other words of the name."""
    if any(is_empty(cells[c.name]) for c in spec.columns if c.required and c.name in cells):
        return True
    own = {*_words(spec.name), *(word for column in spec.columns for word in _words(column.name))}
    own |= {f"{word}s" for word in own}
    for row in above:
        for name in spec.key:
            words = _words(str(row.get(name, "")))
            own |= set() if _TOTALS & set(words) else set(words)
    known = all(word in own or word in _BESIDE or word.isdigit() for word in others)
    return known and any(map(_adds_up, spec.columns))


def _words(text: str) -> list[str]:
    """The words of a name, folded; none of what a spreadsheet may take for a formula."""
    if _FORMULA.search(text):
        return []
    return [word for word in re.split(r"[\W_]+", fold_name(text)) if word]


def _adds_up(column: Column) -> bool:
    number = column.kind in ("number", "whole")
    return number and column.measure.startswith(_MEASURES) and " per load" not in column.measure


def find_sums(
    rows: Sequence[Mapping[str, Any]],
    positions: Sequence[int],
    totals: Collection[int],
    spec: Table,
) -> dict[int, list[str]]:
    """Rows whose numbers are the sums of those above, by index, each with these columns.

    A row with a complete key is judged only where it ends the table or a part of it, and only
    where several columns are sums, or one that is large: an honest row is not accused.

    Parameters
    ----------
    rows: the values of each row in the cells that are filled.
    positions: places of the rows in the sheet. totals: places of rows known to be totals.
    """
    found: dict[int, list[str]] = {}
    whole, part = _Sums(), _Sums()
    for index, row in enumerate(rows):
        if index and any(positions[index - 1] < place < positions[index] for place in totals):
            part = _Sums()
        incomplete = any(column.required and column.name not in row for column in spec.columns)
        last = index + 1 == len(rows) or positions[index + 1] > positions[index] + 1
        columns = _sums_of(row, whole, spec, incomplete=incomplete) if incomplete or last else None
        if columns is None and incomplete:
            columns = _sums_of(row, part, spec, incomplete=True)
        if columns is not None:
            found[index], part = columns, _Sums()
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
        self.values: dict[str, list[float]] = {}

    def add(self, row: Mapping[str, Any]) -> None:
        for name, value in row.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                self.values.setdefault(name, []).append(float(value))

    def is_sum(self, name: str, value: float) -> bool:
        values = [number for number in self.values.get(name, ()) if number]
        if len(values) < 2 or not value:
            return False
        return math.isclose(math.fsum(values), value, rel_tol=_NEAR)


def _sums_of(
    row: Mapping[str, Any], part: _Sums, spec: Table, *, incomplete: bool
) -> list[str] | None:
    """The columns of a row that are sums of a part; None where it may be an honest row."""
    numbers = {
        column.name: float(row[column.name])
        for column in spec.columns
        if _adds_up(column) and column.name not in spec.key and column.name in row
    }
    matched = [name for name, value in numbers.items() if part.is_sum(name, value)]
    if not matched or len(matched) < len(numbers):
        return None
    if incomplete or len(matched) > 1:
        return matched
    count, value = len(part.values[matched[0]]), numbers[matched[0]]
    alone = not any(
        column.kind in ("number", "whole") and column.name in row and column.name != matched[0]
        for column in spec.columns
        if column.name not in spec.key
    )
    return matched if alone and count >= _ROWS_OF_ONE and value >= _LARGE else None
