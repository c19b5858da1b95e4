"""A component's part of a program as text that can be compared with one written by hand."""

from __future__ import annotations

from typing import Any

from cssopt.build.assemble import Problem
from cssopt.solve.compile import compile_problem
from cssopt.solve.program import Program


def list_component(problem: Problem, name: str) -> str:
    """Decisions, rules, ledger entries, balances and expressions of one component, line by line.

    Terms stand in the order of the program's columns; numbers in the shortest form to 10 digits.
    """
    program = compile_problem(problem)
    component = next(part for part, _ in problem.blocks() if part.name == name)
    block = {part.name: block for part, block in problem.blocks()}[component.name]
    lines = ["Decisions"]
    for index, (owner, variable, key) in enumerate(program.columns):
        if owner == block.local_name:
            kind = "whole" if program.whole[index] else "real"
            low, high = program.lower[index], program.upper[index]
            lines.append(f" {low:g} <= {_label(variable, key)} <= {high:g} {kind}")
    lines.append("Rules")
    for row, (owner, rule, key) in enumerate(program.rows):
        if owner == block.local_name:
            low, high = program.row_lower[row], program.row_upper[row]
            sense, right = (
                ("=", low) if low == high else ("<=", high) if low < -1e300 else (">=", low)
            )
            terms = _terms(program, program.matrix, row)
            lines.append(f" {_label(rule, key)}: {terms} {sense} {_number(right)}")
    lines.append("Ledger")
    for figure, row in program.figures.items():
        if figure[0] == "ledger" and problem.ledger.owner(figure[1]) == name:
            lines.append(f" {_label(figure[1], figure[2:])}: {_figure(program, row)}")
    lines.append("Figures")
    own = set(vars(block)) | {c.local_name for c in block.component_objects()}
    for figure, row in program.figures.items():
        if figure[0] == "figure" and figure[1] in own:
            lines.append(f" {_label(figure[1], figure[2])}: {_figure(program, row)}")
    return "\n".join(lines) + "\n"


def _label(name: str, key: Any) -> str:
    if key is None:
        return name
    parts = key if isinstance(key, tuple) else (key,)
    return f"{name}[{','.join(str(part) for part in parts)}]"


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
