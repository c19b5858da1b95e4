"""What-ifs: the base plan and the plans of changed inputs, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cssopt.analysis.brief import find_cooperating, leave_open
from cssopt.analysis.persistence import Persist
from cssopt.analysis.questions import QUESTIONS
from cssopt.analysis.side_by_side import work_side_by_side
from cssopt.api.answers import describe_run, write_workbook
from cssopt.api.cases import Case, find_rules
from cssopt.api.verbs import Solution, case_of, solve, solve_study
from cssopt.errors import CssoptError, DataError
from cssopt.issues import Issue
from cssopt.report.comparison import write_comparison
from cssopt.report.place import Place
from cssopt.solution.comparison import Comparison, Variant
from cssopt.solution.run import Tell
from cssopt.tables.changes import read_change
from cssopt.tables.convert import quote
from cssopt.tables.nearest import find_meant, nearest_name
from cssopt.tables.patch import Step, Touched, try_steps
from cssopt.tables.scenario_checks import check_patch, check_scenarios
from cssopt.tables.scenario_file import read_toml_file
from cssopt.tables.scenario_steps import MOST_STEPS
from cssopt.tables.scenarios import read_sheet

COMMAND_LINE = "command line"
"""Name of the scenario that `--set` makes."""
_MOST_TOLD = 20
_MOST_FAULTS = 100
"""Issues after which no further change is read."""
EVERY_QUESTION = "all"
"""The word that asks every standard question."""

_SILENT: Tell = lambda _step: None  # noqa: E731


def find_scenarios(case: Case, file: str | Path | None = None) -> dict[str, tuple[Step, ...]]:
    """The scenarios of the workbook's sheet, and of a TOML file where one is named.

    Those of the file are tried on the tables, as those of the sheet were when the workbook was
    checked. Raises DataError for everything that is wrong with them, or for a name that both have.
    """
    found = read_sheet(case.data)
    if file is None:
        return found
    path = Path(file)
    more, issues = read_toml_file(path)
    tried = check_scenarios(more, case.data, find_rules(case.folders), issues)
    if tried.issues:
        raise DataError(tried.issues, path.name)
    return join_scenarios(found, more)


def join_scenarios(*groups: Mapping[str, Sequence[Step]]) -> dict[str, tuple[Step, ...]]:
    """All scenarios of several sources; DataError for a name that two of them have."""
    joined: dict[str, tuple[Step, ...]] = {}
    doubled = []
    for group in groups:
        doubled += [name for name in group if name in joined]
        joined |= {name: tuple(steps) for name, steps in group.items()}
    text = "is the name of two scenarios (of the workbook, a file or a standard question). Rename "
    if issues := [Issue("E-513", quote(name), f"{text}one of them.") for name in doubled]:
        raise DataError(issues)
    return joined


def change(case: Case, steps: Sequence[Step | str]) -> tuple[Case, tuple[Touched, ...]]:
    """A new case with the steps applied in order and checked by the same rules.

    A step may be a text, as ``--set`` takes it.

    Returns the case and every cell that differs. Raises DataError where a step touches nothing or
    cannot be made, or where the changed tables break a rule; faults of a changed cell stand at its
    step. Notes of the new case say what was read as another name. The case given is never changed.
    A member that a step drops keeps its rows, and takes part in no coalition of the new case.
    """
    steps = read_steps(steps)
    patch = try_steps(case.data, steps)
    issues = patch.issues or check_patch(patch, steps, find_rules(case.folders))
    if errors := [issue for issue in issues if issue.code.startswith("E")]:
        raise DataError(errors, case.source)
    notes = (*case.notes, *patch.notes)
    changed = replace(case, data=patch.data, warnings=tuple(issues), notes=notes)
    return changed, tuple(patch.touched)


@dataclass(frozen=True)
class _Ground:
    """What all scenarios share: the base plan, and how near to it each of them stays."""

    base: Solution
    persist: Persist | None


def whatif(
    case: Case,
    scenarios: Mapping[str, Sequence[Step | str]],
    study: str | Path = "pooled",
    members: Sequence[str | int] | None = None,
    *,
    base: Solution | None = None,
    persist: Persist | None = None,
    processes: int = 1,
    tell: Tell = _SILENT,
) -> Comparison:
    """Solve the base and each scenario, and put them side by side.

    Parameters
    ----------
    scenarios: the steps of each, or changes as ``--set`` takes them.
    base: the base plan of the case where it is solved already; its study, members and limits are
        then those of every scenario.
    persist: keeps the plan of each scenario near the base plan.
    processes: more than 1 solves side by side, with the same answers (a script then needs the
        usual ``if __name__ == "__main__":``).

    A scenario that cannot be made or solved is a variant with its reason, and stops no other.
    Members that a scenario drops leave the coalition, as if `members` named the others; those that
    it adds join where the base is of all members.
    """
    if base is None:
        tell("base")
        base = solve(case, study, members, tell=tell, concessions=False)
    fixed = {name: read_steps(steps) for name, steps in scenarios.items()}
    variants = work_side_by_side(
        _solve_scenario,
        _Ground(base, persist),
        {name: (name, steps) for name, steps in fixed.items()},
        processes,
        lost=lambda name, reason: Variant(name, fixed[name], (), None, reason),
        stopped=_was_interrupted,
        tell=tell,
    )
    return Comparison(base, tuple(variants))


def _solve_scenario(ground: _Ground, scenario: tuple[str, tuple[Step, ...]]) -> Variant:
    """One scenario from its steps to its plan; whatever stops it is the reason of the variant."""
    (name, steps), base = scenario, ground.base
    case = case_of(base)
    touched: tuple[Touched, ...] = ()
    near = None if ground.persist is None else (base, ground.persist)
    try:
        changed, touched = change(case, steps)
        coalition = find_cooperating(changed.data, leave_open(case.data, base.coalition))
        solution = solve_study(changed, base.study, coalition, base.options, persist=near)
        return Variant(name, steps, touched, solution)
    except CssoptError as error:
        return Variant(name, steps, touched, None, str(error))
    except Exception as error:
        reason = f"a fault in cssopt ({type(error).__name__}: {error}). Please report it."
        return Variant(name, steps, touched, None, reason)


def _was_interrupted(variant: Variant) -> bool:
    """True where the user ended the solve; a time limit ends one scenario only."""
    return variant.solution is not None and variant.solution.solved.cancelled


def read_changes(texts: Sequence[str], case: Case | None = None) -> tuple[Step, ...]:
    """Steps as they are written on the command line: ``table[column=value].column=value``.

    ``+table[column=value; ...]`` adds a row, ``-table[column=value]`` drops rows; a number has a
    point for decimals. With a `case` they are tried on its tables, so that everything that is
    wrong with all of them is told at once, by DataError.
    """
    steps, issues = _read_steps(texts)
    if case is not None:
        issues += try_steps(case.data, steps).issues
    if issues:
        raise DataError(issues, "" if case is None else case.source)
    return steps


def read_steps(steps: Sequence[Step | str]) -> tuple[Step, ...]:
    """The steps, with those that are written as texts read; DataError with every fault."""
    read, issues = _read_steps(steps)
    if issues:
        raise DataError(issues)
    return read


def _read_steps(steps: Sequence[Step | str]) -> tuple[tuple[Step, ...], list[Issue]]:
    read: list[Step] = []
    issues: list[Issue] = []
    listed = [steps] if isinstance(steps, str) else list(steps)
    if len(listed) > MOST_STEPS:
        text = (
            f"stands {len(listed):,} times; at most {MOST_STEPS:,} changes are read. Write fewer."
        )
        return (), [Issue("E-519", "--set", text)]
    for step in listed:
        if not isinstance(step, str | Step):
            raise TypeError(f"a change is a text or a Step, not {type(step).__name__}")
        try:
            read.append(read_change(step) if isinstance(step, str) else step)
        except DataError as error:
            issues += error.issues
        if len(issues) > _MOST_FAULTS:
            break
    return tuple(read), issues


def pick_scenarios(
    known: Mapping[str, Sequence[Step]], names: Sequence[str]
) -> dict[str, Sequence[Step]]:
    """The scenarios of these names, all of them where none is named; DataError for unknown ones.

    Case, accents and spaces of a name are set aside where one scenario only is meant.
    """
    names = [names] if isinstance(names, str) else names
    meant = [find_meant(name, known) or name for name in names]
    _check_names(meant, known, "--scenario", "is no scenario")
    return {name: known[name] for name in (meant or known)}


def pick_questions(kinds: Sequence[str]) -> tuple[str, ...]:
    """The standard questions of these kinds, every one for ``all``; DataError for unknown ones."""
    _check_names(kinds, [*QUESTIONS, EVERY_QUESTION], "--ask", "is no standard question")
    return tuple(QUESTIONS) if EVERY_QUESTION in kinds else tuple(dict.fromkeys(kinds))


def _check_names(names: Sequence[str], known: Iterable[str], option: str, fault: str) -> None:
    issues = [
        Issue("E-512", option, f"{quote(name)} {fault}.{nearest_name(name, known)}")
        for name in [name for name in dict.fromkeys(names) if name not in known][:_MOST_TOLD]
    ]
    if issues:
        raise DataError(issues)


def report_whatif(
    case: Case,
    comparison: Comparison,
    path: str | Path,
    options: Mapping[str, Any] | None = None,
) -> Place:
    """Write the comparison workbook, and say where (see `write_workbook`).

    `options` are those of the command, for the sheet Run.
    """
    facts = describe_run(case, comparison.base, "whatif", options, audits=comparison.audits)

    def write(place: Place) -> None:
        write_comparison(place.path, comparison, facts)

    return write_workbook(path, facts, write, comparison.facts)
