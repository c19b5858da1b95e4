"""Tiers of whole units: no plan in whole units is lost, and fewer in fractions are left."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from books import add_column, make_data, read_study
from golden_books import GIVEN, WHOLE
from independent.random_books import make_random_book
from small_books import forces, make_book

from cssopt.assembly.component import load_component
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.feasibility import relax
from cssopt.solve.session import HighsSession

PATH = find_model_folders()[-1] / "components" / "whole_tiers.py"
SHARES = (0.0, 0.01, 0.1, 0.25, 0.29999999999, 0.3, 0.30000000001, 0.3333333, 1 / 3, 0.5, 2 / 3,
          0.7, 0.8, 0.9, 0.97, 0.999999999)  # fmt: skip
KEY = ("m", "f", "high", 2030)


def find_rows(share: float, most: float) -> tuple[float, float]:
    """The share and the units of a tier, where so many units can be held in all."""
    data = SimpleNamespace(
        readiness=SimpleNamespace(max_share={"high": share, "low": 1.0}),
        forces=SimpleNamespace(whole={"f": True}),
    )

    class Use(SimpleNamespace):
        def __contains__(self, name: str) -> bool:
            return name in vars(self)

    use = Use(
        readiness=SimpleNamespace(pairs=[("m", "f", 2030)]),
        most_units=SimpleNamespace(most_held={("m", "f", 2030): most}),
    )
    rows = load_component(PATH).hooks["arithmetic"](data, use)
    return rows["whole_share"].get(KEY, share), rows["most_whole"][KEY]


@pytest.mark.parametrize("share", SHARES)
def test_what_a_tier_may_hold_of_whole_units_is_never_cut_off(share: float) -> None:
    """All (n, h) that limit_tier lets in, within what a search lets it be missed by (1e-7)."""
    for most in (*range(61), 97, 99, 100, 101, 250):
        best, units = find_rows(share, most + 0.5)
        for n in range(most + 1):
            for h in range(n + 1):
                if h <= share * n + 1e-7:
                    assert best == share or h <= best * n + 1e-9  # none, or within the row
                    assert h <= units


@pytest.mark.parametrize("share", SHARES)
def test_both_rows_are_as_tight_as_a_line_through_0_and_a_flat_one_can_be(share: float) -> None:
    for most in range(1, 61):
        best, units = find_rows(share, most)
        inside = [(n, int(share * n + 1e-6)) for n in range(1, most + 1)]
        assert best == pytest.approx(min(share, max(h / n for n, h in inside)), abs=1e-12)
        assert units == max(h for _, h in inside)


def find_optimum(sheets, study):
    """How the search ended, what each stage reached, and whether the audit passed."""
    data = make_data(sheets)
    plan = run_study(Instance(data, study, data.members.keys), Options(gap=0.0))
    values = {stage.name: stage.value for stage in plan.solved.stages}
    return plan.status, values, plan.audit is None or plan.audit.passed


@pytest.mark.medium
@pytest.mark.parametrize("seed", [10 * decade + kind for decade in range(6) for kind in (1, 3, 9)])
def test_random_books_have_the_same_optimum_without_them(seed: int) -> None:
    """Books with whole units, by all stages."""
    sheets, study = make_random_book(seed), read_study("pooled")
    with_them, without = (
        find_optimum(sheets, one) for one in (study, study.without(["whole_tiers"]))
    )
    assert with_them[0] == without[0]
    assert with_them[1] == pytest.approx(without[1], rel=1e-6, abs=1e-9)
    assert with_them[2]
    assert without[2]


def list_rows(sheets, study):
    data = make_data(sheets)
    problem = Instance(data, study, data.members.keys).assemble()
    return [row for row in compile_problem(problem).rows if row[0] == "whole_tiers"]


def test_plans_in_fractions_and_given_ones_keep_the_largest_share_as_it_is() -> None:
    """In fractions 0.3 of one unit may be ready; how far a given plan misses that, it is told."""
    study = read_study("pooled")
    assert list_rows(WHOLE, study)
    assert not list_rows(WHOLE, replace(study, relaxed=True))
    given = {**WHOLE, "plan": GIVEN["plan"]}
    assert not list_rows(given, study.adding("given_plan", find_model_folders()))


def test_the_bound_of_a_search_is_that_of_whole_units() -> None:
    """0.3 of 3 whole units of A and of B is none of them: all of the need of 4 is missing in each
    of 4 years, where fractions would leave (4 - 1.8) / 4 of it."""
    sheets = make_book(
        forces=add_column(forces(), "whole", True),
        inventory=[["member", "force", "units"], ["A", "unit", 3], ["B", "unit", 3]],
        readiness=[
            ["tier", "notice_days", "operating_factor", "available_share", "max_share"],
            ["ready", 0, 1, 1, 0.3],
            ["slow", 90, 1, 1, None],
        ],
    )
    study = read_study("least_shortfall")
    bounds = []
    for one in (study, study.without(["whole_tiers"])):
        data = make_data(sheets)
        program = relax(compile_problem(Instance(data, one, data.members.keys).assemble()))
        session = HighsSession(program, Options())
        session.minimise(program.stages[0])
        bounds.append(session.optimise()[1])
    assert bounds == pytest.approx([4, 4 * 2.2 / 4])
