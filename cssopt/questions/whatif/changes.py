"""The sheets Changes and Moved: every cell that a scenario changed, every unit that moved."""

from __future__ import annotations

from typing import Any

from cssopt.document.grid import Field, Grid
from cssopt.names import key_parts
from cssopt.questions.whatif.result import Comparison, Variant
from cssopt.render.xlsx.head import Report

BLANK = "(blank)"
"""How a cell without a value is shown."""
LEAVES = "(leaves the coalition)"
"""What a member that leaves has in place of its name."""
_IN_VIEW = 1


def write_changes(report: Report, comparison: Comparison) -> None:
    """Every cell that a scenario changed, with its old and new value."""
    page = report.page("Changes", "Every input cell that a scenario changed: old and new value.")
    for variant in comparison.variants:
        if variant.changed_nothing:
            page.line(f"{variant.name}: nothing was changed.", "warn")
    rows = [row for variant in comparison.variants for row in _changes(comparison, variant)]
    names = ("scenario", "step", "table", "row", "column", "old", "new", "measure")
    fields = [*(Field(name) for name in names), Field("note", "sentence")]
    if rows:
        page.only_table(Grid(fields, rows), _IN_VIEW)
    else:
        page.line("No cell was changed.")


def _changes(comparison: Comparison, variant: Variant) -> list[list[Any]]:
    rows = []
    for cell in variant.touched:
        spec = comparison.base.data.book.tables[cell.table].spec
        leaves = spec.parties and cell.column in spec.key and cell.new is None
        new = LEAVES if leaves else _shown(cell.new)
        rows.append(
            [variant.name, cell.step, cell.table, _key(cell.key), cell.column, _shown(cell.old),
             new, spec.column(cell.column).measure, variant.steps[cell.step - 1].note]
        )  # fmt: skip
    return rows


def _key(key: Any) -> str:
    parts = key_parts(key)
    return ", ".join(
        f"{part:g}" if isinstance(part, float) else str(part) for part in parts if part is not None
    )


def _shown(value: Any) -> Any:
    if value is None:
        return BLANK
    return str(value).upper() if isinstance(value, bool) else value


def write_moves(report: Report, comparison: Comparison) -> None:
    """The change log: units by member, force and year that differ from the base plan."""
    page = report.page(
        "Moved",
        "Units held that differ from the base plan, year by year: what moved. 0 units also stands "
        "for a member that has left.",
    )
    members, forces = report.names.get("member", {}), report.names.get("force", {})
    rows = [
        [variant.name, move.member, members.get(move.member, ""), move.force,
         forces.get(move.force, ""), move.year, move.base, move.new, move.difference]
        for variant in comparison.variants
        for move in comparison.moves(variant)
    ]  # fmt: skip
    fields = [
        *(Field(name) for name in ("scenario", "member", "member_name", "force", "force_name")),
        Field("year", "year"),
        *(Field(name, "number") for name in ("base (units)", "new (units)", "difference (units)")),
    ]
    if rows:
        page.only_table(Grid(fields, rows), _IN_VIEW)
    else:
        page.line("No unit moved.")
