"""Streaming the XML of a workbook in pieces: counts and limits, before a parser builds a tree."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from xml.parsers import expat

from cssopt.issues import Issue

MAX_CELLS = 150_000
"""Cells of all sheets; an honest input has less than half of it."""
MAX_AREA = 400_000
"""Cells of the used range of one sheet, empty ones included: each costs time and memory."""
MAX_STRINGS = 150_000
MAX_ELEMENTS = 500_000
MAX_DEPTH = 64
MAX_SHEETS = 250
MAX_RANGES = 5_000
MAX_MERGED = 50_000
"""Merged ranges (also hyperlinks) of a sheet, and the cells that they cover."""

_CHUNK = 1 << 16
_STRICT = "http://purl.oclc.org/ooxml"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"


class DamagedPartError(ValueError):
    """A part that cannot be unpacked or is not XML."""


class _StopError(Exception):
    """Enough was seen to refuse the file."""


class Scan:
    """One pass over every XML part of an archive."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {info.filename for info in archive.infolist()}
        self._found: list[Issue] = []
        self._elements = 0
        self._cells = 0
        self._strings = 0

    def issues(self) -> list[Issue]:
        """Every reason why the workbook may not be opened; empty where there is none.

        Raises DamagedPartError where a part is missing, is not XML or fails its checksum.
        """
        try:
            sheets = self._read_sheets()
        except _StopError:
            return self._found
        for name in sorted(self._names):
            if name.lower().endswith((".xml", ".rels", ".vml")):
                try:
                    self._scan_part(name, sheets.get(name))
                except _StopError:
                    if self._elements > MAX_ELEMENTS:
                        break
        return self._found

    def _scan_part(self, name: str, sheet: str | None) -> None:
        if sheet is None:
            self._parse(name, self._count)
        else:
            self._scan_sheet(name, sheet)

    def _refuse(self, code: str, where: str, text: str) -> None:
        self._found.append(Issue(code, where, text))
        raise _StopError

    def _parse(self, name: str, start: Callable[[str, dict[str, str]], None]) -> None:
        """Feed a part to expat in pieces; `start` hears the elements without their namespaces."""
        parser = expat.ParserCreate(namespace_separator=" ")
        depth = 0

        def begin(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self._elements += 1
            if depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
                text = "has far more in it than any input. Copy the tables into a new workbook."
                self._refuse("E-003", name, text)
            if depth == 1 and tag.startswith(_STRICT) and name == "xl/workbook.xml":
                text = "is 'Strict Open XML'. Save it as 'Excel Workbook (.xlsx)' without Strict."
                self._refuse("E-007", name, text)
            start(tag.rpartition(" ")[2], attributes)

        def end(_tag: str) -> None:
            nonlocal depth
            depth -= 1

        def doctype(*_: object) -> None:
            text = (
                "declares entities or a document type, which no workbook needs. It is not opened."
            )
            self._refuse("E-008", name, text)

        parser.StartElementHandler = begin
        parser.EndElementHandler = end
        parser.StartDoctypeDeclHandler = doctype
        parser.EntityDeclHandler = doctype
        try:
            with self._archive.open(name) as part:
                while chunk := part.read(_CHUNK):
                    parser.Parse(chunk, False)
                parser.Parse(b"", True)
        except expat.ExpatError as error:
            text = f"is damaged: its part {name} is not XML ({error})."
            raise DamagedPartError(text) from error
        except (zipfile.BadZipFile, EOFError) as error:
            raise DamagedPartError(f"is damaged: its part {name} cannot be unpacked.") from error

    def _count(self, tag: str, _attributes: dict[str, str]) -> None:
        if tag == "si":
            self._strings += 1
            if self._strings > MAX_STRINGS:
                text = f"has over {MAX_STRINGS:,} texts. Remove what is not input."
                self._refuse("E-003", "texts", text)

    def _read_sheets(self) -> dict[str, str]:
        """Sheet names by part, from the workbook and its relations."""
        relations: dict[str, str] = {}
        sheets: dict[str, str] = {}

        def relation(tag: str, attributes: dict[str, str]) -> None:
            target = attributes.get("Target", "")
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                place = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
                relations[attributes.get("Id", "")] = place

        def sheet(tag: str, attributes: dict[str, str]) -> None:
            if tag == "sheet":
                part = relations.get(attributes.get(_RELATION, ""), "")
                sheets[part] = attributes.get("name", part)

        for name, start in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
            if name not in self._names:
                raise DamagedPartError(f"is damaged: its part {name} is missing.")
            self._parse(name, start)
        if missing := sorted(title for part, title in sheets.items() if part not in self._names):
            raise DamagedPartError(f'is damaged: the sheet "{missing[0]}" is missing.')
        if len(sheets) > MAX_SHEETS:
            text = f"has {len(sheets)} sheets; at most {MAX_SHEETS} are read."
            self._found.append(Issue("E-003", "sheets", text))
        return sheets

    def _scan_sheet(self, name: str, title: str) -> None:
        extent = _Extent(title, self._refuse)

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "c":
                self._cells += 1
                if self._cells > MAX_CELLS:
                    text = f"brings the workbook over {MAX_CELLS:,} cells. Remove what is no input."
                    self._refuse("E-003", title, text)
                extent.add_cell(attributes.get("r"))
            elif tag == "row":
                extent.add_row(attributes.get("r"))
            elif tag in ("mergeCell", "hyperlink"):
                extent.add_range(attributes.get("ref", ""))

        self._parse(name, start)
        for part in self._comments_of(name):
            self._parse(part, lambda tag, own: extent.add_comment(tag, own.get("ref")))

    def _comments_of(self, name: str) -> list[str]:
        """Parts of the comments of a sheet: each makes a cell where there was none."""
        folder, _, file = name.rpartition("/")
        relations = f"{folder}/_rels/{file}.rels"
        found: list[str] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("Type", "").endswith("/comments"):
                place = posixpath.join(f"/{folder}", attributes.get("Target", ""))
                found.append(posixpath.normpath(place).lstrip("/"))

        if relations in self._names:
            self._parse(relations, start)
        return [part for part in found if part in self._names]


class _Extent:
    """How far the cells of a sheet reach."""

    def __init__(self, title: str, refuse: Callable[[str, str, str], None]) -> None:
        self._title = title
        self._refuse = refuse
        self._row = self._column = 0
        self._last_row = self._last_column = 0
        self._ranges = self._covered = 0

    def add_row(self, number: str | None) -> None:
        self._row = int(number) if number and number.isdigit() else self._row + 1
        self._column = 0

    def add_cell(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
        else:
            self._row, self._column = self._place(reference)
        self._reach(self._row, self._column)

    def add_comment(self, tag: str, reference: str | None) -> None:
        if tag == "comment" and reference:
            self._reach(*self._place(reference))

    def add_range(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, left = self._place(first)
        bottom, right = self._place(last or first)
        self._ranges += 1
        self._covered += (bottom - top + 1) * (right - left + 1)
        if self._ranges > MAX_RANGES or self._covered > MAX_MERGED:
            text = "has merged cells or links over far too many cells. Unmerge them."
            self._refuse("E-003", f"{self._title}!{reference}", text)
        self._reach(bottom, right)

    def _place(self, reference: str) -> tuple[int, int]:
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            self._refuse("E-006", self._title, f'has a cell at "{reference[:30]}". Save it anew.')
            raise AssertionError
        column = 0
        for letter in match[1]:
            column = 26 * column + ord(letter) - 64
        return int(match[2]), column

    def _reach(self, row: int, column: int) -> None:
        self._last_row = max(self._last_row, row)
        self._last_column = max(self._last_column, column)
        if self._last_row * self._last_column > MAX_AREA:
            text = (
                f"reaches to row {self._last_row:,} and column {self._last_column:,}. Delete the "
            )
            text += (
                "rows below and the columns right of your tables (also if they look empty), and "
            )
            self._refuse("E-003", self._title, f"{text}save it anew.")
