"""Every code that a check may give, with its rule, an example and the mend.

A code keeps its meaning. Codes of rules over the whole book (E-3, W-4) are declared beside the
tables of their component.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cssopt.tables.book_checks import Check
from cssopt.tables.codes_inputs import INPUT_CODES, Code
from cssopt.tables.codes_notes import NOTE_CODES

CODES: Final[dict[str, Code]] = {**INPUT_CODES, **NOTE_CODES}


def explain_code(code: str, checks: Iterable[Check] = ()) -> str:
    """Rule, example and mend of a code, a line each; KeyError for a code that does not exist.

    `checks` are the rules over the whole book that components declare.
    """
    for check in checks:
        if check.code == code:
            return f"{code}\nRule: {check.rule}.\nMend: as the message of the check says."
    known = CODES[code]
    return f"{code}\nRule: {known.rule}\nExample: {known.example}\nMend: {known.mend}"
