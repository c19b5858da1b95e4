"""What-ifs: the base plan and the plans of changed inputs, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cssopt.api.cases import Case, find_rules
from cssopt.api.verbs import Solution, solve
from cssopt.errors import CssoptError, DataError
from cssopt.issues import Issue
from cssopt.report.comparison import write_comparison
from cssopt.report.facts import RunFacts
from cssopt.solution.comparison import Comparison, Variant
from cssopt.solution.run import Tell
from cssopt.tables.check import check_data
from cssopt.tables.nearest import nearest_name
from cssopt.tables.patch import Step, Touched, patch_tables
from cssopt.tables.scenarios import read_set, read_sheet, read_toml

COMMAND_LINE = "command line"
"""Name of the scenario that `--set` makes."""

_SILENT: Tell = lambda _step: None  # noqa: E731


def find_scenarios(case: Case, file: str | Path | None = None) -> dict[str, tuple[Step, ...]]:
    """The scenarios of the workbook's sheet, and of a TOML file where one is named.

    Raises DataError for what is wrong with them, or for a name that both have.
    """
    found = read_sheet(case.data)
    if file is not None:
        more = read_toml(Path(file))
        if doubled := sorted(set(found) & set(more)):
            text = f'the scenario "{doubled[0]}" stands in the workbook too. Rename one of them.'
            raise DataError([Issue("E-509", Path(file).name, text)])
        found |= more
    return found


def change(case: Case, steps: Sequence[Step]) -> tuple[Case, tuple[Touched, ...]]:
    """A new case with the steps applied in order and checked by the same rules.

    Returns the case and every cell that differs. Raises DataError where a step touches nothing or
    cannot be made, or where the changed tables break a rule. The case given is never changed.
    """
    data, touched = patch_tables(case.data, steps)
    issues = check_data(data, find_rules(case.folders))
    if errors := [issue for issue in issues if issue.code.startswith("E")]:
        raise DataError(errors, case.source)
    return replace(case, data=data, warnings=tuple(issues)), touched


def whatif(
    case: Case,
    scenarios: Mapping[str, Sequence[Step]],
    study: str | Path = "pooled",
    members: Sequence[str] | None = None,
    *,
    tell: Tell = _SILENT,
) -> Comparison:
    """Solve the base and each scenario, and put them side by side.

    A scenario that cannot be made or solved is a variant with its reason, and stops no other.
    Members that a scenario drops leave the coalition too.
    """
    tell("base")
    base = solve(case, study, members)
    variants = []
    for name, steps in scenarios.items():
        tell(name)
        touched: tuple[Touched, ...] = ()
        try:
            changed, touched = change(case, steps)
            known = changed.data.members.keys
            kept = None if members is None else [m for m in members if m in known]
            variants.append(Variant(name, tuple(steps), touched, solve(changed, study, kept)))
        except CssoptError as error:
            variants.append(Variant(name, tuple(steps), touched, None, str(error)))
    return Comparison(base, tuple(variants))


def read_changes(texts: Sequence[str]) -> tuple[Step, ...]:
    """Steps as they are written on the command line: ``table[column=value].column=value``."""
    return tuple(map(read_set, texts))


def pick_scenarios(
    known: Mapping[str, Sequence[Step]], names: Sequence[str]
) -> dict[str, Sequence[Step]]:
    """The scenarios of these names, all of them where none is named; DataError for unknown ones."""
    issues = [
        Issue("E-512", "--scenario", f'"{name}" is no scenario.{nearest_name(name, known)}')
        for name in names
        if name not in known
    ]
    if issues:
        raise DataError(issues)
    return {name: known[name] for name in (names or known)}


def report_whatif(case: Case, comparison: Comparison, path: str | Path) -> None:
    """Write the comparison workbook; ReportError where it cannot be written."""
    base = comparison.base
    assert isinstance(base, Solution)
    facts = RunFacts(
        source=case.source,
        digest=case.digest,
        begun=case.begun,
        options={"study": base.study.name, "members": ", ".join(base.coalition)},
        issues=(*case.warnings, *case.notes),
        seconds=base.seconds,
    )
    write_comparison(Path(path), comparison, facts)
