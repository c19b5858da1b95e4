"""The order of the indices: that in which their columns stand in every table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from cssopt.assembly.component import Component
from cssopt.errors import ModelError
from cssopt.names import YEAR
from cssopt.tables.nearest import nearest_name

_NO_PARTIES: Final = ""
"""Stands for the index of the parties where no component declares their table."""


def order_indices(components: Mapping[str, Component], folders: Sequence[Path]) -> tuple[str, ...]:
    """The indices that the components of the model folders declare, in their order.

    The index of the parties stands first and ``year`` last. Each other stands before the one that
    it names; of several that name the same, those of later folders stand first (they are the ones
    that were there already). Raises ModelError for an index that is declared twice, that names an
    unknown one, or that stands before itself.
    """
    oldest_first = sorted(
        components.values(), key=lambda part: -list(folders).index(part.path.parents[1])
    )
    parties = _find_parties(oldest_first)
    owners: dict[str, str] = {parties: "the table of those who cooperate", YEAR: "the engine"}
    followers: dict[str, list[str]] = {}
    for part in oldest_first:
        for index in part.indices:
            if index.name in owners:
                raise ModelError(
                    f'{part.path}: INDICES has "{index.name}", which {owners[index.name]} declares '
                    "already; leave it out here, or give it another name"
                )
            owners[index.name] = str(part.path)
            followers.setdefault(index.before, []).append(index.name)
    for before, (first, *_) in followers.items():
        if before not in owners:
            raise ModelError(
                f'{owners[first]}: INDICES: "{first}" stands before "{before}", which no '
                f"component declares.{nearest_name(before, owners)} "
                f"Known: {', '.join(filter(None, owners))}"
            )
    order = [*_place(parties, followers), *_place(YEAR, followers)]
    if circular := [name for name in owners if name not in order]:
        raise ModelError(
            f"{owners[circular[0]]}: INDICES: {', '.join(circular)} stand before one another in a "
            f'circle; let one of them stand before "{YEAR}"'
        )
    return tuple(filter(None, order))


def _find_parties(components: Sequence[Component]) -> str:
    tables = (table for part in components for table in part.tables)
    return next((table.key[0] for table in tables if table.parties), _NO_PARTIES)


def _place(name: str, followers: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """An index behind all that stand before it."""
    for other in followers.get(name, ()):
        yield from _place(other, followers)
    yield name
