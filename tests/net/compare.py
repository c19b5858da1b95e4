"""What is stored, and how an answer differs from it: numbers beyond rounding, texts at all."""

from __future__ import annotations

import difflib
import gzip
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from .cases import Case
from .dump import Page, read_page, write_page
from .run import Pages

STORED = Path(__file__).parent / "stored"
RELATIVE, ABSOLUTE = 1e-6, 1e-9
_LARGE = {"quick": 300_000, "medium": 300_000, "slow": 30_000, "long": 30_000}
"""Bytes above which a page is stored packed: those of the quicker tests can be read in a commit."""

_ALL_DIGITS = 9
"""Digits from which a number was written to be read by programs and not rounded for people."""

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
_CELL = re.compile(r".*![A-Z]+\d+")
_LINE = re.compile(r"((?:out|err|stderr) )?(\d+)( #\d+)?")


@dataclass(frozen=True)
class Difference:
    """One difference: in which page of which case, at which key, what was and what is."""

    case: str
    page: str
    key: str
    was: str | None
    now: str | None

    def __str__(self) -> str:
        was, now = (_shown(one) for one in (self.was, self.now))
        return f"{self.case} | {self.page} | {self.key}\n    was: {was}\n    is:  {now}"


def _shown(value: str | None) -> str:
    return "(nothing)" if value is None else value


def store(case: Case, pages: Pages) -> int:
    """Store the pages of a case in place of those before; the bytes that they take."""
    folder = STORED / case.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    size = 0
    for name, page in pages.items():
        text = write_page(page)
        if read_page(text) != page:
            raise ValueError(f"{case.name}, {name}: what is read is not what was stored")
        data = text.encode()
        if len(data) > _LARGE[case.when]:
            data = gzip.compress(data, mtime=0)
            (folder / f"{name}.txt.gz").write_bytes(data)
        else:
            (folder / f"{name}.txt").write_bytes(data)
        size += len(data)
    return size


def read_stored(case: Case) -> Pages:
    """The stored pages of a case."""
    pages = {}
    for path in sorted((STORED / case.name).glob("*.txt*")):
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
        pages[path.name.removesuffix(".gz").removesuffix(".txt")] = read_page(text)
    return pages


def compare_case(case: Case, now: Pages) -> list[Difference]:
    """Every difference between a case's pages and the stored ones."""
    was = read_stored(case)
    found = []
    for name in sorted(was.keys() | now.keys()):
        if name not in now or name not in was:
            state = ("a page", None) if name in was else (None, "a page")
            found.append(Difference(case.name, name, "the page itself", *state))
        else:
            changes = _compare_pages(_settle(was[name]), _settle(now[name]))
            found += [Difference(case.name, name, *change) for change in changes]
    return found


def _settle(page: Page) -> Page:
    """A page whose steps, told one after another, stand in one order: plans that are found
    side by side end in any."""
    settled: list[tuple[str, str]] = []
    for steps, group in groupby(page, key=_is_step):
        lines = list(group)
        told = sorted(value for _, value in lines) if steps else [value for _, value in lines]
        settled += zip((key for key, _ in lines), told, strict=True)
    return settled


def _is_step(line: tuple[str, str]) -> bool:
    key, value = line
    return key.startswith(("err ", "stderr ")) and not re.search(r"[.:]", value)


Change = tuple[str, str | None, str | None]


def _compare_pages(was: Page, now: Page) -> Iterable[Change]:
    if [key for key, _ in was] != [key for key, _ in now]:
        yield from _compare_order(was, now)
        return
    styles = _styles(was), _styles(now)
    for (key, before), (_, after) in zip(was, now, strict=True):
        if not same(before, after):
            yield key, *_told(key, before, after, styles)


def _compare_order(was: Page, now: Page) -> Iterable[Change]:
    """Pages of different keys: lines of texts by what they say, all else by their keys."""
    lines = [[(_stream(key), value) for key, value in page] for page in (was, now)]
    if any(stream for stream, _ in (*lines[0], *lines[1])):
        yield from _compare_lines(was, now)
        return
    before, after = dict(was), dict(now)
    styles = _styles(was), _styles(now)
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old is None or new is None or not same(old, new):
            yield key, *_told(key, old, new, styles)
    shared = [[key for key, _ in page if key in before and key in after] for page in (was, now)]
    if shared[0] != shared[1]:
        first = next(pair for pair in zip(*shared, strict=True) if pair[0] != pair[1])
        yield "order of what is told", *first


def _compare_lines(was: Page, now: Page) -> Iterable[Change]:
    texts = [[f"{_stream(key) or key}\t{value}" for key, value in page] for page in (was, now)]
    matcher = difflib.SequenceMatcher(None, *texts, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            continue
        old, new = list(was[i:j]), list(now[k:m])
        for number in range(max(len(old), len(new))):
            one = old[number] if number < len(old) else None
            other = new[number] if number < len(new) else None
            if one and other and same(one[1], other[1]) and _stream(one[0]) == _stream(other[0]):
                continue
            key = (one or other or ("", ""))[0]
            yield key, one and f"{one[0]}: {one[1]}", other and f"{other[0]}: {other[1]}"


def _stream(key: str) -> str | None:
    """The stream whose line a key is; None where it is no line of a text."""
    found = _LINE.fullmatch(key)
    return (found[1] or "line") if found else None


def same(was: str, now: str) -> bool:
    """True for the same text, in which each number may differ by what machines round."""
    if was == now:
        return True
    if _NUMBER.sub("0", was) != _NUMBER.sub("0", now):
        return False
    pairs = zip(_NUMBER.findall(was), _NUMBER.findall(now), strict=True)
    return all(one == other or _near(one, other) for one, other in pairs)


def _near(one: str, other: str) -> bool:
    """True for numbers that are the same but for rounding, and written alike.

    A number that was rounded for people keeps its places: "0.00" is no "0.0", nor is a format.
    """
    a, b = float(one.replace(",", "")), float(other.replace(",", ""))
    if abs(a - b) > max(RELATIVE * max(abs(a), abs(b)), ABSOLUTE):
        return False
    return _places(one) == _places(other) or (
        (_is_whole(one) or _is_whole(other)) and "," not in one + other
    )


def _places(number: str) -> tuple[int, bool]:
    mantissa = re.split("[eE]", number)[0]
    return len(mantissa.partition(".")[2]), "," in number


def _is_whole(number: str) -> bool:
    """True for a number in all its digits, which another machine may give in fewer."""
    mantissa, *exponent = re.split("[eE]", number)
    digits = re.sub(r"\D", "", mantissa)
    return len(digits) >= _ALL_DIGITS or bool(exponent)


def _styles(page: Page) -> dict[str, str]:
    return {key.partition("!")[2]: value for key, value in page if key.startswith("styles!")}


def _told(
    key: str, was: str | None, now: str | None, styles: tuple[dict[str, str], dict[str, str]]
) -> tuple[str | None, str | None]:
    """A cell whose style is another: only what differs of the style, beside the value."""
    if not _CELL.fullmatch(key) or was is None or now is None:
        return was, now
    halves = [one.partition(" ") for one in (was, now)]
    if halves[0][0] == halves[1][0]:
        return halves[0][2], halves[1][2]
    parts = [
        set(known.get(half[0], half[0]).split(" | "))
        for known, half in zip(styles, halves, strict=True)
    ]
    return (
        f"{halves[0][2]}  styled {sorted(parts[0] - parts[1])}",
        f"{halves[1][2]}  styled {sorted(parts[1] - parts[0])}",
    )


def tell(found: Sequence[Difference], most: int | None = 20) -> str:
    """The differences of each kind of page, the first of them, and how many there are."""
    kinds: dict[str, list[Difference]] = {}
    for one in found:
        kinds.setdefault(one.page, []).append(one)
    told = []
    for kind, ones in kinds.items():
        told += [str(one) for one in ones[:most]]
        if most is not None and len(ones) > most:
            told.append(f"... and {len(ones) - most:,} more of {kind}")
    return "\n".join([*told, f"{len(found):,} differences"])
