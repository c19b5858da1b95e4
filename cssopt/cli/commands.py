"""Every command: what the help of the program says of it, and where it lies.

That is read from the file of the command, which is run only when the command is called: whoever
asks for help, or for one command, does not wait for all that the others need.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cssopt import start
from cssopt.questions import find_asked

_QUESTIONS: Final = "Questions about a plan"
_OWN: Final = {"kept": "Kept runs", "inputs": "Inputs", "model": "The model"}
"""Files of commands that ask no question of a plan, with the heading of each."""

HEADINGS: Final = (_QUESTIONS, *_OWN.values())
"""Headings of commands in the order of the help."""

_DECLARE: Final = ("command", "question")
"""What stands before a function or class that is a command, with the name of the command."""


@dataclass(frozen=True)
class Place:
    """Where a command lies.

    Attributes
    ----------
    name: of the command. heading: that it stands under. doc: its docstring. module: its file.
    """

    name: str
    heading: str
    doc: str
    module: str

    def load(self) -> None:
        """Run its file, which gives the program the command."""
        if self.heading != _OWN["inputs"]:
            start.check_memory()
        importlib.import_module(self.module)
        if self.heading == _QUESTIONS:
            # What every question needs is loaded with the first one that is called.
            from cssopt.cli.question_commands import register_questions

            register_questions()


def read_places() -> Iterator[Place]:
    """Every command, file by file."""
    for name, heading in _OWN.items():
        module = f"{__package__}.{name}_commands"
        yield from _read_file(Path(__file__).with_name(f"{name}_commands.py"), module, heading)
    for module, file in find_asked().items():
        yield from _read_file(file, module, _QUESTIONS)


def _read_file(file: Path, module: str, heading: str) -> Iterator[Place]:
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for name in _find_names(node):
                yield Place(name, heading, ast.get_docstring(node) or "", module)


def _find_names(node: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    """The name of the command that a function or class is; nothing where it is none."""
    for call in node.decorator_list:
        if isinstance(call, ast.Call) and call.args:
            told, first = call.func, call.args[0]
            called = told.attr if isinstance(told, ast.Attribute) else getattr(told, "id", "")
            if called in _DECLARE and isinstance(first, ast.Constant):
                yield str(first.value)


_SECTION: Final = re.compile(r"\n *\w+\n *-{3,}\n.*", re.DOTALL)
_RAISES: Final = re.compile(r"\s*\bRaises [A-Z]\w+Error\b[^.]*\.")


def tell_help(doc: str) -> str:
    """A docstring without what only a script can hand over or catch."""
    return _RAISES.sub("", _SECTION.sub("", inspect.cleandoc(doc)))
