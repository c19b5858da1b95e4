"""A page for deciders on the screen: short, for it has to be read at one look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from cssopt.document.document import (
    Chart,
    Column,
    Mark,
    Note,
    Pair,
    Pairs,
    Rich,
    Sheet,
    Span,
    Table,
)
from cssopt.language import phrase
from cssopt.render.number_text import (
    LEFT,
    find_number,
    find_places,
    find_shown,
    write_cell,
)
from cssopt.render.screen import ScreenTable
from cssopt.render.terminal import print_whole

_MOST_ROWS: Final = 12
"""Rows of a table of a page that are shown here: a page has no more than others add up."""
_MOST_SENTENCES: Final = 3
"""Rows of a table of sentences, such as years with what is decided in them."""

_STYLES: Final[dict[Mark | None, str]] = {
    "good": "green",
    "bad": "red",
    "warn": "yellow",
    "changed": "cyan",
    "given_up": "red",
    "ordered": "blue",
    "lent": "green",
    "more": "red",
    "less": "blue",
    "reached": "bold yellow",
    "bar": "",
    "under_way": "dim",
    "quiet": "dim",
    None: "",
}
_HEAT: Final = ((0.5, "bold white on red"), (0.3, "bold red"), (0.1, "red"), (5e-4, "yellow"))
"""From which missing part on a cell is told how."""

_ASCII: Final = {
    "\u25bc": "v", "\u25b2": "^", "\u25c6": "*", "\u2192": "->", "\u00d7": "x", "\u2212": "-",
    "\u2013": "-", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\u2022": "-",
}  # fmt: skip
"""Our own signs where an encoding lacks them."""


def print_page(console: Console, page: Sheet) -> None:
    """What a page says: what must be known first, its sentences, tables and points."""
    blocks = list(page.flat)
    for place, block in enumerate(blocks):
        if isinstance(block, Chart) or not getattr(block, "on_screen", True):
            continue
        if isinstance(block, Note):
            _print_note(console, block)
        elif isinstance(block, Pairs):
            _print_pairs(console, block)
        elif not _is_drawn(block, blocks[:place]):
            _print_table(console, block)


def print_boxes(console: Console, page: Sheet) -> None:
    """What must be known before anything on a page is used."""
    for box in page.boxes:
        console.print(_adapt(console, f"! {box}"), style="bold red", markup=False)


def _is_drawn(table: Table, before: Sequence[Any]) -> bool:
    """True for a table whose numbers a chart draws: here there is no room for what others tell."""
    return any(isinstance(one, Chart) and one.table == table.name for one in before)


def _adapt(console: Console, text: str) -> str:
    """A text with our own signs in others where the encoding lacks them."""
    try:
        text.encode(console.encoding)
    except UnicodeEncodeError:
        return text.translate(str.maketrans(_ASCII))
    return text


def _print_note(console: Console, note: Note) -> None:
    spans = note.spans or (Span(note.text, note.mark),)
    text = Text(_adapt(console, "\u2022 ") if note.is_point else "")
    for span in spans:
        style = f"{'bold' if span.is_strong or note.is_heading else ''} {_STYLES[span.mark]}"
        if note.is_heading and span.mark is not None:
            style = _STYLES[span.mark]
        text.append(_adapt(console, span.text), style=style.strip())
    console.print(text)


def _print_pairs(console: Console, facts: Pairs) -> None:
    """Names and values in one line, for there are few."""
    text = Text()
    for place, one in enumerate(pair for pair in facts.pairs if pair.on_screen):
        text.append("; " if place else "")
        text.append(f"{_adapt(console, one.label)} ")
        text.append(_adapt(console, _write_pair(one)), style="bold" if one.is_strong else "")
    console.print(text)


def _write_pair(one: Pair) -> str:
    places = find_places(Column("value", one.form, decimals=one.decimals), [one.value])
    return write_cell(one.value, one.form, places)


def _print_table(console: Console, table: Table) -> None:
    kept = [place for place, column in enumerate(table.columns) if column.on_screen]
    columns = [table.columns[place] for place in kept]
    has_sentences = any(column.form == "sentence" for column in columns)
    shown = find_shown(table, _MOST_SENTENCES if has_sentences else _MOST_ROWS)
    screen = ScreenTable()
    for column in columns:
        justify = "left" if column.form in LEFT else "right"
        screen.add_column(_adapt(console, column.heading), justify=justify)
    decimals = [find_places(column, table.column(column.name)) for column in columns]
    last = len(table.rows) - 1
    for number in shown:
        is_total = table.last_is_total and number == last
        cells = zip(columns, decimals, (table.rows[number][place] for place in kept), strict=True)
        screen.add_row(
            *(
                _tell_cell(console, value, column, places, table.marks.get((number, column.name)))
                for column, places, value in cells
            ),
            style="bold" if is_total else "",
        )
    print_whole(console, screen)
    left = len(table.rows) - len(shown)
    if left:
        told = phrase("{count} more rows stand in the files.", count=left)
        console.print(told, style="dim", markup=False)


def _tell_cell(
    console: Console, value: Any, column: Column, places: int, mark: Mark | None
) -> Text:
    if isinstance(value, Rich):
        text = Text()
        for span in value.spans:
            style = f"{'bold' if span.is_strong else ''} {_STYLES[span.mark]}".strip()
            text.append(_adapt(console, span.text), style=style)
        return text
    style = _STYLES[mark]
    if column.form == "missing":
        style = _find_heat(find_number(value, column.form))
    return Text(_adapt(console, write_cell(value, column.form, places)), style=style)


def _find_heat(share: float | None) -> str:
    if share is None:
        return "dim"
    return next((style for least, style in _HEAT if share > least), "")


def find_pages(sheets: Sequence[Sheet]) -> Iterator[Sheet]:
    """Pages that are for the screen."""
    return (sheet for sheet in sheets if sheet.is_page and sheet.on_screen)
