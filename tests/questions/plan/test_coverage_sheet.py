"""The sheet Coverage: rows of needs that are short are marked, and no others."""

from __future__ import annotations

import pytest
from test_report_workbook import open_report


@pytest.mark.medium
def test_rows_that_are_short_are_marked(tmp_path, short):
    """In 2027 three units are enough for 2.5 by day 15, not for 5 by day 30. In 2028 five are."""
    sheet = open_report(tmp_path, *short)["Coverage"]
    lines = list(sheet.iter_rows())
    header = next(i for i, line in enumerate(lines) if line[0].value == "threat")
    names = [cell.value for cell in lines[header]]
    marked = {}
    for line in lines[header + 1 :]:
        row = dict(zip(names, line, strict=True))
        key = row["day"].value, row["year"].value
        colors = {row[name].font.color.rgb for name in ("need", "shortfall")}
        marked[key] = colors == {"FFB3261E"}, row["shortfall"].value
    assert {key: is_red for key, (is_red, _) in marked.items()} == {
        (15, 2027): False, (30, 2027): True, (15, 2028): False, (30, 2028): False,
    }  # fmt: skip
    assert marked[30, 2027][1] == pytest.approx(2, abs=1e-4)
