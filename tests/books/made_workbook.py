"""A document with pages for deciders, made by hand: every block, form and mark that pages have.

Its numbers are those of the picture in the specification of the pages.
"""

from __future__ import annotations

from typing import Any

from made_documents import make_document

from cssopt.document.document import (
    Beside,
    Cells,
    Chart,
    Column,
    Document,
    Formula,
    Note,
    Pair,
    Pairs,
    Rich,
    Sheet,
    Span,
    Table,
)

YEARS = tuple(range(2027, 2033))
CASH = (5532.0, 4880.0, 4204.0, 4712.4, 4868.0, 3741.0)
FIGURES = (
    *((f"cash.{year}", money) for year, money in zip(YEARS, CASH, strict=True)),
    ("cash", 27937.4),
    ("residual_value", 5148.2),
    ("net_cost", 22789.2),
    ("net_cost_at_start", 21653.5),
)
THREATS = (
    ("Border crisis on the plain", (0.584, 0.0, 0.0, 0.0, 0.0, 0.0),
     "2027: air and missile defence 58 %, land combat 29 % missing."),
    ("Missile and air threat", (0.593, 0.503, 0.0, 0.0, 0.0, 0.0),
     "2027: air and missile defence 59 %; 2028: air and missile defence 50 % missing."),
    ("Pressure on sea lanes", (0.16, 0.24, 0.05, 0.0, 0.0, 0.0),
     "2027: air and missile defence 16 %, sea control 12 %; 2028: sea control 24 %; 2029: sea "
     "control 5 % missing."),
    ("Unrest beyond the south", (None, None, 0.002, 0.0, 0.0, 0.0), "Met in every year."),
)  # fmt: skip
PAYS = (
    ("Arland", 6675.0, 0.0017, 0.23, "26 % (2028)", 4230.0, -1059.0, 2808.0, 5980.0, 1750.0),
    ("Bruma", 6294.0, 0.0033, 0.36, "72 % (2027)", 2719.0, -516.0, 2180.0, 4384.0, 1664.0),
    ("Caldera", 1299.0, 0.0009, 0.09, "12 % (2027)", 2427.0, -1537.0, 319.0, 1209.0, -1218.0),
    ("Dorvia", 8202.0, 0.0086, 0.61, "69 % (2027)", 9210.0, -2810.0, 894.0, 7295.0, -1916.0),
    ("Elsmark", 3720.0, 0.0120, 0.77, "100 % (2029\u201331)", 2668.0, -1004.0, 278.0, 1942.0,
     -726.0),
    ("Fenwick", 1748.0, 0.0077, 0.52, "100 % (2030\u201331)", 1607.0, -1033.0, 270.0, 844.0,
     -763.0),
    ("All members", 27937.0, 0.0032, 0.34, None, 22863.0, -7959.0, 6749.0, 21654.0, -1209.0),
)  # fmt: skip
FORCES = ("Mechanized brigade", "Light brigade", "Air-defence battery", "Fighter squadron")


def _figure(name: str) -> Formula:
    row = [one for one, _ in FIGURES].index(name)
    return Formula(FIGURES[row][1], "{0}", (Cells("value", row=row, table="page_figures"),))


def make_threats() -> Table:
    columns = (
        Column("threat", title="Threat"),
        *(Column(str(year), "missing", page="Needs") for year in YEARS),
        Column("in_words", "sentence", title="In words"),
    )
    rows = tuple((name, *missing, words) for name, missing, words in THREATS)
    return Table("threats_met", columns, rows)


def make_payments() -> Table:
    pays, net = {"group": "What it pays", "page": "Who pays"}, {"group": "Net cost in 2027 value"}
    columns = (
        Column("member", title="Member"),
        Column("cash", "million", title="Cash, six years", **pays),
        Column("of_gdp", "fine_percent", title="of its GDP", **pays),
        Column("of_ceiling", "percent", title="of its ceiling", **pays),
        Column("fullest", title="Fullest year", **pays),
        Column("alone", "million", title="Alone", **net),
        Column("saving", "difference", title="Saving", **net),
        Column("more", "difference", title="More security", **net),
        Column("plan", "million", title="This plan", **net),
        Column("against", "difference", title="against alone", **net),
    )
    marks: dict[tuple[int, str], Any] = {(4, "fullest"): "reached", (5, "fullest"): "reached"}
    for row, line in enumerate(PAYS[:-1]):
        marks[row, "against"] = "more" if line[-1] > 0 else "less"
    note = "Saving: acting together at the security that members would have alone."
    return Table("payments", columns, PAYS, note=note, marks=marks, last_is_total=True)


def _change(before: str, after: str, given: str = "", bought: str = "", lent: str = "") -> Rich:
    spans = [Span(f"{before} \u2192 "), Span(after, is_strong=True)]
    if given:
        spans.append(Span(f"  \u25bc{given}", "given_up"))
    if bought:
        spans.append(Span(f" \u25b2{bought}", "ordered"))
    if lent:
        spans.append(Span(f" \u25c6{lent}", "lent"))
    return Rich(tuple(spans))


def make_changes() -> Table:
    columns = (Column("member", title="Member"), *(Column(one) for one in FORCES))
    rows = (
        ("Arland", _change("3", "0", "3"), None, _change("4", "3", "0.7", "0.7", "1.5"),
         _change("3", "2.2", "0.6", lent="1.2")),
        ("Bruma", None, _change("4", "0", "4"), _change("1", "1.4", "0.1", "1", "0.6"),
         _change("2", "1.3", "0.1", lent="0.5")),
        ("Caldera", _change("3", "0.6", "2.4", lent="0.2"), _change("4", "<0.1", "4"), None,
         _change("1", "0", "1")),
        ("Dorvia", _change("5", "3.3", "0.3", lent="2"), _change("6", "7.1", bought="1.1"),
         _change("2", "0.8", lent="0.4"), None),
        ("All members", "11 \u2192 4.1", "17 \u2192 11.6", "7 \u2192 9.6", "6 \u2192 3.6"),
    )  # fmt: skip
    return Table("changes", columns, rows, last_is_total=True)


def _heading(text: str, remark: str = "") -> Note:
    spans = [Span(text)] + ([Span(f"  {remark}", "quiet")] if remark else [])
    return Note.of(*spans, is_heading=True)


def _point(lead: str, text: str) -> Note:
    return Note.of(Span(f"{lead} ", is_strong=True), Span(text), is_point=True)


def make_decision(**changes: Any) -> Sheet:
    """The decision page of the picture."""
    cash = Table(
        "cash_by_year",
        (Column("year", "year", title="Year"), Column("cash", "number", title="Cash", decimals=1)),
        tuple((year, money / 1000) for year, money in zip(YEARS, CASH, strict=True)),
    )
    money = Pairs(
        "money_lines",
        (
            Pair("Cash, six years", _figure("cash"), "million", page="Cost"),
            Pair("less residual value of bought units, end of 2032", -5148.2, "million"),
            Pair("Net cost", _figure("net_cost"), "million", is_strong=True),
            Pair("the same in 2027 value", 21653.5, "million", is_strong=True),
        ),
    )
    by_when = Table(
        "by_when",
        (Column("year", title="Year"), Column("text", "sentence", title="What to decide")),
        (
            ("2027", "Sign the treaty. Start the joint depots. Open the air-defence production "
             "line (EUR 420 million). Orders: Bruma 1 \u00d7 air-defence battery."),
            ("2028", "Ratify: Arland and Caldera (effective 2029), Bruma and Dorvia (at once)."),
            ("2029\u201331", "Batteries for Elsmark and Fenwick: 2.4 and 2."),
        ),
    )  # fmt: skip
    whole: dict[str, Any] = {
        "question": "What should the six members keep, give up, buy and lend, and who pays?",
        "finding": "All four threats are met from 2030 on; until then the gap is air and missile "
        "defence",
        "blocks": (
            Note.of(
                Span("From 2030 yes, before that no: ", is_strong=True),
                Span("in 2027 the treaty does not work yet, so "),
                Span("9 %", page="Needs"),
                Span(" of all that is needed in 2027\u20132032 is missing."),
            ),
            Note("It takes EUR 27.9 billion of cash, 0.32 % of the members' GDP."),
            _heading("1 Are the threats met?", "the largest missing part of any need"),
            make_threats(),
            _heading("2 What does it cost?", "left: cash by year, billion EUR; right: million EUR"),
            Beside((
                Chart("columns", "cash_by_year", "year", ("cash",), "Cash by year"), money, cash,
            )),
            _heading("3 Who pays what?", "million EUR, prices of 2026"),
            make_payments(),
            _heading("4 Who must do what?", "units at the start of 2027 \u2192 at the end of 2032"),
            Note.of(
                Span("\u25bc given up ", "given_up"),
                Span("\u25b2 ordered ", "ordered"),
                Span("\u25c6 lent", "lent"),
            ),
            make_changes(),
            Note("Arland gives up and buys 0.7 air-defence battery: look twice.", "quiet"),
            Beside((
                _heading("5 How sure is it?"),
                _point("Proven.", "No plan leaves less missing, and none that leaves as little "
                       "costs less."),
                _point("The last steps are not dear.", "Leaving 1 % more missing would save 0.14 "
                       "billion (0.6 %)."),
                _point("The total is firm, its split is not.", "Dorvia could bear 6.1 to 9.0 "
                       "billion in place of 7.2."),
                _heading("6 What to decide, by when"),
                by_when,
                Note.of(Span("Most urgent: ", is_strong=True), Span("Arland's ratification.")),
            )),
        ),
        "is_page": True,
        "on_screen": True,
    }  # fmt: skip
    return Sheet("Decision", **(whole | changes))


def make_second_pages() -> tuple[Sheet, ...]:
    """Pages behind the decision: every kind of chart that they have, tiles and a schedule."""
    bridge = Table(
        "needs_bridge",
        (Column("step", title="Step"), Column("units", "units", title="Units")),
        (
            ("typed in the workbook", 9.0), ("growth", 0.3), ("each alone", 3.2),
            ("overlap", -3.2), ("the need", 9.3),
        ),
        marks={(2, "units"): "bad"},
    )  # fmt: skip
    ceilings = Table(
        "of_ceiling",
        (Column("member", title="Member"), *(Column(str(y), "percent") for y in YEARS)),
        tuple((name, *(0.1 * n + place / 10 for n in range(6))) for place, name in
              enumerate(("Arland", "Bruma", "Caldera", "Dorvia"))),
    )  # fmt: skip
    today = Table(
        "from_today",
        (
            Column("force", title="Force"), Column("today", "units", title="Today"),
            Column("last", "units", title="2032"), Column("lent", "units", title="Lent"),
        ),
        (("Arland, frigate", 5.0, 3.0, 1.5), ("Bruma, frigate", 3.0, 4.0, 0.04)),
    )  # fmt: skip
    ranges = Table(
        "ranges",
        (
            Column("member", title="Member"), Column("least", "million", title="Least"),
            Column("most", "million", title="Most"), Column("plan", "million", title="Plan"),
        ),
        (("Dorvia", 6106.0, 9034.0, 7216.0), ("Elsmark", 640.0, 2600.0, 1942.0)),
    )  # fmt: skip
    swings = Table(
        "swings",
        (
            Column("driver", title="Driver"), Column("less", "difference", title="\u221220 %"),
            Column("more", "difference", title="+20 %"),
            Column("missing", "points", title="Missing, points"),
        ),
        (("Border crisis", -2100.0, 2400.0, 0.009), ("Sea lanes", -300.4, 500.0, -0.021)),
    )  # fmt: skip
    schedule = Table(
        "timeline",
        (Column("what", title="What"), *(Column(str(year), title=str(year)) for year in YEARS)),
        (("Treaty", "under way", "in force", "in force", "in force", "in force", "in force"),),
        marks={(0, "2027"): "under_way", **{(0, str(y)): "bar" for y in YEARS[1:]}},
    )
    tiles = Pairs(
        "tiles",
        (
            Pair("Cash, six years", 6675.0, "million", "million EUR, prices of 2026"),
            Pair("Of its ceiling", 0.23, "percent", "fullest in 2028"),
            Pair("Against alone", 1750.0, "difference", "million EUR in 2027 value"),
        ),
        are_tiles=True,
    )
    return (
        Sheet("Needs", "", (
            Chart("waterfall", "needs_bridge", "step", ("units",), "How the need comes about",
                  totals=(4,)),
            bridge,
        ), is_page=True, question="How?", finding="The largest need is 9.3, not 9"),
        Sheet("Who pays", "", (
            Chart("panels", "of_ceiling", "member", tuple(map(str, YEARS)), "Of its ceiling"),
            ceilings, tiles, schedule,
        ), is_page=True, question="Who?", finding="Elsmark is at its ceiling"),
        Sheet("How sure", "", (
            Chart("dumbbell", "from_today", "force", ("today", "last", "lent"), "From today"),
            today,
            Chart("ranges", "ranges", "member", ("least", "most", "plan"), "Ranges"),
            ranges,
            Chart("tornado", "swings", "driver", ("less", "more"), "Swings"),
            swings,
        ), is_page=True, question="How sure?", finding="Proven"),
    )  # fmt: skip


def make_pages(*more: Sheet, **changes: Any) -> Document:
    """The document: pages, and a technical sheet with the figures that they read."""
    figures = Table(
        "page_figures", (Column("name"), Column("value", "number", decimals=1)), FIGURES
    )
    technical = Sheet("Figures", "All figures of the pages.", (figures,))
    title = changes.pop("title", "Six-member alliance, 2027\u20132032")
    made = {"title": title, "marking": "ILLUSTRATIVE", "measure": "EUR, prices of 2026"}
    sheets = (make_decision(), *make_second_pages(), *more, technical)
    return make_document(*sheets, **(made | changes))
