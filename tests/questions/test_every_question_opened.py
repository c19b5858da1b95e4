"""Answers of every question in the programs that people open them with: LibreOffice, a browser.

All workbooks are converted at once and all pages are opened in one browser, for each start takes
longer than all of them.
"""

from __future__ import annotations

import html
import json
import re
import subprocess

import openpyxl
import pytest
from all_questions import ASKED, NAMES, ask, list_documents
from opened import browse, convert
from rendering_checks import BookReader

from cssopt.document.document import Table
from cssopt.render.html.page import render_html
from cssopt.render.xlsx.document_book import write_document_xlsx

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The workbook of every question, and each again without the values of its formulas."""
    folder = tmp_path_factory.mktemp("opened")
    (folder / "bare").mkdir()
    for name, document in list_documents(folder).items():
        write_document_xlsx(folder / f"{name}.xlsx", document)
        openpyxl.load_workbook(folder / f"{name}.xlsx").save(folder / "bare" / f"{name}.xlsx")
    return folder


@pytest.fixture(scope="module")
def printed(folder):
    """The pages of every workbook, as lines."""
    files = convert(folder, "*.xlsx", "pdf")
    assert {file.stem for file in files} == set(ASKED)
    found = {}
    for file in files:
        text = subprocess.run(
            ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
        ).stdout
        pages = text.removesuffix("\f").split("\f")
        found[file.stem] = [[line for line in one.splitlines() if line.strip()] for one in pages]
    return found


@pytest.mark.parametrize("name", ASKED)
def test_every_printed_page_can_be_read(name, printed, folder):
    document = ask(name, folder).document
    tables = [one for one in document.tables.values() if isinstance(one, Table)]
    heads = [
        (
            set(table.columns[0].heading.split()),
            {word for column in table.columns for word in column.heading.split()},
        )
        for table in tables
    ]
    pages = printed[name]
    assert len(pages) <= 40
    for number, lines in enumerate(pages, 1):
        assert not any("###" in line for line in lines), number
        # Pages for deciders tell it as their HTML does.
        told = f"Page{number}of{len(pages)}", f"{number}/{len(pages)}"
        assert any("".join(line.split()).endswith(told) for line in lines), number
        # Above the foot and the marking: no head of a table without a row.
        last = next(line for line in reversed(lines[:-1]) if line.strip() != document.marking)
        told = set(last.split())
        alone = [head for first, head in heads if first <= told <= head]
        assert len(told) < 2 or not alone, (number, last)


@pytest.mark.parametrize("name", ASKED)
def test_heads_have_room_for_all_their_lines(name, folder):
    """A head is wrapped: its row is as high as it has lines in the width of its column.

    On pages for deciders, whose cells are merged, `test_pages_in_libreoffice` looks at them.
    """
    document = ask(name, folder).document
    book = BookReader(document, folder / f"{name}.xlsx")
    for table in (document.tables[one] for one in book.placed):
        if not isinstance(table, Table):
            continue
        sheet, row, left = book.placed[table.name]
        height = sheet.row_dimensions[row].height or 15
        widths = {
            number: one.width
            for one in sheet.column_dimensions.values()
            for number in range(one.min, one.max + 1)
        }
        for place in range(len(table.columns)):
            cell = sheet.cell(row, left + place)
            width = widths[cell.column]
            assert cell.alignment.wrap_text
            longest = max(map(len, str(cell.value).split()))
            assert longest <= width, cell.coordinate
            assert height >= min(400, 14 * len(str(cell.value)) / (1.3 * width)), cell.coordinate


def test_formulas_have_the_values_that_libreoffice_works_out(folder):
    files = convert(folder / "bare", "*.xlsx", "xlsx")
    count = 0
    for file in files:
        told = openpyxl.load_workbook(folder / file.name, data_only=True)
        again = openpyxl.load_workbook(file, data_only=True)
        for sheet in openpyxl.load_workbook(folder / file.name):
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        value = told[sheet.title][cell.coordinate].value
                        found = again[sheet.title][cell.coordinate].value
                        where = (file.stem, sheet.title, cell.coordinate, cell.value)
                        assert found == pytest.approx(value, abs=1e-6), where
                        count += 1
    assert count > 100


LOOK = """
  var hidden = [];
  document.querySelectorAll("figure").forEach(function (figure, place) {
    var seen = Array.from(figure.querySelectorAll("svg")).filter(function (svg) {
      return svg.getBoundingClientRect().width > 0;
    });
    if (figure.querySelector("svg") && (seen.length !== 1 ||
        !seen[0].querySelector("rect, polyline, circle, polygon"))) hidden.push(place);
  });
  var unsorted = [];
  document.querySelectorAll("table.sortable").forEach(function (table) {
    var heads = table.tHead.rows[0].cells, place = heads.length - 1;
    var read = function () {
      return Array.from(table.tBodies[0].rows, function (row) {
        return row.cells[place].getAttribute("data-v");
      }).filter(function (value) { return value !== null; }).map(Number);
    };
    heads[place].click();
    var found = read();
    for (var i = 1; i < found.length; i++)
      if (Math.sign(found[i] - found[i - 1]) * (found[found.length - 1] - found[0]) < 0) {
        unsorted.push(table.id);
        break;
      }
  });
  parent.postMessage(JSON.stringify([NAME, document.title, hidden, unsorted]), "*");
"""


def test_every_page_in_a_browser_is_whole_and_sorts_and_runs_no_name(folder, tmp_path):
    """All pages in frames of one page: no request, no error; charts are drawn, tables sort."""
    frames = []
    for name, document in list_documents(folder).items():
        page = render_html(document)
        script = LOOK.replace("NAME", json.dumps(name))
        page = page.replace("</body>", f"<script>{script}</script></body>")
        page = re.sub(r"<meta http-equiv[^>]*>", "", page)
        frames.append(f'<iframe width="1280" height="600" srcdoc="{html.escape(page)}"></iframe>')
    hear = (
        "var heard = []; addEventListener('message', function (told) {"
        " heard.push(JSON.parse(told.data)); document.title = JSON.stringify(heard); });"
    )
    path = tmp_path / "all.html"
    path.write_text(
        f"<!doctype html><meta charset=utf-8><title></title><script>{hear}</script>"
        + "".join(frames),
        encoding="utf-8",
    )
    log = tmp_path / "net.json"
    shown, console = browse(
        path, "--dump-dom", "--virtual-time-budget=20000", f"--log-net-log={log}"
    )
    assert console == []
    told = json.loads(html.unescape(re.search("<title>(.*?)</title>", shown)[1]))
    assert {name for name, *_ in told} == set(ASKED)
    for name, title, hidden, unsorted in told:
        document = ask(name, folder).document
        # A name that ran would have put another title.
        assert title == " ".join(document.title.split()), name
        assert (hidden, unsorted) == ([], []), name
    assert any(NAMES[0] in title for _, title, *_ in told)
    asked = set(re.findall(r'"url":"([^"]+)"', log.read_text(encoding="utf-8")))
    own = re.compile(r"https?://[a-z0-9.]+\.(google|googleapis|gvt1)\.com/")
    assert {one for one in asked if not own.match(one)} <= {path.as_uri(), "about:srcdoc"}


def test_with_its_own_policy_no_page_says_anything_in_the_console(folder, tmp_path):
    frames = [
        f'<iframe srcdoc="{html.escape(render_html(document))}"></iframe>'
        for document in list_documents(folder).values()
    ]
    path = tmp_path / "all.html"
    path.write_text("<!doctype html><meta charset=utf-8>" + "".join(frames), encoding="utf-8")
    _, console = browse(path, "--dump-dom", "--virtual-time-budget=10000")
    assert console == []
