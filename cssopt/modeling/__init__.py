"""All that a file in `models/` may import of cssopt.

A component declares `Table`s of `Column`s, variables over named indices, constraints, postings to
the ledger and to balances, and an audit in plain arithmetic.
"""

from cssopt.modeling.accounts import Entry, Undertaking, account
from cssopt.modeling.audit import amount, holds, leaves_out, supplies
from cssopt.modeling.base_plan import BasePlan
from cssopt.modeling.declare import (
    balance,
    constraint,
    expression,
    lookup,
    parameter,
    variable,
)
from cssopt.modeling.indices import Index
from cssopt.modeling.key_base import KeyBase, KeyCosts
from cssopt.modeling.lasting import Lasting
from cssopt.modeling.linear import total, weighted_sum
from cssopt.modeling.measures import (
    CommonShares,
    Credit,
    Excess,
    GivenPlan,
    Measure,
    Milestones,
    Need,
    Sheet,
)
from cssopt.modeling.objective import ContributionKind, Criterion, Hold, Levels, Stage
from cssopt.modeling.shares import NoSharesError, cut, redistribute, share_within
from cssopt.modeling.timeline import timeline
from cssopt.names import COMMON
from cssopt.tables.book_checks import Check, Fault
from cssopt.tables.data import Data, TableData
from cssopt.tables.numbers import say
from cssopt.tables.patch import Step
from cssopt.tables.spec import REQUIRED, Column, Horizon, Rule, Table
from cssopt.tables.where import exactly
from cssopt.trace.numbers import largest, smallest

__all__ = [
    "COMMON",
    "REQUIRED",
    "BasePlan",
    "Check",
    "Column",
    "CommonShares",
    "ContributionKind",
    "Credit",
    "Criterion",
    "Data",
    "Entry",
    "Excess",
    "Fault",
    "GivenPlan",
    "Hold",
    "Horizon",
    "Index",
    "KeyBase",
    "KeyCosts",
    "Lasting",
    "Levels",
    "Measure",
    "Milestones",
    "Need",
    "NoSharesError",
    "Rule",
    "Sheet",
    "Stage",
    "Step",
    "Table",
    "TableData",
    "Undertaking",
    "account",
    "amount",
    "balance",
    "constraint",
    "cut",
    "exactly",
    "expression",
    "holds",
    "largest",
    "leaves_out",
    "lookup",
    "parameter",
    "redistribute",
    "say",
    "share_within",
    "smallest",
    "supplies",
    "timeline",
    "total",
    "variable",
    "weighted_sum",
]
