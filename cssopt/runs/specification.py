"""What all runs of a sweep share, and the fingerprints by which runs are known again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cssopt.assembly.component import find_files
from cssopt.assembly.instance import Instance, find_cooperating
from cssopt.assembly.study import flatten_study, load_study
from cssopt.runs.outcome import Run
from cssopt.solution.near_plan import stay_near
from cssopt.solution.versions import find_versions
from cssopt.solve.answer import Options
from cssopt.tables.data import Data

MODEL_FILES = (("components", "*.py"), ("objectives", "*.py"), ("studies", "*.toml"))
"""Kinds of model files, and the names of the files of each kind."""


@dataclass(frozen=True, kw_only=True)
class RunSpecification:
    """What all runs of a sweep share.

    Attributes
    ----------
    data: the tables that the steps of each run change.
    study: name or file of the study. members: the coalition; None: all members that there are.
    options: settings of the solves.
    near: what keeps plans near a base plan (component `persistence`); empty where nothing does.
    """

    data: Data
    study: str
    members: tuple[str, ...] | None
    options: Options
    near: Mapping[str, Any] = field(default_factory=dict)

    def instance(self, folders: Sequence[Path]) -> Instance:
        """What all runs change; ModelError where the folders lack the study, DataError where the
        tables as they are make no sense for it."""
        study = load_study(self.study, folders)
        plain = Instance(self.data, study, find_cooperating(self.data, self.members))
        return stay_near(plain, self.near, folders) if self.near else plain

    def fingerprint(self, folders: Sequence[Path]) -> str:
        """SHA-256 of everything that the answers depend on, the steps of each run apart."""
        content = {
            **_describe(self.data, self.options, folders),
            "study": _read_study(self.study, folders),
            "members": self.members,
            "near": sorted((name, _plain(value)) for name, value in self.near.items()),
        }
        return hash_text(json.dumps(content, sort_keys=True, default=str))


def _describe(data: Data, options: Options, folders: Sequence[Path]) -> dict[str, Any]:
    """What every answer depends on: tables, model files, settings and versions."""
    return {
        "tables": {name: table.records() for name, table in data.tables.items()},
        "dropped": {name: list(t.dropped) for name, t in data.tables.items() if t.dropped},
        "models": hash_models(folders),
        "options": [options.gap, options.time_limit, options.seed],
        "versions": find_versions(),
    }


def fingerprint_instance(instance: Instance, options: Options, folders: Sequence[Path]) -> str:
    """SHA-256 of everything that the answers to an instance depend on, its coalition and the
    numbers that it is given apart."""
    study = instance.study
    content = {
        **_describe(instance.data, options, folders),
        "components": [component.name for component in study.components],
        "objective": study.objective.name,
        "ties": study.ties.name if study.ties is not None and study.settles_ties else None,
        "relaxed": study.relaxed,
        "study options": sorted((name, repr(value)) for name, value in study.options.items()),
    }
    return hash_text(json.dumps(content, sort_keys=True, default=str))


def fingerprint_run(specification: str, run: Run) -> str:
    """SHA-256 of a run: of what it shares with others, and of its steps."""
    steps = [[step.table, step.where, step.column, step.change, step.value] for step in run.steps]
    return hash_text(json.dumps([specification, steps], default=str))


def hash_models(folders: Sequence[Path]) -> str:
    """SHA-256 of every model file that counts, whatever the folders are called."""
    files = {
        f"{kind}/{path.name}": hash_text(path.read_text(encoding="utf-8"))
        for kind, pattern in MODEL_FILES
        for path in find_files(folders, kind, pattern).values()
    }
    return hash_text(json.dumps(files, sort_keys=True))


def _read_study(study: str, folders: Sequence[Path]) -> str:
    """A study by its name, or all that its file and those that it extends say."""
    return flatten_study(Path(study), folders) if study.endswith(".toml") else study


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return sorted((repr(key), number) for key, number in value.items())
    return value


def hash_text(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
