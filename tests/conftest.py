"""All tests share what lies in `books`, and the solutions of its small alliance."""

from __future__ import annotations

import pytest
from books import solve_sheets
from small_alliance import compare_alone, make_sheets

from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """Tell how to repeat the order of tests in which one failed: it is another one every time."""
    seed = config.getoption("randomly_seed", None)
    if exitstatus and seed is not None:
        terminalreporter.write_line(f"to repeat this order: --randomly-seed={seed}")


@pytest.fixture(scope="session")
def met() -> tuple[Solution, Baseline]:
    """A plan that meets the threats: ALF's units are enough for both."""
    sheets = make_sheets()
    solution = solve_sheets(sheets)
    return solution, compare_alone(solution, sheets)


@pytest.fixture(scope="session")
def short() -> tuple[Solution, Baseline]:
    """A plan that is short in 2027: five are needed, three are there, two come a year later."""
    sheets = make_sheets(need=5.0)
    solution = solve_sheets(sheets)
    return solution, compare_alone(solution, sheets)
