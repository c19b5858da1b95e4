"""Comments on cells of a sheet that may have some already: the note and the box that shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cssopt.workbook.package import Package, append_child, attribute, root_prefix, xml_text

_AUTHOR = "cssopt"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_BOXES_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AFTER_BOXES = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
_NO_COMMENTS = (
    f'<?xml version="1.0" encoding="UTF-8"?><comments xmlns="{_MAIN}">'
    "<authors></authors><commentList></commentList></comments>"
)
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


def add_comments(package: Package, sheet: str, notes: Mapping[str, str]) -> None:
    """Add a comment to each cell; where there is one already, the note follows its text."""
    related = {kind: part for _, kind, part in package.relations(sheet)}
    comments = related.get("comments")
    if comments is None or comments not in package:
        comments = package.free_name("xl/cssopt_comments{}.xml")
        package.write(comments, _NO_COMMENTS)
        package.declare(comments, _COMMENTS_TYPE)
        package.relate(sheet, "comments", comments)
    text = package.read(comments)
    text, author = _add_author(text)
    fresh = []
    for cell, note in notes.items():
        text, is_new = _add_note(text, cell, note, author)
        if is_new:
            fresh.append(cell)
    package.write(comments, text)
    if fresh:
        _add_boxes(package, sheet, fresh)


def _add_author(text: str) -> tuple[str, int]:
    p = root_prefix(text)
    count = len(re.findall(rf"<{p}author\b", text))
    return append_child(text, f"<{p}author>{_AUTHOR}</{p}author>", "authors"), count


def _add_note(text: str, cell: str, note: str, author: int) -> tuple[str, bool]:
    p = root_prefix(text)
    preserved = f'<{p}t xml:space="preserve">'
    known = re.search(rf"""<{p}comment\b[^>]*(?<![\w:])ref=["']{cell}["'][^>]*>""", text)
    if known is not None:
        end = text.index(f"</{p}text>", known.end())
        run = f"<{p}r>{preserved}&#10;{xml_text(note)}</{p}t></{p}r>"
        return text[:end] + run + text[end:], False
    entry = f'<{p}comment ref="{cell}" authorId="{author}"><{p}text>'
    entry += f"<{p}r>{preserved}{xml_text(note)}</{p}t></{p}r></{p}text></{p}comment>"
    return append_child(text, entry, "commentList"), True


def _add_boxes(package: Package, sheet: str, cells: list[str]) -> None:
    part = _find_boxes(package, sheet)
    text = package.read(part)
    boxes = "" if 'id="_x0000_t202"' in text else _BOX_TYPE
    for cell in cells:
        column = 0
        for letter in re.sub(r"\d", "", cell):
            column = 26 * column + ord(letter) - 64
        row = int(re.sub(r"\D", "", cell)) - 1
        boxes += _BOX.format(name=cell, row=row, column=column - 1)
    before, end, after = text.rpartition("</xml>")
    package.write(part, f"{before}{boxes}{end}{after}")


def _find_boxes(package: Package, sheet: str) -> str:
    """The drawing of the sheet's comment boxes, made where there is none."""
    text = package.read(sheet)
    p = root_prefix(text)
    shown = re.search(rf"<{p}legacyDrawing\b[^>]*>", text)
    if shown is not None:
        identifier = attribute(shown[0], r"\w+:id")
        for known, _, part in package.relations(sheet):
            if known == identifier and part in package:
                return part
    part = package.free_name("xl/drawings/cssopt_boxes{}.vml")
    package.write(part, _NO_BOXES)
    package.declare(part, _BOXES_TYPE)
    identifier = package.relate(sheet, "vmlDrawing", part)
    entry = f'<{p}legacyDrawing xmlns:cssopt="{_OFFICE}" cssopt:id="{identifier}"/>'
    later = re.search(rf"<{p}(?:{'|'.join(_AFTER_BOXES)})\b", text)
    place = later.start() if later else text.rindex(f"</{p}worksheet>")
    package.write(sheet, text[:place] + entry + text[place:])
    return part
