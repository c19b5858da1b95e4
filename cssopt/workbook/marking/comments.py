"""Comments on cells of a sheet that may have some already: the note and the box that shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from cssopt.workbook.marking.package import Package, Relation
from cssopt.workbook.markup import Element, Markup, narrow, xml_text
from cssopt.workbook.sheet_cells import find_place

_AUTHOR = "cssopt"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_BOXES_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AFTER_BOXES: Final = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
"""What must stand after the pointer to the boxes in a sheet."""
_NO_BOXES = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"></xml>'
)
_BOX_TYPE = (
    '<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" id="_x0000_t202" '
    'coordsize="21600,21600" path="m,l,21600r21600,l21600,xe"></v:shapetype>'
)
_BOX = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel" id="cssopt_{name}" type="#_x0000_t202" '
    "style='position:absolute;margin-left:80pt;margin-top:5pt;width:260pt;height:90pt;z-index:9;"
    'visibility:hidden\' fillcolor="#ffffe1"><v:textbox/><x:ClientData ObjectType="Note">'
    "<x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>"
    "<x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_ROOT_END = re.compile(rb"</(?:\w+:)?xml\s*>(?=\s*(?:<!--.*?-->\s*)*\Z)", re.DOTALL)
_BARE_ROOT = re.compile(rb"(<((?:\w+:)?xml)\b[^<>]*?)/>\s*\Z", re.DOTALL)


def add_comments(package: Package, part: str, sheet: Markup, notes: Mapping[str, str]) -> None:
    """Add a comment to each cell; where there is one already, the note follows its text.

    `sheet` is the markup of the sheet that is `part`; the pointer to the boxes goes into it.
    Raises ValueError where the comments or boxes that are there cannot be added to.
    """
    empty = f'<comments xmlns="{package.main}"><authors/><commentList/></comments>'
    name = "cssopt_comments{}.xml"
    comments = package.find_or_add(part, "comments", name, empty, _COMMENTS_TYPE)
    markup = package.markup(comments)
    fresh = _add_notes(markup, notes)
    package.write(comments, markup.content())
    if fresh:
        boxes = _find_boxes(package, part, sheet)
        package.write(boxes, _add_boxes(package.read(boxes), fresh))


def _add_notes(markup: Markup, notes: Mapping[str, str]) -> list[str]:
    """Write the notes into the comments; gives the cells that had none."""
    root, p = markup.root, markup.prefix(markup.root)
    known: dict[str, Element] = {}
    listed = root.find("commentList")
    for comment in listed.all("comment") if listed else ():
        known.setdefault(comment.attribute("ref").replace("$", "").upper(), comment)
    authors = root.find("authors")
    author = len(list(authors.all("author"))) if authors else 0
    fresh: list[str] = []
    entries = ""

    def run(note: str) -> str:
        return f'<{p}r><{p}t xml:space="preserve">{xml_text(note)}</{p}t></{p}r>'

    for cell, note in notes.items():
        text = f"<{p}text>{run(note)}</{p}text>"
        there = known.get(cell)
        if there is None:
            fresh.append(cell)
            entries += f'<{p}comment ref="{cell}" authorId="{author}">{text}</{p}comment>'
        elif own := there.find("text"):
            markup.insert(own, run(f"\n{note}"), ("rPh", "phoneticPr"))
        else:
            markup.insert(there, text, ("commentPr", "AlternateContent"))
    if entries:
        name = f"<{p}author>{_AUTHOR}</{p}author>"
        if authors:
            markup.append(authors, name)
        else:
            markup.insert(root, f"<{p}authors>{name}</{p}authors>", ("commentList", "extLst"))
        if listed:
            markup.append(listed, entries)
        else:
            markup.insert(root, f"<{p}commentList>{entries}</{p}commentList>", ("extLst",))
    return fresh


def _add_boxes(content: bytes, cells: list[str]) -> bytes:
    """Drawings of boxes are not always XML, though they look so: their end is found as text."""
    content = narrow(content)
    boxes = "" if b'"_x0000_t202"' in content else _BOX_TYPE
    for cell in cells:
        row, column = find_place(cell)
        boxes += _BOX.format(name=cell, row=row - 1, column=column - 1)
    added = boxes.encode("ascii")
    if end := _ROOT_END.search(content):
        return content[: end.start()] + added + content[end.start() :]
    if bare := _BARE_ROOT.search(content):
        return content[: bare.end(1)] + b">" + added + b"</" + bare[2] + b">"
    raise ValueError("the drawing of its comments has no end")


def _find_boxes(package: Package, part: str, sheet: Markup) -> str:
    """The drawing of the sheet's comment boxes, made where there is none."""
    shown = sheet.root.find("legacyDrawing")
    known: Relation | None = None
    if shown:
        name = shown.attribute("id")
        known = next((r for r in package.relations(part) if r.name == name), None)
    if known and known.there:
        return known.part
    boxes = known.part if known else package.place("drawings/cssopt_boxes{}.vml")
    package.write(boxes, _NO_BOXES)
    package.declare(boxes, _BOXES_TYPE)
    if known:
        return boxes
    name = package.relate(part, "vmlDrawing", boxes)
    if shown:
        sheet.remove(shown)
    entry = f'<{sheet.prefix(sheet.root)}legacyDrawing xmlns:cssopt="{package.office}" '
    sheet.insert(sheet.root, f'{entry}cssopt:id="{name}"/>', _AFTER_BOXES)
    return boxes
