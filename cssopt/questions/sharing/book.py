"""A workbook shared by every method: what coalitions cost, who would object, and what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cssopt.assembly.case import Case
from cssopt.assembly.component import find_objective
from cssopt.assembly.instance import Instance
from cssopt.assembly.sharing_keys import SharingKey, find_shares, list_keys, make_base
from cssopt.modeling.key_base import KeyBase
from cssopt.modeling.shares import NoSharesError
from cssopt.names import YEAR
from cssopt.questions.sharing.coalitions.costs import CoalitionCosts, find_coalition_costs
from cssopt.questions.sharing.coalitions.owen_allocation import find_owen_allocation
from cssopt.questions.sharing.decisions import (
    Decision,
    find_ballot,
    find_best_blocking,
    find_decisions,
)
from cssopt.questions.sharing.fairness import (
    Fairness,
    RequirementCost,
    Side,
    Yardstick,
    find_fairness,
    find_requirement_costs,
)
from cssopt.questions.sharing.find import apply_methods, find_core, pick_methods
from cssopt.questions.sharing.games.allocation import Guarantee
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.methods import Method, list_methods
from cssopt.questions.sharing.negotiation import find_kalai_smorodinsky, find_nash_bargain
from cssopt.questions.sharing.price_of_fairness import (
    FairPlan,
    PriceOfFairness,
    find_price_of_fairness,
)
from cssopt.questions.sharing.result import Core, MethodShares
from cssopt.questions.sharing.transfers import Transfers, find_transfers
from cssopt.questions.sharing.voting_power import VotingPower, find_voting_power
from cssopt.questions.sharing.voting_rules import (
    VotingRule,
    build_double_majority,
    build_majority_by_votes,
    build_simple_majority,
    build_unanimity,
)
from cssopt.runs.many import Task, solve_tasks
from cssopt.solution.plan import Solution
from cssopt.solution.run import ProgressCallback
from cssopt.solution.told import find_doubt
from cssopt.solution.verdicts import Audits
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status

AS_PLANNED: Final = "as_it_falls"
"""The key by which everybody bears what the plan has it spend."""

_AT_FIRST: Final = "nucleolus"
"""The way of sharing that payments carry out where none is chosen."""
