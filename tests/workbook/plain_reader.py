"""A reader of workbooks for tests alone: it shares no code with cssopt, and knows ElementTree only.

It tells all that a marked copy must hold: cells with formulas, the formats they show, merged
ranges, comments, whatever else stands in a sheet, and every other part.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.etree import ElementTree

Element = ElementTree.Element


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _named(element: Element | None, *names: str) -> list[Element]:
    """Descendants reached by these names, level by level."""
    found = [] if element is None else [element]
    for name in names:
        found = [child for parent in found for child in parent if _local(child) == name]
    return found


def _attribute(element: Element, name: str) -> str:
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return ""


def _texts(element: Element | None) -> str:
    """The text of runs, without what tells how to say it."""
    if element is None:
        return ""
    runs = [element, *_named(element, "r")]
    return "".join(t.text or "" for run in runs for t in _named(run, "t"))


def _spelled(element: Element) -> str:
    """An element in one spelling, whatever its prefixes, quotes and blanks."""
    text = ElementTree.canonicalize(ElementTree.tostring(element), rewrite_prefixes=True)
    return re.sub(r">\s+<", "><", text)


@dataclass
class PlainSheet:
    """One sheet.

    Attributes
    ----------
    cells: type, text and formula of every cell that is not blank, by address.
    formats: what the cell shows: its format with font, border and number format, and its fill.
    rest: everything in the sheet but its cells and the pointer to boxes, in one spelling.
    """

    cells: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    formats: dict[str, tuple[str, str]] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)
    comments: dict[str, str] = field(default_factory=dict)
    comment_parts: set[str] = field(default_factory=set)
    boxes: set[tuple[int, int]] = field(default_factory=set)


class PlainBook:
    """All of a workbook: sheets by title, and the bytes of all parts by name."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            names = [n.replace("\\", "/") for n in archive.namelist() if not n.endswith("/")]
            assert len({name.casefold() for name in names}) == len(names), "a part twice"
            self.parts = {
                unquote(info.filename.replace("\\", "/")).casefold(): archive.read(info)
                for info in archive.infolist()
                if not info.filename.endswith("/")
            }
        root = self._relations("")
        book = next(part for kind, part in root.values() if kind == "officeDocument")
        self.book = book
        relations = self._relations(book)
        by_kind = dict(relations.values())
        self._strings = [
            _texts(item) for item in _named(self._tree(by_kind.get("sharedStrings")), "si")
        ]
        self._styles = self._tree(by_kind.get("styles"))
        self.sheets: dict[str, PlainSheet] = {}
        self.sheet_parts: dict[str, str] = {}
        self.styles_part = by_kind.get("styles", "")
        for sheet in _named(self._tree(book), "sheets", "sheet"):
            kind, part = relations[_attribute(sheet, "id")]
            if kind == "worksheet":
                assert sheet.attrib["name"] not in self.sheets, "a title twice"
                self.sheets[sheet.attrib["name"]] = self._sheet(part)
                self.sheet_parts[sheet.attrib["name"]] = part

    def _tree(self, part: str | None) -> Element | None:
        content = self.parts.get(part or "")
        if content is None:
            return None
        declared = re.match(rb"<\?xml[^>]*encoding=.(Shift_JIS)", content)
        return ElementTree.fromstring(content.decode("shift_jis") if declared else content)

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        folder, name = posixpath.split(part)
        found = {}
        relations = self._tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        for entry in () if relations is None else relations:
            if entry.attrib.get("TargetMode") != "External":
                target = posixpath.normpath(
                    posixpath.join("/" + folder, unquote(entry.attrib["Target"]))
                )
                kind = entry.attrib["Type"].rpartition("/")[2]
                assert entry.attrib["Id"] not in found, "a relation twice"
                found[entry.attrib["Id"]] = (kind, target.lstrip("/").casefold())
        return found

    def _sheet(self, part: str) -> PlainSheet:
        sheet, tree = PlainSheet(), self._tree(part)
        assert tree is not None
        number = 0
        for row in _named(tree, "sheetData", "row"):
            number = int(row.attrib.get("r", number + 1))
            column = 0
            for cell in _named(row, "c"):
                address = cell.attrib.get("r")
                if address is None:
                    address = f"{_letters(column + 1)}{number}"
                column = _column(address)
                assert address not in sheet.cells, f"{address} twice"
                sheet.formats[address] = self._format(int(cell.attrib.get("s", 0)))
                value = self._value(cell)
                if value != ("", "", ""):
                    sheet.cells[address] = value
        sheet.rest = [
            _spelled(child)
            for child in tree
            if _local(child) not in ("sheetData", "legacyDrawing", "dimension")
        ]
        relations = self._relations(part)
        sheet.comment_parts = {
            target for kind, target in relations.values() if kind in ("comments", "vmlDrawing")
        }
        for comment in self._comments(relations):
            assert comment.attrib["ref"] not in sheet.comments, "a comment twice"
            sheet.comments[comment.attrib["ref"]] = _texts(_named(comment, "text")[0])
        for pointer in _named(tree, "legacyDrawing"):
            _, drawing = relations.get(_attribute(pointer, "id"), ("", ""))
            content = self.parts.get(drawing, b"")
            text = content.decode("utf-16" if content[:2] == b"\xff\xfe" else "utf-8")
            places = re.findall(r"<x:Row>(\d+)</x:Row>\s*<x:Column>(\d+)</x:Column>", text)
            sheet.boxes = {(int(row), int(column)) for row, column in places}
        return sheet

    def _comments(self, relations: dict[str, tuple[str, str]]) -> list[Element]:
        trees = [self._tree(part) for kind, part in relations.values() if kind == "comments"]
        return [c for tree in trees for c in _named(tree, "commentList", "comment")]

    def _value(self, cell: Element) -> tuple[str, str, str]:
        kind = cell.attrib.get("t", "n")
        formula = "".join(f.text or "" for f in _named(cell, "f"))
        text = "".join(v.text or "" for v in _named(cell, "v"))
        if kind == "s" and text:
            text = self._strings[int(text)]
        elif kind == "inlineStr":
            text = "".join(_texts(item) for item in _named(cell, "is"))
        if kind in ("s", "inlineStr", "str"):
            kind = "text"
        return (kind, text, formula) if text or formula else ("", "", "")

    def _format(self, number: int) -> tuple[str, str]:
        """What a format says but for its fill, and its fill; lists that are not there are empty."""
        formats = _named(self._styles, "cellXfs", "xf")
        # A format that is not listed shows the first font and the first border.
        own = formats[number] if number < len(formats) else Element("xf")
        said = {
            key: value
            for key, value in own.attrib.items()
            if key not in ("fillId", "applyFill", "fontId", "borderId")
        }
        parts = [sorted(said.items()), [_spelled(child) for child in own]]
        for name, key in (("fonts", "fontId"), ("borders", "borderId")):
            parts.append(self._listed(name, int(own.attrib.get(key, 0))))
        told = "plain" if parts == [[], [], "", ""] else repr(parts)
        return told, self._listed("fills", int(own.attrib.get("fillId", 0))) or "none"

    def _listed(self, name: str, number: int) -> str:
        entries = [e for listed in _named(self._styles, name) for e in listed]
        if number >= len(entries):
            return ""
        spelled = _spelled(entries[number])
        # An entry that says nothing is as good as none.
        said = re.fullmatch(r"<n\d+:\w+(?: xmlns:n\d+=\"[^\"]*\")?></n\d+:\w+>", spelled)
        empty = said or 'patternType="none"' in spelled or "gray125" in spelled
        return "" if empty else spelled


def _column(address: str) -> int:
    number = 0
    for letter in address.rstrip("0123456789"):
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
