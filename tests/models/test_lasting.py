"""What begins once and lasts: its formulas against counting year by year, for every start."""

from __future__ import annotations

import itertools

import pytest
from books import make_data, read_study
from small_books import DRONE_POWER, forces, make_book, programme

from cssopt.assembly.instance import Instance
from cssopt.modeling import Lasting, lookup
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options

YEARS = range(2030, 2035)
COST = {"p": 7.0}


@pytest.mark.parametrize(
    ("duration", "earliest", "begun"),
    list(itertools.product((0, 1, 3, 9), (None, 2029, 2032, 2040), (None, *YEARS))),
)
def test_formulas_are_what_counting_says(duration, earliest, begun):
    lasting = Lasting(("p",), YEARS, {"p": duration}, {"p": earliest})
    allowed = [t for t in YEARS if earliest is None or t >= earliest]
    assert lasting.keys == [("p", t) for t in allowed]
    if begun is not None and begun not in allowed:
        return
    state = {("p", t): float(begun is not None and t >= begun) for t in allowed}
    under_way = {t: begun is not None and begun <= t < begun + max(1, duration) for t in YEARS}
    for t in YEARS:
        runs = sum(each * number for each, number in lasting.runs(state, "p", t, COST["p"]))
        assert runs == COST["p"] * under_way[t]
        begins = sum(each * number for each, number in lasting.begins(state, "p", t, COST["p"]))
        assert begins == COST["p"] * (t == begun)
        done = begun is not None and t >= begun + duration
        assert lasting.complete(state, "p", t) == done
    spent = dict.fromkeys(YEARS, 0.0)
    for item, t, cost in lasting.spent(state, COST):
        assert item == "p"
        spent[t] += cost
    assert spent == {t: COST["p"] * under_way[t] for t in YEARS}
    assert lasting.years_of(state, "p") == (begun, None if begun is None else begun + duration)
    for findings in (lasting.hold_once("once", state), lasting.hold_earliest("early", state)):
        assert all(finding.violation == 0 for finding in findings)


def test_an_audit_notices_what_ceases_or_begins_too_early():
    lasting = Lasting(("p",), YEARS, earliest={"p": 2032})
    ceased = {("p", 2032): 1.0, ("p", 2033): 0.0}
    assert [f.where for f in lasting.hold_once("once", ceased) if f.violation] == [("p", 2033)]
    early = {("p", 2031): 1.0, ("p", 2032): 1.0}
    assert [f.where for f in lasting.hold_earliest("early", early) if f.violation] == [("p", 2031)]


@pytest.mark.parametrize(
    ("rule", "sheets"),
    [
        (
            "support_when_complete",
            {
                "forces": forces(support_cost=10),
                **programme("infrastructure", "support_cut", "unit", 0.5),
            },
        ),
        (
            "order_after_unlock",
            {
                "forces": forces(price=1, tech=1),
                "power": DRONE_POWER,
                **programme("research", "unlock", "drone"),
            },
        ),
        (
            "balance of added_capacity",
            {
                "forces": forces(price=1, imports=0),
                "power": DRONE_POWER,
                **programme("production", "capacity", "drone", 2),
            },
        ),
    ],
)
def test_an_audit_finds_out_what_is_complete_too_early(monkeypatch, rule, sheets):
    assert audit_of(sheets).passed
    # The rules of the program take what was launched for complete, a year too soon.
    monkeypatch.setattr(
        Lasting, "complete", lambda _self, state, item, year: lookup(state, (item, year))
    )
    assert rule in {line.rule for line in audit_of(sheets).failures}


def audit_of(sheets):
    data = make_data(make_book(**sheets))
    return run_study(Instance(data, read_study("pooled"), data.members.keys), Options()).audit
