"""Documents in the programs that people open them with: a browser, and LibreOffice."""

from __future__ import annotations

import csv
import html
import json
import re
import subprocess

import pytest
from made_documents import HOSTILE, KINDS, PageReader, make_document, make_hostile
from opened import browse, convert

from cssopt.document.document import Beside, Chart, Column, Sheet, Table
from cssopt.render.html.page import render_html
from cssopt.render.xlsx.document_book import write_document_xlsx

pytestmark = pytest.mark.slow


def save(folder, name, page):
    path = folder / name
    path.write_text(page, encoding="utf-8")
    return path


def with_script(page, script, *, allowed=True):
    """The page with another script at its end, and without the policy that would refuse it."""
    page = page.replace("</body>", f"<script>{script}</script></body>")
    return re.sub(r"<meta http-equiv[^>]*>", "", page) if allowed else page


def answer(page, script, folder, *options):
    """What a script finds in the page; it leaves that in the title."""
    told = f"document.title = JSON.stringify((function () {{ {script} }})())"
    shown, _ = browse(save(folder, "asked.html", with_script(page, told)), "--dump-dom", *options)
    return json.loads(PageReader(shown).texts["title"][0])


def test_the_page_asks_for_nothing_and_no_text_in_it_runs(tmp_path):
    page = render_html(make_hostile())
    log = tmp_path / "net.json"
    shown, console = browse(save(tmp_path, "page.html", page), "--dump-dom", f"--log-net-log={log}")
    assert console == []
    assert PageReader(shown).texts["title"][0] == HOSTILE[0]
    asked = set(re.findall(r'"url":"([^"]+)"', log.read_text(encoding="utf-8")))
    # Its maker is asked by the browser itself, whatever the page.
    own = re.compile(r"https?://[a-z0-9.]+\.(google|googleapis|gvt1)\.com/")
    assert {one for one in asked if not own.match(one)} <= {(tmp_path / "page.html").as_uri()}


def test_the_policy_refuses_a_script_that_is_put_in(tmp_path):
    page = with_script(render_html(make_hostile()), "document.title = 'ran'", allowed=False)
    shown, console = browse(save(tmp_path, "page.html", page), "--dump-dom")
    assert PageReader(shown).texts["title"][0] == HOSTILE[0]
    assert len(console) == 1
    assert "Content Security Policy" in console[0]


def test_tables_sort_by_number_and_by_name_and_back(tmp_path):
    columns = (Column("who"), Column("cost", "money"), Column("gain", "share"))
    rows = (("b", 10.0, 0.5), ("a", 9.0, None), ("c", -200.0, 0.25), ("d", 1000.0, -0.1))
    page = render_html(make_document(Sheet("Sheet", "", (Table("t", columns, rows),))))
    script = """
      var table = document.getElementById("table-t"), heads = table.tHead.rows[0].cells;
      return [1, 1, 0, 2, 2].map(function (place) {
        heads[place].click();
        return Array.from(table.tBodies[0].rows).map(function (row) {
          return row.cells[0].textContent;
        }).join("");
      });"""
    assert answer(page, script, tmp_path) == ["cabd", "dbac", "abcd", "dcba", "bcda"]


def test_the_switch_changes_light_and_dark(tmp_path):
    page = render_html(make_document(Sheet("Sheet")))
    script = """
      var color = function () { return getComputedStyle(document.body).backgroundColor; };
      var before = color(), button = document.getElementById("theme");
      button.click();
      var after = color();
      button.click();
      return [button.hidden, before, after, color()];"""
    hidden, before, after, again = answer(page, script, tmp_path)
    assert not hidden
    assert before == again != after


@pytest.mark.parametrize("width", [390, 1280])
def test_the_body_never_overflows_and_no_word_of_a_chart_leaves_it(tmp_path, width):
    """In a frame of that width: no window of the browser is as narrow as a phone."""
    script = """
      var out = [];
      document.querySelectorAll("svg").forEach(function (svg) {
        var edge = svg.getBoundingClientRect();
        if (edge.width) svg.querySelectorAll("text").forEach(function (text) {
          var box = text.getBoundingClientRect();
          if (box.left < edge.left - 1 || box.right > edge.right + 1 || box.bottom > edge.bottom)
            out.push(text.textContent);
        });
      });
      parent.document.title = JSON.stringify([innerWidth, document.body.scrollWidth, out]);"""
    page = html.escape(with_script(render_html(make_hostile()), script))
    frame = f'<!doctype html><title></title><iframe width="{width}" height="800" srcdoc="{page}">'
    shown, _ = browse(save(tmp_path, "frame.html", frame), "--hide-scrollbars", "--dump-dom")
    assert json.loads(re.search("<title>(.*?)</title>", shown)[1]) == [width, width, []]


def print_page(folder, document, *read):
    """The text of each printed page."""
    printed = folder / "page.pdf"
    page = save(folder, "page.html", render_html(document))
    browse(page, "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    command = ["pdftotext", "-layout", *read, str(printed), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return text.removesuffix("\f").split("\f")


def test_every_printed_page_bears_the_marking_and_the_run(tmp_path):
    rows = tuple((f"m{i}", float(i)) for i in range(50))
    tables = tuple(Table(f"t{i}", (Column("who"), Column("cost", "money")), rows) for i in range(3))
    document = make_document(Sheet("One", "", tables), Sheet("Two"))
    pages = print_page(tmp_path, document)
    assert len(pages) >= 5
    for number, one in enumerate(pages, 1):
        foot = one.strip().splitlines()[-1].replace(" ", "")
        run = f"{document.marking}\u00b7run{document.facts.run_id}"
        assert foot.startswith(run.replace(" ", ""))
        assert foot.endswith(f"{number}/{len(pages)}")


def test_of_a_long_table_the_rows_that_stand_for_all_are_printed(tmp_path):
    rows = tuple((f"m{i}", float(i)) for i in range(397))
    columns = (Column("who"), Column("cost", "money"))
    table = Table("t", columns, rows, picked=(0, 200, 396))
    text = "\n".join(print_page(tmp_path, make_document(Sheet("One", "", (table,)))))
    assert re.findall(r"\b(m\d+) ", text) == ["m0", "m200", "m396"]
    assert "3 of 397 rows are printed; all stand in the workbook." in text


@pytest.mark.parametrize(("width", "shown"), [(390, "narrow"), (1280, "wide")])
def test_every_chart_is_drawn_once_and_has_shapes(tmp_path, width, shown):
    script = """
      var found = Array.from(document.querySelectorAll("figure"), function (figure) {
        var seen = Array.from(figure.querySelectorAll("svg")).filter(function (svg) {
          return svg.getBoundingClientRect().width > 0;
        });
        return seen.map(function (svg) {
          var shapes = svg.querySelectorAll("rect, polyline, circle, polygon");
          return [svg.getAttribute("class"), shapes.length > 0];
        });
      });
      parent.document.title = JSON.stringify(found);"""
    charts = [
        Chart(kind, "t", "row" if kind == "points" else "who", ("cost", "gain"), kind)
        for kind in KINDS
    ]
    columns = (
        Column("who"),
        Column("row", "count"),
        Column("cost", "money"),
        Column("gain", "money"),
    )
    table = Table("t", columns, tuple((f"m{i}", i, 1.0 + i, 5.0 - i) for i in range(4)))
    document = make_document(
        Sheet("S", "", (*charts, table)), Sheet("T", "", (Beside(charts[:2]),))
    )
    page = html.escape(with_script(render_html(document), script))
    frame = f'<!doctype html><title></title><iframe width="{width}" height="800" srcdoc="{page}">'
    dumped, console = browse(save(tmp_path, "frame.html", frame), "--dump-dom")
    assert console == []
    found = json.loads(re.search("<title>(.*?)</title>", dumped)[1])
    assert found[: len(KINDS)] == [[[shown, True]]] * len(KINDS)
    assert found[len(KINDS) :] == [[["narrow", True]]] * 2


def test_columns_that_say_who_stay_in_view_and_nothing_is_refused(tmp_path):
    columns = (Column("code"), Column("name"), *(Column(f"y{i}", "money") for i in range(40)))
    rows = tuple((f"C{i}", f"Member {i}", *(1000.5 * i for _ in range(40))) for i in range(3))
    table = Table("t", columns, rows, in_view=2)
    page = render_html(make_document(Sheet("S", "", (table,))))
    script = """
      var table = document.getElementById("table-t"), box = table.parentElement;
      var lefts = function () {
        return [0, 1, 2].map(function (i) {
          return table.rows[1].cells[i].getBoundingClientRect().left;
        });
      };
      var before = lefts();
      box.scrollLeft = 300;
      var after = lefts();
      return [before[0] - after[0], before[1] - after[1], before[2] - after[2]];"""
    assert answer(page, script, tmp_path, "--window-size=1280,800") == [0, 0, 300]
    _, console = browse(save(tmp_path, "page.html", page), "--window-size=1280,800", "--dump-dom")
    assert console == []


def test_a_wide_table_is_printed_whole(tmp_path):
    columns = (Column("who"), *(Column(f"member {i}", "money", total=True) for i in range(21)))
    rows = tuple((f"row {r}", *(1000.5 + 21 * r + i for i in range(21))) for r in range(3))
    document = make_document(Sheet("One", "", (Table("t", columns, rows),)))
    text = print_page(tmp_path, document, "-l", "1")[0]
    assert {f"1,{n:03}.5" for n in range(63)} <= set(text.split())


def test_libreoffice_shows_the_texts_that_the_page_shows(tmp_path):
    numbers = (1234.56, -1234.56, 3609.25, 0.0, 0.125, -0.5, 1.005, 1e9)
    columns = (
        Column("name"),
        Column("a", "money", total=True),
        Column("b", "share"),
        Column("c", "fine_share"),
        Column("d", "number", decimals=2),
        Column("e", "number"),
        Column("f", "count"),
        Column("g", "day"),
    )
    rows = tuple((f"m{i}", x, x, x, x, x, round(x), i) for i, x in enumerate(numbers))
    marks = {(0, "a"): "good", (1, "b"): "bad", (2, "name"): "warn", (3, "d"): "changed"}
    table = Table("t", columns, rows, marks=marks)
    path = tmp_path / "answer.xlsx"
    write_document_xlsx(path, make_document(Sheet("Sheet", "", (table,))))
    # The first sheet in UTF-8, its cells as they are shown.
    (file,) = convert(
        tmp_path, path.name, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    )
    lines = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
    first = next(i for i, line in enumerate(lines) if line[:2] == ["name", "a"]) + 1
    shown = [[cell.strip() for cell in line] for line in lines[first : first + len(rows) + 1]]
    page = PageReader(render_html(make_document(Sheet("Sheet", "", (table,)))))
    told = [[text for text, _ in row] for row in page.tables["table-t"]]
    for cells, texts in zip(shown, [*told, page.feet["table-t"]], strict=True):
        assert cells == [text.replace("\u2212", "-").replace("\u00a0", " ") for text in texts]


def test_libreoffice_opens_a_workbook_of_hostile_texts(tmp_path):
    path = tmp_path / "answer.xlsx"
    write_document_xlsx(path, make_hostile())
    (file,) = convert(tmp_path, path.name, "pdf")
    assert file.read_bytes().startswith(b"%PDF")
