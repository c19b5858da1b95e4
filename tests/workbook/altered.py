"""Good workbooks spelled in other ways, by chance: what they hold stays, how it is written changes.

Each change alters the parts of a package, or nothing where it does not apply. `alter` draws some of
them by a seed; those of the bytes and of the archive come last.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from random import Random

Parts = dict[str, str | bytes]
Change = Callable[[Random, Parts], None]

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEETS = ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml")
STYLES, STRINGS, COMMENTS = "xl/styles.xml", "xl/sharedStrings.xml", "xl/comments1.xml"
BOXES = "xl/drawings/vmlDrawing1.vml"
RELATIONS, TYPES, ROOT = "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "_rels/.rels"
SHEET_RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"

_ROW = re.compile(r"<row\b([^>]*)(?<!/)>(.*?)</row>", re.DOTALL)
_CELL = re.compile(r"<c\b[^>]*/>|<c\b.*?</c>", re.DOTALL)


def alter(content: bytes, seed: int) -> tuple[bytes, list[str]]:
    """The workbook with some changes, and their names."""
    random = Random(seed)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: Parts = {}
        for name in archive.namelist():
            part = archive.read(name)
            parts[name] = part.decode() if name.endswith((".xml", ".rels", ".vml")) else part
    drawn = []
    for change in (*CELLS, *LISTS, *SPELLINGS, *NAMES):
        if random.random() < 0.25:
            before = dict(parts)
            change(random, parts)
            if parts != before:
                drawn.append(change.__name__)
    if random.random() < 0.5:
        choice = random.choice(BYTES)
        choice(random, parts)
        drawn.append(choice.__name__)
    return _pack(random, parts, drawn), drawn


def damage(content: bytes, seed: int) -> bytes:
    """The workbook with bytes of its XML changed, put in or left out, anywhere."""
    random = Random(seed)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(random.randint(1, 3)):
        name = random.choice([part for part in parts if part.endswith((".xml", ".rels", ".vml"))])
        part = bytearray(parts[name])
        place = random.randrange(len(part))
        quoted = list(re.finditer(rb'"[^"]*"|<[^<>]*>', bytes(part)))
        kind = random.randrange(4)
        if kind == 0:
            part[place : place + 1] = bytes([random.randrange(256)])
        elif kind == 1:
            part[place : place + random.randint(0, 40)] = random.choice(_PIECES)
        elif kind == 2 and quoted:
            match = random.choice(quoted)
            part[match.start() : match.end()] = random.choice(_PIECES)
        elif kind == 3:
            start = random.randrange(len(part))
            part[place:place] = part[start : start + random.randint(1, 60)]
        parts[name] = bytes(part) or b" "
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return output.getvalue()


_PIECES = (
    b"", b"", b"<", b'"', b"&", b"<a>", b"<!--", b"]]>", b' r="B3"', b"</row>", b"\xff", b'""',
    b'"-1"', b'"0"', b'"99999999999"', b'"A1"', b'"rId1"', b'"../x"', b"<row/>",
)  # fmt: skip


def _edit(parts: Parts, name: str, old: str, new: str) -> None:
    text = parts.get(name)
    if isinstance(text, str):
        parts[name] = re.sub(old, lambda match: match.expand(new), text, count=1, flags=re.DOTALL)


def _column(address: str) -> int:
    number = 0
    for letter in address.rstrip("0123456789"):
        number = 26 * number + ord(letter) - 64
    return number


# --- cells and rows


def some_cells_without_address(random: Random, parts: Parts) -> None:
    def strip(row: re.Match[str]) -> str:
        last, cells = 0, []
        for cell in _CELL.findall(row[2]):
            address = re.search(r' r="([A-Z]+\d+)"', cell)
            column = _column(address[1]) if address else last + 1
            if address and column == last + 1 and random.random() < 0.7:
                cell = cell.replace(address[0], "", 1)
            cells.append(cell)
            last = column
        return f"<row{row[1]}>{''.join(cells)}</row>"

    for name in SHEETS:
        parts[name] = _ROW.sub(strip, str(parts[name]))


def some_rows_without_address(random: Random, parts: Parts) -> None:
    for name in SHEETS:
        last = 0

        def strip(row: re.Match[str]) -> str:
            nonlocal last
            address = re.search(r' r="(\d+)"', row[1])
            number = int(address[1]) if address else last + 1
            follows, last = number == last + 1, number
            if address and follows and random.random() < 0.7:
                return row[0].replace(address[0], "", 1)
            return row[0]

        parts[name] = _ROW.sub(strip, str(parts[name]))


def cells_shuffled(random: Random, parts: Parts) -> None:
    def shuffle(row: re.Match[str]) -> str:
        cells = _CELL.findall(row[2])
        if all(re.match(r'<c[^>]* r="', cell) for cell in cells):
            random.shuffle(cells)
        return f"<row{row[1]}>{''.join(cells)}</row>"

    parts[SHEETS[0]] = _ROW.sub(shuffle, str(parts[SHEETS[0]]))


def empty_rows(random: Random, parts: Parts) -> None:
    _edit(parts, SHEETS[0], r"</sheetData>", '<row r="9"/><row r="12" ht="30"></row></sheetData>')


def row_and_column_formats(random: Random, parts: Parts) -> None:
    _edit(parts, SHEETS[0], r'<row r="3"', '<row r="3" s="1" customFormat="1"')


# --- lists that other things are put into


def no_styles(random: Random, parts: Parts) -> None:
    parts.pop(STYLES)
    if random.random() < 0.5:
        _edit(parts, RELATIONS, r"<Relationship [^>]*styles[^>]*/>", "")
        _edit(parts, TYPES, r"<Override[^>]*/styles.xml[^>]*/>", "")


def bare_styles(random: Random, parts: Parts) -> None:
    if STYLES in parts:
        parts[STYLES] = f'<styleSheet xmlns="{MAIN}"/>'


def no_fills(random: Random, parts: Parts) -> None:
    _edit(parts, STYLES, r"<fills.*?</fills>", random.choice(["", "<fills/>"]))


def empty_fill(random: Random, parts: Parts) -> None:
    _edit(parts, STYLES, r'<fill><patternFill patternType="none"/></fill>', "<fill/>")


def no_formats(random: Random, parts: Parts) -> None:
    _edit(parts, STYLES, r"<cellXfs.*?</cellXfs>", random.choice(["", "<cellXfs/>"]))


def no_counts(random: Random, parts: Parts) -> None:
    for name in (STYLES, STRINGS):
        if name in parts:
            parts[name] = re.sub(r' (?:uniqueC|c)ount="\d+"', "", str(parts[name]))


def no_authors(random: Random, parts: Parts) -> None:
    _edit(parts, COMMENTS, r"<authors>.*</authors>", random.choice(["", "<authors/>"]))


def plain_comments(random: Random, parts: Parts) -> None:
    if COMMENTS in parts:
        text = str(parts[COMMENTS])
        parts[COMMENTS] = re.sub(r"<r>.*?(<t\b.*?</t>)</r>", r"\1", text, flags=re.DOTALL)


def said_comments(random: Random, parts: Parts) -> None:
    _edit(parts, COMMENTS, r"</text>", '<rPh sb="0" eb="1"><t>kana</t></rPh></text>')


def no_comments(random: Random, parts: Parts) -> None:
    """The relation stays and points at nothing."""
    parts.pop(COMMENTS)
    parts.pop(BOXES, None)
    _edit(parts, SHEETS[0], r"<legacyDrawing [^>]*/>", "")


def no_boxes(random: Random, parts: Parts) -> None:
    parts.pop(BOXES, None)


def pointer_to_nothing(random: Random, parts: Parts) -> None:
    parts.pop(BOXES, None)
    _edit(parts, SHEET_RELATIONS, r"<Relationship [^>]*vmlDrawing[^>]*/>", "")


def untidy_boxes(random: Random, parts: Parts) -> None:
    """Excel itself writes drawings that are no XML."""
    _edit(parts, BOXES, r"</x:ClientData>", "<x:Anchor>1<br>2</x:Anchor></x:ClientData>")


def threads(random: Random, parts: Parts) -> None:
    """Comments of Excel 365: the thread beside the comment that others read."""
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    kind = "http://schemas.microsoft.com/office/2017/10/relationships"
    parts["xl/threadedComments/threadedComment1.xml"] = (
        f'<ThreadedComments xmlns="{space}"><threadedComment ref="B3" dT="2030-01-01T00:00:00.00" '
        'personId="{11111111-1111-1111-1111-111111111111}" id="{22222222-2222-2222-2222-'
        '222222222222}"><text>as of May</text></threadedComment></ThreadedComments>'
    )
    parts["xl/persons/person.xml"] = (
        f'<personList xmlns="{space}"><person displayName="Planner" id="{{11111111-1111-1111-1111-'
        '111111111111}" userId="x" providerId="None"/></personList>'
    )
    for name, target, word in (
        (SHEET_RELATIONS, "../threadedComments/threadedComment1.xml", "threadedComment"),
        (RELATIONS, "persons/person.xml", "person"),
    ):
        entry = f'<Relationship Id="rIdT" Type="{kind}/{word}" Target="{target}"/>'
        _edit(parts, name, "</Relationships>", entry + "</Relationships>")


def relations_to_nothing(random: Random, parts: Parts) -> None:
    entry = f'<Relationship Id="rIdX" Type="{OFFICE}/drawing" Target="../drawings/gone.xml"/>'
    _edit(parts, SHEET_RELATIONS, "</Relationships>", entry + "</Relationships>")


def alternate_controls(random: Random, parts: Parts) -> None:
    choice = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice Requires="x14"><controls/></mc:Choice></mc:AlternateContent>'
    )
    _edit(parts, SHEETS[0], r"(<tableParts|</worksheet>)", choice.replace("\\", "") + r"\1")


def merged_cells(random: Random, parts: Parts) -> None:
    merged = '<mergeCells count="1"><mergeCell ref="C3:D3"/></mergeCells>'
    _edit(parts, SHEETS[0], "</sheetData>", "</sheetData>" + merged)


# --- spellings of XML


def _texts(parts: Parts) -> list[str]:
    return [name for name, part in parts.items() if isinstance(part, str) and name[-4:] != ".vml"]


def prefixes(random: Random, parts: Parts) -> None:
    for name in (*SHEETS, STYLES, STRINGS, COMMENTS, "xl/workbook.xml", TYPES, RELATIONS):
        if name in parts:
            text = re.sub(r"<(/?)(\w+)(?=[\s/>])", r"<\1x:\2", str(parts[name]))
            # A part that declares the prefix for something else keeps to it.
            if "xmlns:x=" not in text and "<x:x:" not in text:
                parts[name] = text.replace(' xmlns="', ' xmlns:x="', 1)


def single_quotes(random: Random, parts: Parts) -> None:
    for name in _texts(parts):
        parts[name] = re.sub(r'([\w:]+)="([^"\'<>]*)"', r"\1 = '\2'", str(parts[name]))


def blanks_between(random: Random, parts: Parts) -> None:
    for name in (*SHEETS, STYLES, RELATIONS, TYPES):
        if name in parts:
            text = re.sub(r">(?=<(?!/(?:\w+:)?[tvf]>))", ">\r\n  ", str(parts[name]))
            parts[name] = text


def noise(random: Random, parts: Parts) -> None:
    """Comments and instructions with tags in them, wherever an element begins."""
    for name in (*SHEETS, STYLES, COMMENTS, "xl/workbook.xml", RELATIONS, TYPES):
        if name not in parts:
            continue
        sign = random.choice(
            ['<!-- <c r="B3" s="1"/></row></sheetData> -->', '<?x <fills count="1"> </cellXfs>?>']
        )

        def put(match: re.Match[str], sign: str = sign) -> str:
            return match[0] + (sign if random.random() < 0.3 else "")

        parts[name] = re.sub(r"(?<=\w>)(?=<(?!/(?:\w+:)?[tvf]>))|(?<=/>)", put, str(parts[name]))


def sections(random: Random, parts: Parts) -> None:
    text = parts.get(STRINGS)
    if isinstance(text, str):
        text = re.sub(r"(<(?:x:)?t(?: [^>]*)?>)([^<&]*)(</)", r"\1<![CDATA[\2]]>\3", text)
        parts[STRINGS] = text


def numbers_for_signs(random: Random, parts: Parts) -> None:
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace("data", "d&#97;ta")


# --- names of parts


def absolute_targets(random: Random, parts: Parts) -> None:
    text = str(parts[RELATIONS])
    parts[RELATIONS] = re.sub(r"Target( ?= ?[\"'])(?!/)", r"Target\1/xl/", text)


def other_case(random: Random, parts: Parts) -> None:
    for name in list(parts):
        if random.random() < 0.3 and name not in (*SHEETS,):
            parts[_free(name.swapcase(), parts)] = parts.pop(name)


def _free(name: str, parts: Parts) -> str:
    assert name not in parts
    return name


def percent_signs(random: Random, parts: Parts) -> None:
    if SHEETS[1] in parts:
        parts["xl/worksheets/sheet 2.xml"] = parts.pop(SHEETS[1])
        for name in (RELATIONS, TYPES):
            for known in [part for part in parts if part.lower() == name.lower()]:
                parts[known] = str(parts[known]).replace("sheet2.xml", "sheet%202.xml")


# --- bytes


def byte_order_marks(random: Random, parts: Parts) -> None:
    for name in _texts(parts):
        parts[name] = "\ufeff" + str(parts[name])


def utf_16(random: Random, parts: Parts) -> None:
    for name in _texts(parts):
        if random.random() < 0.5:
            text = re.sub("utf-8", "UTF-16", str(parts[name]), count=1, flags=re.IGNORECASE)
            parts[name] = text.encode("utf-16")


def latin_1(random: Random, parts: Parts) -> None:
    for name in _texts(parts):
        text = str(parts[name])
        if "UTF-8" in text[:60]:
            parts[name] = text.replace("UTF-8", "ISO-8859-1", 1).encode(
                "latin-1", "xmlcharrefreplace"
            )


def no_declarations(random: Random, parts: Parts) -> None:
    for name in _texts(parts):
        parts[name] = re.sub(r"^<\?xml.*?\?>\s*", "", str(parts[name]))


CELLS: tuple[Change, ...] = (
    cells_shuffled, empty_rows, row_and_column_formats, some_cells_without_address,
    some_rows_without_address,
)  # fmt: skip
LISTS: tuple[Change, ...] = (
    no_styles, bare_styles, no_fills, empty_fill, no_formats, no_counts, no_authors,
    plain_comments, said_comments, no_comments, no_boxes, pointer_to_nothing, untidy_boxes, threads,
    relations_to_nothing, alternate_controls, merged_cells,
)  # fmt: skip
SPELLINGS: tuple[Change, ...] = (
    prefixes, single_quotes, blanks_between, noise, sections, numbers_for_signs,
)  # fmt: skip
NAMES: tuple[Change, ...] = (absolute_targets, percent_signs, other_case)
BYTES: tuple[Change, ...] = (byte_order_marks, utf_16, latin_1, no_declarations)


def _pack(random: Random, parts: Parts, drawn: list[str]) -> bytes:
    method = random.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
    slashes = random.random() < 0.2
    if slashes:
        drawn.append("backslashes")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        if random.random() < 0.3:
            archive.writestr(zipfile.ZipInfo("xl/"), b"")
        for name, part in parts.items():
            archive.writestr(name.replace("/", "\\") if slashes else name, part)
    return content.getvalue()
