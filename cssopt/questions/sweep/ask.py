"""Many what-ifs: their results as one table, and what moves them most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cssopt.document.document import Document
from cssopt.issues import Issue
from cssopt.questions.common_options import NearBase, Scenarios, option
from cssopt.questions.question import Asking, question, verb
from cssopt.questions.sweep.design import design_sweep
from cssopt.questions.sweep.find import SAMPLE, AuditChoice, choose_audited, sweep_runs
from cssopt.questions.sweep.result import Swept
from cssopt.questions.sweep.show import show_sweep
from cssopt.runs.cluster_address import check_address, doubt_address
from cssopt.runs.count import count_runs
from cssopt.runs.journal import open_journal


@question("sweep", file="results")
@dataclass(frozen=True, kw_only=True)
class Sweep(Scenarios, NearBase):
    """Run many what-ifs and show what moves money and security most.

    Every finished run is kept at once: after an interruption the same command runs only the rest.
    """

    formats: ClassVar[tuple[str, ...]] = ("xlsx", "html", "parquet")

    vary: Sequence[str] = option(
        (),
        "What is varied: table[column=value].column*=0.8:1.4:0.1 (from, to, by), =1,2,4 (a list; "
        "two numbers as 1;2, for 1,2 could be a number), scenario=base,NAME. = sets, *= scales, += "
        "adds. Several make a full grid, whose last changes fastest. With --draws: a range, "
        "*=0.8..1.4. A point is the decimal mark.",
    )
    points: str | Path | None = option(
        None,
        "A CSV file in place of --vary: above each column what is varied, such as "
        "requirements.level*, and a run in each row.",
        read=Path,
    )
    draws: int | None = option(
        None,
        "So many random runs that cover the ranges evenly (Latin hypercube). Cells that hold whole "
        "numbers are drawn whole.",
        least=1,
        whole=True,
    )
    seed: int | None = option(
        None, "Only with --draws: the same seed, the same runs. Default: 0.", least=0, whole=True
    )
    cluster: str | None = option(None, "A Dask cluster that runs already, such as tcp://host:8786.")
    audit: AuditChoice = option(
        SAMPLE,
        "Runs whose plans are audited, each rule and amount worked out again: a sample of one in a "
        "hundred, at least three, or all (a patched run then takes some twenty times as long). Of "
        "every run the rows of its program and the sums of its money are checked.",
    )

    @property
    def doubts(self) -> Sequence[Issue]:
        """That what goes to the cluster can be read on its way."""
        return doubt_address(self.cluster)

    def check(self, asked: Asking) -> None:
        """That the coalition and the cluster can be used."""
        _ = asked.instance
        if self.cluster is not None:
            check_address(self.cluster)

    def find(self, asked: Asking) -> Swept:
        """Every run. What is wrong with them is told before anything is solved."""
        designed = design_sweep(
            asked.inputs,
            self.vary,
            points=self.points,
            draws=self.draws,
            seed=self.seed,
            scenarios=self.scenarios,
        )
        runs = choose_audited(designed, self.audit)
        with open_journal(self.journal) as journal:
            hear = count_runs(self.tell, "run", len(runs))
            return sweep_runs(asked, runs, journal, hear, self.cluster)

    def show(self, found: Swept, asked: Asking) -> Document:
        """What the runs come to, what moves them, and every one of them."""
        return show_sweep(found, asked.facts(found, found.base, doubts=self.doubts))


sweep = verb(Sweep)
