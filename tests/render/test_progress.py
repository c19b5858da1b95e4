"""How far a question is: a line of a terminal, now and then elsewhere, never with --quiet."""

import io
import threading
import time

import pytest
from books import make_case
from small_books import make_book

import cssopt
from cssopt.render.progress import Progress
from cssopt.render.screen import Screen
from cssopt.solution.steps import NumberedStep
from cssopt.solve.watching import SolveState, find_watcher


class Clock:
    now = 100.0

    def __call__(self):
        return self.now

    def pass_by(self, seconds):
        self.now += seconds


def make_screen(*, terminal, **how):
    return Screen(file=io.StringIO(), force_terminal=terminal, color_system=None, width=200,
                  **how)  # fmt: skip


def make(**how):
    clock = Clock()
    return Progress(make_screen(terminal=False), clock=clock, **how), clock


def test_a_line_says_step_bound_gap_and_seconds():
    progress, clock = make()
    progress.tell("the base plan")
    clock.pass_by(75)
    assert progress.line() == "the base plan, 0:01:15"
    progress._hear(SolveState("pooled expenditure", 3.0, 4000.0, 3900.0))
    assert progress.line() == (
        "the base plan, pooled expenditure, best plan 4,000, none below 3,900, gap 2.5 %, 0:01:15"
    )
    progress._hear(SolveState("missing share", 3.0, bound=0.25))
    assert "no plan yet, none below 0.25, 0:01:15" in progress.line()
    progress._hear(SolveState(steps=12_345))
    assert "12,345 steps of the solver" in progress.line()
    progress._hear(None)
    assert progress.line() == "the base plan, 0:01:15"


def test_what_is_left_is_told_once_a_step_of_its_kind_has_ended():
    """Two of ten have taken 8 s: the other eight take 32."""
    progress, clock = make()
    progress.tell(NumberedStep("run", 1, 10))
    clock.pass_by(8)
    assert "left" not in progress.line()
    progress.tell(NumberedStep("run", 3, 10, "half the needs"))
    assert progress.line() == "run 3 of 10: half the needs, 0:00:08, about 0:00:32 left"
    clock.pass_by(3)
    assert progress.line().endswith("0:00:11, about 0:00:29 left")
    clock.pass_by(300)
    assert progress.line().endswith("about 0:00:00 left")
    progress.tell(NumberedStep("coalition", 1, 5))
    assert "left" not in progress.line()


def test_what_is_left_is_no_more_than_a_limit_lets():
    progress, clock = make()
    progress.tell(NumberedStep("range", 1, 101))
    clock.pass_by(30)
    for seconds, told in ((2400.0, "at most 0:40:00"), (0.0, "at most 0:00:00")):
        progress.tell(NumberedStep("range", 2, 101, until=time.perf_counter() + seconds))
        assert progress.line().endswith(f", {told} left")
    progress.tell(NumberedStep("range", 2, 101, until=time.perf_counter() + 36_000))
    assert progress.line().endswith(", about 0:50:00 left")
    progress.tell(NumberedStep("range", 2, 101, until=time.perf_counter() + 600))
    clock.pass_by(400)
    assert progress.line().endswith(", at most 0:03:20 left")


def test_what_was_kept_says_nothing_of_the_time_that_is_left():
    """Ninety were there before; one of the ten others takes 6 s."""
    progress, clock = make()
    for number in range(1, 91):
        progress.tell(NumberedStep("run", number, 100, done=number, is_timed=False))
    clock.pass_by(6)
    progress.tell(NumberedStep("run", 91, 100, done=91))
    assert progress.line() == "run 91 of 100, 0:00:06, about 0:00:54 left"
    progress.tell(NumberedStep("run", 100, 100, done=100))
    assert "left" not in progress.line()


@pytest.mark.medium
def test_a_terminal_shows_one_line_that_moves_and_is_gone_at_the_end():
    screen = make_screen(terminal=True)
    with Progress(screen) as progress:
        progress.tell("solving")
        time.sleep(0.5)
        screen.print("a warning")
    told = screen.file.getvalue()
    assert "solving, 0:00:00" in told
    assert "a warning\n" in told
    assert told.count("\n") <= 4, told  # nothing scrolls by
    assert told.endswith("\x1b[2K\x1b[?25h") or "\x1b[2K" in told.rpartition("solving")[2]


@pytest.mark.medium
def test_elsewhere_a_line_comes_now_and_then_and_a_quick_command_tells_none():
    screen = make_screen(terminal=False)
    with Progress(screen) as progress:
        progress.tell("solving")
    assert screen.file.getvalue() == ""
    with Progress(screen, silence=0.05) as progress:
        progress.tell("solving")
        time.sleep(0.4)
    lines = screen.file.getvalue().splitlines()
    assert 2 <= len(lines) <= 8
    assert set(lines) == {"solving, 0:00:00"}
    time.sleep(0.15)
    assert len(screen.file.getvalue().splitlines()) == len(lines)


def test_quiet_tells_nothing_and_nobody_listens():
    screen = make_screen(terminal=True)
    with Progress(screen, quiet=True, silence=0.01) as progress:
        progress.tell("solving")
        assert find_watcher() is None
        time.sleep(0.05)
    assert screen.file.getvalue() == ""


class Refusing(io.StringIO):
    def write(self, text):
        raise OSError(5, "gone")


@pytest.mark.medium
def test_a_terminal_that_has_gone_ends_no_work(monkeypatch):
    raised = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    for terminal in (True, False):
        screen = Screen(file=Refusing(), force_terminal=terminal, stderr=True)
        with Progress(screen, silence=0.01) as progress:
            progress.tell("solving")
            time.sleep(0.4)
    assert raised == []


def test_ctrl_c_ends_the_line():
    screen = make_screen(terminal=True)
    before = threading.active_count()
    try:
        with Progress(screen):
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert find_watcher() is None
    until = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.05)
    assert threading.active_count() == before


def test_every_solve_of_many_says_which_of_how_many_it_is():
    told = []
    case = make_case(make_book())
    changes = {"a": ["requirements.level*=0.5"], "b": ["requirements.level*=0.9"]}
    cssopt.whatif(case, scenarios=changes, processes=1, tell=told.append)
    steps = [step for step in told if isinstance(step, NumberedStep) and step.what == "scenario"]
    own = [(step.number, step.done, step.of) for step in steps]
    assert own == [(n, n - 1, len(own)) for n in range(1, len(own) + 1)]
    assert len(own) >= 2
