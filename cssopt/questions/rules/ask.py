"""The price list of rules: every rule lifted, one at a time and those of a kind together."""

from __future__ import annotations

from dataclasses import dataclass

from cssopt.document.document import Document
from cssopt.questions.common_options import Common, option
from cssopt.questions.question import Asking, question, verb
from cssopt.questions.rules.find import find_lifts, price_lifts, specify_lifts
from cssopt.questions.rules.lifter import lift_here
from cssopt.questions.rules.result import RuleList
from cssopt.questions.rules.show import show_rules
from cssopt.runs.count import count_runs
from cssopt.runs.journal import open_journal
from cssopt.runs.run_all import run_all


@question("rules")
@dataclass(frozen=True, kw_only=True)
class Rules(Common):
    """Tell what every rule of treaty and members costs, by a plan without it.

    Each rule is lifted alone, and those of a kind together. Every stage of the study is solved
    from the plan with every rule, with what goes before it held where that plan has it. The money
    is the least expenditure with nothing but security held, whatever else the study makes small.
    Where lifting changes prices or dates too (delivery times), it may be less than nothing.
    Numbers that a study takes from other solves (members alone) stay as they are with every rule.

    Every finished plan is kept at once: after an interruption the same command solves only the
    rest. A run that fails is a price without an answer, with its reason.
    """

    facts: bool = option(
        False,
        "Also lift what only time or technology could change: transit, notice, deliveries.",
    )

    def find(self, asked: Asking) -> RuleList:
        """The price of every rule."""
        case = asked.inputs
        alone, together = find_lifts(asked.instance, facts=self.facts)
        runs = [lift.run for lift in (*alone, *together)]
        hear = count_runs(self.tell, "plan", len(runs), lambda run: f"without {run.name}:")

        with open_journal(self.journal) as kept:
            base = asked.base
            self.tell("where the plans without a rule begin")
            specification = specify_lifts(base, str(self.study))
            runner = lift_here(specification, case.folders, asked.find_processes(len(runs)))
            done = run_all(specification, case.folders, runs, kept, runner, hear)
            names = (run.name for run in runs)
            outcomes = dict(zip(names, kept.read(done.keys), strict=True))
        prices, groups = (
            price_lifts(specification, base.study, own, outcomes) for own in (alone, together)
        )
        return RuleList(base, prices, groups, done.reused)

    def show(self, found: RuleList, asked: Asking) -> Document:
        """The price list, to be read."""
        return show_rules(found, asked.facts(found, found.base))


rules = verb(Rules)
