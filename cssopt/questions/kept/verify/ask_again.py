"""The question of a kept run, made again from its facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final, get_args, get_origin, get_type_hints

from cssopt.assembly.case import Case
from cssopt.document.run_facts import NOT_GIVEN, RunFacts
from cssopt.errors import CallError, CssoptError
from cssopt.language import phrase
from cssopt.questions.common_options import REQUIRED, Common, Option, find_option
from cssopt.questions.question import Asking, load_questions
from cssopt.solution.run import ProgressCallback

_SEPARATOR: Final = re.compile(r"; (?![^\[]*\])")
"""Between the parts of an option that was given several times; a change has such signs within its
brackets."""

_STUDY_FILE: Final = ".toml"
"""Of a study that is named by its file."""

_OF_NO_ACCOUNT: Final = ("log",)
"""Options that name files and say nothing of the answer."""


class CannotAskError(CssoptError):
    """Why the question of a run cannot be asked again."""


def ask_again(facts: RunFacts, case: Case, tell: ProgressCallback) -> Asking:
    """The question of a kept run about these inputs, ready to be answered.

    Raises CannotAskError where its facts do not say all that it needs: a file that an option named
    stands in no record.
    """
    kind = _find_kind(facts)
    told = facts.plain_options
    given = {}
    for each, option in _list_options(kind):
        name = option.name
        text = told.get(name, NOT_GIVEN)
        if text != NOT_GIVEN and each.name not in _OF_NO_ACCOUNT:
            given[each.name] = _read(get_type_hints(kind)[each.name], option, text)
        elif each.default is REQUIRED:
            raise CannotAskError(phrase("the record does not say --{option}", option=name))
    given["members"] = _find_members(facts, case)
    try:
        question = replace(kind(**given), tell=tell)
        own = {option.name for _, option in _list_options(kind)}
        command = {name: text for name, text in told.items() if name not in own}
        asked = Asking(question, case, command)
        question.check(asked)
    except (CssoptError, CallError) as error:
        raise CannotAskError(str(error)) from error
    again = asked.options.options
    for name, text in RunFacts(**{**vars(facts), "options": again}).plain_options.items():
        if name not in (*_OF_NO_ACCOUNT, "members", "study") and text != told.get(name, NOT_GIVEN):
            raise CannotAskError(phrase("the record does not say --{option} in full", option=name))
    return asked


def _find_kind(facts: RunFacts) -> type[Common]:
    """The question with the options that the run had."""
    asked = {*facts.options}
    questions = load_questions().items()
    kinds = [kind for kind, declared in questions if declared.about == facts.question]
    if not kinds:
        raise CannotAskError(phrase("no command answers {question}", question=facts.question))

    def count_strange(kind: type[Common]) -> int:
        own = {option.name for _, option in _list_options(kind)}
        return len(own - asked) + len((asked & _list_all_names()) - own)

    return min(kinds, key=count_strange)


def _list_all_names() -> set[str]:
    return {option.name for kind in load_questions() for _, option in _list_options(kind)}


def _list_options(kind: type[Common]) -> list[tuple[Any, Option]]:
    return [(each, found) for each in fields(kind) if (found := find_option(each)) is not None]


def _find_members(facts: RunFacts, case: Case) -> Sequence[str] | None:
    """The coalition; None for all members."""
    if facts.plan is None:
        told = facts.plain_options.get("members", NOT_GIVEN)
        members = () if told == NOT_GIVEN else tuple(told.split(", "))
    else:
        members = facts.plan.coalition
    return None if set(members) in (set(), set(case.data.parties)) else members


def _read(hint: Any, option: Option, text: str) -> Any:
    """The value of an option from its text in the facts."""
    kinds = [part for part in (get_args(hint) or (hint,)) if part is not type(None)]
    # A record may come from anywhere: no file that it names is read. A study may be a mere name.
    is_name = str in kinds and Path(text).suffix != _STUDY_FILE
    if option.read is Path or (Path in _list_kinds(hint) and not is_name):
        raise CannotAskError(
            phrase("the file that {option} named is not kept with the run", option=option.flag)
        )
    if bool in kinds:
        return text == str(True)
    if _is_list(hint) or any(map(_is_list, kinds)):
        parts = tuple(_SEPARATOR.split(text))
        return tuple(map(_number(option), parts)) if option.number is not None else parts
    if option.number is not None:
        return _number(option)(text)
    return text


def _list_kinds(hint: Any) -> set[Any]:
    """All types within one."""
    return {hint}.union(*map(_list_kinds, get_args(hint)))


def _is_list(hint: Any) -> bool:
    return isinstance(get_origin(hint), type) and issubclass(get_origin(hint), Sequence)


def _number(option: Option) -> Any:
    assert option.number is not None
    return int if option.number.whole else float
