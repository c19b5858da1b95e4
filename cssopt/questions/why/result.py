"""Why a threat is covered as it is in a year: who covers it, what binds, and the next unit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from cssopt.document.index_columns import Names, find_names, tell_key
from cssopt.errors import ModelError
from cssopt.modeling.measures import Need
from cssopt.names import YEAR, key_parts, name_row
from cssopt.questions.why.coverage_rows import MISSES, CoverageRows
from cssopt.questions.why.next_unit import Asker, NextUnit
from cssopt.questions.why.slack_prices import SlackPrice, confirm_prices
from cssopt.solution.plan import Solution
from cssopt.solution.run import ProgressCallback
from cssopt.solution.steps import NumberedStep
from cssopt.solution.verdicts import Auditor, Audits, tell_verdict
from cssopt.solve.compile import compile_problem
from cssopt.solve.outcome import Status
from cssopt.solve.traced.origins import Origins
from cssopt.solve.warm.carried_basis import CarriedBasis, find_start
from cssopt.tables.data import Data
from cssopt.tables.rules_in_force import RuleInForce, find_rules_in_force
from cssopt.trace.numbers import Cell
from cssopt.trace.sources import find_cells

_TINY = 1e-9
_MOST_CELLS = 3
_TWICE, _LEAST_EACH = 2.0, 60.0
"""Each question may take so many times as long as the plan took, or so many seconds."""
_NOT_AUDITED = "What more room in a rule would save is told by new solves that are not audited."
_NO_ROW = "it takes decisions away, and so has no price here; cssopt rules tells what it costs"


@dataclass(frozen=True)
class Coverage:
    """How a threat is covered in a year.

    Attributes
    ----------
    base: the plan. threat, year: what was asked. step: power of the next unit.
    rows: the needs and what stands behind them. units: the next unit of each need, in their order.
    slack: what more room in each rule at its limit would save, by row; empty without prices.
    origins: the cells behind the rows; None where they cannot be told, for the reason `untold`.
    """

    base: Solution
    threat: str
    year: int
    step: float
    rows: CoverageRows
    units: tuple[NextUnit, ...]
    slack: Mapping[int, SlackPrice]
    origins: Origins | None
    untold: str = ""

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """All tables; what does not exist is missing, never 0.

        Columns of indices bear their names as components declare them: here ``capability`` and
        ``day`` tell a need, and ``member``, ``force`` and ``tier`` units.

        needs: ``capability``, ``day``, ``asked`` (power, before anything such as relief took from
        it), ``need``, ``covered``, ``shortfall``.
        cover: what becomes of all that was asked: ``capability``, ``day``, ``kind`` (``relieves``
        the need, ``covers`` it, ``missing``), ``source``, ``meaning``, ``member``, ``power``.
        units: the units planned behind it: ``capability``, ``day``, ``source``, ``meaning``,
        ``member``, ``force``, ``tier``, ``units``, ``each`` (power of one), ``power``.
        binds: rules of planners at their limit that touch these needs, in the year or one before
        (which ``place`` then tells), the dearest first:
        ``rule``, ``meaning``, ``place`` (member, force ...), ``at`` (the same by codes),
        ``limit``, ``price`` (million that one more unit of room would save with nothing more
        missing; none where it was not found to hold anywhere), ``room`` (how much more room it
        holds for at least), ``where``, ``text`` of what the inputs lay down.
        next: ``capability``, ``day``, ``step``, ``cost`` (rise of the last stage, million) with
        what is proven (``_least``, ``_most``), ``missing`` (power of the step that stays short),
        ``missing_share`` (how much more is missing in all, of whatever need, and what is proven
        where the study makes it small), ``equally_secure`` (nothing more is: only then the cost
        is at equal security), ``status``, ``gap``, ``seconds``, ``audit``.
        given: who gives it: ``capability``, ``day``, ``level`` (``cover``, ``units planned``,
        ``units held``), ``source``, ``meaning``, ``member``, ``force``, ``tier``, ``change``
        (power; units of units held, the mean of all years).
        costs: ``capability``, ``day``, ``entry``, ``change`` (million, present value).
        """
        told, unit = self.rows.told_by, self.rows.unit_indices
        source = ("source", "meaning")
        costs = (
            (*self.rows.told(unit.need), entry, change)
            for unit in self.units
            for entry, change in unit.costs.items()
        )
        return {
            "needs": _frame(self._needs(), (*told, "asked", "need", "covered", "shortfall")),
            "cover": _frame(self._cover(), (*told, "kind", *source, self.rows.party, "power")),
            "units": _frame(self._planned(), (*told, *source, *unit, "units", "each", "power")),
            "binds": _frame(self._binds(), _BINDS),
            "next": _frame(map(self._state, self.units), (*told, *_NEXT)),
            "given": _frame(self._given(), (*told, "level", *source, *unit, "change")),
            "costs": _frame(costs, (*told, "entry", "change")),
        }

    @property
    def audits(self) -> Audits:
        """The audits of the plan, and of those with one more unit of a need."""
        plans = [("the plan", self.base.verdict)]
        plans += [
            (f"one more unit of {name_row(self.rows.told(unit.need))}", unit.verdict)
            for unit in self.units
            if unit.rises
        ]
        return Audits.of(plans, _NOT_AUDITED if self.slack else "")

    @property
    def status(self) -> Status:
        """How the solve of the plan ended."""
        return self.base.status

    @cached_property
    def names(self) -> Names:
        """Full names by index and code."""
        return find_names(self.base.data)

    @property
    def _values(self) -> Any:
        return self.base.solved.values

    def _needs(self) -> Iterator[tuple[Any, ...]]:
        figures, program = self.base.solved.figures, self.rows.program
        assert figures is not None
        asked_for = self.rows.need.asked
        for row, place in self.rows.needs.items():
            need = float(figures[program.figures["figure", asked_for, program.rows[row][2]]])
            parts, kinds = self.rows.parts(row, self._values), self.rows.kinds(row)
            short = sum(x for column, x in parts.items() if kinds[column] == MISSES)
            asked = self.rows.asked(row)
            yield *self.rows.told(place), asked, need, need - short, short

    def _cover(self) -> Iterator[tuple[Any, ...]]:
        for row, place in self.rows.needs.items():
            kinds = self.rows.kinds(row)
            for column, power in self.rows.parts(row, self._values).items():
                if abs(power) > _TINY:
                    source = self.rows.column(column)
                    told = source.name, source.doc, source.key.get(self.rows.party, "")
                    yield *self.rows.told(place), kinds[column], *told, power

    def _planned(self) -> Iterator[tuple[Any, ...]]:
        for row, place in self.rows.needs.items():
            for column in self.rows.terms(row):
                for unit, each in self.rows.planned(column).items():
                    units = float(self._values[unit])
                    if units > _TINY:
                        source = self.rows.column(unit)
                        told = source.name, source.doc, *self.rows.unit(source.key)
                        yield *self.rows.told(place), *told, units, each, units * each

    def _binds(self) -> list[tuple[Any, ...]]:
        rules = {
            (rule.table, rule.key, rule.column): rule
            for rule in find_rules_in_force(self.base.data)
            if rule.rule.nature == "rule"
        }
        found = [
            self._bind(row, rules)
            for row in find_binding(self.rows, self.base)
            if self._slack(row).price or self.rows.size(row, self._values) > _TINY
        ]
        found.sort(key=_by_price)
        return [*found, *(_whole_row(rule) for rule in rules.values() if self._names(rule))]

    def _names(self, rule: RuleInForce) -> bool:
        """True for a rule that is a row of the inputs and names the threat."""
        parts = key_parts(rule.key)
        columns = self.base.data.tables[rule.table].spec.key
        asks = self.rows.need.asks
        return not rule.column and (asks, self.threat) in zip(columns, parts, strict=True)

    def _bind(self, row: int, rules: Mapping[Cell, RuleInForce]) -> tuple[Any, ...]:
        place = self.rows.row(row)
        origins = self.origins
        bounding = [] if origins is None else origins.find_cells(row, in_bounds=True)
        cells = [] if origins is None else origins.find_cells(row)
        # Where the bound lays down something, the coefficients are no more than what it is weighed
        # by, such as the most that anything can be.
        laid_down = _pick(rules, bounding) or _pick(rules, cells)
        where = [rule.where for rule in laid_down] or [
            self.base.data.tables[table].where(key, column)
            for table, key, column in cells[:_MOST_CELLS]
        ]
        asked_about = {self.rows.need.asks: self.threat, YEAR: self.year}
        key = {name: part for name, part in place.key.items() if asked_about.get(name) != part}
        words = tell_key(tuple(key), tuple(key.values()), self.names)
        _, limit = self.rows.slack(row, self._values)
        text = "; ".join(rule.named for rule in laid_down)
        at, more = name_row(tuple(key.values())), self._slack(row)
        told = place.name, place.doc, words, at, abs(limit)
        return *told, more.price, more.slack, ", ".join(dict.fromkeys(where)), text

    def _slack(self, row: int) -> SlackPrice:
        return self.slack.get(row, SlackPrice())

    def _given(self) -> Iterator[tuple[Any, ...]]:
        for unit in self.units:
            need = self.rows.told(unit.need)
            for level, changes in (("cover", unit.given), ("units planned", unit.planned)):
                for column, change in changes.items():
                    source = self.rows.column(column)
                    told = source.name, source.doc, *self.rows.unit(source.key)
                    yield *need, level, *told, change
            for key, change in unit.units.items():
                whose = self.rows.unit(dict(zip(self.rows.measure_indices, key, strict=True)))
                told = self.rows.units, self.rows.meaning(self.rows.units), *whose
                yield *need, "units held", *told, change

    def _state(self, unit: NextUnit) -> tuple[Any, ...]:
        bounds = {rise.stage: (rise.least, rise.most) for rise in unit.rises}
        nothing = math.nan, math.nan
        last = unit.rises[-1] if unit.rises else None
        return (
            *self.rows.told(unit.need),
            unit.step,
            *((last.found, last.least, last.most) if last else (math.nan, *nothing)),
            unit.missing,
            unit.missing_share,
            *bounds.get(self.rows.need.share, nothing),
            unit.is_equally_secure if last else None,
            str(unit.status),
            unit.gap,
            unit.seconds,
            tell_verdict(unit.verdict) if unit.rises else "",
        )


_BINDS = ("rule", "meaning", "place", "at", "limit", "price", "room", "where", "text")
_NEXT = (
    "step", "cost", "cost_least", "cost_most", "missing", "missing_share", "missing_share_least",
    "missing_share_most", "equally_secure", "status", "gap", "seconds", "audit",
)  # fmt: skip


def _frame(rows: Any, columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))


def _whole_row(rule: RuleInForce) -> tuple[Any, ...]:
    """A rule that takes decisions away and so has no row of its own: it has no price either."""
    none = math.nan
    return rule.rule.name, _NO_ROW, "", "", none, none, none, rule.where, rule.named


def _by_price(line: tuple[Any, ...]) -> tuple[bool, float]:
    """Order of a rule at its limit: the dearest first, then those without a price."""
    price = line[_BINDS.index("price")]
    return not price > 0, -price if price > 0 else 0.0


def _pick(rules: Mapping[Cell, RuleInForce], cells: Sequence[Cell]) -> list[RuleInForce]:
    """The rules of these cells, in the order of the inputs."""
    wanted = set(cells)
    return [rule for cell, rule in rules.items() if cell in wanted]


def find_binding(rows: CoverageRows, base: Solution) -> list[int]:
    """The rules near the needs that have no room left in a plan."""
    values = base.solved.values
    assert values is not None
    return [row for row in rows.rules if rows.is_at_bound(row, values)]


def find_threats(data: Data, need: Need) -> tuple[str, ...]:
    """What the tables have that may ask for something: the threats."""
    own = [table for table in data.tables.values() if table.spec.key == (need.asks,)]
    return tuple(key for table in own for key in table.keys)


def explain_cover(
    base: Solution, threat: str, year: int, step: float, tell: ProgressCallback
) -> Coverage | None:
    """Who covers a threat in a year of a plan, what binds, and what the next unit costs.

    None where the threat asks for nothing in that year.
    """
    took = sum(base.seconds.values())
    options = base.options.begin_questions(took)
    tell("looking at the rows of the plan")
    origins, untold, problem, instance = None, "", None, base.instance
    try:
        problem, tape = instance.trace(find_cells(instance.data))
        origins = Origins(problem, tape)
        program = origins.program
    except ModelError as error:
        untold = str(error)
        problem = instance.assemble()
        program = compile_problem(problem)
    rows = CoverageRows(problem, program, threat, year)
    if not rows.needs:
        return None
    tell("where the plans of one more unit begin")
    if options.time_limit is None:
        # A step that takes far longer than the plan itself leads nowhere.
        options = replace(options, time_limit=max(_LEAST_EACH, _TWICE * took))
    start = find_start(program, base.solved, options)
    auditor = Auditor(instance.assemble)
    asker = Asker(rows, base.solved, start, CarriedBasis(program, start, options), auditor)
    units, of = [], len(rows.needs)
    for number, (row, place) in enumerate(rows.needs.items(), start=1):
        need = rows.name_need(rows.told(place))
        tell(NumberedStep("one more unit", number, of, need, until=options.until))
        units.append(asker.leave(row, step) if options.is_over else asker.ask(row, step, base.data))
    tell("what a little more room in a rule would save")
    binding = find_binding(rows, base)
    slack = confirm_prices(program, base.solved, binding, start, options)
    return Coverage(base, threat, year, step, rows, tuple(units), slack, origins, untold)
