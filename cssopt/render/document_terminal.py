"""A document on the screen: its verdict, and the sheets that are for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rich.console import Console
from rich.text import Text

from cssopt.document.document import Column, Document, Mark, Note, Pairs, Sheet, Table
from cssopt.language import in_language
from cssopt.render.number_text import (
    LEFT,
    SIGNS,
    find_places,
    find_shown,
    find_totals,
    tell_shown,
    write_cell,
    write_legend,
)
from cssopt.render.page_terminal import STYLES, find_pages, print_boxes, print_page
from cssopt.render.screen import ScreenTable
from cssopt.render.terminal import print_whole

MOST_ROWS: Final = 40
"""Rows of a table that are shown here; the workbook has all."""
MORE: Final = "Smaller and further figures stand in the workbook."

_WORDS: Final[dict[Mark, str]] = {"good": "ok", "bad": "bad", "warn": "!", "changed": "changed"}
"""In place of signs, where a screen lacks them."""


def print_document(console: Console, document: Document) -> None:
    """Verdict, marking and measure, and the sheets that are for the screen.

    What the audits came to the command tells, as it does of every answer.
    """
    with in_language(document.language):
        _print(console, document)


def _print(console: Console, document: Document) -> None:
    for page in find_pages(document.sheets):
        print_boxes(console, page)
    style = f"bold {STYLES[document.mark]}"
    console.print(document.verdict, style=style.strip(), markup=False)
    head = [part for part in (document.title, document.marking, document.told_measure) if part]
    console.print(" | ".join(head), style="dim", markup=False)
    for sheet in document.sheets:
        if sheet.on_screen and sheet.is_page:
            print_page(console, sheet)
        elif sheet.on_screen:
            _print_sheet(console, sheet)


def _print_sheet(console: Console, sheet: Sheet) -> None:
    console.print()
    console.print(sheet.name, style="bold", markup=False)
    if sheet.explanation:
        console.print(sheet.explanation, style="dim", markup=False)
    for block in sheet.flat:
        if isinstance(block, Note | Pairs) and not block.on_screen:
            continue
        if isinstance(block, Note):
            _print_note(console, block)
        elif isinstance(block, Table):
            _print_table(console, block)
        elif isinstance(block, Pairs):
            _print_pairs(console, block)
    facts = [block for block in sheet.flat if isinstance(block, Pairs)]
    if not all(block.on_screen and all(one.on_screen for one in block.pairs) for block in facts):
        console.print(MORE, style="dim", markup=False)


def _print_note(console: Console, note: Note) -> None:
    sign = f"{_find_sign(console, note.mark)} " if note.mark in SIGNS else ""
    style = f"bold {STYLES[note.mark]}" if note.is_heading else STYLES[note.mark]
    console.print(f"{sign}{note.text}", style=style.strip(), markup=False)


def _print_pairs(console: Console, facts: Pairs) -> None:
    if facts.title:
        console.print(facts.title, style="bold", markup=False)
    screen = ScreenTable(show_header=False)
    screen.add_column()
    screen.add_column(justify="right")
    screen.add_column(style="dim")
    for one in (pair for pair in facts.pairs if pair.on_screen):
        places = find_places(Column("value", one.form, decimals=one.decimals), [one.value])
        text = write_cell(one.value, one.form, places, ascii_only=True)
        value = _sign(console, text, one.mark)
        if one.is_strong:
            value.stylize("bold")
        screen.add_row(one.label, value, one.remark)
    print_whole(console, screen)


def _sign(console: Console, text: str, mark: Mark | None) -> Text:
    """A text with the sign of its mark behind it, where it has one."""
    sign = f" {_find_sign(console, mark)}" if mark in SIGNS else ""
    return Text(f"{text}{sign}", style=STYLES[mark])


def _print_table(console: Console, whole: Table) -> None:
    """A table with the columns that have room here, and as many rows as are read here."""
    console.print()
    if whole.title:
        console.print(whole.title, style="bold", markup=False)
    kept = [place for place, column in enumerate(whole.columns) if column.on_screen]
    columns = tuple(whole.columns[place] for place in kept)
    rows = tuple(tuple(row[place] for place in kept) for row in whole.rows)
    table = replace(whole, columns=columns, rows=rows)
    screen, shown = ScreenTable(), find_shown(table, MOST_ROWS)
    decimals = [find_places(column, table.column(column.name)) for column in columns]
    for column in columns:
        screen.add_column(column.heading, justify="left" if column.form in LEFT else "right")
    for number in shown:
        cells = zip(columns, decimals, rows[number], strict=True)
        screen.add_row(*(
            _sign(
                console,
                write_cell(value, column.form, places, ascii_only=True),
                table.marks.get((number, column.name)),
            )
            for column, places, value in cells
        ))  # fmt: skip
    totals = find_totals(table)
    if totals:
        sums = [
            write_cell(totals.get(column.name), column.form, places, ascii_only=True)
            for column, places in zip(columns, decimals, strict=True)
        ]
        sums[0] = sums[0] or "total"
        screen.add_row(*sums, style="bold")
    print_whole(console, screen)
    for told in filter(None, (tell_shown(len(shown), table), table.note)):
        console.print(told, markup=False)
    for heading, text in write_legend(table):
        console.print(f"{heading}: {text}.", style="dim", markup=False)


def _find_sign(console: Console, mark: Mark) -> str:
    """The sign of a mark, or a word where the screen cannot show it."""
    try:
        SIGNS[mark].encode(console.encoding)
    except UnicodeEncodeError:
        return _WORDS[mark]
    return SIGNS[mark]
