"""The model: a block for each component, on which stands what it declares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeVar

from cssopt.errors import ModelError
from cssopt.modeling.declare import Declared, Variable
from cssopt.tables.nearest import nearest_name

_D = TypeVar("_D", bound=Declared)


class Model:
    """Blocks by name, and the columns that their decisions stand in.

    Attributes
    ----------
    blocks: by name, in the order in which rows stand.
    """

    def __init__(self) -> None:
        self.blocks: dict[str, Block] = {}
        self._places = Places()

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return self._places.taken

    def add(self, name: str) -> Block:
        """A new block at the end."""
        self.blocks[name] = block = Block(name, self._places)
        return block

    def __getitem__(self, name: str) -> Block:
        return self.blocks[name]

    def declared(self, kind: type[_D]) -> Iterator[tuple[str, _D]]:
        """Everything of a kind, with the name of its block, in the order of rows and columns."""
        for name, block in self.blocks.items():
            for declared in block.declared(kind):
                yield name, declared


class Places:
    """The places of columns, of which decisions take theirs as they are declared.

    All blocks of a model share them, and no block knows the model: it holds no cycle, and a large
    one is gone as soon as nobody holds it.
    """

    def __init__(self) -> None:
        self.taken = 0

    def take(self, count: int) -> int:
        """The first of so many places."""
        first, self.taken = self.taken, self.taken + count
        return first


class Block:
    """What one component declares, and its parameters, each under its name.

    No decision can stand on a block that has no places for them.
    """

    def __init__(self, name: str, places: Places | None = None) -> None:
        self.__dict__["_name"], self.__dict__["_places"] = name, places

    @property
    def name(self) -> str:
        """The name of the component; of the objective, that of its place."""
        return str(self._name)

    def declared(self, kind: type[_D]) -> list[_D]:
        """Everything of a kind, in the order in which it was declared."""
        return [thing for thing in vars(self).values() if isinstance(thing, kind)]

    def __setattr__(self, name: str, value: Any) -> None:
        if name in TAKEN or name.startswith("__"):
            raise ModelError(f'"{name}" is a name that every block has; choose another')
        if isinstance(value, Declared):
            self._declare(name, value)
        elif type(value).__module__.startswith("pyomo."):
            raise ModelError(
                f'"{name}" is made with Pyomo; declare it with variable, constraint or expression '
                "of cssopt.modeling (Problem.to_pyomo gives the whole model to Pyomo)"
            )
        self.__dict__[name] = value

    def _declare(self, name: str, declared: Declared) -> None:
        if declared.name:
            raise ModelError(f'"{name}" stands on a block already, as "{declared.name}"')
        if name in vars(self):
            raise ModelError(f'"{name}" is declared twice; choose another name for one of the two')
        if isinstance(declared, Variable):
            if self._places is None:
                raise ModelError(f'"{name}" is a decision, which is declared in `variables` only')
            declared.take_places(self._places.take(len(declared.keys_declared)))
        declared.name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        known = [own for own in vars(self) if not own.startswith("_")]
        raise AttributeError(
            f'"{vars(self).get("_name")}" declares no "{name}".{nearest_name(name, known)}'
        )


TAKEN: Final = frozenset(dir(Block)) | {"_name", "_places"}
"""Names of every block, which nothing that a component declares can have."""
