"""The mathematics page: the docstrings of a study's files, one after another."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from textwrap import fill

from cssopt.assembly.component import Component
from cssopt.assembly.study import Study
from cssopt.names import YEAR

_WIDTH = 100
"""Letters of a line, as in the heads of the files that follow."""

_HEAD = """# The mathematics of study `{name}`

{explanation}

{legend}
"""


def describe_study(study: Study, on_demand: Sequence[Component] = ()) -> str:
    """Markdown with one section per component and objective, in the order they are built.

    Components that are added `on_demand` only, such as persistence, come last.
    """
    legend = fill(_tell_legend(study, on_demand), _WIDTH)
    parts = [_HEAD.format(name=study.name, explanation=study.explanation, legend=legend)]
    parts += [_describe(component, "components") for component in study.components]
    parts.append(_describe(study.objective, "objectives"))
    if study.ties is not None:
        parts.append(_describe(study.ties, "objectives"))
    parts += [_describe(component, "components") for component in on_demand]
    return "\n".join(parts)


def _tell_legend(study: Study, on_demand: Sequence[Component]) -> str:
    """The letters of the indices, in the order of their columns, and what all formulas share."""
    declared = {
        index.name: f"{index.letter} {index.says or index.name}"
        for part in (*study.components, *on_demand)
        for index in part.indices
        if index.letter
    }
    first, *_ = study.indices
    letters = [f"m {first}", *(declared[name] for name in study.indices if name in declared)]
    return (
        f"Indices: {', '.join(letters)}, t {YEAR}. S is the coalition. Money is in millions at "
        "constant prices of the price year. Every section is the head of one file in `models/`."
    )


def _describe(component: Component, folder: str) -> str:
    title, _, body = inspect.cleandoc(component.doc).partition("\n")
    needs = ", ".join(component.requires) or "nothing"
    lines = [f"## {component.name}", "", title, ""]
    lines += [f"File `models/{folder}/{component.name}.py`; reads {needs}."]
    if body.strip():
        lines += ["", "```text", body.strip("\n"), "```"]
    return "\n".join(lines) + "\n"
