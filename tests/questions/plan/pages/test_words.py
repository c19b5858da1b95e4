"""The page of words: nineteen, each told once, in short sentences."""

from __future__ import annotations

import re

from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.words import show_words
from cssopt.questions.plan.view import PlanView

WORDS = 19
LONGEST = 30
"""Words of a sentence."""


def test_each_word_is_told_once_with_the_years_of_the_book(met):
    (table,) = show_words(PlanFigures(PlanView(*met)), Opinions()).tables
    words, meanings = table.column("word"), table.column("meaning")
    assert len(set(words)) == len(words) == WORDS
    assert "2027 value" in words
    assert "prices of 2026" in meanings[words.index("Cash")]
    assert "25.0\u00a0%" in meanings[words.index("2027 value")]
    for sentence in (s for text in meanings for s in re.split(r"(?<=\.)\s", text)):
        assert len(sentence.split()) < LONGEST, sentence
        assert sentence.endswith("."), sentence
