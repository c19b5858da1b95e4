"""Rows are sorted for the model and stand as they were typed for people."""

from __future__ import annotations

from books import make_case, make_data
from golden_books import FORCES

import cssopt
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.solve.compile import compile_problem
from cssopt.tables.row_order import TypedOrder, sort_rows

TWO = {**FORCES, "members": [FORCES["members"][0], *reversed(FORCES["members"][1:])]}


def test_rows_are_sorted_by_key_in_the_book_too():
    data = make_data(TWO)
    assert data.members.keys == ("B", "A")
    assert sort_rows(data).members.keys == ("A", "B")
    assert sort_rows(data).book.members.keys == ("A", "B")
    alone = data.restrict("members", ["B"], {})
    assert sort_rows(alone).members.keys == ("B",)
    assert sort_rows(alone).book.members.keys == ("A", "B")


def test_every_cell_stays_with_its_row():
    data = make_data(TWO)
    for name, table in sort_rows(data).tables.items():
        for column, cells in table.columns.items():
            assert dict(cells) == dict(data.tables[name].columns[column]), (name, column)
        assert dict(table.places) == dict(data.tables[name].places)


def test_a_base_plan_is_read_in_the_order_of_its_keys():
    """Its units are told in the planner's order, and each of them makes rows."""
    data, folders = make_data(TWO), find_model_folders()
    study = load_study("relaxed", folders).adding("persistence", folders)
    base = {(m, f, data.settings.first_year): 1.0 for m in ("B", "A") for f in data.forces}

    def list_rows(base):
        given = {"base_units": base, "persist_weight": 1.0, "persist_most": None}
        return compile_problem(Instance(data, study, ("A", "B"), given).assemble()).rows

    assert list_rows(base) == list_rows(dict(reversed(base.items())))


def test_keys_stand_as_the_input_names_their_codes():
    typed = TypedOrder(make_data(TWO))
    keys = [("A", 2031), ("B", 2030), ("A", 2030), ("stranger", 2030)]
    assert typed.sort(("member", "year"), keys) == [
        ("B", 2030), ("A", 2030), ("A", 2031), ("stranger", 2030),
    ]  # fmt: skip
    assert typed.sort(("year",), [2031, 2030]) == [2030, 2031]
    assert typed.arrange((), {None: 4.0}) == {None: 4.0}


def test_a_plan_is_told_in_the_order_of_the_input():
    """Whoever lists B first reads B first, though the model was built with A first."""
    solution = cssopt.solve(make_case(TWO), study="relaxed")
    for name in ("held", "outlay", "burden"):
        quantity = solution.quantities.quantities[name]
        members = [key[quantity.index_names.index("member")] for key, _ in quantity.keyed()]
        assert list(dict.fromkeys(members)) == ["B", "A"], name
    bearers: dict[str, list[str]] = {}
    for entry, bearer, _ in solution.quantities.costs:
        bearers.setdefault(entry, []).append(bearer)
    orders = [list(dict.fromkeys(own)) for own in bearers.values() if {"A", "B"} <= set(own)]
    assert orders
    assert all(order[:2] == ["B", "A"] for order in orders)
