"""The public verbs and types, re-exported by `cssopt`; what is handed to a verb is checked here."""

from types import FunctionType

from cssopt.analysis.alternatives_found import VERDICTS
from cssopt.analysis.cluster_address import doubt_address
from cssopt.analysis.diagnosis import Diagnosis
from cssopt.analysis.persistence import Persist
from cssopt.analysis.questions import QUESTIONS, ask
from cssopt.api.alternatives import (
    PLANS,
    WITHIN,
    alternatives,
    alternatives_facts,
    read_shares,
    report_alternatives,
)
from cssopt.api.answers import check_output, claim_output
from cssopt.api.arguments import checked
from cssopt.api.cases import Case, check, explain, find_tables, load, read_members
from cssopt.api.diagnosis import MOST_CONFLICTS, STRICT, diagnose, report_diagnosis
from cssopt.api.frontiers import (
    counts_changes,
    front_words,
    frontier,
    frontier_facts,
    list_criteria,
    report_frontier,
)
from cssopt.api.inputs import find_filling_guide, write_marked_copy, write_reference, write_template
from cssopt.api.prices import Prices, prices, report_prices
from cssopt.api.rule_prices import (
    RuleList,
    find_lifts,
    price_rules,
    report_rule_prices,
    rule_price_facts,
)
from cssopt.api.sweep_design import design_sweep
from cssopt.api.sweep_report import report_sweep, summarize_sweep, sweep_facts
from cssopt.api.sweeps import Sweep, sweep
from cssopt.api.tipping import (
    GRID_POINTS,
    TIPPING_TOLERANCE,
    report_tipping,
    tipping,
    tipping_facts,
)
from cssopt.api.verbs import (
    DEFAULT_GAP,
    Solution,
    compare,
    compare_for_report,
    export,
    find_audits,
    find_processes,
    list_studies,
    report,
    solve,
    write_mathematics,
    write_solution,
)
from cssopt.api.whatifs import (
    COMMAND_LINE,
    EVERY_QUESTION,
    change,
    find_scenarios,
    join_scenarios,
    pick_questions,
    pick_scenarios,
    read_changes,
    report_whatif,
    whatif,
)
from cssopt.api.why import Why, check_threat, report_why, why, why_facts
from cssopt.tables.check import Checked
from cssopt.tables.patch import Step

__all__ = [
    "COMMAND_LINE",
    "DEFAULT_GAP",
    "EVERY_QUESTION",
    "GRID_POINTS",
    "MOST_CONFLICTS",
    "PLANS",
    "QUESTIONS",
    "STRICT",
    "TIPPING_TOLERANCE",
    "VERDICTS",
    "WITHIN",
    "Case",
    "Checked",
    "Diagnosis",
    "Persist",
    "Prices",
    "RuleList",
    "Solution",
    "Step",
    "Sweep",
    "Why",
    "alternatives",
    "alternatives_facts",
    "ask",
    "change",
    "check",
    "check_output",
    "check_threat",
    "claim_output",
    "compare",
    "compare_for_report",
    "counts_changes",
    "design_sweep",
    "diagnose",
    "doubt_address",
    "explain",
    "export",
    "find_audits",
    "find_filling_guide",
    "find_lifts",
    "find_processes",
    "find_scenarios",
    "find_tables",
    "front_words",
    "frontier",
    "frontier_facts",
    "join_scenarios",
    "list_criteria",
    "list_studies",
    "load",
    "pick_questions",
    "pick_scenarios",
    "price_rules",
    "prices",
    "read_changes",
    "read_members",
    "read_shares",
    "report",
    "report_alternatives",
    "report_diagnosis",
    "report_frontier",
    "report_prices",
    "report_rule_prices",
    "report_sweep",
    "report_tipping",
    "report_whatif",
    "report_why",
    "rule_price_facts",
    "solve",
    "summarize_sweep",
    "sweep",
    "sweep_facts",
    "tipping",
    "tipping_facts",
    "whatif",
    "why",
    "why_facts",
    "write_marked_copy",
    "write_mathematics",
    "write_reference",
    "write_solution",
    "write_template",
]

for _name in __all__:
    _verb = globals()[_name]
    if isinstance(_verb, FunctionType):
        globals()[_name] = checked(_verb)
        globals()[_name].__module__ = __name__  # where it is found again by who pickles it
