"""Tables of a page: numbers by their forms, the number itself beside its text, for sorting."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final

from cssopt.document.document import Column, Mark, Pair, Pairs, Rich, Table
from cssopt.language import MET_TO, phrase, write_decimal
from cssopt.render.html.markup import Markup, join, tag
from cssopt.render.html.setting import Setting
from cssopt.render.number_text import (
    LEFT,
    SIGNS,
    TEXTS,
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

DENSE, LANDSCAPE, _MOST_ACROSS = 10, 14, 22
"""Columns beyond which a table is printed in small letters, across, and no longer whole."""

_MOST_FOLDED: Final = 14
"""Rows up to which a table is folded on a narrow screen; a longer one scrolls."""
_WORDS_OF_STRIP: Final = 2
"""Columns of words in a strip of missing parts: whose they are, and the same in words."""
_HEAT: Final = (0.1, 0.3, 0.5)
"""Missing parts of a need from which each next color on is darker."""


def build_table(table: Table, setting: Setting | None = None) -> Markup:
    """A table with its title, its note and the meaning of its columns."""
    setting = setting or Setting()
    places = [find_places(one, table.column(one.name)) for one in table.columns]
    most_printed = setting.most_printed or MOST_PRINTED
    count = len(table.rows) - table.last_is_total
    printed = {row for row in find_shown(table, most_printed) if row < count}
    shown = sorted(printed.union(range(min(count, MOST_SHOWN))))
    fold = find_fold(table) if setting.is_page else ""
    rows = [
        tag("tr", *_build_row(table, row, places, setting, fold),
            class_=None if row in printed else "more")
        for row in shown
    ]  # fmt: skip
    return join(
        tag(
            "div",
            tag(
                "table",
                tag("caption", tag("span", table.title)) if table.title else "",
                tag("thead", _build_groups(table), tag("tr", *map(_build_head, table.columns))),
                tag("tbody", *rows),
                _build_foot(table, places, setting, fold),
                class_=_find_kinds(table, setting, fold),
                id=f"table-{table.name}",
                data_in_view=table.in_view if table.in_view > 1 else None,
            ),
            class_="scroll long" if len(table.rows) > _LONG else "scroll",
            tabindex=0,
        ),
        *_tell_left_out(table, count, len(shown), len(printed), setting),
        _tell(table.note, "quiet"),
        build_pairs(write_legend(table)),
    )


def find_fold(table: Table) -> str:
    """How the rows of a table of few are put where a screen is too narrow for it: ``list``, its
    cells one below another; ``strip``, the missing parts beside each other over the words;
    ``tiles``, a few numbers beside each other. Empty: it scrolls."""
    rich = [c for c in table.columns if any(isinstance(v, Rich) for v in table.column(c.name))]
    if len(table.rows) > _MOST_FOLDED:
        return ""
    if len(rich) > 1:
        return "list"
    are_parts = sum(column.form == "missing" for column in table.columns) > 1
    if are_parts and sum(column.form in TEXTS for column in table.columns) <= _WORDS_OF_STRIP:
        return "strip"
    return "tiles" if any(c.group for c in table.columns) else ""


def _build_head(column: Column) -> Markup:
    return tag("th", column.heading, scope="col", class_=_side(column))


def _build_groups(table: Table) -> Markup:
    """Headings over those of several columns; nothing where no column has one."""
    if not any(column.group for column in table.columns):
        return Markup("")
    heads = []
    for name, group in groupby(table.columns, lambda column: column.group):
        size = len(list(group))
        heads.append(
            tag("th", name, scope="colgroup", colspan=size) if name else tag("td", colspan=size)
        )
    return tag("tr", *heads, class_="groups")


def _build_row(
    table: Table, row: int, places: list[int], setting: Setting, fold: str
) -> list[Markup]:
    return [
        _cell(table, row, place, places[place], setting, fold)
        for place in range(len(table.columns))
    ]


def _tell_left_out(
    table: Table, count: int, shown: int, printed: int, setting: Setting
) -> list[Markup | str]:
    """That rows stand elsewhere, on the screen and on paper."""
    if not setting.is_page:
        return [
            _tell(tell_shown(shown, table, where=_ELSEWHERE), "quiet screen"),
            _tell(tell_shown(printed, table, "rows are printed"), "paper"),
            _tell(_tell_width(table), "paper warn"),
        ]
    numbers = {"all": write_decimal(count)}
    told = phrase(
        "{shown} of {all} rows stand here; all stand in the workbook.", shown=shown, **numbers
    )
    on_paper = phrase(
        "{shown} of {all} rows are printed; all stand in the workbook.", shown=printed, **numbers
    )
    return [
        _tell(told if shown < count else "", "quiet screen"),
        _tell(on_paper if printed < count else "", "quiet paper"),
    ]


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


def _find_kinds(table: Table, setting: Setting, fold: str) -> str | None:
    """What the page must know of a table: whether it sorts, whether paper is narrow for it, and how
    it is folded."""
    kinds = {
        "sortable": len(table.rows) - table.last_is_total > 1,
        "dense": len(table.columns) > DENSE,
        fold: bool(fold),
    }
    if setting.is_page:
        # Pages have many cells: which columns are words the table says once, by their places.
        words = (place for place, column in enumerate(table.columns, 1) if column.form in LEFT)
        kinds |= {f"left-{place}": place > 1 for place in words}
    return " ".join(kind for kind, is_so in kinds.items() if is_so) or None


def signed(content: str, mark: Mark | None) -> Markup:
    """A text behind the sign of its mark: color never tells alone."""
    return join(f"{SIGNS[mark]}\u00a0" if mark in SIGNS else "", content)


def build_pairs(pairs: Iterable[tuple[str, str]]) -> Markup:
    """Names, and what is told of each; nothing where there are none."""
    told = [join(tag("dt", name), tag("dd", what)) for name, what in pairs]
    return tag("dl", *told) if told else Markup("")


def build_facts(facts: Pairs, setting: Setting | None = None) -> Markup:
    """Names, their values in forms of their own, and what is said of each."""
    setting = setting or Setting()
    title = tag("caption", tag("span", facts.title)) if facts.title else ""
    if facts.are_tiles:
        return _build_tiles(facts, setting)
    has_remarks = not setting.is_page or any(one.remark for one in facts.pairs)
    rows = []
    for one in facts.pairs:
        value = _write_value(one, setting)
        number = find_number(one.value, one.form)
        side = "left" if setting.is_page and one.form in LEFT else None
        cell = tag(
            "td",
            tag("b", value) if one.is_strong else value,
            class_=" ".join(kind for kind in (side, one.mark) if kind) or None,
            data_v=_write_exactly(number, setting),
        )
        label = tag("th", one.label, scope="row")
        remark = (
            tag("td", one.remark, class_="left quiet" if setting.is_page else "quiet")
            if has_remarks
            else ""
        )
        is_sum = setting.is_page and one.is_strong
        rows.append(tag("tr", label, cell, remark, class_="sum" if is_sum else None))
    table = tag("table", title, tag("tbody", *rows), class_="facts", id=f"table-{facts.name}")
    return tag("div", table, class_="scroll", tabindex=0)


def _write_value(one: Pair, setting: Setting) -> Markup:
    column = Column("value", one.form, decimals=one.decimals)
    told = write_cell(one.value, one.form, find_places(column, [one.value]))
    return signed(setting.write(one.value, told, one.page), one.mark)


def _build_tiles(facts: Pairs, setting: Setting) -> Markup:
    """A few key figures beside each other, large, with what is said of each below it."""
    tiles = [
        tag(
            "div",
            tag("dt", one.label),
            tag("dd", _write_value(one, setting), class_=f"large {one.mark or ''}".strip()),
            tag("dd", one.remark) if one.remark else "",
        )
        for one in facts.pairs
    ]
    title = tag("p", tag("b", facts.title)) if facts.title else ""
    return join(title, tag("dl", *tiles, class_="tiles", id=f"table-{facts.name}"))


def _side(column: Column) -> str | None:
    if column.form == "missing":
        return "middle"
    if column.form == "sentence":
        return "sentence"
    return None if column.form in LEFT else "right"


def _cell(table: Table, row: int, place: int, places: int, setting: Setting, fold: str) -> Markup:
    column, value = table.columns[place], table.rows[row][place]
    mark = table.marks.get((row, column.name))
    number = find_number(value, column.form)
    told = setting.write(value, write_cell(value, column.form, places), column.page)
    if fold == "list" and isinstance(value, Rich):
        told = tag("span", told)  # Beside its heading, where the cell is a line of a list.
    side = _side(column) if not setting.is_page or (place and column.form == "sentence") else None
    kinds = (side, _find_heat(value, column), mark)
    return tag(
        "td" if place else "th",
        signed(told, mark),
        scope=None if place else "row",
        class_=" ".join(kind for kind in kinds if kind) or None,
        data_v=_write_exactly(number, setting),
        # On a narrow screen the cell bears its heading, and what is not there takes no room.
        data_l=column.heading
        if fold and place and (value is not None or fold == "strip")
        else None,
    )


def _write_exactly(number: float | None, setting: Setting) -> str | None:
    """The number of a cell for sorting; pages, which are for reading, sort by what is written."""
    return None if number is None or setting.is_page else repr(number)


def _find_heat(value: Any, column: Column) -> str | None:
    """The class of a missing part: its words are in the cell, its color is by their size."""
    if column.form != "missing":
        return None
    number = find_number(value, "missing")
    if number is None:
        return "heat-none"
    if number <= MET_TO:
        return "heat-met"
    return f"heat-{1 + sum(number >= most for most in _HEAT)}"


def _build_foot(table: Table, places: list[int], setting: Setting, fold: str) -> Markup:
    """The last row where it is about all others, else the sums of columns that have one."""
    if table.last_is_total and table.rows:
        cells = _build_row(table, len(table.rows) - 1, places, setting, fold)
        return tag("tfoot", tag("tr", *cells))
    totals = find_totals(table)
    if not totals:
        return Markup("")
    told = [
        write_cell(totals.get(c.name), c.form, p) if c.name in totals else ""
        for c, p in zip(table.columns, places, strict=True)
    ]
    told[0] = told[0] or (phrase("Total") if setting.is_page else "total")
    row = [
        tag(
            "td" if place else "th",
            text,
            class_=_side(column),
            data_l=column.heading if fold and text and place else None,
        )
        for place, (text, column) in enumerate(zip(told, table.columns, strict=True))
    ]
    return tag("tfoot", tag("tr", *row))
