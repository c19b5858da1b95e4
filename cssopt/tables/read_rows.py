"""Reading one sheet: from raw cells to typed records, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from cssopt.issues import Issue
from cssopt.names import join_names
from cssopt.tables.asides import find_remark, find_rows_above, is_other_header, is_row_of_measures
from cssopt.tables.convert import convert_cell, means_nothing, quote
from cssopt.tables.gather import MANY, Finding
from cssopt.tables.header import Header, cell_at, find_header, is_empty, is_header, tell_measure
from cssopt.tables.measures import find_other_measure
from cssopt.tables.raw import UNCALCULATED, RawCell, RawSheet
from cssopt.tables.read_settings import read_settings
from cssopt.tables.reading_notes import note_defaults, note_reading
from cssopt.tables.rows import Record, Rows
from cssopt.tables.spec import Column, Table
from cssopt.tables.tidy import fold_name
from cssopt.tables.totals import Above, SumRow, find_sums, find_totals_name, name_without_group


def read_rows(sheet: RawSheet, spec: Table) -> Rows:
    """The typed records of a sheet, with everything that is wrong with its cells."""
    rows = Rows(spec)
    header, found = find_header(sheet, spec)
    rows.findings += [Finding(issue) for issue in found]
    if header is None or _lacks_columns(header, spec):
        rows.complete = False
    if header is not None and spec.vertical:
        read_settings(sheet, header, rows)
    elif header is not None:
        _TableReader(sheet, header, rows).read()
        rows.above = find_rows_above(sheet, header, spec)
    rows.notes += header.notes if header is not None else ()
    return rows


def _lacks_columns(header: Header, spec: Table) -> bool:
    required = (column.name for column in spec.columns if column.required)
    return not spec.vertical and any(name not in header.places for name in required)


@dataclass
class _Row:
    """A row that is read: its position, its cells in use by column, its record, its faults."""

    position: int
    cells: dict[str, RawCell]
    record: Record
    faults: list[tuple[Column, Issue]]


class _TableReader:
    """Reads the rows under a header; what is no row of the table is told and passed over."""

    def __init__(self, sheet: RawSheet, header: Header, rows: Rows) -> None:
        self.sheet, self.header, self.rows, self.spec = sheet, header, rows, rows.spec
        self._read: list[_Row] = []
        self._above = Above(rows.spec)
        self._totals: set[int] = set()
        self._ended = False

    def read(self) -> None:
        """Fill the records, findings and notes of the rows."""
        blank: list[int] = []
        inside: list[int] = []
        for position in range(self.header.row + 1, len(self.sheet.rows)):
            if self._ended:
                break  # What follows is another table, which is told.
            cells = self._cells_in_use(position)
            if all(is_empty(cell) for cell in cells.values()):
                blank.append(position + 1)
            elif not self._is_no_row(position, cells, after_blank=bool(blank)):
                inside += blank if self._read else []
                blank.clear()
                self._read.append(self._read_row(position, cells))
                self._above.add(self._read[-1].record.values)
        self._drop_sums()
        self._tell_faults()
        self.rows.records = [row.record for row in self._read]
        self._tell_notes(inside)

    def _cells_in_use(self, position: int) -> dict[str, RawCell]:
        return {
            column.name: cell_at(self.sheet, position, place)
            for column in self.spec.columns
            if (place := self.header.places.get(column.name)) is not None
        }

    def _is_no_row(self, position: int, cells: dict[str, RawCell], *, after_blank: bool) -> bool:
        """True for a repeated header, a row of totals or a remark, each of which is told."""
        first = next(cell for cell in cells.values() if not is_empty(cell))
        if is_header(self.sheet, position, self.header):
            text = "repeats the header and is passed over"
            self.rows.notes.append(Issue("N-118", first.where, text))
        elif position == self.header.row + 1 and is_row_of_measures(cells, self.spec):
            text = "this row says the measures of its columns and is not read"
            self.rows.notes.append(Issue("N-120", first.where, text))
            self._check_measures(cells)
        elif position in self.sheet.totals_rows:
            text = (
                "this row is the total row of a table in the spreadsheet, and no row of "
                f"{self.spec.name}. Switch it off (Table Design > Total Row), or remove it."
            )
            self._tell_totals(position, first, text)
        elif (label := find_totals_name(cells, self.spec, self._above)) is not None:
            text = (
                f"{quote(label.value)} looks like a row of totals, which would be read as one "
                f"more row of {self.spec.name}. Remove the row, or move it to a sheet of its "
                "own. If it is no total, give it another name."
            )
            self._tell_totals(position, label, text)
        elif is_other_header(cells, self.spec, after_blank=after_blank):
            text = (
                "this row has words where numbers stand, as a header has. A table has one "
                "header, and a sheet one table: remove this row, or move the other table to a "
                "sheet of its own. If it is a row of this one, type the numbers."
            )
            self.rows.findings.append(Finding(Issue("E-212", first.where, text)))
            self._ended = after_blank
        elif (remark := find_remark(cells, self.spec, after_blank=after_blank)) is not None:
            text = f"{quote(remark.value)} stands alone in its row: a remark, which is not read"
            self.rows.notes.append(Issue("N-119", remark.where, text))
        else:
            return False
        return True

    def _check_measures(self, cells: dict[str, RawCell]) -> None:
        for name, cell in cells.items():
            column = self.spec.column(name)
            other = None if is_empty(cell) else find_other_measure(str(cell.value), column)
            if other is not None:
                issue = tell_measure(cell, f"{quote(cell.value)} under the header", other, column)
                self.rows.findings.append(Finding(issue))

    def _tell_totals(self, position: int, label: RawCell, text: str) -> None:
        """A row of totals; of one name in many rows, groups and sheets it is told once."""
        self._totals.add(position)
        self.rows.totals.add(fold_name(str(label.value)))
        name = name_without_group(str(label.value), self._above)
        finding = Finding(Issue("E-210", label.where, text), ("E-210", None, name), 2)
        self.rows.findings.append(finding)

    def _read_row(self, position: int, cells: dict[str, RawCell]) -> _Row:
        record = Record({}, {name: cell.where for name, cell in cells.items()})
        row = _Row(position, cells, record, [])
        for column in self.spec.columns:
            if column.name not in cells:
                if not column.required:
                    record.values[column.name] = column.default
                continue
            converted = convert_cell(cells[column.name], column)
            if converted.issue is not None:
                row.faults.append((column, converted.issue))
                continue
            if converted.note is not None:
                self.rows.notes.append(converted.note)
            record.values[column.name] = converted.value
        return row

    def _drop_sums(self) -> None:
        """Rows whose numbers are the sums of those above are totals, whatever they are called."""
        if _lacks_columns(self.header, self.spec):
            return  # Then no row is complete, and small sums in a single column are chance.
        filled = [
            {
                name: value
                for name, value in row.record.values.items()
                if name in row.cells and not is_empty(row.cells[name])
            }
            for row in self._read
        ]
        positions = [row.position for row in self._read]
        found = find_sums(filled, positions, self._totals, self.spec)
        for index, sums in sorted(found.items()):
            row = self._read[index]
            first = next(cell for cell in row.cells.values() if not is_empty(cell))
            finding = Finding(
                Issue("E-210", first.where, self._say_sums(row, sums)), ("E-210", self.spec.name)
            )
            if sums.whole:
                self.rows.doubted.append((row.record, finding))
                continue
            self.rows.findings.append(finding)
            row.faults.clear()
            self._totals.add(row.position)
        self._read = [row for row in self._read if row.position not in self._totals]

    def _say_sums(self, row: _Row, sums: SumRow) -> str:
        verb = "is the sum" if len(sums.columns) == 1 else "are the sums"
        text = (
            f"this row looks like one of totals: {join_names(sums.columns)} {verb} of rows "
            f"{sums.side}. "
        )
        if not sums.whole:
            blank = [c.name for c, issue in row.faults if issue.code == "E-101"]
            mend = f"fill in {join_names(blank)}" if blank else "mend the row"
            return f"{text}Remove it, or move it to a sheet of its own. If it is no total, {mend}."
        return (
            f"{text}It would be read as one more row of {self.spec.name}. Remove it, or move it "
            "to a sheet of its own. If it is no total, put the rows in another order."
        )

    def _tell_faults(self) -> None:
        lost = self._columns_without_values()
        for row in self._read:
            blanks = [
                (column, issue)
                for column, issue in row.faults
                if issue.code == "E-101" and column.name not in lost
            ]
            if len(blanks) > 1:
                self.rows.findings.append(self._tell_incomplete(row, blanks))
            for column, issue in row.faults:
                if len(blanks) > 1 and (column, issue) in blanks:
                    continue
                cause, least = self._find_cause(column, issue, row.cells[column.name])
                least = 2 if column.name in lost else least
                self.rows.findings.append(Finding(issue, cause, least))

    def _columns_without_values(self) -> set[str]:
        """Required columns that are blank in every row."""
        rows = [{c.name for c, issue in row.faults if issue.code == "E-101"} for row in self._read]
        return set.intersection(*rows) if len(rows) > 1 else set()

    def _tell_incomplete(self, row: _Row, blanks: Sequence[tuple[Column, Issue]]) -> Finding:
        names = [column.name for column, _ in blanks]
        first, *others = (issue.where for _, issue in blanks)
        label = next(cell for cell in row.cells.values() if not is_empty(cell))
        said = f"the row of {quote(label.value)} ({label.where})"
        row_said = said if isinstance(label.value, str) else "this row"
        text = (
            f"{join_names(names)} are blank in {row_said}. Fill them in, or clear the row; a "
            "remark goes into the column note."
        )
        issue = Issue("E-101", first, text, tuple(others))
        return Finding(issue, ("incomplete", self.spec.name, tuple(names)))

    def _find_cause(self, column: Column, issue: Issue, cell: RawCell) -> tuple[Hashable, int]:
        """What a fault shares with others, and from how many on they are told as one."""
        if issue.code == "E-106" and cell.trouble in UNCALCULATED:
            # One program did not calculate: all formulas of the workbook have the same cause.
            return (issue.code, cell.trouble), 2
        if issue.code == "E-208" or (issue.code == "E-101" and column.name in self.spec.key):
            return (issue.code, self.spec.name, column.name), 2
        if means_nothing(cell.value, column):
            return ("nothing", quote(cell.value)), 2
        if issue.code == "E-107" and cell.style is not None:
            # No number of the file shows its decimal mark.
            return (issue.code, self.spec.name, "," in str(cell.value)), 2
        value = quote(cell.value) if issue.code in ("E-105", "E-111") else None
        return (issue.code, self.spec.name, column.name, value), MANY

    def _tell_notes(self, inside: list[int]) -> None:
        used = {place: name for name, place in self.header.places.items()}
        read = [row.position for row in self._read]
        note_reading(self.sheet, self.rows, read, inside, used)
        note_defaults(self.sheet, self.rows, self.header)
