"""The parameters of components: what follows from the tables alone, worked out in plain numbers.

A component states them once, in its hook `arithmetic`. Its decisions and rules, its audit, and the
components that require it read the same, so that nobody works out a default or a need again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cssopt import profile
from cssopt.assembly.component import Component, blame
from cssopt.errors import ModelError
from cssopt.modeling.block import TAKEN
from cssopt.modeling.indices import knowing
from cssopt.tables.data import Data
from cssopt.tables.nearest import nearest_name


class Parameters:
    """The parameters of one component by name: ``use.threats.full[k, c, d, t]``.

    A name that its `arithmetic` does not give is an error that says so.
    """

    def __init__(self, component: Component, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)
        self.__dict__["_component"] = component

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        known = [own for own, _ in self.items()]
        raise ModelError(
            f'the arithmetic of "{self._component.name}" gives no "{name}".'
            f"{nearest_name(name, known)} It gives {', '.join(known) or 'nothing'}"
        )

    def items(self) -> Iterator[tuple[str, Any]]:
        """Names and values."""
        return ((n, value) for n, value in vars(self).items() if n != "_component")


class Arithmetic:
    """The parameters of every component of a study, each worked out when it is first read.

    Attributes of it are the components: ``arithmetic.threats``. They are those of these tables: an
    audit has its own, whatever the program was made of.
    """

    def __init__(self, data: Data, components: Sequence[Component], indices: Sequence[str]) -> None:
        self._given = data, tuple(components), tuple(indices)
        self._parts = {part.name: part for part in components}

    def __reduce__(self) -> tuple[Any, ...]:
        return Arithmetic, self._given

    def __getattr__(self, name: str) -> Parameters:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._parts:
            raise ModelError(
                f'there is no component "{name}" in this study.{nearest_name(name, self._parts)}'
            )
        found = self.__dict__[name] = self._work_out(self._parts[name])
        return found

    def __contains__(self, name: object) -> bool:
        """True where the study has a component of this name."""
        return name in self._parts

    def read_by(self, component: Component) -> Needed:
        """What the audit of a component may read: its own, and what it requires."""
        return Needed(self, component, (component.name, *component.requires, *component.optional))

    def _work_out(self, part: Component) -> Parameters:
        hook = part.hooks.get("arithmetic")
        if hook is None:
            return Parameters(part, {})
        data, _, indices = self._given
        needed = Needed(self, part, (*part.requires, *part.optional))
        try:
            with knowing(indices), profile.part("arithmetic", part.name):
                values = hook(data, needed)
        except Exception as error:
            raise blame(part, "arithmetic", error) from error
        if not isinstance(values, Mapping) or not all(isinstance(name, str) for name in values):
            raise ModelError(
                f"{part.path}: arithmetic gives {type(values).__name__}; return a dict: name of "
                "each parameter -> its numbers"
            )
        if taken := sorted((TAKEN | set(dir(Parameters))).intersection(values)):
            raise ModelError(
                f'{part.path}: arithmetic gives "{taken[0]}", a name that every block has; '
                "choose another"
            )
        return Parameters(part, values)


class Needed:
    """The parameters that one component may read: ``use.members.gdp``."""

    def __init__(self, arithmetic: Arithmetic, reader: Component, names: Sequence[str]) -> None:
        self._arithmetic, self._reader = arithmetic, reader
        self._names = tuple(name for name in names if name in arithmetic)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __getattr__(self, name: str) -> Parameters:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._names:
            raise ModelError(
                f'component "{self._reader.name}" reads the arithmetic of "{name}" without naming '
                "it in REQUIRES"
            )
        found: Parameters = getattr(self._arithmetic, name)
        self.__dict__[name] = found
        return found
