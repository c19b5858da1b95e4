"""One run of a sweep, and what came of it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from cssopt.errors import CssoptError
from cssopt.solution.plain import plain_row, plain_value
from cssopt.solution.verdicts import Broken, Verdict
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
        for name in _BY_NAME:
            plain[name] = plain_row(plain[name])
        for name in _BY_PAIR:
            plain[name] = [[*key, plain_value(v)] for key, v in getattr(self, name).items()]
        plain["structure"] = list(self.structure)
        verdict = plain.pop("verdict")
        plain[_AUDIT] = None if verdict is None else not verdict
        plain[_BROKEN] = [broken.facts() for broken in verdict or ()]
        return plain

    @classmethod
    def of_facts(cls, facts: Any) -> Outcome:
        """The outcome of which these are the facts; ValueError where they are those of none."""
        names = [each.name for each in fields(cls) if each.name != "verdict"]
        if not isinstance(facts, dict) or facts.keys() != {*names, _AUDIT, _BROKEN}:
            raise ValueError("other facts than an outcome has")
        own: dict[str, Any] = {}
        for name in names:
            with _told(name):
                read: Callable[[Any], Any] = _READ.get(name, _read_number)
                own[name] = read(facts[name])
        with _told(_AUDIT):
            own["verdict"] = _read_verdict(facts[_AUDIT], facts[_BROKEN])
        return cls(**own)


_BY_NAME = ("costs", "burden", "reached", "proven")
_BY_PAIR = ("units", "shortfalls")
_AUDIT, _BROKEN = "audit", "broken_rules"


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Which fact is of another kind than it has to be."""
    try:
        yield
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"what it has as {name} is of another kind") from error


def _read_verdict(passed: Any, broken: Any) -> Verdict:
    """What an audit said; the broken rules have to fit it."""
    told = tuple(Broken.of_facts(_of(facts, dict)) for facts in _of(broken, list))
    if passed is None and not told:
        return None
    if _of(passed, bool) == bool(told):
        raise ValueError
    return told


def _read_number(value: Any) -> float:
    if value is None:
        return math.nan
    if not math.isfinite(_of(value, int, float)):
        raise ValueError
    return float(value)


def _read_texts(values: Any) -> tuple[str, ...]:
    return tuple(_of(value, str) for value in _of(values, list))


def _read_by_name(values: Any) -> dict[str, float]:
    return {name: _read_number(value) for name, value in _of(values, dict).items()}


def _read_by_pair(values: Any) -> dict[tuple[str, str], float]:
    parts = (_of(value, list) for value in _of(values, list))
    return {(_of(a, str), _of(b, str)): _read_number(number) for a, b, number in parts}


def _of(value: Any, *kinds: type) -> Any:
    """The value, where it is of one of these kinds; flags are no numbers."""
    if type(value) not in kinds:
        raise TypeError
    return value


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "status": lambda value: str(Status(value)),
    "threats_met": lambda value: _of(value, bool),
    "structure": _read_texts,
    "way": lambda value: _of(value, str),
    "reason": lambda value: _of(value, str),
    "final": lambda value: _of(value, bool),
    **dict.fromkeys(_BY_NAME, _read_by_name),
    **dict.fromkeys(_BY_PAIR, _read_by_pair),
}
"""How each fact is read; all others are numbers."""


def leave(reason: str = NOT_ASKED) -> Outcome:
    """The outcome of a run for which there was no time; another sweep tries it again."""
    return Outcome(status=str(Status.NO_PLAN_YET), reason=reason, final=False)


def attempt(solve: Callable[[], Outcome], what: str) -> Outcome:
    """The outcome of a solve, with its seconds.

    Whatever goes wrong is the outcome's reason, so that the fault of one does not end the others.
    `what` is solved: a run, a coalition.
    """
    begun = time.perf_counter()
    try:
        outcome = solve()
    except CssoptError as error:
        outcome = failed(str(error))
    except MemoryError:
        outcome = failed(f"there is not enough memory for this {what}", final=False)
    except Exception as error:
        outcome = failed(f"a fault in cssopt ({type(error).__name__}: {error})", final=False)
    return replace(outcome, seconds=time.perf_counter() - begun)


def join_reasons(first: str, second: str) -> str:
    """Two reasons of one outcome as one text; either may be empty."""
    if not (first and second):
        return first or second
    if first.endswith("."):
        return f"{first} {second[:1].upper()}{second[1:]}"
    return f"{first}; {second}"


def failed(reason: str, *, final: bool = True) -> Outcome:
    """The outcome of a run that gave no answer."""
    return Outcome(status=str(Status.ERROR), reason=reason, final=final)


def find_worst(ends: Iterable[str], status: Status) -> Status:
    """How many solves ended together, beside a plan with this status: an error where one failed; a
    limit where one gave no plan in the time there was."""
    every = set(ends)
    if str(Status.ERROR) in every:
        return Status.ERROR
    left = str(Status.NO_PLAN_YET) in every and status is Status.OPTIMAL
    return Status.FEASIBLE if left else status
