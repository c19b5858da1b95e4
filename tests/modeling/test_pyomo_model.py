"""A problem handed to Pyomo, read by Pyomo's own standard form, is the program that HiGHS solves.

Rows and figures are handed over as they were written, before anything is merged, so that Pyomo
merges, drops and orders them independently of `cssopt.solve.compile`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from alliances import ALLIANCE, make_alliance
from books import make_data, make_problem, read_study
from golden_books import BY_NAME, INSTITUTIONS, ON_DEMAND
from paths import ROOT
from pyomo_programs import compile_model

import cssopt
from cssopt.assembly.assemble import Problem
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.errors import ModelError
from cssopt.modeling import constraint, variable
from cssopt.solve.compile import compile_problem
from cssopt.solve.program import Program

BOOKS = {
    **BY_NAME,
    "alliance": ALLIANCE,
    "whole": make_alliance(3, whole=True, institutions=True),
    "four members": make_alliance(8, members=4, institutions=True, penalty=None),
}
GIVEN_TO = {"equal_security": {"alone_shortfall": {("K", "land", 30.0, 2031): 4.0}}}
NEAR = {"base_units": {("A", "tank", 2030): 3.0}, "persist_weight": 2.5, "persist_most": 6.0}


def read_back(problem: Problem, change: Callable[[Any], None] = lambda _: None) -> Program:
    """The problem by way of Pyomo, with every figure that is reported."""
    model = problem.to_pyomo()
    change(model)
    return read_model(problem, model, compile_problem(problem))


def compare_both_ways(problem: Problem) -> str:
    """Where our program and the one by way of Pyomo differ; empty where they do not."""
    # First: once a program is compiled, its rules have their terms where it has them, merged.
    model = problem.to_pyomo()
    own = compile_problem(problem)
    return find_difference(own, read_model(problem, model, own))


def read_model(problem: Problem, model: Any, own: Program) -> Program:
    """What Pyomo makes of a model, with every figure that our program reports."""
    wanted = {}
    for figure in own.figures:
        kind, name, *key = figure
        if kind == "stage":
            wanted[figure] = model.minimize[name].expr
        elif kind == "hold":
            wanted[figure] = model.held[name, key[0]]
        elif kind == "ledger":
            wanted[figure] = model.ledger.amount[name, *key]
        elif kind == "figure":
            (block,) = [b for _, b in problem.blocks() if name in vars(b)]
            wanted[figure] = getattr(getattr(model, block.name), name)[key[0]]
    return compile_model(model, wanted)


def find_difference(own: Program, other: Program) -> str:
    """Where a program and the one read by Pyomo differ; empty where they do not."""
    if own.columns != other.columns or own.rows != other.rows:
        return "names"
    for name in ("lower", "upper", "row_lower", "row_upper"):
        if not np.allclose(getattr(own, name), getattr(other, name), rtol=1e-14, atol=1e-14):
            return name
    if not np.array_equal(own.whole, other.whole):
        return "whole"
    reported = [row for figure, row in own.figures.items() if figure[0] != "level"]
    if not np.allclose(own.offsets[reported], other.offsets, rtol=1e-14, atol=1e-14):
        return "offsets"
    for name, one, two in (
        ("matrix", own.matrix, other.matrix),
        ("reported", own.reported[reported], other.reported),
    ):
        if not np.array_equal(one.indptr, two.indptr):
            return f"{name}: terms of a row"
        if not np.array_equal(one.indices, two.indices):
            return f"{name}: columns"
        if not np.allclose(one.data, two.data, rtol=1e-14, atol=1e-14):
            return f"{name}: coefficients"
    return ""


@pytest.mark.medium
@pytest.mark.parametrize("study", cssopt.list_studies())
@pytest.mark.parametrize("book", BOOKS)
def test_every_study_of_a_book_is_the_same_by_way_of_pyomo(book: str, study: str) -> None:
    sheets = BOOKS[book]
    members = [sheets["members"][-1][0]] if study == "standalone" else None
    problem = make_problem(sheets, study, members, **GIVEN_TO.get(study, {}))
    assert compare_both_ways(problem) == ""
    assert compile_problem(problem).shape[0] > 10


@pytest.mark.parametrize("book", ["institutions", "given"])
def test_components_on_demand_are_the_same_by_way_of_pyomo(book: str) -> None:
    folders, data = find_model_folders(), make_data(BOOKS[book])
    study = load_study("pooled", folders)
    for name in ON_DEMAND:
        study = study.adding(name, folders)
    problem = Instance(data, study, data.members.keys, NEAR).assemble()
    assert compare_both_ways(problem) == ""


@pytest.mark.medium
@pytest.mark.parametrize("study", ["pooled", "strict", "relaxed"])
@pytest.mark.parametrize("path", sorted((ROOT / "inputs").glob("*.xlsx")), ids=lambda p: p.stem)
def test_an_input_is_the_same_by_way_of_pyomo(path: Any, study: str) -> None:
    problem = Instance.of(cssopt.load(path), study).assemble()
    assert compare_both_ways(problem) == ""


@pytest.mark.medium
def test_models_of_ones_own_are_the_same_by_way_of_pyomo() -> None:
    """The example of the docs: a component and a study in a folder beside the house's."""
    example = ROOT / "docs" / "examples" / "host_nation"
    (study,) = (example / "studies").glob("*.toml")
    case = cssopt.load(ROOT / "inputs" / "demo.xlsx", models=[example])
    problem = Instance.of(case, study.stem).assemble()
    assert compare_both_ways(problem) == ""


CHANGES = {
    "matrix: coefficients": lambda m: m.stock.never_return["A", "tank", 2031].set_value(
        m.stock.keep["A", "tank", 2031] <= 2 * m.stock.keep["A", "tank", 2030]
    ),
    "row_upper": lambda m: m.stock.keep_within_legacy["A", "tank", 2031].set_value(
        m.stock.keep["A", "tank", 2031] <= 77
    ),
    "upper": lambda m: m.stock.keep["A", "tank", 2031].setub(9),
    "names": lambda m: m.stock.never_return["A", "tank", 2031].deactivate(),
}


@pytest.mark.parametrize(("place", "change"), CHANGES.items(), ids=list(CHANGES))
def test_a_difference_is_found(place: str, change: Any) -> None:
    problem = make_problem(INSTITUTIONS)
    program = compile_problem(problem)
    assert find_difference(program, read_back(problem)) == ""
    assert find_difference(program, read_back(problem, change)) == place


def test_stages_are_objectives_of_which_the_first_is_active() -> None:
    problem = make_problem(INSTITUTIONS, "least_shortfall")
    model = problem.to_pyomo()
    assert [stage.name for stage in problem.stages] == list(model.minimize)
    assert [model.minimize[name].active for name in model.minimize] == [True, False]
    assert model.orders.orders.doc == "units ordered"
    assert model.name == "least_shortfall"


def test_a_relaxed_study_has_no_whole_numbers_in_pyomo() -> None:
    book = make_alliance(3, whole=True, institutions=True)
    whole, relaxed = (read_back(make_problem(book, study)) for study in ("pooled", "relaxed"))
    assert whole.whole.any()
    assert not relaxed.whole.any()


def _with_hooks(**hooks: Any) -> Problem:
    data, study = make_data(INSTITUTIONS), read_study("pooled")
    first, *others = study.components
    changed = replace(first, hooks={**first.hooks, **hooks})
    own = replace(study, components=(changed, *others))
    return Instance(data, own, data.members.keys).assemble()


@pytest.mark.medium
def test_nothing_on_the_way_to_a_solver_loads_pyomo() -> None:
    asked = "import cssopt.modeling, cssopt.assembly.instance, cssopt.solution.run, sys; "
    asked += "sys.exit('pyomo' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_a_name_that_pyomo_uses_is_refused_by_pyomo_alone() -> None:
    def variables(block: Any, data: Any, use: Any) -> None:
        block.component = variable("", (), doc="a decision", measure="")

    problem = _with_hooks(variables=variables)
    assert ("horizon", "component", None) in compile_problem(problem).columns
    with pytest.raises(ModelError, match='Pyomo uses the name "component" itself'):
        problem.to_pyomo()


def test_a_rule_that_no_plan_can_meet_is_not_left_out() -> None:
    def constraints(block: Any, data: Any, use: Any) -> None:
        block.never = constraint("", (None,), lambda _: False, doc="never so")

    with pytest.raises(ModelError, match="no plan can meet a rule, horizon: never so"):
        _with_hooks(constraints=constraints).to_pyomo()
