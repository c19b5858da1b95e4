"""The price list of the demo: the same as one solve after another, and in one process as in two."""

from __future__ import annotations

import pytest
from paths import DEMO

import cssopt
from cssopt.assembly.instance import Instance
from cssopt.questions.rules.find import find_lifts

STUDY = "relaxed"
EXACT = {"rel": 1e-6, "abs": 1e-6}


@pytest.fixture(scope="module")
def case():
    return cssopt.load(DEMO)


@pytest.mark.slow
def test_prices_are_those_of_one_cold_solve_after_another(case):
    listed, base = cssopt.rules(case, study=STUDY, processes=2), cssopt.solve(case, study=STUDY)
    rows = {
        row["rule"]: row
        for name in ("rules", "together")
        for row in listed.tables[name].to_dict("records")
    }
    lifts = [lift for group in find_lifts(Instance.of(case, STUDY)) for lift in group]
    assert len(rows) == len(lifts) > 50
    for lift in lifts[::3]:  # every third, so that .ci/run stays within its time
        changed, _ = cssopt.change(case, lift.run.steps)
        plan, row = cssopt.solve(changed, study=STUDY), rows[lift.run.name]
        name = lift.run.name
        assert row["expenditure_without"] == pytest.approx(plan.pooled_expenditure, **EXACT), name
        assert row["missing_share_without"] == pytest.approx(plan.missing_share, **EXACT), name
        caused = base.solved.stages[0].value - plan.solved.stages[0].value
        assert row["missing_share"] == pytest.approx(caused, abs=1e-6), name
        if row["equally_secure"]:
            saved = base.pooled_expenditure - plan.pooled_expenditure
            assert row["cost"] == pytest.approx(saved, abs=1e-2), name
        # Lifting a rule leaves the plan with it: the raw values of the stages never rise.
        assert row["cost"] >= -1e-2, name
        assert row["sure"]


@pytest.mark.slow
def test_two_processes_give_the_same_list(case):
    """Every run begins at the base plan, not at the run before it."""
    timed, some = ["seconds", "way", "reason"], ["ARL", "BRU", "DOR"]
    listed, both = (cssopt.rules(case, study=STUDY, members=some, processes=n) for n in (1, 2))
    for name in ("rules", "together", "stages"):
        own = (each.tables[name] for each in (listed, both))
        one, two = (table.drop(columns=timed, errors="ignore") for table in own)
        assert one["rule"].tolist() == two["rule"].tolist()
        for column in one:
            if one[column].dtype == float:
                assert two[column].tolist() == pytest.approx(one[column].tolist(), **EXACT)
            else:
                assert two[column].tolist() == one[column].tolist(), column
