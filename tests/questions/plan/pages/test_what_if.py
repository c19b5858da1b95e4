"""Page 12: what drives the cost, what else was asked, and who leaves."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from made_holdings import PROVEN, begun, make_figures, make_what_if, plain

from cssopt.document.document import Chart, Note, Table
from cssopt.questions.plan.opinions import Opinions, Sweep
from cssopt.questions.plan.pages.what_if import find_scaled, show_what_if


def need(threat, typed, kind="land", year=2030):
    """A need as this page reads it."""
    name = f"Threat {threat}"
    return SimpleNamespace(key=(threat, kind, year), threat=threat, threat_name=name, typed=typed)


NEEDS = [need("K", 4.0), need("K", 4.0, year=2031), need("K", 2.0, "sea"), need("L", 3.0)]


def scale(threat, factor, more, **how):
    """A what-if in which all needs of a threat are scaled."""
    levels = {"K": [("land", 4.0), ("sea", 2.0)], "L": [("land", 3.0)]}[threat]
    changes = [
        ("needs", f"{threat}, {kind}", "level", level, level * factor) for kind, level in levels
    ]
    return make_what_if(f"{threat} {factor}", more, changes=changes, **how)


def opinions(*what_ifs, sweeps=()):
    return type("Asked", (Opinions,), {"what_ifs": what_ifs, "sweeps": sweeps})()


def show(*what_ifs, sweeps=(), **more):
    figures = make_figures(security=SimpleNamespace(needs=NEEDS), **more)
    return show_what_if(figures, opinions(*what_ifs, sweeps=sweeps))


def title(*what_ifs, **more):
    return plain(show(*what_ifs, **more).finding)


def tables(sheet):
    return {block.name: block for block in sheet.flat if isinstance(block, Table)}


def test_the_title_where_nothing_was_asked():
    assert title() == "What happens if things turn out otherwise was not asked in this run"


def test_the_title_names_the_driver_and_how_far_it_leads():
    found = title(scale("K", 1.2, 300.0), scale("L", 1.2, 120.0))
    assert found == (
        "Threat K drives the cost: a fifth more of it costs EUR 0.30 billion more, 2.5 times as "
        "much as a fifth more of any other threat"
    )


def test_the_title_where_several_drive_alike():
    found = title(scale("K", 1.2, 110.0), scale("L", 1.2, 120.0))
    assert found == (
        "Threat L and Threat K drive the cost alike: a fifth more of one of them costs up to "
        "EUR 0.12 billion more"
    )


def test_the_title_where_one_threat_is_told():
    only = "Threat K drives the cost: a fifth more of it costs EUR 0.30 billion more"
    assert title(scale("K", 1.2, 300.0), scale("L", 1.2, None)) == only
    simplified = title(scale("K", 1.2, 300.0, is_simplified=True))
    assert simplified.startswith("Threat K* drives")


@pytest.mark.parametrize("more", [None, 0.0, -4.0])
def test_the_title_where_no_difference_is_told(more):
    assert title(scale("K", 1.2, more)) == "No threat that is a fifth larger is told to cost more"


def test_the_title_of_scenarios_alone_names_the_dearest_but_no_leaver():
    late, dear = make_what_if("Late", 20.0), make_what_if("Dear arms", 50.0)
    leaves = make_what_if("A leaves", 900.0, leavers="Arl")
    told = "Of what was asked, “Dear arms” costs most: EUR 50 million more"
    assert title(late, dear, leaves) == told
    cheap = make_what_if("Cheap", -20.0)
    assert title(cheap, leaves) == "None of what was asked is told to cost more than the plan"


def test_the_title_says_first_what_is_not_proven():
    doubtful = replace(PROVEN, proof="all open")
    assert title(certainty=doubtful).startswith("NOT PROVEN: What happens")


def test_a_threat_is_known_to_be_scaled_by_all_its_cells():
    whole = scale("K", 1.2, 5.0)
    part = replace(whole, changes=whole.changes[:1])
    mixed = replace(whole, changes=(*whole.changes[:1], replace(whole.changes[1], new=9.0)))
    other_cells = replace(whole, changes=tuple(replace(c, old=1.0, new=1.2) for c in whole.changes))
    of_another = replace(whole, changes=tuple(replace(c, row="L, x") for c in whole.changes))
    blank = replace(whole, changes=tuple(replace(c, old="(blank)") for c in whole.changes))
    assert find_scaled(NEEDS, [part, mixed, other_cells, of_another, blank]) == {}
    assert find_scaled(NEEDS, [whole]) == {"Threat K": {1.2: whole}}


def test_threats_stand_by_what_they_move_with_a_chart_of_a_fifth():
    asked = [
        scale("L", 0.8, -50.0), scale("L", 1.2, 60.0),
        scale("K", 0.8, -90.0), scale("K", 1.2, None), scale("K", 1.3, 130.0),
    ]  # fmt: skip
    sheet = show(*asked)
    table = tables(sheet)["threats_scaled"]
    assert [plain(column.heading) for column in table.columns[1:]] == [
        "20 % less", "20 % more", "30 % more",
    ]  # fmt: skip
    assert table.rows == (
        ("Threat K", -90.0, "no difference told", 130.0),
        ("Threat L", -50.0, 60.0, None),
    )
    chart = next(block for block in sheet.flat if isinstance(block, Chart))
    assert (chart.kind, chart.series) == ("tornado", ("times_0.8", "times_1.2"))


def test_without_a_fifth_there_is_a_table_and_no_chart():
    sheet = show(scale("K", 1.3, 5.0))
    assert "threats_scaled" in tables(sheet)
    assert not sheet.charts


def test_a_member_that_leaves_is_never_colored_and_says_whose_needs_count():
    leaves = make_what_if("A leaves", -900.0, leavers="Arl", points=0.02, is_simplified=True)
    table = tables(show(leaves))["what_ifs"]
    assert table.rows == (
        ("Arl leaves*", 100.0, -900.0, pytest.approx(0.12), 0.02, "its needs no longer counted"),
    )
    assert not table.marks
    assert "compare what is missing, not the cost alone" in table.note


def test_names_of_scenarios_bear_names_for_codes_and_no_plan_says_so():
    none = replace(make_what_if("A pays nothing"), net_at_start=None, missing_of_all=None)
    table = tables(show(none))["what_ifs"]
    assert table.rows == (("Arl pays nothing", None, "no plan", None, "no plan", None),)


def test_late_ratifications_stand_on_their_own_page():
    ratification = begun("ratification", "R", 2030, 2031, table="acts", row="RA")
    late = make_what_if("late", 5.0, changes=[("acts", "RA", "from", "", "2031")])
    assert "what_ifs" not in tables(show(late, undertakings=(ratification,)))


def test_what_was_not_asked_says_which_command_asks_it():
    notes = [block.text for block in show().flat if isinstance(block, Note)]
    for kind in ("threats", "leaving"):
        assert f"not asked in this run: cssopt whatif BOOK --ask {kind}" in notes


def test_the_simplified_plan_is_told_with_its_own_base():
    notes = [block.text for block in show(scale("K", 1.2, 5.0, is_simplified=True)).flat
             if isinstance(block, Note)]  # fmt: skip
    assert "net cost 1,000 million, 10.00 % of all needs missing" in plain(notes[-1])


def test_many_runs_are_told_in_a_sentence():
    sheet = show(sweeps=(Sweep(200, 12, 900.0, 2000.0, False),))
    notes = [plain(block.text) for block in sheet.flat if isinstance(block, Note)]
    assert (
        "Of 200 runs with changed inputs, 12 leave a need short; net cost lies between EUR 0.90 "
        "billion and EUR 2.0 billion."
    ) in notes
