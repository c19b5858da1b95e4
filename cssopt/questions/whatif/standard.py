"""The standard questions of the model folders, asked of a base plan."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.standard_questions import Scenarios, load_questions
from cssopt.errors import DataError, ModelError
from cssopt.issues import Issue
from cssopt.modeling.base_plan import BasePlan
from cssopt.questions.question import Answer
from cssopt.runs import solve_case
from cssopt.solution.plan import Solution
from cssopt.tables.convert import quote
from cssopt.tables.nearest import nearest_or_all


def list_questions(folders: tuple[Path, ...]) -> dict[str, str]:
    """The standard questions of the model folders, and what each asks, for a planner."""
    return {name: question.says for name, question in load_questions(folders).items()}


def _list_own() -> dict[str, str]:
    try:
        folders = find_model_folders()
    except ModelError:
        return {}  # Every command tells that the model files are missing; its help is shown.
    return list_questions(folders)


QUESTIONS: Final = _list_own()
"""Kind of question -> what it asks, for a planner; folders of one's own may hold others too."""


def ask(kind: str, base: Solution | Answer[Solution]) -> Scenarios:
    """The scenarios of one kind of question about a base plan, by name; each note says why.

    Empty where the question has no meaning for the base: one member, no activities, no common
    costs, or (for the questions that start from the plan) no plan. Raises DataError for a kind
    that there is not, and ModelError where the file of the question is at fault.
    """
    plan = base.found if isinstance(base, Answer) else base
    case = plan.case if isinstance(plan, solve_case.Solution) else None
    known = load_questions(find_model_folders() if case is None else case.folders)
    if kind not in known:
        text = f"{quote(kind)} is no standard question.{nearest_or_all(kind, known)}"
        raise DataError([Issue("E-512", "question", text)])
    return known[kind].ask(BasePlan(plan.coalition, plan.data, plan.quantities))
