"""How a solve ended: one enum, with a sentence and an exit code each."""

from __future__ import annotations

from enum import StrEnum

from cssopt.start import INTERRUPTED


class Status(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    INTERRUPTED = "interrupted"
    NO_PLAN_YET = "no plan yet"
    ERROR = "error"

    @property
    def sentence(self) -> str:
        """What the status means, for a planner."""
        return _SENTENCES[self]

    @property
    def is_open(self) -> bool:
        """True where the end came before it was known whether there is a plan."""
        return self in (Status.NO_PLAN_YET, Status.INTERRUPTED)

    @property
    def exit_code(self) -> int:
        """Exit code of the command line."""
        return _EXIT_CODES[self]


_SENTENCES = {
    Status.OPTIMAL: "No plan is better: this is proven.",
    Status.FEASIBLE: "A limit was reached first: the plan keeps every rule, but a better one may "
    "exist; the gap says by how much at most.",
    Status.INFEASIBLE: "No plan can keep all rules of this study.",
    Status.UNBOUNDED: "The expenditure can fall without end: a cost in the workbook must be wrong.",
    Status.INTERRUPTED: "The run was interrupted before its end.",
    Status.NO_PLAN_YET: "A limit was reached before any plan was found: whether there is one "
    "is not known.",
    Status.ERROR: "The solver gave no answer that may be used.",
}

_EXIT_CODES = {
    Status.OPTIMAL: 0,
    Status.ERROR: 1,
    Status.INFEASIBLE: 4,
    Status.UNBOUNDED: 5,
    Status.FEASIBLE: 6,
    Status.INTERRUPTED: INTERRUPTED,
    Status.NO_PLAN_YET: 8,
}
"""2 is a wrong call, 3 are issues in the inputs."""
