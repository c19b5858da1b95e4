"""The schema of answers as JSON, and whether one follows it."""

from __future__ import annotations

import json
from typing import Any

from paths import ROOT


def read_schema() -> dict[str, Any]:
    """The schema that the docs publish."""
    return json.loads((ROOT / "docs" / "answer.schema.json").read_text(encoding="utf-8"))


def follows(value, schema):
    """True where a value has the shape that a schema tells, as far as this one uses the rules."""
    kinds = schema.get("type", [])
    names = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool,
             "number": (int, float), "null": type(None)}  # fmt: skip
    kinds = [kinds] if isinstance(kinds, str) else kinds
    is_kind = not kinds or any(isinstance(value, names[kind]) for kind in kinds)
    is_chosen = value in schema.get("enum", [value]) and value == schema.get("const", value)
    if not (is_kind and is_chosen):
        return False
    if isinstance(value, list):
        return all(follows(one, schema.get("items", {})) for one in value)
    if isinstance(value, dict):
        known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
        return set(schema.get("required", [])) <= value.keys() and all(
            (others is not False or name in known) and follows(one, known.get(name, others or {}))
            for name, one in value.items()
        )
    return True
