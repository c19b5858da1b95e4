"""Every command answers what is stored of it, to the last cell; see the package."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .cases import CASES, Case
from .compare import STORED, compare_case, tell
from .run import Runner, run_case

MARKS = {"quick": (), "slow": (pytest.mark.slow,), "long": (pytest.mark.long,)}


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
