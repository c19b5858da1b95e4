"""The page about a given plan: what it costs, what it breaks, what would cost less near it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cssopt.document.document import Block, Column, Note, Pair, Pairs, Sheet, Table
from cssopt.language import (
    MET_TO,
    capitalize,
    join_phrases,
    phrase,
    phrase_count,
    write_money,
    write_percent,
)
from cssopt.names import YEAR
from cssopt.questions.plan.costing.result import BrokenRule, Costing
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.pages.finding import begin_finding
from cssopt.questions.plan.pages.page import make_page, name_page
from cssopt.questions.plan.view import PlanView
from cssopt.solution.baseline import Baseline
from cssopt.solution.missing_of_all import find_missing_of_all
from cssopt.solution.plan import Solution
from cssopt.solution.told import is_told

_MOST_NAMED = 3
"""Cells, and rules, that one place names; the others are counted."""
_NO_MONEY = 0.05
"""Million up to which two plans cost the same: less than is written."""


@dataclass(frozen=True)
class Costed:
    """A given plan that was costed, about to be shown. It has a plan."""

    found: Costing
    baseline: Baseline | None = None

    @cached_property
    def figures(self) -> PlanFigures:
        """Those of the plan as costed."""
        return PlanFigures(PlanView(self.found.plan, self.baseline))

    @property
    def rules(self) -> list[str]:
        """The rules that it breaks, in words, each once."""
        return list(dict.fromkeys(rule.says for rule in self.found.broken))

    @property
    def currency(self) -> str:
        """Of all money."""
        return self.found.plan.data.horizon.currency

    def name(self, index: str, code: Any) -> str:
        """The full name of a code."""
        return self.figures.view.names.get(index, {}).get(code, str(code))

    def write_net(self, plan: Solution) -> str:
        """The net cost of a plan, in the value of the first year."""
        return write_money(plan.pooled_expenditure, self.currency)


def tell_title(costed: Costed) -> str:
    """What the plan costs and whether it keeps the rules; what is not sure stands before it."""
    plan, rules = costed.found.plan, costed.rules
    money = costed.write_net(plan)
    if not rules:
        title = phrase("Your plan costs {money} and keeps every rule", money=money)
    elif len(costed.found.broken) == 1:
        title = phrase(
            "Your plan costs {money} and breaks a rule: {rule}", money=money, rule=rules[0]
        )
    else:
        title = phrase_count(
            "Your plan costs {money} and breaks {count} rule in several places",
            "Your plan costs {money} and breaks {count} rules",
            len(rules),
            money=money,
        )
    return begin_finding(costed.figures, title)


def tell_boxes(costed: Costed) -> tuple[str, ...]:
    """What must be known before any figure of a given plan is used."""
    page = name_page("your_plan")
    boxes = [
        phrase(
            "This is your own plan, costed; page {page} says what was filled in. What is called "
            "proven or least is so among plans that do what you typed.",
            page=page,
        )
    ]
    if costed.rules:
        places = len(costed.found.broken)
        boxes.append(
            phrase_count(
                "It breaks a rule in one place: {rules}. Page {page} says where and by how much.",
                "It breaks rules in {count} places: {rules}. Page {page} says where and by how "
                "much.",
                places,
                rules=join_phrases([f'"{rule}"' for rule in costed.rules], _MOST_NAMED),
                page=page,
            )
        )
    return tuple(boxes)


def show_your_plan(costed: Costed) -> Sheet:
    """What was given, what it breaks, and what the least-cost plan near it would change."""
    return make_page(
        "your_plan",
        phrase("What does your plan cost, and which rules does it break?"),
        tell_title(costed),
        *_tell_cost(costed),
        *_show_broken(costed),
        *_show_near(costed),
        *_show_rows(costed),
        on_screen=True,
    )


def _tell_cost(costed: Costed) -> Iterator[Block]:
    horizon, money = costed.found.plan.data.horizon, costed.figures.money
    yield Note(
        phrase(
            "That is its net cost in {start} value, at prices of {prices}. {cash} is paid in cash "
            "over the years.",
            start=horizon.first,
            prices=horizon.price_year,
            cash=write_money(sum(money.cash_by_year.values()), costed.currency),
        )
    )
    yield from _tell_missing(costed.found.plan)


def _show_broken(costed: Costed) -> Iterator[Block]:
    yield Note(phrase("Rules that it breaks"), is_heading=True)
    broken = costed.found.broken
    if not broken:
        yield Note(phrase("None. It keeps every rule of the inputs."))
        return
    columns = (
        Column("rule", "sentence"),
        Column("who", title=phrase("where")),
        Column("year", "year"),
        Column("over", "units", title=phrase("broken by")),
        Column("measure", title=phrase("of")),
        Column("of_limit", "percent", title=phrase("of its limit")),
        Column("your_cells", title=phrase("your cells")),
        Column("rule_cells", title=phrase("cells of the rule")),
    )
    yield Table(
        "rules_broken",
        columns,
        tuple(_row_of(costed, rule) for rule in broken),
        note=phrase(
            "Rules give way by the least in all, each measured by its own limit. Where several "
            "could give way alike, one of them is told."
        ),
        marks={(row, "over"): "bad" for row in range(len(broken))},
    )


def _row_of(costed: Costed, rule: BrokenRule) -> tuple[Any, ...]:
    who = [costed.name(index, code) for index, code in rule.key.items() if index != YEAR]
    money = costed.found.plan.data.horizon.money
    return (
        capitalize(rule.says),
        ", ".join(who),
        rule.key.get(YEAR),
        rule.amount,
        money if rule.measure == "million" else rule.measure,
        None if rule.limit is None else rule.amount / abs(rule.limit),
        join_phrases(rule.planned, _MOST_NAMED),
        join_phrases(rule.inputs, _MOST_NAMED),
    )


def _show_near(costed: Costed) -> Iterator[Block]:
    yield Note(phrase("What the least-cost plan near it would change"), is_heading=True)
    own, near = costed.found.plan, costed.found.near
    if near is None or not near.has_plan:
        yield Note(phrase("Not worked out: no such plan was found in this run."))
        return
    yield from _tell_near(costed, own, near)
    measure = phrase("in {year} value", year=own.data.horizon.first)
    money = f"{own.data.horizon.money}, {measure}"
    yield Pairs(
        "least_cost_near",
        (
            Pair(phrase("Your plan, net cost"), own.pooled_expenditure, "million", money),
            Pair(phrase("Your plan, missing of all needs"), _missing(own), "percent"),
            Pair(phrase("Plan near it, net cost"), near.pooled_expenditure, "million", money),
            Pair(phrase("Plan near it, missing of all needs"), _missing(near), "percent"),
        ),
    )
    if costed.found.moves:
        years = own.data.horizon.years
        columns = (
            Column("member"),
            Column("force"),
            *(Column(str(year), "more_units") for year in years),
        )
        yield Table(
            "changes_to_least_cost",
            columns,
            tuple(
                (
                    costed.name(own.data.party_index, move.party),
                    costed.name(_thing_index(own), move.thing),
                    *(move.by_year.get(year, 0.0) for year in years),
                )
                for move in costed.found.moves
            ),
            title=phrase("Units that it holds more or less than your plan"),
            in_view=2,
        )


def _missing(plan: Solution) -> float | None:
    share = find_missing_of_all([plan])
    return None if math.isnan(share) else share


def _thing_index(plan: Solution) -> str:
    """The index of what is held, beside the party."""
    measure = plan.study.measure("units")
    assert measure is not None
    return next(index for index in measure.indices if index != plan.data.party_index)


def _tell_near(costed: Costed, own: Solution, near: Solution) -> Iterator[Note]:
    """How the least-cost plan near the given one compares."""
    difference = near.pooled_expenditure - own.pooled_expenditure
    is_dearer_or_cheaper = abs(difference) > _NO_MONEY and is_told(near, own)
    if not (costed.found.moves or costed.found.broken or is_dearer_or_cheaper):
        yield Note(phrase("Nothing: no plan near yours is better."))
        return
    if not costed.found.moves:
        yield Note(phrase("It holds the same units, and differs in orders or in their use."))
    money = write_money(abs(difference), costed.currency)
    if abs(difference) <= _NO_MONEY:
        yield Note(phrase("It keeps every rule and costs as much."))
    elif not is_dearer_or_cheaper:
        yield Note(phrase("It keeps every rule. Which of the two costs less is not proven."))
    elif difference < 0:
        yield Note(phrase("It keeps every rule and costs {money} less.", money=money))
    else:
        yield Note(phrase("It keeps every rule and costs {money} more.", money=money))
    yield from _tell_missing(near)


def _tell_missing(plan: Solution) -> Iterator[Note]:
    """How much of all needs a plan leaves missing; nothing where nothing is asked for."""
    missing = _missing(plan)
    if missing is None:
        return
    if missing <= MET_TO:
        yield Note(phrase("It meets every need."))
    else:
        share = write_percent(missing, 1)
        yield Note(phrase("It leaves {share} of all needs missing, weighted.", share=share))


def _show_rows(costed: Costed) -> Iterator[Block]:
    yield Note(phrase("What you asked for, and what is in the plan"), is_heading=True)
    rows = costed.found.rows
    names = list(rows[0].typed)
    index_of_thing = _thing_index(costed.found.plan)
    columns = [Column("member"), Column("force"), Column("year", "year")]
    for name in names:
        columns += [
            Column(f"{name}_asked", "units", phrase("{what}, asked", what=name)),
            Column(f"{name}_in_plan", "units", phrase("{what}, in the plan", what=name)),
        ]
    columns.append(Column("cells", title=phrase("your row begins at")))
    yield Table(
        "asked_and_found",
        tuple(columns),
        tuple(
            (
                costed.name(costed.found.plan.data.party_index, row.key[0]),
                costed.name(index_of_thing, row.key[1]),
                row.key[2],
                *_flatten((row.typed[name], row.found[name]) for name in names),
                row.where,
            )
            for row in rows
        ),
        note=phrase("An empty number that was asked was left blank, and the model chose it."),
        in_view=3,
    )


def _flatten(pairs: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    for pair in pairs:
        yield from pair
