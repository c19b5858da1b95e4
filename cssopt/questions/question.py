"""The contract of a question: a dataclass of options that finds an answer and shows it.

From it come the command with its help, the verb with its signature, the JSON, the workbook, the
page, the facts of the run and the exit code. A question is declared in the file ``ask.py`` of its
folder:

    @question("share")
    @dataclass(frozen=True, kw_only=True)
    class Share(Common):
        \"\"\"Who pays what, by every accepted way.\"\"\"

        strict: bool = option(False, "No shortfall is allowed.")

        def find(self, asked: Asking) -> Sharing: ...
        def show(self, found: Sharing, asked: Asking) -> Document: ...

    share = verb(Share)
"""

from __future__ import annotations

import hashlib
import inspect
import math
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from importlib import import_module
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final, Generic, ParamSpec, Protocol, TypeVar, get_type_hints

from cssopt.assembly.case import Case
from cssopt.assembly.instance import Instance
from cssopt.document.document import Document
from cssopt.document.run_facts import PlanFacts, RunFacts
from cssopt.errors import CallError, DataError
from cssopt.issues import Issue
from cssopt.questions import find_asked
from cssopt.questions.common_options import Common, find_option
from cssopt.render.atomic import try_to_append
from cssopt.render.formats import can_be_written, write_document
from cssopt.render.place import OutputPlace
from cssopt.runs.solve_case import Solution, find_processes, solve_instance
from cssopt.runs.specification import RunSpecification
from cssopt.solution.verdicts import Audits
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status

if TYPE_CHECKING:
    import pandas as pd

P = ParamSpec("P")
A_co = TypeVar("A_co", bound="Found", covariant=True)
Q = TypeVar("Q", bound=Common)


class Found(Protocol):
    """What every answer can tell: how it ended, and the audits of the plans behind it."""

    @property
    def status(self) -> Status:
        """How it ended: the exit code of the command."""

    @property
    def audits(self) -> Audits:
        """The audits of all plans whose figures are shown."""


@dataclass(frozen=True)
class Asking:
    """One question being asked: what every question needs of the engine, checked once.

    Attributes
    ----------
    options: the question itself. case: its inputs; None for one that reads a file of its own.
    command: options that only its command has, as they are told.
    begun, since: when it was asked, by the calendar and by `time.perf_counter`.
    plans: the plans that were worked out as `base`, of changed inputs too.

    Raises DataError (E-541) for inputs beside a file of the question's own.
    """

    options: Common
    case: Case | None
    command: Mapping[str, Any] = field(default_factory=dict)
    begun: datetime = field(default_factory=lambda: datetime.now(UTC))
    since: float = field(default_factory=time.perf_counter)
    plans: list[Solution] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        if self.case is not None and find_own_source(self.options) is not None:
            text = "is asked beside a file in its place: two questions. Name one of them."
            raise DataError([Issue("E-541", self.case.source, text)])

    @property
    def inputs(self) -> Case:
        """The inputs; DataError (E-541) where the question was asked without any."""
        if self.case is None:
            raise DataError([Issue("E-541", _BOOK, "is missing. Name the inputs.")])
        return self.case

    @cached_property
    def instance(self) -> Instance:
        """The study for the coalition that was asked for; raises as `Instance.of`."""
        options = self.options
        return Instance.of(self.inputs, options.study, options.members, **options.study_options)

    @property
    def solver(self) -> Options:
        """Settings of each solve. Once the time for the whole is over, what runs is ended and
        nothing is begun; the reading of the inputs is not on that clock. What may take
        long after `base` without that option ends with `Options.begin_questions`."""
        options, most = self.options, self.options.total_time
        return Options(
            gap=options.gap,
            time_limit=options.time_limit,
            patience=most,
            until=math.inf if most is None else self.since + most,
            keep_on_interrupt=False,
            log=options.log,
        )

    @cached_property
    def base(self) -> Solution:
        """The plan that the question is about, or starts from; look at its status first.

        Ctrl-C raises KeyboardInterrupt: what starts from a plan that was cut short is of no use.
        """
        tell = self.options.tell
        tell("the base plan")
        return self.keep_base(solve_instance(self.inputs, self.instance, self.solver, tell=tell))

    @property
    def solved(self) -> Solution | None:
        """The last plan that was worked out as `base`; None where none was."""
        return self.plans[-1] if self.plans else None

    def on(self, case: Case) -> Asking:
        """The same question about changed inputs, on the same clock."""
        return replace(self, case=case)

    def keep_base(self, base: Solution) -> Solution:
        """Keep as `base` the plan that a method solved itself: it is told where the rest is cut
        short."""
        self.plans.append(base)
        self.__dict__["base"] = base
        return base

    def specify(self, options: Options, **more: Any) -> RunSpecification:
        """What many runs of the study share: the tables that each of them changes, the coalition
        and the settings of each solve."""
        return RunSpecification(
            data=self.inputs.data,
            study=str(self.options.study),
            members=self.instance.members,
            options=options,
            **more,
        )

    def find_processes(self, solves: int) -> int:
        """How many processes are started for so many solves like that of `base`."""
        return self.options.processes or find_processes(self.base, solves)

    @property
    def _scope(self) -> str:
        """The study; and the members where some are left out, so that an answer about them never
        replaces one about all."""
        if self.case is None:
            return ""
        study, members = self.instance.study.name, self.instance.coalition
        some = len(members) < len(self.case.data.parties)
        return f"{study}: {', '.join(members)}" if some else study

    def facts(
        self,
        found: Found,
        plan: Solution | None = None,
        *,
        source: Path | None = None,
        scope: str = "",
        doubts: Sequence[Issue] = (),
    ) -> RunFacts:
        """The facts of the run, which stand in every rendering.

        `plan` is the plan that the answer is, or starts from; `source` the file in place of a
        workbook; `scope` what the answer is about beside the study and the members, so that it
        never replaces one about something else; `doubts` are warnings about how it was run.
        """
        declared = DECLARED[type(self.options)]
        options = {**self.options.options, **self.command}
        seconds: Mapping[str, float] = {}
        issues, origin, digest = tuple(doubts), "", ""
        if self.case is not None:
            origin, digest = self.case.source, self.case.digest
            options |= {
                "study": self.instance.study.name,
                "members": ", ".join(self.instance.coalition),
            }
            issues += (*self.case.warnings, *self.case.notes)
            seconds = self.case.seconds if plan is None else plan.seconds
        elif source is not None:
            origin = str(source)
            digest = hashlib.sha256(source.read_bytes()).hexdigest()
        return RunFacts(
            source=origin,
            digest=digest,
            question=declared.about,
            file=declared.file,
            begun=self.begun,
            scope="; ".join(filter(None, [self._scope, scope])),
            options=options,
            issues=issues,
            audits=found.audits,
            seconds={**seconds, "answer": time.perf_counter() - self.since},
            status=str(found.status),
            plan=None if plan is None else PlanFacts.of(plan),
        )


class Question(Protocol[A_co]):
    """A dataclass of options, with what it finds and how it shows it."""

    def find(self, asked: Asking) -> A_co:
        """The answer."""

    def show(self, found: Any, asked: Asking) -> Document:
        """The answer as a document."""


@dataclass(frozen=True)
class Declared:
    """What goes by a name of a question.

    Attributes
    ----------
    name: of its command. file: of the files of its answers, without their endings.
    about: what its answers are said to be about; one replaces an earlier one about the same only.
    """

    name: str
    file: str
    about: str


QUESTIONS: Final[dict[str, type[Common]]] = {}
"""Every question on this contract, by the name of its command."""

DECLARED: Final[dict[type[Common], Declared]] = {}
"""What is declared of each of them."""

_BOOK: Final = "BOOK"
"""What inputs are called in a command."""


def question(name: str, *, file: str = "", about: str = "") -> Callable[[type[Q]], type[Q]]:
    """Declare a question, the name of its command and what else goes by names (see `Declared`)."""

    def declare(kind: type[Q]) -> type[Q]:
        QUESTIONS[name] = kind
        DECLARED[kind] = Declared(name, file or name, about or name)
        return kind

    return declare


def load_questions() -> Mapping[type[Common], Declared]:
    """What is declared of every question: all are loaded, whether they were asked yet or not."""
    for module in find_asked():
        import_module(module)
    return DECLARED


def find_own_source(asked: Common) -> Path | None:
    """The file that a question reads in place of a workbook; None where it reads a workbook."""
    source = getattr(asked, "own_source", None)
    return None if source is None else Path(source)


@dataclass(frozen=True, repr=False)
class Answer(Generic[A_co]):
    """An answer that can show itself in every format.

    What was found can be asked of the answer too: ``answer.status`` is ``answer.found.status``.

    Parameters
    ----------
    found : Found
        The figures as the method gives them.
    asked : Asking
        The question, and what it was asked of.
    """

    found: A_co
    asked: Asking

    @cached_property
    def document(self) -> Document:
        """The answer, to be read: worked out when it is first asked for."""
        shows: Any = self.asked.options
        shown: Document = shows.show(self.found, self.asked)
        return shown

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every table by its name: as the method gives it, where it gives one; else as shown."""
        return _AnswerTables(self)

    @property
    def status(self) -> Status:
        """How it ended."""
        return self.found.status

    @property
    def audits(self) -> Audits:
        """The audits of all plans whose figures are shown."""
        return self.found.audits

    def facts(self) -> dict[str, Any]:
        """The answer as one JSON object (see ``docs/answer.schema.json``).

        Returns
        -------
        dict[str, Any]
            Question, verdict, facts of the run, and every table.
        """
        from cssopt.render.document_json import document_facts

        return document_facts(self.document)

    def write(self, folder: str | Path, formats: Sequence[str] | None = None) -> OutputPlace:
        """Write it into a folder, and say where.

        Parameters
        ----------
        folder : str | Path
            Made where it is not there.
        formats : Sequence[str], optional
            Such as ``xlsx`` and ``html``. Default: those of its command.

        Returns
        -------
        OutputPlace
            The files.

        Raises
        ------
        ReportError
            Where it cannot be written; the text says where it is kept.
        DataError
            For a format that there is not (E-542).
        """
        kind = type(self.asked.options)
        chosen = can_be_written(kind.formats) if formats is None else tuple(formats)
        with _in_words_of(kind):
            return write_document(Path(folder), self.document, chosen)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("found", "asked"):
            raise AttributeError(name)
        return getattr(self.found, name)

    def __repr__(self) -> str:
        return f"<{DECLARED[type(self.asked.options)].name}: {self.found.status}>"

    def _repr_html_(self) -> str:
        from cssopt.render.html.page import render_html

        return render_html(self.document)


@dataclass(frozen=True)
class _AnswerTables(Mapping[str, "pd.DataFrame"]):
    """Tables of an answer, read when they are asked for: to show an answer can mean further solves.

    Those of the method have the names and codes of the model; those that are shown, what is read.
    """

    answer: Answer[Any]

    @property
    def _own(self) -> Mapping[str, pd.DataFrame]:
        own: Mapping[str, pd.DataFrame] = getattr(self.answer.found, "tables", {})
        return own

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name in self._own:
            return self._own[name]
        return self.answer.document.tables[name].frame

    def __iter__(self) -> Iterator[str]:
        return iter({**self._own, **self.answer.document.tables})

    def __len__(self) -> int:
        return sum(1 for _ in self)


_FLAG: Final = re.compile(r"--[a-z][a-z-]*[a-z]")


def _in_its_words(kind: Any) -> Callable[[str], str]:
    """What makes a text about options one about the arguments of the verb: ``time_limit``, not
    ``--time-limit``."""
    named = {"--formats": "formats", _BOOK: "case"}
    for each in fields(kind):
        if (option := find_option(each)) is not None:
            named |= dict.fromkeys(option.flag.split("/"), each.name)

    def tell(text: str) -> str:
        return _FLAG.sub(lambda flag: named.get(flag[0], flag[0]), named.get(text, text))

    return tell


@contextmanager
def _in_words_of(kind: Any) -> Iterator[None]:
    """Errors about options speak of the arguments of the verb."""
    tell = _in_its_words(kind)
    try:
        yield
    except DataError as error:
        told = [replace(one, where=tell(one.where), text=tell(one.text)) for one in error.issues]
        raise DataError(told, error.source).with_traceback(error.__traceback__) from None
    except CallError as error:
        raise CallError(tell(str(error))).with_traceback(error.__traceback__) from None


class Verb(Protocol[P, A_co]):
    """A question as a function: the inputs, and its options by name."""

    def __call__(
        self, case: Case | None = None, /, *args: P.args, **options: P.kwargs
    ) -> Answer[A_co]:
        """Ask it."""


def verb(kind: Callable[P, Question[A_co]]) -> Verb[P, A_co]:
    """The verb of a question: ``cssopt.share(case, strict=True)``."""
    options = [each for each in fields(kind) if each.init]  # type: ignore[arg-type]
    hints = get_type_hints(kind)

    def ask(case: Case | None = None, /, *args: P.args, **given: P.kwargs) -> Answer[A_co]:
        with _in_words_of(kind):
            asked_for = kind(*args, **given)
            asked = Asking(asked_for, case)  # type: ignore[arg-type]
            asked.options.check(asked)
            if asked.options.log is not None:
                try_to_append(asked.options.log)
            return Answer(asked_for.find(asked), asked)

    taken: dict[str, Any] = {"case": Case | None, **{e.name: hints[e.name] for e in options}}
    none = inspect.Parameter.empty
    defaults = {
        "case": None,
        **{e.name: none if e.default is MISSING else e.default for e in options},
    }
    ask.__name__ = ask.__qualname__ = DECLARED[kind].name  # type: ignore[index]
    ask.__module__, ask.__doc__ = kind.__module__, _describe(kind, taken, defaults)
    ask.__annotations__ = taken
    ask.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD
                if name == "case"
                else inspect.Parameter.KEYWORD_ONLY,
                default=defaults[name],
                annotation=hint,
            )
            for name, hint in taken.items()
        ]
    )
    return ask


_SECTION: Final = re.compile(r"\n(\w+)\n-{3,}\n")
"""The heading of a section of a docstring."""

_OF_A_VERB: Final = """
Returns
-------
Answer
    With `status`, `tables`, `document` and `write`, and all that the method found.

Raises
------
DataError
    For inputs or options that are wrong: every issue, each with its place.
CallError
    Where too little is asked; the text says what there is to ask.
SolveError
    Where the solver could not be run.
"""


def _describe(kind: Any, taken: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    """The docstring of a verb in the form of numpydoc: its question, and its options one by one."""
    said, *_ = _SECTION.split(inspect.cleandoc(kind.__doc__ or ""))
    lines = [said.rstrip(), "", "Parameters", "----------"]
    lines += ["case : Case, optional", "    The inputs, as `load` gives them."]
    for each in fields(kind):
        if each.name in taken:
            option = find_option(each)
            told = _find_attribute(kind, each.name) if option is None else option.help
            lines.append(f"{each.name} : {_say_type(taken[each.name], defaults[each.name])}")
            lines += wrap(
                f"{told[:1].upper()}{told[1:]}",
                100,
                initial_indent="    ",
                subsequent_indent="    ",
                break_long_words=False,
                break_on_hyphens=False,
            )
    return _in_its_words(kind)("\n".join(lines)) + "\n" + _OF_A_VERB


def _say_type(hint: Any, default: Any) -> str:
    """The type of an option without its modules, and its default."""
    said = re.sub(r"\b(?:\w+\.)+(?=\w)", "", inspect.formatannotation(hint))
    if default is None:
        return f"{said.removesuffix(' | None')}, optional"
    if default is inspect.Parameter.empty:
        return said
    shown = "nothing is told" if callable(default) else repr(default)
    return f"{said}, default {str(default) if isinstance(default, StrEnum) else shown}"


def _find_attribute(kind: type, name: str) -> str:
    """What the section Attributes of a class, or of one below it, says about a field."""
    for each in kind.__mro__:
        text = " ".join((each.__doc__ or "").split())
        if found := re.search(rf"\b{name}: (.*?\.)(?= \w+: |$)", text):
            return found[1]
    return "See the class."
