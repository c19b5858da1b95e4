"""Settings of a solve that none can be are refused by name."""

from __future__ import annotations

import math

import pytest

from cssopt.errors import DataError
from cssopt.solve.answer import Options


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("gap", -1e-9),
        ("gap", math.nan),
        ("gap", True),
        ("time_limit", -1.0),
        ("time_limit", math.inf),
        ("patience", "1 h"),
        ("threads", 0),
    ],
)
def test_a_number_that_an_option_cannot_be_is_refused(option, value):
    with pytest.raises(DataError) as caught:
        Options(**{option: value})
    (issue,) = caught.value.issues
    named = {"patience": "--total-time"}
    assert issue.where == named.get(option, f"--{option.replace('_', '-')}")
    assert repr(value) in issue.text


def test_the_least_that_each_option_may_be():
    Options(gap=0, time_limit=0.0, patience=0, threads=1)
