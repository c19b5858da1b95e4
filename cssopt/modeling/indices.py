"""The indices of decisions and figures, and what is known of them while a problem is assembled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from cssopt.errors import ModelError
from cssopt.names import YEAR
from cssopt.tables.nearest import nearest_name


@dataclass(frozen=True)
class Index:
    """An index of decisions and figures, declared by the component that it belongs to.

    Attributes
    ----------
    name: one word, which heads the column of every table: ``phase``. Where the rows of a sheet are
        its codes, the key column of that sheet has the same name.
    before: the index before which it stands in every table.
    letter: what the mathematics of the components call it: ``p``; without one, the legend of the
        mathematics page leaves it out.
    says: what it is, where its name alone says too little.

    Two indices need no declaration: that of the parties, which the key column of their sheet names
    and which stands first, and ``year``, which stands last.
    """

    name: str
    before: str = YEAR
    letter: str = ""
    says: str = ""

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise ModelError(f'"{self.name}" is no name of an index; write one word, such as phase')


_KNOWN: ContextVar[tuple[str, ...] | None] = ContextVar("indices", default=None)


@contextmanager
def knowing(indices: Sequence[str]) -> Iterator[None]:
    """Let what is declared within be over these indices and no others."""
    token = _KNOWN.set(tuple(indices))
    try:
        yield
    finally:
        _KNOWN.reset(token)


def read_indices(over: str) -> tuple[str, ...]:
    """The names of the indices in a text such as ``"member year"``; ModelError for unknown ones."""
    names, known = tuple(over.split()), _KNOWN.get()
    unknown = [name for name in names if known is not None and name not in known]
    if known is not None and unknown:
        raise ModelError(
            f'unknown index "{unknown[0]}" in "{over}".{nearest_name(unknown[0], known)} Known: '
            f"{', '.join(known)}. A new one is declared by the component that it belongs to: "
            f'INDICES = (Index("{unknown[0]}", before="{YEAR}"),)'
        )
    return names
