"""Words and numbers in the language of an answer."""

from __future__ import annotations

import importlib.util
import io
import re
import string

import pytest
from paths import ROOT

from cssopt.language import (
    LANGUAGES,
    in_language,
    is_told,
    join_phrases,
    phrase,
    phrase_count,
    write_decimal,
    write_money,
    write_percent,
    write_points,
    write_units,
    write_years,
)

FOREIGN = [code for code in LANGUAGES if code != "en"]


def load_maker():
    """The script that makes the catalogues; it needs Babel, which only docs and tests need."""
    pytest.importorskip("babel")
    spec = importlib.util.spec_from_file_location(
        "make_catalogues", ROOT / "docs/make_catalogues.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def list_parts(text):
    """What is filled into a text."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.medium
@pytest.mark.parametrize("code", FOREIGN)
def test_catalogues_have_every_text_and_no_other(code):
    maker = load_maker()
    made = maker.make_catalogue(code)
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    folder = maker.FOLDER / code / "LC_MESSAGES"
    kept = read_po(io.BytesIO((folder / "cssopt.po").read_bytes()), locale=code)
    assert {one.id for one in kept} == {one.id for one in made}
    compiled = io.BytesIO()
    write_mo(compiled, kept)
    assert compiled.getvalue() == (folder / "cssopt.mo").read_bytes()
    waiting = [one.id for one in kept if one.id and not all(maker._forms(one.string) or [""])]
    assert waiting == []
    for one in kept:
        if not one.id:
            continue
        ids = one.id if isinstance(one.id, tuple) else (one.id,)
        for form in maker._forms(one.string):
            # A form for one thing may leave out its number.
            wanted = {tuple(list_parts(text)) for text in ids}
            wanted |= {tuple(p for p in parts if p != "count") for parts in wanted if len(ids) > 1}
            assert tuple(list_parts(form)) in wanted, one.id


@pytest.mark.medium
def test_russian_is_in_cyrillic():
    maker = load_maker()
    for one in maker.make_catalogue("ru"):
        letters = re.sub(
            r"\{\w+\}|cssopt [\w-]+( BOOK)?( --[\w-]+( \w+)?)*|`[^`]*`",
            "",
            "".join(maker._forms(one.string)),
        )
        words = re.findall(r"[A-Za-z]{4,}", letters)
        allowed = {
            "LibreOffice",
            "HiGHS",
            "SHA",
            "ILLUSTRATIVE",
            "BOOK",
            "FIGURE",
            "cssopt",
            "Excel",
        }
        assert not one.id or set(words) <= allowed, (one.id, words)


def test_parts_are_never_read_as_patterns():
    assert phrase("{name} pays", name="{count} {0.__class__}") == "{count} {0.__class__} pays"


@pytest.mark.parametrize(
    ("number", "english", "russian"),
    [
        (0.0, "0", "0"),
        (1234.5, "1,235", "1\u00a0235"),
        (-0.4, "0", "0"),
        (-1234567, "\u22121,234,567", "\u22121\u00a0234\u00a0567"),
    ],
)
def test_numbers_are_written_as_the_language_has_it(number, english, russian):
    assert write_decimal(number) == english
    with in_language("ru"):
        assert write_decimal(number) == russian


def test_signs_units_shares_and_points():
    assert write_decimal(5, with_sign=True) == "+5"
    assert write_decimal(0.2, with_sign=True) == "0"
    assert [write_units(x) for x in (0, 0.04, 0.05, 3, 2.25, 11.96)] == [
        *("0", "<0.1", "0.1", "3", "2.3", "12"),
    ]
    assert [write_units(x, with_sign=True) for x in (-1.7, -0.04, 0, 0.04, 0.05, 2)] == [
        *("\u22121.7", ">\u22120.1", "0", "<0.1", "+0.1", "+2"),
    ]
    assert [write_percent(x) for x in (0, 0.004, 0.005, 0.5)] == [
        *("0\u00a0%", "<1\u00a0%", "1\u00a0%", "50\u00a0%"),
    ]
    assert write_percent(0.00317, 2) == "0.32\u00a0%"
    assert write_points(0.009) == "+0.9\u00a0points"
    with in_language("ru"):
        assert write_units(2.25) == "2,3"
        assert write_percent(0.00317, 2) == "0,32\u00a0%"


def test_money_is_told_in_billions_where_there_are_some():
    assert write_money(27937.4, "EUR") == "EUR\u00a027.9\u00a0billion"
    assert write_money(485) == "0.49\u00a0billion"
    assert write_money(950) == "1.0\u00a0billion"
    assert write_money(42) == "42\u00a0million"
    assert write_money(4.25) == "4.3\u00a0million"
    assert write_money(-1209.3, with_sign=True) == "\u22121.2\u00a0billion"
    assert write_money(1209.3, "EUR", with_sign=True) == "+EUR\u00a01.2\u00a0billion"
    assert write_money(0.0, with_sign=True) == "0.0\u00a0million"


def test_years_and_names_in_a_row():
    assert write_years([2029, 2027, 2030, 2031]) == "2027, 2029\u201331"
    assert write_years([1999, 2000]) == "1999\u20132000"
    assert join_phrases(["A"]) == "A"
    assert join_phrases(["A", "B", "C"]) == "A, B and C"
    assert join_phrases(["A", "B", "C", "D"], most=3) == "A, B and 2 others"
    assert join_phrases([]) == ""


def test_a_text_about_a_number_of_things_has_the_form_of_the_language():
    assert phrase_count("{count} other", "{count} others", 1) == "1 other"
    with in_language("ru"):
        forms = {n: phrase_count("{count} other", "{count} others", n) for n in (1, 2, 5, 21)}
    assert len({re.sub(r"\d+", "", text) for text in forms.values()}) >= 2


def test_a_difference_is_told_where_it_is_larger_than_what_is_not_proven():
    assert is_told(0.0, 0.0)
    assert is_told(5.0, 4.0)
    assert not is_told(4.0, 5.0)
    assert not is_told(4.0, float("inf"))


def test_there_is_no_language_that_there_is_not():
    with pytest.raises(KeyError), in_language("xx"):
        raise AssertionError
