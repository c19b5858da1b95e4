"""Tables that are kept for programs: their cells are those that a frame of pandas would have.

Frames are what scripts read of the same plan, so pandas is the independent reader here: columns of
numbers have one kind, and what is missing is empty.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from books import make_case
from hypothesis import given, settings
from hypothesis import strategies as st
from small_books import make_book

import cssopt
from cssopt.document.document import table_to_keep

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=3),
    st.builds(np.float64, st.floats(-1e6, 1e6)),
)
COLUMNS = st.one_of(
    st.lists(CELLS, min_size=3, max_size=3),
    st.lists(st.integers(-5, 5), min_size=3, max_size=3),
    st.lists(st.one_of(st.none(), st.integers(-5, 5)), min_size=3, max_size=3),
    st.lists(st.floats(), min_size=3, max_size=3),
)


def as_pandas(columns, rows):
    """Of each column its name, whether it is one of numbers, and its cells."""
    frame = pd.DataFrame(rows, columns=list(columns))
    plain = frame.astype(object).where(frame.notna(), None)
    numbers = set(frame.select_dtypes("number").columns)
    return [(str(one), one in numbers, list(map(of_python, plain[one]))) for one in frame.columns]


def of_python(cell):
    """A column of several kinds has the numbers of numpy that it was given."""
    return cell.item() if isinstance(cell, np.generic) else cell


def as_kept(columns, rows):
    kept = table_to_keep("kept", columns, rows)
    return [
        (one.name, one.form == "number", [row[place] for row in kept.rows])
        for place, one in enumerate(kept.columns)
    ]


def shown(table):
    """With the kind of each cell: 1 and 1.0 are equal, and two."""
    return [
        (name, numeric, [(type(c).__name__, repr(c)) for c in cells])
        for name, numeric, cells in table
    ]


@pytest.mark.medium
@settings(max_examples=300, deadline=None)
@given(st.lists(COLUMNS, min_size=1, max_size=3))
def test_cells_are_those_of_a_frame(drawn):
    names, rows = [f"c{place}" for place in range(len(drawn))], list(zip(*drawn, strict=True))
    assert shown(as_kept(names, rows)) == shown(as_pandas(names, rows))


def test_kinds_of_columns():
    rows = [(1, 2, "a", True, math.nan), (2, None, None, False, 1.5)]
    kept = table_to_keep("kept", ("whole", "gaps", "text", "flag", 2030), rows)
    assert kept.rows == ((1, 2.0, "a", True, None), (2, None, None, False, 1.5))
    assert [type(cell) for cell in kept.rows[0]] == [int, float, str, bool, type(None)]
    assert [(c.name, c.form) for c in kept.columns] == [
        ("whole", "number"), ("gaps", "number"), ("text", "text"), ("flag", "text"),
        ("2030", "number"),
    ]  # fmt: skip


def test_without_rows_a_table_has_its_columns():
    kept = table_to_keep("kept", ("member", "year"), [])
    assert ([c.name for c in kept.columns], kept.rows) == (["member", "year"], ())


@pytest.mark.medium
@pytest.mark.parametrize("study", ["pooled", "relaxed"])
def test_every_table_of_a_plan_is_kept_as_its_frame(study):
    plan = cssopt.solve(cssopt.load(make_case(make_book()).frames), study=study).found
    assert plan.tables.keys() == plan.rows.keys()
    for name, frame in plan.tables.items():
        columns, rows = plan.rows[name]
        assert list(frame.columns) == list(columns), name
        kept = table_to_keep(name, columns, rows)
        assert len(kept.rows) == len(frame), name
        for column in kept.columns:
            (own,) = (frame[one] for one in frame.columns if str(one) == column.name)
            cells = [None if pd.isna(cell) else cell for cell in own.tolist()]
            assert kept.column(column.name) == cells, (name, column.name)
