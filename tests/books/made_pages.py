"""Pages for deciders that are made for tests: every block that they may have, with hostile names.

The figures are those of a six-member alliance; only what tests ask of them has to be right.
"""

from __future__ import annotations

from typing import Any

from made_documents import HOSTILE, make_document

from cssopt.document.document import (
    Beside,
    Block,
    Chart,
    Column,
    Document,
    Note,
    Pair,
    Pairs,
    Rich,
    Sheet,
    Span,
    Table,
)

MEMBERS = ("Arland", "Bruma", "Caldera", "Dorvia", "Elsmark", "Fenwick")
FORCES = (
    "Mechanized brigade",
    "Light brigade",
    "Air-defence battery",
    "Fighter squadron",
    "Frigate",
)
YEARS = tuple(range(2027, 2033))
OUTLAY = (1131.0, 1232.0, 1203.0, 1125.0, 1016.0, 968.0)


def make_page(name: str, *blocks: Block, **how: Any) -> Sheet:
    """A page of these blocks."""
    told = {"question": f"What of {name}?", "finding": f"This of {name}", **how}
    return Sheet(name, "", blocks, is_page=True, **told)


def make_threats(names: tuple[str, ...], years: tuple[int, ...] = YEARS) -> Table:
    """The missing part of each threat by year: all sizes, met, and no threat."""
    parts = (0.5843, 0.31, 0.24, 0.05, 0.0, None)
    columns = (
        Column("threat", title="Threat"),
        *(Column(f"y{year}", "missing", str(year), page="Needs") for year in years),
        Column("in_words", "sentence", "In words"),
    )
    rows = tuple(
        (
            name,
            *(parts[(i + row) % 6] for i in range(len(years))),
            "2027: air defence 58 % missing.",
        )
        for row, name in enumerate(names)
    )
    return Table("threats", columns, rows)


def make_payers(names: tuple[str, ...]) -> Table:
    """What each member pays, under headings over several columns, and all of them below."""
    pays, net = "What it pays", "Net cost in 2027 value"
    columns = (
        Column("member", title="Member"),
        Column("cash", "million", "Cash, six years", group=pays, page="Who pays"),
        Column("of_gdp", "fine_percent", "of its GDP", group=pays),
        Column("of_ceiling", "percent", "of its ceiling", group=pays),
        Column("fullest", "text", "Fullest year", group=pays),
        Column("alone", "million", "Alone", group=net, page="Together"),
        Column("saving", "difference", "Saving", group=net),
        Column("more", "difference", "More security", group=net),
        Column("plan", "million", "This plan", group=net),
        Column("against", "difference", "against alone", group=net),
    )
    rows = [
        (
            name,
            6674.6 - 300 * i,
            0.001728,
            0.23,
            "26 % (2028)",
            4230.5,
            -1058.6,
            2808.3,
            5980.2,
            1749.7,
        )
        for i, name in enumerate(names)
    ]
    rows.append(
        ("All members", 27937.4, 0.0032, 0.34, None, 22862.9, -7958.6, 6749.2, 21653.5, -1209.3)
    )
    marks = {(0, "against"): "more", (1, "against"): "less", (len(names) - 1, "fullest"): "reached"}
    return Table("payers", columns, tuple(rows), marks=marks, last_is_total=True)


def make_holdings(names: tuple[str, ...], forces: tuple[str, ...] = FORCES) -> Table:
    """From today to the plan, as stretches of texts."""

    def tell(row: int, place: int) -> Rich | None:
        if (row + place) % 4 == 3:
            return None
        signs = (
            Span(" \u25bc\u00a00.7", "given_up"),
            Span(" \u25b2\u00a00.7", "ordered"),
            Span(" \u25c6\u00a01.5", "lent"),
        )
        return Rich((Span("4 \u2192 "), Span("3", is_strong=True), *signs[: (row * place) % 4]))

    columns = (
        Column("member", title="Member"),
        *(Column(f"f{i}", title=f) for i, f in enumerate(forces)),
    )
    rows = tuple((name, *(tell(r, i) for i in range(len(forces)))) for r, name in enumerate(names))
    return Table("holdings", columns, rows)


def make_decision(
    names: tuple[str, ...] = MEMBERS,
    forces: tuple[str, ...] = FORCES,
    years: tuple[int, ...] = YEARS,
    threats: tuple[str, ...] = ("Border crisis", "Missile threat", "Sea lanes", "Unrest"),
    **how: Any,
) -> Sheet:
    """The decision page of so many members, forces and years."""
    cash = Table(
        "cash",
        (Column("year", "year", "Year"), Column("cash", "number", "Cash", decimals=1)),
        tuple((year, 5.5 - 0.3 * (i % 6)) for i, year in enumerate(years)),
    )
    net = Pairs("net_cost", (
        Pair("Cash, six years", 27937.4, "million", page="Cost"),
        Pair("less residual value", -5148.2, "million"),
        Pair("Net cost", 22789.2, "million", is_strong=True),
        Pair("the same in 2027 value", 21653.5, "million", is_strong=True),
    ))  # fmt: skip
    what = Pairs("decide", tuple(
        Pair(str(year), "Sign the treaty (a year's work). Open the consultation forum, start talk. "
             "Orders: Bruma 1 \u00d7 air-defence battery, 1 \u00d7 frigate.")
        for year in years[:3]
    ))  # fmt: skip
    sure = [
        Note.of(Span("Proven.", is_strong=True), Span(" No plan leaves less missing, and none that "
                "leaves as little costs less."), is_point=True),
        Note.of(Span("The last steps are not dear.", is_strong=True), Span(" Leaving "),
                Span("1 %", page="How sure"), Span(" more missing would save EUR 0.14 billion "
                "(0.6 % of the net cost), 5 % more EUR 0.48 billion."), is_point=True),
        Note.of(Span("The total is firm, its split is not.", is_strong=True), Span(" For 1 % more "
                "money Dorvia could bear EUR 6.1 to 9.0 billion instead of 7.2."), is_point=True),
    ]  # fmt: skip
    bars = Chart("columns", "cash", "year", ("cash",), "Cash by year, billion EUR")
    lead = Note.of(
        Span("From 2030 yes, before that no:", is_strong=True),
        Span(" in 2027 the treaty does not work yet, in 2028 what is ordered has not arrived, so "),
        Span("9 %", page="Needs"),
        Span(" of all that is needed in six years is missing. It takes EUR 27.9 billion of cash."),
    )
    question = Span("1 Are the threats met? "), Span("the largest missing part", "quiet")
    marks = Note.of(
        Span("\u25bc given up before its time", "given_up"), Span("  "),
        Span("\u25b2 ordered", "ordered"), Span("  "), Span("\u25c6 lent", "lent"), mark="quiet",
    )  # fmt: skip
    return make_page(
        "Decision",
        lead,
        Note.of(*question, is_heading=True),
        make_threats(threats, years),
        Note("2 What does it cost?", is_heading=True),
        Beside((bars, net, cash)),
        Note("3 Who pays what?", is_heading=True),
        make_payers(names),
        Note("4 Who must do what?", is_heading=True),
        marks,
        make_holdings(names, forces),
        Beside((
            Note("5 How sure is it?", is_heading=True), *sure,
            Note("6 What to decide, by when", is_heading=True), what,
            Note("Most urgent: Arland's ratification."),
        )),
        **how,
    )  # fmt: skip


def make_charts(names: tuple[str, ...] = MEMBERS) -> list[Sheet]:
    """A page for each new kind of chart, with its table."""
    years = tuple(Column(f"y{year}", "percent", str(year)) for year in YEARS)
    ceiling = Table(
        "ceilings", (Column("member"), *years),
        tuple((n, *(v / 1232 for v in OUTLAY)) for n in names),
        marks={(0, "y2028"): "reached"},
    )  # fmt: skip
    bridge = Table(
        "bridge_steps", (Column("step"), Column("units", "units")),
        (("Six separate defences", 22.9), ("Overlapping needs met once", -5.8), ("Waiting", 0.0),
         ("Council", 0.8), ("Together", 17.9), ("More security", 3.8), ("This plan", 21.7)),
        marks={(3, "units"): "bad"},
    )  # fmt: skip
    today = Table(
        "today",
        (Column("member"), Column("force"), Column("today", "units"),
         Column("then", "units", "2032"),
         Column("lent", "units")),
        tuple((n, f, 4.0, 2.5, 1.2 if f == "Frigate" else None) for n in names for f in FORCES[:3]),
        in_view=2,
    )  # fmt: skip
    ranges = Table(
        "split",
        (Column("member"), Column("least", "number", decimals=1),
         Column("most", "number", decimals=1),
         Column("plan", "number", decimals=1)),
        tuple((n, 0.3 + i, 2.5 + 1.5 * i, 1.0 + i) for i, n in enumerate(names)),
    )  # fmt: skip
    tornado = Table(
        "fifth",
        (Column("threat"), Column("less", "difference", "20 % less"),
         Column("more", "difference", "20 % more")),
        (("Border crisis on the plain", -2100.0, 2400.0), ("Unrest", -120.0, 130.0),
         ("Sea", 0.0, None)),
    )  # fmt: skip
    stack = Table(
        "money",
        (Column("year", "year"), *(Column(f"c{i}", "million", t) for i, t in enumerate(
            ("Running the forces", "Buying and production", "Common bodies", "Talks and aid")))),
        tuple((year, 3400.0 + i, 1100.0, 60.0, 65.0) for i, year in enumerate(YEARS)),
    )  # fmt: skip
    line = {"its ceiling": 1.0}
    return [
        make_page("Who pays", Chart("panels", "ceilings", "member", tuple(c.name for c in years),
                  "Cash as a share of the member's own ceiling, percent", line), ceiling),
        make_page("Together", Chart("waterfall", "bridge_steps", "step", ("units",),
                  "From six separate defences to this plan", totals=(0, 4, 6)), bridge),
        make_page("From today", Chart("dumbbell", "today", "force", ("today", "then", "lent"),
                  "Units today and in 2032"), today),
        make_page("How sure", Beside((Note("What money buys", is_heading=True),
                  Chart("ranges", "split", "member", ("least", "most", "plan"), "Who bears it"),
                  Note("The split", is_heading=True), ranges))),
        make_page("What if", Chart("tornado", "fifth", "threat", ("less", "more"),
                  "Each threat a fifth smaller or larger"), tornado),
        make_page("Cost", Chart("stacked_columns", "money", "year", ("c0", "c1", "c2", "c3"),
                  "Cash by year"), stack),
    ]  # fmt: skip


def make_pages(**how: Any) -> Document:
    """A document that has every block of a page."""
    tiles = Pairs("key_figures", (
        Pair("a year on average", 1112.0, "million", "of 2026, million EUR"),
        Pair("against alone", 1750.0, "difference", "in 2027 value", mark="more", page="Together"),
    ), "Arland", are_tiles=True)  # fmt: skip
    needs = make_page("Needs", Note("Why?", "bad"), make_table("needs", 6), boxes=("NOT PROVEN",))
    annex = make_page("Arland", tiles)
    return make_document(make_decision(), needs, *make_charts(), annex, Sheet("Ledger"), **how)


def make_table(name: str, rows: int) -> Table:
    """A plain table of so many rows."""
    columns = (Column("need"), Column("own", "units"), Column("missing", "missing"))
    return Table(name, columns, tuple((f"Need {i}", i / 3, i / 100) for i in range(rows)))


def make_hostile_pages() -> Document:
    """Hostile texts wherever a text can stand on a page."""
    names = tuple(HOSTILE)
    spans = tuple(Span(text, "given_up", page=text) for text in names)
    notes = (Note.of(*spans), Note.of(*spans, is_point=True), Note.of(*spans, is_heading=True))
    rich = Table(
        "rich",
        (Column("who", title=names[0], group=names[1], page=names[2]), Column("a"), Column("b")),
        tuple((text, Rich(spans[:2]), Rich((Span(text),))) for text in names),
    )  # fmt: skip
    tiles = Pairs(
        "tiles", tuple(Pair(t, t, remark=t, page=t) for t in names), names[0], are_tiles=True
    )
    boxes = {"question": names[0], "finding": names[1], "boxes": names}
    return make_document(
        make_decision(names, names[:5], threats=names[:3], **boxes),
        make_page(names[0], *notes, rich, tiles),
        *make_charts(names),
        title=names[0],
    )
