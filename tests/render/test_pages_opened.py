"""Pages for deciders in a browser: on a telephone, a screen, paper, in the dark, and for readers
who cannot see them."""

from __future__ import annotations

import html
import importlib.util
import json
import re
import subprocess
from pathlib import Path

import pytest
from made_documents import HOSTILE, PageReader, make_document
from made_pages import FORCES, make_decision, make_hostile_pages, make_page, make_pages, make_table
from opened import browse
from test_documents_opened import answer, save, with_script

from cssopt.document.document import Column, Table
from cssopt.render.html.page import render_html

pytestmark = pytest.mark.slow


def ask_in_frame(folder, page, script, width):
    """What a script finds in a page of that width: no window is as narrow as a telephone."""
    asked = f"parent.document.title = JSON.stringify((function () {{ {script} }})());"
    inner = html.escape(with_script(page, asked))
    frame = f'<!doctype html><title></title><iframe width="{width}" height="800" srcdoc="{inner}">'
    path = save(folder, "frame.html", frame)
    shown, console = browse(path, "--hide-scrollbars", "--dump-dom")
    assert console == []
    return json.loads(html.unescape(re.search("<title>(.*?)</title>", shown)[1]))


def test_the_pages_ask_for_nothing_and_no_text_in_them_runs(tmp_path):
    path = save(tmp_path, "page.html", render_html(make_hostile_pages()))
    log = tmp_path / "net.json"
    shown, console = browse(path, "--dump-dom", f"--log-net-log={log}")
    assert console == []
    assert PageReader(shown).texts["title"][0] == HOSTILE[0]
    asked = set(re.findall(r'"url":"([^"]+)"', log.read_text(encoding="utf-8")))
    own = re.compile(r"https?://[a-z0-9.]+\.(google|googleapis|gvt1)\.com/")
    assert {one for one in asked if not own.match(one)} <= {path.as_uri()}


OVERFLOW = """
  var out = [];
  document.querySelectorAll("svg").forEach(function (svg) {
    var edge = svg.getBoundingClientRect();
    if (edge.width) svg.querySelectorAll("text").forEach(function (text) {
      var box = text.getBoundingClientRect();
      if (box.left < edge.left - 1 || box.right > edge.right + 1 || box.bottom > edge.bottom + 1)
        out.push(text.textContent);
    });
  });
  return [innerWidth, document.body.scrollWidth, out];"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("make", [make_pages, make_hostile_pages])
def test_no_page_is_wider_than_the_screen_and_no_word_leaves_its_chart(tmp_path, width, make):
    assert ask_in_frame(tmp_path, render_html(make()), OVERFLOW, width) == [width, width, []]


def test_on_a_telephone_payments_are_tiles_forces_are_lists_and_charts_narrow(tmp_path):
    script = """
      var box = function (cell) { return cell.getBoundingClientRect(); };
      var tiles = document.querySelector("table.tiles tbody tr").cells;
      var forces = Array.from(document.querySelector("table.list tbody tr").cells)
        .filter(function (cell) { return box(cell).height > 0; });
      var wide = Array.from(document.querySelectorAll("svg.wide")).filter(function (svg) {
        return box(svg).width > 0;
      });
      var heads = Array.from(document.querySelectorAll("table:is(.tiles, .list) thead"));
      return [
        box(tiles[1]).top === box(tiles[3]).top, box(tiles[4]).top > box(tiles[1]).top,
        forces.length,
        forces.every(function (c, i) { return !i || box(c).top >= box(forces[i - 1]).bottom - 1; }),
        wide.length, heads.every(function (head) { return box(head).height === 0; })];"""
    # The first member has four of five forces, behind its name.
    told = ask_in_frame(tmp_path, render_html(make_pages()), script, 390)
    assert told == [True, True, 5, True, 0, True]


def test_tables_under_headings_of_groups_sort_and_keep_their_last_row(tmp_path):
    script = """
      var table = document.getElementById("table-payers"), heads = table.tHead.rows[1].cells;
      heads[1].click();
      var names = Array.from(table.tBodies[0].rows, function (row) {
        return row.cells[0].textContent;
      });
      return [names, table.tFoot.rows[0].cells[0].textContent];"""
    names, last = answer(render_html(make_pages()), script, tmp_path)
    assert names == ["Fenwick", "Elsmark", "Dorvia", "Caldera", "Bruma", "Arland"]
    assert last == "All members"


@pytest.mark.parametrize(
    ("language", "wanted"),
    [("en", "4,000 1.5 <1 0 \u2212200 none"), ("ru", "4\u00a0000 1,5 <1 0 \u2212200 none")],
)
def test_numbers_sort_by_what_is_written_in_any_language(tmp_path, language, wanted):
    """Cells as the two languages write them; what is no number stays below."""
    told = wanted.split(" ")
    columns = Column("who"), Column("cost", "text")
    rows = tuple(zip("abcdef", told, strict=True))
    page = render_html(make_document(make_page("P", Table("t", columns, rows)), language=language))
    script = """
      var table = document.getElementById("table-t"), head = table.tHead.rows[0].cells[1];
      return [1, 2].map(function () {
        head.click();
        return Array.from(table.tBodies[0].rows, function (row) {
          return row.cells[0].textContent;
        }).join("");
      });"""
    assert answer(page, script, tmp_path) == ["edcbaf", "abcdef"]


def count_printed(folder, document):
    """Printed pages, and sections."""
    page = render_html(document)
    printed = folder / "page.pdf"
    path = save(folder, "page.html", page)
    browse(path, "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    command = ["pdftotext", "-layout", str(printed), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return text.removesuffix("\f").split("\f"), page.count("<section")


def test_every_page_is_printed_on_one_sheet_with_its_marking_and_run(tmp_path):
    names = tuple(f"Member {i} of the treaty" for i in range(9))
    document = make_document(
        *make_pages().sheets[:-1],
        make_page("Long", make_table("long", 30)),
        make_page("Longer", make_table("longer", 45)),
        make_page("Longest", make_table("longest", 400), make_table("other", 400)),
        marking="ILLUSTRATIVE",
    )
    printed, sections = count_printed(tmp_path, document)
    assert len(printed) == sections
    for number, text in enumerate(printed, 1):
        assert "ILLUSTRATIVE" in text
        assert document.facts.run_id in text
        assert f"{number}/{sections}" in text
    large = make_decision(names, (*FORCES, "Submarine"), tuple(range(2027, 2035)))
    printed, sections = count_printed(tmp_path, make_document(large, make_page("Next")))
    assert len(printed) == sections == 2
    assert {*names} <= {*re.findall(r"Member \d of the treaty", printed[0])}


def read_axe():
    """The source of axe-core, which a package brings along."""
    spec = importlib.util.find_spec("axe_core_python")
    if spec is None:
        pytest.skip("axe-core-python is missing: it is one of the development tools")
    (folder,) = spec.submodule_search_locations
    return (Path(folder) / "axe.min.js").read_text(encoding="utf-8")


def find_faults(folder, page, *options):
    """Serious and critical faults that axe-core finds in a page."""
    script = """
      axe.run(document).then(function (found) {
        document.title = JSON.stringify(found.violations.filter(function (one) {
          return one.impact === "serious" || one.impact === "critical";
        }).map(function (one) {
          return [one.id, one.nodes.slice(0, 3).map(function (node) { return node.html; })];
        }));
      });"""
    asked = with_script(with_script(page, read_axe()), script)
    path = save(folder, "axe.html", asked)
    shown, _ = browse(path, "--virtual-time-budget=60000", "--dump-dom", *options)
    return json.loads(html.unescape(re.search("<title>(.*?)</title>", shown)[1]))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["1280,900", "500,900"])
def test_readers_who_cannot_see_the_pages_meet_no_serious_fault(tmp_path, theme, size):
    page = render_html(make_pages()).replace("<html ", f'<html data-theme="{theme}" ', 1)
    assert find_faults(tmp_path, page, f"--window-size={size}") == []


def test_a_fault_would_be_found(tmp_path):
    page = render_html(make_pages()).replace("<main ", '<img src="data:,"><main ', 1)
    assert [name for name, _ in find_faults(tmp_path, page)] == ["image-alt"]
