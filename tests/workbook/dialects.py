"""One little table as many programs write it: packages made by hand, each lawful, all read alike.

Every dialect was met in public: in reports to the trackers of readers (calamine, readxl, SheetJS,
ExcelDataReader, EPPlus, PhpSpreadsheet, xlsx2csv, openxlsx, excelize, Apache POI) or in what a
program here writes. A dialect is a function that gives the bytes of a workbook; `DIALECTS` has them
by name. All of them hold the same cells, `CELLS`, on the sheet `data`, and `kept` in `notes!A1`.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"

TYPES = "[Content_Types].xml"
ROOT = "_rels/.rels"
BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
SHEET = "xl/worksheets/sheet1.xml"
NOTES = "xl/worksheets/sheet2.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"

Value = str | int | float | bool | None
Parts = dict[str, str]

TABLE: tuple[tuple[Value, ...], ...] = (
    ("force", "units", "share", "ready", "note"),
    ("Brigade Ærø & Søn", 4, 0.25, True, "007"),
    ("  two blanks  ", -3, 1e-9, False, 'a <tag> "quoted"'),
    (None, 1234567.5, None, True, "line one\nline two"),
    ("last", 12, 0.1, None, "=1+1"),
)
FORMULA = "B5"
"""This cell is the formula B2*3, and holds what it last gave."""

CELLS: dict[str, Value] = {
    f"{letter}{number}": value
    for number, row in enumerate(TABLE, start=1)
    for letter, value in zip("ABCDE", row, strict=True)
    if value is not None
}
"""What every dialect holds on the sheet `data`: cells by address, blanks left out."""

DIALECTS: dict[str, Callable[[], bytes]] = {}


def dialect(write: Callable[[], bytes]) -> Callable[[], bytes]:
    DIALECTS[write.__name__] = write
    return write


# --- the table as cells

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TEXTS = sorted({value for value in CELLS.values() if isinstance(value, str)} | {"kept"})


def _shared(text: str) -> tuple[str, str]:
    return ' t="s"', f"<v>{_TEXTS.index(text)}</v>"


def _inline(text: str) -> tuple[str, str]:
    return ' t="inlineStr"', f"<is>{_text(text)}</is>"


def _plain(text: str) -> tuple[str, str]:
    return ' t="str"', f'<v xml:space="preserve">{escape(text)}</v>'


def _cell(
    address: str,
    value: Value,
    text: Callable[[str], tuple[str, str]] = _shared,
    flags: tuple[str, str] = ("0", "1"),
    number: Callable[[float], str] = repr,
    number_type: str = "",
    addressed: bool = True,
) -> str:
    where = f' r="{address}"' if addressed else ""
    formula = "<f>B2*3</f>" if address == FORMULA else ""
    if value is None:
        return f"<c{where}/>"
    if isinstance(value, str):
        kind, content = text(value)
    elif isinstance(value, bool):
        kind, content = ' t="b"', f"<v>{flags[value]}</v>"
    else:
        kind, content = number_type, f"<v>{number(value)}</v>"
    return f"<c{where}{kind}>{formula}{content}</c>"


def _rows(addressed_rows: bool = True, spans: str = "", **how: object) -> list[str]:
    """The rows of the table; blanks are cells only where cells have no address."""
    rows = []
    for number, row in enumerate(TABLE, start=1):
        cells = [
            _cell(f"{letter}{number}", value, **how)
            for letter, value in zip("ABCDE", row, strict=True)
            if value is not None or not how.get("addressed", True)
        ]
        where = f' r="{number}"' if addressed_rows else ""
        rows.append(f"<row{where}{spans}>{''.join(cells)}</row>")
    return rows


def _sheet(rows: str, before: str = "", after: str = "", names: str = "") -> str:
    return (
        f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"{names}>{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


# --- the other parts

_STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="2">'
    '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    '</fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/>'
    '</cellStyleXfs><cellXfs count="1"><xf xfId="0"/></cellXfs></styleSheet>'
)


def _text(text: str) -> str:
    return f'<t xml:space="preserve">{escape(text)}</t>'


def _strings(item: Callable[[str], str] = _text) -> str:
    items = "".join(f"<si>{item(text)}</si>" for text in _TEXTS)
    return f'{DECLARATION}<sst xmlns="{MAIN}" count="99" uniqueCount="9">{items}</sst>'


def _types(**kinds: str) -> str:
    return _types_of(
        {
            BOOK: "sheet.main",
            SHEET: "worksheet",
            NOTES: "worksheet",
            STRINGS: "sharedStrings",
            STYLES: "styles",
            **kinds,
        }
    )


def _types_of(kinds: Mapping[str, str]) -> str:
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{SPREADSHEET}.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    return (
        f'{DECLARATION}<Types xmlns="{CONTENT}"><Default Extension="rels" ContentType="application'
        '/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
        f'"application/xml"/>{overrides}</Types>'
    )


def _relations(*relations: tuple[str, str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, kind, target in relations
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}">{entries}</Relationships>'


def _book(*sheets: tuple[str, int, str], before: str = "", after: str = "") -> str:
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="{relation}"/>'
        for name, number, relation in sheets
    )
    return (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}'
        f"<sheets>{listed}</sheets>{after}</workbook>"
    )


def _standard() -> Parts:
    """The parts as Excel writes them, without anything that a table does not need."""
    return {
        TYPES: _types(),
        ROOT: _relations(("rId1", "officeDocument", BOOK)),
        BOOK: _book(("data", 1, "rId1"), ("notes", 2, "rId2")),
        RELATIONS: _relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "worksheet", "worksheets/sheet2.xml"),
            ("rId3", "styles", "styles.xml"),
            ("rId4", "sharedStrings", "sharedStrings.xml"),
        ),
        SHEET: _sheet("".join(_rows())),
        NOTES: _sheet(f'<row r="1">{_cell("A1", "kept")}</row>'),
        STRINGS: _strings(),
        STYLES: _STYLES,
    }


def _without_strings(parts: Parts) -> Parts:
    """The same package without shared strings, for dialects that have none."""
    parts = {**parts, NOTES: _sheet(f'<row r="1">{_cell("A1", "kept", _inline)}</row>')}
    del parts[STRINGS]
    parts[TYPES] = re.sub(r"<Override[^>]*sharedStrings[^>]*/>", "", parts[TYPES])
    parts[RELATIONS] = re.sub(r"<Relationship [^>]*sharedStrings[^>]*/>", "", parts[RELATIONS])
    return parts


def _pack(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def _with(**changes: str) -> bytes:
    """The standard package with other parts, each by the name of its constant in small letters."""
    names = {"types": TYPES, "root": ROOT, "book": BOOK, "relations": RELATIONS, "sheet": SHEET,
             "notes": NOTES, "strings": STRINGS, "styles": STYLES}  # fmt: skip
    return _pack({**_standard(), **{names[key]: part for key, part in changes.items()}})


def _prefixed(text: str, prefix: str) -> str:
    """A part whose elements all have a prefix, as if its default namespace had that name."""
    text = re.sub(r"<(/?)(\w+)(?=[\s/>])", rf"<\1{prefix}:\2", text)
    return text.replace('xmlns="', f'xmlns:{prefix}="')


# --- cells


@dialect
def excel() -> bytes:
    """Excel, bare."""
    return _pack(_standard())


@dialect
def inline_strings() -> bytes:
    """R's writexl, Spout, XlsxWriter in constant memory: no shared strings."""
    return _pack(_without_strings({**_standard(), SHEET: _sheet("".join(_rows(text=_inline)))}))


@dialect
def texts_as_formula_results() -> bytes:
    """SheetJS, SAP, MATLAB and streaming writers: texts with t="str", as if a formula gave them."""
    return _pack(_without_strings({**_standard(), SHEET: _sheet("".join(_rows(text=_plain)))}))


@dialect
def no_addresses() -> bytes:
    """Power BI, Dynamics and others on the Open XML SDK: rows and cells in order, without r."""
    rows = "".join(_rows(addressed_rows=False, addressed=False, text=_inline))
    return _pack(_without_strings({**_standard(), SHEET: _sheet(rows)}))


@dialect
def rows_without_address() -> bytes:
    """Some reports of Reporting Services: the cells have r, their rows have not."""
    return _with(sheet=_sheet("".join(_rows(addressed_rows=False))))


@dialect
def cells_without_address() -> bytes:
    """Some laboratory programs: the rows have r, their cells have not."""
    return _with(sheet=_sheet("".join(_rows(addressed=False))))


@dialect
def addresses_here_and_there() -> bytes:
    """A bank's export (readxl 671): r only after a gap, for rows and for cells."""
    rows = _rows(addressed_rows=False, addressed=False)
    rows[2] = '<row r="3">' + rows[2].removeprefix("<row>")
    rows[3] = "<row>" + "".join(
        _cell(where, CELLS[where], addressed=where != "E4") for where in ("B4", "D4", "E4")
    ) + "</row>"  # fmt: skip
    return _with(sheet=_sheet("".join(rows)))


@dialect
def cells_out_of_order() -> bytes:
    """OpenSpout 362, 1C: the addresses decide, not the order of cells."""
    rows = "".join(_rows())
    rows = re.sub(r"(<c r=\"B\d\">(?:(?!<c ).)*)(<c r=\"C\d\">(?:(?!<c |</row>).)*)", r"\2\1", rows)
    return _with(sheet=_sheet(rows))


@dialect
def rows_out_of_order() -> bytes:
    """Ampersand, hand-made templates: the addresses decide, not the order of rows."""
    rows = _rows()
    return _with(sheet=_sheet("".join([rows[0], *reversed(rows[1:])])))


@dialect
def flags_as_words() -> bytes:
    """Open XML SDK, excel4node: true and false where Excel writes 1 and 0."""
    return _with(sheet=_sheet("".join(_rows(flags=("false", "true")))))


@dialect
def typed_numbers() -> bytes:
    """JasperReports, Apache POI: t="n" with every number."""
    return _with(sheet=_sheet("".join(_rows(number_type=' t="n"'))))


@dialect
def numbers_of_java() -> bytes:
    """Java and .NET: 4.0, 1.0E-9, 1.2345675E6."""

    def spell(number: float) -> str:
        if 1e-3 <= abs(number) < 1e7 and number != 1234567.5:
            return repr(float(number))
        mantissa, exponent = f"{number:.16E}".split("E")
        return f"{float(mantissa)!r}E{int(exponent)}"

    return _with(sheet=_sheet("".join(_rows(number=spell))))


@dialect
def numbers_of_seventeen_digits() -> bytes:
    """Excel and C: 0.10000000000000001, 1.0000000000000001E-9."""
    return _with(sheet=_sheet("".join(_rows(number=lambda n: f"{n:.17G}"))))


@dialect
def empty_cells_of_every_kind() -> bytes:
    """Exporters that write a cell for every field: blanks as empty texts, rows and formats."""
    blanks = {
        '<row r="4">': '<row r="4"><c r="A4" t="str"><v></v></c>',
        '<c r="D4"': '<c r="C4" t="inlineStr"><is><t></t></is></c><c r="D4"',
        '<c r="E5"': '<c r="D5" s="0"><v/></c><c r="E5"',
    }
    rows = "".join(_rows())
    for old, new in blanks.items():
        rows = rows.replace(old, new)
    rows += '<row r="6"/><row r="7" s="0" customFormat="1"></row><row r="9"><c r="F9" s="0"/></row>'
    notes = f'<row r="1">{_cell("A1", "kept")}</row><row r="2"/>'
    return _with(sheet=_sheet(rows), notes=_sheet(notes))


@dialect
def rich_and_phonetic_texts() -> bytes:
    """Japanese Excel, and anyone who made half a word bold: texts in runs, with how to say them."""

    def runs(text: str) -> str:
        first, second = escape(text[:2]), escape(text[2:])
        return (
            f'<r><rPr><b/></rPr><t xml:space="preserve">{first}</t></r>'
            f'<r><t xml:space="preserve">{second}</t></r>'
            '<rPh sb="0" eb="1"><t>kana</t></rPh><phoneticPr fontId="0"/>'
        )

    return _with(strings=_strings(runs))


@dialect
def escaped_signs() -> bytes:
    """Excel and ClosedXML: signs in code, as _x000A_ for the end of a line."""

    def escaped(text: str) -> str:
        return _text(text.replace("\n", "_x000A_").replace("blanks", "_x0062_lan_x006B_s"))

    return _with(strings=_strings(escaped))


@dialect
def rich_inline_texts() -> bytes:
    """Crystal Reports, Aspose: inline texts in runs."""

    def runs(text: str) -> tuple[str, str]:
        first, second = escape(text[:1]), escape(text[1:])
        return ' t="inlineStr"', (
            f'<is><r><rPr/><t xml:space="preserve">{first}</t></r>'
            f'<r><t xml:space="preserve">{second}</t></r></is>'
        )

    return _pack(_without_strings({**_standard(), SHEET: _sheet("".join(_rows(text=runs)))}))


@dialect
def formulas_of_every_kind() -> bytes:
    """Excel: the formula as the master of a shared one, with attributes before its text."""
    rows = "".join(_rows()).replace(
        "<f>B2*3</f>", '<f t="shared" ref="B5:B5" si="0" ca="1">B2*3</f>'
    )
    return _with(sheet=_sheet(rows))


@dialect
def array_formulas() -> bytes:
    """Excel of 2021: a formula that may spill, told by cell metadata."""
    rows = "".join(_rows()).replace('<c r="B5"><f>', '<c r="B5" cm="1"><f t="array" ref="B5">')
    return _with(sheet=_sheet(rows))


@dialect
def google_sheets() -> bytes:
    """Google Sheets: whole numbers with a point, formats down to row 1,000, an empty drawing."""
    rows = "".join(_rows(number=lambda n: repr(float(n))))
    rows += "".join(
        f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}" s="0"/></row>' for n in range(6, 1001)
    )
    before = (
        '<sheetPr><outlinePr summaryBelow="0" summaryRight="0"/></sheetPr><sheetViews><sheetView '
        'workbookViewId="0"/></sheetViews><sheetFormatPr customHeight="1" defaultColWidth="12.63" '
        'defaultRowHeight="15.75"/>'
    )
    names = f' xmlns:mx="urn:mx" xmlns:mc="{COMPATIBLE}"'
    parts = _standard()
    parts[SHEET] = _sheet(rows, before, '<drawing r:id="rId1"/>', names)
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = _relations(
        ("rId1", "drawing", "../drawings/drawing1.xml")
    )
    parts["xl/drawings/drawing1.xml"] = (
        f'{DECLARATION}<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/'
        'spreadsheetDrawing"/>'
    )
    return _pack(parts)


@dialect
def attributes_in_another_order() -> bytes:
    """SAS, WPS: the address last, and attributes that nobody else knows."""
    rows = re.sub(r'<c r="(\w+)"( t="\w+")?>', r'<c\2 s="0" ph="0" r="\1">', "".join(_rows()))
    rows = re.sub(
        r'<row r="(\d+)">', r'<row ht="15" customHeight="1" outlineLevel="0" r="\1">', rows
    )
    names = ' xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"'
    return _with(sheet=_sheet(rows, names=names))


@dialect
def everything_after_the_rows() -> bytes:
    """PhpSpreadsheet, Aspose: protection, filters, breaks, print settings, ignored errors."""
    after = (
        '<sheetProtection sheet="0"/><autoFilter ref="A1:E5"/><conditionalFormatting sqref="B2:B5">'
        '<cfRule type="cellIs" priority="1" operator="lessThan"><formula>0</formula></cfRule>'
        '</conditionalFormatting><dataValidations count="1"><dataValidation type="whole" '
        'sqref="B2:B1048576"><formula1>0</formula1></dataValidation></dataValidations>'
        '<printOptions/><pageMargins left="1" right="1" top="1" bottom="1" header="0" footer="0"/>'
        '<pageSetup orientation="landscape"/><headerFooter><oddHeader>&amp;Lplan</oddHeader>'
        '</headerFooter><rowBreaks count="0" manualBreakCount="0"/><ignoredErrors><ignoredError '
        'sqref="E2" numberStoredAsText="1"/></ignoredErrors>'
    )
    return _with(sheet=_sheet("".join(_rows()), after=after))


# --- XML


@dialect
def prefixed_names() -> bytes:
    """Power BI, SAP, Cognos, Crystal Reports: x:worksheet, x:row, x:c."""
    parts = _standard()
    for name in (BOOK, SHEET, NOTES, STRINGS, STYLES):
        parts[name] = _prefixed(parts[name], "x")
    return _pack(parts)


@dialect
def prefixed_relations() -> bytes:
    """What Python's ElementTree wrote anew: ns0:Relationships, ns0:Types, ns1:id."""
    parts = {name: _prefixed(part, "ns0") for name, part in _standard().items()}
    parts[BOOK] = parts[BOOK].replace("xmlns:r=", "xmlns:ns1=").replace("r:id=", "ns1:id=")
    return _pack(parts)


@dialect
def names_declared_again_and_again() -> bytes:
    """Simple transformations of ABAP, XSLT: the namespace on every element."""
    rows = "".join(_rows()).replace("<row ", f'<row xmlns="{MAIN}" ')
    rows = rows.replace("<c ", f'<c xmlns="{MAIN}" ')
    return _with(sheet=_sheet(rows))


@dialect
def pretty_printed() -> bytes:
    """Power BI, LargeXlsx, hand work: line ends of Windows and blanks between elements."""

    def pretty(text: str) -> str:
        # Not inside texts: there a blank would be part of the value.
        text = re.sub(r">(?=<(?!/t>|/v>|/f>))", ">\r\n  ", text)
        return text.replace(DECLARATION, DECLARATION.replace("\n", "\r\n"))

    parts = {name: pretty(part) for name, part in _standard().items()}
    return _pack(parts)


@dialect
def single_quotes_and_loose_attributes() -> bytes:
    """XQuery, lxml with a serializer of its own: ' for ", blanks and line ends within tags."""

    def loose(text: str) -> str:
        head, body = text.split("?>", 1)
        body = re.sub(r'([\w:]+)="([^"\']*)"', r"\n  \1 = '\2'", body)
        return f"{head}?>" + re.sub(r"(?<=['\w])(/?>)", r" \1", body)

    parts = {name: loose(part) for name, part in _standard().items() if name != STRINGS}
    return _pack({**parts, STRINGS: _strings()})


@dialect
def sections_and_comments() -> bytes:
    """Template engines (FreeMarker, Velocity, JSP): CDATA, and comments with tags in them."""

    def section(text: str) -> str:
        return f'<t xml:space="preserve"><![CDATA[{text}]]></t>'

    noise = '<!-- <c r="B2"><v>99</v></c> </row> </sheetData> <row r="9"> -->'
    rows = "".join(_rows()).replace('<c r="B2">', f'{noise}<c r="B2">{noise}')
    rows = rows.replace('<row r="4">', f'{noise}<row r="4"><?page <row r="4"> ?>')
    sheet = _sheet(rows).replace("<worksheet", "<!-- <worksheet> of a template -->\n<worksheet")
    book = _standard()[BOOK].replace("<sheets>", '<sheets><!-- <sheet name="x" r:id="rId1"/> -->')
    return _with(strings=_strings(section), sheet=sheet, book=book)


@dialect
def signs_as_numbers() -> bytes:
    """XML writers that trust no encoding: every letter beyond ASCII as &#230;, names as well."""
    parts = {
        name: "".join(sign if sign < "\x7f" else f"&#{ord(sign)};" for sign in part)
        for name, part in _standard().items()
    }
    parts[BOOK] = parts[BOOK].replace('name="data"', 'name="d&#97;t&#x61;"')
    return _pack(parts)


@dialect
def byte_order_marks() -> bytes:
    """EPPlus and other .NET: a byte order mark before every declaration."""
    return _pack({name: "\ufeff" + part for name, part in _standard().items()})


@dialect
def utf_16() -> bytes:
    """A supplier's price list (EPPlus 1388): every part in UTF-16, with its mark."""
    return _pack(
        {
            name: part.replace("UTF-8", "UTF-16").encode("utf-16")
            for name, part in _standard().items()
        }
    )


@dialect
def utf_16_big_endian() -> bytes:
    """A mainframe: big-endian UTF-16, with its mark."""
    return _pack(
        {
            name: b"\xfe\xff" + part.replace("UTF-8", "utf-16").encode("utf-16-be")
            for name, part in _standard().items()
        }
    )


@dialect
def windows_1252() -> bytes:
    """Old Delphi and Visual Basic: the code page of the machine, not foreseen by the standard."""
    return _encoded("windows-1252")


@dialect
def shift_jis() -> bytes:
    """Japanese exporters of old: what the code page lacks as numbers."""
    return _encoded("Shift_JIS")


def _encoded(encoding: str) -> bytes:
    return _pack(
        {
            name: part.replace("UTF-8", encoding).encode(encoding, "xmlcharrefreplace")
            for name, part in _standard().items()
        }
    )


@dialect
def no_declaration() -> bytes:
    """PHP_XLSXWriter, hand work: no XML declaration at all."""
    return _pack({name: part.removeprefix(DECLARATION) for name, part in _standard().items()})


@dialect
def latest_excel() -> bytes:
    """Excel of 2024: alternate content, revision ids, extensions of namespaces nobody knows."""
    names = (
        f' xmlns:mc="{COMPATIBLE}" mc:Ignorable="x14ac xr" xmlns:x14ac="urn:x14ac" '
        'xmlns:xr="urn:xr" xr:uid="{00000000-0001-0000-0000-000000000000}"'
    )
    extra = (
        '<extLst><ext uri="{X}" xmlns:n="urn:new"><n:row r="1"><n:c r="A1"/></n:row></ext></extLst>'
    )
    before = (
        '<sheetPr><tabColor theme="4"/></sheetPr><dimension ref="A1:E5"/><sheetViews><sheetView '
        'tabSelected="1" workbookViewId="0"><selection activeCell="B3" sqref="B3"/></sheetView>'
        '</sheetViews><sheetFormatPr defaultRowHeight="15" x14ac:dyDescent="0.25"/>'
        '<cols><col min="1" max="1" width="20" customWidth="1"/></cols>'
    )
    rows = "".join(_rows(spans=' spans="1:5" x14ac:dyDescent="0.25"'))
    margins = '<pageMargins left="1" right="1" top="1" bottom="1" header="0" footer="0"/>'
    choice = (
        f'<mc:AlternateContent xmlns:mc="{COMPATIBLE}"><mc:Choice Requires="x15"><x15ac:absPath '
        'url="C:\\" xmlns:x15ac="urn:x15ac"/></mc:Choice></mc:AlternateContent>'
    )
    book = _book(
        ("data", 1, "rId1"), ("notes", 2, "rId2"),
        before=f"<workbookPr/>{choice}<bookViews><workbookView/></bookViews>",
        after=f'<calcPr calcId="191029"/>{extra}',
    )  # fmt: skip
    return _with(
        sheet=_sheet(rows, before, margins + extra, names),
        book=book,
        styles=_STYLES.replace("</styleSheet>", f"{extra}</styleSheet>"),
    )


# --- parts and relations


@dialect
def absolute_targets() -> bytes:
    """openpyxl, Open XML SDK: targets from the root, ids that are no rId."""
    return _with(
        root=_relations(("R80b", "officeDocument", f"/{BOOK}")),
        book=_book(("data", 1, "R4f1c94c378d64409"), ("notes", 2, "idNotes")),
        relations=_relations(
            ("idNotes", "worksheet", f"/{NOTES}"),
            ("R4f1c94c378d64409", "worksheet", f"/{SHEET}"),
            ("x", "styles", f"/{STYLES}"),
            ("strings", "sharedStrings", f"/{STRINGS}"),
        ),
    )


@dialect
def dots_in_targets() -> bytes:
    """Some XSLT: ./ and ../ in targets."""
    return _with(
        relations=_relations(
            ("rId1", "worksheet", "./worksheets/sheet1.xml"),
            ("rId2", "worksheet", "../xl/worksheets/sheet2.xml"),
            ("rId3", "styles", "worksheets/../styles.xml"),
            ("rId4", "sharedStrings", "sharedStrings.xml"),
        )
    )


@dialect
def sheets_in_another_order() -> bytes:
    """Anyone who moved a sheet: neither numbers nor parts are in the order of the sheets."""
    parts = _standard()
    parts[SHEET], parts[NOTES] = parts[NOTES], parts[SHEET]
    parts[BOOK] = _book(("data", 77, "rId2"), ("notes", 3, "rId1"))
    parts = dict(sorted(parts.items(), reverse=True))
    return _pack(parts)


@dialect
def other_part_names() -> bytes:
    """1C, SAP, Open XML SDK: names of parts are free; the relations say which is which."""
    names = {
        SHEET: "xl/worksheets/sheet.xml", NOTES: "xl/tabelle zwei/b.xml",
        STRINGS: "xl/texte.xml", STYLES: "formate.xml",
    }  # fmt: skip
    parts = {names.get(name, name): part for name, part in _standard().items()}
    parts[TYPES] = _types_of(
        {
            BOOK: "sheet.main",
            "xl/worksheets/sheet.xml": "worksheet",
            "xl/tabelle zwei/b.xml": "worksheet",
            "xl/texte.xml": "sharedStrings",
            "formate.xml": "styles",
        }
    )
    parts[RELATIONS] = _relations(
        ("rId1", "worksheet", "worksheets/sheet.xml"),
        ("rId2", "worksheet", "tabelle zwei/b.xml"),
        ("rId3", "styles", "../formate.xml"),
        ("rId4", "sharedStrings", "texte.xml"),
    )
    return _pack(parts)


@dialect
def workbook_in_the_root() -> bytes:
    """Small writers: no folder xl; the workbook is found by the relations of the package."""
    return _moved(lambda name: name.removeprefix("xl/"))


@dialect
def workbook_by_another_name() -> bytes:
    """A data service (xlrd 241): xl/workbook2.xml."""
    return _moved(lambda name: name.replace("workbook.xml", "workbook2.xml"))


@dialect
def workbook_in_another_folder() -> bytes:
    """Writers in other languages: tabellen/workbook.xml."""
    return _moved(lambda name: name.replace("xl/", "tabellen/"))


def _moved(rename: Callable[[str], str]) -> bytes:
    parts = {rename(name): part for name, part in _standard().items()}
    parts[ROOT] = _relations(("rId1", "officeDocument", rename(BOOK)))
    parts[TYPES] = re.sub(r'PartName="/([^"]*)"', lambda m: f'PartName="/{rename(m[1])}"', _types())
    return _pack(parts)


@dialect
def part_names_in_other_case() -> bytes:
    """1C, some Delphi writers: xl/SharedStrings.xml, pointed at as sharedStrings.xml."""
    names = {
        SHEET: "xl/worksheets/Sheet1.XML",
        STRINGS: "xl/SharedStrings.xml",
        STYLES: "XL/styles.xml",
    }
    return _pack({names.get(name, name): part for name, part in _standard().items()})


@dialect
def percent_signs_in_targets() -> bytes:
    """.NET's packages: a blank in the name of a part is %20 in what points at it."""
    parts = _standard()
    parts["xl/worksheets/sheet 1.xml"] = parts.pop(SHEET)
    parts[TYPES] = parts[TYPES].replace("sheet1.xml", "sheet%201.xml")
    parts[RELATIONS] = parts[RELATIONS].replace("sheet1.xml", "sheet%201.xml")
    return _pack(parts)


@dialect
def percent_signs_in_names() -> bytes:
    """.NET's packages: %20 in the archive as well."""
    parts = _standard()
    parts["xl/worksheets/sheet%201.xml"] = parts.pop(SHEET)
    parts[TYPES] = parts[TYPES].replace("sheet1.xml", "sheet%201.xml")
    parts[RELATIONS] = parts[RELATIONS].replace("sheet1.xml", "sheet%201.xml")
    return _pack(parts)


@dialect
def dangling_relations() -> bytes:
    """R's openxlsx: relations to drawings, printers and themes that are not there."""
    parts = _standard()
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = _relations(
        ("rId1", "drawing", "../drawings/drawing1.xml"),
        ("rId2", "printerSettings", "../printerSettings/printerSettings1.bin"),
        ("rId3", "vmlDrawing", "../drawings/vmlDrawing1.vml"),
        ("rId4", "comments", "../comments1.xml"),
    )
    parts[RELATIONS] = parts[RELATIONS].replace(
        "</Relationships>",
        f'<Relationship Id="rId9" Type="{OFFICE}/theme" Target="theme/theme1.xml"/>'
        f'<Relationship Id="rId10" Type="{OFFICE}/calcChain" Target="calcChain.xml"/>'
        "</Relationships>",
    )
    return _pack(parts)


@dialect
def links_outside() -> bytes:
    """Anyone with links: external targets that are no parts, and explicit inner ones."""
    parts = _standard()
    parts[RELATIONS] = parts[RELATIONS].replace(" Target=", ' TargetMode="Internal" Target=')
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = "".join(
        (
            DECLARATION,
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/hyperlink" '
            'TargetMode="External" Target="file:///\\\\server\\plan 2030.xlsx"/><Relationship '
            f'Id="rId2" Type="{OFFICE}/hyperlink" TargetMode="External" Target="mailto:x@y.org"/>'
            "</Relationships>",
        )
    )
    links = '<hyperlink ref="E2" r:id="rId1"/><hyperlink ref="E3" r:id="rId2"/>'
    parts[SHEET] = _sheet("".join(_rows()), after=f"<hyperlinks>{links}</hyperlinks>")
    return _pack(parts)


@dialect
def types_by_default_alone() -> bytes:
    """Small writers: the workbook type as the default of .xml, sheets overridden or not at all."""
    types = (
        f'<Types xmlns="{CONTENT}"><Default Extension="rels" ContentType="application/vnd.'
        f'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="'
        f'{SPREADSHEET}.sheet.main+xml"/><Override PartName="/{SHEET}" ContentType="{SPREADSHEET}.'
        f'worksheet+xml"/><Override PartName="/{NOTES}" ContentType="{SPREADSHEET}.worksheet+xml"/>'
        f'<Override PartName="/{STRINGS}" ContentType="{SPREADSHEET}.sharedStrings+xml"/><Override '
        f'PartName="/{STYLES}" ContentType="{SPREADSHEET}.styles+xml"/></Types>'
    )
    return _with(types=types)


@dialect
def sheet_type_as_default() -> bytes:
    """SheetJS and others: the default of .xml is a sheet; .bin has a default for macros."""
    types = _types().replace('"application/xml"', f'"{SPREADSHEET}.worksheet+xml"')
    types = types.replace(
        "<Override",
        '<Default Extension="BIN" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled'
        '.main"/><Default Extension="vml" ContentType="application/vnd.openxmlformats-'
        'officedocument.vmlDrawing"/><Override',
        1,
    )
    return _with(types=types)


@dialect
def no_styles() -> bytes:
    """PyExcelerate of old, tealeg, streaming writers: no styles part at all."""
    parts = _standard()
    del parts[STYLES]
    parts[TYPES] = re.sub(r"<Override[^>]*styles[^>]*/>", "", parts[TYPES])
    parts[RELATIONS] = re.sub(r"<Relationship [^>]*styles[^>]*/>", "", parts[RELATIONS])
    return _pack(parts)


@dialect
def bare_styles() -> bytes:
    """PyExcelerate, MATLAB: a styles part with nothing in it."""
    return _with(styles=f'<styleSheet xmlns="{MAIN}"/>')


@dialect
def styles_without_fills() -> bytes:
    """Writers that keep number formats alone: cell formats, but neither fonts nor fills."""
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
        'formatCode="#,##0"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>'
    )
    return _with(styles=styles)


@dialect
def styles_with_an_empty_fill() -> bytes:
    """Laboratory machines (Vi-CELL XR): <fill/>, fonts of family 34, no cell formats listed."""
    styles = _STYLES.replace('<patternFill patternType="none"/>', "")
    styles = styles.replace("<font/>", '<font><family val="34"/><charset val="300"/></font>')
    return _with(styles=styles.replace('<cellXfs count="1"><xf xfId="0"/></cellXfs>', "<cellXfs/>"))


@dialect
def odd_properties() -> bytes:
    """Document management: a custom property without a name, dates that are none, a thumbnail."""
    parts: dict[str, str | bytes] = dict(_standard())
    properties = "http://schemas.openxmlformats.org/officeDocument/2006"
    parts["docProps/custom.xml"] = (
        f'<Properties xmlns="{properties}/custom-properties" '
        f'xmlns:vt="{properties}/docPropsVTypes">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2"><vt:lpwstr>x</vt:lpwstr>'
        "</property></Properties>"
    )
    parts["docProps/core.xml"] = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-'
        'properties" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/'
        'XMLSchema-instance"><dcterms:created xsi:type="dcterms:W3CDTF">yesterday</dcterms:created>'
        "</cp:coreProperties>"
    )
    parts["docProps/thumbnail.wmf"] = b"\x00\x01\x02"
    parts[ROOT] = (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        f'Target="{BOOK}"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/'
        '2006/relationships/metadata/core-properties" Target="docProps/core.xml"/><Relationship '
        f'Id="rId3" Type="{OFFICE}/custom-properties" Target="docProps/custom.xml"/>'
        "</Relationships>"
    )
    return _pack(parts)


# --- the archive


@dialect
def stored() -> bytes:
    """SheetJS without compression, some mail gateways: parts stored as they are."""
    return _pack(_standard(), zipfile.ZIP_STORED)


@dialect
def folders_as_entries() -> bytes:
    """R's openxlsx, 7-Zip, anyone who packed by hand: an entry for every folder."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in ("_rels/", "xl/", "xl/_rels/", "xl/worksheets/"):
            archive.writestr(zipfile.ZipInfo(folder), b"")
        for name, part in _standard().items():
            archive.writestr(name, part)
    return content.getvalue()


@dialect
def backslashes() -> bytes:
    """.NET before 4.6.1, WinZip's old command line: xl\\workbook.xml in the archive."""
    content = _pack(_standard())
    for name in _standard():
        content = content.replace(name.encode(), name.replace("/", "\\").encode())
    return content


@dialect
def mimetype_first() -> bytes:
    """Programs that also write OpenDocument: an entry mimetype, stored, before all others."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo("mimetype")
        archive.writestr(info, f"{SPREADSHEET}.sheet")
        for name, part in _standard().items():
            archive.writestr(name, part)
    return content.getvalue()


@dialect
def commented_archive() -> bytes:
    """Portals that stamp downloads: a comment at the end of the archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"exported 2030-01-01"
        for name, part in _standard().items():
            archive.writestr(name, part)
    return content.getvalue()


@dialect
def streamed() -> bytes:
    """Go, Java, Node: sizes only after each part, as is written to a stream."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.content = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:
            self.content += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _standard().items():
            archive.writestr(name, part)
    return pipe.content


@dialect
def streamed_zip64() -> bytes:
    """Apache POI 5: sizes after each part, in 64 bits, although everything is small."""
    body, directory = b"", b""
    for name, part in _standard().items():
        data, path = part.encode(), name.encode()
        packer = zlib.compressobj(wbits=-15)
        packed = packer.compress(data) + packer.flush()
        check = zlib.crc32(data)
        # Version 4.5, sizes to follow, deflated, 1 January 2030.
        head = struct.pack("<HHHHH", 45, 0x0808, 8, 0, (50 << 9) | (1 << 5) | 1)
        extra = struct.pack("<HHQQ", 1, 16, 0, 0)
        directory += (
            b"PK\x01\x02" + struct.pack("<H", 45) + head
            + struct.pack("<IIIHHHHHII", check, len(packed), len(data), len(path), 0, 0, 0, 0, 0,
                          len(body))
            + path
        )  # fmt: skip
        body += b"PK\x03\x04" + head + struct.pack(
            "<IIIHH", 0, 0xFFFFFFFF, 0xFFFFFFFF, len(path), len(extra)
        )  # fmt: skip
        body += path + extra + packed
        body += b"PK\x07\x08" + struct.pack("<IQQ", check, len(packed), len(data))
    count = len(_standard())
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


@dialect
def zip64_directory() -> bytes:
    """minizip (DuckDB), POI: the directory itself in 64 bits."""
    content = _pack(_standard())
    start = content.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack("<10xHII", content[start : start + 20])
    end = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, start, 1)
    last = struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return content[:start] + end + locator + b"PK\x05\x06" + last


@dialect
def fields_beside_names() -> bytes:
    """Java's jar, Info-ZIP: extra fields (0xCAFE, Unix times) with every entry."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _standard().items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.extra = b"\xfe\xca\x00\x00" + b"UT\x05\x00\x01" + bytes(4)
            archive.writestr(info, part)
    return content.getvalue()


# --- what is not read like the others

DATED = "B2"
"""The cell that `iso_dates` gives as the first day of 2030."""


def iso_dates() -> bytes:
    """openpyxl with iso_dates, SheetJS, some .NET: t="d", a date as text in place of a number."""
    rows = "".join(_rows()).replace(
        f'<c r="{DATED}"><v>4</v>', f'<c r="{DATED}" t="d"><v>2030-01-01</v>'
    )
    return _with(sheet=_sheet(rows))


def strict() -> bytes:
    """Excel's 'Strict Open XML Spreadsheet': the same names in other namespaces."""
    parts = _standard()
    for old, new in ((MAIN, "spreadsheetml/main"), (OFFICE, "officeDocument/relationships")):
        for name, part in parts.items():
            parts[name] = part.replace(old, f"http://purl.oclc.org/ooxml/{new}")
    return _pack(parts)
