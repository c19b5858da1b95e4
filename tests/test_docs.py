"""The docs say what the program does: mathematics page, worked component."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from books import make_raw
from paths import ROOT

import cssopt
from cssopt import find_tables, list_studies, write_mathematics
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.runs.vary_texts import read_variations
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status
from cssopt.tables.check import check_book
from cssopt.workbook.example import read_example

HOST_NATION = ROOT / "docs" / "examples" / "host_nation"


def test_mathematics_page_is_the_docstrings():
    page = (ROOT / "docs" / "mathematics.md").read_text(encoding="utf-8")
    assert page == write_mathematics(), (
        "run: cssopt math > docs/mathematics.md (the page is made from the component files)"
    )


def test_the_readme_speaks_of_the_new_workbook():
    """Whoever types its commands behind `cssopt new` finds every row, member, threat and year."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    tables = find_tables()
    rows = read_example(find_model_folders()[-1] / "example", tables)
    sheets = {
        name: [list(own[0]), *(list(row.values()) for row in own)] for name, own in rows.items()
    }
    case = cssopt.load(
        {name: pd.DataFrame(body, columns=head) for name, (head, *body) in sheets.items()}
    )
    changes, varied = (re.findall(rf"--{option} '([^']+)'", text) for option in ("set", "vary"))
    assert len(changes) > 2
    assert len(varied) > 2
    for change in changes:
        cssopt.change(case, [change])
    for one in varied:
        read_variations([one], case.data)
    for names in re.findall(r"--members (\S+?)[`\s]", text):
        assert set(cssopt.read_members(names)) <= set(case.data.parties)
    for threat, year in re.findall(r"--threat (\S+) --year (\d+)", text):
        cssopt.check_threat(case, threat, int(year))


def test_every_study_explains_itself():
    for name, explanation in list_studies().items():
        assert len(explanation) > 40, f"models/studies/{name}.toml: begin it with a comment"


@pytest.fixture(scope="module")
def hosted():
    """The example alliance with a host for the theatre in the south, solved with its rule."""
    folders = find_model_folders([HOST_NATION])
    tables = find_tables([HOST_NATION])
    sheets = {}
    for name, rows in read_example(folders[-1] / "example", tables).items():
        columns = list(rows[0])
        sheets[name] = [columns, *([row[column] for column in columns] for row in rows)]
    del sheets["apportionment"]

    def solve(study, *host):
        rows = [["theatre", "member", "capacity", "support_per_load"], *host]
        checked = check_book(make_raw({**sheets, "host_nations": rows}), tables)
        assert checked.data is not None, checked.issues
        chosen = load_study(study, folders)
        # Fractions are enough to see the rule at work, and quick.
        chosen = type(chosen)(**{**vars(chosen), "relaxed": True})
        return run_study(Instance(checked.data, chosen, checked.data.members.keys), Options())

    return solve


def loads_received(solution):
    """Loads that others delegate to threats in the south, by year."""
    data, loads = solution.data, {}
    for (m, f, _, k, t), units in solution.quantities.delegated.items():
        if data.threats.theatre[k] == "SOUTH" and m != "SOU":
            loads[t] = loads.get(t, 0.0) + data.forces.load[f] * units
    return loads


def test_a_generous_host_changes_nothing(hosted):
    plain, generous = hosted("pooled"), hosted("hosted", ["SOUTH", "SOU", 1e6, 0])
    assert generous.status is Status.OPTIMAL
    assert generous.missing_share == pytest.approx(plain.missing_share, rel=1e-6, abs=1e-8)
    assert generous.pooled_expenditure == pytest.approx(plain.pooled_expenditure, rel=1e-6)
    assert max(loads_received(generous).values()) > 0.1


def test_a_host_receives_no_more_than_it_can(hosted):
    tight = hosted("hosted", ["SOUTH", "SOU", 0.1, 0])
    assert max(loads_received(tight).values()) == pytest.approx(0.1, abs=1e-6)
    assert tight.audit.passed
    assert tight.audit.not_audited == ()
    assert any(line.component == "host_nation" for line in tight.audit.lines)


def test_the_host_bears_the_cost_of_its_support(hosted):
    solution = hosted("hosted", ["SOUTH", "SOU", 1e6, 0.5])
    costs = {key: value for key, value in solution.quantities.costs.items() if key[2] == 2028}
    # BORDER is the one threat in the south, with a likelihood of 0.1 a year.
    expected = 0.1 * 0.5 * loads_received(solution)[2028]
    assert costs["host_support_cost", "SOU", 2028] == pytest.approx(expected, abs=1e-9)
    assert solution.audit.passed


def test_the_sheet_is_checked_like_any_other(hosted):
    with pytest.raises(AssertionError, match='Did you mean "SOUTH"'):
        hosted("hosted", ["SOUHT", "SOU", 1, 0])
