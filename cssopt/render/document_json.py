"""A document as one JSON object, the same for every question: docs/answer.schema.json."""

from __future__ import annotations

from typing import Any, Final

from cssopt.document.document import VERSION, Column, Document, Pairs, Table
from cssopt.document.run_facts import describe_run_facts


def document_facts(document: Document) -> dict[str, Any]:
    """Verdict, facts of the run, and every table as records with what its columns mean."""
    return {
        "question": document.facts.question,
        "version": VERSION,
        "status": document.facts.status,
        "title": document.title,
        "verdict": document.verdict,
        "marking": document.marking,
        "measure": document.measure,
        "facts": describe_run_facts(document.facts),
        "tables": {name: table.records() for name, table in document.tables.items()},
        "columns": {name: _describe_columns(table) for name, table in document.tables.items()},
    }


PAIR: Final = (Column("label"), Column("value"), Column("remark"))
"""What stands for the columns of single facts, each of which has a form of its own."""


def _describe_columns(table: Table | Pairs) -> list[dict[str, str]]:
    return [
        {"name": one.name, "form": one.form, "meaning": one.meaning, "measure": one.measure}
        for one in (PAIR if isinstance(table, Pairs) else table.columns)
    ]
