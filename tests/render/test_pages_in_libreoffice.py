"""Pages for deciders as LibreOffice opens and prints them."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from made_workbook import make_decision, make_pages, make_payments

from cssopt.document.document import Table
from cssopt.render.pdf import can_write_pdf, write_pdf
from cssopt.render.xlsx.document_book import write_document_xlsx

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_write_pdf(), reason="LibreOffice is not installed"),
]


def convert(book, folder, ending):
    """A workbook as LibreOffice writes it anew."""
    command = [
        shutil.which("soffice") or "libreoffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--convert-to", ending, "--outdir", str(folder), str(book)),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / f"{book.stem}.{ending.partition(':')[0]}"


def forget_values(book, bare):
    """A copy of a workbook in which no formula has its value: it must be worked out."""
    with zipfile.ZipFile(book) as archive, zipfile.ZipFile(bare, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            copy.writestr(name, content)


def count_pages(path):
    """Pages of a PDF, of which each is an object of its own."""
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


def read_texts(path):
    told = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True
    )
    return told.stdout


def make_large(members):
    """The decision page of an alliance of so many members, each of whom gives and takes much."""
    money = make_payments()
    rows = tuple((f"Member number {n} of many", *money.rows[0][1:]) for n in range(members))
    large = replace(money, rows=(*rows, money.rows[-1]), marks={})
    blocks = tuple(
        large if isinstance(block, Table) and block.name == "payments" else block
        for block in make_decision().blocks
    )
    return make_decision(blocks=blocks)


@pytest.mark.parametrize("members", [2, 6, 12])
def test_the_decision_page_is_one_sheet_of_paper(tmp_path, members):
    document = make_pages()
    pages = (make_large(members), *document.sheets[-1:])
    write_pdf(tmp_path / "a.pdf", replace(document, sheets=pages))
    assert count_pages(tmp_path / "a.pdf") == 1


def test_a_page_is_a_sheet_of_paper_and_nothing_of_it_is_cut(tmp_path):
    write_pdf(tmp_path / "a.pdf", make_pages())
    assert count_pages(tmp_path / "a.pdf") == 4
    if shutil.which("pdftotext"):
        told = read_texts(tmp_path / "a.pdf")
        assert "###" not in told
        for text in ("27,937", "+1,750", "\u22121,209", "ILLUSTRATIVE", "58%", "met"):
            assert text in told
        assert "Figures" not in told


def test_formulas_give_what_was_stored(tmp_path):
    book = tmp_path / "a.xlsx"
    write_document_xlsx(book, make_pages())
    (tmp_path / "again").mkdir()
    forget_values(book, tmp_path / "bare.xlsx")
    again = convert(tmp_path / "bare.xlsx", tmp_path / "again", "xlsx:Calc MS Excel 2007 XML")
    stored = openpyxl.load_workbook(book, data_only=True)
    written = openpyxl.load_workbook(book)
    recalculated = openpyxl.load_workbook(again, data_only=True)
    formulas = 0
    for sheet in written:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.data_type == "f":
                formulas += 1
                value = stored[sheet.title][cell.coordinate].value
                assert recalculated[sheet.title][cell.coordinate].value == pytest.approx(value)
    # Two figures of the decision, and the cells of a waterfall and of ranges.
    assert formulas == 2 + (4 * 5 - 2) + 4 * 2
