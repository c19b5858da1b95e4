"""Near-optimal alternatives: what is certain at a little more than the least cost, what is free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cssopt.assembly.criteria import add_criteria, find_expenditure
from cssopt.document.document import Document
from cssopt.errors import CallError, DataError
from cssopt.issues import Issue
from cssopt.questions.alternatives.find import find_alternatives
from cssopt.questions.alternatives.result import Alternatives
from cssopt.questions.alternatives.show import show_alternatives
from cssopt.questions.common_options import Common, option
from cssopt.questions.question import Asking, question, verb
from cssopt.runs.solve_case import Solution, give_case_numbers
from cssopt.solution.run import run_program
from cssopt.tables.convert import quote
from cssopt.tables.notation import NotationError, find_second_reading, read_amount, read_list


def read_shares(text: str) -> tuple[float, ...]:
    """The shares of a list, as ``--within`` takes them: ``0.01,0.02``, ``1%;2%``.

    Raises CallError where a part is no number, or ``0,01`` could be one number or two.
    """
    try:
        if number := find_second_reading(text):
            parts = "; ".join(read_list(text, ";,"))
            raise NotationError(f"can mean the number {number}, or {parts}. Write the one you mean")
        return tuple(map(_read_share, read_list(text, ";,")))
    except ValueError as error:
        raise CallError(f"--within {quote(text)}: {error}.") from None


def _read_share(part: str) -> float:
    share = read_amount(part)
    if share is None:
        raise NotationError(f"{quote(part)} is no number. Write shares such as 0.02 or 1%;2%")
    return share


@question("alternatives")
@dataclass(frozen=True, kw_only=True)
class AlternativesAsked(Common):
    """Show what is certain at a little more than the least cost, and what is a free choice.

    What the study's stages hold, such as the missing share, is held in every plan. Where a limit
    of the search came first, a range says what is sure.
    """

    within: Sequence[float] = option(
        (0.01, 0.02, 0.05),
        "How much more than the least may be spent, as shares: 0.02, or 0.01,0.02,0.05 (default).",
        least=0,
        most=1,
        share=True,
        read=read_shares,
    )
    plans: int = option(
        4,
        "Most plans that differ most from the base plan and each other, for each share.",
        least=0,
        most=1_000,
        whole=True,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.within:
            text = "names no share. Write one, such as 0.02."
            raise DataError([Issue("E-110", "--within", text)])

    def find(self, asked: Asking) -> Alternatives:
        """Least and most of every contribution near the least expenditure, and plans."""
        case, options = asked.inputs, replace(asked.solver, keep_on_interrupt=True)
        money = find_expenditure(case.folders).name
        chosen, (expenditure,) = add_criteria(asked.instance.study, [money], case.folders, "study")
        instance = give_case_numbers(case, asked.instance, options, self.tell).with_study(chosen)
        base, program = run_program(instance, options, tell=self.tell)
        asked.keep_base(Solution.made_from(case, base))
        return find_alternatives(
            base,
            program,
            expenditure,
            within=self.within,
            plans=self.plans,
            processes=self.processes,
            tell=self.tell,
        )

    def show(self, found: Alternatives, asked: Asking) -> Document:
        """Ranges and plans, to be read."""
        facts = asked.facts(found, asked.base)
        return show_alternatives(found, facts, were_plans_asked=self.plans > 0)


alternatives = verb(AlternativesAsked)
