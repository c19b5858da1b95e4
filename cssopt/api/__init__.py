"""The public verbs and types, re-exported by `cssopt`."""

from cssopt.api.cases import Case, check, explain, find_tables, load
from cssopt.api.inputs import write_marked_copy, write_reference, write_template
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
    change,
    find_scenarios,
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
    "Case",
    "Checked",
    "Solution",
    "Step",
    "change",
    "check",
    "compare",
    "explain",
    "export",
    "find_processes",
    "find_scenarios",
    "find_tables",
    "list_studies",
    "load",
    "pick_scenarios",
    "read_changes",
    "report",
    "report_whatif",
    "solve",
    "whatif",
    "write_marked_copy",
    "write_mathematics",
    "write_reference",
    "write_template",
]
