"""cssopt: plan a collective security system and share its burden.

>>> import cssopt
>>> case = cssopt.load("inputs/demo.xlsx")
>>> plan = cssopt.solve(case)
>>> plan.tables["held"]
>>> plan.write("reports/demo")

A question is a verb: it takes the inputs and its options by name, which are those of its command,
and gives an answer with `status`, `tables`, `document` and `write`.
"""

from importlib import import_module
from types import FunctionType
from typing import Any

from cssopt import start  # noqa: F401 (first of all: it makes the program ready)
from cssopt.assembly.arguments import checked
from cssopt.assembly.case import Case, check, explain, find_tables, load
from cssopt.assembly.changes import change, find_scenarios, read_changes
from cssopt.document.document import Document
from cssopt.errors import CallError, CssoptError, DataError, ModelError, ReportError, SolveError
from cssopt.issues import Issue
from cssopt.questions.alternatives.ask import alternatives
from cssopt.questions.diagnosis.ask import diagnose
from cssopt.questions.frontier.ask import frontier, list_criteria
from cssopt.questions.inputs.ask import (
    list_studies,
    write_marked_copy,
    write_mathematics,
    write_reference,
    write_template,
)
from cssopt.questions.inputs.export import export
from cssopt.questions.kept.ask import compare_runs, report
from cssopt.questions.kept.verify.ask import verify
from cssopt.questions.plan.ask import compare, solve
from cssopt.questions.plan.costing.ask import cost
from cssopt.questions.plan.trace.ask import trace
from cssopt.questions.prices.ask import prices
from cssopt.questions.question import Answer
from cssopt.questions.rules.ask import rules
from cssopt.questions.sharing.ask import share
from cssopt.questions.sweep.ask import sweep
from cssopt.questions.sweep.design import design_sweep
from cssopt.questions.tipping.ask import tipping
from cssopt.questions.whatif.ask import whatif
from cssopt.questions.why.ask import why
from cssopt.runs.solve_case import Solution
from cssopt.solution.near_plan import Persist
from cssopt.solve.outcome import Status
from cssopt.tables.check import Checked
from cssopt.tables.patch import Step

__all__ = [
    "Answer",
    "CallError",
    "Case",
    "Checked",
    "CssoptError",
    "DataError",
    "Document",
    "Issue",
    "ModelError",
    "Persist",
    "ReportError",
    "Solution",
    "SolveError",
    "Status",
    "Step",
    "alternatives",
    "change",
    "check",
    "compare",
    "compare_runs",
    "cost",
    "design_sweep",
    "diagnose",
    "explain",
    "export",
    "find_scenarios",
    "find_tables",
    "frontier",
    "list_criteria",
    "list_studies",
    "load",
    "prices",
    "read_changes",
    "report",
    "rules",
    "share",
    "solve",
    "sweep",
    "tipping",
    "trace",
    "verify",
    "whatif",
    "why",
    "write_marked_copy",
    "write_mathematics",
    "write_reference",
    "write_template",
]

# What is handed to a verb is compared with what it takes.
for _name in __all__:
    _verb = globals()[_name]
    if isinstance(_verb, FunctionType):
        globals()[_name] = checked(_verb)
        globals()[_name].__module__ = __name__  # where it is found again by who pickles it


def __getattr__(name: str) -> Any:
    """The verb of a question that is not listed above, such as one whose folder was just added."""
    path = f"{__name__}.questions.{name}.ask"
    try:
        verb = getattr(import_module(path), name, None)
    except ModuleNotFoundError as error:
        if not f"{path}.".startswith(f"{error.name}."):
            raise  # what the question itself imports is missing
        verb = None
    if not isinstance(verb, FunctionType):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return checked(verb)
