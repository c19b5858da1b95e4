"""The price list of rules: every rule lifted, one at a time and those of a kind together."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cssopt.assembly.case import Case
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.questions.answers import describe_run, write_workbook
from cssopt.questions.rules.find import (
    Lift,
    design_lifts,
    find_priced_rules,
    price_lifts,
    specify_lifts,
)
from cssopt.questions.rules.lifter import lift_here
from cssopt.questions.rules.result import RuleList
from cssopt.questions.rules.show import write_rule_prices
from cssopt.render.place import OutputPlace
from cssopt.render.terminal import solution_facts
from cssopt.runs.journal import Journal
from cssopt.runs.run_all import OnOutcome, run_all
from cssopt.runs.solve_case import DEFAULT_GAP, find_processes, solve_base
from cssopt.solution.run import OnBase, ProgressCallback, hear_nothing, tell_nothing

__all__ = ["RuleList", "find_lifts", "price_rules", "report_rule_prices", "rule_price_facts"]


def find_lifts(
    case: Case,
    study: str | Path = DEFAULT_STUDY,
    members: Sequence[str | int] | None = None,
    *,
    facts: bool = False,
) -> tuple[list[Lift], list[Lift]]:
    """The runs of a price list: one for every rule, and one for every kind that has several.

    `facts` adds what only time or technology could change: transit, notice, delivery times.
    """
    natures = ("rule", "fact") if facts else ("rule",)
    rules = find_priced_rules(Instance.of(case, study, members), natures)
    return design_lifts(case.data, rules)


def price_rules(
    case: Case,
    study: str | Path = DEFAULT_STUDY,
    members: Sequence[str | int] | None = None,
    *,
    gap: float = DEFAULT_GAP,
    time_limit: float | None = None,
    patience: float | None = None,
    processes: int | None = None,
    facts: bool = False,
    journal: str | Path | None = None,
    tell: ProgressCallback = tell_nothing,
    on_base: OnBase = hear_nothing,
    on_outcome: OnOutcome = lambda _run, _outcome, _reused: None,
) -> RuleList:
    """What every treaty or national rule costs: money at equal security, and missing share.

    Each rule is lifted alone, and those of a kind together. Every stage of the study is solved
    from the plan with every rule, with what goes before it held where that plan has it. The money
    is the least expenditure with nothing but security held, whatever else the study makes small.
    Where lifting changes prices or dates too (delivery times), it may be less than nothing.
    Numbers that a study takes from other solves (members alone) stay as they are with every rule.

    Parameters
    ----------
    patience: seconds for all solves after the plan's own, as for `Options`.
    gap, time_limit: of each solve. processes: default one for each core where that pays (a script
        then needs the usual ``if __name__ == "__main__":``).
    facts: also lifts what only time or technology could change.
    journal: an SQLite file in which every finished run is written at once; runs that it has are
        not solved again.
    on_base: hears the plan itself, before its questions are asked.
    on_outcome: hears each run with its outcome, and whether it came from the journal.

    A run that fails is a price without an answer, with its reason. Raises DataError for a wrong
    member, ModelError for a wrong study, and SolveError where the journal cannot be used.
    """
    alone, together = find_lifts(case, study, members, facts=facts)
    lifts = [*alone, *together]
    runs = [lift.run for lift in lifts]
    with _open_journal(journal) as kept:
        base = solve_base(
            case,
            study,
            members,
            gap=gap,
            time_limit=time_limit,
            patience=patience,
            tell=tell,
            on_base=on_base,
        )
        tell("where the plans without a rule begin")
        specification = specify_lifts(base, str(study))
        runner = lift_here(
            specification, case.folders, processes or find_processes(base, len(runs))
        )
        done = run_all(specification, case.folders, runs, kept, runner, on_outcome)
        names = (run.name for run in runs)
        outcomes = dict(zip(names, kept.read(done.keys), strict=True))
    prices, groups = (
        price_lifts(specification, base.study, own, outcomes) for own in (alone, together)
    )
    return RuleList(base, prices, groups, done.reused)


@contextmanager
def _open_journal(path: str | Path | None) -> Iterator[Journal]:
    """The journal of this path, or one that is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        Journal(Path(path or Path(folder) / "journal.sqlite")) as journal,
    ):
        yield journal


def report_rule_prices(
    case: Case, rules: RuleList, path: str | Path, options: Mapping[str, Any]
) -> OutputPlace:
    """Write the price list as a workbook, and say where (see `write_workbook`).

    `options` are those of the list, for the sheet Run.
    """
    facts = describe_run(case, rules.base, "rules", options, audits=rules.audits)

    def write(place: OutputPlace) -> None:
        write_rule_prices(place.path, rules.base, rules.tables, facts)

    return write_workbook(path, facts, write, lambda: rule_price_facts(rules))


def rule_price_facts(rules: RuleList) -> dict[str, Any]:
    """A price list as plain JSON values: the base plan, and every table as records."""
    return {
        **rules.audits.facts(),
        "base": solution_facts(rules.base),
        **rules.facts(),
        "reused": rules.reused,
    }
