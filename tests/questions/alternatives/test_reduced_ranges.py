"""Ranges of an LP are those of the program that leaves nothing out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from alliances import make_alliance
from books import make_data, read_study

from cssopt.assembly.criteria import add_criteria
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.questions.alternatives.find import find_alternatives
from cssopt.solution.run import run_program
from cssopt.solve.answer import Options


def find_ranges(sheets, *, reduced):
    relaxed = replace(read_study("pooled"), relaxed=True)
    study, (money,) = add_criteria(relaxed, ["expenditure"], find_model_folders(), "study")
    data = make_data(sheets)
    instance = Instance(data, study.choosing(reduced=reduced), data.members.keys)
    found = find_alternatives(*run_program(instance, Options()), money, within=[0.05], plans=0)
    return {
        (one.contribution.kind.quantity, one.contribution.key): (one.least, one.most)
        for one in found.ranges
    }


@pytest.mark.medium
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_free_is_as_free_where_the_program_is_reduced(seed):
    """Delegated power that need not count may be left uncounted there too."""
    sheets = make_alliance(seed, members=3, years=2, whole=False, institutions=False)
    whole, reduced = (find_ranges(sheets, reduced=reduced) for reduced in (False, True))
    assert whole.keys() == reduced.keys()
    assert any(quantity == "credited" for quantity, _ in whole)
    for one, ends in whole.items():
        assert reduced[one] == pytest.approx(ends, rel=1e-5, abs=1e-5), one
