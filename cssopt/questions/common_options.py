"""Options that many questions have, each declared once: for the command, the verb and the facts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, Final

from cssopt.assembly.case import Case
from cssopt.assembly.changes import find_scenarios, join_scenarios, read_steps
from cssopt.assembly.instance import read_members
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.questions.number_options import Number
from cssopt.render.formats import USUAL_FORMATS
from cssopt.runs.solve_case import DEFAULT_GAP
from cssopt.solution.near_plan import Persist
from cssopt.solution.run import ProgressCallback, tell_nothing
from cssopt.tables.patch import Step

REQUIRED: Final = MISSING
"""In place of the default of an option without which nothing is asked."""

_OPTION: Final = "option"


@dataclass(frozen=True)
class Option:
    """How a field of a question stands in its command.

    Attributes
    ----------
    help: what it does, a sentence or two. flag: as it is typed, ``--time-limit``; of a word of its
        own behind the inputs, what the help calls it: ``FIGURE``.
    number: how a number is read, and its bounds; None for other kinds.
    read: what makes a value of its text; None where the text is the value.
    """

    help: str
    flag: str
    number: Number | None = None
    read: Callable[[str], Any] | None = None

    @property
    def is_word(self) -> bool:
        """True of a word of its own, which no flag stands before."""
        return not self.flag.startswith("-")

    @property
    def name(self) -> str:
        """Its name in the command, as the run facts tell it."""
        return self.flag.split("/")[0].removeprefix("--").replace("-", "_").lower()


def option(
    default: Any,
    help: str,  # noqa: A002 (as Typer calls it)
    *,
    flag: str = "",
    least: float = -math.inf,
    most: float = math.inf,
    whole: bool = False,
    share: bool = False,
    read: Callable[[str], Any] | None = None,
) -> Any:
    """A field of a question that is an option of its command too.

    Parameters
    ----------
    default: its value where it is not given, or `REQUIRED`. help: what it does.
    flag: as it is typed; by default its name with two dashes.
    least, most, whole, share: of a number (see `Number`).
    read: what makes a value of its text.
    """
    bounded = not (math.isinf(least) and math.isinf(most))
    number = Number(least, most, whole, share) if bounded or whole or share else None
    return field(default=default, metadata={_OPTION: Option(help, flag, number, read)})


def split_names(names: str | None) -> list[str] | None:
    """Names of a list; None where none are given."""
    return None if names is None else read_members(names)


def find_option(each: Field[Any]) -> Option | None:
    """How a field stands in the command; None for one that only the verb has."""
    found = each.metadata.get(_OPTION)
    if not isinstance(found, Option):
        return None
    flag = found.flag or "--" + each.name.replace("_", "-")
    return Option(found.help, flag, found.number, found.read)


def list_options(kind: type[Common]) -> dict[str, tuple[Field[Any], Option]]:
    """The options of a question by the names of their fields; without those that it has none of."""
    return {
        each.name: (each, option)
        for each in fields(kind)
        if (option := find_option(each)) is not None
        if kind.has_processes or each.name != "processes"
    }


def _list(value: Any) -> tuple[Any, ...]:
    """The numbers of a field that has one, none or several."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, tuple | list) else (value,)


@dataclass(frozen=True, kw_only=True)
class Common:
    """What every question can be told.

    Raises DataError (E-110) for a number out of its bounds, and (E-543) for processes where there
    is nothing to do side by side.

    Attributes
    ----------
    has_processes: False for a question that solves one thing after another.
    formats: of the files of its answers where none are asked for.
    has_pages: True where its answers have pages for deciders, which slides and PDF are made of.
    tell: hears each step. journal: the file in which finished solves are kept; None: nowhere.
    """

    has_processes: ClassVar[bool] = True
    formats: ClassVar[tuple[str, ...]] = USUAL_FORMATS
    has_pages: ClassVar[bool] = False

    study: str | Path = option(DEFAULT_STUDY, "A study by name, or a study file.")
    members: Sequence[str | int] | None = option(
        None,
        "The coalition, such as A,B; a name with a comma stands in double quotes. Default: all "
        "members.",
        read=split_names,
    )
    gap: float = option(
        DEFAULT_GAP, "Relative gap at which each solve may stop.", least=0, share=True
    )
    time_limit: float | None = option(None, "Seconds for each solve.", least=0)
    total_time: float | None = option(
        None,
        "Seconds for the whole, the plan included. Default: questions about a plan take 7 times as "
        "long as the plan, or 4 minutes. What is not asked by then is told.",
        least=0,
    )
    processes: int | None = option(
        None,
        "Solves side by side. Default: one for each core, where that pays.",
        least=1,
        most=1_000,
        whole=True,
    )
    log: Path | None = option(None, "File to which the solver HiGHS appends its own log.")
    tell: ProgressCallback = tell_nothing
    journal: Path | None = None

    def __post_init__(self) -> None:
        issues = [
            Issue("E-110", option.flag, f"{value!r} must be {option.number.bounds}.")
            for each, option in list_options(type(self)).values()
            if option.number is not None
            for value in _list(getattr(self, each.name))
            if not option.number.allows(value)
        ]
        if self.processes is not None and not self.has_processes:
            text = "says nothing: here one thing is solved after another. Leave it out."
            issues.append(Issue("E-543", "--processes", text))
        if issues:
            raise DataError(issues)

    def check(self, asked: Any) -> None:
        """What can be said before anything is solved (`asked` is the `Asking`).

        Raises DataError for options that the inputs gainsay, and CallError where too little is
        asked.
        """

    @property
    def doubts(self) -> Sequence[Issue]:
        """What is to be warned of before anything is solved, the inputs apart."""
        return ()

    @property
    def study_options(self) -> dict[str, Any]:
        """Options of the study that stand in place of its own (see `Instance.of`)."""
        return {}

    @property
    def folder_name(self) -> str:
        """What the folder of its answers is called, behind the name of the book; empty for the
        name of its command."""
        return ""

    @property
    def options(self) -> dict[str, Any]:
        """Every option by its name in the command, as the run facts tell them."""
        return {
            option.name: getattr(self, name)
            for name, (_, option) in list_options(type(self)).items()
        }


@dataclass(frozen=True, kw_only=True)
class Scenarios(Common):
    """Options of a question that knows further scenarios than those of the workbook.

    Attributes
    ----------
    scenarios: a file, or in a script the steps of each scenario by its name.
    """

    scenarios: str | Path | Mapping[str, Sequence[Step | str]] | None = option(
        None, "A TOML file of further scenarios.", read=Path
    )

    def find_scenarios(self, case: Case) -> dict[str, tuple[Step, ...]]:
        """All scenarios by name; DataError for those that are wrong, or have the same name."""
        if isinstance(self.scenarios, Mapping):
            given = {name: read_steps(steps) for name, steps in self.scenarios.items()}
            return join_scenarios(find_scenarios(case), given)
        return find_scenarios(case, self.scenarios)


@dataclass(frozen=True, kw_only=True)
class Changes(Scenarios):
    """Options of a question about changed inputs."""

    changes: Sequence[Step | str] = option(
        (),
        "A change: table[column=value].column=value, or *=, or +=; +table[column=value; ...] adds "
        "a row and -table[column=value] drops rows. All of them make one scenario. A point is the "
        "decimal mark; names with signs stand in double quotes.",
        flag="--set",
    )


@dataclass(frozen=True, kw_only=True)
class NearBase(Common):
    """Options of a question whose plans may stay near the base plan."""

    persist: float | None = option(
        None,
        "Keep each plan near the base plan: a penalty (no money) of so many million per unit moved "
        "and year.",
        least=0,
    )
    persist_most: float | None = option(None, "Most units that may move, in unit-years.", least=0)

    @property
    def nearness(self) -> Persist | None:
        """What keeps plans near the base plan; None where nothing does."""
        if self.persist is None and self.persist_most is None:
            return None
        return Persist(self.persist or 0.0, self.persist_most)
