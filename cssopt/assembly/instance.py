"""A case, a study and a coalition, ready to be solved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cssopt.assembly.assemble import Problem, assemble
from cssopt.assembly.study import Study
from cssopt.errors import DataError
from cssopt.tables.check import check_rules
from cssopt.tables.data import Data

COALITION_TABLE = "members"
"""The table whose rows may be chosen for a coalition."""


def restrict_data(
    data: Data, study: Study, coalition: Sequence[str], given: Mapping[str, Any]
) -> Data:
    """The tables of a coalition, with the numbers that the study is given.

    Raises DataError where a rule over the whole book fails for this coalition and study.
    """
    restricted = data.restrict(COALITION_TABLE, coalition, {**study.options, **given})
    rules = [check for component in study.components for check in component.checks]
    if issues := check_rules(restricted, (rule for rule in rules if rule.code.startswith("E"))):
        raise DataError(issues)
    return restricted


def prepare_problem(
    data: Data, study: Study, coalition: Sequence[str], given: Mapping[str, Any]
) -> Problem:
    """Assemble a study for a coalition; DataError as `restrict_data`."""
    return assemble(restrict_data(data, study, coalition, given), study)
