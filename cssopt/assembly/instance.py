"""A case, a study, a coalition and what they are given: checked, and ready to be solved.

Every problem is built from an instance, and every what-if is a changed one: one way for a plan, a
scenario, a sweep, a diagnosis and a price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cssopt.assembly.assemble import Problem, assemble
from cssopt.assembly.case import Case
from cssopt.assembly.sharing_keys import share_by
from cssopt.assembly.study import Study, load_study
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.book_checks import Check
from cssopt.tables.check import check_data, check_rules
from cssopt.tables.convert import quote
from cssopt.tables.data import Data
from cssopt.tables.nearest import find_meant, find_whole, nearest_name
from cssopt.tables.notation import Bare, NotationError, Quoted, read_list, write_quoted
from cssopt.tables.patch import CellChange, Step, patch_tables
from cssopt.trace.numbers import Cell, Tape, trace_cells

_MEMBERS = "--members"
_MOST_TOLD = 20


@dataclass(frozen=True)
class Instance:
    """A question that can be solved. None exists whose inputs make no sense.

    Raises DataError for a coalition that is empty or has a name that is no member or stands twice
    (E-130), for several members in a study of one (E-133), and where a rule over the whole book
    fails for this coalition and study.

    Attributes
    ----------
    data: the tables of the whole book. study: the mathematics. coalition: who takes part.
    given: numbers from other solves that the study asks for, by name; not its options.
    restricted: the tables of the coalition, with options and given numbers.
    """

    data: Data
    study: Study
    coalition: tuple[str, ...]
    given: Mapping[str, Any] = field(default_factory=dict)
    restricted: Data = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "given", dict(self.given))
        if issues := _find_faults(self.data, self.study, self.coalition):
            raise DataError(issues)
        object.__setattr__(self, "restricted", self._restrict(self.data))
        rules = (rule for component in self.study.components for rule in component.checks)
        if issues := check_rules(self.restricted, (r for r in rules if r.code.startswith("E"))):
            raise DataError(issues)

    def __reduce__(self) -> tuple[Any, ...]:
        # What can be made again does not travel to other processes.
        return Instance, (self.data, self.study, self.coalition, self.given)

    @classmethod
    def of(
        cls,
        case: Case,
        study: str | Path,
        members: Sequence[str | int] | None = None,
        key: str | None = None,
        **options: Any,
    ) -> Instance:
        """What a question is about, as it is asked: what every verb checks first.

        Parameters
        ----------
        study: name of a study of the model folders, or the path of a study file.
        members: the coalition, as `find_coalition` reads it; None: all members.
        key: by which common costs are shared, in place of the study's (see `share_by`).
        options: options of the study, in place of what it says itself.

        Raises DataError with all that is wrong with study and members, and ModelError for a broken
        study file or an option that the study does not have.
        """
        issues: list[Issue] = []
        chosen = None
        try:
            chosen = load_study(study, case.folders)
        except DataError as error:
            issues += error.issues
        try:
            coalition = find_coalition(case, members)
        except DataError as error:
            issues += error.issues
        if chosen is None or issues:
            raise DataError(issues, case.source)
        if issues := _find_faults(case.data, chosen, coalition):
            raise DataError(issues, case.source)
        chosen, data = chosen.choosing(**options) if options else chosen, case.data
        if key is not None:
            data, chosen = share_by(key, data, chosen, coalition, case.folders)
        return cls(data, chosen, coalition)

    @property
    def members(self) -> tuple[str, ...] | None:
        """The coalition; None where all members take part, whom those of changed tables join.

        Who is planned alone stays alone.
        """
        everybody = set(self.coalition) == set(self.data.parties)
        return None if everybody and not self.study.single_member else self.coalition

    def on(self, data: Data) -> Instance:
        """The same question about other tables, in which members may have left or come.

        DataError (E-514) where nobody of the coalition is left.
        """
        return replace(self, data=data, coalition=find_cooperating(data, self.members))

    def changed(
        self, steps: Sequence[Step], rules: Sequence[Check] | None = None
    ) -> tuple[Instance, tuple[CellChange, ...]]:
        """A what-if: the question about tables with the steps applied, and the cells that differ.

        With `rules`, the changed book is checked as a whole too: that names refer to rows, and
        these rules. Raises DataError where a step cannot be made (see `patch_tables`) or the
        changed inputs make no sense.
        """
        data, changes = patch_tables(self.data, steps)
        if rules is not None:
            issues = check_data(data, rules)
            if errors := [issue for issue in issues if issue.code.startswith("E")]:
                raise DataError(errors)
        return self.on(data), changes

    def with_study(self, study: Study) -> Instance:
        """The same question by another study."""
        return replace(self, study=study)

    def with_given(self, numbers: Mapping[str, Any]) -> Instance:
        """The same question with further numbers given."""
        return replace(self, given={**self.given, **numbers}) if numbers else self

    def assemble(self) -> Problem:
        """The model, ready to be compiled; ModelError where a component file is at fault."""
        return assemble(self.restricted, self.study)

    def trace(self, cells: Sequence[Cell]) -> tuple[Problem, Tape]:
        """The model with the numbers of these cells traced, and the tape that they are on.

        Raises ModelError where a component does with a number what cannot be traced.
        """
        tape = Tape()
        # The rules are not asked of traced numbers: they would bind the tape to their answers.
        traced = self._restrict(trace_cells(self.data, cells, tape))
        return assemble(traced, self.study), tape

    def _restrict(self, data: Data) -> Data:
        options = {**self.study.options, **self.given}
        return data.restrict(data.party_table.spec.name, self.coalition, options)


def find_coalition(case: Case, members: Sequence[str | int] | None) -> tuple[str, ...]:
    """The members in the order of the workbook; DataError for names that it does not have, for one
    that stands twice, and for none.

    A text is one name (`read_members` reads a list of them). Case, accents and spaces are set aside
    where one member only is meant.
    """
    known = case.data.parties
    if members is None:
        return known
    names = [members] if isinstance(members, str) else list(members)
    # A member whose code has digits only is often a number in a script.
    names = [name if isinstance(name, str) else str(name) for name in names]
    _check_whole(names, case)
    found = [find_meant(name, known) or name for name in names]
    if issues := _find_strangers(found, known):
        raise DataError(issues, case.source)
    return tuple(name for name in known if name in found)


def read_members(text: str) -> list[str]:
    """The names of a list, as ``--members`` takes it: ``A,B``, names with a comma in quotes.

    Raises DataError where the list cannot be read.
    """
    try:
        names = read_list(text, ";,")
    except NotationError as error:
        text = f"{quote(text)} is no list of members: {error}. Write A,B."
        raise DataError([Issue("E-130", _MEMBERS, text)]) from None
    return [name if isinstance(name, Quoted) else Bare(name) for name in names]


def _check_whole(names: Sequence[str], case: Case) -> None:
    """DataError for names of a list that could be parts of one name with a comma."""
    plain = [name if isinstance(name, Bare) else "" for name in names]
    if whole := find_whole(plain, case.data.parties):
        sign = "comma" if "," in whole else "semicolon"
        text = (
            f"{quote(whole)} is one name, and a {sign} separates names. For that member write "
            f"{write_quoted(whole)}; for several write each in quotes."
        )
        raise DataError([Issue("E-518", _MEMBERS, text)], case.source)


def find_cooperating(data: Data, asked: Sequence[str] | None) -> tuple[str, ...]:
    """The coalition on changed tables: of those asked for (None: all), those who have not left.

    DataError where nobody is left.
    """
    there = data.parties
    found = there if asked is None else tuple(name for name in asked if name in there)
    if not found:
        text = (
            f"of {', '.join(asked or ())} nobody is left to plan for. Keep one, or ask for others."
        )
        raise DataError([Issue("E-514", _MEMBERS, text)])
    return found


def _find_faults(data: Data, study: Study, coalition: Sequence[str]) -> list[Issue]:
    """What is wrong with a coalition, or with this study of it."""
    if issues := _find_strangers(coalition, data.parties):
        return issues
    if not study.single_member or len(coalition) == 1:
        return []
    text = (
        f"study {study.name} plans one member, not {len(coalition)}. Name one of "
        f"{', '.join(coalition)}; `cssopt compare` plans every member alone."
    )
    return [Issue("E-133", _MEMBERS, text)]


def _find_strangers(names: Sequence[str], known: Sequence[str]) -> list[Issue]:
    """Names that are no member or stand twice, or that there is none."""
    if not names:
        return [Issue("E-130", _MEMBERS, "names no member. Name at least one.")]
    strange = [name for name in dict.fromkeys(names) if name not in known]
    issues = [
        Issue("E-130", _MEMBERS, f"{quote(name)} is not a member.{nearest_name(name, known)}")
        for name in strange[:_MOST_TOLD]
    ]
    return issues + [
        Issue("E-130", _MEMBERS, f'"{name}" is named twice. Name every member once.')
        for name in known
        if names.count(name) > 1
    ]
