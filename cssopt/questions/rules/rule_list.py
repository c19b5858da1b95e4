"""A price list of rules as tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from cssopt.questions.rules.result import ListedPrice, StageGain
from cssopt.questions.rules.verdict import RuleVerdict
from cssopt.solution.plain import plain_tables
from cssopt.solution.plan import Solution
from cssopt.solution.verdicts import Audits, tell_verdict

NONE_ALONE = "none costs anything by itself: together they do"
MORE = "more together than one by one: each stands in for the others"
LESS = "less together than one by one: several cost the same money"


@dataclass(frozen=True)
class RuleList:
    """What every rule costs.

    Attributes
    ----------
    base: the plan with every rule in force.
    prices: of each rule, the dearest first.
    together: of all rules of a kind, and of all of a nature, lifted at once.
    reused: runs that the journal had already.
    """

    base: Solution
    prices: tuple[ListedPrice, ...]
    together: tuple[ListedPrice, ...]
    reused: int = 0

    @property
    def audits(self) -> Audits:
        """The audits of the plan with every rule, and of those without."""
        base = [("the plan with every rule", self.base.verdict)] if self.base.has_plan else []
        priced = (*self.prices, *self.together)
        lifted = [(f"without {p.name}", p.outcome.verdict) for p in priced if p.outcome.has_plan]
        return Audits.of([*base, *lifted])

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """``rules``, ``together`` and ``stages``.

        rules: a row for each, the dearest first: ``rule`` (its name), ``kind``, ``nature``,
        ``where`` (its cell), ``value``, ``text``, ``verdict``, ``sure`` (proven, gaps included);
        ``missing_share`` that it causes (where no stage makes it small: what the two plans
        differ by, with nothing proven) and ``cost`` (million, present value): what the least
        expenditure falls by with no less security than in the plan with every rule, whatever
        else the study makes small, each with the bounds proven (``_least``, ``_most``);
        ``other_aims``: gains of other stages, by their names, where proven;
        ``saved`` (million): pooled expenditure less that of the plan that would come without it
        (``expenditure_without``, ``missing_share_without``), which is the cost only where
        ``equally_secure``; ``status``, ``bound``, ``gap`` of its solves, ``way``, ``reason``,
        ``seconds``, ``audit``. What does not exist is missing, never 0.
        together: the same of several lifted at once; ``rules``: how many; ``sum_missing_share``,
        ``sum_cost`` of them one by one; ``remark`` where the two differ for sure.
        stages: ``rule``, ``stage``, ``base``, ``without``, ``gain``, ``least``, ``most``: what each
        stage of the study gains with those before it held.
        """
        return {
            "rules": pd.DataFrame(
                [{**_describe(price), **_state(price)} for price in self.prices],
                columns=[*_DESCRIBED, *_STATED],
            ),
            "together": pd.DataFrame(
                [self._state_together(price) for price in self.together],
                columns=["rule", "rules", *_STATED, "sum_missing_share", "sum_cost", "remark"],
            ),
            "stages": pd.DataFrame(
                [
                    (price.name, a.stage, a.base, a.without, a.found, a.least, a.most)
                    for price in (*self.prices, *self.together)
                    for a in price.amounts
                ],
                columns=["rule", "stage", "base", "without", "gain", "least", "most"],
            ),
        }

    def facts(self) -> dict[str, Any]:
        """The tables as plain JSON values: lists of records, null where there is no figure."""
        return plain_tables(self.tables)

    def _state_together(self, price: ListedPrice) -> dict[str, Any]:
        own = set(price.rules)
        alone = [each for each in self.prices if own.issuperset(each.rules)]
        return {
            "rule": price.name,
            "rules": len(price.rules),
            **_state(price),
            "sum_missing_share": _sum([each.missing_share for each in alone]),
            "sum_cost": _sum([each.cost for each in alone]),
            "remark": compare_with_parts(price, alone),
        }


_DESCRIBED = ("rule", "kind", "nature", "where", "value", "text")
_STATED = (
    "verdict", "sure", "missing_share", "missing_share_least", "missing_share_most", "cost",
    "cost_least", "cost_most", "other_aims", "saved", "equally_secure", "expenditure_without",
    "missing_share_without", "status", "bound", "gap", "way", "reason", "seconds",
    "audit",
)  # fmt: skip


def _describe(price: ListedPrice) -> dict[str, Any]:
    (rule,) = price.rules
    values = price.name, rule.rule.name, rule.rule.nature, rule.where, rule.value, rule.text
    return dict(zip(_DESCRIBED, values, strict=True))


def _state(price: ListedPrice) -> dict[str, Any]:
    end, cost = price.outcome, price.cost
    both = price.base.has_plan and end.has_plan
    values = (
        str(price.verdict), price.verdict.is_sure, *_spread(price.missing_share), *_spread(cost),
        _tell_others(price), price.saved, price.is_equally_secure if both else None,
        end.pooled_expenditure, end.missing_share, end.status,
        math.nan if cost is None else end.proven.get(cost.stage, math.nan), price.gap, end.way,
        end.reason, end.seconds, tell_verdict(end.verdict) if end.has_plan else "",
    )  # fmt: skip
    return dict(zip(_STATED, values, strict=True))


def _tell_others(price: ListedPrice) -> str:
    return ", ".join(f"{a.stage} {a.found:,.6g}" for a in price.others if a.is_sure)


def _spread(amount: StageGain | None) -> tuple[float, float, float]:
    """What was found, and the bounds proven."""
    if amount is None:
        return math.nan, math.nan, math.nan
    return amount.found, amount.least, amount.most


def _sum(amounts: Sequence[StageGain | None]) -> float:
    """The sum; nan where one of them is not known."""
    return sum(math.nan if amount is None else amount.found for amount in amounts)


def compare_with_parts(price: ListedPrice, alone: Sequence[ListedPrice]) -> str:
    """Whether rules cost another sum together than one by one; empty where that is not proven."""
    if price.verdict in (RuleVerdict.COSTS, RuleVerdict.SHORTFALL) and all(
        each.verdict is RuleVerdict.NOTHING for each in alone
    ):
        return NONE_ALONE
    told: dict[str, list[str]] = {}
    for name in ("missing_share", "cost"):
        said = _compare(getattr(price, name), [getattr(each, name) for each in alone])
        told.setdefault(said, []).append(name.replace("_", " "))
    return "; ".join(f"{' and '.join(names)}: {said}" for said, names in told.items() if said)


def _compare(together: StageGain | None, alone: Sequence[StageGain | None]) -> str:
    known = [amount for amount in alone if amount is not None]
    if together is None or len(known) < len(alone):
        return ""
    rounding = together.rounding * (1 + len(known))
    if together.least > sum(amount.most for amount in known) + rounding:
        return MORE
    if together.most < sum(amount.least for amount in known) - rounding:
        return LESS
    return ""
