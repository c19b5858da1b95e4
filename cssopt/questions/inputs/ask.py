"""Workbooks to fill in, and the page that describes them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cssopt.assembly.case import find_tables
from cssopt.assembly.component import find_files
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.mathematics import describe_study
from cssopt.assembly.study import DEFAULT_STUDY, load_components, load_study, read_explanation
from cssopt.document.run_facts import RunFacts, describe_run_facts
from cssopt.errors import ReportError
from cssopt.render.atomic import (
    replace_file,
    write_new_file,
)
from cssopt.render.place import OutputFiles, OutputPlace, write_answer
from cssopt.tables.check import Checked
from cssopt.tables.scenarios import SCENARIOS
from cssopt.tables.spec import Table, merge_tables
from cssopt.workbook.example import read_example
from cssopt.workbook.filling_in import FillingGuide, read_filling_guide
from cssopt.workbook.gate.file import open_file
from cssopt.workbook.marking.marked_copy import mark_copy
from cssopt.workbook.reference import describe_tables
from cssopt.workbook.template import build_template


def write_template(
    path: str | Path,
    models: Sequence[str | Path] = (),
    *,
    study: str | Path | None = None,
    example: bool = False,
) -> Path:
    """Write a workbook to fill in: every sheet, its columns, measures, help and drop-downs.

    Parameters
    ----------
    path : str | Path
        The new workbook (.xlsx). An existing file is never replaced.
    models : Sequence[str | Path], default ()
        Folders of model files of your own, put in front of ours. They run as code.
    study : str | Path, optional
        Only the sheets that this study reads. Default: every sheet.
    example : bool, default False
        Filled with a small complete alliance to edit; otherwise empty, with an example in grey
        above each header.

    Returns
    -------
    Path
        The workbook.

    Raises
    ------
    ReportError
        Where it exists or cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise ReportError(f'"{path}" is not named .xlsx; name the new workbook so')
    if path.exists():
        raise ReportError(f'"{path}" exists and is not replaced; choose another name')
    folders = find_model_folders(models)
    tables = find_tables(models)
    rows = read_example(folders[-1] / "example", tables)
    if study is not None:
        tables = _tables_of(study, folders)
    guide, about = read_filling_guide(folders, tables), _about(path, example)
    if example:
        content = build_template(tables, rows, "cssopt example", about, guide)
    else:
        content = build_template(tables, {}, "cssopt template", about, guide, rows)
    write_new_file(path, content)
    return path


def write_marked_copy(
    book: str | Path, checked: Checked, path: str | Path | None = None
) -> OutputPlace:
    """Write a copy of a workbook with every faulty cell filled and commented, and a list of issues.

    Nothing else of the workbook is changed in the copy, and the workbook itself never. An earlier
    copy is replaced where nobody changed it (see `write_answer`).

    Parameters
    ----------
    book : str | Path
        The workbook.
    checked : Checked
        What `check` found in it.
    path : str | Path, optional
        The copy. Default: beside the workbook, named ``<book>-marked.xlsx``.

    Returns
    -------
    OutputPlace
        Where the copy is.

    Raises
    ------
    DataError
        Where the workbook cannot be opened.
    ReportError
        Where the copy cannot be written.
    """
    book = Path(book)
    path = Path(path) if path is not None else book.with_name(f"{book.stem}-marked.xlsx")
    if path.resolve() == book.resolve():
        raise ReportError(f'"{path}" is the workbook itself; choose another name for the copy')
    if book.is_dir():
        raise ReportError(f'"{book}" is a folder: only a workbook (.xlsx) can be marked')
    content = open_file(book)
    try:
        marked = mark_copy(content, checked.issues, book.name)
    except (KeyError, ValueError) as error:
        text = (
            f'no marked copy of "{book}" was written: {error.args[0]}. Open it in Excel, save it '
            "anew and mark that."
        )
        raise ReportError(text) from error
    facts = RunFacts(
        source=str(book),
        digest=hashlib.sha256(content).hexdigest(),
        question="check",
        begun=datetime.now(UTC),
        issues=checked.issues,
    )

    def write(place: OutputPlace) -> None:
        replace_file(place.path, marked)

    record = describe_run_facts(facts)
    return write_answer(path, facts, OutputFiles(write, lambda: record, lambda: record))


def write_reference(models: Sequence[str | Path] = ()) -> str:
    """The input reference as Markdown: every sheet and column, from the declarations.

    Parameters
    ----------
    models : Sequence[str | Path], default ()
        Folders of model files of your own, put in front of ours. They run as code.

    Returns
    -------
    str
        The page.
    """
    tables = find_tables(models)
    return describe_tables(tables, find_filling_guide(tables, models))


def find_filling_guide(
    tables: Mapping[str, Table], models: Sequence[str | Path] = ()
) -> FillingGuide:
    """The order in which the sheets of these tables are filled in, from the model folders."""
    return read_filling_guide(find_model_folders(models), tables)


def _tables_of(study: str | Path, folders: tuple[Path, ...]) -> dict[str, Table]:
    chosen = load_study(study, folders)
    tables = (table for part in chosen.components for table in part.tables)
    return merge_tables([*tables, SCENARIOS])


def _about(path: Path, example: bool) -> tuple[str, ...]:
    filled = (
        "An invented alliance, complete and small, whose threats are met: replace its rows by your "
        "own, sheet by sheet in the order of the steps."
        if example
        else "Fill in the yellow cells, step by step. Steps with dark sheets are needed by every "
        "plan; then check and solve it. The others add to it, in any order."
    )
    return (
        f"{filled} Measures stand above the headers, help in the comments of the headers.",
        f"Check it at any time with: cssopt check {path.name}",
        f"Solve it with: cssopt solve {path.name}",
    )


def list_studies(models: Sequence[str | Path] = ()) -> dict[str, str]:
    """The studies of the model folders, each with its explanation.

    Parameters
    ----------
    models : Sequence[str | Path], default ()
        Folders of model files of your own, put in front of ours. They run as code.

    Returns
    -------
    dict[str, str]
        What each study asks, by its name.
    """
    files = find_files(find_model_folders(models), "studies", "*.toml")
    return {name: read_explanation(path) for name, path in sorted(files.items())}


def write_mathematics(study: str | Path = DEFAULT_STUDY, models: Sequence[str | Path] = ()) -> str:
    """The mathematics of a study as Markdown, from the docstrings of its files.

    Parameters
    ----------
    study : str | Path, default "pooled"
        By name, or a study file.
    models : Sequence[str | Path], default ()
        Folders of model files of your own, put in front of ours. They run as code.

    Returns
    -------
    str
        The page.

    Raises
    ------
    DataError
        For a study that there is not.
    """
    folders = find_model_folders(models)
    chosen = load_study(study, folders)
    known = {part.name for part in chosen.components}
    on_demand = [
        part
        for part in load_components(folders).values()
        if part.criteria and part.name not in known
    ]
    return describe_study(chosen, on_demand)
