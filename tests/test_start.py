"""What is settled before anything is loaded is settled for the program, and for no script."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

SCRIPT = """
import os, signal, sys
import cssopt
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
print(sys.excepthook is sys.__excepthook__, flush=True)
os.system("echo from a child")
"""


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("mine.py", ["mine.py"]),
        # Python calls every program "-m" while it loads the package that the program is in.
        ("mine/__init__.py", ["-m", "mine"]),
    ],
)
def test_a_script_that_imports_cssopt_keeps_its_signals_hooks_and_streams(tmp_path, place, words):
    script = tmp_path / place
    script.parent.mkdir(exist_ok=True)
    script.write_text(SCRIPT)
    script.with_name("__main__.py").write_text("")
    run = subprocess.run(
        [sys.executable, *words],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split("\n") == ["True", "True", "from a child", ""]


@pytest.mark.parametrize("words", [["-m", "cssopt"], ["-mcssopt"], ["-X", "dev", "-m", "cssopt"]])
def test_the_program_is_known_however_python_is_asked_for_it(tmp_path, words):
    """Where too little memory is given, only the program says so before it is loaded."""
    limit = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_AS, (2**28, 2**28)); "
    begin = f"{limit}os.execv(sys.executable, [sys.executable, *{words!r}, 'studies'])"
    run = subprocess.run(
        [sys.executable, "-c", begin], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "to load it takes 560 MB" in run.stderr
