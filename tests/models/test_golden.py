"""Every component's part of tiny programs, line by line, as worked out in the folders beside.

A golden file starts with the formula and its numbers worked by hand (lines that begin with a
backslash); then comes the listing of the component on each book. The files are read and mended by
people: where a listing changes on purpose, the commit says why.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from books import Sheets, make_data, make_problem
from golden_books import BY_NAME, INSTITUTIONS, ON_DEMAND, WHOLE
from listing import list_component
from paths import TESTS

from cssopt import list_studies
from cssopt.assembly.assemble import Problem
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.solve.compile import compile_problem

MODELS = TESTS / "models"
BOOKS = {**BY_NAME, "whole": WHOLE}
ONLY_IN = {
    **dict.fromkeys(("pledges", "work_balance", "contributions_in_kind"), "promises"),
    "disposal": "disposals",
    "given_plan": "given",
    "whole_tiers": "whole",
}
"""Components that have rows in one book alone; the others are not listed on it."""
ALONE = {("K", "land", 30.0, 2031): 4.0}
NEAR = {
    "base_units": {("A", "tank", 2030): 3.0, ("A", "tank", 2031): 3.0, ("B", "ship", 2031): 1.0},
    "persist_weight": 2.5,
    "persist_most": 6.0,
}
STUDIES: dict[str, dict[str, Any]] = {
    "pooled": {},
    "least_shortfall": {},
    "strict": {},
    "equal_security": {"alone_shortfall": ALONE},
    "fair": {},
}
PARTS = [
    (study, part.name)
    for study in STUDIES
    for chosen in [load_study(study, find_model_folders())]
    for part in (chosen.components if study == "pooled" else ()) + (chosen.objective,)
]
PARTS += [("on demand", name) for name in ON_DEMAND]  # added to the pooled study where asked for


@cache
def compiled(book: str, study: str) -> tuple[Any, Any]:
    if study == "on demand":
        problem = make_extended_problem(BOOKS[book])
    else:
        problem = make_problem(BOOKS[book], study, **STUDIES[study])
    return problem, compile_problem(problem)


def make_extended_problem(sheets: Sheets) -> Problem:
    folders, data = find_model_folders(), make_data(sheets)
    study = load_study("pooled", folders)
    for name in ON_DEMAND:
        study = study.adding(name, folders)
    return Instance(data, study, data.members.keys, NEAR).assemble()


def list_part(study: str, name: str) -> str:
    """The listings on the books; the long objectives of special studies on one only."""
    books = ("institutions", "forces") if study in ("pooled", "on demand") else ("institutions",)
    books = (ONLY_IN[name],) if name in ONLY_IN else books
    listings = ((book, list_component(*compiled(book, study), name)) for book in books)
    return "\n".join(f"Book: {book}\n{text}" for book, text in listings if text)


def split_golden(text: str) -> tuple[list[str], str]:
    """The header, worked by hand, and the listing."""
    lines = text.splitlines()
    header = [line for line in lines if line.startswith("\\")]
    listing = "\n".join(line for line in lines if not line.startswith("\\")).strip()
    return header, f"{listing}\n" if listing else ""


@pytest.mark.parametrize(("study", "name"), PARTS, ids=[name for _, name in PARTS])
def test_golden(study: str, name: str) -> None:
    path = MODELS / name / f"{name}.lp"
    assert path.exists(), f'write {path}: work out by hand what "{name}" adds'
    header, golden = split_golden(path.read_text(encoding="utf-8"))
    assert any("=" in line for line in header), f"{path.name} has no row worked by hand"
    assert list_part(study, name) == golden


def test_every_component_and_objective_has_a_golden() -> None:
    known = {name for _, name in PARTS}
    folders = find_model_folders()
    for study in list_studies():
        chosen = load_study(study, folders)
        for part in (*chosen.components, chosen.objective):
            assert part.name in known, f"{part.name} of study {study} has no golden"
    assert {path.stem for path in MODELS.glob("*/*.lp")} == known


def test_a_changed_number_is_noticed() -> None:
    """The comparison can fail: one price more, and the listing of orders is another."""
    forces = [list(row) for row in INSTITUTIONS["forces"]]
    forces[1][forces[0].index("procurement_cost")] = 101
    problem = make_problem({**INSTITUTIONS, "forces": forces})
    listing = list_component(problem, compile_problem(problem), "orders")
    assert "price[tank,2030] = 101" in listing
    assert listing not in (MODELS / "orders" / "orders.lp").read_text(encoding="utf-8")
