"""Rules, needs and facts of the inputs: each has its cell, and lifting it lifts only it."""

from __future__ import annotations

import pytest
from alliances import ALLIANCE
from books import make_data

from cssopt import find_tables
from cssopt.errors import ModelError
from cssopt.modeling import Column, Rule
from cssopt.tables.patch import patch_tables
from cssopt.tables.rules_in_force import find_rules_in_force

DATA = make_data(ALLIANCE)
RULES = find_rules_in_force(DATA)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_lifting_a_rule_changes_its_cell_or_drops_its_row_and_nothing_else(rule):
    data, touched = patch_tables(DATA, [rule.lift(DATA)])
    assert {(t.table, t.key) for t in touched} == {(rule.table, rule.key)}
    if rule.column:
        assert [t.column for t in touched] == [rule.column]
        assert data.tables[rule.table].columns[rule.column][rule.key] == rule.rule.without
    else:
        assert rule.key not in data.tables[rule.table]
    left = {each.name for each in find_rules_in_force(data)}
    assert {each.name for each in RULES} - left == {rule.name}


def test_a_rule_of_a_nature_that_there_is_not_is_refused():
    """Or the need would be none to those who ask for needs, and nobody would hear of it."""
    with pytest.raises(ModelError, match='rule "need": its nature is one of need, rule, fact'):
        Rule(name="need", says="", nature="ned")


def test_every_nature_of_rule_is_found_and_names_are_unique():
    assert {rule.rule.nature for rule in RULES} == {"need", "rule", "fact"}
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_a_rule_that_blank_lifts_must_allow_blank():
    with pytest.raises(ModelError, match="lifted by blank"):
        Column(name="x", kind="number", help="X.", rule=Rule(name="x", says="x"))


DECLARED = {
    f"{spec.name}.{column.name}": column
    for spec in find_tables().values()
    for column in spec.columns
    if column.rule is not None
}


@pytest.mark.parametrize("name", DECLARED)
def test_what_lifts_a_rule_is_the_most_that_its_cell_allows(name):
    """An end of what the cell may hold, no flag, or what it is where nobody fills it in."""
    column = DECLARED[name]
    if column.kind == "flag":
        loosest = [False]
    else:
        ends = [end for end in (column.low, column.high) if end is not None]
        loosest = [None, *(ends or [column.default])]
    assert column.rule.without in loosest
