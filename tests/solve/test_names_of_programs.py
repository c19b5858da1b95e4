"""Names of rows and columns: what was declared, one by one, however they are put together."""

from __future__ import annotations

import pickle

import pytest

from cssopt.solve.names import Names

PARTS = [("a", "held", [("A", 1), ("B", 1), ("A", 2)]), ("a", "none", []), ("b", "total", (None,))]
EACH = (
    ("a", "held", ("A", 1)),
    ("a", "held", ("B", 1)),
    ("a", "held", ("A", 2)),
    ("b", "total", None),
)


def test_names_stand_in_the_order_of_what_is_declared():
    names = Names(PARTS)
    assert (len(names), tuple(names)) == (4, EACH)
    assert [names[place] for place in range(-4, 4)] == [*EACH, *EACH]
    assert names.index(("b", "total", None)) == 3
    with pytest.raises(IndexError):
        names[4]
    assert not Names([])


@pytest.mark.parametrize("begin", [None, 0, 1, 3, 4, 9, -2])
@pytest.mark.parametrize("end", [None, 0, 2, 3, 4, 9, -1])
@pytest.mark.parametrize("step", [None, 2, -1])
def test_a_part_of_them_is_that_of_a_tuple(begin, end, step):
    assert tuple(Names(PARTS)[begin:end:step]) == EACH[begin:end:step]


def test_they_are_equal_by_what_they_name_however_they_were_made():
    names = Names(PARTS)
    assert names == Names.of(EACH) == EACH
    assert names[:2].followed_by(EACH[2:]) == names
    assert pickle.loads(pickle.dumps(names)) == names
    for other in (EACH[:3], (*EACH[:3], ("b", "total", 0)), Names.of(EACH[::-1])):
        assert names != other


def test_rows_left_out_leave_the_others_their_names():
    assert tuple(Names(PARTS).kept([True, False, True, False])) == (EACH[0], EACH[2])
    assert tuple(Names(PARTS).kept([0, 0, 0, 1])) == EACH[3:]
