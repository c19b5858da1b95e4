"""What the terminal shows beside answers: issues, and what audits came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console

from cssopt.issues import Issue, Severity
from cssopt.profile import Profile, SolverRun, find_peak
from cssopt.render.screen import ScreenTable

if TYPE_CHECKING:
    from cssopt.solution.verdicts import Audits

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def print_issues(console: Console, issues: Iterable[Issue]) -> None:
    """One line per issue, as it stands: texts of the inputs are never read as markup."""
    for issue in issues:
        console.print(str(issue), style=_STYLES[issue.severity], markup=False)


def sum_up(issues: Sequence[Issue]) -> str:
    """How many errors and warnings there are, and that more may be found once errors are gone."""
    count = {kind: sum(issue.severity is kind for issue in issues) for kind in _STYLES}
    errors, warnings = (_count(count[kind], kind) for kind in (Severity.ERROR, Severity.WARNING))
    told = f"{errors}, {warnings}." if count[Severity.WARNING] else f"{errors}."
    # Rules over several cells, and magnitudes, are judged only where the cells can be read.
    more = " Mend what is told and check again: some checks wait for it."
    return told + more if count[Severity.ERROR] else told


def _count(number: int, kind: Severity) -> str:
    return f"{number or 'no'} {kind}{'' if number == 1 else 's'}"


def print_audits(console: Console, audits: Audits) -> None:
    """What the audits came to: in red where one failed."""
    style = "bold red" if audits.failed else "dim"
    console.print(audits.told, style=style, markup=False)


def print_whole(console: Console, table: ScreenTable) -> None:
    """A table, never cropped: where it is wider than the screen, its rows run over."""
    console.print(table, crop=False)


_MOST_RUNS: Final = 30
"""Runs of the solver that are told one by one: the longest."""

_LEAST_TOLD: Final = 0.005
"""Seconds from which a component is told by its name: less would be written as 0.00."""


def print_profile(console: Console, profile: Profile) -> None:
    """Where time and memory went: by phase, by component, and by run of the solver."""
    whole = max(profile.seconds, 1e-9)
    peak = find_peak()
    told = "" if peak is None else f", at most {peak:,.0f} MB"
    console.print(f"\nProfile: {whole:.2f} s of processor{told}", style="bold", markup=False)
    print_whole(console, _tell_phases(profile, whole))
    if profile.parts:
        console.print("\nSeconds by component and hook", style="bold", markup=False)
        print_whole(console, _tell_parts(profile.parts))
    if profile.runs:
        console.print("\nRuns of HiGHS", style="bold", markup=False)
        print_whole(console, _tell_runs(profile.runs))


def _tell_phases(profile: Profile, whole: float) -> ScreenTable:
    table = ScreenTable()
    table.add_column("phase", no_wrap=True)
    for head in ("times", "seconds", "share", "memory"):
        table.add_column(head, justify="right")

    def add(name: str, times: str, seconds: float, raised: float | None) -> None:
        memory = "" if raised is None else f"+{raised:,.0f} MB"
        table.add_row(name, times, f"{seconds:.2f}", f"{seconds / whole:.0%}", memory)

    for path, part in profile.phases.items():
        name = "  " * (len(path) - 1) + path[-1]
        add(name, f"{part.times:,}", part.seconds, part.raised)
    known = sum(part.seconds for path, part in profile.phases.items() if len(path) == 1)
    add("the rest", "", max(0.0, whole - known), None)
    add("HiGHS in all", f"{len(profile.runs):,}", profile.seconds_inside, None)
    if profile.seconds_of_others:
        add("in other processes", "", profile.seconds_of_others, None)
    return table


def _tell_parts(parts: Mapping[tuple[str, str], float]) -> ScreenTable:
    """Seconds of each hook of each component, the dearest component first."""
    hooks = list(dict.fromkeys(hook for hook, _ in parts))
    totals: dict[str, float] = {}
    for (_, name), seconds in parts.items():
        totals[name] = totals.get(name, 0.0) + seconds
    table = ScreenTable()
    table.add_column("component", no_wrap=True)
    for head in (*hooks, "all"):
        table.add_column(head, justify="right")
    shown = [name for name in totals if totals[name] >= _LEAST_TOLD]
    for name in sorted(shown, key=lambda name: -totals[name]):
        each = [parts.get((hook, name)) for hook in hooks]
        cells = ("" if found is None else f"{found:.2f}" for found in [*each, totals[name]])
        table.add_row(name, *cells)
    if left := [totals[name] for name in totals if name not in shown]:
        table.add_row(f"{len(left)} others", *[""] * len(hooks), f"{sum(left):.2f}")
    return table


def _tell_runs(runs: Sequence[SolverRun]) -> ScreenTable:
    """The longest runs, in the order in which they were made."""
    table = ScreenTable()
    for head in ("seconds", "rows", "columns"):
        table.add_column(head, justify="right")
    for head in ("steps", "ended", "about"):
        table.add_column(head)
    longest = sorted(range(len(runs)), key=lambda place: -runs[place].seconds)[:_MOST_RUNS]
    for run in (runs[place] for place in sorted(longest)):
        size = f"{run.rows:,}", f"{run.columns:,}"
        table.add_row(f"{run.seconds:.2f}", *size, _tell_steps(run), run.ended, run.about)
    if left := [run.seconds for place, run in enumerate(runs) if place not in longest]:
        table.add_row(f"{sum(left):.2f}", "", "", "", "", f"{len(left):,} shorter runs")
    return table


def _tell_steps(run: SolverRun) -> str:
    """The steps that a run took, of each kind that it took."""
    kinds = {
        "nodes": run.nodes,
        "interior point": run.interior_point,
        "crossover": run.crossover,
        "simplex": run.simplex,
    }
    told = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items() if count)
    return told or f"none ({run.method})"
