"""Sharing keys: who bears how much of what all pay for, from the files of `models/keys`.

A key gives each member a weight; here weights are checked and become shares that add up to 1.
Keys that treaties agree on stand in the workbook, and need no file.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NoReturn

from cssopt.assembly.arithmetic import Arithmetic
from cssopt.assembly.component import find_files, find_functions, find_line, load_module, say_error
from cssopt.assembly.study import Study
from cssopt.errors import CssoptError, DataError, ModelError
from cssopt.issues import Issue
from cssopt.modeling.key_base import KeyBase, KeyCosts
from cssopt.modeling.measures import CommonShares
from cssopt.modeling.shares import NoSharesError
from cssopt.tables.convert import quote
from cssopt.tables.data import Data
from cssopt.tables.nearest import find_meant, nearest_name
from cssopt.tables.tidy import fold_name

_WHERE: Final = "--key"
_SOURCE: Final = "Source:"
_ALSO: Final = "ALSO"
_TITLES: Final = "TITLES"
_NOTHING: Final = 1e-12
"""A sum of weights this small beside them is rounding: they cancel out."""


ALSO_FOR: Final = {
    "benefit": "what members have of the common defense, beside which burdens are held",
    "output": "what members put in that is no money",
    "need": "whose needs are met",
    "ballot": "how much each counts in a vote",
    "spending": "what a plan has members spend",
    "inhabitants": "for how many people each stands in a vote",
    "first page": "one of the few ways of sharing that the first page shows",
}
"""What the weights of a key may serve for beside sharing, as its file declares in ALSO."""


@dataclass(frozen=True)
class SharingKey:
    """A key of a file.

    Attributes
    ----------
    name: as it is asked for: the name of its function. title: as a planner calls it.
    says: what it is, for a planner. source: who uses or proposed it; empty where it says none.
    needs_costs: True where it asks what coalitions cost.
    make: the function that gives weights by member. path: its file.
    also: what its weights serve for beside sharing (see `ALSO_FOR`).
    """

    name: str
    says: str
    source: str
    needs_costs: bool
    make: Callable[..., Mapping[str, float]]
    path: Path
    title: str
    also: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """Its file, and the line on which it begins."""
        return _find_place(self.path, self.make)


def list_keys(folders: Sequence[Path]) -> tuple[SharingKey, ...]:
    """Every key of the model folders.

    Those of later folders stand first (they are the ones that were there already); within a folder
    files stand by name, and keys of a file as they are written. Raises ModelError for a file that
    breaks the contract.
    """
    files, places = find_files(folders, "keys", "*.py"), list(folders)
    found: dict[str, SharingKey] = {}
    for path in sorted(
        files.values(), key=lambda path: (-places.index(path.parents[1]), path.stem)
    ):
        for key in _read_keys(path):
            if key.name in found:
                raise ModelError(
                    f"{key.place}: {quote(key.name)} is a key of {found[key.name].path} already; "
                    f"give it another name, or call its file {found[key.name].path.name} to stand "
                    "in place of that one"
                )
            found[key.name] = key
    return tuple(found.values())


def _read_keys(path: Path) -> Iterator[SharingKey]:
    module = load_module(path, "key")
    functions, also, titles = (
        find_functions(module),
        _read_also(module, path),
        _read_titles(module, path),
    )
    if not functions:
        raise ModelError(f"{path}: it has no key; write a function, such as mine(base)")
    for name, function in functions.items():
        place, told = (
            _find_place(path, function),
            " ".join((inspect.getdoc(function) or "").split()),
        )
        says, _, source = (part.strip() for part in told.partition(_SOURCE))
        if not says:
            raise ModelError(
                f"{place}: begin {name} with a docstring that tells a planner what it is; begin "
                "the names of functions that are no key with an underscore"
            )
        asked = list(inspect.signature(function).parameters)
        if asked not in (["base"], ["base", "costs"]):
            raise ModelError(
                f"{place}: {name}({', '.join(asked)}) cannot be called; a key is {name}(base), or "
                f"{name}(base, costs) where it needs what coalitions cost"
            )
        title, uses = titles.get(name, name.replace("_", " ")), frozenset(also.get(name, ()))
        yield SharingKey(name, says, source, "costs" in asked, function, path, title, uses)


def _read_titles(module: ModuleType, path: Path) -> dict[str, str]:
    """What keys of a file are called where that is not their name; ModelError for what is none."""
    declared, keys = getattr(module, _TITLES, {}), find_functions(module)
    is_right = isinstance(declared, dict) and all(
        name in keys and isinstance(title, str) and title.strip()
        for name, title in declared.items()
    )
    if not is_right:
        raise ModelError(
            f"{path}: {_TITLES} says by the name of a key what planners call it, such as "
            '{"gdp": "GDP"}'
        )
    return declared


def _read_also(module: ModuleType, path: Path) -> dict[str, tuple[str, ...]]:
    """What the keys of a file serve for beside sharing, by name; ModelError for what is no use."""
    declared = getattr(module, _ALSO, {})
    known, keys = ", ".join(ALSO_FOR), find_functions(module)
    is_right = isinstance(declared, dict) and all(
        name in keys and isinstance(uses, tuple) and set(uses) <= ALSO_FOR.keys()
        for name, uses in declared.items()
    )
    if not is_right:
        raise ModelError(
            f"{path}: {_ALSO} says by the name of a key what it serves for too: a tuple of {known}"
        )
    return declared


def _find_place(path: Path, function: Callable[..., Any]) -> str:
    code = getattr(function, "__code__", None)
    return f"{path}, line {code.co_firstlineno}" if code is not None else str(path)


def find_shares(key: SharingKey, base: KeyBase, costs: KeyCosts | None = None) -> dict[str, float]:
    """What each member bears of the whole by a key: its weights as shares that add up to 1.

    Parameters and errors as of `find_weights`.
    """
    weights = find_weights(key, base, costs)
    largest = max((abs(weight) for weight in weights.values()), default=0.0)
    # Divided by the largest, weights of any size have a finite sum.
    parts = {m: weight / largest for m, weight in weights.items() if largest}
    whole = math.fsum(parts.values())
    if abs(whole) <= _NOTHING * math.fsum(map(abs, parts.values())):
        _give_none(key, f"its weights add up to 0 over {', '.join(base.members)}")
    return {m: part / whole for m, part in parts.items()}


def find_weights(key: SharingKey, base: KeyBase, costs: KeyCosts | None = None) -> dict[str, float]:
    """The weight that a key gives each member.

    Parameters
    ----------
    costs: what coalitions cost, for a key that asks for it.

    Raises NoSharesError where the key gives none here, with a sentence that says why, and
    ModelError, with file and line, where its file is at fault.
    """
    if key.needs_costs and costs is None:
        _give_none(key, "it needs what coalitions cost, which `cssopt share` finds")
    try:
        given = key.make(base, costs) if key.needs_costs else key.make(base)
    except NoSharesError as error:
        _give_none(key, str(error))
    except Exception as error:
        text = error if isinstance(error, CssoptError) else say_error(error)
        raise ModelError(f"{find_line(key.path, error)}: {key.name}: {text}") from error
    return _check_weights(key, given, base, costs)


def _give_none(key: SharingKey, why: str) -> NoReturn:
    raise NoSharesError(f"the key {quote(key.name)} gives no shares: {why.rstrip('.')}")


def _check_weights(
    key: SharingKey, given: Any, base: KeyBase, costs: KeyCosts | None
) -> dict[str, float]:
    """The weights as they must be: a number for each member, none below 0 where no costs enter."""
    if not isinstance(given, Mapping):
        raise ModelError(
            f"{key.place}: {key.name} gives {type(given).__name__}; return a dict: member -> weight"
        )
    if odd := [m for m in base.members if m not in given] or [
        m for m in given if m not in base.members
    ]:
        lacks = odd[0] in base.members
        what = f"gives no weight to {odd[0]}" if lacks else f"gives a weight to {odd[0]!r}"
        raise ModelError(
            f"{key.place}: {key.name} {what}; give one to each of base.members and to nobody else"
        )
    weights: dict[str, float] = {}
    for m in base.members:
        try:
            weights[m] = float(given[m])
        except (TypeError, ValueError):
            raise ModelError(
                f"{key.place}: {key.name} gives {m} {quote(given[m])}; a weight is a number"
            ) from None
    unknown = [] if costs is None else _find_unable(costs)
    for m, weight in weights.items():
        if not math.isfinite(weight) and unknown:
            _give_none(key, f"there is no cost of {', '.join(unknown)}")
        if not math.isfinite(weight) or (weight < 0 and not key.needs_costs):
            raise ModelError(
                f"{key.place}: {key.name} gives {m} the weight {weight:g}; a weight is a finite "
                "number, and 0 or more unless the key goes by what coalitions cost"
            )
    return weights


def _find_unable(costs: KeyCosts) -> list[str]:
    """Coalitions that cannot do without the others, in words."""
    alone = [f"{m} alone" for m, cost in costs.alone.items() if not math.isfinite(cost)]
    return alone + [
        f"all without {m}" for m, cost in costs.without.items() if not math.isfinite(cost)
    ]


@dataclass(frozen=True)
class KnownKeys:
    """The keys by which a study of a workbook can share its common costs.

    Attributes
    ----------
    default: that of a study that names none. agreed: those of the workbook, in its order.
    files: those of files by name. hidden: by agreed key, the one of a file that it stands before,
        since it has the same name but for capitals and spaces.
    """

    default: str
    agreed: tuple[str, ...]
    files: Mapping[str, SharingKey]
    hidden: Mapping[str, SharingKey]

    @property
    def free(self) -> tuple[str, ...]:
        """Names of those that need no costs of coalitions."""
        files = (name for name, key in self.files.items() if not key.needs_costs)
        return tuple(dict.fromkeys((self.default, *self.agreed, *files)))


def find_known_keys(data: Data, study: Study, folders: Sequence[Path]) -> KnownKeys:
    """The keys of tables, study and model folders.

    Raises DataError (E-134) for a study that shares no common costs, and ModelError where a file
    breaks the contract.
    """
    role = _require_common_shares(study)
    options = (option for part in study.components for option in part.options)
    default = next(str(option.default) for option in options if option.name == role.option)
    agreed = tuple(dict.fromkeys(key for key, _ in data.tables[role.table]))
    files = {key.name: key for key in list_keys(folders)}
    by_folded = {fold_name(name): key for name, key in files.items()}
    hidden = {name: by_folded[fold_name(name)] for name in agreed if fold_name(name) in by_folded}
    stands_back = {key.name for key in hidden.values()}
    left = {name: key for name, key in files.items() if name not in stands_back}
    return KnownKeys(default, agreed, left, hidden)


def share_by(
    name: str,
    data: Data,
    study: Study,
    coalition: Sequence[str],
    folders: Sequence[Path],
    plan: Any = None,
) -> tuple[Data, Study]:
    """Tables and study with common costs shared by a key: that of the study's default, one that the
    workbook agrees on, or else one of a file, whose shares are added to those agreed keys.

    Parameters
    ----------
    data: the tables of the whole book. coalition: who shares.
    plan: the numbers of a plan, for keys that go by it.

    Raises DataError (E-134) for a name that is no key and for a key that gives no shares here, and
    ModelError where a file is at fault.
    """
    role, known = _require_common_shares(study), find_known_keys(data, study, folders)
    names = tuple(dict.fromkeys((*known.free, *known.files)))
    found = find_meant(name, names)
    if found is None:
        near = nearest_name(name, names)
        _refuse(f"{quote(name)} is not a key.{near} Known: {', '.join(known.free)}.")
    chosen = study.choosing(**{role.option: found})
    if found in (known.default, *known.agreed):
        return data, chosen
    try:
        shares = find_shares(known.files[found], make_base(data, study, coalition, plan))
    except NoSharesError as error:
        _refuse(f"{error}.")
    table = data.tables[role.table]
    for member, share in shares.items():
        row = dict(zip(table.spec.key, (found, member), strict=True))
        table = table.add((found, member), {**row, role.share: share})
    return Data({**data.tables, role.table: table}, given=data.given), chosen


def say_key(data: Data, study: Study, folders: Sequence[Path]) -> str:
    """By which key a study shares common costs, and where it comes from, for a planner.

    `data` are the tables as the workbook has them, without keys of files.
    """
    role, known = _require_common_shares(study), find_known_keys(data, study, folders)
    name = study.options.get(role.option, known.default)
    told = f"Common costs are shared by the key {quote(name)}"
    if name == known.default:
        return f"{told}, by the figures of each year, as where no key is named."
    if name in known.files:
        return f"{told} of the file {known.files[name].path.name}."
    hidden = known.hidden.get(name)
    beside = f"; the key {hidden.name} of the file {hidden.path.name} is not used" if hidden else ""
    return f"{told} of the sheet {role.table}{beside}."


def _refuse(text: str) -> NoReturn:
    raise DataError([Issue("E-134", _WHERE, text[:1].upper() + text[1:])])


def _require_common_shares(study: Study) -> CommonShares:
    if study.common_shares is None:
        _refuse(f"study {study.name} shares no common costs, so that no key can share them.")
    return study.common_shares


def make_base(data: Data, study: Study, coalition: Sequence[str], plan: Any = None) -> KeyBase:
    """What a key may know of a coalition that shares: `data` are the tables of the whole book."""
    restricted = data.restrict(data.party_table.spec.name, coalition, study.options)
    arithmetic = Arithmetic(restricted, study.components, study.indices)
    return KeyBase(tuple(coalition), restricted, plan, arithmetic)


def find_common_shares(study: Study, restricted: Data) -> dict[tuple[str, int], float]:
    """What each party bears of the common costs of each year, by the key of the study.

    `restricted` are the tables of those who share.
    """
    role = _require_common_shares(study)
    part = next(part for part in study.components if role in part.roles)
    arithmetic = Arithmetic(restricted, study.components, study.indices)
    return dict(getattr(getattr(arithmetic, part.name), role.figure))
