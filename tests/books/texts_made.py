"""Texts of every kind that people write beside a workbook, and seeded ways to spoil them.

Each seed makes the same text. What is spoiled may still be right: then it must mean what
`plain_changes` reads in it.
"""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
from alliances import ALLIANCE
from fuzzing import Case

import cssopt
from cssopt.assembly.instance import read_members
from cssopt.assembly.study import load_study

CHANGES = (
    "members[member=NOR].budget_share=0.02",
    "members[member=NOR,SOU].gdp*=1.1",
    "members.gdp+=-500",
    "members[budget_share>=0.012].gdp*=110%",
    "requirements[threat=BORDER; day<=30].level*=1.3",
    "requirements[day=30..120].level=3",
    "requirements[threat!=COAST].growth=0",
    'members[member="NOR"].name="North, land"',
    "settings.discount_rate=3%",
    "inventory[member=S*; force=BDE].units+=1",
    "+inventory[member=EST; force=ADB; units=2]",
    "-members[member=EST]",
    "forces[force=?DE].lead_time=2",
)
VARIED = (
    "requirements.level*=0.8:1.4:0.1",
    "members[member=NOR].gdp=1000,2000,4500",
    "members[member=NOR].budget_share=0.01;0.02",
    "scenario=base,border worse",
    'members[member=NOR].name="a","b, c"',
    "settings.discount_rate=1%:3%:1%",
)
SCENARIOS = """["North worse"]
[["North worse".steps]]
table = "requirements"
where = "threat=BORDER"
column = "level"
change = "scale"
value = 1.3

[worse]
extends = ["North worse"]

[[worse.steps]]
table = "settings"
column = "discount_rate"
change = "set"
value = 0.05
note = "dearer money"
"""
STUDY = """# A study of its own.
extends = "pooled"
objective = "least_burden"
with = ["largest_burden"]
without = ["apportionment"]
relaxed = true

[options]
margin = 0.02
sharing_key = "gdp"

[[links]]
name = "free of bodies"
without = ["bodies", "set_up"]
options = { members_act_at_once = true }
"""
POINTS = """requirements.level*,members[member=NOR].gdp,scenario
0.9,420000,base
1.1,400000.5,border worse
"""
MEMBERS = ("NOR,SOU", '"NOR";EST', "nor, sou , est")

SIGNS = (
    *"[]{}()=<>!*?;,.:\"'#%+-_ \t\n\\/|&@~^$0123456789eE",
    "..", "...", "*=", "+=", "::", "[[", "]]", '""', "\u2212", "\u00a0", "\u200b", "\u0301",
    "\u202e", "\u0663", "\uff11", "\u0456", "\u041d", "\x1b[31m", "\x00", "\udce9", "[/]",
    "[red]", ":smile:", "nan", "inf", "1e400", "1e-400", "1_000", "0x10", "-0", "TRUE", "true",
    "9" * 400, "x" * 11_000, "1979-05-27", "\r", "\u2028", "\U0001f600", "{}", "[]",
    "a" + ".a" * 50, "[" * 500, "e\u0301" * 300,
)  # fmt: skip
"""What is put between the signs of a text or in place of some."""


def spoil(text: str, chance: random.Random) -> str:
    """The text with one to four of its parts dropped, doubled, swapped or replaced."""
    for _ in range(chance.randint(1, 4)):
        parts = _cut(text, chance)
        at = chance.randrange(len(parts))
        match chance.randrange(6):
            case 0:
                del parts[at]
            case 1:
                parts.insert(at, parts[at] * chance.choice((1, 2, 40)))
            case 2:
                other = chance.randrange(len(parts))
                parts[at], parts[other] = parts[other], parts[at]
            case 3:
                parts[at] = chance.choice(SIGNS)
            case 4:
                parts.insert(at, chance.choice(SIGNS))
            case 5:
                parts[at] = parts[at].swapcase()
        text = "".join(parts) or chance.choice(SIGNS)
    return text[:200_000]


def _cut(text: str, chance: random.Random) -> list[str]:
    """The text in words and signs, or in single letters."""
    if chance.random() < 0.3 or not text.strip():
        return list(text) or [""]
    parts, word = [], ""
    for sign in text:
        if sign.isalnum() or sign == "_":
            word += sign
            continue
        parts += [word, sign] if word else [sign]
        word = ""
    return [*parts, word] if word else parts


def make_case() -> cssopt.Case:
    """The alliance that has every sheet."""
    frames = {name: pd.DataFrame(rows[1:], columns=rows[0]) for name, rows in ALLIANCE.items()}
    return cssopt.load(frames)


class Texts:
    """What is done with a text of each kind; files go into a folder."""

    def __init__(self, case: cssopt.Case, folder: Path) -> None:
        self.case, self.folder = case, folder

    def change(self, text: str) -> None:
        """As ``--set``."""
        cssopt.change(self.case, cssopt.read_changes([text], self.case))

    def vary(self, text: str) -> None:
        """As ``--vary``."""
        cssopt.design_sweep(self.case, [text])

    def members(self, text: str) -> None:
        """As ``--members``."""
        read_members(text)

    def scenarios(self, text: str) -> None:
        """As the file of ``--scenarios``."""
        cssopt.find_scenarios(self.case, self._write("scenarios.toml", text))

    def study(self, text: str) -> None:
        """As the file of ``--study``."""
        load_study(self._write("own.toml", text), self.case.folders)

    def points(self, text: str) -> None:
        """As the file of ``--points``."""
        cssopt.design_sweep(self.case, points=self._write("points.csv", text))

    def _write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        return path

    def judged(self, kind: str, seed: int) -> Case:
        """The spoiled text of a kind that a seed makes, to be judged."""
        chance = random.Random(f"{kind} {seed}")
        text = spoil(chance.choice(KINDS[kind]), chance)
        return Case(f"{kind} {seed}: {text[:60]!r}", lambda: getattr(self, kind)(text))


KINDS = {
    "change": CHANGES,
    "vary": VARIED,
    "members": MEMBERS,
    "scenarios": (SCENARIOS,),
    "study": (STUDY,),
    "points": (POINTS,),
}
