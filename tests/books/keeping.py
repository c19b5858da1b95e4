"""Kept answers for tests: a document of every kind of block, kept, and kept after it was altered.

What an attacker alters, they give a record that fits: the hash says who wrote last, not who it was.
"""

from __future__ import annotations

import copy
import hashlib
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from made_documents import HOSTILE, make_document
from small_alliance import make_facts

from cssopt.document.document import (
    Beside,
    Cells,
    Chart,
    Column,
    Document,
    Formula,
    Note,
    Pair,
    Pairs,
    Sheet,
    Table,
    sum_of_row,
)
from cssopt.render.formats import write_document

ODD: tuple[Any, ...] = (
    None, True, -1, 0, 7, 1e308, 10**30, 1e-320, "", "x", [], {}, [[]], [1, 2, 3],
    {"number": "nan"}, {"number": "inf"}, {"number": "x"}, {"a": 1},
    "../../x", "..\\x", "C:x", "/etc/x", "nul",
    "a/b", '=HYPERLINK("http://x.invalid","look")', "cmd|' /C calc'!A0", "SUM({0})*2",
    "{9}", "((((", "SUM", "{0}**{0}",
    'HYPERLINK("x")', "money", "bar", "2027-03-04", "9" * 400,
    "x" * 5000, "\ud800", "\x00", *HOSTILE,
)  # fmt: skip
"""What stands in the place of anything."""


def make_kept(**changes: Any) -> Document:
    """A document with a block of every kind, formulas, and numbers that JSON has none of."""
    columns = (Column("who"), Column("a", "money", total=True), Column("b", "money"), Column("sum"))
    rows = tuple((who, 1.5, np.float64(2.5), sum_of_row(i, "a", "b", (1.5, 2.5)))
                 for i, who in enumerate("AB"))  # fmt: skip
    first = Table("first", columns, rows, marks={(1, "a"): "bad"}, picked=(0,))
    cells = (Cells("who", table="first"), Cells("who", row=0), Cells("a", table="first"))
    other = Table("other", (Column("who"), Column("c", "number")), (
        ("A", Formula(1.5, "SUMIF({0},{1},{2})", cells)), ("B", float("inf")), ("C", float("nan")),
    ))  # fmt: skip
    curve = Chart("points", "first", "a", ("b",), "Two", picked={1: "B"}, line_at={"most": 2.0})
    pairs = Pairs("pairs", (Pair("cost", 2.0, "money", mark="good"), Pair("when", None)))
    blocks = (Note("said", "warn"), Beside((curve, pairs)), other)
    sheets = (Sheet("One", "What is it?", (first,), True), Sheet("Two", "", blocks))
    kept = (Table("held", (Column("unit"), Column("n", "number")), (("u", 3), ("v", 0.1 + 0.2))),)
    whole = {"kept": kept, "data": ("first",), **changes}
    document = make_document(*sheets, **whole)
    return replace(document, facts=make_facts(question="share", file="share", status="optimal"))


def keep(folder: Path, document: Document | None = None) -> Path:
    """A kept run in a folder."""
    write_document(folder, make_kept() if document is None else document, ("json",))
    return folder


def read_kept(folder: Path) -> tuple[Path, Any]:
    """The file that keeps the answer of a folder, and what stands in it."""
    (path,) = folder.glob("*answer.json")
    return path, json.loads(path.read_text(encoding="utf-8"))


def put_kept(folder: Path, content: Any) -> None:
    """Put something in the place of a kept answer, and its hash into the record."""
    path, _ = read_kept(folder)
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    path.write_bytes(raw)
    (record,) = folder.glob("*run.json")
    told = json.loads(record.read_text(encoding="utf-8"))
    told["files"][path.name] = hashlib.sha256(raw).hexdigest()
    record.write_text(json.dumps({"answer": path.name, "files": told["files"]}), encoding="utf-8")


def list_places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Ways to everything within a JSON value."""
    if not isinstance(value, dict | list):
        return []
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return [place for key, one in inner for place in [(*at, key), *list_places(one, (*at, key))]]


def alter(content: Any, rng: random.Random) -> Any:
    """A JSON value with one to three things altered, taken away, doubled or put elsewhere."""
    content = copy.deepcopy(content)
    for _ in range(rng.randint(1, 3)):
        places = list_places(content)
        *way, last = rng.choice(places)
        holder = content
        for key in way:
            holder = holder[key]
        what = rng.random()
        if what < 0.6:
            holder[last] = rng.choice(ODD)
        elif what < 0.7:
            del holder[last]
        elif what < 0.85 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[last]))
        else:
            *other, key = rng.choice(places)
            source = content
            try:
                for step in other:
                    source = source[step]
                holder[last] = copy.deepcopy(source[key])
            except (KeyError, IndexError, TypeError):
                continue
    return content
