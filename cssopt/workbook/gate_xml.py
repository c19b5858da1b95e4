"""Streaming one part of a workbook through expat: nothing is built, everything is counted."""

from __future__ import annotations

from typing import NoReturn
from xml.parsers import expat

from cssopt.issues import Issue
from cssopt.workbook.gate_limits import (
    MAX_DEPTH,
    MAX_FORMULA,
    MAX_MARKS,
    MAX_NAME_TEXT,
    MAX_NAMESPACE,
    MAX_NUMBER_FORMAT,
    MAX_OBJECTS,
    MAX_STRING,
    MAX_TOKEN,
    MAX_XML,
    MB,
    PART_COUNTS,
    Budget,
    Most,
)
from cssopt.workbook.gate_zip import clean

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
RELATION_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_STRICT = "http://purl.oclc.org/ooxml/"
STRICT = (
    "is saved as 'Strict Open XML Spreadsheet', which is not read. "
    "Save it as 'Excel Workbook (.xlsx)'."
)
_ODD = "Do not use it as it is: copy its tables into a new workbook."


class RefusedError(Exception):
    """A part is refused; no more of it is looked at."""

    def __init__(self, code: str, where: str, text: str) -> None:
        self.issue = Issue(code, where, text)
        super().__init__(str(self.issue))


class SpentError(RefusedError):
    """The workbook as a whole is refused; nothing more is looked at."""


class PartScan:
    """One XML part, fed a chunk at a time; subclasses look at its elements.

    Attributes
    ----------
    where: the sheet that the part belongs to, or the file.
    objects: elements so far that a reader would make an object of.
    started: whether the part turned out to hold any XML.
    """

    counts: dict[str, Most] = PART_COUNTS

    def __init__(self, part: str, where: str, budget: Budget) -> None:
        self.part = part
        self.where = where
        self.budget = budget
        self.objects = 0
        self.started = False
        self._marks = 0
        self._spent_marks = 0
        self._spent_objects = 0
        self._fed = 0
        self._number = dict.fromkeys(self.counts, 0)
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes; raises ExpatError where they are not XML."""
        self.budget.xml -= len(chunk)
        self._parser.Parse(chunk, False)
        self._fed += len(chunk)
        if self._fed - self._parser.CurrentByteIndex > MAX_TOKEN:
            self.refuse("E-003", f"has a tag or comment of more than half a MB. {_ODD}")
        self._spend()

    def close(self) -> None:
        """The part is at its end; raises ExpatError where its XML is not."""
        self._parser.Parse(b"", True)
        self._spend()

    def refuse(self, code: str, text: str, cell: str = "") -> NoReturn:
        """Stop with an issue, at a cell of the sheet if one is named."""
        raise RefusedError(code, f"{self.where}!{cell}" if cell else self.where, text)

    def refuse_depth(self) -> NoReturn:
        """Stop at elements inside elements without end."""
        text = f"has more than {MAX_DEPTH} elements inside each other. {_ODD}"
        self.refuse("E-003", text)

    def start(self, name: str, attrs: dict[str, str]) -> None:
        """Expat found the start of an element."""
        raise NotImplementedError

    def end(self, name: str) -> None:
        """Expat found the end of an element."""
        raise NotImplementedError

    def count(self, local: str) -> None:
        """Count an element; refuse the part where it has more of them than are read."""
        most = self.counts.get(local)
        if most is None:
            return
        self._number[local] += 1
        if self._number[local] > most.number:
            text = f"has more than {most.number:,} {most.kind}; no more are read. {most.mend}"
            self.refuse("E-023", text)

    def check_root(self, name: str) -> None:
        """Refuse strict parts: openpyxl finds nothing in them."""
        self.started = True
        if name.startswith(_STRICT):
            raise SpentError("E-007", self.budget.file, STRICT)

    def _spend(self) -> None:
        budget = self.budget
        budget.marks -= self._marks - self._spent_marks
        budget.objects -= self.objects - self._spent_objects
        self._spent_marks, self._spent_objects = self._marks, self.objects
        if budget.xml < 0:
            self._too_much(f"holds more than {MAX_XML // MB} MB of XML")
        if budget.marks < 0:
            self._too_much(f"holds more than {MAX_MARKS:,} elements and attributes")
        if budget.objects < 0:
            self._too_much(f"holds more than {MAX_OBJECTS:,} texts, formats and drawn objects")

    def _too_much(self, what: str) -> NoReturn:
        text = f"{what}; no more are read. Remove what is not input: pictures, charts, pivot "
        raise SpentError("E-003", self.budget.file, f"{text}tables, formats of empty cells.")

    def _doctype(self, name: str, system: str | None, public: str | None, inside: bool) -> None:
        if inside or self.part.endswith((".xml", ".rels")):
            text = (
                f"declares a document type or entities in {clean(self.part)}, which no workbook "
                "needs and attacks use. Do not use it; ask its sender how it was made."
            )
            raise RefusedError("E-008", self.budget.file, text)

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        self._marks += 1
        if uri and len(uri) > MAX_NAMESPACE:
            self.refuse("E-003", f"has a namespace of absurd length. {_ODD}")


class TreeScan(PartScan):
    """A part other than a sheet: elements with their parents, and the length of texts."""

    def __init__(self, part: str, where: str, budget: Budget) -> None:
        super().__init__(part, where, budget)
        self._stack: list[str] = []
        self._seen_charts: set[str] = set()
        self._text = 0
        self._names = 0

    def start(self, name: str, attrs: dict[str, str]) -> None:
        """Count the element, check what is repeated or long, and look at it."""
        stack = self._stack
        if not stack:
            self.check_root(name)
        self._marks += 1 + len(attrs)
        self.objects += 1
        local = name.rpartition(" ")[2]
        self.count(local)
        if local in _CHECKED:
            self._check(local, attrs)
        self.look(stack[-1] if stack else "", local, attrs)
        stack.append(local)
        if len(stack) > MAX_DEPTH:
            self.refuse_depth()

    def end(self, name: str) -> None:
        """Leave the element; judge the length of its text where there is a limit."""
        local = self._stack.pop()
        if local in _TEXTS:
            self._parser.CharacterDataHandler = None
            self._judge_text(local)

    @property
    def depth(self) -> int:
        """How many elements the one that is looked at stands in."""
        return len(self._stack)

    def look(self, parent: str, local: str, attrs: dict[str, str]) -> None:
        """What a subclass wants to know of an element; by itself nothing."""

    def _check(self, local: str, attrs: dict[str, str]) -> None:
        if local in _TEXTS:
            self._text = 0
            self._parser.CharacterDataHandler = self._add_text
        elif local == "chart":
            # openpyxl reads the chart once per pointer.
            relation = attrs.get(RELATION_ID, "")
            if relation and relation in self._seen_charts:
                self.refuse("E-009", "draws one chart more than once. Delete the charts and save.")
            self._seen_charts.add(relation)
        elif len(attrs.get("formatCode", "")) > MAX_NUMBER_FORMAT:
            text = f"has a number format of more than {MAX_NUMBER_FORMAT} characters. Copy the "
            self.refuse("E-023", f"{text}sheets into a new workbook, with values only.")

    def _add_text(self, text: str) -> None:
        self._text += len(text)

    def _judge_text(self, local: str) -> None:
        if local == "si" and self._text > MAX_STRING:
            text = f"has a text of {self._text:,} characters in a cell; Excel has at most 32,767. "
            self.refuse("E-024", f"{text}Shorten it and save.")
        if local != "definedName":
            return
        self._names += self._text
        if self._text > MAX_FORMULA or self._names > MAX_NAME_TEXT:
            text = "has names (Formulas > Name Manager) with formulas of absurd length. Delete "
            self.refuse("E-023", f"{text}those that are not needed, and save.")


_TEXTS = frozenset({"si", "definedName"})
_CHECKED = _TEXTS | {"chart", "numFmt"}
