"""A run specification on its way to another machine: what workers there need, and nothing else."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cssopt.assembly.component import find_files
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.study import flatten_study
from cssopt.errors import SolveError
from cssopt.runs.specification import MODEL_FILES, RunSpecification, hash_models, hash_text
from cssopt.runs.worker import Worker
from cssopt.solution.versions import find_versions

_MUST_AGREE = ("cssopt", "Pyomo", "HiGHS")
"""Programs whose version must be the same at both ends."""


@dataclass(frozen=True)
class Source:
    """A model file of the planner's own.

    Attributes
    ----------
    kind: its folder, such as ``components``. name: of the file.
    text: its source. digest: SHA-256 of the text.
    """

    kind: str
    name: str
    text: str
    digest: str


@dataclass(frozen=True)
class Payload:
    """A run specification with what must be the same, and what must come along, where it is done.

    Attributes
    ----------
    versions: of the programs at the sender's.
    models: SHA-256 of the model files that come with cssopt; these stay where they are.
    sources: model files from folders that the planner named, and a study named by its file.
    specification: pickled, read only where everything else agrees.
    """

    versions: Mapping[str, str]
    models: str
    sources: tuple[Source, ...]
    specification: bytes


def pack_payload(specification: RunSpecification, folders: Sequence[Path]) -> bytes:
    """A specification, with the model files of the folders in front of the last, as bytes.

    Raises ModelError for a study file that cannot be read.
    """
    *own, installed = folders
    sources = [
        _make_source(kind, path.name, path.read_text(encoding="utf-8"))
        for kind, pattern in MODEL_FILES
        for path in find_files(own, kind, pattern).values()
    ]
    study = Path(specification.study)
    if study.suffix == ".toml":
        sources = [s for s in sources if (s.kind, s.name) != ("studies", study.name)]
        sources.append(_make_source("studies", study.name, flatten_study(study, folders)))
        specification = replace(specification, study=study.stem)
    payload = Payload(
        versions={name: find_versions()[name] for name in _MUST_AGREE},
        models=hash_models([installed]),
        sources=tuple(sources),
        specification=pickle.dumps(specification),
    )
    return zlib.compress(pickle.dumps(payload))


def open_payload(packed: bytes) -> Worker:
    """What does the runs of a specification that arrived.

    Raises SolveError where a program or a model file is not the same here as at the sender's,
    because its results would not be the sender's; ModelError where the model files lack something.
    """
    payload: Payload = pickle.loads(zlib.decompress(packed))
    installed = find_model_folders()[-1]
    _check_versions(payload.versions)
    if hash_models([installed]) != payload.models:
        raise SolveError(
            f"its model files in {installed} are not those of this sweep; install the same "
            "cssopt everywhere, and change model files only in a folder of your own (--models)"
        )
    specification: RunSpecification = pickle.loads(payload.specification)
    if not payload.sources:
        return Worker(specification, [installed])
    # Python reads the files while the worker is made, and never after.
    with TemporaryDirectory(prefix="cssopt-") as folder:
        _unpack(payload.sources, Path(folder))
        return Worker(specification, [Path(folder), installed])


def _make_source(kind: str, name: str, text: str) -> Source:
    return Source(kind, name, text, hash_text(text))


def _check_versions(expected: Mapping[str, str]) -> None:
    here = find_versions()
    if any(here[name] != version for name, version in expected.items()):
        own, other = (
            ", ".join(f"{name} {versions[name]}" for name in expected)
            for versions in (here, expected)
        )
        raise SolveError(f"it has {own}, this sweep {other}; install the same versions everywhere")


def _unpack(sources: Sequence[Source], folder: Path) -> None:
    for source in sources:
        plain = Path(source.name).name == source.name
        known = any(source.kind == kind for kind, _ in MODEL_FILES)
        if not (plain and known and hash_text(source.text) == source.digest):
            raise SolveError(f'the model file "{source.name}" did not arrive as it was sent')
        path = folder / source.kind / source.name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source.text, encoding="utf-8")
