"""The ledger of costs and the balances that several components feed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from cssopt.errors import ModelError
from cssopt.modeling.linear import Linear, packed, total
from cssopt.names import COMMON


class Ledger:
    """Every cost, posted once by entry, bearer (a member or ``common``) and year.

    The objective sums it, the budget rows read it, the cost report prints it. `owner` tells which
    component posted an entry; an entry belongs to one component.
    """

    def __init__(self) -> None:
        self._amount: dict[tuple[str, str, int], Linear] = {}
        self._owner: dict[str, str] = {}
        self._beyond_outlay: set[str] = set()
        self._paid: dict[tuple[str, int], list[Any]] = {}

    def post(
        self, component: str, entry: str, bearer: str, year: int, amount: Any, *, in_outlay: bool
    ) -> None:
        """Post an amount; ModelError where the entry is another component's or posted twice."""
        owner = self._owner.setdefault(entry, component)
        if owner != component:
            raise ModelError(
                f'ledger entry "{entry}" is posted by the components "{owner}" and "{component}"; '
                "give one of them another name"
            )
        if (entry, bearer, year) in self._amount:
            raise ModelError(
                f'component "{component}" posts "{entry}" twice for {bearer} in {year}; '
                "add the amounts up and post their sum"
            )
        posted = self._amount[entry, bearer, year] = packed(amount)
        if in_outlay:
            self._paid.setdefault((bearer, year), []).append(posted)
        else:
            self._beyond_outlay.add(entry)

    def entries(self) -> Iterator[tuple[str, str, int, Any]]:
        """Every posting: entry, bearer, year, amount."""
        for (entry, bearer, year), amount in self._amount.items():
            yield entry, bearer, year, amount

    def owner(self, entry: str) -> str:
        """The component that posts this entry."""
        return self._owner[entry]

    def in_outlay(self, entry: str) -> bool:
        """True where the entry is paid in its year (salvage is not)."""
        return entry not in self._beyond_outlay

    def borne(self, bearer: str, year: int) -> list[Any]:
        """Amounts that the bearer pays in the year, entry by entry."""
        return self._paid.get((bearer, year), [])

    def common(self, year: int) -> list[Any]:
        """Amounts that the members share in the year."""
        return self.borne(COMMON, year)


class Posting:
    """The ledger as one component sees it: it may post, under its own name."""

    def __init__(self, ledger: Ledger, component: str) -> None:
        self._ledger = ledger
        self._component = component

    def post(
        self, entry: str, bearer: str, year: int, amount: Any, *, in_outlay: bool = True
    ) -> None:
        """Post an amount (million, prices of the price year) for a bearer in a year.

        `in_outlay` False: the amount counts in expenditure but is no payment of that year.
        """
        self._ledger.post(self._component, entry, bearer, year, amount, in_outlay=in_outlay)


class Balance:
    """A sum that several components feed, by key: one owns it, others post to it.

    The owner creates it in `variables`, suppliers that name the owner in REQUIRES post in
    `balances`, and the owner reads it in `constraints`.
    """

    def __init__(self, index_names: tuple[str, ...], doc: str, measure: str) -> None:
        self.index_names = index_names
        self.doc = doc
        self.measure = measure
        self._terms: dict[Hashable, list[Any]] = {}

    def post(self, key: Hashable, term: Any) -> None:
        """Add a term to the sum of this key."""
        self._terms.setdefault(key, []).append(term)

    def __contains__(self, key: object) -> bool:
        return key in self._terms

    def __getitem__(self, key: Hashable) -> Any:
        """The sum of all terms posted for the key; 0 where none was."""
        return total(self._terms.get(key, ()))

    def __iter__(self) -> Iterator[Hashable]:
        """Keys that something was posted for, in order of posting."""
        return iter(self._terms)
