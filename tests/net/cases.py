"""The cases of `cases.txt`: what is asked of which book."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

BOOKS = ("small.xlsx", "whole.xlsx", "shortage.xlsx", "faulty.xlsx", "small-csv", "scenarios.toml",
         "points.csv", "game.csv", "claims.csv", "demo.xlsx",
         "collective_security_treaty_1996.xlsx")  # fmt: skip
"""What stands ready in the folder of a run, where a command names it."""

JSON_VERBS = {"check", "solve", "whatif", "sweep", "frontier", "alternatives", "prices", "rules",
              "tipping", "diagnose", "why", "share", "report", "compare-runs"}  # fmt: skip


WITH_PAGES = {"share-game", "share-gains"}
"""Cases whose pages in HTML are compared too: of all others it is compared that they are there,
for they say what workbooks do."""


@dataclass(frozen=True)
class Case:
    """One line of the table: its name, when it is compared, and what is asked."""

    name: str
    when: str
    commands: tuple[tuple[str, ...], ...]

    @property
    def books(self) -> tuple[str, ...]:
        """What its commands read."""
        words = {word for command in self.commands for word in command}
        return tuple(name for name in BOOKS if name in words)

    @property
    def with_json(self) -> bool:
        """True where the last command is asked once more for its facts."""
        last = self.commands[-1]
        return bool(last) and last[0] in JSON_VERBS and "--help" not in last


def _read(line: str) -> Case:
    name, when, *rest = line.split(None, 2)
    text = rest[0] if rest else ""
    return Case(name, when, tuple(tuple(shlex.split(one)) for one in text.split(" && ")))


CASES = tuple(
    _read(line)
    for line in Path(__file__).with_name("cases.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
)


def find_cases(names: list[str]) -> list[Case]:
    """The cases of these names, or of a time (quick, medium, slow, long); all without a name."""
    known = {case.name for case in CASES} | {case.when for case in CASES}
    if unknown := set(names) - known:
        raise SystemExit(f"no case is called {', '.join(sorted(unknown))}")
    return [one for one in CASES if not names or one.name in names or one.when in names]
