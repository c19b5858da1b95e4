"""Every pattern of the program takes time in proportion to the text, whatever the text is."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

import cssopt
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.study import load_components

LENGTH = 8_000
"""Characters: what grows with their square takes 64 million steps, which nobody overlooks."""

MOST = 0.02
"""Seconds of processor time; a linear pattern takes a tenth of it at most."""

SIGNS = ("a", "1", " ", "\n", ",", "(", "[", '"', "=", "<", "-", "_")
"""What the repeated parts of patterns are made of."""

ANCHORED = {
    "cssopt.cli.commands._RAISES": "docstrings of our own alone are searched",
    "cssopt.render.kept_run._RECORD": "a whole name of a file is matched",
    "cssopt.render.place._PLAIN": "a whole name of a file is matched",
    "cssopt.tables.asides._LABEL": "the beginning of a text alone is matched",
    "cssopt.tables.changes._TABLE": "a change is matched from its beginning",
    "cssopt.tables.gather._CELL": "a whole address is matched",
    "cssopt.tables.header._BRACKETS": "a header is cut to 200 characters before",
    "cssopt.tables.header._FOOTNOTE": "a header is cut to 200 characters before",
    "cssopt.tables.numbers._ONE_POINT": "a whole text of up to 60 characters is matched",
    "cssopt.tables.numbers._PARTS": "a whole text of up to 60 characters is matched",
    "cssopt.tables.where._CONDITION": "a whole condition is matched",
    "cssopt.workbook.marking.marked_copy._PLACE": "a whole address is matched",
    "cssopt.workbook.markup._TAG": "a tag is matched where it begins",
    "cssopt.workbook.gate.xml._DECLARED": "a part is matched from its beginning",
    "cssopt.workbook.number_formats._TOKEN": "a code is cut to 255 characters before",
}
"""Patterns that are never searched for in a long text, and why."""


def find_patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Those of the program and of the components, wherever a constant holds them."""
    names = [module.name for module in pkgutil.walk_packages(cssopt.__path__, "cssopt.")]
    modules = [importlib.import_module(name) for name in names if name != "cssopt.__main__"]
    load_components(find_model_folders())
    modules += [module for name, module in sys.modules.items() if name.startswith("cssopt_models.")]
    for module in modules:
        for name, value in list(vars(module).items()):
            if getattr(module, "__file__", None):
                yield from named_patterns(f"{module.__name__}.{name}", value)


def named_patterns(name: str, value: Any) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from named_patterns(f"{name}[{key!r}]", inner)
    elif isinstance(value, tuple | list):
        for place, inner in enumerate(value):
            yield from named_patterns(f"{name}[{place}]", inner)


FOUND = dict(find_patterns())


def texts() -> Iterator[str]:
    """Two signs over and over, and what they must be given back for."""
    for one, other in product(SIGNS, SIGNS):
        if one <= other:
            pair = one if one == other else one + other
            yield one + pair * (LENGTH // len(pair)) + "!"


def is_slow(name: str, text: str) -> bool:
    pattern = FOUND[name]
    subject: Any = text if isinstance(pattern.pattern, str) else text.encode()
    begun = time.process_time()
    pattern.fullmatch(subject)
    if name not in ANCHORED:
        next(pattern.finditer(subject), None)
    return time.process_time() - begun > MOST


def test_the_patterns_are_found():
    assert len(FOUND) > 30
    assert set(ANCHORED) <= set(FOUND)


@pytest.mark.medium
@pytest.mark.parametrize("name", FOUND)
def test_a_pattern_is_linear(name):
    slow = (t[:6] for t in texts() if all(is_slow(name, t) for _ in range(3)))
    assert next(slow, None) is None
