"""Studies: which components, which objective, which options and solver settings."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from cssopt.assembly.component import (
    Component,
    find_files,
    load_component,
    load_objective,
    order_components,
)
from cssopt.assembly.indices import order_indices
from cssopt.errors import DataError, ModelError
from cssopt.issues import Issue
from cssopt.modeling.accounts import Entry
from cssopt.modeling.measures import CommonShares, Credit, Measure, Milestones, Need, Role, Sheet
from cssopt.tables.convert import convert_cell, quote
from cssopt.tables.nearest import nearest_name
from cssopt.tables.raw import RawCell
from cssopt.tables.toml_text import TomlError, parse_toml, read_toml_text

_R = TypeVar("_R", CommonShares, Credit, Entry, Measure, Milestones, Need, Sheet)

DEFAULT_STUDY: Final = "pooled"
"""The study that is solved where none is named; its tables come first in a template."""

STRICT_STUDY: Final = "strict"
"""The study in which every need must be met: what a diagnosis asks about where none is named."""

_MOST_TOLD: Final = 10
"""Faults of a file that are told."""
_MOST_ABOVE: Final = 20
"""Studies that extend one another."""
_MOST_PARTS: Final = 1_000
"""Components of a study."""


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_options(value: object) -> bool:
    # Of which kind each is, is for the file that reads it.
    return isinstance(value, dict) and not any(isinstance(v, list | dict) for v in value.values())


def _are_links(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(link, dict)
        and _is_text(link.get("name"))
        and _are_texts(link.get("without"))
        and _are_options(link.get("options", {}))
        and _is_text(link.get("says", "-"))
        and link.keys() <= {"name", "says", "without", "options"}
        for link in value
    )


class _Form(NamedTuple):
    """What stands behind a key of a study file, in words and as a test."""

    says: str
    fits: Callable[[object], bool]


_TEXT: Final = _Form(f'a name in quotes, such as "{DEFAULT_STUDY}"', _is_text)
_TEXTS: Final = _Form('a list of names, such as ["bodies", "lines"]', _are_texts)
_FLAG: Final = _Form("true or false", lambda value: isinstance(value, bool))
_FORMS: Final[dict[str, _Form]] = {
    "extends": _TEXT,
    "components": _TEXTS,
    "with": _TEXTS,
    "without": _TEXTS,
    "objective": _TEXT,
    "options": _Form("a table of numbers, texts, true or false", _are_options),
    "relaxed": _FLAG,
    "single_member": _FLAG,
    "links": _Form(
        "tables [[links]], each with a name, a list `without`, perhaps `says` in plain words, and "
        "a table of options",
        _are_links,
    ),
    "ties": _TEXT,
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
    says: the same as `name` on pages for deciders; empty where it is plain.
    """

    name: str
    without: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    says: str = ""


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
    indices: of all that may be in a study, in the order in which their columns stand.
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
    indices: tuple[str, ...] = ()

    def measure(self, role: Role) -> Measure | None:
        """The measure of this role; None where no component of the study declares it."""
        return next((one for one in self._roles(Measure) if one.role == role), None)

    def figure(self, role: Role) -> str:
        """Name of the figure of a measure; ModelError where the study has none of this role."""
        found = self.measure(role)
        if found is None:
            raise ModelError(
                f'no component of study "{self.name}" declares a Measure of the role "{role}" in '
                "its ROLES; declare it where the figure is made"
            )
        return found.figure

    def indices_of(self, role: Role) -> tuple[str, ...]:
        """The indices by which a measure is compared; none where the study has no such measure."""
        found = self.measure(role)
        return () if found is None else found.indices

    @property
    def need(self) -> Need | None:
        """What must be covered; None where no component of the study declares it."""
        return next(iter(self._roles(Need)), None)

    def require_need(self) -> Need:
        """What must be covered; ModelError where no component of the study declares it."""
        if self.need is None:
            raise ModelError(
                f'no component of study "{self.name}" declares a Need in its ROLES; declare it '
                "where what is missing is counted"
            )
        return self.need

    @property
    def common_shares(self) -> CommonShares | None:
        """How what is common is shared; None where no component of the study declares it."""
        return next(iter(self._roles(CommonShares)), None)

    @property
    def milestones(self) -> tuple[Milestones, ...]:
        """Derived tables with dates by which plans are compared."""
        return tuple(self._roles(Milestones))

    @property
    def credit(self) -> Credit | None:
        """Where credits for contributions in kind stand; None where no component gives any."""
        return next(iter(self._roles(Credit)), None)

    @property
    def entries(self) -> dict[str, Entry]:
        """What entries of the ledger are to a reader, by their names there."""
        return {one.entry: one for one in self._roles(Entry)}

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """What has a place of its own in the report of a plan, in the order of its sheets."""
        return tuple(sorted(self._roles(Sheet), key=lambda sheet: sheet.place))

    def _roles(self, kind: type[_R]) -> Iterator[_R]:
        """What its components declare of a kind."""
        for component in self.components:
            yield from (role for role in component.roles if isinstance(role, kind))

    def in_order(self, indices: Iterable[str]) -> tuple[str, ...]:
        """These indices in the order in which their columns stand."""
        wanted = set(indices)
        return tuple(index for index in self.indices if index in wanted)

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
        """The same study with some of its options chosen; ModelError for one that it does not have
        or that cannot have this value."""
        chosen = _read_options(options, self.components, self.objective, self.name)
        return replace(self, options={**self.options, **chosen})

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


def find_need(folders: Sequence[Path]) -> Need:
    """What must be covered, as the first component of the model folders declares it; ModelError
    where none does."""
    for part in load_components(folders).values():
        for role in part.roles:
            if isinstance(role, Need):
                return role
    raise ModelError(
        "no component of the model folders declares a Need in its ROLES; declare it where what is "
        "missing is counted"
    )


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
    if settings["objective"] is None:
        raise ModelError(f'{path}: names no objective; write objective = "pooled_cost", or extend')
    objective = load_objective(_pick(settings["objective"], objectives, path, "objective"))
    tied = settings["ties"]
    ties = None if tied is None else load_objective(_pick(tied, objectives, path, "objective"))
    for part in (objective,) if ties is None else (objective, ties):
        for needed in part.requires:
            if needed not in chosen:
                raise ModelError(f'{part.path}: requires "{needed}", which {path.name} lacks')
    parts = tuple(order_components(chosen))
    return Study(
        name=path.stem,
        explanation=read_explanation(path),
        components=parts,
        objective=objective,
        options=_read_options(settings["options"], parts, objective, str(path)),
        relaxed=settings["relaxed"],
        single_member=settings["single_member"],
        links=_read_links(settings["links"], path, known),
        ties=ties,
        indices=order_indices(known, folders),
    )


def _read_options(
    options: Mapping[str, Any], components: Iterable[Component], objective: Component, where: str
) -> dict[str, Any]:
    """The options of a study as the files that read them declare them.

    ModelError where nothing in the study reads one, so that it would change nothing, or where its
    value is none that it can have.
    """
    read = {option.name: option for part in (*components, objective) for option in part.options}
    chosen, faults = {}, []
    for name, value in options.items():
        if name not in read:
            known = ", ".join(sorted(read)) or "none"
            faults.append(
                f"nothing in this study (objective {objective.name}) reads the option "
                f"{quote(name)}.{nearest_name(name, read)} It reads {known}"
            )
            continue
        converted = convert_cell(RawCell(value, where), read[name])
        chosen[name] = converted.value
        if converted.issue is not None:
            faults.append(f"option {converted.issue.text.rstrip('.')}")
    faults += [
        f"the option {name} is missing ({option.help.rstrip('.')}); write it below [options]"
        for name, option in read.items()
        if option.required and name not in options
    ]
    if faults:
        raise ModelError(f"{where}: {'; '.join(faults)}")
    return chosen


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


def _read_links(
    links: Sequence[Mapping[str, Any]], path: Path, known: Mapping[str, Any]
) -> tuple[Link, ...]:
    for link in links:
        for name in link["without"]:
            _pick(name, known, path, "component")
    return tuple(
        Link(
            link["name"],
            tuple(link["without"]),
            dict(link.get("options", {})),
            link.get("says", ""),
        )
        for link in links
    )


def read_explanation(path: Path) -> str:
    """The comment lines at the head of a study file."""
    lines = []
    for line in _read_text(path).splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# "))
    return " ".join(lines)


def _find_asked(study: str | Path, folders: Sequence[Path]) -> Path:
    """The file of a study that somebody asks for; DataError where there is none."""
    path, known = Path(study), find_files(folders, "studies", "*.toml")
    # Unlike a Path it only says no of a name that is too long.
    if path.suffix == ".toml" and not os.path.isfile(path):  # noqa: PTH113
        raise DataError([Issue("E-132", "--study", f"there is no study file {quote(str(path))}.")])
    if path.suffix != ".toml" and str(study) not in known:
        near, names = nearest_name(str(study), known), ", ".join(sorted(known))
        text = f"{quote(str(study))} is not a study.{near} Known: {names}."
        raise DataError([Issue("E-132", "--study", text)])
    return _find_study(study, folders)


def _find_study(study: str | Path, folders: Sequence[Path]) -> Path:
    path = Path(study)
    if path.suffix == ".toml":
        if not os.path.isfile(path):  # noqa: PTH113
            raise ModelError(f"there is no study file {quote(str(path))}")
        return path
    found: Path = _pick(
        str(study), find_files(folders, "studies", "*.toml"), Path("models"), "study"
    )
    return found


def _pick(name: str, known: Mapping[str, Any], where: Path, kind: str) -> Any:
    if name not in known:
        near = nearest_name(name, known)
        names = ", ".join(sorted(known))
        raise ModelError(f"{where}: there is no {kind} {quote(name)};{near} known: {names}")
    return known[name]


def _read_text(path: Path) -> str:
    try:
        return read_toml_text(path)
    except TomlError as error:
        raise ModelError(f"{path}: not a study file: {error}") from None


def _read_own(path: Path) -> dict[str, Any]:
    """What a study file says itself; ModelError with everything that is wrong with it."""
    try:
        own = parse_toml(_read_text(path))
    except TomlError as error:
        raise ModelError(f"{path}: not a study file: {error}") from None
    unknown = ", ".join(quote(key) for key in sorted(own.keys() - _FORMS.keys())[:_MOST_TOLD])
    faults = [f"unknown key {unknown}; keys are {', '.join(sorted(_FORMS))}"] if unknown else []
    faults += [
        f"{key} = {_shown(value)} should be {_FORMS[key].says}"
        for key, value in own.items()
        if key in _FORMS and not _FORMS[key].fits(value)
    ]
    if faults:
        raise ModelError(f"{path}: {'; '.join(faults[:_MOST_TOLD])}")
    return own


def _shown(value: object) -> str:
    """A value of a study file, where it is one that can be shown."""
    return quote(value) if isinstance(value, str | bool | int | float) else "..."


def _read_settings(path: Path, folders: Sequence[Path], seen: tuple[Path, ...]) -> dict[str, Any]:
    own = _read_own(path)
    trail = (*seen, path.resolve())
    if path.resolve() in seen:
        names = " -> ".join(file.stem for file in trail)
        raise ModelError(f"studies extend each other in a circle: {names}")
    if len(trail) > _MOST_ABOVE:
        raise ModelError(f"{path}: over {_MOST_ABOVE} studies extend one another; extend fewer")
    base: dict[str, Any] = {"components": [], "options": {}, **_SIMPLE}
    if "extends" in own:
        base = _read_settings(_find_study(own["extends"], folders), folders, trail)
    components = [*own.get("components", base["components"]), *own.get("with", [])]
    if absent := [name for name in own.get("without", []) if name not in components]:
        raise ModelError(
            f"{path}: `without` names {quote(absent[0])}, which the study does not have"
        )
    if len(components) > _MOST_PARTS:
        raise ModelError(f"{path}: has over {_MOST_PARTS:,} components; name each once")
    return {
        "components": [name for name in components if name not in own.get("without", [])],
        "options": {**base["options"], **own.get("options", {})},
        **{key: own.get(key, base[key]) for key in _SIMPLE},
    }
