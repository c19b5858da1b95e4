"""Each scenario from its steps to its plan, whatever stops one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from cssopt.assembly.changes import change
from cssopt.errors import CssoptError, DataError
from cssopt.issues import Issue
from cssopt.questions.whatif.result import Comparison, Variant
from cssopt.runs.count import count_items
from cssopt.runs.pool import Lost, Pool
from cssopt.runs.solve_case import Solution, case_of, solve_instance
from cssopt.solution.near_plan import Persist
from cssopt.solution.run import ProgressCallback, tell_nothing
from cssopt.solve.answer import Options
from cssopt.solve.watching import named
from cssopt.tables.patch import CellChange, Step


@dataclass(frozen=True)
class _Shared:
    """What all scenarios share: the base plan, and how each of them is solved."""

    base: Solution
    options: Options
    persist: Persist | None


def compare_scenarios(
    base: Solution,
    scenarios: Mapping[str, tuple[Step, ...]],
    options: Options,
    *,
    persist: Persist | None = None,
    processes: int = 1,
    tell: ProgressCallback = tell_nothing,
) -> Comparison:
    """Solve each scenario, and put it beside the base plan.

    Parameters
    ----------
    scenarios: the steps of each. options: of each solve; study and members are those of the base.
    persist: keeps the plan of each scenario near the base plan.
    processes: more than 1 solves side by side, with the same answers (a script then needs the
        usual ``if __name__ == "__main__":``).

    A scenario that cannot be made or solved is a variant with its reason, and stops no other;
    Ctrl-C keeps those that are done. Members that a scenario drops leave the coalition, as if the
    others had been named; those that it adds join where the base is of all members.
    """
    asked = list(scenarios.items())
    shared = _Shared(base, options, persist)
    processes = min(processes, len(asked))
    hear = count_items(tell, "scenario", len(asked), processes)
    pool = Pool(partial, (_solve_scenario, shared), processes)
    found = pool.gather(asked, lambda scenario: hear(scenario[0]), lambda one: one.was_interrupted)
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
    notes: tuple[Issue, ...] = ()
    near = None if shared.persist is None else (base, shared.persist)
    try:
        changed, changes = change(case, steps)
        notes = changed.notes[len(case.notes) :]
        instance = base.instance.on(changed.data)
        with named(f"scenario {name}"):
            solution = solve_instance(changed, instance, shared.options, persist=near)
        return Variant(name, steps, changes, solution, notes=notes)
    except DataError as error:
        reason = " ".join(map(str, error.issues))
    except CssoptError as error:
        reason = str(error)
    except Exception as error:
        reason = f"a fault in cssopt ({type(error).__name__}: {error}). Please report it."
    return Variant(name, steps, changes, None, reason, notes)
