"""What the engine knows of a model is what components declare: figures, and needs that are met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from books import make_data, read_study
from small_books import make_early_book

from cssopt.assembly.instance import Instance
from cssopt.errors import ModelError
from cssopt.modeling import Measure
from cssopt.solution.figures import Figures, Sum, sum_missing, sum_of
from cssopt.solution.missing import is_met, met_within, missing_share
from cssopt.solution.quantities import sum_present_values
from cssopt.solution.run import run_program
from cssopt.solve.answer import Options


@pytest.fixture(scope="module")
def solved():
    instance = Instance(make_data(make_early_book()), read_study("pooled"), ("A", "B"))
    return run_program(instance, Options())


def lacking(study, kind, role=""):
    """The study, none of whose components declares a role."""
    components = [
        replace(
            part,
            roles=tuple(
                one
                for one in part.roles
                if not (type(one).__name__ == kind and getattr(one, "role", "") == role)
            ),
        )
        for part in study.components
    ]
    return replace(study, components=tuple(components))


@pytest.mark.parametrize(
    ("short", "asked", "met"),
    [
        (0, 5, True),
        (4e-6, 5, True),
        (6e-6, 5, False),
        (0, 0, True),
        (1e-13, 0, True),
        (1, 0, False),
        (0.1, 0.5, False),
    ],
)
def test_a_need_is_met_where_no_more_is_missing_than_rounding(short, asked, met):
    assert is_met(short, asked) is met
    assert bool(short <= met_within(np.array([float(asked)]))[0]) is met
    assert (missing_share(short, asked) == 0) is (met or asked == 0)


def test_the_missing_share_is_of_what_is_asked():
    assert missing_share(2, 8) == 0.25


def test_present_values_are_added_up_by_key():
    amounts = [("a", 2030, 1.0), ("b", 2031, 10.0), ("a", 2031, 100.0)]
    assert sum_present_values(amounts, {2030: 1.0, 2031: 0.5}) == {"a": 51.0, "b": 5.0}


@pytest.mark.parametrize("role", ["expenditure", "burden", "units", "missing"])
def test_a_figure_is_the_same_in_a_solution_and_in_its_program(solved, role):
    solution, program = solved
    study = solution.study
    found = sum_missing(study.require_need()) if role == "missing" else sum_of(study, role)
    in_program = found.find(program).read(solution.solved.values, solution.solved.figures,
                                          solution.data)  # fmt: skip
    assert in_program == pytest.approx(found.read(solution.quantities))
    assert in_program


def test_over_the_years_the_mean_is_taken_of_a_measure_and_never_of_a_need(solved):
    solution, _ = solved
    held = solution.quantities.held
    years = len(solution.data.horizon.years)
    mean = Sum("held", ("member",), mean=True).read(solution.quantities)
    assert mean["A",] == pytest.approx(sum(x for key, x in held.items() if key[0] == "A") / years)
    plain = Sum("held", ("member",)).read(solution.quantities)
    assert plain["A",] == pytest.approx(years * mean["A",])


def test_a_program_without_the_figure_has_no_place_for_it(solved):
    assert Sum("nothing").find(solved[1]) is None


def test_a_study_without_a_need_is_told_what_to_declare(solved):
    solution, _ = solved
    bare = replace(solution, study=lacking(solution.study, "Need"))
    with pytest.raises(ModelError, match="declares a Need in its ROLES"):
        _ = bare.threats_met
    with pytest.raises(ModelError, match="declares a Need in its ROLES"):
        Figures.of(bare.study)


def test_a_study_without_a_measure_is_told_which_role_to_declare(solved):
    solution, _ = solved
    bare = replace(solution, study=lacking(solution.study, "Measure", "expenditure"))
    with pytest.raises(ModelError, match='declares a Measure of the role "expenditure"'):
        _ = bare.pooled_expenditure


def test_a_study_that_shares_no_costs_has_no_burdens_to_compare(solved):
    solution, _ = solved
    figures = Figures.of(lacking(solution.study, "Measure", "burden"))
    assert figures.burden.amounts(solution) == {}
    assert Figures.of(solution.study).burden.amounts(solution)


def test_a_role_that_is_none_is_refused_by_name():
    with pytest.raises(ModelError, match='measure "held": its role is one of expenditure, burden'):
        Measure(role="unit", figure="held")
