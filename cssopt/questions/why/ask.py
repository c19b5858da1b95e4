"""Why a threat is covered as it is in a year of a plan."""

from __future__ import annotations

from dataclasses import dataclass

from cssopt.assembly.study import find_need
from cssopt.document.document import Document
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.questions.common_options import REQUIRED, Common, option
from cssopt.questions.question import Asking, question, verb
from cssopt.questions.why.result import Coverage, explain_cover, find_threats
from cssopt.questions.why.show import show_coverage, show_no_plan
from cssopt.runs.solve_case import Solution
from cssopt.tables.convert import quote
from cssopt.tables.nearest import nearest_or_all


@question("why")
@dataclass(frozen=True, kw_only=True)
class Why(Common):
    """Tell who covers a threat in a year, what binds, and what the next unit would cost.

    The study is solved again with each need of the threat raised by `step` (power) in that year
    alone: what that costs, and what then gives more, is told by the difference of the two plans.
    Raises DataError for a wrong threat or year, or a threat that asks for nothing in the year.
    """

    threat: str = option(REQUIRED, "The threat, by its code.")
    year: int = option(REQUIRED, "A year of the plan.", least=1, whole=True)
    step: float = option(1.0, "How much more of each need is asked for: power.", least=1e-3)

    def check(self, asked: Asking) -> None:
        """DataError for a threat that the workbook does not have, or a year outside the plan."""
        case = asked.inputs
        threats = find_threats(case.data, find_need(case.folders))
        issues = []
        if self.threat not in threats:
            text = f"{quote(self.threat)} is not a threat.{nearest_or_all(self.threat, threats)}"
            issues.append(Issue("E-540", "--threat", text))
        years = case.data.horizon
        if self.year not in years.years:
            text = f"{self.year} is not in the plan: {years.first} to {years.last}."
            issues.append(Issue("E-540", "--year", text))
        if issues:
            raise DataError(issues, case.source)

    def find(self, asked: Asking) -> Coverage | Solution:
        """The cover of the threat; where there is no plan, what came of it."""
        if not asked.base.has_plan:
            return asked.base
        found = explain_cover(asked.base, self.threat, self.year, self.step, self.tell)
        if found is None:
            text = (
                f"{self.threat} asks for nothing in {self.year}: it is not active, or endangers no "
                "member."
            )
            raise DataError([Issue("E-540", "--year", text)], asked.inputs.source)
        return found

    def show(self, found: Coverage | Solution, asked: Asking) -> Document:
        """The needs, what covers them, what binds, and the next unit of each."""
        facts = asked.facts(found, asked.base, scope=f"{self.threat} in {self.year}")
        if isinstance(found, Coverage):
            return show_coverage(found, facts)
        return show_no_plan(found, facts)


why = verb(Why)
