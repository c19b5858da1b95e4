"""A report checked: its files against the answer that was kept, and that against a new solve."""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from cssopt.assembly.case import Case
from cssopt.document.document import Document, Pairs, Table
from cssopt.document.run_facts import PlanFacts, RunFacts
from cssopt.document.stored import read_document
from cssopt.errors import DataError
from cssopt.language import join_phrases, phrase, phrase_count
from cssopt.modeling.measures import MISSING_SHARE, POOLED_EXPENDITURE
from cssopt.questions.kept.differences import SAME, Compared, Difference, compare_tables
from cssopt.questions.kept.verify.ask_again import CannotAskError, ask_again
from cssopt.questions.question import Asking
from cssopt.render.edits import COMPARED, Edit, compare_values, find_edits
from cssopt.render.formats import FIGURES, FORMATS, describe_run, write_document
from cssopt.render.kept_run import find_run
from cssopt.render.place import is_as_written, list_earlier, name_stem, read_record
from cssopt.solution.plain import is_number
from cssopt.solution.run import ProgressCallback, tell_nothing
from cssopt.solution.versions import find_versions
from cssopt.solve.answer import StageResult
from cssopt.solve.outcome import Status

Outcome = Literal["matches", "differs", "cannot be told", "is other"]
"""What came of comparing one thing; ``is other``: it is not the same, which alone makes no figure
wrong."""

_FIRM: Final = (MISSING_SHARE, POOLED_EXPENDITURE, "objective")
"""Figures of a plan that are the same in all plans that are equally good."""


@dataclass(frozen=True)
class Finding:
    """What came of comparing one thing of a report.

    Attributes
    ----------
    subject: what was compared, in a few words. says: what was found, a sentence.
    """

    subject: str
    outcome: Outcome
    says: str


@dataclass(frozen=True)
class Verified:
    """What is found of a report.

    Attributes
    ----------
    facts: of its run. findings: in the order in which they were looked for.
    edits: places that were changed by hand. differences: cells that a new solve fills otherwise.
    kept, fresh: the answer as it was kept, and as it is worked out now; None where there is none.
    """

    facts: RunFacts | None
    findings: tuple[Finding, ...]
    edits: tuple[Edit, ...] = ()
    differences: tuple[Difference, ...] = ()
    kept: Document | None = field(default=None, repr=False)
    fresh: Document | None = field(default=None, repr=False)

    @property
    def outcome(self) -> Outcome:
        """Of all: it differs where anything does."""
        found = {one.outcome for one in self.findings}
        outcomes: tuple[Outcome, ...] = ("differs", "cannot be told")
        return next((one for one in outcomes if one in found), "matches")

    @property
    def status(self) -> Status:
        """As the ending of a command: 0 where it matches, 1 where it differs, 6 where that cannot
        be told."""
        endings = {"matches": Status.OPTIMAL, "differs": Status.ERROR}
        return endings.get(self.outcome, Status.FEASIBLE)


def check_report(report: Path, case: Case, tell: ProgressCallback = tell_nothing) -> Verified:
    """Look for what was changed by hand in the files of a report, then solve again and compare.

    Raises DataError (E-570) where no run is kept there.
    """
    record, kept_file = find_run(report)
    tell(phrase("comparing the files"))
    try:
        kept = read_document(kept_file)
    except DataError as error:
        told = phrase("It cannot be read: {why}", why=error.issues[0].text)
        return Verified(None, (Finding(kept_file.name, "differs", told),))
    findings, edits = _check_files(record, kept_file, kept)
    findings += _check_programs(kept.facts)
    findings.append(_check_inputs(kept.facts, case))
    try:
        asked = ask_again(kept.facts, case, tell)
    except CannotAskError as error:
        told = phrase("It was not solved again: {why}.", why=str(error).rstrip("."))
        findings.append(Finding(phrase("the solve"), "cannot be told", told))
        return Verified(kept.facts, tuple(findings), tuple(edits), kept=kept)
    fresh = _answer(asked)
    compared = [_leave_run(one, kept.facts, fresh.facts) for one in compare_tables(kept, fresh)]
    findings += _compare_answers(kept, fresh, compared)
    differences = tuple(cell for table in compared for cell in table.found)
    return Verified(kept.facts, tuple(findings), tuple(edits), differences, kept, fresh)


def _answer(asked: Asking) -> Document:
    question: Any = asked.options
    document: Document = question.show(question.find(asked), asked)
    return document


def _leave_run(compared: Compared, kept: RunFacts, fresh: RunFacts) -> Compared:
    """What differs in a table, but for what only says of which run it is: that is told apart."""
    return replace(
        compared,
        found=tuple(
            cell
            for cell in compared.found
            if not (isinstance(cell.first, str) and isinstance(cell.second, str))
            or _hide_run(cell.first, kept) != _hide_run(cell.second, fresh)
        ),
    )


def _hide_run(text: str, facts: RunFacts) -> str:
    """The text without the marks of its run: its id, when it began, inputs and programs."""
    begun = facts.begun.isoformat(sep=" ", timespec="minutes")
    for own in (facts.run_id, begun, facts.digest, facts.source_name, *facts.versions.values()):
        text = text.replace(own, "") if own else text
    return text


# Files.


def _check_files(record: Path, kept_file: Path, kept: Document) -> tuple[list[Finding], list[Edit]]:
    """Whether the files of a run are as it wrote them, and where they are not."""
    hashes = read_record(record).get("files", {})
    strange = _check_record(record, kept)
    is_whole = not strange and is_as_written(kept_file, record, kept.facts)
    findings, edits = [], list(strange)
    with tempfile.TemporaryDirectory(prefix="cssopt-") as folder:
        named = [name for name in hashes if name != kept_file.name]
        # A record may come from anywhere, and leads to no other folder.
        names = [name for name in named if Path(name).name == name]
        if len(names) < len(named):
            told = phrase("It names files in another folder.")
            findings.append(Finding(record.name, "differs", told))
        endings = {Path(name).suffix for name in names} & COMPARED.keys()
        formats = tuple(name for name in FORMATS if f".{name}" in endings)
        write_document(Path(folder), kept, formats, is_again=True)
        earlier = list_earlier(record)
        for name in names:
            now = record.with_name(name)
            if name in earlier and now.is_file():
                told = phrase("It is of an earlier run, whose answer is not kept any more.")
                findings.append(Finding(name, "cannot be told", told))
                continue
            is_recorded = now.is_file() and _hash(now) == hashes[name]
            written = Path(folder) / f"{kept.facts.file}{now.suffix}"
            own = _find_edits(now, written, is_recorded=is_recorded)
            if own and is_recorded and not is_whole:
                # The file is as it was written, and so it is the answer that was changed.
                own = [_turn(edit, kept_file.name) for edit in own]
            elif now.is_file():
                findings.append(_say_file(name, own, is_recorded=is_recorded))
            else:
                findings.append(Finding(name, "is other", phrase("It is not there any more.")))
            edits += own
    findings += _find_strangers(record, hashes)
    if strange:
        findings.append(_say_edited(record.name, strange))
    findings.append(_say_kept(kept_file.name, edits, is_whole=is_whole or bool(strange)))
    return findings, edits


def _find_strangers(record: Path, known: Mapping[str, Any]) -> Iterator[Finding]:
    """Files named as those of the run that its record does not tell of."""
    for ending in FORMATS:
        name = f"{name_stem(record.name)}.{ending}"
        if name not in known and record.with_name(name).is_file():
            told = phrase(
                "The run record does not name it: it was put there, or is of another run."
            )
            yield Finding(name, "cannot be told", told)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _find_edits(now: Path, written: Path, *, is_recorded: bool) -> list[Edit]:
    """Where a file is not what the kept answer gives; of a format that is not compared, whether it
    is the one that was written."""
    if not now.is_file():
        return []
    if written.is_file():
        return [] if _hash(now) == _hash(written) else find_edits(now, written)
    return [] if is_recorded else find_edits(now, now)


def _turn(edit: Edit, name: str) -> Edit:
    place = phrase("what {file} has at {place}", file=edit.file, place=edit.place)
    return Edit(name, place, edit.now, edit.written)


def _say_file(name: str, edits: list[Edit], *, is_recorded: bool) -> Finding:
    if edits:
        return _say_edited(name, edits)
    if is_recorded:
        if Path(name).suffix in COMPARED:
            return Finding(name, "matches", phrase("It is as it was written."))
        told = phrase("It has the hash of the run record; what stands in it was not compared.")
        return Finding(name, "matches", told)
    told = phrase("It was saved again; all that is compared in it is as it was.")
    return Finding(name, "is other", told)


def _say_kept(name: str, edits: list[Edit], *, is_whole: bool) -> Finding:
    """Of the file that keeps the answer."""
    own = [edit for edit in edits if edit.file == name]
    if own:
        return _say_edited(name, own)
    if is_whole:
        return Finding(name, "matches", phrase("It is as it was written."))
    told = phrase("It was changed since it was written: its record has another hash.")
    return Finding(name, "differs", told)


def _say_edited(name: str, edits: list[Edit]) -> Finding:
    told = phrase_count(
        "{count} place is not as it was written: {places}.",
        "{count} places are not as they were written: {places}.",
        len(edits),
        places=join_phrases([edit.place or phrase("the head") for edit in edits], 3),
    )
    return Finding(name, "differs", told)


def _check_record(record: Path, kept: Document) -> list[Edit]:
    """What a run record says otherwise than the answer that was kept with it."""
    told = json.loads(json.dumps(describe_run(kept)))
    now = read_record(record)
    return [
        Edit(record.name, place, was, is_now)
        for name, value in told.items()
        if name in now
        for place, was, is_now in compare_values(value, now[name], name)
    ]


# Programs and inputs.


def _check_programs(facts: RunFacts) -> list[Finding]:
    now, subject = find_versions(), phrase("the programs")
    others = [
        phrase("{name} {now}, then {then}", name=name, now=version, then=facts.versions.get(name))
        for name, version in now.items()
        if facts.versions.get(name) != version
    ]
    if others:
        told = phrase("Other versions: {versions}.", versions=join_phrases(others))
        return [Finding(subject, "is other", told)]
    return [Finding(subject, "matches", phrase("They are of the same versions."))]


def _check_inputs(facts: RunFacts, case: Case) -> Finding:
    subject = phrase("the inputs")
    if facts.digest == case.digest:
        return Finding(subject, "matches", phrase("They are the same file, by its SHA-256."))
    told = phrase(
        "{book} is not the file that was solved: its SHA-256 begins with {now}, then {then}.",
        book=Path(case.source).name,
        now=case.digest[:_SHOWN],
        then=facts.digest[:_SHOWN],
    )
    return Finding(subject, "differs", told)


_SHOWN: Final = 12
"""Signs of a hash that are told."""


# Answers.


def _compare_answers(
    kept: Document, fresh: Document, compared: list[Compared]
) -> Iterator[Finding]:
    """What the new answer says of the kept one: what is minimized first, then every figure."""
    stages = list(_compare_stages(kept.facts.plan, fresh.facts.plan))
    yield from stages
    if kept.facts.status != fresh.facts.status:
        told = phrase(
            "Solved again it ends {now}, not {then}.",
            now=fresh.facts.status,
            then=kept.facts.status,
        )
        yield Finding(phrase("the ending"), _if_open(kept, fresh), told)
    yield _compare_figures(kept, fresh, compared, stages)


def _if_open(kept: Document, fresh: Document) -> Outcome:
    """What a difference means: nothing certain where either answer is not proven."""
    is_proven = all(one.facts.status == Status.OPTIMAL for one in (kept, fresh))
    return "differs" if is_proven else "cannot be told"


def _compare_stages(kept: PlanFacts | None, fresh: PlanFacts | None) -> Iterator[Finding]:
    if kept is None or fresh is None:
        return
    for one, other in zip(kept.stages, fresh.stages, strict=False):
        outcome, told = compare_stage(one, other, max(kept.gap, fresh.gap))
        yield Finding(phrase("least {aim}", aim=one.name.replace("_", " ")), outcome, told)
        if outcome != "matches":
            return  # what comes after it is least under another condition


def compare_stage(kept: StageResult, fresh: StageResult, gap: float) -> tuple[Outcome, str]:
    """What the values that two runs reached say of each other, as far as they are proven."""
    parts = {"then": f"{kept.value:,.6g}", "now": f"{fresh.value:,.6g}"}
    if _is_near(kept.value, fresh.value, SAME):
        return "matches", phrase("{now}, as in the report.", **parts)
    is_proven = kept.status is Status.OPTIMAL and fresh.status is Status.OPTIMAL
    if is_proven and math.isfinite(gap) and _is_near(kept.value, fresh.value, max(gap, SAME)):
        return "matches", phrase("{now}, in the report {then}: as near as is proven.", **parts)
    # No plan is better than a bound that was proven, so that one value below it is wrong.
    beats = (kept.value, fresh.bound), (fresh.value, kept.bound)
    if is_proven or any(_is_below(value, bound) for value, bound in beats):
        return "differs", phrase("{now}, in the report {then}.", **parts)
    told = phrase("{now}, in the report {then}: neither is proven to be the least.", **parts)
    return "cannot be told", told


def _is_near(one: float, other: float, share: float) -> bool:
    return math.isclose(one, other, rel_tol=share, abs_tol=1e-9)


def _is_below(value: float, bound: float) -> bool:
    return math.isfinite(bound) and value < bound - SAME * max(1.0, abs(bound))


def _compare_figures(
    kept: Document, fresh: Document, compared: list[Compared], stages: list[Finding]
) -> Finding:
    """What the cells that differ come to."""
    subject = phrase("the figures")
    cells, found = sum(t.cells for t in compared), [c for t in compared for c in t.found]
    if not found:
        told = phrase_count("{count} cell is the same.", "All {count} cells are the same.", cells)
        return Finding(subject, "matches", told)
    told = phrase_count(
        "{count} of {cells} cells differs.", "{count} of {cells} cells differ.", len(found),
        cells=cells,
    )  # fmt: skip
    is_same_question = kept.facts.digest == fresh.facts.digest
    is_as_good = bool(stages) and all(one.outcome == "matches" for one in stages)
    if not (is_same_question and is_as_good) or not _has_same_totals(kept, fresh):
        return Finding(subject, _if_open(kept, fresh), told)
    more = phrase(
        "What is minimized is the same: an equally good plan divides it otherwise, or these cells "
        "were changed."
    )
    return Finding(subject, "cannot be told", f"{told} {more}")


def _has_same_totals(kept: Document, fresh: Document) -> bool:
    """True where the figures that all equally good plans share are the same."""
    one, other = (_read_figures(document) for document in (kept, fresh))
    share = max(SAME, *(p.gap for d in (kept, fresh) if (p := d.facts.plan) and p.gap < 1))
    firm = [name for name in one if name in _FIRM or name.endswith(f".{POOLED_EXPENDITURE}")]
    return all(
        _is_near(one[name], other[name], share)
        for name in firm
        if is_number(one[name]) and is_number(other.get(name))
    )


def _read_figures(document: Document) -> Mapping[str, Any]:
    table: Table | Pairs | None = document.tables.get(FIGURES)
    return {one.label: one.value for one in table.pairs} if isinstance(table, Pairs) else {}
