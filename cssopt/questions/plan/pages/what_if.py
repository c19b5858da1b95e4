"""The page: What if things turn out otherwise?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cssopt.document.document import Block, Chart, Column, Note, Sheet, Table
from cssopt.document.index_columns import make_namer
from cssopt.language import (
    join_phrases,
    phrase,
    phrase_count,
    write_decimal,
    write_money,
    write_percent,
)
from cssopt.names import key_parts
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.figures.security import NeedFigures
from cssopt.questions.plan.opinions import Change, Opinions, Sweep, WhatIf
from cssopt.questions.plan.pages.finding import begin_finding, tell_not_asked
from cssopt.questions.plan.pages.measures import MOST_DRAWN, tell_value
from cssopt.questions.plan.pages.page import make_page
from cssopt.questions.plan.pages.timeline import find_late, tell_differences

FIFTH: Final = 0.2
"""By how much smaller and larger threats are compared."""
DRIVES: Final = 1.25
"""So many times the next difference is a clear lead."""

_SAME: Final = 1e-6
_Scaled = dict[str, dict[float, WhatIf]]
"""What-ifs by the name of a threat and the factor by which it is larger."""


def show_what_if(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """Threats that are smaller or larger, and all other what-ifs that were asked."""
    scaled = find_scaled(figures.security.needs, opinions.what_ifs)
    others = find_others(figures, opinions.what_ifs, scaled)
    return make_page(
        "what_if",
        phrase("What if things turn out otherwise?"),
        begin_finding(figures, find_finding(figures, scaled, others)),
        *_show_scaled(figures, scaled),
        *_show_others(figures, others),
        *_tell_sweeps(figures, opinions.sweeps),
        *_tell_signs(opinions.what_ifs),
    )


def find_finding(
    figures: PlanFigures, scaled: _Scaled, others: Sequence[tuple[str, WhatIf]]
) -> str:
    """Which threat drives the cost, else what was asked that costs most."""
    currency = figures.view.plan.data.horizon.currency
    if scaled:
        return _tell_driver(scaled, currency)
    if not others:
        return phrase("What happens if things turn out otherwise was not asked in this run")
    # Whose needs are no longer counted cannot be compared by cost alone.
    told = [
        (_sign(name, one.is_simplified), one.more)
        for name, one in others
        if one.more is not None and not one.leavers
    ]
    dear = [(more, name) for name, more in told if more > 0]
    if not dear:
        return phrase("None of what was asked is told to cost more than the plan")
    more, name = max(dear)
    money = write_money(more, currency)
    return phrase(
        "Of what was asked, \u201c{name}\u201d costs most: {money} more", name=name, money=money
    )


def _tell_driver(scaled: _Scaled, currency: str) -> str:
    larger = {
        _sign(name, one.is_simplified): more
        for name, by_factor in scaled.items()
        if (one := by_factor.get(1 + FIFTH)) is not None and (more := one.more) is not None
    }
    ranked = sorted(larger.items(), key=lambda pair: -pair[1])
    ranked = [(name, more) for name, more in ranked if more > 0]
    if not ranked:
        return phrase("No threat that is a fifth larger is told to cost more")
    name, most = ranked[0]
    money = write_money(most, currency)
    if len(ranked) == 1:
        return phrase(
            "{threat} drives the cost: a fifth more of it costs {money} more",
            threat=name,
            money=money,
        )
    ratio = most / ranked[1][1]
    if ratio >= DRIVES:
        return phrase(
            "{threat} drives the cost: a fifth more of it costs {money} more, {times} times as "
            "much as a fifth more of any other threat",
            threat=name,
            money=money,
            times=write_decimal(ratio, 1),
        )
    near = [threat for threat, more in ranked if most / more < DRIVES]
    return phrase(
        "{threats} drive the cost alike: a fifth more of one of them costs up to {money} more",
        threats=join_phrases(near, 3),
        money=money,
    )


# Threats that are smaller or larger.


def find_scaled(needs: Sequence[NeedFigures], what_ifs: Sequence[WhatIf]) -> _Scaled:
    """What-ifs in which all that one threat asks for is scaled by a factor, and nothing else.

    They are known by their cells: what is typed of all needs of the threat, each times the factor.
    """
    typed: dict[str, dict[Any, float]] = {}
    for need in needs:
        if need.typed > 0:
            by_need = typed.setdefault(need.threat_name, {})
            by_need[key_parts(need.key)[:-1]] = need.typed
    levels = {name: sorted(by_need.values()) for name, by_need in typed.items()}
    codes = {need.threat_name: str(need.threat) for need in needs}
    found: _Scaled = {}
    for one in what_ifs:
        factor = _find_factor(one.changes)
        if factor is None:
            continue
        old = sorted(float(change.old) for change in one.changes)
        for name, level in levels.items():
            is_whole = len(old) == len(level) and all(map(_is_same, old, level))
            if is_whole and all(change.row.split(", ")[0] == codes[name] for change in one.changes):
                found.setdefault(name, {})[factor] = one
    return found


def _is_same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_SAME)


def _find_factor(changes: Sequence[Change]) -> float | None:
    """By which every changed cell of one column is larger; None where there is no one factor."""
    factors = []
    for change in changes:
        old, new = change.old, change.new
        if not (isinstance(old, int | float) and isinstance(new, int | float)) or old <= 0:
            return None
        factors.append(round(new / old, 6))
    is_one = len(set(factors)) == 1 and len({(c.table, c.column) for c in changes}) == 1
    return factors[0] if is_one else None


def _show_scaled(figures: PlanFigures, scaled: _Scaled) -> Iterator[Block]:
    yield Note(phrase("Each threat smaller or larger, the others as planned"), is_heading=True)
    if not scaled:
        yield tell_not_asked("cssopt whatif BOOK --ask threats")
        return
    value = tell_value(figures.view)
    table = tabulate_scaled(scaled, value)
    names = {column.name for column in table.columns}
    sides = _name_factor(1 - FIFTH), _name_factor(1 + FIFTH)
    if names.issuperset(sides):
        title = phrase("Difference of net cost, each threat a fifth smaller or larger; {value}",
                       value=value)  # fmt: skip
        yield Chart("tornado", table.name, "threat", sides, title)
    yield table


def tabulate_scaled(scaled: _Scaled, value: str) -> Table:
    """Differences of net cost by threat and factor, the threat that drives the cost first."""
    factors = sorted({factor for own in scaled.values() for factor in own})
    columns = (
        Column("threat", title=phrase("Threat")),
        *(Column(_name_factor(f), "difference", _tell_factor(f)) for f in factors),
    )
    ranked = sorted(scaled.items(), key=lambda pair: -_find_size(pair[1]))
    rows = [
        (
            _sign(name, any(one.is_simplified for one in own.values())),
            *(_tell_more(own.get(factor)) for factor in factors),
        )
        for name, own in ranked
    ]
    told = phrase("Difference of net cost from the plan; {value}.", value=value)
    left = len(rows) - MOST_DRAWN
    if left > 0:
        # A chart draws every row: of many threats those are shown that move the cost most.
        rows = rows[:MOST_DRAWN]
        more = phrase_count("{count} threat that moves it less is left out.",
                            "{count} threats that move it less are left out.", left)  # fmt: skip
        told = f"{told} {more}"
    return Table("threats_scaled", columns, tuple(rows), note=told)


def _find_size(by_factor: Mapping[float, WhatIf]) -> float:
    return max((abs(one.more) for one in by_factor.values() if one.more is not None), default=0.0)


def _name_factor(factor: float) -> str:
    return f"times_{factor:.6g}"


def _tell_factor(factor: float) -> str:
    share = write_percent(abs(factor - 1))
    if factor < 1:
        return phrase("{share} less", share=share)
    return phrase("{share} more", share=share)


def _tell_more(what_if: WhatIf | None) -> float | str | None:
    return None if what_if is None else tell_differences(what_if)[0]


# All others.


def find_others(
    figures: PlanFigures, what_ifs: Sequence[WhatIf], scaled: _Scaled
) -> list[tuple[str, WhatIf]]:
    """What-ifs that no other place shows, by what a reader calls them."""
    shown = {one.name for own in scaled.values() for one in own.values()}
    shown |= {one.name for _, one in find_late(figures.undertakings, what_ifs)}
    name = make_namer(figures.view.names)
    found = []
    for one in what_ifs:
        if one.name not in shown:
            said = (
                phrase("{members} leaves", members=one.leavers) if one.leavers else name(one.name)
            )
            found.append((said, one))
    return found


def _show_others(figures: PlanFigures, others: Sequence[tuple[str, WhatIf]]) -> Iterator[Block]:
    yield Note(phrase("Scenarios, and members that leave"), is_heading=True)
    if not others:
        yield tell_not_asked("cssopt whatif BOOK --ask leaving")
        return
    yield tabulate_others(others, tell_value(figures.view))


def tabulate_others(others: Sequence[tuple[str, WhatIf]], value: str) -> Table:
    """What each costs and leaves missing, against the plan of the same run."""
    columns = (
        Column("what_if", title=phrase("What if")),
        Column("net_cost", "million", phrase("Net cost")),
        Column("difference", "difference", phrase("Difference")),
        Column("missing_of_all", "fine_percent", phrase("Missing of all needs")),
        Column("more_missing", "points", phrase("Points")),
        Column("mind", "sentence", phrase("Mind")),
    )
    rows = []
    for name, one in others:
        more, more_missing = tell_differences(one)
        mind = phrase("its needs no longer counted") if one.leavers else None
        rows.append(
            (
                _sign(name, one.is_simplified),
                one.net_at_start,
                more,
                one.missing_of_all,
                more_missing,
                mind,
            )
        )
    note = phrase("Against the plan; {value}.", value=value)
    if any(one.leavers for _, one in others):
        leaving = phrase(
            "A member that leaves takes its needs, its forces and its money with it: compare what "
            "is missing, not the cost alone."
        )
        note = f"{note} {leaving}"
    return Table("what_ifs", columns, tuple(rows), note=note)


def _tell_sweeps(figures: PlanFigures, sweeps: Sequence[Sweep]) -> Iterator[Block]:
    currency = figures.view.plan.data.horizon.currency
    for sweep in sweeps:
        told = phrase(
            "Of {runs} runs with changed inputs, {short} leave a need short; net cost lies between "
            "{least} and {most}.",
            runs=write_decimal(sweep.runs),
            short=write_decimal(sweep.not_met),
            least=write_money(sweep.least, currency),
            most=write_money(sweep.most, currency),
        )
        yield Note(_sign(told, sweep.is_simplified))


def _sign(name: str, is_simplified: bool) -> str:
    return f"{name}*" if is_simplified else name


def _tell_signs(what_ifs: Sequence[WhatIf]) -> Iterator[Block]:
    """What the sign of the simplified plan means, with its own base."""
    simplified = next((one for one in what_ifs if one.is_simplified), None)
    if simplified is None:
        return
    yield Note(
        phrase(
            "* Asked of the simplified plan, in which parts of whole units are allowed, against "
            "its own base: net cost {net} million, {missing} of all needs missing.",
            net=write_decimal(simplified.base_net),
            missing=write_percent(simplified.base_missing, 2),
        ),
        "quiet",
    )
