"""A trail as a document."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from cssopt.document.document import Column, Document, Form, Note, Pair, Pairs, Sheet, Table
from cssopt.document.run_facts import RunFacts
from cssopt.language import phrase, phrase_count, write_decimal, write_percent
from cssopt.questions.plan.figures.lines import FigureLine, Unit
from cssopt.questions.plan.pages.page import name_page
from cssopt.questions.plan.trace.moves import Moved
from cssopt.questions.plan.trace.parts import EQUAL, Makeup, Part
from cssopt.questions.plan.trace.result import Trail
from cssopt.questions.plan.view import PlanView

_FACTOR_DECIMALS: Final = 6
"""Of a factor by which an amount counts."""

_MOST_SHOWN: Final = 10
"""Rows of a table that are shown where there is no room for all."""


def show_trail(found: Trail, facts: RunFacts, language: str) -> Document:
    """All figures; or one with its parts and what is behind them; or what a cell moves."""
    horizon = found.plan.data.horizon
    verdict, sheets = _show(found)
    return Document(
        title=horizon.title,
        verdict=verdict,
        sheets=tuple(sheets),
        facts=facts,
        marking=horizon.marking or "",
        measure=horizon.money,
        language=language,
    )


def _show(found: Trail) -> tuple[str, list[Sheet]]:
    if found.figure is not None:
        sheets = [_show_figure(found), _show_parts(found), *_show_roots(found)]
        return _say_figure(found.figure.line), sheets
    if found.moved is not None:
        return _say_moved(found), [_show_moves(found, found.moved)]
    if not found.plan.has_plan:
        return phrase("There is no plan, and so no figure: {why}", why=found.plan.sentence), []
    told = phrase_count(
        "The decision page has {count} figure.",
        "The decision page has {count} figures.",
        len(found.listed),
    )
    return told, [_show_list(found)]


# One figure.


def _say_figure(line: FigureLine) -> str:
    return phrase(
        "{figure} is {value}: {definition}.",
        figure=line.name,
        value=_write(line),
        definition=line.definition,
    )


def _write(line: FigureLine) -> str:
    return write_percent(line.value, 2) if line.unit == "share" else write_decimal(line.value, 1)


def _show_figure(found: Trail) -> Sheet:
    figure = found.figure
    assert figure is not None
    makeup, line = figure.makeup, figure.line
    is_share = makeup.under is not None
    pairs = [
        Pair(phrase("name"), line.name),
        Pair(phrase("definition"), line.definition, "sentence"),
        Pair(phrase("derived on page"), name_page(line.page)),
        Pair(phrase("how it adds up"), _say_sum(makeup), "sentence"),
        Pair(phrase("value"), line.value, _FORMS[line.unit], _measure(found, line)),
    ]
    if is_share:
        pairs += [
            Pair(phrase("what is divided"), makeup.sum_over, "number", decimals=4),
            Pair(phrase("what it is divided by"), makeup.sum_under, "number", decimals=4),
        ]
    told = phrase("What the figure is, and how it adds up.")
    return Sheet(phrase("Figure"), told, (Pairs("figure", tuple(pairs)),), on_screen=True)


_FORMS: Final[dict[Unit, Form]] = {"money": "money", "share": "exact_share", "units": "number"}


def _measure(found: Trail, line: FigureLine) -> str:
    if line.unit == "money":
        return found.plan.data.horizon.money
    return phrase("part of 1") if line.unit == "share" else phrase("units")


def _say_sum(makeup: Makeup) -> str:
    """How the figure comes of its parts, in numbers."""
    over = phrase_count(
        "{count} amount adds up to {sum}", "{count} amounts add up to {sum}",
        len([part for part in makeup.over if part.counts]), sum=write_decimal(makeup.sum_over, 4),
    )  # fmt: skip
    if makeup.under is None:
        return phrase("{over}.", over=over)
    return phrase(
        "{over}; divided by {under} that is {value}.",
        over=over,
        under=write_decimal(makeup.sum_under, 4),
        value=write_percent(makeup.value, 4),
    )


def _show_parts(found: Trail) -> Sheet:
    figure = found.figure
    assert figure is not None
    view = PlanView(found.plan)
    columns = (
        Column("side", "text", phrase("in the figure")),
        Column("plan", "text", phrase("plan")),
        Column("account", "text", phrase("entry or account"), on_screen=False),
        Column("says", "text", phrase("what it is")),
        Column("of", "text", phrase("of")),
        Column("year", "year", phrase("year")),
        Column("amount", "number", phrase("amount")),
        Column("factor", "number", phrase("counts so many times"), decimals=_FACTOR_DECIMALS),
        Column("makes", "number", phrase("makes of the figure")),
    )
    sides = [
        (phrase("added up"), figure.makeup.over),
        (phrase("divided by"), figure.makeup.under or ()),
    ]
    rows = tuple(
        (
            side,
            _name_plan(part, view),
            part.place.name,
            part.says,
            part.of,
            part.year,
            part.amount,
            part.factor,
            part.counts,
        )
        for side, parts in sides
        for part in sorted(parts, key=lambda part: -abs(part.counts))
        if part.counts
    )
    told = phrase("Entries of the ledger and amounts that add up to the figure, the largest first.")
    table = Table("trail_parts", columns, rows, in_view=2, picked=_pick(len(rows)))
    return Sheet(phrase("Parts"), told, (table,), on_screen=True)


def _name_plan(part: Part, view: PlanView) -> str:
    if not part.plan:
        return phrase("this plan")
    if part.plan == EQUAL:
        return phrase("as safe as alone")
    return phrase("{member} alone", member=view.party_names.get(part.plan, part.plan))


def _show_roots(found: Trail) -> Iterable[Sheet]:
    roots = found.roots
    assert roots is not None
    decisions = Table(
        "trail_decisions",
        (
            Column("decision", "text", phrase("decision")),
            Column("of", "text", phrase("of")),
            Column("amount", "number", phrase("amount")),
            Column("measure", "text", phrase("measured in")),
            Column("makes", "number", phrase("makes of the figure")),
        ),
        tuple((one.says, one.of, one.amount, one.measure, one.makes) for one in roots.decisions),
        picked=_pick(len(roots.decisions)),
    )
    told = phrase("Decisions of the plan behind these amounts, the largest first.")
    yield Sheet(phrase("Decisions"), told, (decisions,), on_screen=True)
    rules = Table(
        "trail_rules",
        (
            Column("rule", "sentence", phrase("rule at its limit")),
            Column("of", "text", phrase("of")),
            Column(
                "saves",
                "number",
                phrase("one more unit of room saves"),
                measure=phrase(
                    "{money}, in the value of {year}",
                    money=found.plan.data.horizon.money,
                    year=found.plan.data.horizon.first,
                ),
            ),
            Column("cells", "text", phrase("its limit comes from")),
        ),
        tuple((one.says, one.of, one.saves, ", ".join(one.cells)) for one in roots.rules),
        picked=_pick(len(roots.rules)),
    )
    told = phrase("Rules that leave these decisions no room, the dearest first.")
    notes = [Note(phrase("An empty cell: no price in money is known."))] if rules.rows else []
    yield Sheet(phrase("Rules"), told, (*notes, rules), on_screen=True)
    cells = Table(
        "trail_cells",
        (
            Column("cell", "text", phrase("cell")),
            Column("table", "text", phrase("table")),
            Column("row", "text", phrase("row")),
            Column("column", "text", phrase("column")),
            Column("value", "number", phrase("value")),
            Column("measure", "text", phrase("measured in")),
        ),
        tuple(
            (one.where, one.table, one.row, one.column, one.value, one.measure)
            for one in roots.cells
        ),
        picked=_pick(len(roots.cells)),
    )
    told = phrase("Cells of the inputs that these amounts are worked out from.")
    yield Sheet(phrase("Cells"), told, (cells,), on_screen=True)


def _pick(count: int) -> tuple[int, ...] | None:
    """The first rows, where there is no room for all."""
    return tuple(range(_MOST_SHOWN)) if count > _MOST_SHOWN else None


# A cell.


def _say_moved(found: Trail) -> str:
    moved = found.moved
    assert moved is not None
    where = _where(found, moved)
    if moved.base is None:
        return phrase("{cell} cannot be moved a little: {why}.", cell=where,
                      why=moved.why.rstrip("."))  # fmt: skip
    if not found.changes:
        return phrase("{cell} moves no figure of the decision page at this plan.", cell=where)
    return phrase_count(
        "{cell} moves {count} figure of the decision page.",
        "{cell} moves {count} figures of the decision page.",
        len(found.changes),
        cell=where,
    )


def _where(found: Trail, moved: Moved) -> str:
    table, key, column = moved.cell
    return found.plan.instance.data.tables[table].where(key, column)


def _show_moves(found: Trail, moved: Moved) -> Sheet:
    table, _, column = moved.cell
    spec = found.plan.instance.data.tables[table].spec.column(column)
    pairs = Pairs(
        "moved_cell",
        (
            Pair(phrase("cell"), _where(found, moved)),
            Pair(phrase("column"), f"{table}.{column}"),
            Pair(phrase("what it is"), spec.help, "sentence"),
            Pair(phrase("it holds"), moved.before, "exact", spec.measure),
            Pair(phrase("moved to"), moved.after, "exact", spec.measure),
        ),
    )
    notes = [
        Note(
            phrase(
                "This holds at the margin: the plan was solved again with the cell moved, from "
                "where it stands. A larger change may do something else."
            )
        )
    ]
    if found.plan.solved.prices_of == "fixed":
        told = phrase("Whole numbers of the plan stay as they are.")
        notes.append(Note(told, "warn"))
    if not found.is_same_plan:
        told = phrase("Before the cell is moved another plan that is as good was found here.")
        notes.append(Note(told, "warn"))
    notes.append(
        Note(
            phrase(
                "Where other plans are as good, amounts of single members may move otherwise. "
                "Plans of members alone are not moved."
            )
        )
    )
    told = phrase("Figures that the cell moves, by what part of themselves they change.")
    tables = _show_changes(found) if found.changes else ()
    blocks = (pairs, *(notes if moved.base else ()), *tables)
    return Sheet(phrase("Moved"), told, blocks, on_screen=True)


def _show_changes(found: Trail) -> Iterable[Table]:
    """Figures before and after, those of one measure together."""
    for unit, heading, measure in _list_units(found):
        form = _FORMS[unit]
        own = [one for one in found.changes if one.line.unit == unit]
        if not own:
            continue
        columns = (
            Column("figure", "text", heading),
            Column("before", form, phrase("before"), measure=measure),
            Column("after", form, phrase("after"), measure=measure),
            Column("more", form, phrase("more"), measure=measure),
            Column("part", "exact_share", phrase("more, as a part of before")),
            Column("says", "sentence", phrase("definition")),
        )
        rows = tuple(
            (
                one.line.name,
                one.line.value,
                one.after,
                one.more,
                one.more / abs(one.line.value) if one.line.value else None,
                one.line.definition,
            )
            for one in own
        )
        table = f"moved_{unit}"
        yield Table(table, columns, rows, in_view=1, picked=_pick(len(rows)))


def _list_units(found: Trail) -> tuple[tuple[Unit, str, str], ...]:
    """What figures are counted in: what stands above their names, and the measure."""
    return (
        ("money", phrase("money"), found.plan.data.horizon.money),
        ("share", phrase("share"), ""),
        ("units", phrase("units of forces"), phrase("units")),
    )


# All figures.


def _show_list(found: Trail) -> Sheet:
    tables = []
    for unit, heading, measure in _list_units(found):
        form = _FORMS[unit]
        columns = (
            Column("figure", "text", heading),
            Column("value", form, phrase("value"), measure=measure),
            Column("says", "sentence", phrase("definition")),
        )
        own = [one for one in found.listed if one.unit == unit]
        rows = tuple((one.name, _read(one.value), one.definition) for one in own)
        tables.append(Table(f"traced_{unit}", columns, rows))
    told = phrase("Figures of the decision page by the names under which they are followed.")
    return Sheet(phrase("Figures"), told, tuple(tables), on_screen=True)


def _read(value: float) -> float | None:
    """A figure that there is."""
    return None if math.isnan(value) else value
