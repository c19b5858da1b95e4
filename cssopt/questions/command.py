"""What all commands share: the program, its two streams, and options that many have."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from cssopt import interrupt
from cssopt.assembly.case import Case, load
from cssopt.questions.answers import check_output, claim_output
from cssopt.questions.common_options import split_names as split_names
from cssopt.questions.number_options import number
from cssopt.render.place import OutputPlace
from cssopt.render.screen import messages, results
from cssopt.render.terminal import print_audits, print_issues, print_solution, solution_facts
from cssopt.solution.near_plan import Persist
from cssopt.solution.plan import Solution
from cssopt.solution.verdicts import AUDIT_FAILED, DO_NOT_USE, Audits
from cssopt.solution.versions import find_versions
from cssopt.solve.outcome import Status

ISSUES_FOUND = 3
"""Exit code where the inputs have errors."""


WRONG_CALL = 2
"""Exit code where the words of a command cannot be understood."""

COUNT: Final = number(least=1, most=1_000, whole=True)
"""How processes and threads are counted: more serve nobody, and cost memory."""

_WHOLE = 1_000
"""Characters of a line of help: no sentence is longer."""


class _Group(TyperGroup):
    """All commands, each told in whole sentences."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write what each command does into the help."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, self.commands[name].get_short_help_str(_WHOLE)) for name in self.commands]
            )


class _Command(TyperCommand):
    """A command in which no option is passed over: one that takes a single value stands once."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of a command. Raises UsageError for an option that stands twice."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        counts = Counter(
            max(param.opts, key=len)
            for param in order
            if param.param_type_name == "option"
            and not (param.multiple or getattr(param, "is_flag", False))
        )
        if doubled := [name for name, count in counts.items() if count > 1]:
            ctx.fail(f"{doubled[0]} stands {counts[doubled[0]]} times. Write it once.")
        return super().parse_args(ctx, args)


_F = TypeVar("_F", bound=Callable[..., Any])


class _App(typer.Typer):
    """A program all of whose commands are such."""

    def command(self, *names: Any, **how: Any) -> Callable[[_F], _F]:
        """Register a command."""
        return super().command(*names, cls=_Command, **how)


app = _App(
    name="cssopt",
    cls=_Group,
    # As markup, words in brackets would be left out of the help.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        results.print(f"cssopt {find_versions()['cssopt']}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    """Plan a collective security system and share its burden."""
    del version
    if context.invoked_subcommand is None:
        messages.print(context.get_help())
        raise typer.Exit(WRONG_CALL)


Book = Annotated[
    Path,
    typer.Argument(
        help="The input workbook (.xlsx), or a folder of CSV files.", show_default=False
    ),
]
StudyName = Annotated[str, typer.Option("--study", help="A study by name, or a study file.")]
Members = Annotated[
    str | None,
    typer.Option(
        "--members",
        help="The coalition, such as A,B; a name with a comma stands in double quotes. Default: "
        "all members.",
    ),
]
Models = Annotated[
    list[Path] | None,
    typer.Option(
        "--models",
        help="A folder of model files put in front of ours. It runs as code: name only what you "
        "trust.",
    ),
]

ScenarioFile = Annotated[
    Path | None, typer.Option("--scenarios", help="A TOML file of further scenarios.")
]
PersistWeight = Annotated[
    float | None,
    typer.Option(
        "--persist",
        **number(least=0),
        help="Keep each plan near the base plan: a penalty (no money) of so many million per unit "
        "moved and year.",
    ),
]
PersistMost = Annotated[
    float | None,
    typer.Option(
        "--persist-most", **number(least=0), help="Most units that may move, in unit-years."
    ),
]
Gap = Annotated[
    float,
    typer.Option(
        "--gap", **number(least=0, share=True), help="Relative gap at which each solve may stop."
    ),
]
TimeLimit = Annotated[
    float | None, typer.Option("--time-limit", **number(least=0), help="Seconds for each solve.")
]
Patience = Annotated[
    float | None,
    typer.Option(
        "--patience",
        **number(least=0),
        help="Seconds for all solves after the plan's own. Default: 7 times what the plan took, at "
        "least 4 minutes. What is not asked by then is told.",
    ),
]
Processes = Annotated[
    int | None,
    typer.Option("--processes", **COUNT, help="Default: one for each core, where that pays."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def was_given(context: typer.Context, name: str) -> bool:
    """True where an option stands in the command, and is not left at its default."""
    source = context.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"


def list_options(context: typer.Context) -> dict[str, Any]:
    """Every option of the command that runs, by its name; None where it was not given."""
    return {
        max(option.opts, key=len).lstrip("-").replace("-", "_"): context.params[option.name]
        for option in context.command.params
        if option.param_type_name == "option" and option.name in context.params
    }


def find_folder(out: Path | None, book: Path, answer: str) -> Path:
    """Where an answer goes: `out`, or a folder below reports named by the input and the answer.

    A workbook is named without .xlsx, and a folder by its whole name: plan.2030 and plan.2031 are
    two. Beside alliance.xlsx the folder alliance is told by the word folder.
    """
    if out is not None:
        return out
    whole = book.absolute() if book.name not in ("", "..") else book.resolve()
    name = whole.stem if whole.suffix.lower() == ".xlsx" and not whole.is_dir() else whole.name
    if whole.is_dir() and whole.with_name(f"{name}.xlsx").exists():
        name = f"{name}-folder"
    return Path("reports") / f"{name}-{answer}"


def open_case(
    context: typer.Context,
    book: Path,
    models: Sequence[Path] | None,
    question: str,
    path: Path | None,
) -> Case:
    """The inputs of a command, with their warnings told; and whether its workbook can be written,
    which must be known before anything is solved (None: it writes none). Until the command ends no
    other run writes into its folder."""
    case = load(book, models or ())
    print_issues(messages, case.warnings)
    if path is not None:
        context.with_resource(claim_output(path))
        check_output(case, question, path)
    return case


def deliver(
    label: str,
    write: Callable[[], OutputPlace] | None,
    *,
    as_json: bool,
    facts: Callable[[], Any],
    table: Callable[[], None],
    audits: Callable[[], Audits],
    status: Status,
    prepare: Callable[[], None] | None = None,
) -> NoReturn:
    """Write the workbook of an answer, where it has one, print the answer, and end the command.

    The answer is printed also where the workbook cannot be written. A failed audit of any plan
    whose figures are shown stands above the answer and below it, in the object of JSON and in red
    on standard error, and the command ends with an error; else it ends as `status` says.

    `prepare` works out first what stands in both. After Ctrl-C the answer is printed before the
    workbook is written, so that a second one cannot take it away.
    """
    place = None
    shown = False

    def show() -> None:
        nonlocal shown
        if not shown:
            shown = True
            with interrupt.held_back():
                if as_json:
                    print_json({**facts(), **audits().facts()})
                else:
                    _print_audited(table, audits())

    try:
        if prepare is not None:
            prepare()
        if interrupt.came():
            show()
        place = write() if write is not None else None
    finally:
        try:
            show()
        finally:
            if place is not None:
                messages.print(f"{label}: {place.told}")
            if audits().failed:
                print_audits(messages, audits())
    raise typer.Exit((Status.ERROR if audits().failed else status).exit_code)


def _print_audited(table: Callable[[], None], audits: Audits) -> None:
    """An answer, and that its audits passed; those that failed are told on standard error."""
    if audits.failed:
        results.print(f"{AUDIT_FAILED}. {DO_NOT_USE}.", style="bold red")
    table()
    if not audits.failed:
        print_audits(results, audits)


@contextmanager
def telling(
    *, as_json: bool, says: Callable[[], str] | None = None
) -> Iterator[Callable[[Solution], None]]:
    """Tell the plan that is solved where the questions about it are interrupted, and end there.

    Gives what is to hear that plan once there is one. `says` tells what else is kept.
    """
    solved: list[Solution] = []
    try:
        yield solved.append
    except KeyboardInterrupt:
        if not solved and says is None:
            raise
        with interrupt.held_back():
            messages.print(_ONLY_THE_PLAN if says is None else says())
            if solved:
                _deliver_base(solved[-1], as_json=as_json)
        raise typer.Exit(Status.INTERRUPTED.exit_code) from None


_ONLY_THE_PLAN = "Interrupted: of what was asked only this was worked out."


def _deliver_base(base: Solution, *, as_json: bool) -> NoReturn:
    status = Status.INTERRUPTED
    deliver(
        "",
        None,
        as_json=as_json,
        facts=lambda: {"status": str(status), "base": solution_facts(base)},
        table=lambda: print_solution(results, base),
        audits=lambda: base.audits,
        status=status,
    )


def find_worst(ends: Iterable[str], status: Status) -> Status:
    """How many solves ended together, beside a plan with this status: an error where one failed; a
    limit where one gave no plan in the time there was."""
    every = set(ends)
    if str(Status.ERROR) in every:
        return Status.ERROR
    left = str(Status.NO_PLAN_YET) in every and status is Status.OPTIMAL
    return Status.FEASIBLE if left else status


def find_persist(weight: float | None, most: float | None) -> Persist | None:
    """What keeps plans near the base plan; None where neither option is given."""
    return None if weight is None and most is None else Persist(weight or 0.0, most)


def print_json(facts: Any) -> None:
    """One JSON object on standard output, and nothing else there.

    Other letters than those of ASCII are told by their codes: so it is the same in any encoding,
    and whoever reads it as JSON has every text as it stands in its cell.
    """
    results.write(json.dumps(facts, allow_nan=False) + "\n")


def make_teller(line: Any) -> Any:
    """Tells each step on standard error: in one line of a terminal, else line by line."""

    def tell(step: str) -> None:
        line.update(step)
        if not messages.is_terminal:
            messages.print(step)

    return tell
