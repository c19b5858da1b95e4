"""Claims from files: the ways to write them, and what is wrong with them."""

from __future__ import annotations

import pytest

from cssopt.errors import DataError
from cssopt.questions.sharing.games.claims_file import read_claims
from cssopt.tables.codes import CODES


def write(folder, content, name="claims.csv"):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "content",
    [
        "claimant,claim\nA,100\nB,200.5\nestate,150\n",
        "claimant;claim\nEstate;150\nA;100\nB;200,5\n",
        '{"estate": 150, "claims": {"A": 100, "B": 200.5}}',
    ],
)
def test_one_estate_in_many_files(tmp_path, content):
    assert read_claims(write(tmp_path, content)) == (150, {"A": 100, "B": 200.5})


def test_claims_in_a_list_are_numbered(tmp_path):
    path = write(tmp_path, '{"estate": 3, "claims": [1, 2.5]}', "claims.json")
    assert read_claims(path) == (3, {"1": 1, "2": 2.5})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            "claimant,claim\nA,-1\nA,2\n,3\nB,x\n=C,4\n",
            ["E-557 0", "E-553 2", "E-551 3", "E-552 4", "E-102 5", "E-552 6"],
        ),
        ("claimant,claim\nestate,1\nESTATE,2\nA,5\n", ["E-551 3"]),
        ("claimant,claim\nestate,6\nA,2\nB,3\n", ["E-557 0"]),
        ("claimant,claim\nestate,-6\nA,2\n", ["E-553 2"]),
        ("claimant,claim\nestate,6\n", ["E-557 0"]),
        ("claimant,amount\nestate,6\nA,7\n", ["E-556 0"]),
        ('{"claims": {"A": 1}}', ["E-557 0"]),
        ('{"estate": "1", "claims": {"A": 1}}', ["E-102 0"]),
        ('{"estate": -1, "claims": {"A": 1}}', ["E-557 0"]),
        ('{"estate": 1, "claims": {"A": 1,\n"A": 2}}', ["E-551 2"]),
        ('{"estate": 1, "claims": 5}', ["E-555 0"]),
        ('{"estate": 1, "claims": [-1, null, 2]}', ["E-553 number 1", "E-102 number 2"]),
        ('{"estate": 1, "claim": {"A": 2}}', ["E-555 0", "E-555 0"]),
    ],
)
def test_faults_are_told_with_their_lines_all_at_once(tmp_path, content, expected):
    with pytest.raises(DataError) as caught:
        read_claims(write(tmp_path, content))
    found = []
    for issue in caught.value.issues:
        assert issue.code in CODES
        place = issue.where.removeprefix("claims.csv").removeprefix(" line").strip()
        found.append(f"{issue.code} {place or 0}")
    assert found == expected
