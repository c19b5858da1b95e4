"""The command line as a user meets it: exit codes, one table, one JSON object, no traceback."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from types import SimpleNamespace

import highspy
import pytest
from commands import figures_of
from ending import TELLING
from paths import FORMULATION

import cssopt
from cssopt.cli import main
from cssopt.issues import Issue
from cssopt.render.terminal import sum_up
from cssopt.solve.session import HighsSession

LP, MIP, SHORT = (
    str(FORMULATION / f"{name}.xlsx") for name in ("core_lp_101", "core_mip_102", "core_lp_100")
)
OFTEN = "from cssopt.render import progress\nprogress.SILENCE = 0.2\n"
AGAIN = "Mend what is told and check again: some checks wait for it."
COMMAND = [sys.executable, "-c", "from cssopt.cli import main; main()"]


def start(*arguments, cwd):
    """The command in a process of its own; a traceback is never allowed."""
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=cwd, capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done


@pytest.fixture
def run(monkeypatch, capsys):
    """The command within this process, which is quicker; an exception would be a traceback."""

    def call(*arguments, cwd):
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["cssopt", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return SimpleNamespace(returncode=ended.value.code or 0, stdout=out, stderr=err)

    return call


@pytest.mark.medium
def test_solve_writes_report_and_record(tmp_path, run):
    done = run("solve", LP, "--members", "M00,M01", cwd=tmp_path)
    assert done.returncode == 0
    # M00 and M01 alone or together cannot meet all threats of this book
    title = next(line for line in done.stdout.splitlines() if "threats are met" in line)
    assert title.endswith("until then Capability C02 is missing")
    assert "met in every year" not in done.stdout
    # A quick command tells no steps.
    assert "building" not in done.stderr + done.stdout
    assert "solving" not in done.stderr + done.stdout
    folder = tmp_path / "reports" / "core_lp_101-pooled"
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["status"] == "optimal"
    assert record["plan"]["members"] == ["M00", "M01"]
    assert record["source"] == "core_lp_101.xlsx"
    assert (folder / "report.xlsx").stat().st_size > 5000
    files = sorted(path.name for path in folder.iterdir())
    assert files == ["answer.json", "report.html", "report.xlsx", "run.json"]
    assert str(tmp_path) not in json.dumps(record)


def test_json_is_one_object_with_the_promised_fields(tmp_path, run):
    done = run("solve", LP, "--json", "--formats", "none", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert {
        "question", "version", "status", "title", "verdict", "measure", "facts", "tables",
        "columns",
    } <= set(told)  # fmt: skip
    facts = figures_of(told)
    assert {
        "status", "objective", "threats_met", "pooled_expenditure", "shortfall", "bound", "gap",
    } <= set(facts)  # fmt: skip
    costs = {name: value for name, value in facts.items() if name.startswith("costs.")}
    assert sum(costs.values()) == pytest.approx(facts["pooled_expenditure"], rel=1e-12)
    assert "costs.salvage_value" in costs
    assert {"rows", "columns", "solver_options", "stages"} <= set(told["facts"]["plan"])
    assert {"read", "check", "build", "compile", "solve", "extract", "audit"} <= set(
        told["facts"]["seconds"]
    )
    assert not (tmp_path / "reports").exists()


@pytest.mark.slow
def test_a_run_repeats_itself(tmp_path):
    runs = [
        json.loads(start("solve", SHORT, "--json", "--formats", "none", cwd=tmp_path).stdout)
        for _ in range(2)
    ]
    for told in runs:
        for fact in ("seconds", "begun", "run_id"):
            del told["facts"][fact]
        for stage in told["facts"]["plan"]["stages"]:
            del stage["seconds"]
        del told["facts"]["plan"]["seconds_inside_highs"]
        told["tables"]["method_inputs"] = [
            row for row in told["tables"]["method_inputs"] if row["label"] != "Run"
        ]
        for stage in told["tables"]["method_stages"]:
            del stage["seconds"]
        told["tables"]["figures"] = {
            name: value for name, value in figures_of(told).items() if "seconds" not in name
        }
    assert runs[0] == runs[1]


@pytest.mark.medium
def test_infeasible_is_a_result(tmp_path, run):
    done = run("solve", SHORT, "--study", "strict", "--json", cwd=tmp_path)
    assert done.returncode == 4
    facts = figures_of(json.loads(done.stdout))
    assert (facts["status"], facts.get("objective"), facts["threats_met"]) == (
        "infeasible",
        None,
        False,
    )
    done = run("solve", SHORT, "--study", "strict", "--formats", "none", cwd=tmp_path)
    assert done.stdout.startswith("THERE IS NO PLAN: no plan can keep all rules at once\n")


@pytest.mark.medium
def test_a_gap_limit_is_feasible_with_its_gap(tmp_path, run):
    done = run("solve", MIP, "--gap", "0.2", "--json", "--formats", "none", cwd=tmp_path)
    assert done.returncode == 6
    facts = figures_of(json.loads(done.stdout))
    assert facts["status"] == "feasible"
    assert 1e-6 < facts["gap"] <= 0.2
    # 3907.7579633 is the known optimum of this book
    assert facts["bound"] <= 3907.7579634 <= facts["objective"] * (1 + 1e-9)


def test_a_time_limit_without_a_plan_is_told(tmp_path, run):
    done = run("solve", MIP, "--time-limit", "0", "--json", "--formats", "none", cwd=tmp_path)
    assert done.returncode == 8
    assert json.loads(done.stdout)["status"] == "no plan yet"


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        (cssopt.Status.NO_PLAN_YET, cssopt.Status.FEASIBLE),
        (cssopt.Status.INTERRUPTED, cssopt.Status.INTERRUPTED),
    ],
)
def test_a_limit_in_a_later_stage_keeps_the_plan_of_the_stage_before(monkeypatch, ending, status):
    """A limit is no Ctrl-C: 6 and 7. Nothing is known of the money, which was not minimized."""
    optimise = HighsSession.optimise

    def cut_off(self, **how):
        if not self.held_later:
            return ending, float("nan"), float("nan")
        return optimise(self, **how)

    monkeypatch.setattr(HighsSession, "optimise", cut_off)
    case = cssopt.load(FORMULATION / "core_mip_109.xlsx")
    solution = cssopt.solve(case, members=["M03"])
    assert solution.status is status
    assert solution.missing_share == pytest.approx(2.768905006465655, rel=1e-9)
    told = solution.solved.message
    assert "before pooled expenditure could be minimized" in told
    assert "that of the stage before, missing share" in told
    assert "before a plan was found" not in told
    assert "by more than the stated gap" not in solution.sentence
    assert solution.gap == float("inf")
    assert solution.audit.passed


@pytest.mark.slow
def test_ctrl_c_keeps_the_best_plan_found(tmp_path):
    running = subprocess.Popen(
        [sys.executable, "-c", OFTEN + TELLING, "solve", MIP, "--json", "--formats", "none"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    # How soon there is a plan to keep depends on the machine: the program itself tells it.
    assert any("best plan" in line for line in running.stderr)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert "Traceback" not in err
    assert running.returncode == 7
    told = json.loads(out)
    assert told["status"] == "interrupted"
    assert figures_of(told)["objective"] >= 3907.7579
    assert told["facts"]["audit"] is True


def test_issues_have_their_own_exit_code(tmp_path, run):
    (tmp_path / "book.xlsx").write_text("not a workbook")
    done = run("check", "book.xlsx", cwd=tmp_path)
    assert done.returncode == 3
    assert "E-002 book.xlsx" in done.stdout + done.stderr
    assert run("solve", "none.xlsx", cwd=tmp_path).returncode == 3
    assert run("check", LP, cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ((), "no errors."),
        (("W-405", "N-101"), "no errors, 1 warning."),
        (("W-405", "W-409", "E-110"), f"1 error, 2 warnings. {AGAIN}"),
        (("E-101", "E-110"), f"2 errors. {AGAIN}"),
    ],
)
def test_a_check_counts_what_it_told_and_says_when_more_may_come(codes, told):
    assert sum_up([Issue(code, "members!A6", "told") for code in codes]) == told


def test_a_check_ends_with_its_count(tmp_path, run):
    (tmp_path / "book.xlsx").write_text("not a workbook")
    assert run("check", "book.xlsx", cwd=tmp_path).stderr.endswith(f": 1 error. {AGAIN}\n")
    assert run("check", LP, cwd=tmp_path).stderr.rstrip().endswith(".xlsx: no errors, 2 warnings.")


@pytest.mark.medium
def test_wrong_words_are_sentences(tmp_path, run):
    done = run("solve", LP, "--members", "M00,M000", cwd=tmp_path)
    assert done.returncode == 3
    assert 'E-130 --members "M000" is not a member. Did you mean "M00"?' in done.stderr
    done = run("solve", LP, "--study", "poled", cwd=tmp_path)
    assert done.returncode == 3
    assert 'E-132 --study "poled" is not a study. Did you mean "pooled"?' in done.stderr
    assert run("solve", LP, "--gap", "x", cwd=tmp_path).returncode == 2
    done = run("solve", LP, "--models", "nowhere", cwd=tmp_path)
    assert done.returncode == 1
    assert "there is no folder" in done.stderr


@pytest.mark.medium
def test_a_report_that_cannot_be_written_says_what_to_do(tmp_path, run):
    (tmp_path / "reports").write_text("a file where the folder should be")
    done = run("solve", LP, "--members", "M00", cwd=tmp_path)
    assert done.returncode == 1
    assert "could not be written" in done.stderr
    assert "choose another folder" in done.stderr


def test_new_never_replaces_a_file_and_its_workbook_checks(tmp_path, run):
    assert run("new", "own.xlsx", cwd=tmp_path).returncode == 0
    before = (tmp_path / "own.xlsx").read_bytes()
    done = run("new", "own.xlsx", cwd=tmp_path)
    assert done.returncode == 1
    assert "exists and is not replaced" in done.stderr
    assert (tmp_path / "own.xlsx").read_bytes() == before
    assert run("check", "own.xlsx", cwd=tmp_path).returncode == 0


def test_export_is_the_program_that_is_solved(tmp_path, run):
    assert run("export", LP, "lp.mps", cwd=tmp_path).returncode == 0
    solver = highspy.Highs()
    solver.silent()
    solver.readModel(str(tmp_path / "lp.mps"))
    solver.run()
    # the known optimum of this book
    assert solver.getInfo().objective_function_value == pytest.approx(4694.307364978131, rel=1e-7)


def test_export_of_two_stages_holds_the_first(tmp_path, run):
    book = str(FORMULATION / "core_lp_108.xlsx")
    assert run("export", book, "lp.mps", "--members", "M03", cwd=tmp_path).returncode == 0
    reached = {}
    for name in ("lp.stage1.mps", "lp.mps"):
        solver = highspy.Highs()
        solver.silent()
        solver.readModel(str(tmp_path / name))
        solver.run()
        reached[name] = solver.getInfo().objective_function_value
    known = json.loads((FORMULATION / "expected.json").read_text())["core_lp_108"]["M03"]
    assert reached["lp.stage1.mps"] == pytest.approx(known["missing_share"], rel=1e-8)
    assert reached["lp.mps"] == pytest.approx(known["objective"], rel=1e-6)


def test_studies_and_mathematics_are_printed(tmp_path, run):
    done = run("studies", cwd=tmp_path)
    assert "equal_security" in done.stdout
    done = run("math", "strict", cwd=tmp_path)
    assert "allow_no_shortfall" in done.stdout


def test_highs_that_gives_wrong_answers_is_refused(monkeypatch):
    from cssopt.errors import SolveError
    from cssopt.solve.session import check_version

    assert check_version()
    monkeypatch.setattr(highspy, "HIGHS_VERSION_MINOR", 14)
    with pytest.raises(SolveError, match=r"pip install \"highspy>=1.15.1\""):
        check_version()


def test_a_fault_of_ours_is_a_sentence_too(monkeypatch, capsys):
    def fail(*_args, **_kwargs):
        raise ZeroDivisionError("in the middle")

    monkeypatch.setattr("cssopt.questions.inputs.ask.list_studies", fail)
    monkeypatch.setattr(sys, "argv", ["cssopt", "studies"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert "a fault in cssopt (ZeroDivisionError: in the middle)" in told
    monkeypatch.setenv("CSSOPT_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main()
