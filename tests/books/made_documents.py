"""Documents that are made for tests: every form, mark and kind of chart, and hostile names."""

from __future__ import annotations

import html.parser
import re
from typing import Any, get_args

from hypothesis import strategies as st
from small_alliance import make_facts

from cssopt.document.document import (
    Beside,
    Chart,
    ChartKind,
    Column,
    Document,
    Form,
    Mark,
    Note,
    Pair,
    Pairs,
    Sheet,
    Table,
)

HOSTILE = (
    "<script>document.title='ran'</script>",
    '"><img src=x onerror="document.title=1">',
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "http://example.org/x",
    "\u202etxt.exe",
    "\x1b[31mred\x00",
    "[bold]bold[/bold] :smile:",
    "\U0001f600 \u0641\u0631\u0646\u0633\u0627 \u65e5\u672c",
    "lone \udce9 half",
    "Very long " + "name " * 60,
    "x" * 300,
    "Sheet!A1 'quoted' & \\ \"",
    "</style></script><h1>out</h1>",
)
FORMS = get_args(Form)
NUMBERS = tuple(form for form in FORMS if form not in ("text", "sentence"))
NUMBER = r"([-\u2212]?)(\d[\d,]*)(\.\d+)?(e[-+]\d+)?([ \u00a0\u202f]?%)?"
"""How a number is written, its parts as groups."""
AROUND = " \u00a0\u2713\u2717!\u25b3"
"""Signs of marks beside what is written, and blanks."""
MET_TO = 5e-4
"""Share of a need up to which it is told as met."""
DECIDERS = (
    "million", "difference", "units", "more_units", "percent", "fine_percent", "points", "missing",
)  # fmt: skip
"""Forms of which an empty cell is written as a dash."""
MARKS = get_args(Mark)
KINDS = get_args(ChartKind)


def make_document(*sheets: Sheet, **changes: Any) -> Document:
    """A document of these sheets."""
    whole = {
        "title": "An alliance <b>of six</b>",
        "verdict": "Ten of fifteen ways of sharing are stable",
        "mark": "good",
        "marking": 'ILLUSTRATIVE "}</style>',
        "measure": "million EUR of 2027",
    }
    return Document(sheets=sheets, facts=make_facts(question="share"), **{**whole, **changes})


def make_hostile() -> Document:
    """Hostile texts wherever a text can stand, every mark and every kind of chart."""
    columns = (
        Column("who", title=HOSTILE[0], meaning=HOSTILE[1]),
        Column("cost", "money", title="=cost", measure=HOSTILE[2], total=True),
        Column("gain", "money", total=True),
        Column("why", "sentence"),
    )
    rows = tuple((name, 10.0 * i + 0.5, 3.0 + i, name) for i, name in enumerate(HOSTILE))
    marks = {(i, "cost"): mark for i, mark in enumerate(MARKS)}
    table = Table("costs", columns, rows, title=HOSTILE[0], note=HOSTILE[4], marks=marks)
    charts = [Chart(kind, "costs", "who", ("cost", "gain"), HOSTILE[13]) for kind in KINDS]
    picked = dict(enumerate(HOSTILE))
    points = Chart("points", "costs", "cost", ("gain",), HOSTILE[0], picked=picked)
    turned = Chart("curves", "costs", "who", ("cost", "gain"), HOSTILE[1], rows_are_series=True)
    facts = Pairs("facts", tuple(Pair(text, text, remark=text) for text in HOSTILE), HOSTILE[0])
    notes = [Note(text, mark=mark) for text, mark in zip(HOSTILE, MARKS, strict=False)]
    return make_document(
        Sheet("[<b>]:?", HOSTILE[0], (*charts, points, turned, *notes, table), on_screen=True),
        Sheet("[<b>]:?", "", (Note("a heading", is_heading=True), Beside((facts, points)))),
        title=HOSTILE[0],
        verdict=HOSTILE[4],
    )


@st.composite
def draw_tables(draw: st.DrawFn) -> Table:
    """Tables of a name for each row and columns of every form of numbers."""
    names = draw(st.lists(st.sampled_from("ABCDEFGH"), min_size=1, max_size=6, unique=True))
    columns, cells = [Column("name")], [names]
    for form in draw(st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=6)):
        most = {"year": 2999, "day": 3650}.get(form, 1e12)
        numbers = (
            st.integers(0, int(most))
            if form in ("year", "day", "count")
            else st.floats(0 if form == "missing" else -most, most, allow_subnormal=False)
        )
        values = st.one_of(st.none(), numbers, st.just(0))
        decimals = draw(st.sampled_from((None, 0, 3))) if form == "number" else None
        total = form in ("money", "number", "count", "share")
        columns.append(Column(f"c{len(columns)}", form, decimals=decimals, total=total))
        cells.append([draw(values) for _ in names])
    rows = tuple(zip(*cells, strict=True))
    places = [(i, column.name) for i in range(len(rows)) for column in columns]
    marks = draw(st.dictionaries(st.sampled_from(places), st.sampled_from(MARKS), max_size=4))
    return Table("drawn", tuple(columns), rows, marks=marks)


def read_number(text: str) -> tuple[float, float]:
    """The number that a text shows and half of its last place, within which it may be rounded.

    Read without what wrote it: a dash is 0, a percent is a part of 1, ``met`` is less than is told
    as missing, and ``<`` or ``>`` is anything between nothing and what stands behind it.
    """
    if text.strip(AROUND) == "met":
        return 0.0, MET_TO
    found = re.search(NUMBER, text)
    if found is None:
        assert "\u2013" in text, text
        return 0.0, 1e-9
    sign, whole, part, power, percent = found.groups()
    size = float(whole.replace(",", "") + (part or ""))
    times = float(f"1{power or ''}") * (0.01 if percent else 1.0)
    if text.startswith(("<", ">")):
        return 0.0, size * times
    half = 0.5 * 10.0 ** -(len(part) - 1 if part else 0)
    return (-1 if sign else 1) * size * times, half * times


def shows(text: str, number: float, form: str = "") -> bool:
    """True where a text shows a number, rounded to its own last place."""
    if form == "points":  # hundredths, without a sign of percent
        number *= 100
    read, half = read_number(text)
    return abs(read - number) <= half * (1 + 1e-6) + 1e-12 * abs(number)


_CELLS = ("td", "th")
_ROWS = (*_CELLS, "tr")


class PageReader(html.parser.HTMLParser):
    """What a browser would find in a page.

    Attributes
    ----------
    tables: by id the rows of their bodies, each cell its text and its number.
    elements: every element by name, with its attributes. texts: of each kind of element.
    """

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: dict[str, list[list[tuple[str, float | None]]]] = {}
        self.feet: dict[str, list[str]] = {}
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._table, self._part, self._open = "", "", []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._end_cells({"td": _CELLS, "th": _CELLS, "tr": _ROWS}.get(tag, ()))
        self.elements.append((tag, given))
        if tag != "meta":
            self._open.append(tag)
            self.texts.setdefault(tag, []).append("")
        if tag == "table":
            self._table = given["id"]
            self.tables[self._table] = []
        elif tag == "dl" and given.get("id"):
            self._table, self._part = given["id"], "tiles"
            self.tables[self._table] = []
        elif tag == "dt" and self._part == "tiles":
            self.tables[self._table].append([("", None)])
        elif tag == "dd" and self._part == "tiles":
            self.tables[self._table][-1].append(("", None))
        elif tag in ("thead", "tbody", "tfoot"):
            self._part = tag
        elif tag == "tr" and self._part == "tbody":
            self.tables[self._table].append([])
        elif tag in ("td", "th") and self._part == "tbody":
            number = given.get("data-v")
            cell = ("", None if number is None else float(number))
            self.tables[self._table][-1].append(cell)
        elif tag in ("td", "th") and self._part == "tfoot":
            self.feet.setdefault(self._table, []).append("")

    def handle_endtag(self, tag):
        self._end_cells(_ROWS if tag in ("thead", "tbody", "tfoot") else ())
        self._part = "" if tag == "dl" else self._part
        assert self._open.pop() == tag, "every element ends within the one that it began in"

    def _end_cells(self, kinds):
        """Ends of cells and rows need not be told (HTML, 13.1.2.4)."""
        while self._open and self._open[-1] in kinds:
            self._open.pop()

    def handle_data(self, data):
        if not self._open:
            return
        self.texts[self._open[-1]][-1] += data
        within = {"dt", "dd"} if self._part == "tiles" else {"td", "th"}
        if not within & set(self._open):
            return
        if self._part in ("tbody", "tiles"):
            text, number = self.tables[self._table][-1][-1]
            self.tables[self._table][-1][-1] = (text + data, number)
        elif self._part == "tfoot":
            self.feet[self._table][-1] += data
