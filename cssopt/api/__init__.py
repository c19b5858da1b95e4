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
from cssopt.tables.check import Checked

__all__ = [
    "DEFAULT_GAP",
    "Case",
    "Checked",
    "Solution",
    "check",
    "compare",
    "explain",
    "export",
    "find_processes",
    "find_tables",
    "list_studies",
    "load",
    "report",
    "solve",
    "write_marked_copy",
    "write_mathematics",
    "write_reference",
    "write_template",
]
