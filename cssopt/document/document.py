"""An answer as data: sheets of tables, charts and notes, and the facts of its run.

Nothing here knows a format. A column is declared once; a chart names columns, never cells; and
every number that any rendering shows is that of its table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from cssopt.document.run_facts import RunFacts
from cssopt.solution.plain import plain_value

Form = Literal["text", "sentence", "money", "number", "count", "share", "fine_share", "year", "day"]
"""How a value is written: money in millions, with one decimal; a share in percent."""

Mark = Literal["good", "bad", "warn", "changed"]
"""What a cell or a note is told to be, by color and never by color alone."""

ChartKind = Literal["bars", "stacked", "columns", "curves", "dots"]
"""``bars`` lie, ``columns`` stand; ``stacked`` are bars one behind another, none below 0; ``dots``
are marks on one line for each row."""

VERSION: Final = 1
"""Of the JSON envelope: it rises where a reader would have to change."""


@dataclass(frozen=True)
class Column:
    """One column of a table, declared once for every rendering.

    Attributes
    ----------
    name: in JSON and in frames, as ``share``. title: the heading; by default the name with blanks.
    form: how its values are written. meaning: what it is, for a planner; empty where it is plain.
    measure: what its numbers count, as ``million EUR of 2027``; empty where the form says it.
    decimals: of a number; None: as its values need. total: True where the sum stands below.
    """

    name: str
    form: Form = "text"
    title: str = ""
    meaning: str = ""
    measure: str = ""
    decimals: int | None = None
    total: bool = False

    @property
    def heading(self) -> str:
        """What stands above it."""
        return self.title or self.name.replace("_", " ")


@dataclass(frozen=True)
class Table:
    """Rows under columns.

    Attributes
    ----------
    name: unique in its document, as ``shares``. rows: a cell for each column; None where there is
        none. title: above it. note: below it: what it says and what it does not.
    marks: by row (from 0) and name of a column.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    title: str = ""
    note: str = ""
    marks: Mapping[tuple[int, str], Mark] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert all(len(row) == len(self.columns) for row in self.rows), self.name
        assert len({c.name for c in self.columns}) == len(self.columns), self.name

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
        return [dict(zip(names, map(plain_value, row), strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Chart:
    """A picture of columns of a table that stands on the same sheet.

    Attributes
    ----------
    table: its name. by: the column that names the bars, or the years of lines.
    series: the columns whose numbers are drawn. title: what is seen, with its measure.
    line_at: numbers at which a thin line is drawn, by its label; a workbook tells them in the
        title, as its charts draw nothing but columns.
    """

    kind: ChartKind
    table: str
    by: str
    series: tuple[str, ...]
    title: str
    line_at: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """A text: a paragraph, or the heading of a section."""

    text: str
    mark: Mark | None = None
    is_heading: bool = False


Block = Table | Chart | Note


@dataclass(frozen=True)
class Sheet:
    """One page of the answer: what question it answers, and its blocks from top to bottom.

    Attributes
    ----------
    on_screen: True where the terminal shows it too.
    """

    name: str
    explanation: str = ""
    blocks: tuple[Block, ...] = ()
    on_screen: bool = False

    def __post_init__(self) -> None:
        tables = {table.name: table for table in self.tables}
        for chart in self.blocks:
            if isinstance(chart, Chart):
                named = {column.name for column in tables[chart.table].columns}
                assert named >= {chart.by, *chart.series}, f"{chart.title}: {chart.table}"

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables, from top to bottom."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


@dataclass(frozen=True)
class Document:
    """An answer, whole: what it says, its sheets, and the facts of its run, which are always there.

    Attributes
    ----------
    title: what it is about. verdict: the finding, one sentence. mark: how it is to be taken.
    marking: of the inputs, such as ILLUSTRATIVE; stands on every page.
    measure: what its money counts, such as ``million EUR of 2027, present value``.
    """

    title: str
    verdict: str
    sheets: tuple[Sheet, ...]
    facts: RunFacts
    mark: Mark | None = None
    marking: str = ""
    measure: str = ""

    def __post_init__(self) -> None:
        names = [table.name for table in self.all_tables]
        assert len(set(names)) == len(names), "a table has its name alone"

    @property
    def all_tables(self) -> tuple[Table, ...]:
        """Every table, in its order."""
        return tuple(table for sheet in self.sheets for table in sheet.tables)

    @property
    def tables(self) -> Mapping[str, Table]:
        """Every table by its name."""
        return {table.name: table for table in self.all_tables}


def table_of(
    name: str, columns: Sequence[Column], records: Iterable[Mapping[str, Any]], **how: Any
) -> Table:
    """A table of records: a cell that a record lacks is empty."""
    rows = tuple(tuple(record.get(c.name) for c in columns) for record in records)
    return Table(name, tuple(columns), rows, **how)
