"""What a command left behind, as pages of lines: a key and a value each.

A page is stored as text. Keys are paths; what a key shares with the one before stands once, as one
blank for each of its words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .masks import Masks
from .workbook_dump import dump_workbook

Page = list[tuple[str, str]]
"""Keys, each once, and what stands there."""

_OF_A_RUN = re.compile(
    r'<table class="facts" id="table-run_(?:programs|seconds)">.*?</table>', re.DOTALL
)
"""Sections of a page in HTML with versions and seconds."""

_LISTED_ONLY = (".sqlite", ".lock")
_KEPT = re.compile(r"(.*-)?answer(-\d+)?\.json")
"""An answer kept to be written again: it says what the JSON does."""
_WIDEST = 400
"""Characters of a list or an object that stands in one line."""


def dump_text(text: str) -> Page:
    """The lines of a text by their number."""
    return [(str(number), line) for number, line in enumerate(text.splitlines(), start=1)]


def dump_facts(value: Any, path: str = "") -> Page:
    """What was read of JSON: a line for each fact, or for each short row of plain facts."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    told = json.dumps(value, ensure_ascii=False)
    plain = not any(isinstance(one, dict | list) for _, one in inner)
    if plain and (len(told) <= _WIDEST or not inner):
        return [(path or "/", told)]
    page: Page = []
    for name, one in inner:
        page += dump_facts(one, f"{path}/{str(name).replace('/', '|')}".lstrip("/"))
    return page


def dump_file(path: Path, masks: Masks) -> Page:
    """A file that a command wrote; of files that only serve the program, that they are there."""
    kind = path.suffix.lower()
    if kind in _LISTED_ONLY or _KEPT.fullmatch(path.name):
        return []
    if kind == ".xlsx":
        return masks.workbook(dump_workbook(path))
    if kind == ".json":
        return dump_facts(masks.facts(json.loads(path.read_text(encoding="utf-8"))))
    if kind == ".parquet":
        return _dump_parquet(path, masks)
    text = path.read_text(encoding="utf-8")
    if kind == ".html":  # its head has digests of styles, in which the run id stands
        body = _OF_A_RUN.sub("", text[text.index("<body") :])
        return dump_text(masks.text(body.replace("><", ">\n<")))
    return dump_text(masks.text(text))


def _dump_parquet(path: Path, masks: Masks) -> Page:
    import pandas

    frame = pandas.read_parquet(path)
    kinds = {name: str(kind) for name, kind in frame.dtypes.items()}
    rows = json.loads(frame.to_json(orient="records", double_precision=15))
    return dump_facts(masks.facts({"columns": kinds, "attrs": frame.attrs, "rows": rows}))


def write_page(page: Page) -> str:
    """The page as it is stored."""
    lines, before = [], []
    for key, value in page:
        words = _split(key)
        shared = _count_shared(before, words[:-1])
        lines.append(f"{' ' * shared}{''.join(words[shared:])}\t{value}".rstrip("\t"))
        before = words
    return "".join(f"{line}\n" for line in lines)


def read_page(text: str) -> Page:
    """The page as it was."""
    page, before = [], []
    for line in text.removesuffix("\n").split("\n") if text else ():
        key, _, value = line.partition("\t")
        rest = key.lstrip(" ")
        words = [*before[: len(key) - len(rest)], *_split(rest)]
        page.append(("".join(words), value))
        before = words
    return page


def _count_shared(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _split(key: str) -> list[str]:
    """The words of a key: a sheet's name or a step of a path, with the sign that ends it."""
    words, word = [], ""
    for sign in key:
        word += sign
        if sign in "!/:":
            words.append(word)
            word = ""
    return [*words, word]


def unique(page: Iterable[tuple[str, str]]) -> Page:
    """The page with every key once."""
    seen: dict[str, int] = {}
    told = []
    for key, value in page:
        seen[key] = seen.get(key, 0) + 1
        told.append((f"{key} #{seen[key]}" if seen[key] > 1 else key, value))
    return told
