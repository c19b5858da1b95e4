"""What the report says, and that every cell holds its value."""

from __future__ import annotations

import math
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from books import solve_sheets
from formulas import work_out
from small_alliance import (
    CODE_LIKE,
    compare_alone,
    make_facts,
    make_sheets,
    print_plan,
    value_beside,
    write_report,
)

from cssopt.questions.plan.show import show_plan
from cssopt.solution.audit import FAILED, LEFT_OUT, NOT_AUDITED, Audit, AuditLine
from cssopt.solution.baseline import Baseline, LedgerLine, SavingRange
from cssopt.solve.outcome import Status

PAGES = [
    *("Decision", "Needs", "Bridge", "Cost", "Who pays", "In proportion", "Together"),
    *("From today", "Cover", "Timeline", "How sure", "What if"),
    *("Annex  +1+1 Alpha", "Annex  @SUM(A1 A9)", "Method", "Words"),
]
SHEETS = [
    *PAGES,
    *("Summary", "Plan", "Orders", "Employment", "Coverage"),
    *("Costs", "Burden", "Keys", "Audit", "Figures", "Page figures", "Run"),
]
NOT_MET = "The only threat is met from 2028 on; until then http://x.invalid/ is missing"
"""Of the alliance that is short: five are needed, and those ordered come a year later."""


def open_report(tmp_path: Path, solution: Any, baseline: Any, facts: Any = None) -> Any:
    path = write_report(tmp_path / "report.xlsx", solution, baseline, facts)
    return openpyxl.load_workbook(path, data_only=True)


def rows_of(sheet: Any, first: str, *, after: str = "") -> list[dict[str, Any]]:
    """Records of the table whose header begins with `first`, after a line of text."""
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next((i for i, line in enumerate(lines) if line[0] == after), 0) if after else 0
    header = next(i for i in range(start, len(lines)) if lines[i][0] == first)
    records = []
    for line in lines[header + 1 :]:
        if line[0] is None:
            break
        records.append({n: v for n, v in zip(lines[header], line, strict=True) if n is not None})
    return records


def all_text(book: Any, sheet: str) -> str:
    return "\n".join(
        str(cell.value) for row in book[sheet].iter_rows() for cell in row if cell.value is not None
    )


@pytest.mark.medium
def test_sheets_stand_in_their_order(tmp_path, met):
    assert open_report(tmp_path, *met).sheetnames == SHEETS


@pytest.mark.medium
def test_every_sheet_says_first_that_threats_are_not_met(tmp_path, short):
    book = open_report(tmp_path, *short)
    assert book.worksheets[0]["A2"].value == NOT_MET
    for sheet in book.worksheets[len(PAGES) :]:
        assert sheet["A1"].value == NOT_MET
        assert sheet["A1"].font.color.rgb == "FFB3261E"


@pytest.mark.medium
def test_threats_met(tmp_path, met):
    book = open_report(tmp_path, *met)
    told = "The only threat is met in every year"
    assert [book["Decision"]["A2"].value, book["Summary"]["A1"].value] == [told, told]
    assert book["Summary"]["A1"].font.color.rgb != "FFB3261E"


@pytest.mark.medium
def test_every_sheet_bears_title_marking_currency_and_print_set_up(tmp_path, met):
    for sheet in open_report(tmp_path, *met):
        printed = sheet.oddHeader
        if sheet.title in PAGES:
            subject = f"{CODE_LIKE['title']} \u00b7 2027\u201328 \u00b7 million EUR, prices of 2026"
            assert printed.left.text == subject
        else:
            assert CODE_LIKE["title"] in sheet["A2"].value
            assert "ILLUSTRATIVE & MORE" in sheet["A3"].value
            assert "million EUR, prices of 2026" in sheet["A3"].value
            assert CODE_LIKE["title"] in printed.left.text
            assert "million EUR, prices of 2026" in printed.right.text
            assert sheet.freeze_panes is not None
        for around in (printed, sheet.oddFooter):
            assert "ILLUSTRATIVE && MORE" in around.center.text
        assert sheet.page_setup.orientation in ("landscape", "portrait")
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.sheet_state == "visible"
        assert not any(d.hidden for d in sheet.column_dimensions.values())
        assert not any(d.hidden for d in sheet.row_dimensions.values())


@pytest.mark.medium
def test_costs_add_up_to_the_pooled_expenditure(tmp_path, short):
    solution, _ = short
    sheet = open_report(tmp_path, *short)["Costs"]
    present = rows_of(sheet, "bearer", after="Present value, by bearer and entry")
    *entries, total = present
    assert total["bearer"] == "total"
    years = ["2027", "2028"]
    assert sum(row[year] for row in entries for year in years) == pytest.approx(
        solution.pooled_expenditure, rel=1e-12
    )
    assert total["total"] == pytest.approx(solution.pooled_expenditure, rel=1e-12)
    # Three units at 2 million in 2027, five in 2028, two bought for 10 that serve 1 year of 10.
    undiscounted = rows_of(sheet, "bearer", after="Undiscounted, by bearer and entry")[-1]
    assert undiscounted["2027"] == pytest.approx(3 * 2 + 2 * 10, abs=1e-4)
    assert undiscounted["2028"] == pytest.approx(5 * 2 - 2 * 10 * 9 / 10, abs=1e-4)
    assert total["2028"] == pytest.approx((5 * 2 - 2 * 10 * 9 / 10) / 1.25, abs=1e-4)
    by_bearer = rows_of(sheet, "bearer", after="Undiscounted, by bearer")
    assert sum(row["total"] for row in by_bearer if row["bearer"] != "total") == pytest.approx(
        undiscounted["total"]
    )


@pytest.mark.medium
def test_every_formula_has_its_value(tmp_path, short):
    open_report(tmp_path, *short)
    formulas = openpyxl.load_workbook(tmp_path / "report.xlsx")
    values = openpyxl.load_workbook(tmp_path / "report.xlsx", data_only=True)
    found = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    shown = values[sheet.title]
                    value = work_out(cell.value, shown)
                    assert shown[cell.coordinate].value == pytest.approx(value), cell.coordinate
                    found += 1
    assert found > 10


@pytest.mark.medium
def test_names_that_look_like_code_are_texts(tmp_path, short):
    open_report(tmp_path, *short)
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    seen = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert set(CODE_LIKE.values()) - {CODE_LIKE["title"]} <= seen
    assert "=a warning" in seen
    links = [c.hyperlink for sheet in book for row in sheet.iter_rows() for c in row if c.hyperlink]
    assert {link.target for link in links} == {None}
    assert {link.location.partition("!")[0].strip("'") for link in links} <= {*PAGES}
    with zipfile.ZipFile(tmp_path / "report.xlsx") as archive:
        outside = [n for n in archive.namelist() if "externalLink" in n]
        relations = [archive.read(n).decode() for n in archive.namelist() if n.endswith(".rels")]
    assert not outside
    assert not any("External" in text for text in relations)


@pytest.mark.medium
def test_pandas_reads_the_values(tmp_path, met):
    open_report(tmp_path, *met)
    frame = pd.read_excel(tmp_path / "report.xlsx", sheet_name="Burden", header=None)
    shares = frame[(frame[0] == "ALF") | (frame[0] == "BEL")].head(2)[3]
    assert sum(shares) == pytest.approx(1.0)


@pytest.mark.medium
def test_summary_states_saving_at_equal_security(tmp_path, short):
    solution, baseline = short
    sheet = open_report(tmp_path, *short)["Summary"]
    alone = {row["member"]: row for row in rows_of(sheet, "member name") if "member" in row}
    for member, plan in baseline.alone.items():
        assert alone[member]["expenditure alone"] == pytest.approx(plan.pooled_expenditure)
        assert alone[member]["shortfall alone"] == pytest.approx(plan.shortfall)
    # Alone BEL has nothing in 2027: all of its need is missing.
    assert alone["BEL"]["most of a need missing alone"] == pytest.approx(1.0)
    assert alone["ALF"]["most of a need missing alone"] == pytest.approx(2 / 5, abs=1e-4)
    stated = value_beside(sheet, "saving at equal security")
    together = baseline.equal.pooled_expenditure
    apart = sum(plan.pooled_expenditure for plan in baseline.alone.values())
    assert stated == pytest.approx(apart - together)
    further = value_beside(sheet, "further security costs")
    assert further == pytest.approx(solution.pooled_expenditure - together)


@pytest.mark.medium
def test_summary_shows_shortfall_by_capability_apart_from_money(tmp_path, short):
    sheet = open_report(tmp_path, *short)["Summary"]
    (row,) = [r for r in rows_of(sheet, "capability name") if r["capability"] == "land"]
    # By day 30 five are needed and three there in 2027; by day 15 half as many.
    assert row["need"] == pytest.approx(2 * (5 + 2.5))
    assert row["shortfall"] == pytest.approx(2, abs=1e-4)
    assert row["share of need missing"] == pytest.approx(2 / 15, abs=1e-4)
    assert row["most of a need missing"] == pytest.approx(2 / 5, abs=1e-4)


@pytest.mark.medium
def test_summary_says_why_no_saving_is_stated(tmp_path, met):
    solution, baseline = met
    without = Baseline(baseline.alone, None, "=BEL cannot keep the rules")
    text = all_text(open_report(tmp_path, solution, without), "Summary")
    assert "No saving can be stated: =BEL cannot keep the rules" in text
    assert not math.isfinite(without.saving)


@pytest.mark.medium
def test_summary_without_a_comparison(tmp_path, met):
    text = all_text(open_report(tmp_path, met[0], None), "Summary")
    assert "Standing alone was not worked out" in text


@pytest.mark.medium
def test_a_priced_shortfall_is_said_and_never_added_to_money(tmp_path):
    sheets = make_sheets(need=5.0, penalty=1.5)
    solution = solve_sheets(sheets)
    book = open_report(tmp_path, solution, compare_alone(solution, sheets))
    assert "bought off" in all_text(book, "Summary")
    assert "1.5 million EUR" in all_text(book, "Summary")
    assert solution.objective > solution.pooled_expenditure + 1
    for row in book["Summary"].iter_rows():
        for cell in row:
            if isinstance(cell.value, int | float):
                assert cell.value != pytest.approx(solution.objective)


@pytest.mark.medium
def test_without_a_penalty_nothing_is_bought_off(tmp_path, short):
    assert "bought off" not in all_text(open_report(tmp_path, *short), "Summary")


@pytest.mark.medium
def test_failed_and_missing_audits_are_said_at_once(tmp_path, met):
    solution, baseline = met
    lines = (
        AuditLine("budgets", "limit_budget", FAILED, 3, 0.5, "ALF, 2027", "=3 <= 2"),
        AuditLine("novelty", "", NOT_AUDITED, 0, 0.0, "", "no audit"),
        AuditLine("lines", "from_open_line", LEFT_OUT, 0, 0.0, "", "it only bounds units"),
    )
    failed = replace(solution, audit=Audit(lines))
    audits = baseline.audit_with(failed)
    book = open_report(tmp_path, failed, baseline, make_facts(audits=audits))
    summary = all_text(book, "Summary")
    told = "THE AUDIT FAILED for the plan: budgets.limit_budget at ALF, 2027 (=3 <= 2). Do not use"
    assert told in summary
    assert book["Decision"]["A4"].value.startswith("THE AUDIT FAILED: ")
    decision = all_text(book, "Decision")
    assert "The audit failed: the plan breaks 1 rule. Do not use it." in decision
    assert "NOT AUDITED: novelty." in decision
    assert "NOT AUDITED: novelty." in summary
    assert "THE AUDIT FAILED" in all_text(book, "Audit")
    assert "NOT AUDITED: novelty." in all_text(book, "Audit")
    told = "Not audited: lines.from_open_line, because it only bounds units."
    assert told in all_text(book, "Audit")
    results = [row["result"] for row in rows_of(book["Audit"], "component")]
    assert results == [FAILED, NOT_AUDITED, LEFT_OUT]
    shown = print_plan(failed).splitlines()
    assert shown[0] == "! The audit failed: the plan breaks 1 rule. Do not use it."
    assert shown[1].startswith("! NOT AUDITED: novelty.")
    assert shown[2].startswith("THE AUDIT FAILED: ")


@pytest.mark.medium
def test_relaxed_whole_numbers_are_said(tmp_path):
    solution = solve_sheets(make_sheets(whole=True), "relaxed")
    text = all_text(open_report(tmp_path, solution, None), "Summary")
    assert "Whole numbers are relaxed" in text


@pytest.mark.medium
def test_coverage_adds_up_and_tells_no_price_whose_range_was_not_asked_for(tmp_path, met):
    rows = rows_of(open_report(tmp_path, *met)["Coverage"], "threat")
    assert len(rows) == 4
    for row in rows:
        assert row["need"] == pytest.approx(row["own"] + row["delegated"] - row["surplus"])
        assert not any("price" in name for name in row)


@pytest.mark.medium
@pytest.mark.parametrize(("early", "serves"), [(15, "land by day 15, 30"), (10, "land by day 30")])
def test_employment_says_by_which_day(tmp_path, early, serves):
    solution = solve_sheets(make_sheets(early=early))
    rows = rows_of(open_report(tmp_path, solution, None)["Employment"], "threat")
    moved = [row for row in rows if row["member"] == "ALF"]
    assert moved
    for row in moved:
        # Notice of 7 days and 5 days under way.
        assert row["in place on day"] == 12
        assert row["serves"] == serves
        assert row["threat name"] == CODE_LIKE["threat"]
    # BEL has the threat in its home theatre: no days under way.
    assert {row["in place on day"] for row in rows if row["member"] == "BEL"} <= {7}


def test_a_plan_that_does_not_exist(tmp_path):
    solution = solve_sheets(make_sheets(need=5.0), "strict")
    book = open_report(tmp_path, solution, None)
    behind = ["Summary", "Audit", "Figures", "Run"]
    assert book.sheetnames == ["Decision", "Method", "Words", *behind]
    # Nothing leads to pages that are not there.
    assert "Where the figures come from" not in all_text(book, "Method")
    told = "THERE IS NO PLAN: no plan can keep all rules at once"
    assert book["Decision"]["A2"].value == told
    for name in behind:
        assert book[name]["A1"].value == told
        assert book[name]["A1"].font.color.rgb == "FFB3261E"
    assert solution.status.sentence in all_text(book, "Summary")
    assert "no plan" in all_text(book, "Audit")


@pytest.mark.medium
def test_other_derived_tables_become_sheets(tmp_path, met):
    solution, baseline = met
    derived = {
        **solution.derived,
        "measures": [{"member": "ALF", "year": 2027, "intensity": 0.5, "used": True}],
        "plan": [],
        "a/very:long [name]* of a derived table": [{"note": "=1+1", "number": math.nan}],
    }
    book = open_report(tmp_path, replace(solution, derived=derived), baseline)
    new = [name for name in book.sheetnames if name not in SHEETS]
    assert new == ["Measures", "Plan (2)", "A very long  name   of a derive"]
    assert [name for name in book.sheetnames if name in SHEETS] == SHEETS
    (row,) = rows_of(book["Measures"], "member")
    assert row == {
        "member": "ALF",
        "member name": CODE_LIKE["ALF"],
        "year": 2027,
        "intensity": 0.5,
        "used": "yes",
    }
    (row,) = rows_of(book[new[2]], "note")
    assert row == {"note": "=1+1", "number": "none"}


@pytest.mark.medium
def test_years_of_a_derived_table_are_columns_in_order_of_time(tmp_path, met):
    solution, baseline = met
    rows = [
        {"stage": 1, 2028: "complete", 2027: "under way"},
        {"stage": 2, 2027: 0.0, 2028: 1.5},
    ]
    told = replace(solution, derived={"steps": rows}, explanations={"steps": "Step by step."})
    sheet = open_report(tmp_path, told, baseline)["Steps"]
    first, second = rows_of(sheet, "stage")
    assert list(first) == ["stage", "2027", "2028"]
    assert (first["2027"], first["2028"]) == ("under way", "complete")
    assert (second["2027"], second["2028"]) == (0, 1.5)
    assert "Step by step." in all_text({"Steps": sheet}, "Steps")
    fills = {cell.value: cell.fill.fgColor.rgb for row in sheet.iter_rows() for cell in row}
    assert fills["under way"] != fills["complete"] != fills[1.5]


@pytest.mark.medium
def test_derived_tables_with_names_and_years(tmp_path, met):
    solution, baseline = met
    row = {"stage": 1, "force": "brigade", "name": "own", "member": "BEL", "begun": 2027}
    rows = [{**row, "units": 2500}]
    derived = {**solution.derived, "things": rows}
    sheet = open_report(tmp_path, replace(solution, derived=derived), baseline)["Things"]
    (row,) = rows_of(sheet, "stage")
    assert list(row) == ["stage", "force", "name", "member", "member name", "begun", "units"]
    formats = {cell.value: cell.number_format for line in sheet.iter_rows() for cell in line}
    assert formats[2027] == "0"
    assert formats[2500].startswith("#,##0")


@pytest.mark.medium
def test_the_pooling_ledger_is_shown_link_by_link(tmp_path, short):
    solution, baseline = short
    links = (
        LedgerLine("=alone", 100.0, 0.0),
        LedgerLine("orders + law", 60.0, 40.0, "no plan (infeasible)"),
    )
    told = replace(
        baseline, links=links, range=SavingRange(30.0, math.nan, "it is so", "none is there")
    )
    book = open_report(tmp_path, solution, told)
    ledger, sheet = book["Pooling ledger"], book["Summary"]
    rows = rows_of(ledger, "done together")
    assert [row["done together"] for row in rows] == ["=alone", "orders + law"]
    assert [row["expenditure"] for row in rows] == [100, 60]
    assert [row["saving"] for row in rows] == [None, 40]
    shown = all_text({"Pooling ledger": ledger}, "Pooling ledger")
    assert "Told in one line: orders + law." in shown
    assert value_beside(ledger, "saving at equal security") == pytest.approx(told.saving)
    assert value_beside(sheet, "break-even at equal security") in (
        told.break_even,
        "not within the plan",
    )
    for text in (shown, all_text({"Summary": sheet}, "Summary")):
        assert "of the members alone: at most 30.0: it is so." in text
        assert "of the members alone: none can be told: none is there." in text


@pytest.mark.medium
def test_run_tells_where_the_report_comes_from(tmp_path, met):
    text = all_text(open_report(tmp_path, *met), "Run")
    for part in ("alliance.xlsx", make_facts().digest, "2027-03-04 05:06:07", "W-201", "a note"):
        assert part in text
    for program in ("cssopt", "Pyomo", "HiGHS", "Python"):
        assert program in text


@pytest.mark.medium
def test_no_folder_of_the_machine_is_shown(tmp_path, met):
    open_report(tmp_path, *met)
    with zipfile.ZipFile(tmp_path / "report.xlsx") as archive:
        for name in archive.namelist():
            assert b"secret_place" not in archive.read(name)


@pytest.mark.medium
def test_no_number_is_rounding(tmp_path, short):
    for sheet in open_report(tmp_path, *short):
        if sheet.title not in ("Audit", "Run"):
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, float):
                        assert cell.value == 0 or abs(cell.value) >= 1e-9, cell.coordinate


@pytest.mark.medium
def test_long_and_broken_texts_do_no_harm(tmp_path, met):
    solution, baseline = met
    issues = tuple(
        replace(make_facts().issues[0], text=text) for text in ("x" * 40_000, "\ud800 lone", "\x01")
    )
    book = open_report(tmp_path, solution, baseline, make_facts(issues=issues))
    texts = [row["text"] for row in rows_of(book["Run"], "code")]
    assert len(texts[0]) == 32_767
    assert texts[0].endswith("xxx [40,000 characters: a cell holds no more]")
    assert texts[1] == "\\ud800 lone"


def test_money_that_a_limit_left_unproven_is_told_so(met):
    solution = met[0]
    told = show_plan(solution, None, make_facts()).verdict
    cut_off = replace(solution, status=Status.FEASIBLE)
    assert "not proven" not in told
    unproven = show_plan(cut_off, None, make_facts()).verdict
    assert unproven == f"NOT PROVEN: {told}"
    shown = print_plan(cut_off).splitlines()
    assert shown[0].startswith("! Not proven: a limit ended the search.")
    assert shown[1] == unproven
