"""What a type checker says of the verbs: run by mypy, never by Python.

A line that mypy would not refuse makes its ``type: ignore`` one too many, which is an error too.
"""

from pathlib import Path
from typing import assert_type

import pandas as pd

import cssopt
from cssopt.questions.question import Answer
from cssopt.questions.sharing.ask import Sharing


def check_share(case: cssopt.Case) -> None:
    answer = cssopt.share(case, strict=True, methods=["shapley"], time_limit=10, study=Path("own"))
    assert_type(answer, Answer[Sharing])
    assert_type(answer.tables["shares"], pd.DataFrame)
    assert_type(answer.status, cssopt.Status)
    cssopt.share(case, stricd=True)  # type: ignore[call-arg]
    cssopt.share(case, strict="yes")  # type: ignore[arg-type]
    cssopt.share("book.xlsx")  # type: ignore[arg-type]
    cssopt.share(case, total_time="an hour")  # type: ignore[arg-type]


def check_solve(case: cssopt.Case) -> None:
    answer = cssopt.solve(case, study="pooled", members=["A"], threads=2)
    assert_type(answer, Answer[cssopt.Solution])
    assert_type(answer.found.pooled_expenditure, float)
    cssopt.solve(case, stdy="pooled")  # type: ignore[call-arg]
    cssopt.solve(case, threads="2")  # type: ignore[arg-type]
    cssopt.compare(case, saving_range=True)
    cssopt.solve(case, saving_range=True)  # type: ignore[call-arg]


def check_inputs() -> None:
    case = cssopt.load("book.xlsx")
    assert_type(case.frames, dict[str, pd.DataFrame])
    assert_type(cssopt.load(case.frames), cssopt.Case)
    cssopt.load(3)  # type: ignore[arg-type]
