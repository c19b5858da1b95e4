"""A component's part of a program as text that can be compared with one written by hand."""

from __future__ import annotations

from typing import Any

from scipy.sparse import csr_array

from cssopt.assembly.assemble import Problem
from cssopt.solve.program import Program


def list_component(problem: Problem, program: Program, name: str) -> str:
    """One component's part of the program, line by line; empty where it has none.

    Terms stand in the order of the program's columns; numbers in the shortest form to 10 digits.
    """
    block = {part.name: block for part, block in problem.blocks()}[name]
    sections = {
        "Parameters": _parameters(block),
        "Decisions": _decisions(program, block.name),
        "Rules": _rules(program, block.name),
        "Ledger": _ledger(problem, program, name),
        "Figures": _figures(program, block),
        "Stages": _stages(program) if name == problem.study.objective.name else [],
    }
    return "".join(
        f"{title}\n" + "".join(f" {line}\n" for line in lines)
        for title, lines in sections.items()
        if lines
    )


def _parameters(block: Any) -> list[str]:
    """The symbols of a component that are plain numbers and names."""
    lines = []
    for name, value in vars(block).items():
        if name.startswith("_"):
            continue
        if isinstance(value, dict) and value and all(_is_number(v) for v in value.values()):
            lines += [f"{_label(name, key)} = {_number(v)}" for key, v in value.items()]
        elif _is_plain(value) and value:
            lines.append(f"{name} = {_plain(value)}")
    return lines


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_plain(key) and _is_plain(item) for key, item in value.items())
    if isinstance(value, list | tuple | set | frozenset | range):
        return all(_is_plain(item) for item in value)
    return isinstance(value, str) or _is_number(value)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_plain(key)}: {_plain(v)}" for key, v in value.items()) + "}"
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(map(_plain, value))) + "}"
    if isinstance(value, list | tuple | range):
        return "(" + ", ".join(map(_plain, value)) + ")"
    return _number(value) if _is_number(value) else str(value)


def _decisions(program: Program, owner: str) -> list[str]:
    return [
        f"{program.lower[index]:g} <= {_label(variable, key)} <= {program.upper[index]:g}"
        + (" whole" if program.whole[index] else "")
        for index, (block, variable, key) in enumerate(program.columns)
        if block == owner
    ]


def _rules(program: Program, owner: str) -> list[str]:
    lines = []
    for row, (block, rule, key) in enumerate(program.rows):
        if block == owner:
            low, high = program.row_lower[row], program.row_upper[row]
            sense, right = (
                ("=", low) if low == high else ("<=", high) if low < -1e300 else (">=", low)
            )
            terms = _terms(program, program.matrix, row)
            lines.append(f"{_label(rule, key)}: {terms} {sense} {_number(right)}")
    return lines


def _ledger(problem: Problem, program: Program, name: str) -> list[str]:
    return [
        f"{_label(figure[1], figure[2:])}: {_figure(program, row)}"
        for figure, row in program.figures.items()
        if figure[0] == "ledger" and problem.ledger.owner(figure[1]) == name
    ]


def _figures(program: Program, block: Any) -> list[str]:
    return [
        f"{_label(figure[1], figure[2])}: {_figure(program, row)}"
        for figure, row in program.figures.items()
        if figure[0] == "figure" and figure[1] in vars(block)
    ]


def _stages(program: Program) -> list[str]:
    lines = []
    for stage in program.stages:
        lines.append(f"minimize {stage.name}: {_in_short(program, stage.row)}")
        lines += [
            f"then hold {held.name} {_how(held.allowance)}: " + _in_short(program, held.row)
            for held in stage.holds
        ]
    return lines


def _how(allowance: float) -> str:
    return f"within {allowance:g} of itself" if allowance else "exactly"


def _in_short(program: Program, row: int) -> str:
    """A figure, with the whole of pooled expenditure, where it is in it, by its name."""
    reported = program.reported
    whole = reported[[row], :].toarray()[0]
    expenditure = reported[[program.figures["figure", "pooled_expenditure", None]], :].toarray()[0]
    if not all(whole[place] == expenditure[place] for place in expenditure.nonzero()[0]):
        return _figure(program, row)
    rest = csr_array((whole - expenditure).reshape(1, -1))
    return f"pooled_expenditure {_terms(program, rest, 0)}".strip()


def _label(name: str, key: Any) -> str:
    if key is None:
        return name
    parts = key if isinstance(key, tuple) else (key,)
    shown = (f"{part:g}" if isinstance(part, float) else str(part) for part in parts)
    return f"{name}[{','.join(shown)}]"


def _figure(program: Program, row: int) -> str:
    constant = program.offsets[row]
    terms = _terms(program, program.reported, row)
    return f"{terms} {constant:+.10g}".strip() if constant else terms or "0"


def _terms(program: Program, matrix: Any, row: int) -> str:
    begin, end = matrix.indptr[row], matrix.indptr[row + 1]
    terms = []
    for place, value in zip(matrix.indices[begin:end], matrix.data[begin:end], strict=True):
        _, variable, key = program.columns[place]
        if value:
            terms.append(f"{_signed(value)} {_label(variable, key)}")
    return " ".join(terms)


def _signed(value: float) -> str:
    return f"{'-' if value < 0 else '+'} {abs(value):.10g}"


def _number(value: float) -> str:
    return f"{value:.10g}"
