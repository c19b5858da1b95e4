"""The price of fairness: what a plan that spreads the burden more evenly adds to expenditure.

Levels are asked with the study ``fair``: ``study.choosing(margin=0.05)`` lets the plan cost 5 %
more than the cheapest one and makes the largest burden, as a share of GDP, as small as that allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_TOLERANCE = 1e-6
"""Share of the cheapest plan's figure within which two figures of a solver are the same."""


@dataclass(frozen=True)
class FairPlan:
    """A plan of the study ``fair`` at one margin.

    Attributes
    ----------
    margin: how much more than the cheapest plan it may cost, as a share of it; 0: the cheapest.
    expenditure: what it costs, million, present value; None where there is no plan.
    largest_burden: the largest burden of any member as a share of its GDP; None likewise.
    doubt: by how much the expenditure may exceed the best there is, as it is not proven.
    why_not: why there is no plan, a sentence; empty where there is one.
    """

    margin: float
    expenditure: float | None
    largest_burden: float | None
    doubt: float = 0.0
    why_not: str = ""


@dataclass(frozen=True)
class PriceOfFairness:
    """What one level of fairness adds; every figure is None where it cannot be given.

    Attributes
    ----------
    added: to the expenditure of the cheapest plan. added_share: as a share of it, which is the
        price of fairness.
    relief: by how much the largest burden falls, in shares of GDP.
    price: added expenditure for each percentage point of GDP by which the largest burden falls,
        from the level before to this one; None too where it does not fall.
    note: what must be known of the level; empty where nothing.
    """

    plan: FairPlan
    added: float | None = None
    added_share: float | None = None
    relief: float | None = None
    price: float | None = None
    note: str = ""


def find_price_of_fairness(
    cheapest: FairPlan, levels: Iterable[FairPlan]
) -> tuple[PriceOfFairness, ...]:
    """What fairness adds to expenditure at each level, from the cheapest plan on.

    Parameters
    ----------
    cheapest: the plan at margin 0. levels: plans at further margins, in any order.

    Raises
    ------
    ValueError: the cheapest plan has no figures: there is nothing to add to.

    Source
    ------
    Bertsimas, Farias & Trichakis (2011), The price of fairness.
    """
    base, worst = cheapest.expenditure, cheapest.largest_burden
    if base is None or worst is None:
        raise ValueError("the cheapest plan must be known")
    rows = [PriceOfFairness(cheapest, 0.0, 0.0, 0.0)]
    money, burden = base, worst
    for plan in sorted(levels, key=lambda level: level.margin):
        if plan.expenditure is None or plan.largest_burden is None:
            rows.append(PriceOfFairness(plan, note=plan.why_not))
            continue
        added, fall = plan.expenditure - base, burden - plan.largest_burden
        rows.append(
            PriceOfFairness(
                plan,
                added,
                added / base if base > 0 else None,
                worst - plan.largest_burden,
                (plan.expenditure - money) / (100 * fall)
                if fall > _TOLERANCE * abs(worst)
                else None,
                _find_note(added, _TOLERANCE * abs(base), max(cheapest.doubt, plan.doubt)),
            )
        )
        money, burden = plan.expenditure, plan.largest_burden
    return tuple(rows)


def _find_note(added: float, rounding: float, doubt: float) -> str:
    if added < -rounding:
        return (
            f"Costs {-added:,.2f} less than the cheapest plan, so that plan was not the cheapest: "
            "ask with a smaller gap or a longer time limit."
        )
    if added < doubt:
        return (
            f"What it adds is less than the {doubt:,.2f} by which the plans are not proven: it may "
            "add nothing, or more."
        )
    return ""
