"""The question `cost`: what a planner's own plan costs, and what it breaks."""

from __future__ import annotations

from dataclasses import dataclass

from cssopt import interrupt
from cssopt.document.document import Document
from cssopt.questions.common_options import option
from cssopt.questions.plan.ask import Plan
from cssopt.questions.plan.costing.find import find_broken_rules, find_rows, follow_plan
from cssopt.questions.plan.costing.result import Costing
from cssopt.questions.plan.costing.show import show_costing
from cssopt.questions.plan.result import Comparison
from cssopt.questions.question import Asking, question, verb
from cssopt.runs.solve_case import Solution, solve_instance
from cssopt.solution.near_plan import Persist


@question("cost", file="cost", about="given plan")
@dataclass(frozen=True, kw_only=True)
class Cost(Plan):
    """Cost a plan of your own, from the sheet `plan`, and tell which rules it breaks.

    What the sheet leaves blank is filled in: as little as possible is missing, then it costs the
    least. A plan that breaks rules is costed all the same. Beside it stands the least-cost plan
    that moves few of your units.
    """

    persist: float = option(
        1.0,
        "Million that moving a unit in a year must save before the plan near yours moves it.",
        least=0,
    )

    def check(self, asked: Asking) -> None:
        """As of any plan, and the given one."""
        super().check(asked)
        follow_plan(asked.inputs, asked.instance)

    def find(self, asked: Asking) -> Costing:
        """The plan filled in, the rules that it breaks, and the least-cost plan near it."""
        case = asked.inputs
        given = follow_plan(case, asked.instance)
        self.tell("the given plan")
        plan = solve_instance(case, given, asked.solver, give_way=True, tell=self.tell)
        plan = asked.keep_base(plan)
        if not plan.has_plan:
            return Costing(compared=Comparison(plan))
        return Costing(
            compared=Comparison(plan),
            broken=find_broken_rules(plan),
            rows=find_rows(plan),
            near=self._find_near(plan, asked),
        )

    def _find_near(self, plan: Solution, asked: Asking) -> Solution | None:
        """The least-cost plan near it; in the command line none after Ctrl-C."""
        self.tell("the least-cost plan near it")
        persist = plan, Persist(weight=self.persist)
        try:
            interrupt.check()
            return solve_instance(
                asked.inputs, asked.instance, asked.solver, persist=persist, tell=self.tell
            )
        except KeyboardInterrupt:
            if not interrupt.came():
                raise
            return None

    def show(self, found: Costing, asked: Asking) -> Document:
        """The pages of a plan, with one about what was given."""
        compared = self._compare(found.plan, asked) if found.plan.has_plan else found.compared
        facts = asked.facts(found, found.plan, doubts=self._note_key(asked))
        return show_costing(found, compared, facts, self.find_shown(asked))


cost = verb(Cost)
