"""The sheet Keys: what each member would pay of the common costs under each key."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.sharing_keys import (
    find_common_shares,
    find_known_keys,
    share_by,
)
from cssopt.document.document import Block, Column, Note, Sheet, Table, decimals
from cssopt.errors import CssoptError, DataError
from cssopt.modeling.measures import CommonShares
from cssopt.names import COMMON
from cssopt.questions.plan.view import PlanView
from cssopt.runs.solve_case import Solution
from cssopt.solution.plain import NOISE, ratio
from cssopt.solution.plan import Solution as Planned

_ROUNDING = 1e-6
"""Of a ceiling: by how much a payment may be above it as the solver rounds."""


@dataclass(frozen=True)
class KeyColumn:
    """A key on the sheet.

    Attributes
    ----------
    pays: by party, present value; empty where the key gives no shares here.
    says, source: what it is and where it is from. why_not: why it gives none, a sentence.
    above: who would pay more than its ceiling, in which years, in words.
    in_force: True where the plan shares its common costs by it.
    """

    name: str
    pays: Mapping[str, float]
    says: str
    source: str
    why_not: str
    above: str
    in_force: bool

    @property
    def title(self) -> str:
        """Its name, and whether it is in force."""
        return f"{self.name} (in force)" if self.in_force else self.name


def show_keys(view: PlanView) -> list[Sheet]:
    """What each would pay under each key that needs no costs of coalitions, and what the keys are.

    None where the study shares no common costs.
    """
    plan, role = view.plan, view.plan.study.common_shares
    if role is None or plan.quantities is None:
        return []
    horizon = plan.data.horizon
    common = dict.fromkeys(horizon.years, 0.0)
    for (_, bearer, year), amount in plan.quantities.costs.items():
        if bearer == COMMON:
            common[year] += horizon.discount[year] * amount
    blocks: Sequence[Block]
    told: list[Sheet] = []
    if len(plan.coalition) == 1:
        blocks = [Note("One member bears all costs by itself: there is nothing to share.")]
    elif all(abs(amount) < NOISE for amount in common.values()):
        blocks = [Note("There are no common costs to share.")]
    else:
        folders = _find_folders(plan)
        try:
            keys = list(_find_columns(view, role, common, folders))
            blocks, told = _tabulate(view, keys), [_tell_keys(keys)]
        except CssoptError as error:
            blocks = [Note(_say(error, folders), "warn")]
    sheet = Sheet(
        "Keys",
        "What each member would pay of the common costs under each key, all else as in the plan. "
        f"Money of all years, in its value of {horizon.first}; the weights that members have for "
        "common costs count. A key that changes who pays does not change the plan, unless somebody "
        "reaches a ceiling.",
        tuple(blocks),
    )
    return [sheet, *told]


def _find_folders(plan: Planned) -> tuple[Path, ...]:
    case = plan.case if isinstance(plan, Solution) else None
    return find_model_folders() if case is None else case.folders


def _find_columns(
    view: PlanView, role: CommonShares, common: Mapping[int, float], folders: Sequence[Path]
) -> Iterator[KeyColumn]:
    """The default of the study, the keys that are agreed on, and those of files."""
    solution, asked = view.plan, view.plan.instance
    case = solution.case if isinstance(solution, Solution) else None
    # A key of a file that the plan was solved by stands among the agreed ones of its own tables.
    known = find_known_keys(asked.data if case is None else case.data, asked.study, folders)
    in_force = solution.study.options.get(role.option, known.default)
    for name in known.free:
        pays, why_not, above = {}, "", ""
        try:
            data, study = share_by(
                name, asked.data, asked.study, asked.coalition, folders, solution.quantities
            )
            instance = Instance(data, study, asked.coalition, asked.given)
            shares = find_common_shares(study, instance.restricted)
            pays = {
                m: math.fsum(shares[m, t] * amount for t, amount in common.items())
                for m in asked.coalition
            }
            above = _find_above(view, shares)
        except CssoptError as error:
            why_not = _say(error, folders)
        file, hidden = known.files.get(name), known.hidden.get(name)
        says = f"Agreed in the sheet {role.table}." if file is None else file.says
        if hidden is not None:
            says += f" The key {hidden.name} of the file {hidden.path.name} is not used here."
        source = "" if file is None else file.source
        yield KeyColumn(name, pays, says, source, why_not, above, name == in_force)


def _find_above(view: PlanView, shares: Mapping[tuple[str, int], float]) -> str:
    """Who would pay more than its ceiling with these shares, all else as in the plan."""
    solution, quantities = view.plan, view.plan.quantities
    ceiling, outlay = (solution.study.measure(role) for role in ("ceiling", "outlay"))
    if quantities is None or ceiling is None or outlay is None:
        return ""
    common = dict.fromkeys(solution.data.horizon.years, 0.0)
    for (entry, bearer, year), amount in quantities.costs.items():
        if bearer == COMMON and entry not in quantities.beyond_outlay:
            common[year] += amount
    now, paid = find_common_shares(solution.study, solution.data), quantities.find(outlay.figure)
    years: dict[str, list[str]] = {}
    for (m, t), most in quantities.find(ceiling.figure).values.items():
        if paid.values[m, t] + (shares[m, t] - now[m, t]) * common[t] > most + _ROUNDING * (
            1 + most
        ):
            years.setdefault(view.party_names.get(m, m), []).append(str(t))
    return "; ".join(f"{name} in {', '.join(own)}" for name, own in years.items())


def _say(error: CssoptError, folders: Sequence[Path]) -> str:
    """An error for a reader of the report, without the folders of the machine."""
    issues = error.issues if isinstance(error, DataError) else ()
    text = " ".join(issue.text for issue in issues) or str(error)
    for folder in folders:
        text = text.replace(f"{folder}{os.sep}", "")
    return text


def _tabulate(view: PlanView, keys: Sequence[KeyColumn]) -> Sequence[Table]:
    """Money, and its share."""
    party, shown = view.plan.data.party_index, [key for key in keys if key.pays]
    head = Column(party), Column(f"{party}_name")
    places = decimals(amount for key in shown for amount in key.pays.values())
    who = [(member, view.party_names.get(member, "")) for member in view.plan.coalition]
    wholes = {key.name: math.fsum(key.pays.values()) for key in shown}
    return [
        Table(
            "key_money",
            (
                *head,
                *(
                    Column(f"by.{key.name}", "number", key.title, decimals=places, total=True)
                    for key in shown
                ),
            ),
            tuple((*w, *(key.pays[w[0]] for key in shown)) for w in who),
            title=f"Money, {view.money}",
        ),
        Table(
            "key_shares",
            (*head, *(Column(f"by.{key.name}", "share", key.title, total=True) for key in shown)),
            tuple((*w, *(ratio(key.pays[w[0]], wholes[key.name]) for key in shown)) for w in who),
            title="Share of the common costs",
        ),
    ]


def _tell_keys(keys: Sequence[KeyColumn]) -> Sheet:
    """What each key is: sentences, for which the columns of money have no room."""
    words = [Column(name, "sentence") for name in ("what_it_is", "source", "above_its_ceiling")]
    table = Table(
        "keys",
        (Column("key"), *words),
        tuple((key.title, key.why_not or key.says, key.source, key.above) for key in keys),
        note="above its ceiling: who would pay more than its ceiling, so that the plan would "
        "change.",
    )
    return Sheet("What keys are", "What each key of the sheet Keys is, and its source.", (table,))
