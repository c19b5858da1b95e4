"""An instance exists only where its inputs make sense, and everything is built from it."""

import pickle
import re
from dataclasses import replace

import pytest
from books import make_case, make_data
from small_books import make_book

from cssopt import DataError, read_changes
from cssopt.assembly.case import find_rules
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance, find_coalition
from cssopt.assembly.study import load_study
from cssopt.solution.run import run_program
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.traced.template import Template, differs
from cssopt.tables.data import Data
from cssopt.trace.sources import find_cells

NEW = "+members[member=C; name=Gamma; home_theatre=HOME; gdp=100; population=1; cost_index=1]"


def read_study(name):
    return load_study(name, find_model_folders())


def make_instance(study="pooled", coalition=("A", "B"), **changed):
    return Instance(make_data(make_book(**changed)), read_study(study), coalition)


def refuse(text):
    return pytest.raises(DataError, match=re.escape(text))


@pytest.mark.parametrize(
    ("coalition", "told"),
    [
        ((), "E-130 --members names no member"),
        (("A", "Z"), 'E-130 --members "Z" is not a member'),
        (("A", "B", "A"), 'E-130 --members "A" is named twice'),
    ],
)
def test_no_instance_has_a_coalition_that_is_none(coalition, told):
    with refuse(told):
        make_instance(coalition=coalition)


def test_a_study_of_one_member_has_one():
    with refuse("E-133 --members study standalone plans one member, not 2. Name one of A, B"):
        make_instance("standalone")
    assert make_instance("standalone", ("B",)).coalition == ("B",)


def test_a_rule_over_the_whole_book_is_asked_of_the_coalition():
    """A without a share of the key is no fault of the book, but one of A alone."""
    both, _ = make_instance().changed(read_changes(["members[member=A].gdp=0"]))
    with refuse('E-302 members!R2C4 gdp: the sharing key "gdp" adds up to 0 over A'):
        replace(both, coalition=("A",))


def test_every_strange_name_is_told_wherever_it_stands():
    case = make_case(make_book())
    known = ["A"] * 20
    with refuse('E-130 --members "Z" is not a member'):
        find_coalition(case, [*known, "Z"])


def test_who_leaves_takes_part_no_longer_and_who_comes_joins_all():
    every, two = make_instance(), make_instance(coalition=("A",))
    gone, changes = every.changed(read_changes(["-members[member=A]"]))
    assert gone.coalition == ("B",)
    assert changes
    with refuse('E-130 --members "A" is not a member'):
        replace(gone, coalition=("A", "B"))
    with refuse("E-514 --members of A nobody is left to plan for"):
        two.changed(read_changes(["-members[member=A]"]))
    assert every.changed(read_changes([NEW]))[0].coalition == ("A", "B", "C")
    assert two.changed(read_changes([NEW]))[0].coalition == ("A",)


def test_who_is_planned_alone_stays_alone():
    only, _ = make_instance().changed(read_changes(["-members[member=B]"]))
    alone = only.with_study(read_study("standalone"))
    assert alone.changed(read_changes([NEW]))[0].coalition == ("A",)


def test_changed_inputs_are_checked_as_a_book_where_that_is_asked_for():
    rules = find_rules(find_model_folders())
    steps = read_changes(["+inventory[member=Z; force=unit; units=1]"])
    every = make_instance()
    assert every.changed(steps)[0].coalition == ("A", "B")
    with refuse("E-121"):
        every.changed(steps, rules)


def test_an_instance_travels_without_what_can_be_made_again():
    instance = make_instance().with_given({"most_spent": 5.0})
    again = pickle.loads(pickle.dumps(instance))
    assert (again.coalition, again.given) == (instance.coalition, instance.given)
    assert dict(again.restricted.given) == dict(instance.restricted.given)
    assert again.restricted.book is again.data
    assert len(pickle.dumps(instance)) < len(
        pickle.dumps((instance.data, instance.study, instance.restricted))
    )


@pytest.mark.parametrize("study", ["pooled", "fair", "least_shortfall"])
def test_a_traced_model_and_that_of_a_plan_are_the_model(study):
    instance = make_instance(study)
    own = compile_problem(instance.assemble())
    traced = Template(*instance.trace(find_cells(instance.data)))
    assert differs(traced.program, own, 0) == ""
    plan, program = run_program(instance, Options())
    assert differs(program, own, 0) == ""
    further = plan.instance
    assert (further.coalition, further.given) == (("A", "B"), {})
    assert differs(compile_problem(further.assemble()), own, 0) == ""


def test_further_questions_about_a_plan_keep_what_it_was_given():
    shortfall = {("K", "land", 0, year): 1.0 for year in range(2030, 2034)}
    given = {"alone_shortfall": shortfall}
    plan, program = run_program(make_instance("equal_security").with_given(given), Options())
    assert plan.instance.given == given
    assert differs(compile_problem(plan.instance.assemble()), program, 0) == ""


def test_options_of_another_study_take_the_place_of_its_own():
    settings = [row for row in make_book()["settings"] if row[0] != "shortfall_penalty"]
    plan, _ = run_program(make_instance("least_shortfall", settings=settings), Options())
    assert plan.instance.given == {}
    other = plan.study.choosing(shortfall_tolerance=0.5)
    asked = plan.instance.with_study(other)
    assert asked.restricted.given["shortfall_tolerance"] == 0.5


def test_other_tables_are_asked_the_same():
    instance = make_instance().with_given({"most_spent": 5.0})
    other = instance.on(Data(instance.data.tables))
    assert (other.study, other.coalition, other.given) == (
        instance.study,
        instance.coalition,
        instance.given,
    )
