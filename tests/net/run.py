"""Runs cases: each command in a folder of its own, and what it answered as pages."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .books import provide
from .cases import WITH_PAGES, Case
from .dump import Page, dump_facts, dump_file, dump_text, unique
from .masks import Masks

ROOT = Path(__file__).parents[2]
COMMANDS = Path(__file__).with_name("commands.py")
COLUMNS = "120"
"""Width of the terminal that a command thinks it writes to."""

Pages = dict[str, Page]


class Runner:
    """Runs commands in a process that has loaded cssopt; `plain` begins a new one for each."""

    def __init__(self, plain: bool = False) -> None:
        self._plain = plain or not hasattr(os, "fork")
        self._environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).strip(":"),
            "COLUMNS": COLUMNS,
            "PYTHONIOENCODING": "utf-8",
            "TERM": "dumb",
        }
        self._served: subprocess.Popen[str] | None = None

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *_: object) -> None:
        if self._served is not None and self._served.stdin is not None:
            self._served.stdin.close()
            self._served.wait()
            _of(self._served.stdout).close()

    def run(self, argv: Sequence[str], folder: Path, stdout: Path, stderr: Path) -> int:
        """Run one command; its exit code."""
        if self._plain:
            with stdout.open("wb") as out, stderr.open("wb") as err:
                command = [sys.executable, "-m", "cssopt", *argv]
                return subprocess.run(
                    command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                    env=self._environment, check=False,
                ).returncode  # fmt: skip
        served = self._serve()
        asked: dict[str, object] = {"argv": list(argv), "folder": str(folder)}
        asked |= {"stdout": str(stdout), "stderr": str(stderr)}
        _of(served.stdin).write(f"{json.dumps(asked)}\n")
        _of(served.stdin).flush()
        answer = _of(served.stdout).readline()
        if not answer:
            raise RuntimeError(f"the process that runs commands ended at {argv}")
        return int(answer)

    def _serve(self) -> subprocess.Popen[str]:
        if self._served is None:
            self._served = subprocess.Popen(
                [sys.executable, str(COMMANDS)], env=self._environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        return self._served


def _of(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def run_case(case: Case, runner: Runner, provide: Callable[[str, Path], None] = provide) -> Pages:
    """Everything that a case answers: `terminal`, `json`, and a page for each file it wrote."""
    with _folder() as folder, _folder() as aside:
        for name in case.books:
            provide(name, folder)
        given = set(_list_files(folder))
        hidden = {str(folder): "<folder>", str(ROOT): "<cssopt>"}
        answers = []
        for argv in case.commands:
            answers.append((argv, *_ask(argv, runner, folder, aside)))
            files = _list_files(folder)
            hidden |= {_digest(path): f"<SHA-256 of {path.name}>" for path in files}
        masks = Masks(hidden)
        terminal: Page = []
        pages: Pages = {"terminal": terminal}
        for argv, code, out, err in answers:
            terminal += _told(shlex.join(argv), masks, code, out, err)
        for path in files:
            name = str(path.relative_to(folder))
            if path in given:
                continue
            terminal.append((f"wrote {name}", ""))
            if path.suffix == ".html" and case.name not in WITH_PAGES:
                continue
            if page := dump_file(path, masks):
                pages[name.replace("/", "+")] = page
        if case.with_json:
            code, out, err = _ask([*case.commands[-1], "--json"], runner, folder, aside)
            pages["json"] = dump_facts({"exit": code, "json": masks.facts(_read_json(out))})
            pages["json"] += [(f"stderr {n}", line) for n, line in dump_text(masks.messages(err))]
        return {name: unique(page) for name, page in pages.items()}


def _read_json(out: str) -> object:
    try:
        return json.loads(out)
    except json.JSONDecodeError:
        return {"this is no JSON": out}


def _ask(argv: Sequence[str], runner: Runner, folder: Path, aside: Path) -> tuple[int, str, str]:
    stdout, stderr = aside / "stdout", aside / "stderr"
    code = runner.run(argv, folder, stdout, stderr)
    return code, stdout.read_text(encoding="utf-8"), stderr.read_text(encoding="utf-8")


def _told(line: str, masks: Masks, code: int, out: str, err: str) -> Iterator[tuple[str, str]]:
    yield f"$ {line}", f"exit {code}"
    for stream, text in (("out", masks.text(out)), ("err", masks.messages(err))):
        for number, told in dump_text(text):
            yield f"{stream} {number}", told


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _list_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cssopt-net-") as name:
        yield Path(name).resolve()


def run_cases(
    cases: Sequence[Case], plain: bool = False, processes: int = 1
) -> Iterator[tuple[Case, Pages, float]]:
    """Every case with its pages and seconds, as they are done."""
    mine = threading.local()
    runners: list[Runner] = []

    def run(case: Case) -> tuple[Case, Pages, float]:
        if not hasattr(mine, "runner"):
            mine.runner = Runner(plain)
            runners.append(mine.runner)
        begun = time.monotonic()
        return case, run_case(case, mine.runner), time.monotonic() - begun

    with ThreadPoolExecutor(processes) as pool:
        try:
            for done in as_completed([pool.submit(run, case) for case in cases]):
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)
            for runner in runners:
                runner.__exit__()
