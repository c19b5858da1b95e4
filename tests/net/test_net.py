"""Every command answers what is stored of it, to the last cell; see the package."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .cases import CASES, Case
from .compare import STORED, compare_case, same, tell
from .dump import read_page, write_page
from .run import Runner, run_case

MARKS = {
    "quick": (),
    "medium": (pytest.mark.medium,),
    "slow": (pytest.mark.slow,),
    "long": (pytest.mark.long,),
}


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as one:
        yield one


@pytest.mark.parametrize(
    "case", [pytest.param(one, id=one.name, marks=MARKS[one.when]) for one in CASES]
)
def test_answers_are_as_stored(case: Case, runner: Runner) -> None:
    found = compare_case(case, run_case(case, runner))
    assert not found, f"\n{tell(found)}"


def test_every_case_is_stored_and_nothing_else() -> None:
    assert {path.name for path in STORED.iterdir()} == {case.name for case in CASES}
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("was", "now", "alike"),
    [
        ("474.7729999999999", "474.773", True),
        ("0.0", "4.6e-16", True),
        ("12 of 3.5 million", "12 of 3.5 million", True),
        ("0", "4.440892098500626e-16", True),
        ("474.773", "474.8", False),
        ("1", "1.0", False),
        ("470.71566", "470.76274", False),
        ("0.00_m", "0.0_m", False),
        ("1,234.5", "1234.5", False),
        ("Threats met", "Threats are met", False),
        ("12 plans", "13 plans", False),
    ],
)
def test_numbers_may_round_and_texts_may_not_change(was: str, now: str, alike: bool) -> None:
    assert same(was, now) is alike


def test_a_page_is_read_as_it_was_written() -> None:
    page = [("Run!A1", 'abcde "x"'), ("Run!cols/col[1]", 'min="1"'), ("Run!cols/col[2]", ""),
            ("1", "a text\twith a tab"), ("a/b/c", "1"), ("a/b/d", "2"), ("a/e", "3")]  # fmt: skip
    assert read_page(write_page(page)) == page
