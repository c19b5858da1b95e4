"""cssopt: plan a collective security system and share its burden.

>>> import cssopt
>>> case = cssopt.load("inputs/demo.xlsx")
>>> solution = cssopt.solve(case)
>>> solution.tables["held"]
"""

from importlib import import_module
from types import FunctionType
from typing import Any

from cssopt import start  # noqa: F401 (first of all: it makes the program ready)
from cssopt.assembly.arguments import checked
from cssopt.assembly.case import Case, check, explain, find_tables, load
from cssopt.assembly.changes import (
    change,
    find_scenarios,
    join_scenarios,
    pick_scenarios,
    read_changes,
)
from cssopt.assembly.instance import read_members
from cssopt.assembly.standard_questions import EVERY_QUESTION
from cssopt.assembly.study import STRICT_STUDY as STRICT
from cssopt.errors import CssoptError, DataError, ModelError, ReportError, SolveError
from cssopt.questions.alternatives.ask import alternatives
from cssopt.questions.answers import check_output, claim_output
from cssopt.questions.diagnosis.ask import diagnose
from cssopt.questions.frontier.ask import frontier, list_criteria
from cssopt.questions.inputs.ask import (
    find_filling_guide,
    list_studies,
    write_marked_copy,
    write_mathematics,
    write_reference,
    write_template,
)
from cssopt.questions.inputs.export import export
from cssopt.questions.plan.ask import compare, solve
from cssopt.questions.prices.ask import prices
from cssopt.questions.rules.ask import rules
from cssopt.questions.sharing.ask import share
from cssopt.questions.sweep.ask import Sweep, report_sweep, summarize_sweep, sweep, sweep_facts
from cssopt.questions.sweep.design import design_sweep
from cssopt.questions.tipping.ask import (
    GRID_POINTS,
    TIPPING_TOLERANCE,
    report_tipping,
    tipping,
    tipping_facts,
)
from cssopt.questions.whatif.ask import COMMAND_LINE, pick_questions, whatif
from cssopt.questions.whatif.standard import QUESTIONS, ask
from cssopt.questions.why.ask import why
from cssopt.runs.cluster_address import doubt_address
from cssopt.runs.solve_case import DEFAULT_GAP, Solution, find_processes
from cssopt.solution.baseline import Baseline
from cssopt.solution.near_plan import Persist
from cssopt.solve.outcome import Status
from cssopt.tables.check import Checked
from cssopt.tables.patch import Step

__all__ = [
    "Baseline",
    "COMMAND_LINE",
    "Case",
    "Checked",
    "CssoptError",
    "DEFAULT_GAP",
    "DataError",
    "EVERY_QUESTION",
    "GRID_POINTS",
    "ModelError",
    "Persist",
    "QUESTIONS",
    "ReportError",
    "STRICT",
    "Solution",
    "SolveError",
    "Status",
    "Step",
    "Sweep",
    "TIPPING_TOLERANCE",
    "alternatives",
    "ask",
    "change",
    "check",
    "check_output",
    "checked",
    "claim_output",
    "compare",
    "design_sweep",
    "diagnose",
    "doubt_address",
    "explain",
    "export",
    "find_filling_guide",
    "find_processes",
    "find_scenarios",
    "find_tables",
    "frontier",
    "join_scenarios",
    "list_criteria",
    "list_studies",
    "load",
    "pick_questions",
    "pick_scenarios",
    "prices",
    "read_changes",
    "read_members",
    "report_sweep",
    "report_tipping",
    "rules",
    "share",
    "solve",
    "summarize_sweep",
    "sweep",
    "sweep_facts",
    "tipping",
    "tipping_facts",
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
