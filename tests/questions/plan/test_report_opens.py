"""The report in LibreOffice: no error cell, and its formulas give the values that are stored."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from small_alliance import write_report

pytestmark = pytest.mark.slow


def convert(path: Path, kind: str) -> Path:
    """The file converted by LibreOffice, in a folder beside it."""
    office = shutil.which("soffice")
    assert office, "LibreOffice is missing: install it (apt-get install libreoffice-calc)"
    folder = path.parent / f"as_{kind}"
    profile = (path.parent / "profile").as_uri()
    subprocess.run(
        [
            office,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    return folder / f"{path.stem}.{kind}"


def forget_stored_values(path: Path) -> Path:
    """The same workbook without the stored values of formulas, so that they must be worked out."""
    bare = path.with_name("bare.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bare, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            new.writestr(name, content)
    return bare


def test_formulas_give_their_stored_values_and_no_cell_is_an_error(tmp_path, short):
    path = write_report(tmp_path / "report.xlsx", *short)
    again = openpyxl.load_workbook(convert(forget_stored_values(path), "xlsx"), data_only=True)
    stored = openpyxl.load_workbook(path, data_only=True)
    formulas = openpyxl.load_workbook(path)
    assert again.sheetnames == stored.sheetnames
    checked = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                value = again[sheet.title][cell.coordinate].value
                assert again[sheet.title][cell.coordinate].data_type != "e", cell.coordinate
                if cell.data_type == "f":
                    expected = stored[sheet.title][cell.coordinate].value
                    assert value == pytest.approx(expected, abs=1e-9), cell.coordinate
                    checked += 1
    assert checked > 10


def test_the_report_prints(tmp_path, short):
    path = write_report(tmp_path / "report.xlsx", *short)
    assert convert(path, "pdf").read_bytes().startswith(b"%PDF")
