"""Tables of a page: numbers by their forms, the number itself beside its text, for sorting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cssopt.document.document import Column, Mark, Pairs, Table
from cssopt.render.html.markup import Markup, join, tag
from cssopt.render.number_text import (
    LEFT,
    SIGNS,
    find_number,
    find_places,
    find_shown,
    find_totals,
    tell_shown,
    write_cell,
    write_legend,
)

MOST_SHOWN, MOST_PRINTED = 500, 50
"""Rows of a table on a page, and on paper."""

_LONG = 30
"""Rows beyond which a table scrolls below its heads."""

_ELSEWHERE = "the workbook and the JSON"

_DENSE, LANDSCAPE, _MOST_ACROSS = 10, 14, 22
"""Columns beyond which a table is printed in small letters, across, and no longer whole."""


def build_table(table: Table) -> Markup:
    """A table with its title, its note and the meaning of its columns."""
    places = [find_places(one, table.column(one.name)) for one in table.columns]
    heads = [tag("th", c.heading, scope="col", class_=_side(c)) for c in table.columns]
    printed = set(find_shown(table, MOST_PRINTED))
    shown = sorted(printed.union(range(min(len(table.rows), MOST_SHOWN))))
    rows = [
        tag("tr", *(
            _cell(table, row, place, value, places[place])
            for place, value in enumerate(table.rows[row])
        ), class_=None if row in printed else "more")
        for row in shown
    ]  # fmt: skip
    return join(
        tag(
            "div",
            tag(
                "table",
                tag("caption", tag("span", table.title)) if table.title else "",
                tag("thead", tag("tr", *heads)),
                tag("tbody", *rows),
                _build_totals(table, places),
                class_=_find_kinds(table),
                id=f"table-{table.name}",
                data_in_view=table.in_view if table.in_view > 1 else None,
            ),
            class_="scroll long" if len(table.rows) > _LONG else "scroll",
            tabindex=0,
        ),
        _tell(tell_shown(len(shown), table, where=_ELSEWHERE), "quiet screen"),
        _tell(tell_shown(len(printed), table, "rows are printed"), "paper"),
        _tell(_tell_width(table), "paper warn"),
        _tell(table.note, "quiet"),
        build_pairs(write_legend(table)),
    )


def _tell_width(table: Table) -> str:
    """That a table is cut on paper."""
    if len(table.columns) <= _MOST_ACROSS:
        return ""
    return (
        f"This table has {len(table.columns)} columns, more than fit on paper. Print it from the "
        "workbook, or read it on a screen."
    )


def _tell(told: str, kind: str) -> Markup | str:
    return tag("p", told, class_=kind) if told else ""


def _find_kinds(table: Table) -> str | None:
    """What the page must know of a table: whether it sorts, and whether paper is narrow for it."""
    kinds = {"sortable": len(table.rows) > 1, "dense": len(table.columns) > _DENSE}
    return " ".join(kind for kind, is_so in kinds.items() if is_so) or None


def signed(content: str, mark: Mark | None) -> Markup:
    """A text behind the sign of its mark: color never tells alone."""
    return join(f"{SIGNS[mark]}\u00a0" if mark in SIGNS else "", content)


def build_pairs(pairs: Iterable[tuple[str, str]]) -> Markup:
    """Names, and what is told of each; nothing where there are none."""
    told = [join(tag("dt", name), tag("dd", what)) for name, what in pairs]
    return tag("dl", *told) if told else Markup("")


def build_facts(facts: Pairs) -> Markup:
    """Names, their values in forms of their own, and what is said of each."""
    rows = []
    for one in facts.pairs:
        column = Column("value", one.form, decimals=one.decimals)
        number = find_number(one.value, one.form)
        told = write_cell(one.value, one.form, find_places(column, [one.value]))
        value = tag(
            "td",
            tag("b", signed(told, one.mark)) if one.is_strong else signed(told, one.mark),
            class_=one.mark,
            data_v=None if number is None else repr(number),
        )
        label = tag("th", one.label, scope="row")
        rows.append(tag("tr", label, value, tag("td", one.remark, class_="quiet")))
    title = tag("caption", tag("span", facts.title)) if facts.title else ""
    table = tag("table", title, tag("tbody", *rows), class_="facts", id=f"table-{facts.name}")
    return tag("div", table, class_="scroll", tabindex=0)


def _side(column: Column) -> str | None:
    if column.form == "sentence":
        return "sentence"
    return None if column.form in LEFT else "right"


def _cell(table: Table, row: int, place: int, value: Any, places: int) -> Markup:
    column = table.columns[place]
    mark = table.marks.get((row, column.name))
    number = find_number(value, column.form)
    kinds = " ".join(kind for kind in (_side(column), mark) if kind)
    return tag(
        "td" if place else "th",
        signed(write_cell(value, column.form, places), mark),
        scope=None if place else "row",
        class_=kinds or None,
        data_v=None if number is None else repr(number),
    )


def _build_totals(table: Table, places: list[int]) -> Markup:
    totals = find_totals(table)
    if not totals:
        return Markup("")
    cells = [
        write_cell(totals.get(c.name), c.form, p)
        for c, p in zip(table.columns, places, strict=True)
    ]
    cells[0] = cells[0] or "total"
    row = [
        tag("td" if place else "th", told, class_=_side(table.columns[place]))
        for place, told in enumerate(cells)
    ]
    return tag("tfoot", tag("tr", *row))
