"""A solution as plain numbers by key: what audits and derived results read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from cssopt.assembly.arithmetic import Arithmetic, Needed
from cssopt.errors import ModelError
from cssopt.names import YEAR, key_parts
from cssopt.tables.data import Data
from cssopt.tables.nearest import nearest_name


def sum_present_values(
    amounts: Iterable[tuple[Any, int, float]], discount: Mapping[int, float]
) -> dict[Any, float]:
    """Present value of amounts, each with its key and its year: the sum of each key."""
    sums: dict[Any, float] = {}
    for key, year, amount in amounts:
        sums[key] = sums.get(key, 0.0) + discount[year] * amount
    return sums


@dataclass(frozen=True)
class Quantity:
    """Numbers by key: a decision, a balance, an expression or a parameter.

    Attributes
    ----------
    name: as declared in the component.
    component: the component that declares it.
    kind: ``variable``, ``balance``, ``expression``, ``parameter`` or ``price``.
    policy: True for the price of a rule that a planner could change.
    index_names: names of the indices of the key; a single index is not in a tuple.
    """

    name: str
    component: str
    kind: str
    doc: str
    measure: str
    index_names: tuple[str, ...]
    values: Mapping[Any, float]
    policy: bool = False

    def keyed(self) -> Iterator[tuple[tuple[Any, ...], float]]:
        """Keys as tuples, with their values."""
        for key, value in self.values.items():
            yield key_parts(key), value


@dataclass(frozen=True)
class Quantities:
    """All quantities of a solution by name: ``solution.held[m, f, r, t]``.

    A quantity that the study does not have is an error that names it; ask ``"pooled" in solution``
    first where it may be lacking. One without keys is empty, one without indices a plain number.
    `reached` are the values of the stages by name, `costs` the ledger amounts by (entry, bearer,
    year), undiscounted; `relaxed` is True where whole numbers were dropped. `beyond_outlay` are the
    entries that are no payment of their year (the salvage value). `arithmetic` are the parameters
    of the components, worked out from the tables: ``solution.arithmetic.threats.full``.
    """

    data: Data
    quantities: Mapping[str, Quantity]
    costs: Mapping[tuple[str, str, int], float]
    reached: Mapping[str, float] = field(default_factory=dict)
    relaxed: bool = False
    beyond_outlay: frozenset[str] = frozenset()
    arithmetic: Arithmetic | Needed | None = field(default=None, compare=False, repr=False)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        quantity = self.find(name)
        return quantity.values if quantity.index_names else quantity.values[None]

    def find(self, name: str) -> Quantity:
        """The quantity of this name; ModelError where the study has none."""
        known: Mapping[str, Quantity] = self.__dict__["quantities"]
        if name not in known:
            raise ModelError(
                f'there is no quantity "{name}" in this study.{nearest_name(name, known)} Correct '
                f'the name; where a study may lack it, ask `"{name}" in solution` first'
            )
        return known[name]

    def __contains__(self, name: object) -> bool:
        """True where the study has a quantity of this name."""
        return name in self.quantities

    def settle(self, state: float) -> float:
        """A decision of 0 or 1 as rules read it: without the solver's rounding, which a large bound
        would make units of; as it is where fractions are allowed."""
        return state if self.relaxed else float(round(state))

    def present_values(self, name: str, over: str) -> dict[Any, float]:
        """Present values of a quantity by year: its sums over all but the named indices."""
        quantity = self.find(name)
        year = quantity.index_names.index(YEAR)
        places = [quantity.index_names.index(index) for index in over.split()]
        amounts = (
            (key[places[0]] if len(places) == 1 else tuple(key[p] for p in places), key[year], x)
            for key, x in quantity.keyed()
        )
        return sum_present_values(amounts, self.data.horizon.discount)

    def sums(self, name: str, over: str, along: str = "") -> dict[Any, float]:
        """Sums of a quantity over all but the named indices, by key of these.

        A number counts once for each key of `along` that agrees with its own key in the indices
        that both have: along ``together``, of situation, threat and year, units that are planned
        for a threat count in every situation of it.

        ModelError for a quantity that the study does not have.
        """
        quantity = self.find(name)
        names, keyed = quantity.index_names, quantity.keyed()
        if along:
            other = self.find(along)
            # What neither is asked for nor shared is added up first: there are fewer keys to join.
            kept = [index for index in names if index in (*over.split(), *other.index_names)]
            if len(kept) < len(names):
                fewer = self.sums(name, " ".join(kept))
                quantity = replace(quantity, index_names=tuple(kept), values=fewer)
            names, keyed = _join(quantity, other)
        keep = _keep([names.index(index) for index in over.split()])
        result: dict[Any, float] = {}
        for key, value in keyed:
            own = keep(key)
            result[own] = result.get(own, 0.0) + value
        return result


def _keep(places: Sequence[int]) -> Callable[[tuple[Any, ...]], Any]:
    """What takes the parts of a key at some places: one alone as it is, else a tuple."""
    return itemgetter(*places) if places else lambda _: ()


def _join(
    one: Quantity, other: Quantity
) -> tuple[tuple[str, ...], Iterator[tuple[tuple[Any, ...], float]]]:
    """The numbers of `one` by the keys of both, once for each key of `other` that agrees."""
    shared = [index for index in other.index_names if index in one.index_names]
    here, there = (_keep([each.index_names.index(i) for i in shared]) for each in (one, other))
    agreeing: dict[Any, list[tuple[Any, ...]]] = {}
    for key, _ in other.keyed():
        agreeing.setdefault(there(key), []).append(key)
    joined = (
        (key + also, value) for key, value in one.keyed() for also in agreeing.get(here(key), ())
    )
    return one.index_names + other.index_names, joined
