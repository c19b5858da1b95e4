"""Commands as a user types them, within this process, and what came of them."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from cssopt import cli


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it told on either stream."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        """The object of ``--json``, which stands alone on its stream."""
        return json.loads(self.out)

    @property
    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of every table by its name."""
        return self.told["tables"]


def command(*words: object, may_fail: bool = False) -> Done:
    """Run ``cssopt`` with these words; a fault of ours is none of its endings, unless it may be."""
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.object(sys, "argv", ["cssopt", *map(str, words)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            cli.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    done = Done(code, out.getvalue(), err.getvalue())
    assert "Traceback (most" not in done.err, done.err
    assert may_fail or "fault in cssopt" not in done.err, done.err
    return done


def figures_of(told: dict[str, Any]) -> dict[str, Any]:
    """The figures of a plan by name, from the object of ``solve --json``."""
    return {row["label"]: row["value"] for row in told["tables"]["figures"]}


def shares_of(done: Done) -> dict[str, dict[str, float]]:
    """What each player bears, by method, as the table `shares` has it."""
    found: dict[str, dict[str, float]] = {}
    for row in done.tables["shares"]:
        found.setdefault(row["method"], {})[row["player"]] = row["share"]
    return found
