"""cssopt: plan a collective security system and share its burden.

>>> import cssopt
>>> case = cssopt.load("inputs/demo.xlsx")
>>> solution = cssopt.solve(case)
>>> solution.tables["held"]
"""

from cssopt import start  # noqa: F401 (first of all: it makes the program ready)
from cssopt.api import (
    Case,
    Diagnosis,
    Persist,
    Prices,
    Solution,
    Step,
    alternatives,
    ask,
    change,
    check,
    compare,
    diagnose,
    export,
    frontier,
    load,
    price_rules,
    prices,
    report,
    solve,
    tipping,
    whatif,
    why,
)
from cssopt.errors import CssoptError, DataError, ModelError, ReportError, SolveError
from cssopt.solution.baseline import Baseline
from cssopt.solve.outcome import Status

__all__ = [
    "Baseline",
    "Case",
    "CssoptError",
    "DataError",
    "Diagnosis",
    "ModelError",
    "Persist",
    "Prices",
    "ReportError",
    "Solution",
    "SolveError",
    "Status",
    "Step",
    "alternatives",
    "ask",
    "change",
    "check",
    "compare",
    "diagnose",
    "export",
    "frontier",
    "load",
    "price_rules",
    "prices",
    "report",
    "solve",
    "tipping",
    "whatif",
    "why",
]
