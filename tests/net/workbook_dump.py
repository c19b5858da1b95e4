"""A workbook as lines of text: cells with their formats, charts, print set-up, everything in it.

Every line is a key, a tab and a value. Strings, styles, formats of conditions and relations are
put where they are used, so that another numbering of them is no difference.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

Element = ElementTree.Element
Lines = Iterator[tuple[str, str]]

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SKIPPED_OF_ROW = {"r", "spans"}
_BUILT_IN = {
    "0": "General", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%",
    "11": "0.00E+00", "14": "mm-dd-yy", "49": "@",
}  # fmt: skip


def dump_workbook(path: Path) -> list[tuple[str, str]]:
    """Every key and value of the workbook, sheet by sheet, then what they share."""
    with ZipFile(path) as file:
        return list(_Package(file).lines())


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def flatten(element: Element, path: str, relations: dict[str, str] | None = None) -> Lines:
    """An element and those within it, a line for each that has attributes or a text."""
    attributes = []
    for name, value in element.attrib.items():
        if name.startswith(_RELATION) and relations is not None:
            value = f"-> {relations.get(value, value)}"
        attributes.append(f"{name.rpartition('}')[2]}={json.dumps(value, ensure_ascii=False)}")
    text = element.text or ""
    if text.strip() or not len(element):
        attributes += [json.dumps(text, ensure_ascii=False)] if text else []
    if attributes or not len(element):
        yield path, " ".join(attributes)
    counts = Counter(_name(child) for child in element)
    seen: Counter[str] = Counter()
    for child in element:
        name = _name(child)
        seen[name] += 1
        number = f"[{seen[name]}]" if counts[name] > 1 else ""
        yield from flatten(child, f"{path}/{name}{number}", relations)
        if (child.tail or "").strip():
            yield f"{path}/{name}{number}/after", json.dumps(child.tail, ensure_ascii=False)


def _joined(element: Element | None) -> str:
    """An element in one line."""
    if element is None:
        return ""
    return "; ".join(f"{key} {value}".strip() for key, value in flatten(element, _name(element)))


class _Package:
    """The parts of one workbook, walked from its sheets to what belongs to each."""

    def __init__(self, file: ZipFile) -> None:
        self._file = file
        self._names = set(file.namelist())
        self._told: set[str] = set()
        self._used: dict[str, str] = {}
        self._strings = [_string(one) for one in self._root("xl/sharedStrings.xml") or ()]
        self._styles = self._read_styles()

    def _root(self, part: str) -> Element | None:
        if part not in self._names:
            return None
        self._told.add(part)
        return ElementTree.fromstring(self._file.read(part))

    def _read_styles(self) -> list[str]:
        root = self._root("xl/styles.xml")
        self._conditions: list[str] = []
        if root is None:
            return []
        groups = {_name(group): list(group) for group in root}
        given = groups.get("numFmts", ())
        codes = _BUILT_IN | {one.attrib["numFmtId"]: one.attrib["formatCode"] for one in given}
        self._conditions = [_joined(one) for one in groups.get("dxfs", ())]

        def told(xf: Element) -> str:
            given = xf.attrib
            number = given.get("numFmtId", "0")
            parts = [f"number={json.dumps(codes.get(number, number), ensure_ascii=False)}"]
            for group, name in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
                parts.append(_joined(groups[group][int(given.get(name, "0"))]))
            parts += [_joined(child) for child in xf]
            parts += [f"{name}={given[name]}" for name in ("quotePrefix",) if name in given]
            return " | ".join(part for part in parts if part)

        return [told(xf) for xf in groups.get("cellXfs", ())]

    def _style(self, number: str) -> str:
        """The label of a style, made of what it is: letters alone, which are read as no number."""
        told = self._styles[int(number)] if self._styles else ""
        digest = int(hashlib.sha256(told.encode()).hexdigest(), 16)
        label = "".join(chr(97 + digest // 26**i % 26) for i in range(5))
        if self._used.setdefault(label, told) != told:
            raise ValueError(f"two styles have the label {label}: take more letters")
        return label

    def lines(self) -> Lines:
        book = "xl/workbook.xml"
        targets = self._targets(book)
        root = self._root(book)
        assert root is not None
        names = {}
        for sheet in root.iter():
            if _name(sheet) == "sheet":
                name = sheet.attrib["name"]
                names[targets[sheet.attrib[f"{_RELATION}id"]]] = name
        labels = {number: names.get(part, part) for number, part in targets.items()}
        for number, name in enumerate(names.values()):
            for defined in root.iter():
                if defined.attrib.get("localSheetId") == str(number):
                    defined.attrib["localSheetId"] = name
        yield from ((f"book!{key}", value) for key, value in flatten(root, "workbook", labels))
        for part, name in names.items():
            yield from ((f"{name}!{key}", value) for key, value in self._sheet(part))
        for label, told in sorted(self._used.items()):
            yield f"styles!{label}", told
        for number, told in enumerate(self._conditions):
            del number
            if told:
                yield f"conditions!{hashlib.sha256(told.encode()).hexdigest()[:12]}", told
        for part in sorted(self._names - self._told):
            yield from self._other(part)

    def _targets(self, part: str) -> dict[str, str]:
        """The parts (or addresses outside) that a part relates to, by their ids."""
        folder, name = posixpath.split(part)
        rels = self._root(f"{folder}/_rels/{name}.rels")
        if rels is None:
            return {}
        return {
            one.attrib["Id"]: one.attrib["Target"]
            if one.attrib.get("TargetMode") == "External"
            else posixpath.normpath(posixpath.join(folder, one.attrib["Target"])).lstrip("/")
            for one in rels
        }

    def _sheet(self, part: str) -> Lines:
        root = self._root(part)
        assert root is not None
        related = self._targets(part)
        labels = {number: _label(target) for number, target in related.items()}
        for child in list(root):
            name = _name(child)
            if name == "sheetData":
                for row in child:
                    yield from self._row(row)
                continue
            for one in child.iter():
                if "dxfId" in one.attrib:
                    one.attrib["dxfId"] = self._conditions[int(one.attrib["dxfId"])]
                if _name(one) == "col" and "style" in one.attrib:
                    one.attrib["style"] = self._style(one.attrib["style"])
            if name == "mergeCells":
                for merged in child:
                    yield f"merged/{merged.attrib['ref']}", ""
                continue
            yield from flatten(child, name, labels)
        for target in related.values():
            yield from self._belonging(target, _label(target))

    def _row(self, row: Element) -> Lines:
        given = {name: value for name, value in row.attrib.items() if name not in _SKIPPED_OF_ROW}
        if "s" in given:
            given["s"] = self._style(given["s"])
        if given:
            told = " ".join(f"{name.rpartition('}')[2]}={value}" for name, value in given.items())
            yield f"row {row.attrib['r']}", told
        for cell in row:
            yield cell.attrib["r"], f"{self._style(cell.attrib.get('s', '0'))} {self._cell(cell)}"

    def _cell(self, cell: Element) -> str:
        parts = {_name(child): child for child in cell}
        kind = cell.attrib.get("t", "n")
        value = (parts["v"].text or "") if "v" in parts else ""
        if kind == "s":
            told = self._strings[int(value)]
        elif kind == "inlineStr":
            told = _string(parts["is"])
        elif kind in ("str", "e"):
            told = f"{kind} {json.dumps(value, ensure_ascii=False)}"
        else:
            told = value if kind == "n" else f"{kind} {value}"
        formula = parts.get("f")
        return told if formula is None else f"{_joined(formula)} = {told}"

    def _belonging(self, part: str, label: str) -> Lines:
        """What belongs to a sheet: its drawings with their charts, comments, tables."""
        if part not in self._names or part in self._told:
            return
        related = self._targets(part)
        labels = {
            number: f"{_label(target)} {place}"
            for place, (number, target) in enumerate(related.items(), start=1)
        }
        root = self._root(part)
        assert root is not None
        if _name(root) == "chartSpace":
            _leave_numbers_of_axes(root)
        yield from ((f"{label}:{key}", value) for key, value in flatten(root, _name(root), labels))
        for number, target in related.items():
            yield from self._belonging(target, f"{label} {labels[number]}")

    def _other(self, part: str) -> Lines:
        if part == "[Content_Types].xml" or part.endswith(".rels"):
            return
        data = self._file.read(part)
        if part.endswith("theme1.xml") or not part.endswith((".xml", ".vml")):
            yield f"{part}!digest", hashlib.sha256(data).hexdigest()[:12]
            return
        root = ElementTree.fromstring(data)
        yield from ((f"{part}!{key}", value) for key, value in flatten(root, _name(root)))


def _string(element: Element) -> str:
    """A text; with its runs where it has several formats."""
    if all(_name(child) == "t" for child in element):
        return json.dumps("".join(child.text or "" for child in element), ensure_ascii=False)
    return f"rich {_joined(element)}"


def _label(target: str) -> str:
    """What a part is, without the number in its name."""
    if "://" in target or target.startswith(("#", "mailto:")):
        return target
    return re.sub(r"\d+$", "", posixpath.splitext(posixpath.basename(target))[0])


def _leave_numbers_of_axes(root: Element) -> None:
    """Name the axes of a chart in their order: their numbers follow from its place in the book."""
    order: dict[str, str] = {}
    for one in root.iter():
        if _name(one) in ("axId", "crossAx"):
            number = one.attrib["val"]
            one.attrib["val"] = order.setdefault(number, f"axis {len(order) + 1}")
