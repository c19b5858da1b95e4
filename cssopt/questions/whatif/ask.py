"""What-ifs: the base plan and the plans of changed inputs, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from cssopt.assembly.case import Case
from cssopt.assembly.changes import change, check_names, read_steps
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.standard_questions import EVERY_QUESTION
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.errors import CssoptError
from cssopt.questions.answers import describe_run, write_workbook
from cssopt.questions.whatif.result import Comparison, Variant
from cssopt.questions.whatif.show import write_comparison
from cssopt.questions.whatif.standard import list_questions
from cssopt.render.place import OutputPlace
from cssopt.runs.pool import Lost, Pool
from cssopt.runs.solve_case import Solution, case_of, solve, solve_instance
from cssopt.solution.near_plan import Persist
from cssopt.solution.run import ProgressCallback, tell_nothing
from cssopt.tables.patch import CellChange, Step

COMMAND_LINE = "command line"
"""Name of the scenario that `--set` makes."""


@dataclass(frozen=True)
class _Shared:
    """What all scenarios share: the base plan, and how near to it each of them stays."""

    base: Solution
    persist: Persist | None


def whatif(
    case: Case,
    scenarios: Mapping[str, Sequence[Step | str]],
    study: str | Path = DEFAULT_STUDY,
    members: Sequence[str | int] | None = None,
    *,
    base: Solution | None = None,
    persist: Persist | None = None,
    processes: int = 1,
    tell: ProgressCallback = tell_nothing,
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
    asked = list(fixed.items())
    shared = _Shared(base, persist)
    pool = Pool(partial, (_solve_scenario, shared), min(processes, len(asked)))
    found = pool.gather(asked, lambda scenario: tell(scenario[0]), _was_interrupted)
    variants = [
        Variant(name, steps, (), None, plan.reason) if isinstance(plan, Lost) else plan
        for (name, steps), plan in zip(asked, found, strict=True)
    ]
    return Comparison(base, tuple(variants))


def _solve_scenario(shared: _Shared, scenario: tuple[str, tuple[Step, ...]]) -> Variant:
    """One scenario from its steps to its plan; whatever stops it is the reason of the variant."""
    (name, steps), base = scenario, shared.base
    case = case_of(base)
    changes: tuple[CellChange, ...] = ()
    near = None if shared.persist is None else (base, shared.persist)
    try:
        changed, changes = change(case, steps)
        instance = base.instance.on(changed.data)
        solution = solve_instance(changed, instance, base.options, persist=near)
        return Variant(name, steps, changes, solution)
    except CssoptError as error:
        return Variant(name, steps, changes, None, str(error))
    except Exception as error:
        reason = f"a fault in cssopt ({type(error).__name__}: {error}). Please report it."
        return Variant(name, steps, changes, None, reason)


def _was_interrupted(variant: Variant) -> bool:
    """True where the user ended the solve; a time limit ends one scenario only."""
    return variant.solution is not None and variant.solution.solved.cancelled


def pick_questions(kinds: Sequence[str], models: Sequence[str | Path] = ()) -> tuple[str, ...]:
    """The standard questions of these kinds, every one for ``all``; DataError for unknown ones.

    `models` are folders of one's own, with the questions that they add.
    """
    known = list_questions(find_model_folders(models))
    check_names(kinds, [*known, EVERY_QUESTION], "--ask", "is no standard question")
    return tuple(known) if EVERY_QUESTION in kinds else tuple(dict.fromkeys(kinds))


def report_whatif(
    case: Case,
    comparison: Comparison,
    path: str | Path,
    options: Mapping[str, Any] | None = None,
) -> OutputPlace:
    """Write the comparison workbook, and say where (see `write_workbook`).

    `options` are those of the command, for the sheet Run.
    """
    facts = describe_run(case, comparison.base, "whatif", options, audits=comparison.audits)

    def write(place: OutputPlace) -> None:
        write_comparison(place.path, comparison, facts)

    return write_workbook(path, facts, write, comparison.facts)
