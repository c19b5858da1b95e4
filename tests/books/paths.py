"""Where files for tests lie."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parents[1]
CASES = TESTS / "cases"
FORMULATION = CASES / "formulation"
ANSWERS = CASES / "answers"
ROOT = TESTS.parent
INPUTS = ROOT / "inputs"
DEMO = INPUTS / "demo.xlsx"
