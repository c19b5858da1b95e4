"""The cells of a sheet part by address, whether or not the part says where they stand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping
from itertools import accumulate

from cssopt.workbook.address import column_name, parse_block
from cssopt.workbook.markup import Element, Markup, read_whole

_TRUE = ("1", "true")

CellPlace = tuple[int, int]
"""Row and column, counted from 1."""


def find_place(address: str) -> CellPlace:
    """Row and column of an address such as B3. Raises ValueError where it is none."""
    block = parse_block(address)
    if block is None or block.size > 1:
        raise ValueError(f"a cell has the address '{address[:20]}'")
    return block.top, block.left


class SheetMarkup(Markup):
    """A sheet, to give other formats to some of its cells.

    `wanted` are the addresses of these cells. A row without ``r`` follows the row before it, a cell
    without ``r`` the cell before it. Raises ValueError where the sheet is no sheet.
    """

    def __init__(self, content: bytes, wanted: Collection[str]) -> None:
        self._wanted = {find_place(address) for address in wanted}
        self._missing: dict[int, set[CellPlace]] = {}
        for place in self._wanted:
            self._missing.setdefault(place[0], set()).add(place)
        self._found: dict[CellPlace, list[Element]] = {}
        self._rows: dict[int, Element] = {}
        self._fixed: list[tuple[int, Element]] = []
        self._row = 0
        super().__init__(content, closed=("c",))
        data = self.root.find("sheetData")
        if data is None:
            raise ValueError("there is no place for cells")
        self._data = data

    def leave(self, element: Element) -> None:
        """Note where the cells of a row stand; they are kept where one is to be put among them."""
        if element.name != "row" or not self._is_among_rows():
            return
        self._row = read_whole(element.attribute("r")) or self._row + 1
        places = list(_places(self._row, element))
        fixed = "r" in element.attributes
        if not fixed and places and "r" in places[0][1].attributes:
            # A row without number has that of its first cell.
            self._row, fixed = places[0][0][0], True
        self._rows.setdefault(self._row, element)
        if fixed:
            self._fixed.append((self._row, element))
        for place, cell in places:
            if place in self._wanted:
                self._found.setdefault(place, []).append(cell)
                self._missing[place[0]].discard(place)
        if not self._missing.get(self._row):
            self.drop_children(element)

    def _is_among_rows(self) -> bool:
        above = [element.name for element in self._stack if not element.is_wrapper]
        return above == ["worksheet", "sheetData"]

    def anchors(self) -> dict[str, str]:
        """The cells that show what is said of wanted ones: of merged cells, the first."""
        found = {}
        wanted = sorted(self._wanted)
        merged = self.root.find("mergeCells")
        for entry in merged.all("mergeCell") if merged else ():
            block = parse_block(entry.attribute("ref"))
            if block is None:
                continue
            first = bisect_left(wanted, (block.top, block.left))
            last = bisect_right(wanted, (block.bottom, block.right))
            for row, column in wanted[first:last]:
                if block.left <= column <= block.right:
                    address = f"{column_name(column)}{row}"
                    found[address] = f"{column_name(block.left)}{block.top}"
        return found

    def style(self, address: str) -> int:
        """The number of the format that a cell shows: its own, else that of its row or column."""
        place = find_place(address)
        for cell in self._found.get(place, ()):
            return read_whole(cell.attribute("s"))
        row = self._rows.get(place[0])
        if row and row.attribute("customFormat") in _TRUE:
            return read_whole(row.attribute("s"))
        columns = self.root.find("cols")
        for entry in columns.all("col") if columns else ():
            if read_whole(entry.attribute("min")) <= place[1] <= read_whole(entry.attribute("max")):
                return read_whole(entry.attribute("style"))
        return 0

    def restyle(self, styles: Mapping[str, int]) -> None:
        """Give cells the formats of these numbers; cells that are not there are made."""
        fresh: dict[int, str] = {}
        for address in sorted(styles, key=find_place):
            place, style = find_place(address), str(styles[address])
            for cell in self._found.get(place, ()):
                self.change(cell, "s", style)
            if place in self._found:
                continue
            row = self._rows.get(place[0])
            prefix = self.prefix(row or self._data)
            new = f'<{prefix}c r="{address}" s="{style}"/>'
            if row:
                self._add_cell(row, place, new)
            else:
                fresh[place[0]] = fresh.get(place[0], "") + new
        # The first row after a number is where the highest number so far gets above it.
        highest = list(accumulate((number for number, _ in self._fixed), max))
        for number, cells in fresh.items():
            self._add_row(cells, number, bisect_right(highest, number))

    def _add_cell(self, row: Element, place: CellPlace, new: str) -> None:
        if not _spans(row.attribute("spans"), place[1]):
            self.change(row, "spans", None)
        for (_, column), cell in _places(place[0], row):
            # Never before a cell without address: it would move.
            if column > place[1] and "r" in cell.attributes:
                self.put_before(cell, new)
                return
        self.append(row, new)

    def _add_row(self, cells: str, number: int, index: int) -> None:
        prefix = self.prefix(self._data)
        new = f'<{prefix}row r="{number}">{cells}</{prefix}row>'
        # Never before a row that is only counted: it would move.
        if index < len(self._fixed):
            self.put_before(self._fixed[index][1], new)
        else:
            self.append(self._data, new)


def _spans(spans: str, column: int) -> bool:
    """Whether a row that says which columns it spans has this one among them."""
    ends = (span.partition(":") for span in spans.split())
    return any(read_whole(first) <= column <= read_whole(last) for first, _, last in ends)


def _places(number: int, row: Element) -> Iterator[tuple[CellPlace, Element]]:
    column = 0
    for cell in row.all("c"):
        address = cell.attributes.get("r")
        place = find_place(address) if address else (number, column + 1)
        column = place[1]
        yield place, cell
