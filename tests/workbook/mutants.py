"""Tables that a slip, a program or an attacker made of good ones, by a seed.

A mutant is tables as plain lists, so that what a file of them must be read as is known without
reading it; it is written as a workbook or as a folder of CSV files.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from packing import MAIN, OFFICE, PACKAGE
from paths import ROOT

from cssopt.workbook.read import read_workbook

Rows = list[list[Any]]
Tables = dict[str, Rows]


class Formula(str):
    """A formula without a stored value."""


class Fault(str):
    """An error value of a spreadsheet."""


@cache
def _base(name: str) -> dict[str, tuple[tuple[Any, ...], ...]]:
    book = read_workbook(ROOT / name)
    found = {}
    for title, sheet in book.sheets.items():
        rows = tuple(tuple(cell.value for cell in row) for row in sheet.rows)
        if title != "about":
            found[title] = rows
    return found


BASES = (
    "inputs/demo.xlsx",
    "tests/cases/formulation/full_104.xlsx",
    "tests/cases/formulation/core_mip_102.xlsx",
    "tests/cases/formulation/core_lp_101.xlsx",
)

VALUES: tuple[Any, ...] = (
    1e300, -1e300, 1e-300, 1e18, 1e17, 1.5, -3, -0.0, 0, 1e9, 1e6, 1 + 1e-12, 1.0000001, 2**63,
    10**20, 10**308, 10**400, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, True, False, None, "",
    " ", "\u00a0", "\u200b", "inf", "-inf", "nan", "NaN", "Infinity", "1e999", "1e-999", "1_000",
    "0x10", "1,234", "1.234", "1.234.567,8", "1 234", "5 %", "500%", "(5)", "5-", "+5", "--5",
    "١٢", "½", "Ⅷ", "\uff11\uff12", "1/2",
    "2026-03-04", "TRUE", "yes", "x" * 201, "x" * 1_001, "9" * 61,
    "9" * 32_000, "a" + "\u0301" * 5_000, "[/]", "[red]", "[bold]x[/bold]", "{x}", "%s", "*", "**",
    "?", "common", "total", "Total", "Sum", "a,b", "a;b", "a\tb", "a\nb", 'a"b', "'", '"', "\\",
    "=1+1", "@x", "\x1b[31m", "\x07", "\u202e", "\ufffe", "\ud800", "😀" * 100, "None", "null",
    "n/a", "-", "__class__", "../x", "gdp", "ALL", "\u0130", "ß", "ﬁ", "Å", "A\u030a",
    Formula("1+1"), Fault("#DIV/0!"), Fault("#REF!"), Fault("#N/A"),
)  # fmt: skip
"""What people, programs and attackers put into cells."""

YEARS = (-3, 0, 1, 1.5, 1899, 1900, 2200, 2201, 10**9, 99_999, "2027", "MMXX", 46_000, 12_000)


def _sheet(random: Random, tables: Tables) -> str:
    return random.choice(sorted(tables))


def _head(rows: Rows) -> int:
    """The row with most texts among the first ones, which is the header."""
    counts = [sum(isinstance(value, str) and value != "" for value in row) for row in rows[:12]]
    return counts.index(max(counts)) if counts else 0


def _cell(random: Random, rows: Rows) -> tuple[int, int]:
    places = [(i, j) for i in range(len(rows)) for j in range(len(rows[i]))]
    below = [place for place in places if place[0] > _head(rows)]
    return random.choice(below or places or [(0, 0)])


def put_value(random: Random, tables: Tables) -> None:
    rows = tables[_sheet(random, tables)]
    for _ in range(random.choice((1, 1, 2, 10))):
        if any(rows):
            i, j = _cell(random, rows)
            rows[i][j] = random.choice(VALUES)


def put_in_column(random: Random, tables: Tables) -> None:
    rows = tables[_sheet(random, tables)]
    if any(rows):
        _, j = _cell(random, rows)
        value = random.choice(VALUES)
        for row in rows[_head(rows) + 1 :]:
            if j < len(row):
                row[j] = value


def scale_number(random: Random, tables: Tables) -> None:
    rows = tables[_sheet(random, tables)]
    factor = random.choice((-1, 0, 1e-12, 1e3, 1e6, 1e12, 1e100, 1.5, 1 + 1e-9))
    numbers = [
        (row, j)
        for row in rows
        for j, value in enumerate(row)
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    for row, j in random.sample(numbers, min(len(numbers), random.choice((1, 3, 100)))):
        row[j] = row[j] * factor


def set_setting(random: Random, tables: Tables) -> None:
    for row in tables.get("settings", []):
        if row and str(row[0]).endswith("year") and random.random() < 0.6:
            row[1] = random.choice(YEARS)
        elif row and row[0] == "discount_rate" and random.random() < 0.3:
            row[1] = random.choice((0, 1, 1 + 1e-9, -1, 1e6, "3 %"))


def drop_rows(random: Random, tables: Tables) -> None:
    rows = tables[_sheet(random, tables)]
    start = _head(rows) + 1
    keep = random.choice((0, 0, 1, 2))
    del rows[start + keep :]


def drop_row(random: Random, tables: Tables) -> None:
    rows = tables[_sheet(random, tables)]
    if rows:
        del rows[random.randrange(len(rows))]


def double_rows(random: Random, tables: Tables) -> None:
    rows = tables[_sheet(random, tables)]
    start = _head(rows) + 1
    more = [list(row) for row in rows[start:]]
    if random.random() < 0.5:
        for row in more:
            if row and isinstance(row[0], str):
                row[0] = random.choice((row[0].lower(), f"{row[0]} ", f"{row[0]}2"))
    rows += more * random.choice((1, 1, 20))


def put_blank_row(random: Random, tables: Tables) -> None:
    rows = tables[_sheet(random, tables)]
    rows.insert(random.randrange(len(rows) + 1), [])


def put_remark(random: Random, tables: Tables) -> None:
    rows = tables[_sheet(random, tables)]
    text = random.choice(("Source: the ministry, 2026", "note", "Total", 7, "to be checked by A"))
    row = [text, *random.sample((None, 5, "x", 1e9, None), 3)]
    rows.insert(random.randrange(len(rows) + 1), row)


def drop_column(random: Random, tables: Tables) -> None:
    rows = tables[_sheet(random, tables)]
    place = random.randrange(max(map(len, rows), default=0) or 1)
    for row in rows:
        del row[place : place + 1]


def double_column(random: Random, tables: Tables) -> None:
    rows = tables[_sheet(random, tables)]
    place = random.randrange(max(map(len, rows), default=0) or 1)
    for row in rows:
        if place < len(row):
            row.insert(random.choice((0, len(row))), row[place])


def move_columns(random: Random, tables: Tables) -> None:
    rows = tables[_sheet(random, tables)]
    width = max(map(len, rows), default=0)
    order = random.sample(range(width), width)
    for i, row in enumerate(rows):
        full = row + [None] * (width - len(row))
        rows[i] = [full[j] for j in order]


def change_header(random: Random, tables: Tables) -> None:
    rows = tables[_sheet(random, tables)]
    if rows and rows[_head(rows)]:
        row = rows[_head(rows)]
        j = random.randrange(len(row))
        old = str(row[j])
        made = (old.upper(), old[:-1], f"{old} (billion)", f"{old}*", "", "x" * 30_000, "(" * 9_000)
        row[j] = random.choice((*made, *VALUES[:40], *(h for h in row)))


def rename_sheet(random: Random, tables: Tables) -> None:
    old = _sheet(random, tables)
    made = (old.upper(), old[:-1], f"{old} ", f"{old}2", "about", "[red]", "x" * 31, "members")
    new = random.choice(made)
    if new and new not in tables:
        tables[new] = tables.pop(old)


def drop_sheet(random: Random, tables: Tables) -> None:
    del tables[_sheet(random, tables)]
    if not tables:
        tables["empty"] = []


def double_sheet(random: Random, tables: Tables) -> None:
    old = _sheet(random, tables)
    tables[f"{old.capitalize()}"] = [list(row) for row in tables[old]]


def swap_references(random: Random, tables: Tables) -> None:
    """A name of one table in place of one of another, or of itself."""
    texts = [v for rows in tables.values() for row in rows for v in row if isinstance(v, str)]
    rows = tables[_sheet(random, tables)]
    if any(rows) and texts:
        i, j = _cell(random, rows)
        rows[i][j] = random.choice(texts)


def make_circle(random: Random, tables: Tables) -> None:
    rows = tables.get("precedence", [])
    for row in list(rows[_head(rows) + 1 :]):
        if random.random() < 0.5:
            rows.append([row[1], row[0], *row[2:]])
        elif random.random() < 0.3:
            rows.append([row[0], row[0], *row[2:]])


def one_member(random: Random, tables: Tables) -> None:
    rows = tables.get("members", [])
    del rows[_head(rows) + 1 + random.choice((0, 1)) :]


def many_rows(random: Random, tables: Tables) -> None:
    """More rows of one kind than any plan has, each with another name."""
    rows = tables[_sheet(random, tables)]
    start = _head(rows) + 1
    if start < len(rows):
        model = rows[start]
        for number in range(random.choice((30, 300, 3_000))):
            rows.append(
                [
                    f"{v}{number}" if j == 0 and isinstance(v, str) else v
                    for j, v in enumerate(model)
                ]
            )


MUTATIONS: tuple[Callable[[Random, Tables], None], ...] = (
    put_value, put_value, put_value, put_in_column, scale_number, scale_number, set_setting,
    drop_rows, drop_row, double_rows, put_blank_row, put_remark, drop_column, double_column,
    move_columns, change_header, rename_sheet, drop_sheet, double_sheet, swap_references,
    make_circle, one_member, many_rows,
)  # fmt: skip


def mutate(seed: int) -> tuple[str, Tables]:
    """The tables of a seed, and what was done to them."""
    random = Random(seed)
    base = BASES[seed % len(BASES)]
    tables = {name: [list(row) for row in rows] for name, rows in _base(base).items()}
    done = []
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        mutation = random.choice(MUTATIONS)
        mutation(random, tables)
        done.append(mutation.__name__)
    return f"seed {seed}: {', '.join(done)} in {Path(base).stem}", tables


# --- files


def write_folder(tables: Tables, folder: Path) -> Path:
    """The tables as CSV files."""
    folder.mkdir()
    for name, rows in tables.items():
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        for row in rows:
            writer.writerow(["" if value is None else as_csv(value) for value in row])
        name = name.replace("/", "_")[:200] or "empty"
        (folder / f"{name}.csv").write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))
    return folder


def as_csv(value: Any) -> str:
    """A value as programs write it into a CSV file."""
    if isinstance(value, bool):
        return str(value).upper()
    return f"={value}" if isinstance(value, Formula) else str(value)


def write_book(tables: Tables, path: Path) -> Path:
    """The tables as a workbook, with every text in its cell."""
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}"><Override PartName="/xl/workbook.xml" '
        f'ContentType="{main}"/></Types>',
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/s{i}.xml") for i in range(len(tables))]
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{_text(name)}" sheetId="{i + 1}" r:id="r{i}"/>'
            for i, name in enumerate(tables)
        )
        + "</sheets></workbook>",
    }
    for i, rows in enumerate(tables.values()):
        parts[f"xl/worksheets/s{i}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>'
            + "".join(f"<row>{''.join(map(_spell, row))}</row>" for row in rows)
            + "</sheetData></worksheet>"
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(name, part.encode("utf-8", "replace"))
    return path


def _relations(targets: list[tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="r{i}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{PACKAGE}">{entries}</Relationships>'


def _text(text: str) -> str:
    """A text as spreadsheets store it: what XML cannot hold is coded."""
    coded = "".join(
        sign if sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff") else _code(sign)
        for sign in text.replace("_x", "_x005F_x")
    )
    return escape(coded, {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def _code(sign: str) -> str:
    return f"_x{ord(sign):04X}_"


def _spell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, Formula):
        return f"<c><f>{escape(value)}</f></c>"
    if isinstance(value, Fault):
        return f'<c t="e"><v>{escape(value)}</v></c>'
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value!r}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'
