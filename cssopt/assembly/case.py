"""A workbook that passed its checks, and how one comes to be."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cssopt.assembly.component import Component
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.frames import DataFrame, make_frames, read_frames
from cssopt.assembly.study import DEFAULT_STUDY, load_components, load_study
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.profile import phase
from cssopt.tables.book_checks import Check
from cssopt.tables.check import Checked, check_book
from cssopt.tables.codes import CODES, explain_code
from cssopt.tables.convert import quote
from cssopt.tables.data import Data
from cssopt.tables.nearest import nearest_name
from cssopt.tables.raw import RawBook
from cssopt.tables.scenario_checks import Tried, check_sheet
from cssopt.tables.scenarios import SCENARIOS
from cssopt.tables.spec import Table, merge_tables
from cssopt.workbook.csv_folder import read_csv_folder
from cssopt.workbook.read import read_workbook

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Case:
    """A workbook that passed every check, as `load` gives it.

    Parameters
    ----------
    source : str
        The file, folder or "frames".
    digest : str
        The SHA-256 of its bytes.
    data : Data
        Its tables.
    folders : tuple[Path, ...]
        The model folders.
    warnings : tuple[Issue, ...], default ()
        What looks odd.
    notes : tuple[Issue, ...], default ()
        What was tidied or assumed.
    seconds : dict[str, float]
        Times of reading and checking.
    begun : datetime
        When it was read.
    """

    source: str
    digest: str
    data: Data
    folders: tuple[Path, ...]
    warnings: tuple[Issue, ...] = ()
    notes: tuple[Issue, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    begun: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """The tables as pandas frames by sheet, made anew: `load` takes them, changed or not.

        Examples
        --------
        >>> frames = case.frames
        >>> frames["inventory"]["units"] *= 2
        >>> cssopt.solve(cssopt.load(frames))
        """
        return make_frames(self.data)


def find_tables(models: Sequence[str | Path] = ()) -> dict[str, Table]:
    """Every input table that a component of the model folders declares, by name.

    Those of the default study come first, in its order: settings, members, forces.

    Parameters
    ----------
    models : Sequence[str | Path], default ()
        Folders of model files of your own, put in front of ours. They run as code.

    Returns
    -------
    dict[str, Table]
        Each sheet with its columns, measures and bounds.

    Raises
    ------
    ModelError
        For a model file that is wrong.
    """
    return _merge(_find_components(find_model_folders(models)))


def find_rules(folders: tuple[Path, ...]) -> list[Check]:
    """Every rule over the whole book that a component of the model folders declares."""
    return [rule for part in _find_components(folders) for rule in part.checks]


def _merge(parts: Sequence[Component]) -> dict[str, Table]:
    """The tables of the components, and the sheet of what-ifs."""
    return merge_tables([*(table for part in parts for table in part.tables), SCENARIOS])


def _find_components(folders: tuple[Path, ...]) -> list[Component]:
    first = load_study(DEFAULT_STUDY, folders).components
    others = load_components(folders).values()
    return list({part.name: part for part in (*first, *others)}.values())


Source = str | Path | Mapping[str, DataFrame]
"""Where tables come from: a workbook, a folder of CSV files (one per sheet), or pandas frames."""


def check(source: Source, models: Sequence[str | Path] = ()) -> Checked:
    """Read a workbook, CSV folder or frames by table, and find everything that is wrong with it.

    Parameters
    ----------
    source : str | Path | Mapping[str, DataFrame]
        A workbook, a folder of CSV files (one per sheet), or pandas frames by sheet.
    models : Sequence[str | Path], default ()
        Folders of model files of your own, put in front of ours. They run as code.

    Returns
    -------
    Checked
        Issues (errors and warnings), notes, and the tables where a plan can be made of them: an
        error of the sheet of what-ifs alone leaves them as they are.

    Raises
    ------
    DataError
        Where it cannot be read at all.
    """
    checked, tried, _, _ = _read_and_check(source, find_model_folders(models))
    issues = (*tried.issues, *checked.issues)
    return Checked(checked.data, issues, (*checked.notes, *tried.notes))


def explain(code: str, models: Sequence[str | Path] = ()) -> str:
    """Rule, example and mend of a code.

    Parameters
    ----------
    code : str
        Such as ``E-121``.
    models : Sequence[str | Path], default ()
        Folders of model files of your own, put in front of ours. They run as code.

    Returns
    -------
    str
        The text, for a planner.

    Raises
    ------
    DataError
        Where there is no such code.
    """
    rules = [
        rule
        for part in load_components(find_model_folders(models)).values()
        for rule in part.checks
    ]
    known = [*CODES, *(rule.code for rule in rules)]
    if code.upper() not in known:
        text = f"is not a code.{nearest_name(code, known)}"
        raise DataError([Issue("E-131", quote(code), text)])
    return explain_code(code.upper(), rules)


def load(source: Source, models: Sequence[str | Path] = ()) -> Case:
    """Read and check the inputs.

    A what-if of the sheet that cannot be made is a warning: no other plan depends on it.

    Parameters
    ----------
    source : str | Path | Mapping[str, DataFrame]
        A workbook, a folder of CSV files (one per sheet), or pandas frames by sheet.
    models : Sequence[str | Path], default ()
        Folders of model files of your own, put in front of ours. They run as code.

    Returns
    -------
    Case
        What every verb takes.

    Raises
    ------
    DataError
        Where there is an error; it carries every issue.

    Examples
    --------
    >>> case = cssopt.load("inputs/demo.xlsx")
    """
    folders = find_model_folders(models)
    checked, tried, raw, seconds = _read_and_check(source, folders)
    name = raw.source if isinstance(source, Mapping) else str(source)
    if checked.data is None:
        raise DataError([i for i in checked.issues if i.code.startswith("E")], name)
    told = "The what-if cannot be made; other plans do not depend on it."
    doubts = [Issue("W-515", issue.where, f"{issue.text} {told}") for issue in tried.issues]
    warnings, notes = (*checked.issues, *doubts), (*checked.notes, *tried.notes)
    return Case(name, raw.digest, checked.data, folders, warnings, notes, seconds)


def _read(source: Source, tables: Mapping[str, Table]) -> RawBook:
    if isinstance(source, Mapping):
        return read_frames(source)
    path = Path(source)
    return read_csv_folder(path, tables) if path.is_dir() else read_workbook(path)


def _read_and_check(
    source: Source, folders: tuple[Path, ...]
) -> tuple[Checked, Tried, RawBook, dict[str, float]]:
    """What the checks of the book found, and what trying its what-ifs did."""
    begun = time.perf_counter()
    with phase("read"):
        components = _find_components(folders)
        tables = _merge(components)
        rules = [rule for part in components for rule in part.checks]
        raw = _read(source, tables)
    read = time.perf_counter()
    with phase("check"):
        checked = check_book(raw, tables, rules)
        tried = Tried() if checked.data is None else check_sheet(checked.data, rules)
    return checked, tried, raw, {"read": read - begun, "check": time.perf_counter() - read}
