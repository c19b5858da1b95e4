"""One model built by cssopt, Pyomo, linopy, PyOptInterface and by hand from arrays, for HiGHS.

    python benchmarks/libraries.py BOOK [--study relaxed] [--limit 600] [--no-solve]

cssopt builds it from the tables of the workbook. Every other library gets the finished model as
names: decisions and rules by name and key, each rule a list of terms, and writes it as one who
knows the library would. Each runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring import Clock, begin_memory, read_memory, run_child

SETTINGS = {
    "solver": "ipx",
    "dual_feasibility_tolerance": 1e-10,
    "primal_feasibility_tolerance": 1e-9,
    "threads": 1,
}
"""Of HiGHS, for all alike: those of cssopt for an LP of this size."""

WEIGHT = 1e5
"""Money for which one unit of the missing share is closed, in the one objective of all."""

Term = tuple[str, Any, float]


@dataclass
class Model:
    """A linear program by names.

    Attributes
    ----------
    decisions: bounds by key, by name. rules: bounds and terms by key, by name.
    costs, constant: the objective.
    """

    decisions: dict[str, dict[Any, tuple[float, float]]]
    rules: dict[str, dict[Any, tuple[float, float, list[Term]]]]
    costs: list[Term]
    constant: float


def add_stages(program: Any) -> tuple[Any, float]:
    """Costs and constant of the one objective: money, and the missing share at its weight."""
    first, last = program.stages[0].row, program.stages[-1].row
    costs = WEIGHT * program.row_of_figure(first) + program.row_of_figure(last)
    return costs, float(WEIGHT * program.offsets[first] + program.offsets[last])


def compile_book(book: Path, study: str, clock: Clock) -> tuple[Any, float]:
    """The compiled program of a book, and the memory before it was built."""
    import cssopt
    from cssopt.assembly.instance import Instance
    from cssopt.solve.compile import compile_problem

    with clock.step("read and check"):
        instance = Instance.of(cssopt.load(book), study)
    before = begin_memory()
    with clock.step("build"):
        problem = instance.assemble()
    with clock.step("compile"):
        program = compile_problem(problem)
    return program, before


def describe(program: Any) -> Model:
    """A compiled program by names."""
    names = [
        (f"{part}_{name}", "all" if key is None else key) for part, name, key in program.columns
    ]
    model = Model({}, {}, [], 0.0)
    for (name, key), low, high in zip(
        names, program.lower.tolist(), program.upper.tolist(), strict=True
    ):
        model.decisions.setdefault(name, {})[key] = (low, high)
    ends, places = program.matrix.indptr.tolist(), program.matrix.indices.tolist()
    values = program.matrix.data.tolist()
    lower, upper = program.row_lower.tolist(), program.row_upper.tolist()
    for row, (part, name, key) in enumerate(program.rows):
        terms = [(*names[places[at]], values[at]) for at in range(ends[row], ends[row + 1])]
        known = model.rules.setdefault(f"{part}_{name}", {})
        # A rule with two sides stands in two rows.
        key = (*(key if isinstance(key, tuple) else (key,)), len(known)) if key in known else key
        known["all" if key is None else key] = (lower[row], upper[row], terms)
    costs, model.constant = add_stages(program)
    model.costs = [(*names[at], float(costs[at])) for at in costs.nonzero()[0]]
    return model


class Run:
    """One library at work on one model: what it took, and what came of it."""

    def __init__(self, solves: bool) -> None:
        self.clock, self.solves = Clock(), solves
        self.before = begin_memory()
        self.loaded = 0.0
        self.objective: float | None = None

    def hand_over(self) -> None:
        """Remember the memory once HiGHS has all."""
        self.loaded = read_memory("VmHWM")

    @property
    def facts(self) -> dict[str, Any]:
        """What is told."""
        return {
            "seconds": self.clock.seconds,
            "raised_mb": self.loaded - self.before,
            "peak_mb": self.loaded,
            "objective": self.objective,
        }


def make_key(key: Any) -> Any:
    """The key anew: who writes a model makes its keys, as cssopt does, and holds them."""
    return (*key,) if isinstance(key, tuple) else key


def run_cssopt(book: Path, study: str, run: Run) -> None:
    """As `cssopt solve` does, with the one objective in place of two stages."""
    from cssopt.solve.answer import Options
    from cssopt.solve.session import HighsSession

    program, run.before = compile_book(book, study, run.clock)
    with run.clock.step("hand-off"):
        session = HighsSession(program, Options())
        session.set_costs(*add_stages(program))
    run.hand_over()
    if run.solves:
        with run.clock.step("solve"):
            _, run.objective, _ = session.optimise()


def run_pyomo(model: Model, run: Run) -> None:
    """Indexed variables and constraints with rules; appsi_highs."""
    import pyomo.environ as pyo
    from pyomo.contrib.appsi.solvers import Highs

    with run.clock.step("build"):
        made = pyo.ConcreteModel()
        found: dict[str, Any] = {}
        for name, bounds in model.decisions.items():
            keys = [make_key(key) for key in bounds]
            found[name] = pyo.Var(keys, bounds=_by_key(bounds))
            made.add_component(f"v_{name}", found[name])
        for name, rules in model.rules.items():
            keys = [make_key(key) for key in rules]
            made.add_component(f"c_{name}", pyo.Constraint(keys, rule=_rule(rules, found)))
        total = pyo.quicksum(value * found[name][key] for name, key, value in model.costs)
        made.objective = pyo.Objective(expr=total + model.constant)
    solver = Highs()
    solver.highs_options = dict(SETTINGS)
    with run.clock.step("hand-off"):
        solver.set_instance(made)
    run.hand_over()
    if run.solves:
        with run.clock.step("solve"):
            solver.config.load_solution = False
            run.objective = float(solver.solve(made).best_feasible_objective)


def _by_key(bounds: Mapping[Any, tuple[float, float]]) -> Callable[..., tuple[Any, Any]]:
    def find(_model: Any, *key: Any) -> tuple[Any, Any]:
        low, high = bounds[key if len(key) > 1 else key[0]]
        return (None if low == -float("inf") else low), (None if high == float("inf") else high)

    return find


def _rule(rules: Mapping[Any, tuple[float, float, list[Term]]], found: Mapping[str, Any]) -> Any:
    import pyomo.environ as pyo

    def rule(_model: Any, *key: Any) -> Any:
        low, high, terms = rules[key if len(key) > 1 else key[0]]
        body = pyo.quicksum(value * found[name][at] for name, at, value in terms)
        if low == high:
            return body == low
        if low == -float("inf"):
            return body <= high
        return body >= low if high == float("inf") else pyo.inequality(low, body, high)

    return rule


def run_pyoptinterface(model: Model, run: Run) -> None:
    """Variables and rules in dictionaries, rules from builders of expressions; HiGHS gets each at
    once."""
    import pyoptinterface as poi
    from pyoptinterface import highs

    with run.clock.step("build"):
        made = highs.Model()
        for name, value in SETTINGS.items():
            made.set_raw_parameter(name, value)
        made.set_model_attribute(poi.ModelAttribute.Silent, True)
        kind = poi.VariableDomain.Continuous
        found = {
            name: {
                make_key(key): made.add_variable(kind, low, high)
                for key, (low, high) in bounds.items()
            }
            for name, bounds in model.decisions.items()
        }
        stated: dict[str, dict[Any, Any]] = {}
        for name, rules in model.rules.items():
            kept = stated[name] = {}
            for key, (low, high, terms) in rules.items():
                body = poi.ExprBuilder()
                for of, at, value in terms:
                    body.add_affine_term(found[of][at], value)
                if low == high:
                    asked: Any = poi.Eq, low
                elif low == -float("inf"):
                    asked = poi.Leq, high
                else:
                    asked = (poi.Geq, low) if high == float("inf") else ((low, high),)
                kept[make_key(key)] = made.add_linear_constraint(body, *asked)
        body = poi.ExprBuilder(model.constant)
        for name, key, value in model.costs:
            body.add_affine_term(found[name][key], value)
        made.set_objective(body, poi.ObjectiveSense.Minimize)
    run.hand_over()
    if run.solves:
        with run.clock.step("solve"):
            made.optimize()
            run.objective = made.get_model_attribute(poi.ModelAttribute.ObjectiveValue)


def run_linopy(model: Model, run: Run) -> None:
    """Decisions and rules of one name at once: terms of a rule are summed by groups."""
    import linopy
    import numpy as np
    import pandas as pd
    import xarray as xr

    with run.clock.step("build"):
        made = linopy.Model()
        found, place = {}, {}
        for name, bounds in model.decisions.items():
            low, high = np.array(list(bounds.values())).T
            index = pd.RangeIndex(len(bounds), name=f"i_{name}")
            found[name] = made.add_variables(low, high, coords=[index], name=name)
            place[name] = {key: at for at, key in enumerate(bounds)}

        def add_up(numbered: list[list[Term]]) -> Any:
            """Sums of terms by row, of each decision by itself and then together."""
            apart: dict[str, list[tuple[int, int, float]]] = {}
            for row, terms in enumerate(numbered):
                for name, key, value in terms:
                    apart.setdefault(name, []).append((row, place[name][key], value))
            sums = []
            for name, entries in apart.items():
                rows, places, values = zip(*entries, strict=True)
                at = xr.DataArray(np.array(places), dims="term")
                weights = xr.DataArray(np.array(values), dims="term")
                weighted = (weights * found[name].isel({f"i_{name}": at})).drop_vars(f"i_{name}")
                by = xr.DataArray(np.array(rows), dims="term", name="row")
                sums.append(weighted.groupby(by).sum())
            return linopy.merge(sums, join="outer") if len(sums) > 1 else sums[0]

        for name, rules in model.rules.items():
            lows, highs, terms = zip(*rules.values(), strict=True)
            low, high = np.array(lows), np.array(highs)
            signs = np.where(low == high, "=", np.where(np.isinf(low), "<=", ">="))
            row = pd.RangeIndex(len(rules), name="row")
            sides = np.where(signs == ">=", low, high)
            made.add_constraints(
                add_up(list(terms)),
                xr.DataArray(signs, coords=[row]),
                xr.DataArray(sides, coords=[row]),
                name=name,
            )
        made.add_objective(add_up([model.costs]).sum())
    with run.clock.step("hand-off"):
        handed: Any = made.to_highspy()
        for name, value in SETTINGS.items():
            handed.setOptionValue(name, value)
        handed.setOptionValue("output_flag", False)
    run.hand_over()
    if run.solves:
        with run.clock.step("solve"):
            handed.run()
            # linopy takes no constant in an objective.
            run.objective = handed.getInfo().objective_function_value + model.constant


def run_arrays(model: Model, run: Run) -> None:
    """Arrays filled by hand, and handed to highspy: nothing lies between."""
    import highspy
    import numpy as np

    with run.clock.step("build"):
        lp = highspy.HighsLp()
        keys = [(name, key) for name, bounds in model.decisions.items() for key in bounds]
        place = {known: at for at, known in enumerate(keys)}
        rules = [rule for each in model.rules.values() for rule in each.values()]
        bounds = np.array([pair for each in model.decisions.values() for pair in each.values()])
        sides = np.array([(low, high) for low, high, _ in rules])
        ends = np.cumsum([0, *(len(terms) for _, _, terms in rules)])
        where = [place[name, key] for _, _, terms in rules for name, key, _ in terms]
        values = [value for _, _, terms in rules for _, _, value in terms]
        costs = np.zeros(len(keys))
        for name, key, value in model.costs:
            costs[place[name, key]] += value
        lp.num_row_, lp.num_col_ = len(rules), len(keys)
        lp.col_cost_, lp.offset_ = costs, model.constant
        lp.col_lower_, lp.col_upper_ = bounds[:, 0], bounds[:, 1]
        lp.row_lower_, lp.row_upper_ = sides[:, 0], sides[:, 1]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = ends.astype(np.int32)
        lp.a_matrix_.index_ = np.array(where, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(values)
    with run.clock.step("hand-off"):
        solver = highspy.Highs()
        for name, value in {**SETTINGS, "output_flag": False}.items():
            solver.setOptionValue(name, value)
        solver.passModel(lp)
    run.hand_over()
    if run.solves:
        with run.clock.step("solve"):
            solver.run()
            if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                raise ValueError(f"HiGHS ends with {solver.getModelStatus()}")
            run.objective = solver.getInfo().objective_function_value


LIBRARIES: Mapping[str, tuple[str, Callable[[Model, Run], None]]] = {
    "Pyomo, appsi": ("pyomo", run_pyomo),
    "linopy": ("linopy", run_linopy),
    "PyOptInterface": ("pyoptinterface", run_pyoptinterface),
    "arrays, highspy": ("highspy", run_arrays),
}
"""What it is called in tables, its package, and how it builds the model."""

OURS = "cssopt"


def compare(book: Path, study: str, *, limit: float, solves: bool) -> dict[str, Any]:
    """Every library on the model of one book, each in a process of its own."""
    program, _ = compile_book(book, study, Clock())
    rows, columns = program.shape
    words = ["--study", study, *([] if solves else ["--no-solve"])]
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model.pickle"
        described = describe(program)
        plain = (described.decisions, described.rules, described.costs, described.constant)
        model.write_bytes(pickle.dumps(plain))
        entries = int(program.matrix.nnz)
        del program, described, plain
        found = {
            name: run_child([__file__, book, "--one", name, "--model", model, *words], limit)
            for name in (OURS, *LIBRARIES)
        }
    check_one_objective(found)
    return {"rows": rows, "columns": columns, "entries": entries, "libraries": found}


def check_one_objective(found: Mapping[str, Mapping[str, Any]]) -> None:
    """ValueError where two libraries differ by more than 1e-6 in what is least."""
    values = {
        n: each["objective"] for n, each in found.items() if each.get("objective") is not None
    }
    for name, value in values.items():
        first = next(iter(values.values()))
        if abs(value - first) > 1e-6 * abs(first):
            raise ValueError(f"{name} reaches {value!r}, where {next(iter(values))} has {first!r}")


def run_one(name: str, book: Path, study: str, model: Path, *, solves: bool) -> dict[str, Any]:
    """One library, in this process."""
    if name == OURS:
        run = Run(solves)
        run_cssopt(book, study, run)
        return run.facts
    package, build = LIBRARIES[name]
    # What is imported, and the finished model, stand in the memory before it is built.
    __import__({"linopy": "linopy", "pyomo": "pyomo.environ"}.get(package, package))
    given = Model(*pickle.loads(model.read_bytes()))
    run = Run(solves)
    build(given, run)
    return run.facts


def main() -> None:
    """Print what each library took, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("book", type=Path)
    parser.add_argument("--study", default="relaxed")
    parser.add_argument("--limit", type=float, default=600.0, help="seconds of processor of each")
    parser.add_argument("--no-solve", action="store_true", help="only until HiGHS has the model")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--model", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    solves = not asked.no_solve
    if asked.one:
        told = run_one(asked.one, asked.book, asked.study, asked.model, solves=solves)
        sys.stdout.write("\n" + json.dumps(told) + "\n")
        return
    found = compare(asked.book, asked.study, limit=asked.limit, solves=solves)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
