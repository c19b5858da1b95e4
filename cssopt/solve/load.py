"""Handing a compiled program to HiGHS."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Thread
from typing import Any

import highspy
import numpy as np

from cssopt.errors import SolveError
from cssopt.names import key_parts
from cssopt.solve.answer import Options
from cssopt.solve.program import Program

EXACT: Mapping[str, float] = {
    "dual_feasibility_tolerance": 1e-10,
    "primal_feasibility_tolerance": 1e-9,
}
"""Tolerances of an LP (HiGHS takes no less than 1e-10). Money can be steep in the stage held
before: a missing share of 4.7 that was 5e-8 too large moved the pooled expenditure by 1e-4
(relative)."""


class QuietHighs(highspy.Highs):
    """HiGHS that writes nothing to standard output, which is for results only.

    Attributes
    ----------
    failure: what ended the last run in its thread; None where HiGHS ended it with a status.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.failure: BaseException | None = None
        self._stop = False
        for event in (self.cbSimplexInterrupt, self.cbIpmInterrupt, self.cbMipInterrupt):
            event += self._listen

    def enableCallbacks(self) -> None:  # noqa: N802, D102
        # The constructor calls this first of all, and it would print the banner.
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]

    def startSolve(self) -> Thread:  # noqa: N802
        """Run HiGHS in a thread, which `cancelSolve` ends; MemoryError where none can be had."""
        self.failure, self._stop = None, False
        thread = Thread(target=self._run, daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            raise MemoryError from error
        return thread

    def cancelSolve(self) -> None:  # noqa: N802
        """Let the run end where HiGHS next listens, or looks at its time.

        Parts of a search do only the latter (1.16.0: a minute on a book of 8 members). It reads its
        limit as it stands: one number of 8 bytes, which no reader meets half-written.
        """
        self._stop = True
        self.setOptionValue("time_limit", 0.0)

    def _run(self) -> None:
        try:
            super().run()
        except BaseException as error:  # raised again by who waits for the thread
            self.failure = error

    def _listen(self, event: Any) -> None:
        if self._stop:
            event.interrupt()


def check_version() -> str:
    """The version of HiGHS; SolveError where it is one that gives wrong answers."""
    release = (highspy.HIGHS_VERSION_MAJOR, highspy.HIGHS_VERSION_MINOR)
    version = ".".join(str(part) for part in (*release, highspy.HIGHS_VERSION_PATCH))
    if release == (1, 14):
        raise SolveError(
            f"HiGHS {version} returns wrong answers for whole-number problems; "
            'install a later one: pip install "highspy>=1.15.1"'
        )
    return version


def load_program(program: Program, options: Options) -> Any:
    """A HiGHS instance with the program loaded and no objective yet; quiet unless it logs."""
    highs = QuietHighs()
    highs.setOptionValue("log_to_console", False)
    highs.setOptionValue("output_flag", options.log is not None)
    if options.log is not None:
        highs.setOptionValue("log_file", str(options.log))
    highs.setOptionValue("threads", options.threads)
    highs.setOptionValue("random_seed", options.seed)
    highs.setOptionValue("mip_feasibility_tolerance", 1e-7)
    if not program.is_whole:
        for name, value in {**EXACT, "primal_feasibility_tolerance": options.feasibility}.items():
            highs.setOptionValue(name, value)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = program.shape
    lp.col_cost_ = np.zeros(lp.num_col_)
    lp.col_lower_, lp.col_upper_ = program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = program.matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = program.matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = program.matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    if program.is_whole:
        lp.integrality_ = [kinds[int(whole)] for whole in program.whole]
    lp.col_names_ = _unique_names(program.columns)
    lp.row_names_ = _unique_names(program.rows)
    if highs.passModel(lp) == highspy.HighsStatus.kError:
        raise SolveError("HiGHS refuses the program: a number in it is not finite")
    return highs


def _unique_names(places: tuple[tuple[str, str, Any], ...]) -> list[str]:
    """Names such as ``held[NOR,brigade,high,2027]``, without spaces, each one different."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for _, name, key in places:
        parts = key_parts(key)
        plain = "_".join(f"{name}[{','.join(str(p) for p in parts)}]".split())
        count = seen.get(plain, 0)
        seen[plain] = count + 1
        names.append(f"{plain}#{count}" if count else plain)
    return names
