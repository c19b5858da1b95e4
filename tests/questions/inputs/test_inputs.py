"""The workbooks that we ship: built by their scripts, sourced, and showing what they promise."""

from __future__ import annotations

import csv
import runpy

import pytest
from baselines import find_baseline
from openpyxl import load_workbook
from paths import INPUTS

import cssopt

NAMES = ["demo", "collective_security_treaty_1996"]

LEFT_EMPTY = {"pledges", "contributions_in_kind", "work_balance", "plan"}
"""Sheets of what members may agree on beside the plan, and of a plan of one's own: empty here."""


@pytest.fixture(scope="module")
def demo():
    """The demo workbook and its plan."""
    case = cssopt.load(INPUTS / "demo.xlsx")
    return case, cssopt.solve(case)


@pytest.fixture(scope="module")
def treaty():
    """The 1996 workbook."""
    return cssopt.load(INPUTS / "collective_security_treaty_1996.xlsx")


def values_of(path):
    book = load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.mark.medium
@pytest.mark.parametrize("name", NAMES)
def test_the_workbook_is_what_its_script_builds(name, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(INPUTS))
    runpy.run_path(str(INPUTS / f"build_{name}.py"))["main"](tmp_path)
    assert values_of(tmp_path / f"{name}.xlsx") == values_of(INPUTS / f"{name}.xlsx")


@pytest.mark.medium
@pytest.mark.parametrize("name", NAMES)
def test_every_row_has_a_source_and_every_sheet_rows(name):
    case = cssopt.load(INPUTS / f"{name}.xlsx")
    assert case.data.settings.marking == "ILLUSTRATIVE"
    assert case.warnings == ()
    book = load_workbook(INPUTS / f"{name}.xlsx")
    for table in case.data.tables:
        rows = list(book[table].iter_rows(min_row=5, values_only=True))
        place = rows[0].index("source")
        body = [row for row in rows[1:] if any(cell is not None for cell in row)]
        assert bool(body) is (table not in LEFT_EMPTY), table
        assert all(row[place] for row in body), f"{table} has a row without a source"


def test_public_figures_are_those_of_the_sources(treaty):
    def read(name):
        with (INPUTS / "sources" / name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    members = treaty.data.members
    assert len(members) == 9
    for row in read("worldbank_1996.csv"):
        gdp, population = float(row["gdp_usd"]), float(row["population"])
        assert members.gdp[row["iso3"]] == pytest.approx(gdp / 1e6, abs=0.05)
        assert members.population[row["iso3"]] == pytest.approx(population / 1e6, abs=0.0005)
    for row in read("correlates_of_war_1996.csv"):
        # the plan may use 40 % of the personnel
        people = 0.4 * float(row["milper_thousand"])
        assert members.personnel[row["iso3"]] == pytest.approx(people, abs=0.05)


def test_units_follow_from_counts_of_equipment(treaty):
    """Sums of the source over equipment of a unit, times the part that is assigned."""
    units = treaty.data.inventory.units
    # 381 + 142 + 1,797 tanks of Belarus, 40 a brigade, a tenth of them.
    assert units["BLR", "BRIGADE"] == pytest.approx(2320 / 40 * 0.1, abs=0.005)
    # No tanks of Azerbaijan are counted, but 431 fighting vehicles, 100 a brigade.
    assert units["AZE", "BRIGADE"] == pytest.approx(431 / 100 * 0.25, abs=0.005)
    assert units["RUS", "BATTERY"] == pytest.approx(2250 / 8 * 0.03, abs=0.005)
    assert units["UZB", "SQUADRON"] == pytest.approx(64 / 12 * 0.25, abs=0.005)
    assert ("KAZ", "BATTERY") not in units  # the source counts no launchers


def test_unit_costs_follow_from_the_reports(treaty):
    """By hand from the reports: dollars of 2023, those of 1996 a 1.7938th, at 0.3 of the price."""
    forces, to_1996 = treaty.data.forces, 10.924 / 6.09
    price = (150 * 4.56 + 18 * 13.44) / to_1996 * 0.3
    assert forces.procurement_cost["BRIGADE"] == pytest.approx(price, abs=0.5)
    without_pay = 12 * 7.0752 * (1 - 1.122 / 4.208) / to_1996 * 0.3
    assert forces.support_cost["SQUADRON"] == pytest.approx(0.2 * without_pay, abs=0.05)
    running = 0.8 * without_pay + 2 * 0.6
    assert forces.operating_cost["SQUADRON"] == pytest.approx(running, abs=0.05)
    assert forces.service_life["BATTERY"] == 20


@pytest.mark.medium
@pytest.mark.parametrize("table", ["forces", "inventory"])
def test_notes_show_the_arithmetic_and_say_what_is_made_up(table):
    sheet = load_workbook(INPUTS / "collective_security_treaty_1996.xlsx")[table]
    header = [cell.value for cell in sheet[5]]
    for row in sheet.iter_rows(min_row=6, values_only=True):
        cells = dict(zip(header, row, strict=True))
        assert "ILLUSTRATIVE" in cells["note"]
        assert "ILLUSTRATIVE" not in cells["source"]
        shown = f"= {cells['units']:g}." if table == "inventory" else "/ 1.794 (dollars of 1996)"
        assert shown in cells["note"]


@pytest.mark.slow
def test_demo_solves_and_the_audit_holds(demo):
    _, solution = demo
    assert solution.status is cssopt.Status.OPTIMAL
    assert solution.audit.passed
    assert solution.audit.not_audited == ()


@pytest.mark.slow
def test_demo_meets_a_need_by_delegation(demo):
    coverage = demo[1].tables["coverage"]
    met = coverage[(coverage.shortfall < 1e-6) & (coverage.own < 0.9 * coverage.need)]
    assert (met.delegated > 0.1 * met.need).any()


@pytest.mark.slow
def test_demo_orders_opens_a_line_and_meets_a_budget_that_binds(demo):
    tables = demo[1].tables
    assert tables["orders"].orders.max() > 0.5
    assert tables["line_open"].line_open.max() == 1
    assert tables["price_of_limit_budget"].limit_budget.max() > 1e-6


@pytest.mark.slow
def test_demo_is_short_in_early_years_only(demo):
    solution = demo[1]
    assert not solution.threats_met
    coverage = solution.tables["coverage"]
    short = set(coverage[coverage.missing_share > 1e-3].year)
    assert 2027 in short
    assert short.isdisjoint({2030, 2031, 2032})


@pytest.mark.slow
def test_demo_members_cannot_all_stand_alone(demo):
    case, _ = demo
    short = {m for m in ("DOR", "ELS", "BRU") if cssopt.solve(case, members=[m]).shortfall > 0.1}
    assert len(short) >= 2


@pytest.mark.slow
def test_treaty_solves_and_saves(treaty):
    solution = cssopt.solve(treaty)
    assert solution.status is cssopt.Status.OPTIMAL
    assert solution.audit.passed
    assert solution.threats_met
    baseline = find_baseline(solution, ledger=True)
    assert baseline.saving > 0
    saved = sum(line.saving for line in baseline.links)
    assert saved == pytest.approx(baseline.saving, rel=1e-9)
