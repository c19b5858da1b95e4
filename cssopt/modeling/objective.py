"""An objective is one or more stages, each minimised with what the ones before it hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

Purpose = Literal["each alone", "as secure as alone", "least missing", "fairest"]
"""What the engine takes an objective for, which declares it in its PURPOSES:

``each alone`` the plan of a member by itself, where the objective of the study asks for such
plans; ``as secure as alone`` the least money at the security that members have alone; ``least
missing`` as little as possible of what is needed is missing, in its first stage; ``fairest`` the
burden is spread as evenly as so much more money than the least allows, which is its one option
without a default, a share.
"""

PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)


@dataclass(frozen=True)
class Hold:
    """An expression that later stages may not raise beyond the value reached.

    Attributes
    ----------
    name: of what is held. expression: a linear expression.
    allowance: share of the value reached by which later stages may exceed it: a planner's choice.
        At 0 it is held exactly.
    give_up: shares of the value reached of which is told what giving up so much more would save.
    """

    name: str
    expression: Any
    allowance: float = 0.0
    give_up: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """A figure without indices that planners may trade off against others: the less, the better.

    Attributes
    ----------
    name: short, as it is asked for: ``burden``.
    figure: the expression or decision of the component that declares it.
    says: what it is, for a planner.
    form: how it is shown: ``money`` (million), ``share`` or ``number``.
    frees: names of the holds of a study that no longer bind where this criterion is traded.
    thrifty: True where what serves no need never makes it less. Bounds that leave room only for
        what needs ask for are then valid; else components are told to leave room for any plan.
    """

    name: str
    figure: str
    says: str
    form: str = "number"
    frees: tuple[str, ...] = ()
    thrifty: bool = False


@dataclass(frozen=True, kw_only=True)
class ContributionKind:
    """What members contribute: how much of it must be, and may be, near the least expenditure?

    Attributes
    ----------
    name: short, as it is shown: ``units``.
    quantity: the decision, balance or expression of the component that declares it.
    by: the indices by which it is asked for, several ways one after another: ``"member force"``.
        Over the others it is summed, over the years their mean is taken.
    says: what it is, for a planner.
    form: how it is shown: ``money`` (million) or ``number``.
    tells_apart: True where plans are different plans by how much of it there is, by the first `by`.
    """

    name: str
    quantity: str
    by: tuple[str, ...]
    says: str
    form: str = "number"
    tells_apart: bool = False


@dataclass(frozen=True)
class Stage:
    """One expression to minimise.

    Attributes
    ----------
    name: what is minimised, such as ``missing_share``.
    expression: a linear expression.
    holds: what later stages hold at the value that this stage reaches.
    """

    name: str
    expression: Any
    holds: tuple[Hold, ...] = ()


@dataclass(frozen=True)
class Levels:
    """What decides between plans that all stages find equally good.

    The largest of the parts is made as small as can be, then the next largest, and so on.

    Attributes
    ----------
    name: what the parts are. parts: linear expressions by key, all in the same measure.
    """

    name: str
    parts: Mapping[Any, Any]
