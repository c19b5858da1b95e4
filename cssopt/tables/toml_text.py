"""A TOML file as plain values; what would be endless in it is refused before it is read.

Scenarios and studies are written so. Python's reader takes gigabytes for a key of thousands of
parts, minutes for a number of a million digits, and ends in a fault where lists stand in lists.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from cssopt.tables.convert import quote

MAX_FILE: Final = 2**19
"""Bytes of a file."""
MOST_PARTS: Final = 12
"""Parts of a key, such as ``a.b.c``."""
MOST_DEPTH: Final = 20
"""Lists and tables in one another."""
MOST_HEADERS: Final = 7_000
"""Lines that begin a table: all scenarios and steps that are read, and some."""
MOST_DIGITS: Final = 1_000
"""Signs of a number."""

_TEXT_OR_REMARK = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+",
    re.DOTALL,
)
"""A text or remark, or the start of one that does not end: brackets and points in it mean nothing.
Each match goes on where the last one ended, so that the time grows with the length alone."""
_LONG_KEY = re.compile(rf"(?<![\w-])[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++){{{MOST_PARTS}}}")
_LONG_NUMBER = re.compile(rf"(?<![\w.-])[+-]?\d[\w.]{{{MOST_DIGITS}}}")
_HEADER = re.compile(r"^[ \t]*+\[", re.MULTILINE)
_BRACKETS = re.compile(r"[\[\]{}]")


class TomlError(ValueError):
    """A file that is not read; the text says why, and what to do."""


def load_toml(path: Path) -> dict[str, Any]:
    """The content of a file. Raises TomlError where it cannot be read."""
    return parse_toml(read_toml_text(path))


def read_toml_text(path: Path) -> str:
    """The text of a file. What is no plain file could be read for ever.

    Raises TomlError where it cannot be opened, is too long, or is no UTF-8.
    """
    try:
        if path.exists() and not path.is_file():
            raise TomlError("it is no file")
        with path.open("rb") as file:
            content = file.read(MAX_FILE + 1)
    except OSError as error:
        raise TomlError(error.strerror or "the file cannot be opened") from None
    if len(content) > MAX_FILE:
        raise TomlError(f"it has over {MAX_FILE // 2**10} kB. Split it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TomlError("it is not UTF-8 text. Save it as UTF-8") from None


def parse_toml(text: str) -> dict[str, Any]:
    """The content of a text. Raises TomlError where it is no TOML, or has no end."""
    _check_bounds(_TEXT_OR_REMARK.sub(_hide, text))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(str(error).rstrip(".")) from None


def _hide(text: re.Match[str]) -> str:
    return "" if text[0].startswith("#") else "_"


def _check_bounds(bare: str) -> None:
    """TomlError where a key, a number or the depth of lists is beyond what anybody writes.

    In `bare` each text is one sign.
    """
    if long_key := _LONG_KEY.search(bare):
        raise TomlError(f"a key has too many parts: {quote(long_key[0])}. Write a shorter one")
    if _LONG_NUMBER.search(bare):
        raise TomlError(f"a number in it has over {MOST_DIGITS:,} digits. Write it shorter")
    if sum(1 for _ in _HEADER.finditer(bare)) > MOST_HEADERS:
        raise TomlError(f"it has over {MOST_HEADERS:,} lines that begin with [. Split it")
    depth = 0
    for bracket in _BRACKETS.finditer(bare):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MOST_DEPTH:
            raise TomlError("its lists stand too deep in one another. Write them flat")
