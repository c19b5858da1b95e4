"""Keys as texts."""

from __future__ import annotations

import pytest

from cssopt.names import name_row


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (None, ""),
        ("NOR", "NOR"),
        (("NOR", "brigade"), "NOR, brigade"),
        (("BORDER", "LAND", 30.0, 2030), "BORDER, LAND, 30, 2030"),
        (("BORDER", "LAND", 2.5), "BORDER, LAND, 2.5"),
    ],
)
def test_a_key_is_named_by_its_parts_and_days_are_days(key, told):
    assert name_row(key) == told
