"""The command line: reads words, calls the public verbs, prints one table. No logic of its own."""

from __future__ import annotations

import os

from cssopt.cli import (
    alternatives,
    diagnosis,
    frontiers,
    inputs,
    models,
    plans,
    prices,
    rules,
    sweeps,
    tipping,
    whatifs,
    why,
)
from cssopt.cli.app import ISSUES_FOUND, app, end, messages
from cssopt.errors import CssoptError, DataError
from cssopt.report.terminal import print_issues
from cssopt.solve.outcome import Status

TRACEBACK = "CSSOPT_TRACEBACK"
"""Environment variable that shows the traceback of a fault in cssopt."""

__all__ = [
    "alternatives",
    "app",
    "diagnosis",
    "frontiers",
    "inputs",
    "main",
    "models",
    "plans",
    "prices",
    "rules",
    "sweeps",
    "tipping",
    "whatifs",
    "why",
]


def main() -> None:
    """Run the command line; every error is a sentence, never a traceback."""
    try:
        app(standalone_mode=True)
    except DataError as error:
        print_issues(messages, error.issues)
        end(error, ISSUES_FOUND)
    except CssoptError as error:
        messages.print(f"Error: {error}", markup=False, style="red")
        end(error, Status.ERROR.exit_code)
    except MemoryError as error:
        messages.print("Error: there is not enough memory for this workbook.", markup=False)
        end(error, Status.ERROR.exit_code)
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        told = f"{type(error).__name__}: {error}"
        if isinstance(error, OSError):
            messages.print(f"Error: {told}. Check the path and the free space.", markup=False)
        else:
            messages.print(
                f"Error: a fault in cssopt ({told}). Nothing of yours was changed. Please report "
                f"it, with what is shown when {TRACEBACK}=1 is set.",
                markup=False,
            )
        end(error, Status.ERROR.exit_code)
