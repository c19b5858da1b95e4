"""An answer as data: sheets of tables, charts and notes, and the facts of its run.

Nothing here knows a format. A column is declared once; a chart names columns, never cells; and
every number that any rendering shows is that of its table.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from cssopt.document.run_facts import RunFacts
from cssopt.language import LANGUAGES, phrase
from cssopt.solution.plain import is_number, plain_records, plain_value

if TYPE_CHECKING:
    import pandas as pd

Form = Literal[
    "text",
    "sentence",
    "money",
    "number",
    "count",
    "share",
    "fine_share",
    "exact_share",
    "year",
    "day",
    "exact",
    "factor",
    "tiny",
    "seconds",
    "million",
    "difference",
    "units",
    "more_units",
    "percent",
    "fine_percent",
    "points",
    "missing",
]
"""How a value is written: money in millions, with one decimal; shares in percent with one, two or
three; ``exact`` with as many decimals as the values have, such as those that were typed; ``factor``
with four; ``tiny`` as a power of ten, such as a gap.

On pages for deciders, where an empty cell is written as a dash (nothing can be there) and 0 as 0:
``million`` whole millions; ``difference`` the same with its sign, also +; ``units`` with one
decimal that is dropped where it is 0, and ``<0.1``; ``more_units`` the same with its sign, also +,
and ``>\u22120.1``; ``percent`` and ``fine_percent`` shares in
percent with none and two decimals; ``points`` differences of shares, with their sign and one
decimal; ``missing`` the missing part of a need: ``met`` up to 0.05 %, else as ``percent``."""

Mark = Literal[
    "good", "bad", "warn", "changed", "bar", "under_way",
    "given_up", "ordered", "lent", "more", "less", "reached", "quiet",
]  # fmt: skip
"""What a cell, a text or a note is told to be, by color and never by color alone. ``bar`` and
``under_way`` are stretches of a schedule, whose cells bear words. On pages for deciders
``given_up``, ``ordered`` and ``lent`` are units, whose signs stand in the text; ``more`` and
``less`` are costs against standing alone; ``reached`` is a ceiling; ``quiet`` is by the way."""

ChartKind = Literal[
    "bars", "stacked", "parts", "columns", "stacked_columns", "curves", "dots", "points",
    "waterfall", "panels", "dumbbell", "ranges", "tornado",
]  # fmt: skip
"""``bars`` lie, ``columns`` stand; ``stacked`` and ``stacked_columns`` are one behind another, none
below 0; ``parts`` are lying bars of one length whose parts are shares of each whole; ``dots`` are
marks on one line for each row; ``curves`` run over names or years; ``points`` have a number on each
axis.

``waterfall``: a lying bar a row of its one series, each from where the one above ended, those of
`totals` from 0; ``panels``: a small chart of standing bars for each row, over the columns of its
series, such as years, all on one scale; ``dumbbell``: for each row a mark of each of its series
(before, after, and a third one by the way) on a line from the first to the second; ``ranges``: for
each row a bar from its first series to its second, with a mark at the third; ``tornado``: two bars
a row, one to each side of 0."""

VERSION: Final = 2
"""Of the JSON envelope: it rises where a reader would have to change."""


MOST_PICKED: Final = 40
"""Rows that stand for all where there is no room for many."""


def _demand(holds: bool, told: str) -> None:
    """ValueError where a document is none, of whoever makes one or keeps one."""
    if not holds:
        raise ValueError(told)


@dataclass(frozen=True)
class Column:
    """One column of a table, declared once for every rendering.

    Attributes
    ----------
    name: in JSON and in frames, as ``share``. title: the heading; by default the name with blanks.
    form: how its values are written. meaning: what it is, for a planner; empty where it is plain.
    measure: what its numbers count, as ``million EUR of 2027``; empty where the form says it.
    decimals: of a number; None: as its values need. total: True where the sum stands below.
    on_screen: False where the terminal leaves it out, which has no room for all.
    group: a heading above it and its neighbors of the same group.
    page: name of the sheet that derives its figures, to which they lead; empty for none.
    """

    name: str
    form: Form = "text"
    title: str = ""
    meaning: str = ""
    measure: str = ""
    decimals: int | None = None
    total: bool = False
    on_screen: bool = True
    group: str = ""
    page: str = ""

    @property
    def heading(self) -> str:
        """What stands above it."""
        return self.title or self.name.replace("_", " ")


@dataclass(frozen=True)
class Span:
    """A stretch of a text.

    Attributes
    ----------
    mark: what it is told to be; its sign, where it has one, stands in the text.
    page: name of the sheet that derives it, to which it leads; empty for none.
    """

    text: str
    mark: Mark | None = None
    is_strong: bool = False
    page: str = ""


@dataclass(frozen=True)
class Rich:
    """A cell of a column of texts that is made of stretches."""

    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """All of it, plain."""
        return "".join(span.text for span in self.spans)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Cells:
    """Cells that a formula reads: of a column, or of the columns from it to `last`.

    Attributes
    ----------
    table: its name; empty for the table in which the formula stands. column, last: names.
    row: from 0; None for all rows.
    """

    column: str
    last: str = ""
    row: int | None = None
    table: str = ""


@dataclass(frozen=True)
class Formula:
    """A number that a workbook works out from other cells; every other rendering shows its value.

    Attributes
    ----------
    text: as spreadsheets write it, without the sign ``=``, its cells as ``{0}``, ``{1}``:
        ``SUM({0})``. cells: each of them, in its own table or one that stands before it.
    """

    value: float
    text: str
    cells: tuple[Cells, ...]

    def __post_init__(self) -> None:
        # A kept answer may come from anywhere: nothing but arithmetic becomes a formula.
        if not _is_arithmetic(self.text, len(self.cells)):
            raise ValueError(f"{self.text[:80]!r} is more than arithmetic of its cells")


_ARITHMETIC: Final = re.compile(r"(?:SUMIF|SUM|\{\d\}|[-+*/(), ]){1,100}")
_OPERATIONS: Final = (
    *(ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Load),
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.UAdd, ast.USub),
)


def _is_arithmetic(text: str, cells: int) -> bool:
    """True where a text is whole, adds, multiplies and the like, and names cells that it has."""
    if not _ARITHMETIC.fullmatch(text):
        return False
    try:
        parsed = ast.parse(re.sub(r"\{(\d)\}", r"c\1", text.strip()), mode="eval")
    except SyntaxError:
        return False
    nodes = list(ast.walk(parsed))
    called = [node.func for node in nodes if isinstance(node, ast.Call)]
    read = [node for node in nodes if isinstance(node, ast.Name) and node not in called]
    return (
        all(isinstance(node, _OPERATIONS) for node in nodes)
        and {getattr(function, "id", "") for function in called} <= {"SUM", "SUMIF"}
        and {name.id for name in read} <= {f"c{place}" for place in range(cells)}
    )


def sum_of_row(row: int, first: str, last: str, values: Iterable[float]) -> Formula:
    """The sum of the cells of a row from one column to another."""
    return Formula(math.fsum(values), "SUM({0})", (Cells(first, last, row),))


@dataclass(frozen=True)
class Table:
    """Rows under columns.

    Attributes
    ----------
    name: unique in its document, as ``shares``. rows: a cell for each column; None where there is
        none. title: above it. note: below it: what it says and what it does not.
    marks: by row (from 0) and name of a column.
    in_view: columns at the left that stay in view where it scrolls: who and what.
    picked: rows that stand for all where there is no room for many, such as the terminal; None:
        all, or the first of many.
    last_is_total: True where the last row is about all that stands above it; it is no row for
        sorting, and no chart draws it.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    title: str = ""
    note: str = ""
    marks: Mapping[tuple[int, str], Mark] = field(default_factory=dict)
    in_view: int = 1
    picked: tuple[int, ...] | None = None
    last_is_total: bool = False

    def __post_init__(self) -> None:
        _demand(all(len(row) == len(self.columns) for row in self.rows), self.name)
        _demand(len({c.name for c in self.columns}) == len(self.columns), self.name)

    def place(self, column: str) -> int:
        """Place of a column; ValueError where there is none of the name."""
        return [one.name for one in self.columns].index(column)

    def column(self, name: str) -> list[Any]:
        """The cells of a column."""
        place = self.place(name)
        return [row[place] for row in self.rows]

    def records(self) -> list[dict[str, Any]]:
        """Rows as plain JSON values by name of the column; null for what is no finite number."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, map(json_cell, row), strict=True)) for row in self.rows]

    @property
    def frame(self) -> pd.DataFrame:
        """The table as a frame: of formulas their values."""
        import pandas as pd

        rows = [list(map(json_cell, row)) for row in self.rows]
        return pd.DataFrame(rows, columns=[column.name for column in self.columns])


@dataclass(frozen=True)
class Pair:
    """A name and its value, whose form is its own; `remark` says what it is or is measured in.

    Where `on_screen` is False the terminal leaves it out. `page` is the name of the sheet that
    derives it; empty for none.
    """

    label: str
    value: Any
    form: Form = "text"
    remark: str = ""
    decimals: int | None = None
    mark: Mark | None = None
    is_strong: bool = False
    on_screen: bool = True
    page: str = ""


@dataclass(frozen=True)
class Pairs:
    """Names and values, one below another: a table of single facts.

    Attributes
    ----------
    name: unique in its document, among the tables. title: above it.
    on_screen: False where the terminal leaves all of it out.
    are_tiles: True for a few key figures that stand side by side, large, remarks below them.
    """

    name: str
    pairs: tuple[Pair, ...]
    title: str = ""
    on_screen: bool = True
    are_tiles: bool = False

    def __post_init__(self) -> None:
        _demand(len({one.label for one in self.pairs}) == len(self.pairs), self.name)

    def records(self) -> list[dict[str, Any]]:
        """Each pair as plain JSON values."""
        return [
            {"label": one.label, "value": json_cell(one.value), "remark": one.remark}
            for one in self.pairs
        ]

    @property
    def frame(self) -> pd.DataFrame:
        """The pairs as a frame."""
        import pandas as pd

        return pd.DataFrame(self.records(), columns=["label", "value", "remark"])


@dataclass(frozen=True)
class Chart:
    """A picture of columns of a table that stands in the same document.

    Attributes
    ----------
    table: its name. by: the column that names the bars, or the years of lines; the numbers along
        the lower axis of ``points``.
    series: the columns whose numbers are drawn. title: what is seen, with its measure.
    line_at: numbers at which a thin line is drawn, by its label; a workbook tells them in the
        title, as its charts draw nothing but columns.
    rows_are_series: True where each row is a series that `by` names, and the columns of `series`,
        such as years, are its places.
    is_joined: of ``points``: True where a line runs through them in their order.
    picked: rows of ``points`` that stand out, by place, each with its label (may be empty).
    bad: those of the columns of which more is worse, such as a shortfall: they are red.
    totals: rows of a ``waterfall`` that begin at 0.
    """

    kind: ChartKind
    table: str
    by: str
    series: tuple[str, ...]
    title: str
    line_at: Mapping[str, float] = field(default_factory=dict)
    rows_are_series: bool = False
    is_joined: bool = True
    picked: Mapping[int, str] = field(default_factory=dict)
    bad: tuple[str, ...] = ()
    totals: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        _demand(bool(self.series) and {*self.series} >= {*self.bad}, f"{self.title}: no series")
        _demand(self.kind != "points" or not self.rows_are_series, f"{self.title}: rows as points")


@dataclass(frozen=True)
class Note:
    """A text: a paragraph, or the heading of a section.

    Where `on_screen` is False the terminal leaves it out. `spans` are the same text in stretches,
    where some of it stands out or leads to another sheet; `is_point` makes it one of a list.
    """

    text: str
    mark: Mark | None = None
    is_heading: bool = False
    on_screen: bool = True
    spans: tuple[Span, ...] = ()
    is_point: bool = False

    @classmethod
    def of(cls, *spans: Span, **how: Any) -> Self:
        """A note of these stretches."""
        return cls("".join(span.text for span in spans), spans=spans, **how)


@dataclass(frozen=True)
class Beside:
    """Charts, short tables or notes that stand side by side where the page is wide enough.

    Notes and what follows a heading among them stand below one another in one part.
    """

    blocks: tuple[Table | Pairs | Chart | Note, ...]


Block = Table | Pairs | Chart | Note | Beside


@dataclass(frozen=True)
class Sheet:
    """One page of the answer: what question it answers, and its blocks from top to bottom.

    Attributes
    ----------
    on_screen: True where the terminal shows it too.
    is_page: True for a page for deciders: one question on one printed page. Where a document has
        pages, its HTML shows these alone, and the workbook has the other sheets behind them.
    question: what a page answers. finding: the answer, its title.
    boxes: what must be known before anything on the page is used, above its title.
    """

    name: str
    explanation: str = ""
    blocks: tuple[Block, ...] = ()
    on_screen: bool = False
    is_page: bool = False
    question: str = ""
    finding: str = ""
    boxes: tuple[str, ...] = ()

    @property
    def flat(self) -> Iterator[Table | Pairs | Chart | Note]:
        """Its blocks, those that stand side by side one after another."""
        for block in self.blocks:
            yield from block.blocks if isinstance(block, Beside) else (block,)

    @property
    def heading(self) -> str:
        """What stands at its head: the finding, or its name."""
        return self.finding or self.name

    @property
    def tables(self) -> tuple[Table | Pairs, ...]:
        """Its tables, from top to bottom."""
        return tuple(block for block in self.flat if isinstance(block, Table | Pairs))

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Its charts, from top to bottom."""
        return tuple(block for block in self.flat if isinstance(block, Chart))


@dataclass(frozen=True)
class Document:
    """An answer, whole: what it says, its sheets, and the facts of its run, which are always there.

    Parameters
    ----------
    title : str
        What it is about.
    verdict : str
        The finding, one sentence.
    sheets : tuple[Sheet, ...]
        Its pages.
    facts : RunFacts
        Where it comes from.
    mark : Mark | None, default None
        How the finding is to be taken.
    marking : str, default ""
        Of the inputs, such as ILLUSTRATIVE; stands on every page.
    measure : str, default ""
        What its money counts, such as ``million EUR of 2027, present value``.
    years : str, default ""
        Which years it is about, such as ``2027-32``; stands on every page for deciders.
    data : tuple[str, ...], default ()
        Names of the tables that programs read as files of their own; empty: all.
    kept : tuple[Table, ...], default ()
        Tables that no page shows, kept with the answer for programs, such as all decisions of a
        plan; their names are their own.
    language : str, default "en"
        In which its words are, and its numbers are written (see `cssopt.language`).
    """

    title: str
    verdict: str
    sheets: tuple[Sheet, ...]
    facts: RunFacts
    mark: Mark | None = None
    marking: str = ""
    measure: str = ""
    years: str = ""
    data: tuple[str, ...] = ()
    kept: tuple[Table, ...] = ()
    language: str = "en"

    def __post_init__(self) -> None:
        _demand(self.language in LANGUAGES, f"no language: {self.language}")
        every = [table for sheet in self.sheets for table in sheet.tables]
        _demand(len({table.name for table in every}) == len(every), "a table has its name alone")
        for chart in (chart for sheet in self.sheets for chart in sheet.charts):
            named = {column.name for column in self.table(chart.table).columns}
            _demand(named >= {chart.by, *chart.series}, f"{chart.title}: {chart.table}")

    @property
    def subject(self) -> str:
        """What a page for deciders is about, in one line: title, years, and what money counts."""
        return " \u00b7 ".join(part for part in (self.title, self.years, self.measure) if part)

    @property
    def told_measure(self) -> str:
        """What money counts, as heads tell it; empty where there is none."""
        return phrase("money in {measure}", measure=self.measure) if self.measure else ""

    @cached_property
    def tables(self) -> Mapping[str, Table | Pairs]:
        """Every table by its name, in its order."""
        return {table.name: table for sheet in self.sheets for table in sheet.tables}

    def table(self, name: str) -> Table:
        """The table of this name, of rows and columns.

        Parameters
        ----------
        name : str
            As programs call it.

        Returns
        -------
        Table
            Its columns, rows and note.

        Raises
        ------
        KeyError
            Where there is none.
        """
        table = self.tables[name]
        if not isinstance(table, Table):
            raise KeyError(name)
        return table


def table_of(
    name: str, columns: Sequence[Column], records: Iterable[Mapping[str, Any]], **how: Any
) -> Table:
    """A table of records: a cell that a record lacks is empty."""
    rows = tuple(tuple(record.get(c.name) for c in columns) for record in records)
    return Table(name, tuple(columns), rows, **how)


def table_of_frame(name: str, columns: Sequence[Column], frame: pd.DataFrame, **how: Any) -> Table:
    """A table of the columns of a frame: what is not a number there is an empty cell."""
    return table_of(name, columns, plain_records(frame), **how)


def pick_rows(first: Iterable[int], count: int) -> tuple[int, ...] | None:
    """Rows that stand for all of so many: these, as far as half of the room goes, and others evenly
    between; None where all of them are few."""
    if count <= MOST_PICKED:
        return None
    chosen = list(dict.fromkeys(first))[: MOST_PICKED // 2]
    room = MOST_PICKED - len(chosen)
    evenly = [place * (count - 1) // (room - 1) for place in range(room)]
    return tuple(sorted({*chosen, *evenly}))


def decimals(values: Iterable[Any]) -> int:
    """How many decimals show these numbers well: fewer where they are large or whole."""
    sizes = [abs(v) for v in values if isinstance(v, int | float) and math.isfinite(v) and v]
    if all(abs(size - round(size)) < 1e-9 * max(1.0, size) for size in sizes):
        return 0
    largest = max(sizes)
    return 0 if largest >= 1e6 else 1 if largest >= 1e3 else 2 if largest >= 1 else 4


def table_to_keep(name: str, columns: Sequence[Any], rows: Sequence[Sequence[Any]]) -> Table:
    """All rows of a table that no page shows, for programs: what is no number in a column of
    numbers is an empty cell, and where one is, or any has a fraction, all are floats."""
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    pairs = zip(columns, map(_keep_column, cells), strict=True)
    kept = [(Column(str(column), form), own) for column, (form, own) in pairs]
    return Table(
        name,
        tuple(column for column, _ in kept),
        tuple(zip(*(own for _, own in kept), strict=True)),
    )


def _keep_column(cells: Sequence[Any]) -> tuple[Form, Sequence[Any]]:
    """The form of a column, and its cells as one kind; None where there is nothing."""
    plain = [cell.item() if hasattr(cell, "item") else cell for cell in cells]
    lacks = [cell is None or cell != cell for cell in plain]
    known = [cell for cell, lack in zip(plain, lacks, strict=True) if not lack]
    has_floats = any(isinstance(cell, float) for cell in plain)
    is_numeric = all(map(is_number, known)) and bool(known or has_floats)
    if is_numeric and (has_floats or any(lacks)):
        plain = [None if lack else float(cell) for cell, lack in zip(plain, lacks, strict=True)]
    shown = [None if lack else cell for cell, lack in zip(plain, lacks, strict=True)]
    return "number" if is_numeric else "text", shown


def json_cell(value: Any) -> Any:
    """A cell as a plain JSON value: of a formula its value, of stretches of text all of it."""
    if isinstance(value, Rich):
        return value.text
    return plain_value(value.value if isinstance(value, Formula) else value)
