"""The parts of a workbook and how they point at each other; every one is streamed once."""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter, deque
from typing import NamedTuple
from xml.parsers.expat import ExpatError

from cssopt.issues import Issue
from cssopt.workbook.gate_kind import MACROS, SAVE_ANEW
from cssopt.workbook.gate_limits import MAX_REPEATS, Budget
from cssopt.workbook.gate_reach import Reach, find_widest
from cssopt.workbook.gate_sheet import CommentScan, SheetScan
from cssopt.workbook.gate_xml import RELATION_ID, PartScan, RefusedError, SpentError, TreeScan
from cssopt.workbook.gate_zip import BrokenPartError, clean, read_chunks

TYPES = "[Content_Types].xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}.main+xml"
_BOOK_TYPES = (_BOOK_TYPE.format("template"), _BOOK_TYPE.format("sheet"))
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_COMMENTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_DEFAULT_BOOK = "xl/workbook.xml"
_READ = frozenset({"comments", "drawing", "table", "chart", "pivotTable"})
"""Kinds of parts that openpyxl insists on when a sheet or drawing points at them."""
_LISTS = frozenset({"sheets", "externalReferences", "pivotCaches"})
_SHOWN = 3


class _Sheet(NamedTuple):
    """A sheet as the workbook lists it: its name and the id of its relation."""

    title: str
    relation: str


class _Relation(NamedTuple):
    kind: str
    target: str


class _TypesScan(TreeScan):
    """The content types: which part is the workbook."""

    def __init__(self, part: str, where: str, budget: Budget) -> None:
        super().__init__(part, where, budget)
        self.parts: dict[str, str] = {}
        self.defaults: set[str] = set()

    def look(self, parent: str, local: str, attrs: dict[str, str]) -> None:
        kind = attrs.get("ContentType", "")
        if "macroEnabled" in kind or "macrosheet" in kind:
            raise SpentError("E-005", self.budget.file, MACROS)
        if local == "Override":
            self.parts.setdefault(kind, attrs.get("PartName", "/")[1:])
        elif local == "Default":
            self.defaults.add(kind)

    @property
    def book(self) -> str:
        """The part that holds the workbook, found as openpyxl finds it; empty if none does."""
        for kind in _BOOK_TYPES:
            if kind in self.parts:
                return self.parts[kind]
        return _DEFAULT_BOOK if self.defaults & set(_BOOK_TYPES) else ""


class _RelationScan(TreeScan):
    """The relations of a part, by id, targets made into names of parts as openpyxl does."""

    def __init__(self, part: str, where: str, budget: Budget) -> None:
        super().__init__(part, where, budget)
        self.relations: dict[str, _Relation] = {}
        self._base = posixpath.dirname(posixpath.dirname(part))

    def look(self, parent: str, local: str, attrs: dict[str, str]) -> None:
        if local != "Relationship" or attrs.get("TargetMode") == "External":
            return
        target = attrs.get("Target", "")
        if target.startswith("/"):
            target = target[1:]
        else:
            target = posixpath.normpath(posixpath.join(self._base, target))
        relation = attrs.get("Id", "")
        if relation in self.relations:
            self.refuse("E-006", f"is damaged: {clean(self.part)} has one id twice. {SAVE_ANEW}")
        self.relations[relation] = _Relation(attrs.get("Type", ""), target)


class _BookScan(TreeScan):
    """The workbook part: its sheets and pivot tables, by the ids of their relations."""

    def __init__(self, part: str, where: str, budget: Budget) -> None:
        super().__init__(part, where, budget)
        self.sheets: list[_Sheet] = []
        self.pivots: list[str] = []
        self._seen: set[str] = set()

    def look(self, parent: str, local: str, attrs: dict[str, str]) -> None:
        if self.depth != 2 or parent not in _LISTS:
            return
        # openpyxl takes any child of these lists for one of its kind, and reads it each time.
        relation = attrs.get(RELATION_ID, "") or attrs.get("id", "")
        if relation in self._seen:
            text = "is damaged: its list of sheets and links names the same part twice. "
            raise SpentError("E-009", self.budget.file, text + SAVE_ANEW)
        self._seen.add(relation)
        if parent == "sheets":
            self.sheets.append(_Sheet(attrs.get("name", ""), relation))
        elif parent == "pivotCaches":
            self.pivots.append(relation)


class BookScan:
    """Goes through all parts of an archive: first those that say what the others are.

    Attributes
    ----------
    issues: what was found so far.
    """

    def __init__(self, archive: zipfile.ZipFile, file: str) -> None:
        self._archive = archive
        self._file = file
        self._parts = {part.filename: part for part in archive.infolist() if not part.is_dir()}
        self._budget = Budget(file)
        self._damaged: list[str] = []
        self._objects: dict[str, int] = {}
        self._relations: dict[str, dict[str, _Relation]] = {}
        self._reaches: list[Reach] = []
        self.issues: list[Issue] = []

    def run(self) -> list[Issue]:
        """Every issue of the workbook, as far as its limits let it be looked at."""
        try:
            self._scan_all()
        except SpentError as spent:
            self.issues.append(spent.issue)
        if self._damaged:
            shown = [clean(name) for name in self._damaged[:_SHOWN]]
            more = len(self._damaged) - len(shown)
            names = ", ".join(shown) + (f" and {more} more" if more else "")
            text = f"is damaged: {names} cannot be read. {SAVE_ANEW}"
            self.issues.insert(0, Issue("E-006", self._file, text))
        return self.issues

    def _scan_all(self) -> None:
        types = _TypesScan(TYPES, self._file, self._budget)
        self._scan(types)
        book = _BookScan(types.book or _DEFAULT_BOOK, self._file, self._budget)
        self._scan(book)
        for name in self._parts:
            if name.endswith(".rels"):
                relations = _RelationScan(name, self._file, self._budget)
                self._scan(relations)
                self._relations[name] = relations.relations
        if self._damaged or self.issues:
            return
        if not types.book:
            text = "is not an .xlsx workbook: no part of it is named as the workbook. "
            raise SpentError("E-002", self._file, text + SAVE_ANEW)
        targets = self._relations.get(_relations_of(book.part), {})
        self._find_missing(types, book, targets)
        sheets = self._sheet_parts(book, targets)
        comments = self._scan_sheets(sheets)
        self._scan_rest(comments)
        self._check_repeats(book, targets)
        self._judge_reach()

    def _scan(self, scan: PartScan) -> None:
        """Stream a part; its refusal is an issue, its damage is told with that of the others."""
        part = self._parts.get(scan.part)
        if part is None:
            return
        chunks = read_chunks(self._archive, part)
        try:
            try:
                for chunk in chunks:
                    scan.feed(chunk)
                scan.close()
            except ExpatError:
                if _must_be_xml(scan.part):
                    self._damaged.append(scan.part)
                # What is no XML, such as a picture, is unpacked to see that it is whole.
                deque(chunks, maxlen=0)
        except SpentError:
            raise
        except RefusedError as refused:
            self.issues.append(refused.issue)
        except BrokenPartError:
            self._damaged.append(scan.part)
        self._objects[scan.part] = scan.objects

    def _find_missing(
        self, types: _TypesScan, book: _BookScan, targets: dict[str, _Relation]
    ) -> None:
        """Parts that a reader stumbles over, or passes over without a word."""
        strings = types.parts.get(_STRINGS_TYPE)
        needed = [TYPES, book.part, _relations_of(book.part), *([strings] if strings else [])]
        missing = [f"the part {clean(name)}" for name in needed if name not in self._parts]
        for sheet in book.sheets if not missing else ():
            relation = targets.get(sheet.relation)
            if relation is None or relation.target not in self._parts:
                missing.append(f"the sheet '{clean(sheet.title)}'")
        for relations in self._relations.values():
            for relation in relations.values():
                if relation.kind.rpartition("/")[2] in _READ and relation.target not in self._parts:
                    missing.append(f"the part {clean(relation.target)}")
        if missing:
            names = ", ".join(missing[:_SHOWN])
            more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
            text = f"is damaged: {names}{more} cannot be found in it. {SAVE_ANEW}"
            raise SpentError("E-006", self._file, text)

    def _sheet_parts(self, book: _BookScan, targets: dict[str, _Relation]) -> dict[str, str]:
        """Titles of the sheets by part."""
        sheets = {targets[sheet.relation].target: clean(sheet.title) for sheet in book.sheets}
        if len(sheets) < len(book.sheets):
            raise SpentError(
                "E-009", self._file, f"is damaged: two sheets are one part. {SAVE_ANEW}"
            )
        if not sheets:
            text = f"has no sheets that can be read. {SAVE_ANEW}"
            raise SpentError("E-006", self._file, text)
        return sheets

    def _scan_sheets(self, sheets: dict[str, str]) -> dict[str, Reach]:
        """Stream the sheets; gives where the comments of each belong."""
        comments: dict[str, Reach] = {}
        for part, title in sheets.items():
            reach = Reach(title)
            self._reaches.append(reach)
            scan = SheetScan(part, reach, self._budget)
            self._scan(scan)
            self.issues.extend(scan.issues)
            for relation in self._relations.get(_relations_of(part), {}).values():
                if relation.kind == _COMMENTS:
                    comments[relation.target] = reach
        return comments

    def _scan_rest(self, comments: dict[str, Reach]) -> None:
        for name in self._parts:
            if name in comments:
                self._scan(CommentScan(name, comments[name], self._budget))
            elif name not in self._objects:
                self._scan(TreeScan(name, self._file, self._budget))

    def _check_repeats(self, book: _BookScan, targets: dict[str, _Relation]) -> None:
        """Parts that are read several times: by several pointers, or once for every sheet."""
        pointers = Counter(
            relation.target
            for relations in self._relations.values()
            for relation in relations.values()
        )
        repeats = sum(
            (number - 1) * self._objects.get(name, 0) for name, number in pointers.items()
        )
        if repeats > MAX_REPEATS:
            text = f"points at the same parts over and over. {SAVE_ANEW}"
            self.issues.append(Issue("E-009", self._file, text))
        caches = [targets[pivot].target for pivot in book.pivots if pivot in targets]
        for cache in list(caches):
            records = self._relations.get(_relations_of(cache), {})
            caches += [relation.target for relation in records.values()]
        elements = sum(self._objects.get(cache, 0) for cache in caches)
        if elements * len(book.sheets) > MAX_REPEATS * 10:
            text = "has pivot tables with too much data to read. Copy the sheets with the input "
            self.issues.append(Issue("E-023", self._file, f"{text}into a new workbook."))

    def _judge_reach(self) -> None:
        faults = [fault for reach in self._reaches if (fault := reach.find_fault())]
        widest = find_widest(self._reaches)
        self.issues += faults or ([widest] if widest else [])


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _must_be_xml(part: str) -> bool:
    """Whether a part that is not XML is damage: Excel itself writes untidy drawings as .vml."""
    return part.endswith((".xml", ".rels")) and not part.startswith("customXml/")
