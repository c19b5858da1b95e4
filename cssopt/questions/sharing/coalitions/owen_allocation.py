"""Owen allocation: what the prices of the plan of all are worth to each member that brings a limit.

At the prices of a linear program its bounds are worth its whole cost. Where every bound that counts
belongs to members, each is charged what its own are worth, and no coalition can do better by itself
(Owen 1975; Samet and Zemel 1984). What a bound on a joint measure earns is no member's: it is
shared by the benefit that the measure brings, which makes each measure's cost a Lindahl price.
The class of plans for which this is proven, and the proof, are in docs/owen_allocation.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import starmap
from typing import Final

import numpy as np

from cssopt.names import join_names
from cssopt.questions.sharing.coalitions.ownership import Ownership, adds_up, build_ownership
from cssopt.questions.sharing.games.allocation import Allocation, Guarantee
from cssopt.questions.sharing.games.game import Game
from cssopt.solution.plan import Solution
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats

METHOD: Final = "owen_allocation"
"""Not `owen`, which is the value of Owen (1977) with unions."""

_SAME: Final = 1e-7
"""Of the cost of all: so near to each other two amounts of money are the same."""
_TINY: Final = 1e-9
"""Of the largest cost of a decision: prices below are 0."""
_MOST_TOLD: Final = 3
_NOBODYS: Final = (
    "what it asks of all is not the sum of what it asks for each member, so that it belongs to "
    "nobody, or to several"
)

_EXACT_AT = "The plan of all must be a linear program solved to its optimum."
_HELD = (
    "the study makes something else least before it saves money, and what that costs nobody brings"
)


@dataclass(frozen=True)
class PriceShares:
    """What prices give each member.

    Attributes
    ----------
    shares: by member, in their order; they add up to the optimum.
    reasons: why no proof holds for them, each a sentence; none where it does.
    """

    shares: Floats
    reasons: tuple[str, ...]


def find_owen_allocation(
    whole: Solution, alone: Mapping[str, Solution], game: Game | None = None
) -> Allocation:
    """The Owen allocation of the plan of all at equal security.

    Parameters
    ----------
    whole: the plan of all, a linear program. alone: by member, the plan that it would choose alone.
    game: what coalitions cost, for a check of the core; None: not checked.

    The guarantee is `PROVEN` where the plan is of the class of docs/owen_allocation.md, and so the
    allocation in the core; elsewhere `APPROXIMATE`, and the note names what stands against it.
    """
    if why_not := _find_obstacle(whole):
        return Allocation(METHOD, why_not=why_not)
    own = build_ownership(whole.instance, alone)
    rows, columns = whole.solved.row_prices, whole.solved.column_prices
    assert rows is not None
    assert columns is not None
    found = share_by_prices(
        own, rows, columns, {m: plan.pooled_expenditure for m, plan in alone.items()}
    )
    worth, cost = float(found.shares.sum()), whole.objective
    if abs(worth - cost) > _SAME * max(1.0, abs(cost)):
        text = f"The prices of the plan are worth {worth:,.6g} million, and not its {cost:,.6g}."
        return Allocation(METHOD, why_not=text)
    figures, told, is_stable = _check_core(game, found.shares)
    return Allocation(
        METHOD,
        dict(zip(own.members, found.shares.tolist(), strict=True)),
        Guarantee.PROVEN if is_stable and not found.reasons else Guarantee.APPROXIMATE,
        note=" ".join(filter(None, [_tell(found.reasons), told])),
        figures=figures,
    )


def _find_obstacle(whole: Solution) -> str:
    """Why a plan has no prices that could be shared; empty where it has."""
    if whole.status is not Status.OPTIMAL or whole.solved.row_prices is None:
        return f"{_EXACT_AT} {whole.sentence}".strip()
    if whole.solved.prices_of != "lp":
        return (
            f"{_EXACT_AT} Study {whole.study.name} decides in whole numbers, whose cost no "
            "price of a limit carries. Choose study relaxed."
        )
    if len(whole.solved.stages) > 1:
        return f"Study {whole.study.name} has no such allocation: {_HELD}."
    return "" if len(whole.coalition) > 1 else "One member has nobody to share with."


def _check_core(game: Game | None, shares: Floats) -> tuple[dict[str, float], str, bool]:
    """By how much the worst coalition pays more than it costs, a sentence about it, and whether the
    core holds these shares as far as coalitions are known."""
    if game is None:
        return {}, "", True
    excess = game.sums(shares) - game.values
    excess[[0, game.all]] = -np.inf
    worst = int(np.argmax(excess))
    largest = float(excess[worst])
    figures = {"largest excess": largest}
    if largest <= _SAME * max(1.0, abs(game.total)):
        return figures, "The core was checked: no coalition pays more than by itself.", True
    told = (
        f"The core was checked: {join_names(game.names(worst))} would pay {largest:,.6g} million "
        "more than acting without the others costs."
    )
    return figures, told, False


def _tell(reasons: tuple[str, ...]) -> str:
    if not reasons:
        return ""
    more = f" And {len(reasons) - _MOST_TOLD} more." if len(reasons) > _MOST_TOLD else ""
    return f"Found, not proven to be stable. What counts: {' '.join(reasons[:_MOST_TOLD])}{more}"


def share_by_prices(
    own: Ownership,
    rows: Floats,
    columns: Floats,
    alone: Mapping[str, float] | None = None,
) -> PriceShares:
    """What the duals of an optimum give each member.

    Parameters
    ----------
    rows, columns: dual of each row and reduced cost of each decision: what one more on the bound
        that binds adds to the cost. alone: by member, what it costs alone; None: not checked.
    """
    return _Sharing(own, rows, columns).run(alone or {})


def _tell_doubt(about: tuple[str, str], where: list[str]) -> str:
    """A sentence: what, how, and where first."""
    what, text = about
    more = f" and {len(where) - 1} more" if len(where) > 1 else ""
    place = f", at {where[0]}{more}" if where[0] else ""
    return f"{what}: {text}{place}."


@dataclass
class _Sharing:
    own: Ownership
    rows: Floats
    columns: Floats
    doubts: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """By what it is about and what is to be said of it, where that holds; in their order."""
    by_benefit: dict[int, Floats | None] = field(default_factory=dict)
    """By joint decision, its parts; None while they are being found."""

    def __post_init__(self) -> None:
        own, program = self.own, self.own.program
        self.count = len(own.members)
        self.tiny = _TINY * max(1.0, float(np.abs(own.costs).max(initial=0.0)))
        self.rows = np.where(np.abs(self.rows) > self.tiny, self.rows, 0.0)
        self.columns = np.where(np.abs(self.columns) > self.tiny, self.columns, 0.0)
        low = self.rows > 0
        self.bounds = np.where(low, program.row_lower, program.row_upper)
        self.parts = np.where(low[:, None], own.lower, own.upper)
        self.alone = np.where(low[:, None], own.alone_lower, own.alone_upper)
        # What leaves with each member of the worth, at these prices, of one of each decision.
        self.benefits = np.array([part.T @ self.rows for part in own.matrix])
        self.public = own.is_public & (self.rows != 0)

    def run(self, alone: Mapping[str, float]) -> PriceShares:
        shares = self._share_rows() + self._share_columns() + self._share_offset()
        for member, text in zip(self.own.members, self.own.changed, strict=True):
            if text:
                self._doubt(f"without {member}", text)
        for row in np.flatnonzero((self.rows != 0) & self.own.of_begun).tolist():
            self._doubt_rule(row, "waits for what is begun for all together")
        self._check_coefficients()
        self._check_leaving()
        self._check_alone(shares, alone)
        return PriceShares(shares, tuple(starmap(_tell_doubt, self.doubts.items())))

    def _doubt_rule(self, row: int, text: str) -> None:
        rule, where = self.own.rule(row)
        self._doubt(rule, text, where)

    def _doubt_decision(self, column: int, text: str) -> None:
        decision, where = self.own.decision(column)
        self._doubt(decision, text, where)

    def _doubt(self, about: str, text: str, where: str = "") -> None:
        self.doubts.setdefault((about, text), []).append(where)

    def _share_rows(self) -> Floats:
        shares = np.zeros(self.count)
        for row in np.flatnonzero(self.rows).tolist():
            bound, parts = self.bounds[row], self.parts[row]
            if self.public[row]:
                use = self._find_use(row) if bound else None
                part = self._share_benefit(use) if use is not None else self._equal
                shares += self.rows[row] * bound * part
            elif adds_up(parts, bound):
                shares += self.rows[row] * parts
                self._check_lifted(row, self.rows[row] * parts)
            else:
                self._doubt_rule(row, _NOBODYS)
                shares += self.rows[row] * bound * _scale(self.alone[row])
        return shares

    def _check_lifted(self, row: int, worth: Floats) -> None:
        """Told: a rule that goes with a member, while what others pay for it stays."""
        lifted = self.own.lifted[row]
        paying = worth > self.tiny
        if (lifted.any() and paying[~lifted].any()) or (lifted.sum() > 1 and paying[lifted].any()):
            self._doubt_rule(row, "goes with one of several who pay for it")

    def _share_columns(self) -> Floats:
        """What decisions at a bound other than 0 are worth."""
        program, shares = self.own.program, np.zeros(self.count)
        bounds = np.where(self.columns > 0, program.lower, program.upper)
        for column in np.flatnonzero((self.columns != 0) & (bounds != 0)).tolist():
            if self.own.is_joint[column]:
                part = self._share_benefit(column)
                if self.columns[column] > 0:
                    self._doubt_decision(column, "has a least value that is nobody's")
            else:
                part = self.own.gone[column].astype(float)
            shares += self.columns[column] * bounds[column] * part
        return shares

    def _share_offset(self) -> Floats:
        """What is spent whatever is decided."""
        if not adds_up(self.own.offsets, np.array(self.own.offset)):
            self._doubt("what is spent whatever is decided", _NOBODYS)
        return self.own.offset * _scale(self.own.offsets)

    @property
    def _equal(self) -> Floats:
        return np.full(self.count, 1 / self.count)

    def _find_use(self, row: int) -> int | None:
        """The joint decision that a public rule limits; None, with a reason, where it limits none
        or several."""
        columns, worth = self._read(row)
        limited = columns[worth < 0]
        if len(limited) == 1:
            return int(limited[0])
        self._doubt_rule(row, "is nobody's, and limits more than one thing, or none")
        return None

    def _read(self, row: int) -> tuple[Floats, Floats]:
        matrix = self.own.program.matrix
        begin, end = matrix.indptr[row : row + 2]
        return matrix.indices[begin:end], self.rows[row] * matrix.data[begin:end]

    def _share_benefit(self, column: int) -> Floats:
        """The part of each member in the benefit of a joint decision, at these prices.

        Its own benefit, and that of the joint decisions that it makes possible (a measure that
        relieves a need), each shared by its own benefit.
        """
        if column not in self.by_benefit:
            self.by_benefit[column] = None
            self.by_benefit[column] = self._find_benefit(column)
        found = self.by_benefit[column]
        if found is None:
            self._doubt_decision(column, "makes itself possible")
            return self._equal
        return found

    def _find_benefit(self, column: int) -> Floats:
        benefit, public = self.benefits[:, column].copy(), 0.0
        for row in np.flatnonzero(self.public).tolist():
            places, worth = self._read(row)
            here = float(worth[places == column].sum())
            public += here
            if here > 0 and (use := self._find_use(row)) is not None:
                benefit += here * self._share_benefit(use)
        total = float(benefit.sum())
        # What it costs beside, for whoever uses it: a coalition is to pay no less than its part.
        beside = self.columns[column] + self.benefits[:, column].sum() + public
        if total <= self.tiny or (benefit < -self.tiny).any() or beside < -self.tiny:
            self._doubt_decision(column, "brings what cannot be told by members")
            return self._equal
        return benefit / total

    def _check_coefficients(self) -> None:
        """Told: rules that count in which a number depends on who else is there."""
        wrong = self.own.unsteady.tocoo()
        for row, column in zip(wrong.row.tolist(), wrong.col.tolist(), strict=True):
            if self.rows[row]:
                name = self.own.program.columns[column][1]
                self._doubt_rule(row, f"how {name} counts in it depends on who else takes part")

    def _check_leaving(self) -> None:
        """Told: rules that count and that a member's leaving would lift from the others."""
        for member, part, benefit in zip(
            self.own.members, self.own.matrix, self.benefits, strict=True
        ):
            column = int(np.argmin(benefit))
            if benefit[column] >= -self.tiny:
                continue
            worth = part[:, [column]].toarray().ravel() * self.rows
            name = self.own.program.columns[column][1]
            self._doubt_rule(int(np.argmin(worth)), f"without {member} holds back {name} no longer")

    def _check_alone(self, shares: Floats, alone: Mapping[str, float]) -> None:
        """Told: members that pay more than alone, where rules for one are other ones."""
        for member, share in zip(self.own.members, shares.tolist(), strict=True):
            cost = alone.get(member, np.inf)
            if share - cost > _SAME * max(1.0, abs(cost)):
                self._doubt(member, f"would pay {share - cost:,.6g} million more than alone")


def _scale(parts: Floats) -> Floats:
    """Parts scaled to add up to 1; equal ones where they add up to nothing that could be scaled."""
    total = float(parts.sum())
    if np.isfinite(total) and (np.sign(parts) * np.sign(total) >= 0).all() and total:
        return parts / total
    return np.full(len(parts), 1 / len(parts))
