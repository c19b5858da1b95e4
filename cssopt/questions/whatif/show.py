"""A comparison as a document: what was changed beside what it did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cssopt.document.base_plan import document_on_base
from cssopt.document.document import (
    Beside,
    Block,
    Chart,
    Column,
    Document,
    Mark,
    Note,
    Sheet,
    Table,
    table_of,
)
from cssopt.document.index_columns import find_names, index_cells, index_columns, make_namer
from cssopt.document.run_facts import RunFacts
from cssopt.modeling.measures import PENALTY
from cssopt.names import YEAR, key_parts
from cssopt.questions.whatif.result import Comparison, Variant
from cssopt.questions.whatif.tables import BASE, FigureBlock, Sides
from cssopt.runs.solve_case import Solution
from cssopt.solution.leaving import find_remaining
from cssopt.solution.missing_of_all import find_missing_of_all
from cssopt.solution.plain import plain_value, ratio
from cssopt.solution.told import NO_DIFFERENCE, is_told
from cssopt.solution.verdicts import tell_end, tell_verdict
from cssopt.tables.changes import write_change

_POWER: Final = "power-years"
_SUMS: Final = "power-years, sums over days and years"
_STEPS_TOLD: Final = 3
_NO_PLAN: Final = "no plan"
_NOT_ANSWERED: Final = "not answered"
BLANK: Final = "(blank)"
"""How a cell without a value is shown."""
LEAVES: Final = "(leaves the coalition)"
"""What a member that leaves has in place of its name."""


def show_comparison(found: Comparison, facts: RunFacts) -> Document:
    """Base and scenarios side by side."""
    shows = _Shows(found)
    sheets = (shows.overview(), shows.changes(), shows.steps(), *shows.figures())
    plans = [one.solution for one in found.variants if one.solution is not None]
    return document_on_base(
        found.base,
        "What if",
        shows.tell_finding(),
        sheets,
        facts,
        are_others_short=not all(plan.threats_met for plan in plans),
    )


class _Shows:
    """The sheets of a comparison."""

    def __init__(self, found: Comparison) -> None:
        self.found, self.base = found, found.base
        self.sides = Sides(found)
        self.money = found.base.data.horizon.present_value
        self.names = find_names(found.base.data)
        self.name = make_namer(self.names)

    def tell_finding(self) -> str:
        """How many scenarios meet the threats, and which costs most."""
        variants = self.found.variants
        count = len(variants)
        plans = {v.name: v.solution for v in variants if v.solution is not None and v.has_plan}
        met = sum(plan.threats_met for plan in plans.values())
        told = f"Threats are met in {met} of {count} scenario{'s' if count != 1 else ''}"
        left = sum(variant.is_open for variant in variants)
        lacking = count - len(plans) - left
        if lacking:
            told += f"; {lacking} {'has' if lacking == 1 else 'have'} no plan"
        if left:
            told += f"; {left} {'was' if left == 1 else 'were'} not answered in the time"
        told += "."
        more = {
            name: plan.pooled_expenditure - self.base.pooled_expenditure
            for name, plan in plans.items()
            if is_told(plan, self.base)
        }
        if more:
            dearest = max(more, key=lambda name: more[name])
            costs = "costs most" if len(more) > 1 else "costs"
            told += f' "{dearest}" {costs}: {more[dearest]:+,.1f} million against the base plan.'
        return told

    # The first sheet.

    def overview(self) -> Sheet:
        """One row per plan, what must be known of it, the charts, and how each was found."""
        plans = self._tabulate_plans()
        by = "scenario"
        party = self.base.data.party_index
        charts = [
            Chart(
                "bars", "plans", by, ("pooled_expenditure",), f"Pooled expenditure, {self.money}"
            ),
            Chart("bars", "plans", by, ("shortfall",), "Shortfall, power-years (no money)"),
        ]
        burden = self.found.figures.burden
        if any(burden.amounts(plan) for plan in self.sides.plans):
            named = f"{party}_name" if party in self.sides.names else party
            title = f"Burden by {party}, {self.money}"
            bars = self.sides.columns
            charts.append(Chart("stacked", burden.name, named, bars, title, rows_are_series=True))
        blocks = [plans, *self._show_remarks(), Beside(tuple(charts)), *self._show_remaining()]
        explanation = (
            "What each scenario changed, and what it did beside the base plan. The sheets after "
            "this one tell it cell by cell."
        )
        return Sheet(
            "What if", explanation, (*blocks, *self._show_proofs()), on_screen=True
        )  # fmt: skip

    def _tabulate_plans(self) -> Table:
        columns = (
            Column("scenario"),
            Column("changed", "sentence", "what was changed", on_screen=False),
            Column("cells_changed", "count", meaning="input cells that hold something else"),
            Column("status"),
            Column("threats_met"),
            Column("pooled_expenditure", "money", measure=self.money),
            Column("difference", "money", measure=self.money),
            Column("difference_share", "share", "difference (share)", on_screen=False),
            Column("shortfall", "number", decimals=2, measure=f"{_POWER}, plain sum"),
            Column(
                "shortfall_difference",
                "number",
                "shortfall: difference",
                decimals=2,
                measure=_POWER,
                on_screen=False,
            ),
            Column("least_covered", "share", "least share of a need covered", on_screen=False),
            Column("missing_of_all", "fine_share", "missing of all needs", on_screen=False),
            Column("moved", "number", "units moved", decimals=2, measure="unit-years"),
            Column("largest_changes", "sentence", on_screen=False),
        )
        rows = [self._base_row(), *(self._row(variant) for variant in self.found.variants)]
        marks: dict[tuple[int, str], Mark] = {
            (place, "threats_met"): "bad"
            for place, row in enumerate(rows)
            if row["threats_met"] is False
        }
        return table_of(
            "plans", columns, rows, title="What was changed, and what it did", marks=marks
        )

    def _base_row(self) -> dict[str, Any]:
        head = {"scenario": BASE, "changed": "nothing: the inputs as they are"}
        return {**head, **self._describe(self.base)}

    def _row(self, variant: Variant) -> dict[str, Any]:
        base, plan = self.base, variant.solution
        row: dict[str, Any] = {
            "scenario": variant.name,
            "changed": _tell_steps(variant),
            "cells_changed": variant.changed_cells,
            "status": _tell_lack(variant) if plan is None else str(plan.status),
            "threats_met": None if variant.is_open else False,
        }
        if plan is None or not plan.has_plan:
            return row
        row |= self._describe(plan)
        row["moved"] = sum(abs(move.difference) for move in self.found.moves(variant))
        if not is_told(plan, base):
            return {**row, "difference": NO_DIFFERENCE if base.has_plan else None}
        more = plan.pooled_expenditure - base.pooled_expenditure
        return {
            **row,
            "difference": more,
            "difference_share": plain_value(ratio(more, base.pooled_expenditure)),
            "shortfall_difference": plan.shortfall - base.shortfall,
            "largest_changes": "; ".join(self._find_largest(plan)),
        }

    def _describe(self, plan: Solution) -> dict[str, Any]:
        """Status, security and money of a plan."""
        covered = self.found.figures.covered_share.amounts(plan).values()
        return {
            "status": tell_end(str(plan.status), tell_verdict(plan.verdict)),
            "threats_met": plan.threats_met if plan.has_plan else None,
            "pooled_expenditure": plain_value(plan.pooled_expenditure),
            "shortfall": plain_value(plan.shortfall),
            "least_covered": min(covered, default=None),
            "missing_of_all": find_missing_of_all([plan]) if plan.has_plan else None,
        }

    def _find_largest(self, plan: Solution) -> Iterator[str]:
        """The entry, the burden and the units that changed most, each with its difference."""
        figures = self.found.figures
        for figure, words, form, measure in (
            (figures.costs, "", "+,.1f", "million"),
            (figures.burden, "burden of ", "+,.1f", "million"),
            (figures.units, "", "+,.2f", "units"),
        ):
            differences = figure.differences(self.base, plan)
            if differences:
                key = max(differences, key=lambda key: abs(differences[key]))
                named = _tell_names(figure.over, key, self.sides.names)
                yield f"{words}{named} {differences[key]:{form}} {measure}"

    def _show_remarks(self) -> list[Block]:
        """What must be known of each plan, and what was not asked."""
        remarks = [(BASE, self.base.solved.message)] if self.base.solved.message else []
        remarks += [
            (v.name, remark) for v in self.found.variants for remark in self.found.remarks(v)
        ]
        notes: list[Block] = [
            Note(f"--ask {kind}: the base plan gives no occasion for this question.")
            for kind in self.found.unasked
        ]
        columns = Column("scenario"), Column("remark", "sentence")
        named = tuple((scenario, self.name(remark)) for scenario, remark in remarks)
        table = Table("remarks", columns, named, "What must be known")
        return [*notes, *([table] if remarks else [])]

    def _show_remaining(self) -> list[Block]:
        """Where members leave, the base's figures for those who remain beside the scenario's."""
        found = [(v.name, find_remaining(self.base, v.solution)) for v in self.found.variants]
        rows = [
            {
                "scenario": name,
                **vars(one),
                **{part: self.name(", ".join(getattr(one, part))) for part in _LISTS},
                **{part: plain_value(getattr(one, part)) for part in _NUMBERS},
            }
            for name, one in found
            if one is not None
        ]
        if not rows:
            return []
        columns = (
            Column("scenario"),
            Column("left", title="leaves"),
            Column("members", title="remaining members"),
            Column("base_burden", "money", "they bear in the base", measure=self.money),
            Column("burden", "money", "they bear here", measure=self.money),
            Column("base_shortfall", "number", "short in the base", decimals=2, measure=_POWER),
            Column("shortfall", "number", "short here", decimals=2, measure=_POWER),
            Column("not_counted", title="threats of which no need is left"),
        )
        note = (
            "Needs of members that leave are no longer counted. What the remaining members bear in "
            "the base plan stands beside what they bear in the scenario; the sheets Burden and "
            "Units tell it member by member. Shortfall: of the needs that are counted in both "
            "plans."
        )
        title = "Where members leave: the base for those who remain"
        return [table_of("remaining", columns, rows, title=title, note=note)]

    def _show_proofs(self) -> list[Block]:
        """Status, objective, bound and gap of every plan."""
        rows = [{"scenario": BASE, **_describe_proof(self.base)}]
        for one in self.found.variants:
            plan = one.solution
            proof = {"status": _tell_lack(one)} if plan is None else _describe_proof(plan)
            rows.append({"scenario": one.name, **proof})
        is_weighed = any(row.get(PENALTY) is not None for row in rows)
        penalty = Column(PENALTY, "number", "persistence penalty", "a weight, not money")
        columns = (
            Column("scenario"),
            Column("study_objective", title="objective of the study", on_screen=False),
            Column("gap", "tiny"),
            Column("status"),
            Column("audit"),
            Column("objective", "number", "objective reached"),
            Column("bound", "number", "proven bound"),
            *([penalty] if is_weighed else []),
        )
        note = (
            "The penalty weighs units that moved against the base plan. It is part of the "
            "objective, no cost, and never added to the expenditure."
        )
        title = "How each plan was found"
        told = note if is_weighed else ""
        return [table_of("proofs", columns, rows, title=title, note=told)]

    # What was changed.

    def changes(self) -> Sheet:
        """Every cell that a scenario changed, with its old and new value."""
        blocks: list[Block] = [
            Note(f"{variant.name}: nothing was changed.", "warn")
            for variant in self.found.variants
            if variant.changed_nothing
        ]
        columns = (
            Column("scenario"),
            Column("step", "count"),
            *(Column(name) for name in ("table", "row")),
            Column("row_name", title="name"),
            Column("column"),
            Column("old", "exact"),
            Column("new", "exact"),
            Column("measure"),
            Column("note", "sentence"),
        )
        rows = tuple(row for variant in self.found.variants for row in self._list_cells(variant))
        blocks.append(Table("changes", columns, rows) if rows else Note("No cell was changed."))
        explanation = "Every input cell that a scenario changed: old and new value."
        return Sheet("Changes", explanation, tuple(blocks))

    def _list_cells(self, variant: Variant) -> Iterator[tuple[Any, ...]]:
        for cell in variant.changes:
            spec = self.base.data.book.tables[cell.table].spec
            measure = spec.column(cell.column).measure
            leaves = spec.parties and cell.column in spec.key and cell.new is None
            parts = key_parts(cell.key)
            named = [self.names.get(index, {}).get(part)
                     for index, part in zip(spec.key, parts, strict=False)]  # fmt: skip
            yield (
                variant.name, cell.step, cell.table, _tell_key(parts),
                ", ".join(filter(None, named)), cell.column, _show_value(cell.old, measure),
                LEAVES if leaves else _show_value(cell.new, measure), measure,
                variant.steps[cell.step - 1].note,
            )  # fmt: skip

    def steps(self) -> Sheet:
        """What each scenario asks for, also where it could not be made."""
        columns = (
            Column("scenario"),
            Column("step", "count"),
            Column("change", "sentence"),
            Column("note", "sentence"),
        )
        rows = tuple(
            (variant.name, number, write_change(step), step.note)
            for variant in self.found.variants
            for number, step in enumerate(variant.steps, 1)
        )
        explanation = "The steps of each scenario, in their order, as --set takes them."
        return Sheet("Steps", explanation, (Table("steps", columns, rows),))

    # What it did.

    def figures(self) -> Iterator[Sheet]:
        """The sheets of figures, in their order."""
        figures, party = self.found.figures, self.base.data.party_index
        show, money = self.sides.show, self.money
        adds_up = "They add up to the pooled expenditure."
        yield show(
            FigureBlock("Costs", figures.costs, "Costs by entry", money, total=True), adds_up
        )
        block = FigureBlock("Costs by bearer", figures.costs_by_bearer, "Costs", money, total=True)
        yield show(block, adds_up)
        yield show(
            FigureBlock("Burden", figures.burden, f"Burden by {party}", money, total=True),
            "What each member pays in the end: its own costs and its share of the common ones.",
        )
        yield show(
            FigureBlock("Units", figures.units, "Units held", "units, mean of all years"),
            "The sheet Moved tells them year by year.",
        )
        yield self._show_moves()
        heading, of_needs = "Share of the need that is covered", "the worst day of the worst year"
        yield show(FigureBlock("Covered share", figures.covered_share, heading, of_needs, "share"))
        heading = "Power needed, own, delegated and short"
        yield show(FigureBlock("Coverage", figures.coverage, heading, _SUMS, measured=True))
        yield show(
            FigureBlock("Shortfall", figures.shortfalls, "Power missing", _SUMS, measured=True),
            "Shortfall and money are never added up.",
        )
        for dates in figures.milestones:
            title = dates.name.replace("_", " ").capitalize()
            yield show(FigureBlock(title, dates, dates.says, "", "year"))

    def _show_moves(self) -> Sheet:
        """The change log: units by member, force and year that differ from the base plan."""
        indices, names = self.found.moving, self.sides.names
        rows = tuple(
            (variant.name, *index_cells(indices, move.key, names), move.year, move.base, move.new,
             move.difference)
            for variant in self.found.variants
            for move in self.found.moves(variant)
        )  # fmt: skip
        columns = (
            Column("scenario"),
            *index_columns(indices, names),
            Column(YEAR, "year"),
            *(Column(name, "number", f"{name} (units)") for name in ("base", "new", "difference")),
        )
        explanation = (
            "Units held that differ from the base plan, year by year: what moved. 0 units also "
            "stands for a member that has left."
        )
        shown = Table("moved", columns, rows) if rows else Note("No unit moved.")
        return Sheet("Moved", explanation, (shown,))


_LISTS: Final = ("left", "members", "not_counted")
_NUMBERS: Final = ("base_burden", "burden", "base_shortfall", "shortfall")


def _tell_steps(variant: Variant) -> str:
    """The notes of the steps, and the steps themselves as they are written."""
    notes = dict.fromkeys(step.note for step in variant.steps if step.note)
    steps = [write_change(step) for step in variant.steps]
    if len(steps) > _STEPS_TOLD:
        steps[_STEPS_TOLD:] = [f"and {len(steps) - _STEPS_TOLD} more steps, see Steps"]
    nothing = ["NOTHING"] if variant.changed_nothing else []
    return ": ".join([*nothing, *(["; ".join(notes)] if notes else []), "; ".join(steps)])


def _tell_lack(variant: Variant) -> str:
    """What stands in place of the status of a scenario that was not solved."""
    return _NOT_ANSWERED if variant.is_open else _NO_PLAN


def _describe_proof(plan: Solution) -> dict[str, Any]:
    stages = plan.solved.stages
    row = {
        "study_objective": stages[-1].name if stages else plan.study.objective.name,
        "status": str(plan.status),
        PENALTY: plan.penalty,
    }
    if not plan.has_plan:
        return row
    figures = {"gap": plan.gap, "objective": plan.objective, "bound": plan.bound}
    return {**row, **figures, "audit": tell_verdict(plan.verdict)}


def _tell_names(
    indices: tuple[str, ...], key: tuple[Any, ...], names: Mapping[str, Mapping[str, str]]
) -> str:
    """A key in words: full names where there are any."""
    pairs = zip(indices, key, strict=True)
    return " ".join(names.get(index, {}).get(part) or str(part) for index, part in pairs)


def _tell_key(parts: tuple[Any, ...]) -> str:
    return ", ".join(
        f"{part:g}" if isinstance(part, float) else str(part) for part in parts if part is not None
    )


def _show_value(value: Any, measure: str) -> Any:
    """A cell as it was typed; a year is no amount."""
    if value is None:
        return BLANK
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:g}" if measure == YEAR and isinstance(value, int | float) else value
