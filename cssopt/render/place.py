"""Where the files of an answer go: nothing that stands there is lost, nor what was solved.

An earlier report is replaced where it answers the same question about the same input and nobody
changed it since; the run record beside it tells. Otherwise the new report gets a number.

The files of a run take their places together, the record first. It has the hash of each, and of
what each replaces, so that after a kill between two of them the next run knows both; all have one
run id, by which a reader sees that such a pair is of two runs.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from cssopt import interrupt
from cssopt.document.run_facts import RunFacts, describe_run_facts
from cssopt.errors import ReportError
from cssopt.render.atomic import (
    open_folder,
    read_written,
    replace_file,
    told_if_refused,
    try_to_write,
    write_together,
)
from cssopt.solve.outcome import Status

_QUESTION, _SCOPE, _ORIGIN = "question", "scope", "origin"
_FILES, _REPLACED, _RUN = "files", "replaced", "run_id"
"""Entries of a run record that tell whether a report may be replaced."""

_STATUS, _AUDITS, _PLANS = "status", "audits", "plans"
"""Entries of a run record: how the answer ended, and of how many plans it shows figures."""

_KNOWN = (Status.OPTIMAL, Status.FEASIBLE, Status.INFEASIBLE, Status.UNBOUNDED)
"""How an answer ends that knows something, whatever it shows."""

_EARLIER = "of_earlier_runs"
"""Entry of a run record: names of its files that a run before it wrote, in other formats."""

_KEPT = "answer"
"""Entry of a run record: the file that keeps the answer, whole."""

_CUT = "-interrupted"
"""What the names of files end with whose run was."""

_LARGEST_RECORD = 2**26
"""Bytes; what is larger is no run record."""

_LOCKS = ("~${}", ".~lock.{}#")
"""Names of the files by which spreadsheet programs say that they have a workbook open."""


@dataclass(frozen=True)
class OutputPlace:
    """Where an answer is written.

    Attributes
    ----------
    path: the workbook.
    replaces: True where an earlier report stands there, of the same question and input.
    was_cut_off: True where the run that wrote it last was killed between two of its files.
    stays: an earlier file of the wanted name that is left alone, and why; empty where none is.
    """

    path: Path
    replaces: bool = False
    stays: str = ""
    was_cut_off: bool = False

    @property
    def record(self) -> Path:
        """The run record beside the workbook: run.json beside report.xlsx."""
        return self.path.with_name(_name_record(self.path.stem, "run"))

    def beside(self, name: str) -> Path:
        """A further file of the answer, with what the name of the first ends with: that it was
        interrupted, and its number."""
        number = re.search(r"-\d+$", self.path.stem) if self.stays else None
        own = self.path.stem.removesuffix(number[0] if number else "")
        cut = _CUT if own.endswith(_CUT) else ""
        stem, _, ending = name.rpartition(".")
        return self.path.with_name(f"{stem}{cut}{number[0] if number else ''}.{ending}")

    @property
    def told(self) -> str:
        """The workbook, and what became of an earlier one."""
        replaced = " (replaced)" if self.replaces else ""
        if self.was_cut_off:
            replaced = " (replaced; an earlier run was cut off while it replaced it)"
        return f"{self.path}{replaced}{f'. {self.stays}' if self.stays else ''}"


def _name_record(stem: str, what: str) -> str:
    """Name of a file beside a workbook, or beside the kept answer where that stands for one:
    run-2.json beside report-2.xlsx."""
    if kept := re.fullmatch(r"(?:(.+)-)?answer(-interrupted)?(-\d+)?", stem, re.DOTALL):
        stem = f"{kept[1] or 'report'}{kept[2] or ''}{kept[3] or ''}"
    own = re.fullmatch(r"report(-\d+)?", stem)
    return f"{what}{own[1] or ''}.json" if own else f"{stem}-{what}.json"


def name_stem(record: str) -> str:
    """Name of the workbook of a run record, without its ending: report-2 of run-2.json."""
    own = re.fullmatch(r"run(-\d+)?\.json", record)
    return f"report{own[1] or ''}" if own else record.removesuffix("-run.json")


def name_kept(stem: str) -> str:
    """Name of the file that keeps an answer, by that of its workbook without its ending:
    answer.json beside report.xlsx."""
    return _name_record(stem, "answer")


def find_place(
    path: Path,
    question: str,
    origin: str,
    beside: Sequence[str] = (),
    scope: str | None = None,
    run_id: str = "",
    *,
    knows: bool = True,
) -> OutputPlace:
    """Where the answer to a question about an input goes that is wanted at `path`.

    `origin` is what the input is known by (see `RunFacts`), `beside` are further files. `scope` is
    the study and the members that it is about; None: any. `run_id` is that of a kept run, which
    replaces no other one. `knows` is False for a run that a limit or a fault ended before it knew
    anything: it replaces none that did.
    """
    stays, number = "", 1
    while True:
        numbered = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        place = OutputPlace(numbered, stays=stays)
        files = [file for file in (numbered, *map(place.beside, beside)) if file.is_file()]
        if not files:
            return place
        record = read_record(place.record)
        reason = _reason_to_stay(record, files, question, origin, scope)
        if not reason and run_id and record.get(_RUN) != run_id:
            reason = "it is of another run"
        if not reason and not knows and _knew(record):
            reason = "it has an answer, and this run ended before it had one"
        if not reason:
            was_cut_off = any(record[_FILES][file.name] != _hash_file(file) for file in files)
            return OutputPlace(numbered, True, stays, was_cut_off)
        stays = stays or f"{path.name} stays as it is: {reason}."
        number += 1


def check_place(path: Path, question: str, origin: str, beside: Sequence[str] = ()) -> None:
    """ReportError where the answer could not be written: asked before anything is solved."""
    with open_folder(path), told_if_refused(path):
        place = find_place(path, question, origin, beside)
        try_to_write(place.path, place.record, *map(place.beside, beside))


def _reason_to_stay(
    record: Mapping[str, Any],
    files: Sequence[Path],
    question: str,
    origin: str,
    scope: str | None,
) -> str:
    """Why files that stand at a place may not be replaced; empty where they may."""
    hashes, replaced = record.get(_FILES, {}), record.get(_REPLACED, {})
    for file in files:
        if file.name not in hashes:
            return "it is not known which input it belongs to"
        if not file.stat().st_mode & stat.S_IWUSR:
            return "it is read-only"
        if _is_open(file):
            return "it is open in another program"
        if _hash_file(file) not in (hashes[file.name], replaced.get(file.name)):
            return "it was changed since it was written"
    if record.get(_ORIGIN) != origin:
        return "it belongs to another input"
    if record.get(_QUESTION) != question:
        return "it answers another question"
    if scope is not None and record.get(_SCOPE, scope) != scope:
        about = record[_SCOPE]
        other = f', and the new one about "{scope}"' if scope else ""
        return f'it is about "{about}"{other}' if about else f'it is not about "{scope}"'
    return ""


def _knew(record: Mapping[str, Any]) -> bool:
    """True for the record of a run that knew something at its end."""
    audits = record.get(_AUDITS)
    return _knows(record.get(_STATUS), audits.get(_PLANS) if isinstance(audits, dict) else 0)


def _knows(status: Any, plans: Any) -> bool:
    """True for a run that ended so, and shows figures of so many plans."""
    return status in _KNOWN or (isinstance(plans, int) and plans > 0)


def read_record(path: Path) -> Mapping[str, Any]:
    """The run record; empty where there is none, or what stands there is none."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST_RECORD:
            return {}
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    known = isinstance(read, dict) and isinstance(read.get(_FILES), dict)
    return read if known and isinstance(read.get(_REPLACED, {}), dict) else {}


def find_kept(record: Path) -> Path | None:
    """The file that keeps the answer of the run of a record; None where there is none."""
    name = read_record(record).get(_KEPT)
    if not isinstance(name, str) or not _PLAIN.fullmatch(name):
        return None
    file = record.with_name(name)
    return file if file.is_file() else None


_PLAIN = re.compile(r"[\w-]+\.json")
"""Names of files that a record may lead to: none in another folder."""


def has_file(record: Path, name: str) -> bool:
    """True where the run of a record wrote a file of this name."""
    return name in read_record(record).get(_FILES, {})


def is_as_written(file: Path, record: Path, facts: RunFacts) -> bool:
    """True where a file is the one that the run of this record wrote, and the record tells of the
    run what its answer tells: nobody changed either."""
    told = read_record(record)
    own = json.loads(json.dumps({**describe_run_facts(facts), **_know(facts)}))
    return told.get(_FILES, {}).get(file.name) == _hash_file(file) and all(
        told[name] == value for name, value in own.items() if name in told
    )


def _know(facts: RunFacts) -> dict[str, str]:
    """What a record has of a run, so that another one may replace it."""
    return {_QUESTION: facts.question, _SCOPE: facts.scope, _ORIGIN: facts.origin}


def _is_open(file: Path) -> bool:
    """True where a spreadsheet program has the file open, by its lock or that of the system."""
    if any(file.with_name(lock.format(file.name)).exists() for lock in _LOCKS):
        return True
    try:
        file.open("r+b").close()
    except OSError:
        return True
    return False


def _hash_file(path: Path) -> str:
    return _hash(path.read_bytes())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class OutputFiles:
    """What is written of an answer.

    Attributes
    ----------
    write: writes the workbook, and what goes beside it, at a place.
    record: the run record, as plain JSON values. plain: all of the answer as such, for when the
        workbook cannot be made.
    beside: names of the further files. kept: that of the file which keeps the answer, one of them
        or the first; empty where none does.
    run_id: of a kept run, which replaces no other one; empty for a new run.
    """

    write: Callable[[OutputPlace], None]
    record: Callable[[], Mapping[str, Any]]
    plain: Callable[[], Mapping[str, Any]]
    beside: tuple[str, ...] = ()
    kept: str = ""
    run_id: str = ""


def write_answer(path: Path, facts: RunFacts, answer: OutputFiles) -> OutputPlace:
    """Write an answer where it replaces nothing that could be missed, and its run record.

    What was solved is kept whatever happens: where the folder refuses, the files are written to a
    temporary one and ReportError says where; after any other fault a plain copy is kept.
    """
    if facts.was_cut or interrupt.came():
        # What was cut short takes no place of what was whole.
        path = path.with_stem(f"{path.stem}{_CUT}")
    record = (lambda: {**answer.record(), **_know(facts)}) if answer.kept else None
    with keep_answer(path, answer.plain, record):
        try:
            with open_folder(path), told_if_refused(path):
                place = find_place(
                    path,
                    facts.question,
                    facts.origin,
                    answer.beside,
                    facts.scope,
                    answer.run_id,
                    knows=not facts.status or _knows(facts.status, facts.audits.plans),
                )
                _write_at(place, facts, answer)
        except ReportError as error:
            raise ReportError(f"{error} {_write_elsewhere(path, facts, answer)}") from error
    return place


def _write_at(place: OutputPlace, facts: RunFacts, answer: OutputFiles) -> None:
    """Write the files of an answer and their record, all of them or none."""
    files = [place.path, *map(place.beside, answer.beside)]
    replaced = {file.name: _hash_file(file) for file in files if place.replaces and file.is_file()}
    # What was written in other formats stays known, so that a later run may replace it.
    others = _find_others(place) if place.replaces else {}
    with write_together():
        answer.write(place)
        kept = place.beside(answer.kept) if answer.kept in answer.beside else place.path
        written = dict(_hash_written(files))
        earlier = sorted(others.keys() - written.keys())
        known = {
            **_know(facts),
            **({_KEPT: kept.name} if answer.kept else {}),
            _FILES: {**others, **written},
            **({_EARLIER: earlier} if earlier else {}),
            _REPLACED: replaced,
        }
        write_json(place.record, {**answer.record(), **known})


def list_earlier(record: Path) -> frozenset[str]:
    """Names of the files of a record that another run wrote before."""
    told = read_record(record).get(_EARLIER, [])
    return frozenset(filter(lambda name: isinstance(name, str), told if type(told) is list else ()))


def _find_others(place: OutputPlace) -> dict[str, str]:
    """The files of the run that is replaced which are as it wrote them, by name and hash."""
    known = read_record(place.record).get(_FILES, {})
    return {
        name: digest
        for name, digest in known.items()
        if Path(name).name == name and (file := place.path.with_name(name)).is_file()
        if _hash_file(file) == digest
    }


def _hash_written(files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Names and hashes of the files that there are now, or will be in a moment."""
    for file in files:
        with suppress(FileNotFoundError):
            yield file.name, _hash(read_written(file))


def _write_elsewhere(path: Path, facts: RunFacts, answer: OutputFiles) -> str:
    """Write the files to a temporary folder; a sentence that says where they are."""
    folder = None
    try:
        folder = Path(tempfile.mkdtemp(prefix="cssopt-"))
        place = OutputPlace(folder / path.name)
        _write_at(place, facts, answer)
    except (OSError, ReportError) as error:
        if folder is not None:
            with suppress(OSError):
                folder.rmdir()
        return f"Nor could it be kept in a temporary folder ({error})."
    told = f'The report is kept in "{place.path}": nothing need be solved again'
    return f'{told}: cssopt report "{folder}" --out "{path.parent}".' if answer.kept else f"{told}."


@contextmanager
def keep_answer(
    path: Path,
    plain: Callable[[], Mapping[str, Any]],
    record: Callable[[], Mapping[str, Any]] | None = None,
) -> Iterator[None]:
    """Keep a plain copy of what was solved where its report ends in a fault or is interrupted.

    The fault goes on, with a note that says where the copy is; with its record it can be read as a
    kept run. A ReportError has seen to it.
    """
    try:
        yield
    except ReportError:
        raise
    except BaseException as error:
        with interrupt.held_back():
            error.add_note(_keep_plain(path, plain(), None if record is None else record()))
        raise


def _keep_plain(path: Path, content: Mapping[str, Any], record: Mapping[str, Any] | None) -> str:
    for is_elsewhere in (False, True):
        try:
            folder = Path(tempfile.gettempdir()) if is_elsewhere else path.parent
            names = (folder / f"{path.stem}-solved-{number}.json" for number in count(1))
            kept = next(file for file in names if not file.exists())
            write_json(kept, content, is_for_people=False)
            if record is not None:
                files = {_KEPT: kept.name, _FILES: {kept.name: _hash_file(kept)}}
                write_json(kept.with_name(f"{kept.stem}-run.json"), {**record, **files})
        except (OSError, ReportError):
            continue
        again = "" if record is None else f' Write its files: cssopt report "{kept}".'
        return f'What was solved is kept in "{kept}".{again}'
    return "What was solved could not be kept: no folder can be written to."


def write_json(path: Path, content: Mapping[str, Any], *, is_for_people: bool = True) -> None:
    """Write plain values as strict JSON; ReportError as `replace_file`.

    What only programs read stands without spaces and line breaks, in a third of the room and a
    tenth of the time. Half a letter, which file names of another encoding hold, is told by its
    code.
    """
    how: dict[str, Any] = {"indent": 2} if is_for_people else {"separators": (",", ":")}
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, **how)
    replace_file(path, (text + "\n").encode("utf-8", "backslashreplace"))
