"""Figures of the decision page by the names that stay: what each is, and which one is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.questions.plan.figures.lines import FigureLine, list_lines
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.trace.makeups import Makeups, list_makeups
from cssopt.questions.plan.trace.parts import Makeup
from cssopt.tables.convert import quote
from cssopt.tables.nearest import nearest_name
from cssopt.tables.tidy import fold_name

_MOST_MEANT: Final = 5

FIGURE: Final = "FIGURE"
"""What the figure that is asked about is called in the command."""


@dataclass(frozen=True)
class TracedFigure:
    """A figure of the decision page that can be followed.

    Attributes
    ----------
    line: its name, value, unit and definition. makeup: what it adds up from.
    """

    line: FigureLine
    makeup: Makeup


class FigureNames:
    """All figures of the decision page by their names."""

    def __init__(self, figures: PlanFigures) -> None:
        self._figures = figures
        self.lines: Final = {line.name: line for line in list_lines(figures)}
        self._makeups: Makeups = list_makeups(figures)

    def can_follow(self, name: str) -> bool:
        """True where the plans are there that the figure adds up from."""
        return name in self._makeups

    def make(self, name: str) -> TracedFigure:
        """A figure that can be followed; KeyError for another one."""
        return TracedFigure(self.lines[name], self._makeups[name]())

    @cached_property
    def _words(self) -> Mapping[str, str]:
        """Full names by code."""
        every = self._figures.view.names
        return {str(code): name for by_code in every.values() for code, name in by_code.items()}

    def find(self, asked: str) -> str | None:
        """The name that is meant: itself, whatever its case, or the only one with all the words
        that are asked for; None where there is none or several."""
        by_folded = {fold_name(name): name for name in self.lines}
        if (exact := by_folded.get(fold_name(asked))) is not None:
            return exact
        meant = self._list_meant(asked)
        return meant[0] if len(meant) == 1 else None

    def _list_meant(self, asked: str) -> list[str]:
        """Names with all the words that are asked for, those of the fewest codes."""
        wanted = _split(asked)
        found = [name for name in self.lines if wanted and wanted <= self._list_words(name)]
        fewest = min((len(name.split(".")) for name in found), default=0)
        return [name for name in found if len(name.split(".")) == fewest]

    def _list_words(self, name: str) -> set[str]:
        """Words by which a figure may be asked for: those of its name, and of full names."""
        family, *codes = name.split(".")
        every = (family, *codes, *(self._words.get(code, "") for code in codes))
        return set().union(*map(_split, every))

    def refuse(self, asked: str) -> DataError:
        """The error for a figure that there is not, or not alone: which are meant or near, and
        which there are."""
        if meant := self._list_meant(asked):
            told = ", ".join(meant[:_MOST_MEANT]) + (", ..." if meant[_MOST_MEANT:] else "")
            text = f"{quote(asked)} may mean {len(meant)} figures: {told}. Name one of them."
            return DataError([Issue("E-575", FIGURE, text)])
        families = dict.fromkeys(name.partition(".")[0] for name in self.lines)
        near = nearest_name(asked, self.lines)
        text = (
            f"{quote(asked)} is no figure of the decision page, nor a cell of the inputs.{near} "
            f"There are {', '.join(families)}, for all or with codes behind, such as "
            f"{next((n for n in self.lines if '.' in n), 'cash')}; without a figure all are "
            "listed."
        )
        return DataError([Issue("E-575", FIGURE, text)])

    def refuse_to_follow(self, name: str) -> DataError:
        """The error for a figure whose plan is not kept, or that has no value here."""
        text = f"{name} has no value here, or comes from a plan that is not kept."
        return DataError([Issue("E-575", FIGURE, text)])


_OF_NO_ACCOUNT: Final = frozenset({"of", "the", "in", "a"})
"""Words that tell no figure from another."""


def _split(text: str) -> set[str]:
    words = {fold_name(word) for word in re.split(r"[\W_]+", text) if word}
    return words - _OF_NO_ACCOUNT
