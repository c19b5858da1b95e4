"""Codes of issues: each stands for one rule."""

from __future__ import annotations

from cssopt.assembly.case import find_rules
from cssopt.assembly.folders import find_model_folders
from cssopt.tables.codes import CODES


def test_a_code_of_a_component_is_no_code_of_the_tables():
    """`cssopt explain` would tell the one rule for the other."""
    codes = [check.code for check in find_rules(find_model_folders())]
    assert codes
    assert not set(codes) & set(CODES)
