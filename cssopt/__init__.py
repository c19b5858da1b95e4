"""cssopt: plan a collective security system and share its burden.

>>> import cssopt
>>> case = cssopt.load("inputs/demo.xlsx")
>>> plan = cssopt.solve(case)
>>> plan.tables["held"]
>>> plan.write("reports/demo")

A question is a verb: it takes the inputs and its options by name, which are those of its command,
and gives an answer with `status`, `tables`, `document` and `write`.
"""

import sys
from importlib import import_module
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, Final

from cssopt import start  # noqa: F401 (first of all: it makes the program ready)

if TYPE_CHECKING:
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

_PLACES: Final = {
    "assembly.case": "Case check explain find_tables load",
    "assembly.changes": "change find_scenarios read_changes",
    "document.document": "Document",
    "errors": "CallError CssoptError DataError ModelError ReportError SolveError",
    "issues": "Issue",
    "questions.alternatives.ask": "alternatives",
    "questions.diagnosis.ask": "diagnose",
    "questions.frontier.ask": "frontier list_criteria",
    "questions.inputs.ask": (
        "list_studies write_marked_copy write_mathematics write_reference write_template"
    ),
    "questions.inputs.export": "export",
    "questions.kept.ask": "compare_runs report",
    "questions.kept.verify.ask": "verify",
    "questions.plan.ask": "compare solve",
    "questions.plan.costing.ask": "cost",
    "questions.plan.trace.ask": "trace",
    "questions.prices.ask": "prices",
    "questions.question": "Answer",
    "questions.rules.ask": "rules",
    "questions.sharing.ask": "share",
    "questions.sweep.ask": "sweep",
    "questions.sweep.design": "design_sweep",
    "questions.tipping.ask": "tipping",
    "questions.whatif.ask": "whatif",
    "questions.why.ask": "why",
    "runs.solve_case": "Solution",
    "solution.near_plan": "Persist",
    "solve.outcome": "Status",
    "tables.check": "Checked",
    "tables.patch": "Step",
}
"""By module the names that lie in it: it is loaded when one of them is asked for."""

_MODULES: Final = {name: module for module, names in _PLACES.items() for name in names.split()}


class _Package(ModuleType):
    """This package, of which `solve` and `trace` are verbs, though packages in it are called so."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _MODULES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    """What is asked for by name, from the module that it lies in.

    A verb compares what it is handed with what it takes. That of a question which is not listed
    above, such as one whose folder was just added, is found by the name of its folder.
    """
    if name in _MODULES:
        found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        if isinstance(found, FunctionType):
            found = _check_arguments(found)
            found.__module__ = __name__  # where it is found again by who pickles it
        globals()[name] = found
        return found
    path = f"{__name__}.questions.{name}.ask"
    try:
        verb = getattr(import_module(path), name, None)
    except ModuleNotFoundError as error:
        if not f"{path}.".startswith(f"{error.name}."):
            raise  # what the question itself imports is missing
        verb = None
    if not isinstance(verb, FunctionType):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _check_arguments(verb)


def __dir__() -> list[str]:
    """All names, whether they were asked for yet or not."""
    return sorted({*globals(), *__all__})


def _check_arguments(verb: FunctionType) -> Any:
    from cssopt.assembly.arguments import checked

    return checked(verb)
