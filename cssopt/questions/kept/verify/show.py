"""What is found of a report, as a document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from cssopt.assembly.case import Case
from cssopt.document.document import Column, Document, Mark, Note, Sheet, Table
from cssopt.document.run_facts import RunFacts
from cssopt.language import phrase, phrase_count
from cssopt.questions.kept.verify.check import Outcome, Verified
from cssopt.solution.plain import is_number
from cssopt.solution.verdicts import Audits

_MARKS: Final[dict[Outcome, Mark]] = {
    "matches": "good",
    "differs": "bad",
    "cannot be told": "warn",
    "is other": "changed",
}

_MOST: Final = 10_000
"""Places that are listed."""


def show_verified(found: Verified, case: Case) -> Document:
    """The verdict, what was compared, the places that were changed, and the figures that differ."""
    told = found.facts
    facts = RunFacts(
        source=case.source,
        digest=case.digest,
        question="verify",
        begun=datetime.now(UTC),
        options={"run": "" if told is None else told.run_id},
        audits=Audits() if found.fresh is None else found.fresh.facts.audits,
        status=str(found.status),
    )
    kept = found.kept
    return Document(
        title=phrase("A report, and {book}", book=facts.source_name),
        verdict=_say(found),
        sheets=(_show_findings(found), _show_edits(found), _show_differences(found)),
        facts=facts,
        mark=_MARKS[found.outcome],
        marking="" if kept is None else kept.marking,
        measure="" if kept is None else kept.measure,
    )


def _say(found: Verified) -> str:
    """The finding: edits first, as nothing else of a changed report counts."""
    if found.edits:
        return phrase_count(
            "The report was changed in {count} place since it was written: do not use it.",
            "The report was changed in {count} places since it was written: do not use it.",
            len(found.edits),
        )
    if found.outcome == "differs":
        subjects = [one.subject for one in found.findings if one.outcome == "differs"]
        return phrase("The report differs in this: {things}.", things="; ".join(subjects))
    if found.outcome == "cannot be told":
        return phrase("Nothing in the report was found wrong, but not all of it can be confirmed.")
    return phrase("The report is as it was written, and a new solve finds the same.")


def _say_outcome(outcome: Outcome) -> str:
    if outcome == "matches":
        return phrase("matches")
    if outcome == "differs":
        return phrase("DIFFERS")
    if outcome == "cannot be told":
        return phrase("cannot be told")
    return phrase("is other")


def _show_findings(found: Verified) -> Sheet:
    columns = (
        Column("compared", "text", phrase("compared")),
        Column("outcome", "text", phrase("outcome")),
        Column("says", "sentence", phrase("what was found")),
    )
    rows = tuple((one.subject, _say_outcome(one.outcome), one.says) for one in found.findings)
    marks = {(i, "outcome"): _MARKS[one.outcome] for i, one in enumerate(found.findings)}
    table = Table("verified", columns, rows, marks=marks)
    told = phrase("What was compared: files with the kept answer, and that with a new solve.")
    return Sheet(phrase("Verified"), told, (table,), on_screen=True)


def _show_edits(found: Verified) -> Sheet:
    columns = (
        Column("file", "text", phrase("file")),
        Column("place", "text", phrase("place")),
        Column("written", "sentence", phrase("as written")),
        Column("now", "sentence", phrase("as it stands there")),
    )
    rows = tuple(
        (one.file, one.place, _tell(one.written), _tell(one.now)) for one in found.edits[:_MOST]
    )
    marks: Any = {(i, "now"): "bad" for i in range(len(rows))}
    table = Table("edits", columns, rows, marks=marks)
    return Sheet(
        phrase("Edits"),
        phrase("Places in the files that are not as they were written."),
        (*_say_more(len(found.edits)), table),
        on_screen=bool(rows),
    )


def _show_differences(found: Verified) -> Sheet:
    columns = (
        Column("table", "text", phrase("table")),
        Column("row", "text", phrase("row")),
        Column("column", "text", phrase("column")),
        Column("report", "number", phrase("in the report")),
        Column("now", "number", phrase("solved again")),
        Column("more", "number", phrase("solved again less report")),
    )
    rows = tuple(
        (one.table, one.row, one.column.heading, one.first, one.second, one.more)
        for one in found.differences[:_MOST]
    )
    table = Table("differences", columns, rows, in_view=3)
    return Sheet(
        phrase("Differences"),
        phrase("Figures that a new solve finds otherwise."),
        (*_say_more(len(found.differences)), table),
        on_screen=bool(rows),
    )


def _say_more(count: int) -> tuple[Note, ...]:
    if count <= _MOST:
        return ()
    told = phrase_count(
        "{count} more is not listed.", "{count} more are not listed.", count - _MOST
    )
    return (Note(told, "warn"),)


def _tell(value: Any) -> str:
    """What stands in a place, as text: a digit that was changed is not rounded away."""
    if value is None:
        return phrase("nothing")
    return repr(value) if is_number(value) else str(value)
