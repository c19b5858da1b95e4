"""What the components of a study tell of a plan for its report, added up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cssopt.assembly.component import Component, blame
from cssopt.errors import ModelError
from cssopt.modeling.accounts import ACCOUNTS, Posted, Undertaking
from cssopt.solution.quantities import Quantities


@dataclass(frozen=True)
class Accounts:
    """Amounts of a plan by account and key, and what is or could be begun.

    Attributes
    ----------
    amounts: by the name of the account (see `ACCOUNTS`), numbers by key; an account that no
        component of the study tells of is missing. A key of one part is not in a tuple.
    undertakings: in the order in which components tell them.
    """

    amounts: Mapping[str, Mapping[Any, float]]
    undertakings: tuple[Undertaking, ...] = ()

    def __getitem__(self, account: str) -> Mapping[Any, float]:
        """The numbers of an account; empty where the study has none. KeyError for no account."""
        assert account in ACCOUNTS, account
        return self.amounts.get(account, {})


def read_accounts(components: tuple[Component, ...], quantities: Quantities) -> Accounts:
    """What every component tells of these quantities.

    Raises ModelError where one tells something else.
    """
    amounts: dict[str, dict[Any, float]] = {}
    undertakings: list[Undertaking] = []
    for component in components:
        for posted in _tell(component, "accounts", Posted, quantities):
            own = amounts.setdefault(posted.account, {})
            own[posted.key] = own.get(posted.key, 0.0) + posted.amount
        undertakings += _tell(component, "undertakings", Undertaking, quantities)
    return Accounts(amounts, tuple(undertakings))


def _tell(component: Component, hook: str, kind: type, quantities: Quantities) -> list[Any]:
    if hook not in component.hooks:
        return []
    try:
        told = list(component.hooks[hook](quantities))
        if not all(isinstance(one, kind) for one in told):
            raise ModelError(f"yields something else than {kind.__name__}; use account(...)")
    except Exception as error:
        raise blame(component, hook, error) from error
    return told
