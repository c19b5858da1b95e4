"""Each scenario from its steps to its plan, whatever stops one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from cssopt.assembly.changes import change
from cssopt.errors import CssoptError, DataError
from cssopt.issues import Issue
from cssopt.questions.question import Asking
from cssopt.questions.whatif.result import Comparison, Variant
from cssopt.runs.count import count_items
from cssopt.runs.pool import Lost, Pool
from cssopt.runs.solve_case import Solution, solve_instance
from cssopt.solution.near_plan import Persist
from cssopt.solve.answer import Options
from cssopt.solve.watching import named
from cssopt.tables.patch import CellChange, Step


def compare_scenarios(
    asked: Asking, scenarios: Mapping[str, tuple[Step, ...]], persist: Persist | None = None
) -> Comparison:
    """Solve each scenario, and put it beside the base plan.

    Parameters
    ----------
    asked: the question: study and members are those of its base plan.
    scenarios: the steps of each. persist: keeps the plan of each near the base plan.

    A scenario that cannot be made or solved is a variant with its reason, and stops no other;
    Ctrl-C keeps those that are done. Members that a scenario drops leave the coalition, as if the
    others had been named; those that it adds join where the base is of all members.
    """
    every, options = list(scenarios.items()), replace(asked.solver, keep_on_interrupt=True)
    processes = min(asked.find_processes(len(every)), len(every))
    hear = count_items(asked.options.tell, "scenario", len(every), processes)
    pool = Pool(partial, (_solve_scenario, asked.base, options, persist), processes)
    found = pool.gather(every, lambda scenario: hear(scenario[0]), lambda one: one.was_interrupted)
    variants = [
        Variant(name, steps, (), None, plan.reason) if isinstance(plan, Lost) else plan
        for (name, steps), plan in zip(every, found, strict=True)
    ]
    return Comparison(asked.base, tuple(variants))


def _solve_scenario(
    base: Solution,
    options: Options,
    persist: Persist | None,
    scenario: tuple[str, tuple[Step, ...]],
) -> Variant:
    """One scenario from its steps to its plan; whatever stops it is the reason of the variant."""
    (name, steps), case = scenario, base.case
    assert case is not None
    changes: tuple[CellChange, ...] = ()
    notes: tuple[Issue, ...] = ()
    near = None if persist is None else (base, persist)
    try:
        changed, changes = change(case, steps)
        notes = changed.notes[len(case.notes) :]
        instance = base.instance.on(changed.data)
        with named(f"scenario {name}"):
            solution = solve_instance(changed, instance, options, persist=near)
        return Variant(name, steps, changes, solution, notes=notes)
    except DataError as error:
        reason = " ".join(map(str, error.issues))
    except CssoptError as error:
        reason = str(error)
    except Exception as error:
        reason = f"a fault in cssopt ({type(error).__name__}: {error}). Please report it."
    return Variant(name, steps, changes, None, reason, notes)
