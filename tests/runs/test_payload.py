"""What travels to another machine: what --models names, and nothing else."""

from __future__ import annotations

import pickle
import tempfile
import zlib
from dataclasses import replace

import pytest
from paths import ROOT
from sweeping import DEMO

import cssopt
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.study import flatten_study, load_study
from cssopt.errors import ModelError, SolveError
from cssopt.runs.outcome import Run
from cssopt.runs.payload import open_payload, pack_payload
from cssopt.runs.specification import RunSpecification
from cssopt.runs.worker import Worker
from cssopt.solve.answer import Options
from cssopt.tables.patch import Step

OWN = ROOT / "docs" / "examples" / "host_nation"
FOLDERS = find_model_folders()
RUN = Run("1", (Step(table="requirements", column="level", change="scale", value=1.1),))


@pytest.fixture(scope="module")
def case():
    return cssopt.load(DEMO)


def make_specification(case, study="relaxed"):
    return RunSpecification(data=case.data, study=str(study), members=None, options=Options())


def read(packed):
    return pickle.loads(zlib.decompress(packed))


def change(packed, **changed):
    """The payload as it would arrive with something else in it."""
    return zlib.compress(pickle.dumps(replace(read(packed), **changed)))


def test_without_models_no_source_travels(case):
    assert read(pack_payload(make_specification(case), FOLDERS)).sources == ()


def test_only_what_models_names_travels(case):
    sources = read(
        pack_payload(make_specification(case, "hosted"), find_model_folders([OWN]))
    ).sources
    assert {(source.kind, source.name) for source in sources} == {
        ("components", "host_nation.py"),
        ("studies", "hosted.toml"),
    }
    text = (OWN / "components" / "host_nation.py").read_text(encoding="utf-8")
    assert text in {source.text for source in sources}


@pytest.mark.medium
def test_a_payload_answers_as_its_specification_and_leaves_no_file(case, tmp_path, monkeypatch):
    study = tmp_path / "own_study.toml"
    study.write_text('extends = "relaxed"\nwithout = ["relief"]\n')
    specification = make_specification(case, study)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    arrived = open_payload(pack_payload(specification, FOLDERS)).run(RUN)
    assert not list(scratch.iterdir())
    assert arrived.status == "optimal"
    assert arrived.objective == pytest.approx(
        Worker(specification, FOLDERS).run(RUN).objective, rel=1e-9
    )


def test_other_versions_are_refused(case):
    packed = pack_payload(make_specification(case), FOLDERS)
    older = {**read(packed).versions, "HiGHS": "1.0.0"}
    with pytest.raises(SolveError, match=r"it has .*HiGHS.*, this sweep .*HiGHS 1\.0\.0; install"):
        open_payload(change(packed, versions=older, specification=b"never read"))


def test_other_model_files_are_refused(case):
    packed = pack_payload(make_specification(case), FOLDERS)
    with pytest.raises(SolveError, match="are not those of this sweep"):
        open_payload(change(packed, models="0" * 64, specification=b"never read"))


@pytest.mark.parametrize(
    "wrong", [{"text": "raise SystemExit"}, {"name": "../outside.py"}, {"kind": "elsewhere"}]
)
def test_a_source_that_changed_on_its_way_is_not_loaded(case, wrong):
    packed = pack_payload(make_specification(case, "hosted"), find_model_folders([OWN]))
    first, *others = read(packed).sources
    with pytest.raises(SolveError, match="did not arrive as it was sent"):
        open_payload(change(packed, sources=(replace(first, **wrong), *others)))


def test_a_study_of_several_files_is_one_text(tmp_path):
    (tmp_path / "base.toml").write_text(
        'extends = "relaxed"\n[options]\nsharing_key = "gdp \\"x\\""\nshortfall_tolerance = 1e-5\n'
    )
    top = tmp_path / "top.toml"
    top.write_text(f'extends = "{tmp_path / "base.toml"}"\nsingle_member = true\n')
    flat = tmp_path / "flat" / "top.toml"
    flat.parent.mkdir()
    flat.write_text(flatten_study(top, FOLDERS))
    assert "extends" not in flat.read_text()
    one, other = load_study(flat, FOLDERS), load_study(top, FOLDERS)
    assert replace(one, explanation="") == replace(other, explanation="")
    assert one.options["sharing_key"] == 'gdp "x"'
    assert one.relaxed
    assert one.single_member
    assert one.links


def test_a_change_in_what_a_study_extends_changes_the_fingerprint(case, tmp_path):
    base, top = tmp_path / "base.toml", tmp_path / "top.toml"
    base.write_text('extends = "relaxed"\n')
    top.write_text(f'extends = "{base}"\n')
    specification = make_specification(case, top)
    before = specification.fingerprint(FOLDERS)
    base.write_text('extends = "strict"\n')
    assert specification.fingerprint(FOLDERS) != before


def test_an_option_that_no_study_can_have_is_told(tmp_path):
    path = tmp_path / "dated.toml"
    path.write_text('extends = "relaxed"\n[options]\nfrom = 2030-01-01\n')
    with pytest.raises(ModelError, match=r"dated\.toml: 2030-01-01 is neither text"):
        flatten_study(path, FOLDERS)
