"""The command whatif: the base plan and the plans of changed inputs, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from cssopt import interrupt
from cssopt.assembly.case import Case
from cssopt.assembly.changes import (
    change,
    find_scenarios,
    join_scenarios,
    pick_scenarios,
    read_changes,
)
from cssopt.assembly.standard_questions import EVERY_QUESTION
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.questions.command import (
    COUNT,
    AsJson,
    Book,
    Gap,
    Members,
    Models,
    PersistMost,
    PersistWeight,
    ScenarioFile,
    StudyName,
    TimeLimit,
    app,
    deliver,
    find_folder,
    find_persist,
    list_options,
    make_teller,
    open_case,
    split_names,
    telling,
)
from cssopt.questions.whatif import ask, standard
from cssopt.questions.whatif.standard import QUESTIONS
from cssopt.questions.whatif.terminal import print_comparison
from cssopt.render.screen import messages, results
from cssopt.render.terminal import print_issues
from cssopt.runs.solve_case import DEFAULT_GAP, Solution, find_processes, solve
from cssopt.solve.outcome import Status
from cssopt.tables.patch import Step

_WRONG_CALL = 2
_KINDS = " ".join(f"{kind}: {text}" for kind, text in QUESTIONS.items())

Scenario = Annotated[
    list[str] | None,
    typer.Option("--scenario", help="A scenario of the workbook or file. Default: all."),
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="A change: table[column=value].column=value, or *=, or +=; "
        "+table[column=value; ...] adds a row and -table[column=value] drops rows. All of them "
        "make one scenario. A point is "
        "the decimal mark; names with signs stand in double quotes.",
    ),
]
Questions = Annotated[
    list[str] | None,
    typer.Option("--ask", help=f'A standard question, or "{EVERY_QUESTION}". {_KINDS}'),
]
Processes = Annotated[
    int | None,
    typer.Option("--processes", **COUNT, help="Scenarios solved at a time. Default: what pays."),
]
Folder = Annotated[
    Path | None, typer.Option("--out", help="Folder. Default: reports/<book>-whatif.")
]


@app.command()
def whatif(
    context: typer.Context,
    book: Book,
    scenario: Scenario = None,
    scenarios: ScenarioFile = None,
    changes: Changes = None,
    asked: Questions = None,
    persist: PersistWeight = None,
    most: PersistMost = None,
    study: StudyName = DEFAULT_STUDY,
    members: Members = None,
    gap: Gap = DEFAULT_GAP,
    time_limit: TimeLimit = None,
    processes: Processes = None,
    out: Folder = None,
    as_json: AsJson = False,
    models: Models = None,
) -> None:
    """Compare the base plan with what-ifs: what was changed, and what it did.

    Without --scenario it compares all scenarios of the workbook and the file, but for --set and
    --ask alone.
    """
    path = find_folder(out, book, "whatif") / "comparison.xlsx"
    case = open_case(context, book, models, "whatif", path)
    kinds = ask.pick_questions(asked or (), case.folders)
    every = scenarios is not None or not (changes or asked)
    chosen = _choose(case, scenario, scenarios, changes, every=every)
    if not chosen and not kinds:
        messages.print("There is no scenario: fill in the sheet scenarios, or use --set or --ask.")
        raise typer.Exit(_WRONG_CALL)
    near = find_persist(persist, most)
    names = split_names(members)
    with telling(as_json=as_json) as on_base, messages.status("reading") as line:
        tell = make_teller(line)
        base = solve(
            case, study, names, gap=gap, time_limit=time_limit, tell=tell, concessions=False
        )
        on_base(base)
        chosen = join_scenarios(chosen, *(_ask(kind, base) for kind in kinds))
        count = processes or find_processes(base, len(chosen))
        comparison = ask.whatif(case, chosen, base=base, persist=near, processes=count, tell=tell)
    lost = any(variant.solution is None for variant in comparison.variants)
    failed = lost and not interrupt.came()
    deliver(
        "Comparison",
        lambda: ask.report_whatif(case, comparison, path, list_options(context)),
        as_json=as_json,
        facts=lambda: comparison.facts(),
        table=lambda: print_comparison(results, comparison),
        audits=lambda: comparison.audits,
        status=Status.ERROR if failed else base.status,
    )


def _choose(
    case: Case,
    names: Sequence[str] | None,
    file: Path | None,
    changes: Sequence[str] | None,
    *,
    every: bool,
) -> dict[str, tuple[Step, ...]]:
    """The scenarios of these names, or every one, and that of the command line.

    The latter is tried first: what is wrong with it is told before anything is solved.
    """
    known = find_scenarios(case, file)
    picked = pick_scenarios(known, names or ()) if names or every else {}
    if not changes:
        return join_scenarios(picked)
    steps = read_changes(changes, case)
    changed, _ = change(case, steps)
    print_issues(messages, changed.notes[len(case.notes) :])
    return join_scenarios(picked, {ask.COMMAND_LINE: steps})


def _ask(kind: str, base: Solution) -> Mapping[str, Sequence[Step]]:
    """The scenarios of a standard question; a message where it has no meaning here."""
    asked = standard.ask(kind, base)
    if not asked:
        messages.print(f"--ask {kind}: the base plan gives no occasion for this question.")
    return asked
