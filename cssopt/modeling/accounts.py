"""What components tell of a plan for its report: amounts under fixed names, and what is begun.

The ledger has the money. Everything else that a decider reads (units given up and lent, how a need
comes about and who covers it) is told here by the component that knows it, once, so that a page
never looks into a decision by its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from cssopt.errors import ModelError
from cssopt.tables.nearest import nearest_name

ACCOUNTS: Final = {
    # By party, thing that is held, and year (`units today`: without the year).
    "units today": "units that a party has at the start of the first year",
    "aged out": "units of these that leave in the year because they are old",
    "given up": "units of these that are given up in the year before their time",
    "ordered": "units ordered in the year",
    "bought and in service": "units bought within the plan that serve in the year",
    "in service": "all units that serve in the year",
    "lent at once": "units at the common disposal in the year, most of them at one time",
    "paid for orders": "million paid in the year for units ordered in it",
    # By thing that is held.
    "years to arrive": "years from an order to service",
    # By need, as the decision of the measure `Need` has it. They add up to what is asked for.
    "typed need": "as the inputs give it for the first year",
    "growth of need": "what it has grown by since",
    "each for itself": "what is needed more because each would meet its own part alone",
    "overlap met once": "what is needed less because together it is met once; never above 0",
    "relieved": "what measures other than forces take off it; never above 0",
    "weight of need": "by which what is missing of a unit of it counts",
    # By party and need.
    "danger": "the part of the need that falls on the party",
    "covered by own": "power of the party that counts for its own part",
    "covered by lent": "power of the party that counts at the common disposal",
    # By need.
    "lost without command": "lent power that does not count yet; never above 0",
    # By year.
    "acting together": "1 in years in which the treaty works",
}  # fmt: skip
"""Every account by its name, and what stands in it."""

Kind = Literal["treaty", "ratification", "preparation", "body", "programme", "line"]


@dataclass(frozen=True)
class Posted:
    """An amount in an account: several under one key are added up."""

    account: str
    key: Any
    amount: float


@dataclass(frozen=True, kw_only=True)
class Undertaking:
    """Something that is begun once in a plan, or could be.

    Attributes
    ----------
    kind: what it is: the treaty, a ratification (by `party`), other preparation, a body, a joint
        programme, a production line.
    name: for a planner. party: who does it; None: all together.
    begun: the year in which it begins; None: not in this plan.
    works: the first year from whose start on it has its effect; None where it is never begun.
    cost: million for each year while it runs, or once where it is founded or opened.
    table, row: the input that it stands in, and its key there.
    """

    kind: Kind
    name: str
    party: Any = None
    begun: int | None = None
    works: int | None = None
    cost: float = 0.0
    table: str = ""
    row: Any = None


Group = Literal["running", "buying", "common", "aid", "residual"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What an entry of the ledger is to a reader.

    Attributes
    ----------
    entry: its name in the ledger. says: what the money is for, in a few words.
    group: ``running`` the forces, ``buying`` new ones, ``common`` bodies and programmes, ``aid``
        talks and aid; ``residual``: what bought units are still worth at the end, no payment.
    """

    entry: str
    says: str
    group: Group


def account(name: str, key: Any, amount: float) -> Posted:
    """An amount for an account, which the hook `accounts` of a component yields.

    Raises ModelError for an account that there is not.
    """
    if name not in ACCOUNTS:
        told = f'there is no account "{name}".{nearest_name(name, ACCOUNTS)} '
        raise ModelError(f"{told}Accounts are {', '.join(ACCOUNTS)}")
    return Posted(name, key, amount)
