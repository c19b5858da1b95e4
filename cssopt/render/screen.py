"""Where texts are shown: as they stand, whole, and in any encoding. Nothing in them is a command.

Names and texts come from workbooks and file names. On a screen they are never markup, emoji codes
or control signs; a letter that the encoding lacks is told by its code, as ``\\u0141``; and none is
ever cut short.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import IO, Any, Final, Literal, NamedTuple

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.segment import Segment
from rich.table import Table as RichTable
from rich.text import Text

from cssopt.errors import CssoptError

_ESCAPES: Final = "backslashreplace"
_SIGNS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)
"""Signs that steer a terminal, break a line or turn the direction of what stands beside them, and
halves of letters, which file names of another encoding hold, and what is no letter. Tabs and new
lines stay."""

_SIZES: Final = ("COLUMNS", "LINES")
_SIZE: Final = re.compile("[1-9][0-9]{0,5}")

_PER_SECOND: Final = 5
"""How often a line that is followed is written anew."""

_LEAST_FOLDED: Final = 12
"""Characters that a column of texts has at least, where a screen is too narrow for all."""


class OutputError(CssoptError):
    """Results could not be written where they should go.

    Attributes
    ----------
    is_closed: True where their reader has gone, as after ``| head``.
    """

    def __init__(self, error: OSError) -> None:
        self.is_closed = isinstance(error, BrokenPipeError)
        super().__init__(
            f"the results could not be written to the output ({error.strerror or error}). Free "
            "some space, or send them elsewhere."
        )


def printable(text: str, encoding: str = "utf-8") -> str:
    """The text with escapes for all that this encoding lacks or a terminal would act on."""
    shown = _SIGNS.sub(lambda sign: sign[0].encode("unicode_escape").decode("ascii"), text)
    return shown.encode(encoding, _ESCAPES).decode(encoding)


class Screen(Console):
    """A console on which every text stands as it is.

    Results raise OutputError where they cannot be written. Messages (`stderr`) are then left out:
    nobody can be told, and the work goes on.
    """

    def __init__(self, **how: Any) -> None:
        # A size that is none, as COLUMNS=0 of some terminals, would leave no room for anything.
        sized = {k: v for k, v in os.environ.items() if k not in _SIZES or _SIZE.fullmatch(v)}
        how = {"markup": False, "emoji": False, "highlight": False, "soft_wrap": True, **how}
        super().__init__(_environ=sized, **how)

    def print(self, *objects: Any, **how: Any) -> None:
        """Print texts and tables."""
        shown = (printable(o, self.encoding) if isinstance(o, str) else o for o in objects)
        try:
            super().print(*shown, **how)
        except OSError as error:
            self._give_up(error)

    def write(self, text: str) -> None:
        """Write a text to the last character as it is."""
        try:
            self.file.write(text)
            self.file.flush()
        except OSError as error:
            self._give_up(error)

    def follow(self, line: Callable[[], str]) -> Live:
        """A line at the foot of a terminal that says five times a second what `line` gives, for
        the time of a context; nothing is left of it."""
        return _Followed(
            get_renderable=lambda: Text(printable(line(), self.encoding)),
            console=self,
            refresh_per_second=_PER_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def on_broken_pipe(self) -> None:
        """The reader has gone: told like any other refusal."""
        raise

    def _give_up(self, error: OSError) -> None:
        """Write nothing more here: each try, and the end of the program, would fail again."""
        self.quiet = True
        _redirect(self.file)
        if not self.stderr:
            raise OutputError(error) from error


class _Followed(Live):
    """A line that is left out where it cannot be written; its thread never raises anything."""

    def start(self, refresh: bool = False) -> None:
        """Begin."""
        self._try(lambda: super(_Followed, self).start(refresh))

    def refresh(self) -> None:
        """Say it as of now."""
        self._try(super().refresh)

    def stop(self) -> None:
        """Leave the screen as it was."""
        self._try(super().stop)

    def _try(self, act: Callable[[], None]) -> None:
        screen: Any = self.console
        try:
            act()
        except OSError as error:
            screen._give_up(error)
        except Exception:
            # A line that cannot be shown is no reason to end the work.
            return


def _redirect(file: IO[str]) -> None:
    """Let what a stream still holds go nowhere."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, file.fileno())
        os.close(nowhere)


class ScreenTable:
    """Rows of texts under heads, each whole.

    On a terminal columns of texts fold to its width, and columns of figures, or of names that are
    kept in one line, never do. Elsewhere every row is one line, however long.
    """

    def __init__(self, *, show_header: bool = True, gap: int = 2) -> None:
        self._show_header, self._gap = show_header, gap
        self._columns: list[_Column] = []
        self._rows: list[tuple[tuple[str | Text, ...], str]] = []

    def add_column(
        self,
        head: str | Text = "",
        *,
        justify: Literal["left", "right"] = "left",
        style: str = "",
        no_wrap: bool = False,
    ) -> None:
        """Add a column; `no_wrap` keeps each of its texts in one line, as figures always are."""
        self._columns.append(_Column(head, justify, style, no_wrap or justify == "right"))

    def add_row(self, *cells: str | Text, style: str = "") -> None:
        """Add a row; where there are fewer cells than columns, the last are empty."""
        blank = ("",) * (len(self._columns) - len(cells))
        self._rows.append(((*cells, *blank), style))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        heads = [_shown(column.head, console.encoding) for column in self._columns]
        rows = [[_shown(cell, console.encoding) for cell in cells] for cells, _ in self._rows]
        columns = zip(*([heads, *rows] if self._show_header else rows), strict=True)
        # An empty column takes a place of its own, which is not to be taken from a text.
        widths = [max(1, *map(_width, column)) for column in columns]
        gaps = self._gap * (len(widths) - 1)
        total = sum(widths) + gaps
        if console.is_terminal:
            # What stands in one line does, and texts can be read, on the narrowest screen.
            pairs = zip(self._columns, widths, strict=False)
            least = (w if column.kept else min(w, _LEAST_FOLDED) for column, w in pairs)
            total = min(total, max(options.max_width, sum(least) + gaps))
        table = RichTable(
            box=None, show_header=self._show_header, padding=(0, self._gap, 0, 0), pad_edge=False
        )
        for head, column in zip(heads, self._columns, strict=True):
            table.add_column(
                head,
                justify=column.justify,
                style=column.style,
                no_wrap=column.kept,
                overflow="fold",
            )
        for cells, (_, style) in zip(rows, self._rows, strict=True):
            table.add_row(*cells, style=style)
        whole = options.update(width=total, no_wrap=False, overflow="fold")
        for line in console.render_lines(table, whole, pad=False):
            yield from _strip(line)
            yield Segment.line()


class _Column(NamedTuple):
    """How a column is shown; `kept`: in one line."""

    head: str | Text
    justify: Literal["left", "right"]
    style: str
    kept: bool


def _shown(cell: str | Text, encoding: str) -> Text:
    text, style = (cell.plain, cell.style) if isinstance(cell, Text) else (cell, "")
    return Text(printable(text, encoding).expandtabs(), style=style)


def _width(cell: Text) -> int:
    return max((cell_len(line) for line in cell.plain.split("\n")), default=0)


def _strip(line: Iterable[Segment]) -> list[Segment]:
    """A line without the blanks that fill it up at its end."""
    segments = list(line)
    while segments and not segments[-1].text.strip(" "):
        segments.pop()
    if segments:
        text, style, control = segments[-1]
        segments[-1] = Segment(text.rstrip(" "), style, control)
    return segments


results = Screen()
"""Answers: standard output."""
messages = Screen(stderr=True)
"""Steps, warnings and errors: standard error."""
