"""A name that is none of those known is told with the nearest, or with those that there are."""

from cssopt.tables.nearest import nearest_or_all


def test_the_nearest_name_is_told_alone():
    assert nearest_or_all("CYBRE", ["BORDER", "CYBER"]) == ' Did you mean "CYBER"?'


def test_where_none_is_near_all_are_told_as_long_as_they_are_few():
    assert nearest_or_all("xyz", ("BORDER", "CYBER")) == ' There are "BORDER", "CYBER".'
    many = [f"T{n:03d}" for n in range(20)]
    told = nearest_or_all("nonsense", many)
    assert told.endswith('"T011" and 8 others.')
    assert '"T012"' not in told
    assert nearest_or_all("xyz", []) == " There is none."
