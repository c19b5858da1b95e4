"""How far the alliance depends on A, by hand, where a need counts in part and needs weigh unlike.

K would endanger B alone, by half: 2 of the 4. L endangers A alone, in the air, which weighs twice,
and with three times the priority. Both never come together: the units that A has for L will do.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from books import make_data, read_study, write_csv
from small_books import make_book

import cssopt
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.modeling.audit import AuditFinding
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options

BOOK = make_book(
    capabilities=[
        ["capability", "name", "measure", "shortfall_weight"],
        ["land", "Land", "power", 1],
        ["air", "Air", "power", 2],
    ],
    power=[["force", "capability", "power"], ["unit", "land", 1], ["unit", "air", 1]],
    threats=[
        ["threat", "name", "theatre", "kind", "priority"],
        ["K", "Crisis", "HOME", "military", 1],
        ["L", "Raid", "HOME", "military", 3],
    ],
    requirements=[
        ["threat", "capability", "day", "level"],
        ["K", "land", 0, 4],
        ["L", "air", 0, 4],
    ],
    situations=[["situation", "threat"], ["first", "K"], ["second", "L"]],
    exposure=[["threat", "member", "share"], ["K", "B", 0.5], ["L", "A", 1]],
)
WHOLE_OF_K = 1 / (1 + 3 * 2)
"""The weight of K, 1, of all weights."""


def test_dependence_is_a_weighted_share_of_needs_as_far_as_they_count():
    study = read_study("pooled").adding("dependence", find_model_folders())
    solution = run_study(Instance(make_data(BOOK), study, ("A", "B")), Options())
    assert solution.pooled_expenditure == pytest.approx(4 * 4 * 10)
    assert solution.quantities.dependence["A"] == pytest.approx(WHOLE_OF_K)
    assert solution.quantities.dependence["B"] == pytest.approx(0, abs=1e-9)
    assert solution.audit.passed, solution.audit.failures
    # Told only half of what it is, the audit says what it should be.
    told = replace(solution.quantities.quantities["dependence"], values={"A": 0.5 / 7, "B": 0.0})
    wrong = {**solution.quantities.quantities, "dependence": told}
    (part,) = (part for part in study.components if part.name == "dependence")
    findings = part.hooks["audit"](solution.data, replace(solution.quantities, quantities=wrong))
    held = (each for each in findings if isinstance(each, AuditFinding))
    (line,) = (each for each in held if each.violation > 1e-3)
    assert (line.rule, line.where) == ("dependence", ("A",))
    assert (line.left, line.right) == pytest.approx((0.5 / 7, WHOLE_OF_K))


def test_what_independence_costs(tmp_path):
    """For K without A, B needs 2 units at 20 million each, and A saves none, as L needs its 4.

    In one year B's units may do half of L too, for which A gives up 2: 40 - 20 more. That year A
    does nothing for B, and B half of L: 6 of 7 parts, half, one year of four. Any further, and B
    would be the one to depend on.
    """
    found = cssopt.frontier(cssopt.load(write_csv(BOOK, tmp_path / "book")), trade=["dependence"])
    assert pytest.approx(6 / 7 / 2 / 4) == WHOLE_OF_K * 3 / 4
    assert [point.values for point in found.front.points] == [
        pytest.approx((160.0, WHOLE_OF_K), abs=1e-6),
        pytest.approx((160.0 + 40 - 20, WHOLE_OF_K * 3 / 4), abs=1e-6),
        pytest.approx((160.0 + 2 * 20 * 4, 0.0), abs=1e-6),
    ]
