"""A copy of the planner's own workbook with every faulty cell marked, and nothing else changed.

The parts of the archive are edited as text: a library that reads and writes whole workbooks would
lose the values that formulas last gave, charts, images and whatever it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cssopt.issues import Issue, Severity
from cssopt.workbook.comments import add_comments
from cssopt.workbook.package import Package, append_child, attribute, root_prefix, xml_text

_CELL = re.compile(r"(?P<sheet>.+)!(?P<cell>[A-Z]{1,3}[1-9]\d{0,6})")
_FILLS = {Severity.ERROR: "FFFFC7CE", Severity.WARNING: "FFFFEB9C"}
_WORKBOOK = "xl/workbook.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TITLE = "issues"


def mark_copy(content: bytes, issues: Sequence[Issue]) -> bytes:
    """The workbook with a fill and a comment on every cell that an issue names.

    `content` has passed the gate. A new last sheet, `issues`, lists every issue with a link to its
    cell. Values, formulas with what they last gave, charts, images and formats stay as they are.
    """
    package = Package(content)
    parts = _find_sheets(package)
    by_sheet: dict[str, dict[str, list[Issue]]] = {}
    for issue in issues:
        for where in (issue.where, *issue.cells):
            match = _CELL.fullmatch(where)
            if match and match["sheet"] in parts:
                by_sheet.setdefault(match["sheet"], {}).setdefault(match["cell"], []).append(issue)
    styles = _Styles(package)
    for title, cells in by_sheet.items():
        part = parts[title]
        text = package.read(part)
        for cell, found in cells.items():
            worst = min((issue.severity for issue in found), key=list(Severity).index)
            text = _fill_cell(text, cell, styles, _FILLS.get(worst, _FILLS[Severity.WARNING]))
        package.write(part, text)
        notes = {cell: "\n".join(map(_sentence, found)) for cell, found in cells.items()}
        add_comments(package, part, notes)
    styles.write()
    _add_issue_sheet(package, issues, parts)
    return package.pack()


def _sentence(issue: Issue) -> str:
    return f"{issue.code}: {issue.text}"


def _find_sheets(package: Package) -> dict[str, str]:
    """Parts of the sheets by title."""
    targets = {identifier: part for identifier, _, part in package.relations(_WORKBOOK)}
    tags = re.findall(r"<(?:\w+:)?sheet\b[^>]*>", package.read(_WORKBOOK))
    return {
        attribute(tag, "name"): targets[identifier]
        for tag in tags
        if (identifier := attribute(tag, r"\w+:id")) in targets
    }


class _Styles:
    """Formats of cells: clones of those that cells have, with another fill."""

    def __init__(self, package: Package) -> None:
        self._package = package
        workbook = {kind: part for _, kind, part in package.relations(_WORKBOOK)}
        self._part = workbook.get("styles", "xl/styles.xml")
        self._text = package.read(self._part)
        self._prefix = root_prefix(self._text)
        self._fills: dict[str, int] = {}
        self._made: dict[tuple[int, str], int] = {}

    def clone(self, style: int, color: str) -> int:
        """Number of the format `style` with a fill of that color."""
        if (style, color) not in self._made:
            formats = self._children("cellXfs", "xf")
            own = formats[min(style, len(formats) - 1)]
            tag = re.match(r"<[^>]*>", own)
            assert tag is not None
            filled = _set_attribute(tag[0], "fillId", str(self._fill(color)))
            filled = _set_attribute(filled, "applyFill", "1")
            self._made[style, color] = self._append("cellXfs", "xf", filled + own[tag.end() :])
        return self._made[style, color]

    def write(self) -> None:
        """Put the formats back into the workbook."""
        self._package.write(self._part, self._text)

    def _fill(self, color: str) -> int:
        if color not in self._fills:
            p = self._prefix
            fill = f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{color}"/>'
            fill += f'<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>'
            self._fills[color] = self._append("fills", "fill", fill)
        return self._fills[color]

    def _block(self, element: str) -> re.Match[str]:
        p = self._prefix
        match = re.search(rf"(<{p}{element}\b[^>]*>)(.*?)</{p}{element}>", self._text, re.DOTALL)
        if match is None:
            raise ValueError(f"styles without {element}")
        return match

    def _children(self, element: str, child: str) -> list[str]:
        p = self._prefix
        one = rf"<{p}{child}\b(?:[^>]*/>|[^>]*>.*?</{p}{child}>)"
        return re.findall(one, self._block(element)[2], re.DOTALL)

    def _append(self, element: str, child: str, entry: str) -> int:
        count = len(self._children(element, child))
        block = self._block(element)
        opened = _set_attribute(block[1], "count", str(count + 1))
        new = f"{opened}{block[2]}{entry}</{self._prefix}{element}>"
        self._text = self._text[: block.start()] + new + self._text[block.end() :]
        return count


def _set_attribute(tag: str, name: str, value: str) -> str:
    pattern = re.compile(rf"""(?<![\w:]){name}\s*=\s*("[^"]*"|'[^']*')""")
    if pattern.search(tag):
        return pattern.sub(f'{name}="{value}"', tag, count=1)
    end = "/>" if tag.endswith("/>") else ">"
    return f'{tag[: -len(end)].rstrip()} {name}="{value}"{end}'


def _fill_cell(text: str, cell: str, styles: _Styles, color: str) -> str:
    """The sheet with a fill on one cell, which is made where there is none."""
    p = root_prefix(text)
    tag = re.search(rf"""<{p}c\b[^>]*?(?<![\w:])r=["']{cell}["'][^>]*>""", text)
    if tag is not None:
        style = styles.clone(int(attribute(tag[0], "s") or 0), color)
        return text[: tag.start()] + _set_attribute(tag[0], "s", str(style)) + text[tag.end() :]
    new = f'<{p}c r="{cell}" s="{styles.clone(0, color)}"/>'
    number = int(re.sub(r"\D", "", cell))
    row = re.search(rf"""<{p}row\b[^>]*?(?<![\w:])r=["']{number}["'][^>]*>""", text)
    if row is None:
        return _add_row(text, p, number, new)
    if row[0].endswith("/>"):
        opened = row[0][:-2].rstrip()
        return f"{text[: row.start()]}{opened}>{new}</{p}row>{text[row.end() :]}"
    end = text.index(f"</{p}row>", row.end())
    place = end
    for other in re.finditer(rf"<{p}c\b[^>]*>", text[row.end() : end]):
        if _order(attribute(other[0], "r")) > _order(cell):
            place = row.end() + other.start()
            break
    return text[:place] + new + text[place:]


def _add_row(text: str, p: str, number: int, cell: str) -> str:
    new = f'<{p}row r="{number}">{cell}</{p}row>'
    for row in re.finditer(rf"<{p}row\b[^>]*>", text):
        if int(attribute(row[0], "r") or 0) > number:
            return text[: row.start()] + new + text[row.start() :]
    return append_child(text, new, "sheetData")


def _order(cell: str) -> tuple[int, str]:
    letters = re.sub(r"\d", "", cell)
    return len(letters), letters


def _add_issue_sheet(package: Package, issues: Sequence[Issue], parts: dict[str, str]) -> None:
    title, count = _TITLE, 1
    taken = {name.casefold() for name in parts}
    while title.casefold() in taken:
        count += 1
        title = f"{_TITLE} ({count})"
    part = package.free_name("xl/worksheets/cssopt_issues{}.xml")
    package.write(part, _write_issues(issues, parts))
    package.declare(part, _SHEET_TYPE)
    identifier = package.relate(_WORKBOOK, "worksheet", part)
    text = package.read(_WORKBOOK)
    p = root_prefix(text)
    numbers = [int(attribute(t, "sheetId") or 0) for t in re.findall(rf"<{p}sheet\b[^>]*>", text)]
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    entry = f'<{p}sheet name="{xml_text(title)}" sheetId="{max(numbers, default=0) + 1}" '
    entry += f'xmlns:cssopt="{space}" cssopt:id="{identifier}"/>'
    package.write(_WORKBOOK, append_child(text, entry, "sheets"))


def _write_issues(issues: Sequence[Issue], parts: dict[str, str]) -> str:
    rows, links = [_row(1, ("code", "where", "what is wrong, and the mend"))], []
    for number, issue in enumerate(issues, start=2):
        rows.append(_row(number, (issue.code, issue.where, issue.text)))
        sheet, _, place = issue.where.rpartition("!")
        if issue.where in parts:
            sheet, place = issue.where, "A1"
        if sheet in parts:
            quoted = sheet.replace("'", "''")
            location = xml_text(f"'{quoted}'!{place}")
            links.append(f'<hyperlink ref="B{number}" location="{location}"/>')
    widths = "".join(
        f'<col min="{i}" max="{i}" width="{width}" customWidth="1"/>'
        for i, width in enumerate((9, 28, 120), start=1)
    )
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_MAIN}"><sheetViews>'
        '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        f'state="frozen"/></sheetView></sheetViews><cols>{widths}</cols>'
        f"<sheetData>{''.join(rows)}</sheetData>{linked}</worksheet>"
    )


def _row(number: int, texts: Sequence[str]) -> str:
    cells = "".join(
        f'<c r="{letter}{number}" t="inlineStr"><is><t xml:space="preserve">{xml_text(text)}</t>'
        "</is></c>"
        for letter, text in zip("ABC", texts, strict=True)
    )
    return f'<row r="{number}">{cells}</row>'
