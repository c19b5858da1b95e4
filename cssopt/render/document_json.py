"""A document as one JSON object, the same for every question: docs/answer.schema.json."""

from __future__ import annotations

from typing import Any

from cssopt.document.document import VERSION, Document, Table
from cssopt.document.run_facts import describe_run_facts


def document_facts(document: Document) -> dict[str, Any]:
    """Verdict, facts of the run, and every table as records with what its columns mean."""
    return {
        "question": document.facts.question,
        "version": VERSION,
        "title": document.title,
        "verdict": document.verdict,
        "marking": document.marking,
        "measure": document.measure,
        "facts": describe_run_facts(document.facts),
        "tables": {name: table.records() for name, table in document.tables.items()},
        "columns": {name: _describe_columns(table) for name, table in document.tables.items()},
    }


def _describe_columns(table: Table) -> list[dict[str, str]]:
    return [
        {"name": one.name, "form": one.form, "meaning": one.meaning, "measure": one.measure}
        for one in table.columns
    ]
