"""Conditions on names that hold the very signs of which conditions are made."""

from __future__ import annotations

import pytest
from books import make_data
from small_books import make_book

from cssopt.tables.patch import Step, patch_tables
from cssopt.tables.where import exactly, read_where, select_rows

NAMES = [
    "a;b", "a,b", "a*", "a?", "[a]", "a=b", 'a"b', '"a"', '";b', 'a="b;c"', "a", "5", "TRUE",
    "<=3", "=1+1", "1..9", "ä ö",
]  # fmt: skip


def rows_with(where):
    column = {name: name for name in NAMES}
    return select_rows({"member": column}, read_where(where))


@pytest.mark.parametrize("name", NAMES)
def test_a_quoted_name_means_itself_alone(name):
    assert rows_with(exactly("member", name)) == [name]
    assert len(rows_with(exactly("member", name).replace("=", "!=", 1))) == len(NAMES) - 1


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ('member="a;b","a,b"', ["a;b", "a,b"]),
        ('member = "a*" , a=*', ["a*", "a=b", 'a="b;c"']),
        ('member="a;b"; member=a*', ["a;b"]),
        ('member="a""b"', ['a"b']),
        ('member=a"*', ['a"b']),
        ("member=a?", ["a*", "a?"]),
        ('member="A"', []),
    ],
)
def test_quotes_and_wildcards_side_by_side(where, rows):
    assert rows_with(where) == rows


def test_a_quoted_value_of_a_new_row_is_text():
    data = make_data(make_book())
    where = f"{exactly('member', 'A')}; {exactly('threat', 'K')}"
    after, _ = patch_tables(data, [Step(table="caveats", where=where, change="add")])
    assert after.caveats.keys == (("A", "K"),)
    assert all(type(part) is str for part in after.caveats.keys[0])
    row = f"{exactly('theatre', '007')}; name=Seven"
    after, _ = patch_tables(data, [Step(table="theatres", where=row, change="add")])
    assert "007" in after.theatres
