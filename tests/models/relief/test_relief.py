"""How far each measure is used, and what it costs, by hand."""

from __future__ import annotations

import pytest
from small_books import plan


def test_each_measure_has_its_own_years_and_cost():
    """Half of the need may be relieved. Aid relieves a quarter for 4 a year, and so goes first;
    talks would relieve a half for 9, and half of them do."""
    solution = plan(
        measures=[
            ["measure", "name", "annual_cost", "body"],
            ["talks", "Talks", 9, None],
            ["aid", "Aid", 4, None],
        ],
        effects=[["measure", "threat", "effect"], ["talks", "K", 0.5], ["aid", "K", 0.25]],
    )
    rows = {row["measure"]: row for row in solution.derived["measures"]}
    years = range(2030, 2034)
    assert [rows["talks"][year] for year in years] == pytest.approx([0.5] * 4)
    assert [rows["aid"][year] for year in years] == pytest.approx([1] * 4)
    assert rows["talks"]["cost"] == pytest.approx(4 * 4.5)
    assert rows["aid"]["cost"] == pytest.approx(4 * 4)
