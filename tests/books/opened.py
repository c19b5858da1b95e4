"""Files in the programs that people open them with: a browser, and LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def browse(path: Path, *options: str) -> tuple[str, list[str]]:
    """Standard output of a browser without a window, and what its console said."""
    browser = shutil.which("chromium")
    assert browser, "Chromium is missing: install it (apt-get install chromium)"
    profile = path.with_name(f"{path.stem}_profile")
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", f"--user-data-dir={profile}", "--enable-logging=stderr",
         *options, path.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout, [line for line in done.stderr.splitlines() if ":CONSOLE" in line]


def convert(folder: Path, files: str, kind: str) -> list[Path]:
    """What LibreOffice makes of all files of a pattern at once, in a folder beside them."""
    assert shutil.which("soffice"), "LibreOffice is missing: see .ci/run"
    made, profile = folder / "converted", (folder / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind,
         "--outdir", str(made), *map(str, sorted(folder.glob(files)))],
        check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    return sorted(made.iterdir())
