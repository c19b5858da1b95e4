"""What the engine takes parts of the models for is declared by them; a lack is told with a mend."""

from __future__ import annotations

import re

import pytest

from cssopt.assembly.component import find_objective, load_objective
from cssopt.assembly.criteria import find_expenditure
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.study import DEFAULT_STUDY, STRICT_STUDY, find_need, load_study
from cssopt.errors import ModelError
from cssopt.modeling.objective import PURPOSES

OBJECTIVE = '''"""An objective of one's own."""

{declared}


def stages(block, data, use):
    return ()
'''


@pytest.fixture
def write(tmp_path):
    """A folder with one objective that declares something."""

    def write_(declared):
        (tmp_path / "objectives").mkdir(exist_ok=True)
        path = tmp_path / "objectives" / "mine.py"
        path.write_text(OBJECTIVE.format(declared=declared), encoding="utf-8")
        return path

    return write_


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_purpose_is_served_by_one_objective_of_the_engine(purpose):
    (folder,) = find_model_folders()
    served = [
        path.stem
        for path in (folder / "objectives").glob("*.py")
        if purpose in load_objective(path).purposes
    ]
    assert served == [find_objective(purpose, (folder,)).name]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_an_objective_of_an_earlier_folder_serves_in_place_of_the_engine_s(write, purpose):
    path = write(f'PURPOSES = ("{purpose}",)')
    assert find_objective(purpose, find_model_folders([path.parents[1]])).name == "mine"


def test_a_purpose_that_nothing_serves_is_told(write):
    path = write("PURPOSES = ()")
    with pytest.raises(ModelError, match=r'has "least missing" in its PURPOSES; declare it in'):
        find_objective("least missing", (path.parents[1],))


def test_a_purpose_that_there_is_not_is_told_with_those_that_there_are(write):
    path = write('PURPOSES = ("most fun",)')
    told = f'{path}: "most fun" is no purpose; purposes are {", ".join(PURPOSES)}'
    with pytest.raises(ModelError, match=re.escape(told)):
        load_objective(path)


def test_folders_without_the_money_or_a_need_are_told(tmp_path):
    with pytest.raises(ModelError, match='whose role is "expenditure"'):
        find_expenditure((tmp_path,))
    with pytest.raises(ModelError, match="declares a Need in its ROLES"):
        find_need((tmp_path,))


def test_what_fronts_and_explanations_ask_of_the_models():
    folders = find_model_folders()
    study = load_study(DEFAULT_STUDY, folders)
    assert find_expenditure(folders).figure == study.figure("expenditure")
    assert find_need(folders) == study.need
    assert study.need.asks == study.need.indices[0]


def test_the_studies_that_the_engine_names_are_there():
    folders = find_model_folders()
    pooled, strict = (load_study(name, folders) for name in (DEFAULT_STUDY, STRICT_STUDY))
    assert pooled.objective.name != strict.objective.name
    assert {part.name for part in pooled.components} == {part.name for part in strict.components}
