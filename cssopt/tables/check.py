"""Checking a whole book in one pass: every issue at once, no issue twice."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cssopt.errors import CssoptError, ModelError
from cssopt.issues import Issue
from cssopt.tables.book_checks import Check, Fault
from cssopt.tables.bounds import find_too_large
from cssopt.tables.convert import means_nothing, quote, say_nothing
from cssopt.tables.data import Data, TableData
from cssopt.tables.gather import Finding, gather, shorten
from cssopt.tables.magnitudes import check_magnitudes
from cssopt.tables.match import match_sheets
from cssopt.tables.misplaced import tell_misplaced
from cssopt.tables.nearest import find_nearest
from cssopt.tables.raw import RawBook
from cssopt.tables.read_rows import read_rows
from cssopt.tables.rows import Rows
from cssopt.tables.spec import Column, Table
from cssopt.tables.tidy import fold_name

_MOST_HINTS = 60
"""Different names for which the nearest is looked up, which takes some milliseconds each."""


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Parameters
    ----------
    data : Data | None
        The typed tables; None where there is an error.
    issues : tuple[Issue, ...]
        Errors and warnings, in the order of the book.
    notes : tuple[Issue, ...]
        What was tidied or not read.
    """

    data: Data | None
    issues: tuple[Issue, ...]
    notes: tuple[Issue, ...]


def check_book(raw: RawBook, tables: Mapping[str, Table], checks: Sequence[Check] = ()) -> Checked:
    """Type and check every sheet of a book against the declared tables.

    Finds every fault of cells, keys and references in one pass; rules over the whole book run
    where no cell is at fault.
    """
    sheets, issues, notes = match_sheets(raw, tables)
    for doubt in raw.doubts:
        (notes if doubt.code.startswith("N") else issues).append(doubt)
    too_large = find_too_large(sheets, tables)
    issues += too_large.values()
    typed = {}
    for name, spec in tables.items():
        if name in too_large or (name in sheets and sheets[name].fault is not None):
            # Its rows may be cut short; what they lack would be told over and over.
            typed[name] = Rows(spec, complete=False)
        elif name in sheets:
            typed[name] = read_rows(sheets[name], spec)
        else:
            typed[name] = Rows(spec, complete=spec.optional)
    for rows in typed.values():
        _settle_references(rows, typed)
    for rows in typed.values():
        _settle_groups(rows)
        _drop_totals(rows, typed)
    for rows in typed.values():
        if not (rows.spec.vertical and rows.columns):
            rows.key_by()
    findings: list[Finding] = []
    hints: dict[tuple[str, str], str | None] = {}
    for rows in typed.values():
        findings += rows.findings + _check_references(rows, typed, hints)
        notes += rows.notes
    issues = _in_order(issues + gather(tell_misplaced(findings, typed)), raw)
    notes = shorten(_in_order(notes, raw))
    if any(issue.code.startswith("E") for issue in issues):
        return Checked(None, tuple(shorten(issues)), tuple(notes))
    data = Data({n: TableData(rows.spec, rows.columns, rows.places) for n, rows in typed.items()})
    told = _check_sense(data, checks)
    wrong = any(issue.code.startswith("E") for issue in told)
    for one in told:
        (notes if one.code.startswith("N") else issues).append(one)
    notes, issues = (shorten(_in_order(own, raw)) for own in (notes, issues))
    return Checked(None if wrong else data, tuple(issues), tuple(notes))


def check_data(data: Data, checks: Sequence[Check] = ()) -> list[Issue]:
    """Check typed tables that were changed: keys that refer, and the rules over the whole book."""
    typed = {
        name: Rows(
            table.spec, [], {n: dict(c) for n, c in table.columns.items()}, dict(table.places)
        )
        for name, table in data.tables.items()
    }
    for rows in typed.values():
        for column in rows.spec.columns:
            for key in rows.columns[column.name]:
                rows.places.setdefault((key, column.name), rows.spec.name)
    found = [finding for rows in typed.values() for finding in _check_references(rows, typed, {})]
    told = gather(found) or _check_sense(data, checks)
    return shorten([issue for issue in told if not issue.code.startswith("N")])


def _check_sense(data: Data, checks: Sequence[Check]) -> list[Issue]:
    """Rules over the whole book. What looks odd is only worth telling of one that makes sense."""
    told = check_rules(data, (rule for rule in checks if rule.code.startswith("E")))
    if told:
        return told
    doubts = check_rules(data, (rule for rule in checks if not rule.code.startswith("E")))
    # A number of which a rule has more to say is not told a second time for its magnitude.
    judged = {cell for issue in doubts for cell in (issue.where, *issue.cells)}
    return [issue for issue in check_magnitudes(data) if issue.where not in judged] + doubts


def _in_order(issues: Iterable[Issue], raw: RawBook) -> list[Issue]:
    """Errors first, then in the order of the sheets."""
    place = {name: position for position, name in enumerate(raw.sheets)}

    def rank(issue: Issue) -> tuple[bool, int]:
        sheet = issue.where.rpartition("!")[0] or issue.where
        return not issue.code.startswith("E"), place.get(sheet, -1)

    return sorted(issues, key=rank)


def check_rules(data: Data, checks: Iterable[Check]) -> list[Issue]:
    """The issues of rules over the whole book, each at the cell that its fault names."""
    return gather(
        Finding(
            Issue(
                rule.code,
                data.tables[fault.table].where(fault.key, fault.column),
                f"{fault.column}: {fault.text}",
            ),
            (rule.code, fault.table, fault.column) if rule.one_cause else None,
        )
        for rule in checks
        for fault in _find_faults(rule, data)
    )


def _find_faults(rule: Check, data: Data) -> list[Fault]:
    """What a rule finds; ModelError where the rule itself breaks."""
    try:
        faults = list(rule.find(data))
        for fault in faults:
            data.tables[fault.table].where(fault.key, fault.column)
    except CssoptError:
        raise
    except Exception as error:
        code = getattr(rule.find, "__code__", None)
        place = f"{code.co_filename}: " if code is not None else ""
        text = f"{place}the rule {rule.code} breaks down: {type(error).__name__}: {error}"
        raise ModelError(text) from error
    return faults


def _settle_references(rows: Rows, typed: Mapping[str, Rows]) -> None:
    """Names that differ from the one they mean only by case, accents or spaces become that one."""
    for column in rows.spec.columns:
        target = typed.get(column.refers_to or "")
        if target is None or target is rows:
            continue
        first = target.spec.key[0]
        known = [record.values[first] for record in target.records if first in record.values]
        exact = set(known)
        folded: dict[str, set[str]] = {}
        for name in known:
            folded.setdefault(fold_name(name), set()).add(name)
        for record in rows.records:
            name = record.values.get(column.name)
            if not isinstance(name, str) or name in exact or (column.wildcard and name == "*"):
                continue
            alike = folded.get(fold_name(name), set())
            if len(alike) == 1:
                (meant,) = alike
                record.values[column.name] = meant
                text = f'{column.name}: "{name}" is read as "{meant}"'
                rows.notes.append(Issue("N-103", record.where[column.name], text))


def _settle_groups(rows: Rows) -> None:
    """One name of a group of rows, such as a situation, in several letters is the first of them."""
    first = rows.spec.key[0] if len(rows.spec.key) > 1 else None
    if first is None or rows.spec.column(first).refers_to or rows.spec.column(first).choices:
        return
    meant: dict[str, str] = {}
    for record in rows.records:
        name = record.values.get(first)
        if not isinstance(name, str):
            continue
        known = meant.setdefault(fold_name(name), name)
        if known != name:
            record.values[first] = known
            text = f'{first}: "{name}" is read as "{known}"'
            rows.notes.append(Issue("N-103", record.where[first], text))


def _drop_totals(rows: Rows, typed: Mapping[str, Rows]) -> None:
    """Complete rows that look like totals are dropped and told, unless other sheets name them."""
    if not rows.doubted:
        return
    key = rows.spec.key[0] if rows.spec.key else ""
    named = {
        other.values.get(column.name)
        for table in typed.values()
        for column in table.spec.columns
        if column.refers_to == rows.spec.name and len(rows.spec.key) == 1
        for other in table.records
    }
    dropped = set()
    for record, finding in rows.doubted:
        if record.values.get(key) not in named:
            dropped.add(id(record))
            rows.findings.append(finding)
    rows.records = [record for record in rows.records if id(record) not in dropped]


def _check_references(
    rows: Rows, typed: Mapping[str, Rows], hints: dict[tuple[str, str], str | None]
) -> list[Finding]:
    """Names that no row has; `hints` keeps those that are likely meant, by table and name."""
    findings = []
    for column in rows.spec.columns:
        target = typed.get(column.refers_to or "")
        if target is None or not target.complete:
            # A faulty table is told once, there; names that refer to it are not judged.
            continue
        known = target.columns[target.spec.key[0]]
        for key, name in rows.columns[column.name].items():
            if name is None or name in known or (column.wildcard and name == "*"):
                continue
            if fold_name(name) in target.totals:
                continue  # Its row there is told to be a total.
            wanted = target.spec.name, name
            if wanted not in hints and len(hints) < _MOST_HINTS:
                hints[wanted] = _find_near(name, target)
            near = hints.get(wanted)
            issue = _unknown_reference(rows.places[key, column.name], column, name, target, near)
            # Of a sheet without rows all names are missing, for one reason.
            cause: Hashable = ("E-121", target.spec.name, fold_name(name) if known else None)
            if means_nothing(name, column):
                cause = ("nothing", quote(name))
            findings.append(Finding(issue, cause, 2))
    return findings


def _unknown_reference(
    where: str, column: Column, name: str, target: Rows, near: str | None
) -> Issue:
    if means_nothing(name, column):
        return Issue("E-121", where, f"{column.name} = {quote(name)} {say_nothing(column)}")
    key = target.spec.key[0]
    known = target.columns[key]
    if known:
        first, last = (target.places[k, key] for k in (next(iter(known)), next(reversed(known))))
        span = f"{first}:{last.split('!')[-1]}" if len(known) > 1 else first
    else:
        span = f"{target.spec.name} (which has no rows)"
    hint = f' Did you mean "{near}" ({target.places[near, key]})? Or add' if near else " Add"
    text = f"{column.name} = {quote(name)} is not in {span}.{hint} it there."
    return Issue("E-121", where, text)


def _find_near(name: str, target: Rows) -> str | None:
    """The name in another sheet that is likely meant."""
    return find_nearest(name, target.columns[target.spec.key[0]]) or _find_by_name(name, target)


def _find_by_name(name: str, target: Rows) -> str | None:
    """The row that has this as its long name, where a row is meant by its short code."""
    names = target.columns.get("name", {})
    return next(
        (key for key, long in names.items() if fold_name(str(long)) == fold_name(name)), None
    )
