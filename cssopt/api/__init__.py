"""The public verbs and types, re-exported by `cssopt`."""

from cssopt.analysis.persistence import Persist
from cssopt.analysis.questions import QUESTIONS, ask
from cssopt.api.cases import Case, check, explain, find_tables, load
from cssopt.api.inputs import write_marked_copy, write_reference, write_template
from cssopt.api.sweep_design import design_sweep
from cssopt.api.sweep_report import report_sweep, summarize_sweep, sweep_facts
from cssopt.api.sweeps import Sweep, sweep
from cssopt.api.verbs import (
    DEFAULT_GAP,
    Solution,
    compare,
    export,
    find_processes,
    list_studies,
    report,
    solve,
    write_mathematics,
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
from cssopt.tables.check import Checked
from cssopt.tables.patch import Step

__all__ = [
    "COMMAND_LINE",
    "DEFAULT_GAP",
    "EVERY_QUESTION",
    "QUESTIONS",
    "Case",
    "Checked",
    "Persist",
    "Solution",
    "Step",
    "Sweep",
    "ask",
    "change",
    "check",
    "compare",
    "design_sweep",
    "explain",
    "export",
    "find_processes",
    "find_scenarios",
    "find_tables",
    "join_scenarios",
    "list_studies",
    "load",
    "pick_questions",
    "pick_scenarios",
    "read_changes",
    "report",
    "report_sweep",
    "report_whatif",
    "solve",
    "summarize_sweep",
    "sweep",
    "sweep_facts",
    "whatif",
    "write_marked_copy",
    "write_mathematics",
    "write_reference",
    "write_template",
]
