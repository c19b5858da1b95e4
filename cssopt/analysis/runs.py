"""One run of a sweep, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cssopt.solution.audits import Broken, Verdict
from cssopt.solution.plain import plain_row
from cssopt.solve.answer import NOT_ASKED
from cssopt.solve.outcome import Status
from cssopt.tables.patch import Step

PATCHED = "patched"
BUILT = "built"


@dataclass(frozen=True)
class Run:
    """One what-if of many.

    Attributes
    ----------
    name: unique within its sweep.
    steps: its changes of the inputs, in order.
    point: the value of everything that the sweep varies, by label, for the table of results.
    audited: True where its plan is to be audited.
    """

    name: str
    steps: tuple[Step, ...]
    point: Mapping[str, float | str | bool] = field(default_factory=dict)
    audited: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run gave: figures only, so that ten thousand of them are small.

    Attributes
    ----------
    status: how it ended; ``error`` where the run failed, with the reason; ``no plan yet`` where a
        limit came first, or there was no time to begin.
    threats_met: True where no need is short by more than rounding.
    objective, bound, gap: of the last stage; nan where there is no plan.
    pooled_expenditure: million, present value. missing_share, shortfall: as of a solution.
    costs: present value by entry. burden: present value by member.
    units: held on average over the years, by member and force.
    shortfalls: power-years missing, by threat and capability.
    structure: what the plan has, in the words of the components (``NOR buys tank``), and the
        threats that it does not meet.
    reached, proven: of each stage solved by itself, the value and the proven bound, by its name
        (price lists of rules); what is not finite is left out.
    way: ``patched`` where the program of an earlier run was changed in place, ``built`` where it
        was built anew.
    reason: why it failed, or why it was built anew.
    seconds: of the run, all steps together.
    verdict: the rules that its plan breaks; None where nothing broken was seen, and no audit made.
    final: False where it failed for a reason that may pass: another sweep tries it again.
    """

    status: str
    threats_met: bool = False
    objective: float = math.nan
    bound: float = math.nan
    gap: float = math.nan
    pooled_expenditure: float = math.nan
    missing_share: float = math.nan
    shortfall: float = math.nan
    costs: Mapping[str, float] = field(default_factory=dict)
    burden: Mapping[str, float] = field(default_factory=dict)
    units: Mapping[tuple[str, str], float] = field(default_factory=dict)
    shortfalls: Mapping[tuple[str, str], float] = field(default_factory=dict)
    structure: tuple[str, ...] = ()
    reached: Mapping[str, float] = field(default_factory=dict)
    proven: Mapping[str, float] = field(default_factory=dict)
    way: str = ""
    reason: str = ""
    seconds: float = 0.0
    verdict: Verdict = None
    final: bool = True

    @property
    def has_plan(self) -> bool:
        """True where there are figures to look at."""
        return not math.isnan(self.pooled_expenditure)

    def facts(self) -> dict[str, Any]:
        """Plain JSON values: nan as null, keys of two parts as lists of parts and value."""
        plain = plain_row(vars(self))
        for name in _BY_PAIR:
            plain[name] = [[*key, value] for key, value in getattr(self, name).items()]
        plain["structure"] = list(self.structure)
        verdict = plain.pop("verdict")
        plain["audit"] = None if verdict is None else not verdict
        plain[_BROKEN] = [broken.facts() for broken in verdict or ()]
        return plain

    @classmethod
    def of_facts(cls, facts: Mapping[str, Any]) -> Outcome:
        """The outcome of which these are the facts."""
        own: dict[str, Any] = {
            name: math.nan if value is None else value for name, value in facts.items()
        }
        for name in _BY_PAIR:
            own[name] = {(first, second): value for first, second, value in facts[name]}
        own["structure"] = tuple(facts.get("structure", ()))
        audited = isinstance(own.pop("audit", None), bool)
        broken = tuple(map(Broken.of_facts, own.pop(_BROKEN, ())))
        own["verdict"] = broken if audited else None
        return cls(**own)


_BY_PAIR = ("units", "shortfalls")
_BROKEN = "broken_rules"


def leave() -> Outcome:
    """The outcome of a run for which there was no time; another sweep tries it again."""
    return Outcome(status=str(Status.NO_PLAN_YET), reason=NOT_ASKED, final=False)


def failed(reason: str, *, final: bool = True) -> Outcome:
    """The outcome of a run that gave no answer."""
    return Outcome(status=str(Status.ERROR), reason=reason, final=final)
