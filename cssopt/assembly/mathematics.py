"""The mathematics page: the docstrings of a study's files, one after another."""

from __future__ import annotations

import inspect
from collections.abc import Sequence

from cssopt.assembly.component import Component
from cssopt.assembly.study import Study

_HEAD = """# The mathematics of study `{name}`

{explanation}

Indices: m member, f force, r readiness tier, h theatre, k threat, c capability, d response day,
s situation, t year, b body, x measure, p programme, a activity. S is the coalition. Money is in
millions at constant prices of the price year. Every section is the head of one file in `models/`.
"""


def describe_study(study: Study, on_demand: Sequence[Component] = ()) -> str:
    """Markdown with one section per component and objective, in the order they are built.

    Components that are added `on_demand` only, such as persistence, come last.
    """
    parts = [_HEAD.format(name=study.name, explanation=study.explanation)]
    parts += [_describe(component, "components") for component in study.components]
    parts.append(_describe(study.objective, "objectives"))
    if study.ties is not None:
        parts.append(_describe(study.ties, "objectives"))
    parts += [_describe(component, "components") for component in on_demand]
    return "\n".join(parts)


def _describe(component: Component, folder: str) -> str:
    title, _, body = inspect.cleandoc(component.doc).partition("\n")
    needs = ", ".join(component.requires) or "nothing"
    lines = [f"## {component.name}", "", title, ""]
    lines += [f"File `models/{folder}/{component.name}.py`; reads {needs}."]
    if body.strip():
        lines += ["", "```text", body.strip("\n"), "```"]
    return "\n".join(lines) + "\n"
