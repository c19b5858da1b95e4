"""A workbook from its bytes: from the package to the workbook, and from there to each sheet."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.collection import no_collection
from cssopt.tables.raw import RawBook, RawSheet
from cssopt.workbook.address import parse_block
from cssopt.workbook.formulas import FormatsReader, FormulaReader, ShownFormula
from cssopt.workbook.gate.disguise import (
    MACROS,
    SAVE_ANEW,
    DisguiseFault,
    find_disguise,
    find_other_document,
    find_other_package,
)
from cssopt.workbook.gate.limits import MAX_AREA, MAX_PARTS, Budget
from cssopt.workbook.gate.xml import RefusedError, SpentError, TreeReader, is_true
from cssopt.workbook.gate.zip import (
    BROKEN,
    BrokenPartError,
    clean,
    find_directory_faults,
    name_of,
    open_archive,
)
from cssopt.workbook.number_formats import StylesReader
from cssopt.workbook.parts import TYPES, Parts, Relation, TypesReader
from cssopt.workbook.sheet_part import SheetReader
from cssopt.workbook.strings import StringsReader, read_escapes
from cssopt.workbook.values import Values

_ID = ("officeDocument/2006/relationships id", "officeDocument/relationships id")
"""How the names of the attribute end that holds the identifier of a relation."""


def read_book(content: bytes, name: str) -> RawBook:
    """Read every sheet of a workbook from the bytes of a file of this name.

    Raises DataError with every reason found why the file as a whole cannot be read. What is wrong
    with one sheet is its `fault`; what cannot be used of a cell is the cell's `trouble`.
    """
    with _open_parts(content, name) as parts, no_collection():
        return _Reading(parts).read(hashlib.sha256(content).hexdigest())


def read_formulas(content: bytes, name: str) -> dict[str, ShownFormula]:
    """What every cell of a workbook is calculated and shown by, by its address.

    Raises DataError as `read_book`.
    """
    with _open_parts(content, name) as parts, no_collection():
        return _Reading(parts).read_formulas()


@contextmanager
def _open_parts(content: bytes, name: str) -> Iterator[Parts]:
    """The parts of a package; DataError with every reason why they cannot be read."""
    disguise = find_disguise(content)
    if disguise:
        raise _refuse([disguise], name)
    archive = open_archive(content)
    if not isinstance(archive, zipfile.ZipFile):
        raise _refuse([archive], name)
    with archive:
        faults = find_directory_faults(archive, content)
        if faults:
            raise _refuse(faults, name)
        names = [name_of(part) for part in archive.infolist()]
        other = find_other_package(names, _read_mimetype(archive))
        if other:
            raise _refuse([other], name)
        try:
            yield Parts(archive, Budget(name))
        except RefusedError as refused:
            raise DataError([refused.issue], name) from refused


def _refuse(faults: list[DisguiseFault], name: str) -> DataError:
    return DataError([Issue(code, name, text) for code, text in faults], name)


def _read_mimetype(archive: zipfile.ZipFile) -> str:
    """The start of the part that OpenDocument files begin with; empty where there is none."""
    try:
        with archive.open("mimetype") as stream:
            return stream.read(100).decode("ascii", "replace")
    except (KeyError, *BROKEN):
        return ""


_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffd]")
"""Signs that turn a line of text into another one."""
_MAX_TITLE = 60
"""Characters of the name of a sheet; Excel has 31."""


class _Sheet(NamedTuple):
    """A sheet as the workbook lists it."""

    title: str
    relation: str
    hidden: bool


class _WorkbookReader(TreeReader):
    """The workbook part: its sheets, and how its dates and formulas are meant."""

    roots = ("workbook",)

    def __init__(self, part: str, budget: Budget) -> None:
        super().__init__(part, budget)
        self.sheets: list[_Sheet] = []
        self.from_1904 = self.stale = self.manual = False

    def look(self, path: tuple[str, ...], attrs: dict[str, str]) -> None:
        """Keep sheets and settings."""
        if path == ("sheets", "sheet"):
            relation = next((attrs[key] for key in attrs if key.endswith(_ID)), attrs.get("id", ""))
            title = _UNSAFE.sub("?", read_escapes(attrs.get("name", "")))[:_MAX_TITLE]
            self.sheets.append(_Sheet(title, relation, attrs.get("state", "visible") != "visible"))
        elif path == ("workbookPr",):
            self.from_1904 = is_true(attrs.get("date1904"))
        elif path == ("calcPr",):
            self.manual = attrs.get("calcMode") == "manual"
            self.stale = is_true(attrs.get("fullCalcOnLoad")) or not is_true(
                attrs.get("calcCompleted", "1")
            )


class _TableReader(TreeReader):
    """A table of a sheet, of which the rows with its totals are wanted."""

    roots = ("table",)

    def __init__(self, part: str, budget: Budget) -> None:
        super().__init__(part, budget)
        self.totals: frozenset[int] = frozenset()

    def look(self, path: tuple[str, ...], attrs: dict[str, str]) -> None:
        """Find the rows at the end of the table that hold totals, counted from 0."""
        if path:
            self.skip()
            self._path.pop()
            return
        number, block = attrs.get("totalsRowCount", "0"), parse_block(attrs.get("ref", ""))
        if not number.isdecimal() or len(number) > 2 or block is None:
            raise self.damaged("does not say which cells the table has")
        self.totals = frozenset(range(block.bottom - int(number), block.bottom))


class _Reading:
    """One workbook, while it is read."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._budget = parts.budget
        self._doubts: list[Issue] = []
        self._formulas = False

    def read(self, digest: str) -> RawBook:
        """Read the parts that inputs need, each once."""
        name = self._budget.file
        types = self._read_types()
        part = self._find_workbook(types)
        workbook = _WorkbookReader(part, self._budget)
        self._parts.read(workbook)
        relations = self._parts.relations_of(part)
        if not relations:
            raise self._parts.missing(f"what the part {clean(part)} points at")
        values = self._read_values(workbook, relations, types)
        listed = self._find_sheets(workbook, relations)
        sheets = self._read_sheets(listed, values)
        if workbook.manual and self._formulas:
            text = (
                "calculates its formulas only when asked to, so that stored values may be old. "
                "Press F9 in Excel and save, or choose Formulas > Calculation Options > "
                "Automatic."
            )
            self._doubts.append(Issue("W-021", name, text))
        if not sheets:
            raise self._parts.missing("any sheet with cells")
        return RawBook(name, digest, sheets, tuple(self._doubts))

    def read_formulas(self) -> dict[str, ShownFormula]:
        """The formulas and number formats of all cells of all sheets."""
        types = self._read_types()
        part = self._find_workbook(types)
        workbook = _WorkbookReader(part, self._budget)
        self._parts.read(workbook)
        relations = self._parts.relations_of(part)
        by_kind = {relation.kind: relation.target for relation in relations.values()}
        formats = FormatsReader(by_kind.get("styles", types.styles), self._budget)
        if formats.part in self._parts:
            self._parts.read(formats)
        found: dict[str, ShownFormula] = {}
        for sheet, target in self._find_sheets(workbook, relations):
            if target in self._parts:
                reader = FormulaReader(target, sheet.title, formats, self._budget)
                self._parts.read(reader)
                found |= reader.found
        return found

    def _read_types(self) -> TypesReader:
        if TYPES not in self._parts:
            raise self._parts.missing(f"the part {TYPES}")
        types = TypesReader(self._budget)
        self._parts.read(types)
        return types

    def _find_workbook(self, types: TypesReader) -> str:
        """The part that holds the workbook: by its relation, else by its content type."""
        roots = self._parts.relations_of("").values()
        part = next((root.target for root in roots if root.kind == "officeDocument"), types.book)
        other = find_other_document(part)
        if other:
            raise RefusedError(other[0], self._budget.file, other[1])
        if part not in self._parts:
            raise self._parts.missing(f"the part {clean(part) or 'xl/workbook.xml'}")
        types.check_macros(part)
        return part

    def _read_values(
        self, workbook: _WorkbookReader, relations: dict[str, Relation], types: TypesReader
    ) -> Values:
        """What cells are read by; its parts are found as the workbook itself is."""
        by_kind = {relation.kind: relation.target for relation in relations.values()}
        strings = StringsReader(by_kind.get("sharedStrings", types.texts), self._budget)
        if strings.part in self._parts:
            self._parts.read(strings)
        styles = StylesReader(by_kind.get("styles", types.styles), self._budget)
        if styles.part:
            self._read_styles(styles)
        return Values(strings.texts, styles.dates, workbook.from_1904, workbook.stale)

    def _read_styles(self, styles: StylesReader) -> None:
        """The formats of cells: where they are missing or damaged all else is read without them."""
        lack = f"has no part {clean(styles.part)}, which it points at"
        if styles.part in self._parts:
            try:
                self._parts.read(styles)
                styles.finish()
            except RefusedError as error:
                # An archive that is not what its directory says is not to be used at all.
                if error.issue.code != "E-006" or isinstance(error.__cause__, BrokenPartError):
                    raise
                styles.dates = {}
                lack = f"has a part {clean(styles.part)} that is damaged"
            else:
                return
        text = f"{lack}: dates in it are read as numbers, without a word at the cell. {SAVE_ANEW}"
        self._doubts.append(Issue("W-022", self._budget.file, text))

    def _find_sheets(
        self, workbook: _WorkbookReader, relations: dict[str, Relation]
    ) -> list[tuple[_Sheet, str]]:
        """The sheets that can hold cells, each with its part; "" where it points at none."""
        if len(workbook.sheets) > MAX_PARTS:
            raise self._damaged(f"it lists more than {MAX_PARTS:,} sheets")
        found: list[tuple[_Sheet, str]] = []
        titles: set[str] = set()
        targets: set[str] = set()
        for sheet in workbook.sheets:
            relation = relations.get(sheet.relation, Relation("", ""))
            if relation.kind in ("chartsheet", "dialogsheet"):
                continue
            if "acrosheet" in relation.kind:
                raise RefusedError("E-005", self._budget.file, MACROS)
            if not sheet.title:
                raise self._damaged("a sheet has no name")
            if sheet.title in titles:
                raise self._damaged(f"two sheets are named '{sheet.title}'")
            target = relation.target.lower()
            if target and target in targets:
                text = f"is damaged: two sheets are one part, one of them '{sheet.title}'. "
                raise RefusedError("E-009", self._budget.file, text + SAVE_ANEW)
            titles.add(sheet.title)
            targets.add(target)
            found.append((sheet, relation.target))
        return found

    def _damaged(self, what: str) -> RefusedError:
        return RefusedError("E-006", self._budget.file, f"is damaged: {what}. {SAVE_ANEW}")

    def _read_sheets(self, listed: list[tuple[_Sheet, str]], values: Values) -> dict[str, RawSheet]:
        """The sheets with cells, in their order.

        The smallest are read first: where the workbook is too large to be read whole, it is for
        the data pasted beside the input, seldom for the input.
        """
        readers: list[tuple[_Sheet, SheetReader, frozenset[int]]] = []
        sheets: dict[str, RawSheet] = {}
        refused: list[Issue] = []
        for sheet, target in sorted(listed, key=lambda item: self._parts.size_of(item[1])):
            if target not in self._parts:
                part = f"its part {clean(target)}" if target else "its part of the file"
                fault = Issue("E-006", sheet.title, f"is damaged: {part} is missing. {SAVE_ANEW}")
                sheets[sheet.title] = RawSheet(sheet.title, (), sheet.hidden, fault=fault)
                continue
            reader = SheetReader(target, sheet.title, values, self._budget)
            totals: frozenset[int] = frozenset()
            try:
                self._parts.read(reader)
                if reader.tables:
                    totals = self._read_totals(reader)
            except SpentError as error:
                reader.fault = Issue(error.issue.code, sheet.title, error.issue.text)
            except RefusedError as error:
                refused.append(error.issue)
            if reader.is_table:
                readers.append((sheet, reader, totals))
                self._formulas |= reader.formulas
        if refused:
            raise DataError(refused, self._budget.file)
        left = MAX_AREA
        for sheet, reader, totals in sorted(readers, key=lambda item: item[1].area):
            sheets[sheet.title] = reader.finish(sheet.hidden, totals, left)
            left -= sum(map(len, sheets[sheet.title].rows))
        return {sheet.title: sheets[sheet.title] for sheet, _ in listed if sheet.title in sheets}

    def _read_totals(self, sheet: SheetReader) -> frozenset[int]:
        """Positions of the rows that are totals of the tables of a sheet."""
        totals: set[int] = set()
        try:
            relations = self._parts.relations_of(sheet.part)
            for identifier in dict.fromkeys(sheet.tables):
                target = relations.get(identifier, Relation("", "")).target
                if target not in self._parts:
                    text = (
                        f"has a table whose part {clean(target)} is missing, so that its row of "
                        f"totals cannot be told from data. {SAVE_ANEW}"
                    )
                    sheet.fault = sheet.fault or Issue("E-006", sheet.title, text)
                    continue
                table = _TableReader(target, self._budget)
                self._parts.read(table)
                totals |= table.totals
        except RefusedError as error:
            if error.issue.code != "E-006":
                raise
            # A damaged table, or list of them, matters where its sheet is read.
            found = Issue(error.issue.code, sheet.title, error.issue.text)
            sheet.fault = sheet.fault or found
        return frozenset(totals)
