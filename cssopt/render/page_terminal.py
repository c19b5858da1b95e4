"""A page for deciders on the screen: short, for it has to be read at one look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

from rich.console import Console
from rich.segment import Segment
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
from cssopt.language import NARROW, phrase_count
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
_WIDE: Final = 10_000
"""Signs: more than any table has."""
_MOST_SENTENCES: Final = 1
"""Rows of a table of sentences, such as years with what is decided in them."""

STYLES: Final[dict[Mark | None, str]] = {
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

_ASCII: Final = str.maketrans({
    "\u25bc": "v", "\u25b2": "^", "\u25c6": "*", "\u2192": "->", "\u00d7": "x", "\u2212": "-",
    "\u2013": "-", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\u2022": "-",
})  # fmt: skip
"""Our own signs where an encoding lacks them."""


def print_page(console: Console, page: Sheet) -> None:
    """What a page says: its sentences, tables and points."""
    blocks, lines = list(page.flat), _Lines(console)
    for place, block in enumerate(blocks):
        if isinstance(block, Chart) or not getattr(block, "on_screen", True):
            continue
        if isinstance(block, Note):
            _tell_note(lines, block)
        elif isinstance(block, Pairs):
            lines.add(_write_pairs(console, block))
        elif not _is_drawn(block, blocks[:place]):
            _print_table(lines, block)
    lines.end()


class _Lines:
    """Paragraphs as they grow: what is short stands behind its heading, for lines are few."""

    def __init__(self, console: Console) -> None:
        self.console, self._text = console, Text()

    def begin(self, text: Text) -> None:
        """A paragraph of its own."""
        self.end()
        self._text = text

    def add(self, text: Text) -> None:
        """More of the paragraph."""
        self._text = self._text.append("  " if self._text else "").append_text(text)

    def end(self) -> None:
        """Print what there is, before something that is no text."""
        if self._text:
            self.console.print(self._text)
        self._text = Text()


def _tell_note(lines: _Lines, note: Note) -> None:
    """A heading, a point behind it, or a paragraph.

    Of a point that only tells what is found its first words are enough, where they are a sentence;
    one that says what to ask is told whole.
    """
    text = _write_note(lines.console, note)
    if note.is_point:
        begin = note.spans[0].text.strip() if note.spans else note.text
        is_asked = any(span.mark == "quiet" for span in note.spans)
        lead = note.text if is_asked or begin.endswith(":") else begin
        lines.add(Text(_adapt(lines.console, f"\u2022 {lead}")))
    else:
        lines.begin(text)


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
        return text.translate(_ASCII)
    return text


def _write_note(console: Console, note: Note) -> Text:
    spans = note.spans or (Span(note.text, note.mark),)
    text = Text()
    for span in spans:
        style = f"{'bold' if span.is_strong or note.is_heading else ''} {STYLES[span.mark]}"
        if note.is_heading and span.mark is not None:
            style = STYLES[span.mark]
        text.append(_adapt(console, span.text), style=style.strip())
    return text


def _write_pairs(console: Console, facts: Pairs) -> Text:
    """Names and values in one line, for there are few."""
    text = Text()
    for place, one in enumerate(pair for pair in facts.pairs if pair.on_screen):
        text.append("; " if place else "")
        text.append(f"{_adapt(console, one.label)} ")
        text.append(_adapt(console, _write_pair(one)), style="bold" if one.is_strong else "")
    return text


def _write_pair(one: Pair) -> str:
    places = find_places(Column("value", one.form, decimals=one.decimals), [one.value])
    return write_cell(one.value, one.form, places)


def _print_table(lines: _Lines, table: Table) -> None:
    """A table as wide as the screen is; where it is wider, each group of columns by itself."""
    console = lines.console
    columns = [column for column in table.columns if column.on_screen]
    if any(column.form == "missing" for column in columns):
        # Words beside such cells only say the same again.
        columns = [column for column in columns if column.form != "sentence"]
    if any(column.form == "sentence" for column in columns):
        _tell_sentences(lines, table, columns)
        return
    lines.end()
    parts = [columns]
    groups = list(dict.fromkeys(column.group for column in columns if column.group))
    if _measure(console, table, columns) > console.width and len(groups) > 1:
        free = [column for column in columns if not column.group]
        parts = [[*free, *(c for c in columns if c.group == group)] for group in groups]
    for part in parts:
        print_whole(console, _draw(console, table, part))
    left = len(table.rows) - len(find_shown(table, _MOST_ROWS))
    if left:
        lines.begin(_tell_left(left))


def _measure(console: Console, table: Table, columns: Sequence[Column]) -> int:
    wide = console.options.update(width=_WIDE)
    lines = console.render_lines(_draw(console, table, columns), wide, pad=False)
    return max(map(Segment.get_line_length, lines), default=0)


def _draw(console: Console, table: Table, columns: Sequence[Column]) -> ScreenTable:
    screen, last = ScreenTable(), len(table.rows) - 1
    for column in columns:
        justify: Literal["left", "right"] = "left" if column.form in LEFT else "right"
        screen.add_column(_adapt(console, column.heading), justify=justify)
    decimals = [find_places(column, table.column(column.name)) for column in columns]
    places = [table.place(column.name) for column in columns]
    for number in find_shown(table, _MOST_ROWS):
        is_total = table.last_is_total and number == last
        cells = [table.rows[number][place] for place in places]
        # Sums of texts only repeat what stands above them.
        if is_total and any(isinstance(cell, Rich) for cell in cells):
            continue
        screen.add_row(
            *(
                _tell_cell(console, value, column, shown, table.marks.get((number, column.name)))
                for value, column, shown in zip(cells, columns, decimals, strict=True)
            ),
            style="bold" if is_total else "",
        )
    return screen


def _tell_sentences(lines: _Lines, table: Table, columns: Sequence[Column]) -> None:
    """Rows of a table of sentences, the first of them."""
    for row in table.rows[:_MOST_SENTENCES]:
        text = Text()
        for place, column in enumerate(columns):
            cell = _tell_cell(lines.console, row[table.place(column.name)], column, 0, None)
            if place == 0:
                cell.stylize("bold")
            text.append_text(cell).append(" ")
        lines.add(text)
    left = len(table.rows) - _MOST_SENTENCES
    if left > 0:
        lines.add(_tell_left(left))


def _tell_left(left: int) -> Text:
    told = phrase_count("{count} more row: in the files.", "{count} more rows: in the files.", left)
    return Text(told, style="dim")


def _tell_cell(
    console: Console, value: Any, column: Column, places: int, mark: Mark | None
) -> Text:
    if isinstance(value, Rich):
        text = Text()
        for span in value.spans:
            style = f"{'bold' if span.is_strong else ''} {STYLES[span.mark]}".strip()
            told = span.text.replace(NARROW, "") if span.mark else span.text
            text.append(_adapt(console, told), style=style)
        return text
    style = STYLES[mark]
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
