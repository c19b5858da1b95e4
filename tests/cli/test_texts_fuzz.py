"""No text ends in a fault, takes long, or means something else than it says."""

from __future__ import annotations

import random
import re

import pytest
from fuzzing import Case, find_faults, judge
from paths import CASES
from plain_changes import apply_plainly
from texts_made import CHANGES, KINDS, Texts, make_case, spoil

import cssopt
from cssopt.errors import CssoptError

SAVED = CASES / "texts"
FEW, MANY = 2, 200
"""Seeds of each kind in every run, and in the longer one."""


@pytest.fixture(scope="module")
def case():
    return make_case()


@pytest.fixture
def texts(case, tmp_path):
    return Texts(case, tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_as_it_is_meant_is_read(texts, kind):
    for text in KINDS[kind]:
        getattr(texts, kind)(text)


@pytest.mark.medium
@pytest.mark.parametrize("kind", KINDS)
def test_no_spoiled_text_is_a_fault(texts, kind):
    assert find_faults(texts.judged(kind, seed) for seed in range(FEW)) == []


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_no_spoiled_text_of_many_is_a_fault(texts, kind):
    assert find_faults(texts.judged(kind, seed) for seed in range(FEW, FEW + MANY)) == []


@pytest.mark.medium
@pytest.mark.parametrize("path", sorted(SAVED.glob("*")), ids=lambda path: path.stem)
def test_a_saved_text_is_refused_with_what_to_do(texts, path):
    """Each was endless, a fault, or read as something else. Its name begins with its kind."""
    kind, text = path.name.split("-")[0], path.read_bytes().decode("utf-8", "surrogateescape")
    verdict = judge(Case(path.name, lambda: getattr(texts, kind)(text)))
    assert verdict.faults == []
    assert verdict.told


LARGE = {
    "change": [
        "members" + "[" * 9_000,
        "members[member=" + "*a" * 4_900 + "].gdp=1",
        "members[member=" + ",".join(f"*{i}" for i in range(1_500)) + "].gdp=1",
        "members[" + "member=NOR;" * 800 + "].gdp=1",
        "a " * 5_000 + ".gdp=1",
        "members." + "a-" * 4_900 + "=1",
        "members.gdp=" + "1 " * 4_900,
        "members.gdp=" + '"' * 9_001,
        "members.gdp=" + "9" * 9_000,
        "members[member=" + "e\u0301" * 4_900 + "].gdp=1",
        "x" * 65_536,
        "a-" * 32_768,
    ],
    "vary": [
        "requirements.level*=0:1:1e-300",
        "requirements.level*=0:1e300:1",
        "requirements.level*=" + ":" * 9_000,
        "requirements.level*=" + ";".join(map(str, range(1_001))),
        "requirements.level*=" + "1" * 9_000 + ":2:3",
        "scenario=" + "base," * 1_900,
        "x" * 65_536,
    ],
    "members": ['"' * 65_535, "," * 65_536, "NOR;" * 20_000, "\u0301" * 65_536],
    "scenarios": [
        "a" + ".a" * 100_000 + " = 1",
        "a = " + "[" * 100_000,
        "a = " + "{a=" * 60_000,
        "a = " + "9" * 500_000,
        "a = 0x" + "f" * 500_000,
        "a = 1" + "_1" * 200_000,
        '"' * 500_000,
        '"""' + '\\"""' * 100_000,
        "'''" * 100_001,
        "# " + "[" * 400_000,
        "[[a.steps]]\n" * 40_000,
        "\n".join(f"[a{i}]\nsteps=[]" for i in range(20_000)),
        "\n".join(f"[a{i}.b.c.d.e.f]" for i in range(20_000)),
        "\n".join(f'[a{i}]\nextends="a{i ^ 1}"' for i in range(900)),
        "\n".join(f'[a{i}]\nextends="a{(i + 1) % 900}"' for i in range(900)),
        "[a]\nextends=[" + ",".join(f'"z{i}"' for i in range(40_000)) + "]",
        "\n".join(
            f"[a{i}]\nextends=[" + ",".join(f'"a{k}"' for k in range(250)) + "]" for i in range(250)
        ),
        "#" * 600_000,
    ],
    "study": [
        "components = [" + '"horizon",' * 50_000 + "]",
        "extends = " + "[" * 100_000,
        "options = " + "{a=" * 60_000,
        "relaxed = " + "9" * 500_000,
        "a" + ".a" * 100_000 + " = 1",
        "\n".join(f"a{i} = 1" for i in range(40_000)),
    ],
    "points": [
        "requirements.level*\n" + "9" * 40_000 + "a",
        "requirements.level*" + "," * 100_000 + "\n1",
        '"' * 100_000,
        "x" * 200_000 + "\n1",
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param(kind, text, id=f"{kind}-{i}")
        for kind, texts in LARGE.items()
        for i, text in enumerate(texts)
    ],
)
def test_what_is_large_is_refused_before_work(texts, kind, text):
    verdict = judge(Case(f"{kind} {text[:40]}", lambda: getattr(texts, kind)(text)))
    assert verdict.faults == []
    assert verdict.told


@pytest.mark.slow
@pytest.mark.parametrize(("runs", "columns"), [(100_000, 1), (70_000, 2), (7_000, 20)])
def test_as_many_points_as_there_may_be_are_read_at_once(texts, runs, columns):
    """Numbers that differ, so that nothing is read once for many cells."""
    kinds = [
        "gdp",
        "population",
        "personnel",
        "budget_share",
        "gdp_growth",
        "cost_index",
        "common_weight",
    ]
    varied = ["requirements.level*", "settings.discount_rate"]
    varied += [f"members[member={m}].{kind}" for m in ("NOR", "SOU", "EST") for kind in kinds]
    chance = random.Random(1)
    rows = (",".join(f"{chance.random():.9f}" for _ in range(columns)) for _ in range(runs))
    text = "\n".join([",".join(varied[:columns]), *rows])
    verdict = judge(Case("points", lambda: texts.points(text)))
    assert verdict.faults == []
    assert verdict.told == ""


# --- what is accepted means what it says


def find_other_meaning(case, text):
    """Where the program and a reading of its notation by hand differ; None where they do not, or
    where one of them reads nothing."""
    try:
        steps = cssopt.read_changes([text], case)
        changed, _ = cssopt.change(case, steps)
    except CssoptError:
        return None
    expected = apply_plainly(text, case)
    if expected is None:
        return None
    table, cells = expected
    held = changed.data.tables[table].columns
    wrong = {
        (column, key): (held[column].get(key), value)
        for (column, key), value in cells.items()
        if held[column].get(key) != pytest.approx(value, rel=1e-12)
    }
    return f"{text!r}: {wrong}" if wrong else None


def test_a_change_means_what_a_reading_by_hand_says(case):
    assert [find_other_meaning(case, text) for text in CHANGES if text[0] not in "+-"] == [
        None
    ] * sum(text[0] not in "+-" for text in CHANGES)
    read = [text for text in CHANGES if apply_plainly(text, case) is not None]
    assert len(read) >= 8, "the reader by hand reads too little to tell anything"


def spoiled_numbers(seeds):
    """Changes whose rows and numbers are written in other ways, most of them right."""
    for seed in seeds:
        chance = random.Random(f"meaning {seed}")
        text = chance.choice([text for text in CHANGES if text[0] not in "+-"])
        if chance.random() < 0.5:
            number = chance.choice(
                ("0.02", "1.075", "2%", "50 %", "1e3", "-5", "+7", ".5", "5.", "1E-2", "1.234",
                 "0,9", "1 234", "1.234,5", "1,234.5", "-0.5", "1e-400", "007", "12'345", "\u22125")
            )  # fmt: skip
            text = f"{text.rpartition('=')[0]}={number}"
        if chance.random() < 0.5:
            text = re.sub(r"\[.*\]", f"[{chance.choice(ROWS)}]", text)
        yield text if chance.random() < 0.4 else spoil(text, chance)


ROWS = (
    "member=NOR", "member=NOR, SOU", "gdp>100000", "gdp>=180000;budget_share<0.012", "member=?OR",
    "gdp=60000..180000", "member!=NOR", "threat=BORDER", "day=30", "day>30", "day=30,120",
    "capability=A*", "member=*", "gdp<1e400",
)  # fmt: skip


def test_no_spoiled_change_means_something_else(case):
    assert [f for f in (find_other_meaning(case, t) for t in spoiled_numbers(range(20))) if f] == []


@pytest.mark.long
def test_no_spoiled_change_of_many_means_something_else(case):
    found = (find_other_meaning(case, text) for text in spoiled_numbers(range(20, 500)))
    assert [fault for fault in found if fault] == []
