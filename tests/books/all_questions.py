"""Every question, asked of one small book whose names look like code, and what it answers."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from added_question import added
from books import make_case
from net.books import CLAIMS, GAME, shortage, small

import cssopt
from cssopt.document.document import Document
from cssopt.questions.kept.differences import compare_documents

NAMES = (
    "<script>document.title='ran'</script>",
    '=HYPERLINK("http://x.invalid","look")',
    "Very long " + "name " * 12,
    'Армия "Север"',
    '"><img src=x onerror="document.title=1">',
    "@SUM(A1:A9) & 'quoted'",
    "+cmd|' /C calc'!A0",
    "-2+3 [bold]x[/bold]",
)


def make_hostile(book: Mapping[str, list[list[Any]]]) -> dict[str, list[list[Any]]]:
    """The book with such names wherever a name can stand; no two the same."""
    sheets = copy.deepcopy(dict(book))
    numbers = itertools.count(1)
    for sheet, rows in sheets.items():
        if sheet == "settings":
            next(row for row in rows if row[0] == "title")[1] = NAMES[0]
        elif "name" in rows[0]:
            place = rows[0].index("name")
            for row in rows[1:]:
                if row[place] is not None:
                    number = next(numbers)
                    row[place] = f"{NAMES[number % len(NAMES)]} {number}"
    return sheets


Ask = Callable[[Path], Any]
_RELAXED: dict[str, Any] = {"study": "relaxed"}
_ALONE: dict[str, Any] = {**_RELAXED, "processes": 1}


@cache
def _case() -> cssopt.Case:
    return make_case(make_hostile(small()))


@cache
def _short() -> cssopt.Case:
    return make_case(make_hostile(shortage()))


@cache
def _given() -> cssopt.Case:
    """With a planner's own plan, which breaks a rule and leaves much to be filled in."""
    head = ["member", "force", "year", "held", "ordered"]
    rows = [["A", "tank", 2030, 9, None], ["B", "ship", 2031, None, 1]]
    return make_case(make_hostile({**small(), "plan": [head, *rows]}))


def _share_file(option: str, text: str) -> Ask:
    def ask(folder: Path) -> Any:
        path = folder / f"{option}.csv"
        path.write_text(text, encoding="utf-8")
        return cssopt.share(**{option: path})

    return ask


@dataclass(frozen=True)
class _Told:
    """A document without a verb of its own, as `Answer` has it."""

    document: Document


def _compare_runs(folder: Path) -> _Told:
    return _Told(compare_documents(ask("why", folder).document, ask("why-far", folder).document))


def _weigh(folder: Path) -> Any:
    with added(folder / "added"):
        answer = cssopt.weight(_case(), **_RELAXED)  # type: ignore[attr-defined]
        assert answer.document
        return answer


ASKED: dict[str, Ask] = {
    "solve": lambda _: cssopt.solve(_case(), **_RELAXED),
    "solve-short": lambda _: cssopt.solve(_short()),
    "solve-infeasible": lambda _: cssopt.solve(_short(), study="strict"),
    "compare": lambda _: cssopt.compare(_case(), saving_range=True, **_RELAXED),
    "cost": lambda _: cssopt.cost(_given(), **_RELAXED),
    "whatif": lambda _: cssopt.whatif(
        _case(), scenario=["more", "late"], ask=["leaving"], **_ALONE
    ),
    "sweep": lambda _: cssopt.sweep(
        _case(),
        vary=["requirements.level*=0.8,1,1.2", "members[member=A].budget_share=0.05,0.1"],
        **_ALONE,
    ),
    "frontier": lambda _: cssopt.frontier(_case(), trade=["shortfall"], **_RELAXED),
    "frontier-two": lambda _: cssopt.frontier(
        _case(), trade=["burden", "peak"], points=3, **_RELAXED
    ),
    "alternatives": lambda _: cssopt.alternatives(_case(), within=[0.02], plans=1, **_RELAXED),
    "prices": lambda _: cssopt.prices(_case(), sides="none", **_RELAXED),
    "rules": lambda _: cssopt.rules(_case(), **_ALONE),
    "tipping": lambda _: cssopt.tipping(
        _case(), vary="requirements.level*=0.8..1.2", points=3, tolerance=0.1, **_RELAXED
    ),
    "why": lambda _: cssopt.why(_case(), threat="K", year=2031, **_RELAXED),
    "why-far": lambda _: cssopt.why(_case(), threat="K", year=2031, step=3.0, **_RELAXED),
    "trace": lambda _: cssopt.trace(_case(), figure="net_cost_at_start.A", **_RELAXED),
    "trace-cell": lambda _: cssopt.trace(
        _case(), figure="forces[force=tank].operating_cost", **_RELAXED
    ),
    "trace-all": lambda _: cssopt.trace(_case(), **_ALONE),
    "diagnose": lambda _: cssopt.diagnose(_short(), conflicts=1),
    "share": lambda _: cssopt.share(_case(), fair=[0.01], unions="A+B", **_ALONE),
    "share-game": _share_file("game", GAME),
    "share-claims": _share_file("claims", CLAIMS),
    "compare-runs": _compare_runs,
    "weight": _weigh,
}
"""How each question is asked; by the name of its command, and of a variant behind it."""


@cache
def ask(name: str, folder: Path) -> Any:
    """The answer of a question; each is asked once."""
    return ASKED[name](folder)


def list_documents(folder: Path) -> dict[str, Document]:
    """The document of every question."""
    return {name: ask(name, folder).document for name in ASKED}
