"""One cause, one message: which cells are told together, and how they are listed."""

from __future__ import annotations

import pytest

from cssopt.issues import Issue
from cssopt.tables.gather import Finding, gather, list_cells
from cssopt.tables.likeness import find_alike


@pytest.mark.parametrize(
    ("cells", "listed"),
    [
        (["a!D7", "a!D8", "a!D9"], "D7:D9"),
        (["a!D7", "a!D9", "a!E9"], "D7, D9, E9"),
        (["a!Z3", "a!AA3", "b!A1", "b!A2"], "Z3, AA3, b!A1:A2"),
        (["a!R2C3", "a!R3C3"], "R2C3, R3C3"),
        ([f"a!D{row}" for row in range(1, 61, 2)], "D1, D3, D5, D7, D9, D11, D13, D15, D17, D19, "
         "D21, D23 and 18 more"),
    ],
)  # fmt: skip
def test_neighbors_are_listed_as_ranges(cells, listed):
    assert list_cells(cells, "a!X1") == listed


def test_few_of_a_cause_stay_apart_and_order_is_kept():
    def found(row, cause):
        return Finding(Issue("E-102", f"a!D{row}", f"row {row}."), cause)

    apart = gather([found(1, "x"), found(2, None), found(3, "x")])
    assert [issue.where for issue in apart] == ["a!D1", "a!D2", "a!D3"]
    together = gather([found(1, "x"), found(2, None), found(3, "x"), found(4, "x")])
    assert [str(issue) for issue in together] == [
        "E-102 a!D1 row 1. The same in 2 more cells: D3:D4.",
        "E-102 a!D2 row 2.",
    ]
    assert together[0].cells == ("a!D3", "a!D4")


@pytest.mark.parametrize(
    ("header", "columns", "meant"),
    [
        ("unist", ("units", "quality"), "units"),
        ("unit_price", ("programme_cost", "procurement_cost"), "procurement_cost"),
        ("capital", ("votes", "common_weight"), None),
        ("minister", ("member", "name"), None),
        ("remarks", ("remaining_life",), None),
        ("share", ("max_share",), "max_share"),
        ("trade_volume", ("votes", "max_share"), None),
        ("x" * 500, ("units",), None),
    ],
)
def test_which_column_a_header_could_be_meant_for(header, columns, meant):
    assert find_alike(header, columns) == meant
