"""What other libraries are given is the model that cssopt solves, whole and no other."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor

import curves
import libraries
import numpy as np
import pytest
import verbs
from alliance import build_alliance, write_book

import cssopt
from cssopt.assembly.instance import Instance
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.outcome import Status
from cssopt.solve.session import HighsSession


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    book = write_book(build_alliance(2, 2), tmp_path_factory.mktemp("book") / "book.xlsx")
    return compile_problem(Instance.of(cssopt.load(book), "relaxed").assemble())


def test_every_row_and_column_is_told_with_all_its_numbers(program):
    told = libraries.describe(program)
    place = {}
    for at, (part, name, key) in enumerate(program.columns):
        place[f"{part}_{name}", "all" if key is None else key] = at
    assert len(place) == len(program.columns) == sum(map(len, told.decisions.values()))
    for (name, key), at in place.items():
        assert told.decisions[name][key] == (program.lower[at], program.upper[at])
    rules = [rule for each in told.rules.values() for rule in each.values()]
    assert len(rules) == len(program.rows)
    assert sum(len(terms) for *_, terms in rules) == program.matrix.nnz
    # All rows at once, at a plan at random: in whatever order they stand.
    plan = np.random.default_rng(0).uniform(0, 1, len(place))
    there = [sum(v * plan[place[n, k]] for n, k, v in terms) for *_, terms in rules]
    assert sorted(there) == pytest.approx(sorted(program.matrix @ plan), abs=1e-9)
    costs, constant = libraries.add_stages(program)
    weighted = sum(value * plan[place[name, key]] for name, key, value in told.costs)
    assert weighted + told.constant == pytest.approx(costs @ plan + constant)


@pytest.mark.medium
def test_arrays_by_hand_reach_what_the_session_reaches(program):
    session = HighsSession(program, Options())
    session.set_costs(*libraries.add_stages(program))
    status, value, _ = session.optimise()
    assert status is Status.OPTIMAL
    run = libraries.Run(solves=True)
    # HiGHS keeps the number of threads of the first run in a thread, and refuses any other.
    with ThreadPoolExecutor(1) as own:
        own.submit(libraries.run_arrays, libraries.describe(program), run).result()
    assert run.objective == pytest.approx(value, rel=1e-6)
    assert value > 0
    libraries.check_one_objective({"a": {"objective": value}, "b": {"objective": run.objective}})
    with pytest.raises(ValueError, match="b reaches"):
        libraries.check_one_objective({"a": {"objective": value}, "b": {"objective": value * 1.1}})


def test_an_exponent_is_that_of_the_growth():
    """Time that grows with the square of the coefficients, the start apart."""
    sizes = {members: {"entries": 1000 * members} for members in (2, 4, 8)}
    told = {m: {"seconds": 1 + 5 + 0.01 * m**2, "inside": 5, "start": 1} for m in sizes}
    cut = {2: told[2], 4: told[4], 8: {"seconds": 9.0, "ended": "not within 9 s"}}
    found = {"sizes": sizes, "verbs": {"solve": told, "why": cut}}
    assert verbs.fit_exponents(found) == {"solve": pytest.approx(2)}


@pytest.mark.parametrize("is_log", [True, False])
def test_curves_stand_within_their_axes(is_log):
    """A larger number stands farther to the right, and higher."""
    points = [(1e4, 0.3), (2e4, 0.7), (9e4, 12.0)]
    axes = curves.Axis("across", is_log), curves.Axis("up", is_log)
    drawn = ET.fromstring(curves.draw("<&>", *axes, [curves.Curve("one & two", points)]))
    circles = [e for e in drawn if e.tag.endswith("circle")]
    across = [float(each.get("cx")) for each in circles]
    up = [float(each.get("cy")) for each in circles]
    assert across == sorted(across)
    assert up == sorted(up, reverse=True)
    assert curves.LEFT <= across[0] < across[-1] <= curves.WIDTH - curves.RIGHT
    assert curves.TOP <= up[-1] < up[0] <= curves.HEIGHT - curves.BOTTOM
