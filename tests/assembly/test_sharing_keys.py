"""Files of keys: a new one is one short file, and what is wrong with one is told with its line."""

from __future__ import annotations

import math
import random
import re

import pytest
from books import make_data, read_study
from key_books import base_of, bears
from paths import ROOT
from small_books import make_book

from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.sharing_keys import find_known_keys, find_shares, list_keys, say_key, share_by
from cssopt.errors import DataError, ModelError
from cssopt.modeling import KeyCosts, NoSharesError, cut, redistribute, share_within

MINE = '''"""A key of one's own."""


def mine(base):
    """By votes. Source: the council."""
    return {m: base.data.members.votes[m] for m in base.members}
'''


@pytest.fixture
def write(tmp_path):
    """A folder of models with one file of keys."""

    def write_(text, name="mine.py"):
        (tmp_path / "keys").mkdir(exist_ok=True)
        (tmp_path / "keys" / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write_


def test_a_key_of_ones_own_is_one_short_file(write):
    """Votes 3 and 1."""
    folder = write(MINE)
    assert len(MINE.splitlines()) < 15
    base = base_of({"A": [1, 1, 3], "B": [1, 1, 1]}, "votes")
    assert bears("mine", base, front=[folder]) == {"A": 0.75, "B": 0.25}
    keys = list_keys(find_model_folders([folder]))
    key = keys[-1]
    assert (key.name, key.says, key.source) == ("mine", "By votes.", "the council.")
    assert not key.needs_costs
    assert {"equal", "gdp", "cis_2009", "un_scale"} <= {key.name for key in keys}


def test_every_key_of_the_house_says_what_it_is_and_where_it_is_from():
    for key in list_keys(find_model_folders()):
        assert key.says.endswith("."), key.name
        assert key.source.endswith("."), key.name


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("for m in base.members}", "for m in base.members[:1]}", "line 4: .*no weight to B"),
        ("for m in base.members}", 'for m in ("A", "B", "Z")}', "line 6: mine: KeyError: 'Z'"),
        ("return {m: base.data.members.votes[m]", "return {m + m: 1", "line 4: .*no weight to A"),
        (".votes[m]", ".votes[m] - 2", "line 4: .*gives B the weight -1; .*0 or more"),
        (".votes[m]", ".votes[m] * 1e999", "line 4: .*gives A the weight inf"),
        (
            "base.data.members.votes[m]",
            "'three'",
            'line 4: .*gives A "three"; a weight is a number',
        ),
        ("return {", "return {} and {", "line 4: .*no weight to A"),
        ("return {", "{", "line 4: .*gives NoneType; return a dict"),
        (".votes", ".voices", 'line 6: mine: .*has no column "voices"'),
        ("(base)", "(base, money)", r"line 4: mine\(base, money\) cannot be called"),
        ("By votes. ", "", "line 4: begin mine with a docstring"),
        ("def mine", "def _mine", "it has no key; write a function"),
        ("return", "retrun", "line 6: cannot be loaded: SyntaxError"),
        ("def mine", "def equal", r"line 4: .*equal.* is a key of .*equal\.py already"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_line(write, old, new, told):
    folder = write(MINE.replace(old, new))
    base = base_of({"A": [1, 1, 3], "B": [1, 1, 1]}, "votes")
    with pytest.raises(ModelError, match=rf"mine\.py(, )?.*{told}"):
        bears("mine" if "equal" not in new else "equal", base, front=[folder])


def test_weights_that_cancel_out_are_no_shares(write):
    folder = write(MINE.replace("(base)", "(base, costs)").replace(".votes[m]", ".votes[m] - 2"))
    base = base_of({"A": [1, 1, 3], "B": [1, 1, 1]}, "votes")
    with pytest.raises(NoSharesError, match=r"its weights add up to 0 over A, B$"):
        bears("mine", base, KeyCosts(1, {}, {}, {}), front=[folder])


def test_weights_of_any_size_are_shared(write):
    folder = write(MINE.replace(".votes[m]", ".votes[m] * 1e307"))
    base = base_of({"A": [1, 1, 15], "B": [1, 1, 15]}, "votes")
    assert bears("mine", base, front=[folder]) == {"A": 0.5, "B": 0.5}


AGREED = [["key", "member", "share"], ["CIS_2009", "A", 90], ["CIS_2009", "B", 10]]


def test_a_key_of_the_workbook_stands_before_a_file_of_its_name_and_that_is_told():
    data, study, folders = (
        make_data(make_book(sharing_keys=AGREED)),
        read_study("pooled"),
        find_model_folders(),
    )
    known = find_known_keys(data, study, folders)
    assert known.free[:2] == ("gdp", "CIS_2009")
    assert "cis_2009" not in known.files
    tables, chosen = share_by("cis_2009", data, study, ["A", "B"], folders)
    assert tables is data
    assert say_key(data, chosen, folders) == (
        'Common costs are shared by the key "CIS_2009" of the sheet sharing_keys; the key cis_2009 '
        "of the file cis_2009.py is not used."
    )


def test_a_name_that_is_no_key_is_told_with_the_nearest():
    data, folders = make_data(make_book()), find_model_folders()
    told = r'E-134 --key "cis_2008" is not a key\. Did you mean "cis_2009"\? Known: gdp, .*un_scale'
    with pytest.raises(DataError, match=told):
        share_by("cis_2008", data, read_study("pooled"), ["A", "B"], folders)
    with pytest.raises(DataError, match='The key "proportional" gives no shares: it needs what'):
        share_by("proportional", data, read_study("pooled"), ["A", "B"], folders)


def test_shares_within_by_hand():
    """6, 3, 1 with at most 0.5: 0.5, and 0.5 as 3 to 1. With at least 0.2: 0.2, and 0.8 as 6 to 3.
    With both: 0.5, 0.3, 0.2."""
    weights = {"A": 6.0, "B": 3.0, "C": 1.0}
    half, fifth = dict.fromkeys(weights, 0.5), dict.fromkeys(weights, 0.2)
    assert share_within(weights) == pytest.approx({"A": 0.6, "B": 0.3, "C": 0.1})
    assert share_within(weights, ceilings=half) == pytest.approx({"A": 0.5, "B": 0.375, "C": 0.125})
    lifted = {"A": 0.8 * 2 / 3, "B": 0.8 / 3, "C": 0.2}
    assert share_within(weights, floors=fifth) == pytest.approx(lifted)
    assert share_within(weights, fifth, half) == pytest.approx({"A": 0.5, "B": 0.3, "C": 0.2})
    assert share_within({"A": 1e-310, "B": 0, "C": 1e300}, ceilings={"C": 0.25}) == pytest.approx(
        {"A": 0.75, "B": 0, "C": 0.25}
    )


def test_shares_within_are_at_one_level():
    """Against the level that is found by halving an interval, for 300 random bounds."""
    random.seed(7)
    for _ in range(300):
        weights = {
            str(i): random.choice([0.0, random.random()]) for i in range(random.randint(1, 9))
        }
        floors = {m: random.choice([0.0, 0.3 * random.random() / len(weights)]) for m in weights}
        ceilings = {m: floors[m] + random.random() for m in weights}
        most = sum(ceilings[m] if weight else floors[m] for m, weight in weights.items())
        if most < 1:
            with pytest.raises(NoSharesError, match=r"the ceilings|are all 0"):
                share_within(weights, floors, ceilings)
            continue

        def at(level, w=weights, low=floors, high=ceilings):
            return {m: min(high[m], max(low[m], level * w[m])) for m in w}

        low, high = 0.0, 1e9
        for _ in range(200):
            level = (low + high) / 2
            low, high = (level, high) if sum(at(level).values()) < 1 else (low, level)
        found = share_within(weights, floors, ceilings)
        assert found == pytest.approx(at(high), abs=1e-9)
        assert math.fsum(found.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("floors", "ceilings", "told"),
    [
        ({"A": 0.7, "B": 0.7}, {}, r"floors add up to 1\.4, more than the whole"),
        ({}, {"A": 0.4, "B": 0.4}, r"ceilings .* add up to 0\.8, less than the whole"),
        ({"A": 0.5}, {"A": 0.4}, "the floor of A, 0.5, must be .* no more than its ceiling"),
    ],
)
def test_bounds_that_cannot_hold_are_told(floors, ceilings, told):
    with pytest.raises(NoSharesError, match=told):
        share_within({"A": 1, "B": 1}, floors, ceilings)


def test_who_withholds_is_cut_or_borne_by_the_others():
    """A bears 0.5, B 0.3, C 0.2, and A withholds: 0.5 is paid, or B and C bear all as 3 to 2."""
    shares = {"A": 0.5, "B": 0.3, "C": 0.2}
    assert cut(shares, {"A"}) == {"A": 0, "B": 0.3, "C": 0.2}
    assert redistribute(shares, {"A"}) == pytest.approx({"A": 0, "B": 0.6, "C": 0.4})
    with pytest.raises(NoSharesError, match="nobody beside A, B has a share"):
        redistribute({"A": 0.5, "B": 0.5}, ["A", "B"])


def test_a_key_of_costs_is_not_asked_without(write):
    folder = write(MINE.replace("(base)", "(base, costs)"))
    (key,) = [key for key in list_keys(find_model_folders([folder])) if key.name == "mine"]
    with pytest.raises(NoSharesError, match="cssopt share"):
        find_shares(key, base_of({"A": [1, 1]}))


def test_the_page_of_keys_tells_every_key_and_its_example_runs(write):
    """Votes 3, 1 and 1: at most 0.4, and 0.3 each for the others."""
    page = (ROOT / "docs" / "sharing_keys.md").read_text(encoding="utf-8")
    for key in list_keys(find_model_folders()):
        assert f"| `{key.name}` |" in page, key.name
        assert f"`{key.path.name}` |" in page, key.path.name
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    base = base_of({m: [1, 1, votes] for m, votes in zip("ABC", (3, 1, 1), strict=True)}, "votes")
    assert bears("votes_capped", base, front=[write(example)]) == pytest.approx(
        {"A": 0.4, "B": 0.3, "C": 0.3}
    )
