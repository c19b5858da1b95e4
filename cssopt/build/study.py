"""Studies: which components, which objective, which options and solver settings."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cssopt.build.component import (
    Component,
    find_files,
    load_component,
    load_objective,
    order_components,
)
from cssopt.errors import DataError, ModelError
from cssopt.issues import Issue
from cssopt.tables.nearest import nearest_name

_KEYS = {
    "extends",
    "components",
    "with",
    "without",
    "objective",
    "options",
    "relaxed",
    "single_member",
    "links",
    "ties",
}
_SIMPLE: dict[str, Any] = {
    "objective": None,
    "ties": None,
    "relaxed": False,
    "single_member": False,
    "links": [],
}


@dataclass(frozen=True)
class Link:
    """A link of the pooling ledger.

    Attributes
    ----------
    name: what members do together from here on, or what is charged.
    without: the components that it does without. options: settings that are other ones here.
    """

    name: str
    without: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Study:
    """One way to put the model together.

    Attributes
    ----------
    name: file name of the study.
    explanation: the comment at the head of its file.
    components: in the order of their REQUIRES.
    objective: what is minimised.
    options: settings that components read as ``data.given``, such as ``sharing_key``.
    relaxed: True where whole numbers are dropped (LP relaxation).
    single_member: True where the study plans one member only.
    links: of the pooling ledger, in order.
    ties: what decides between equally good plans, where that is asked for; None: nothing does.
    settles_ties: True where it is asked for.
    """

    name: str
    explanation: str
    components: tuple[Component, ...]
    objective: Component
    options: Mapping[str, Any] = field(default_factory=dict)
    relaxed: bool = False
    single_member: bool = False
    links: tuple[Link, ...] = ()
    ties: Component | None = None
    settles_ties: bool = False

    def settling_ties(self) -> Study:
        """The same study, its `ties` deciding between plans that are equally good."""
        return replace(self, settles_ties=self.ties is not None)

    def linked(self, link: Link) -> Study:
        """The same study as a link of its pooling ledger has it."""
        return replace(self.without(link.without), options={**self.options, **link.options})

    def without(self, names: Sequence[str]) -> Study:
        """The same study without some components; names that it does not have are no matter."""
        kept = tuple(part for part in self.components if part.name not in names)
        return replace(self, components=tuple(order_components({p.name: p for p in kept})))

    def choosing(self, **options: Any) -> Study:
        """The same study with some of its options chosen; ModelError where nothing reads one."""
        _check_options(options, self.components, self.objective, self.name)
        return replace(self, options={**self.options, **options})

    def adding(self, name: str, folders: Sequence[Path]) -> Study:
        """The same study with one more component of the model folders.

        Raises ModelError where the folders or the study lack what is needed.
        """
        path = _pick(name, find_files(folders, "components", "*.py"), Path("models"), "component")
        parts = {part.name: part for part in (*self.components, load_component(path))}
        return replace(self, components=tuple(order_components(parts)))


def load_components(folders: Sequence[Path]) -> dict[str, Component]:
    """Every component file in the model folders, by name."""
    files = find_files(folders, "components", "*.py")
    return {name: load_component(path) for name, path in files.items()}


def load_study(study: str | Path, folders: Sequence[Path]) -> Study:
    """Read a study by name (from the model folders) or by path.

    Raises DataError for an unknown name, and ModelError for a key that no study has, or a component
    that is missing.
    """
    path = _find_asked(study, folders)
    settings = _read_settings(path, folders, ())
    known = load_components(folders)
    chosen = {name: _pick(name, known, path, "component") for name in settings["components"]}
    objectives = find_files(folders, "objectives", "*.py")
    objective = load_objective(_pick(settings["objective"], objectives, path, "objective"))
    tied = settings["ties"]
    ties = None if tied is None else load_objective(_pick(tied, objectives, path, "objective"))
    for part in (objective,) if ties is None else (objective, ties):
        for needed in part.requires:
            if needed not in chosen:
                raise ModelError(f'{part.path}: requires "{needed}", which {path.name} lacks')
    parts = tuple(order_components(chosen))
    _check_options(settings["options"], parts, objective, str(path))
    return Study(
        name=path.stem,
        explanation=read_explanation(path),
        components=parts,
        objective=objective,
        options=dict(settings["options"]),
        relaxed=bool(settings["relaxed"]),
        single_member=bool(settings["single_member"]),
        links=_read_links(settings["links"], path, known),
        ties=ties,
    )


def _check_options(
    options: Iterable[str], components: Iterable[Component], objective: Component, where: str
) -> None:
    """ModelError where nothing in a study reads an option: it would change nothing."""
    read = {name for part in (*components, objective) for name in part.options}
    if unread := [name for name in options if name not in read]:
        raise ModelError(
            f"{where}: nothing in this study (objective {objective.name}) reads the option "
            f'"{unread[0]}".{nearest_name(unread[0], read)} It reads {", ".join(sorted(read))}'
        )


def flatten_study(path: Path, folders: Sequence[Path]) -> str:
    """The text of one study file that says all that this one and those it extends say.

    Raises ModelError as `load_study` does.
    """
    settings = _read_settings(_find_study(path, folders), folders, ())
    lines = [f"{key} = {_write_toml(v, path)}" for key, v in settings.items() if v is not None]
    return "\n".join([*lines, ""])


def _write_toml(value: Any, path: Path) -> str:
    match value:
        case bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int() | float():
            return repr(value)
        case list():
            return f"[{', '.join(_write_toml(part, path) for part in value)}]"
        case dict():
            pairs = (f"{json.dumps(k)} = {_write_toml(v, path)}" for k, v in value.items())
            return f"{{{', '.join(pairs)}}}"
    raise ModelError(f"{path}: {value} is neither text, number, true, false, a list nor a table")


def _read_links(links: Any, path: Path, known: Mapping[str, Any]) -> tuple[Link, ...]:
    try:
        read = tuple(
            Link(str(link["name"]), tuple(link["without"]), dict(link.get("options", {})))
            for link in links
        )
    except (TypeError, KeyError, ValueError) as error:
        raise ModelError(
            f"{path}: every link needs a name and a list `without`; its `options` are a table"
        ) from error
    for link in read:
        for name in link.without:
            _pick(name, known, path, "component")
    return read


def read_explanation(path: Path) -> str:
    """The comment lines at the head of a study file."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# "))
    return " ".join(lines)


def _find_asked(study: str | Path, folders: Sequence[Path]) -> Path:
    """The file of a study that somebody asks for; DataError where there is none."""
    path, known = Path(study), find_files(folders, "studies", "*.toml")
    if path.suffix == ".toml" and not path.is_file():
        raise DataError([Issue("E-132", "--study", f'there is no study file "{path}".')])
    if path.suffix != ".toml" and str(study) not in known:
        text = f'"{study}" is not a study.{nearest_name(str(study), known)} Known: '
        raise DataError([Issue("E-132", "--study", f"{text}{', '.join(sorted(known))}.")])
    return _find_study(study, folders)


def _find_study(study: str | Path, folders: Sequence[Path]) -> Path:
    path = Path(study)
    if path.suffix == ".toml":
        if not path.is_file():
            raise ModelError(f'there is no study file "{path}"')
        return path
    found: Path = _pick(
        str(study), find_files(folders, "studies", "*.toml"), Path("models"), "study"
    )
    return found


def _pick(name: str, known: Mapping[str, Any], where: Path, kind: str) -> Any:
    if name not in known:
        raise ModelError(f'{where}: there is no {kind} "{name}"; known: {", ".join(sorted(known))}')
    return known[name]


def _read_settings(path: Path, folders: Sequence[Path], seen: tuple[str, ...]) -> dict[str, Any]:
    try:
        own = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: not a study file: {error}") from error
    if unknown := sorted(set(own) - _KEYS):
        raise ModelError(f'{path}: unknown key "{unknown[0]}"; keys are {", ".join(sorted(_KEYS))}')
    if path.stem in seen:
        raise ModelError(
            f"studies extend each other in a circle: {' -> '.join((*seen, path.stem))}"
        )
    base: dict[str, Any] = {"components": [], "options": {}, **_SIMPLE}
    if "extends" in own:
        base = _read_settings(_find_study(own["extends"], folders), folders, (*seen, path.stem))
    components = [*own.get("components", base["components"]), *own.get("with", [])]
    if absent := [name for name in own.get("without", []) if name not in components]:
        raise ModelError(f'{path}: `without` names "{absent[0]}", which the study does not have')
    return {
        "components": [name for name in components if name not in own.get("without", [])],
        "options": {**base["options"], **own.get("options", {})},
        **{key: own.get(key, base[key]) for key in _SIMPLE},
    }
