"""A sweep as a document: what was varied, what it did to money and security, and every run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cssopt.document.base_plan import document_on_base, tell_plan
from cssopt.document.document import (
    Beside,
    Block,
    Chart,
    Column,
    Document,
    Note,
    Pair,
    Pairs,
    Sheet,
    Table,
    table_of_frame,
)
from cssopt.document.index_columns import find_names, make_namer
from cssopt.document.run_facts import RunFacts
from cssopt.document.run_tables import show_failed, show_runs
from cssopt.modeling.measures import POOLED_EXPENDITURE, SHORTFALL
from cssopt.names import in_words
from cssopt.questions.sweep.effects import (
    FIGURES,
    GROUPS,
    MOST_VALUES,
    Effect,
    tabulate_groups,
    widest_first,
)
from cssopt.questions.sweep.result import Swept
from cssopt.runs.structure import find_elements
from cssopt.runs.summary import FigureRange, with_plan
from cssopt.solution.told import NO_DIFFERENCE, NOT_MET

_POWER: Final = "power-years"
_ENDS: Final = "ends"
"""The column that names the bars: each quantity with its values at both ends."""


def show_sweep(found: Swept, facts: RunFacts) -> Document:
    """What a sweep found."""
    shows = _Shows(found)
    sheets = [shows.overview(), shows.effects(), *shows.responses()]
    sheets += [shows.structure(), show_runs(found.runs, found.varied, shows.money, shows.name)]
    sheets += [show_failed(found.runs, found.varied)]
    is_short = found.summary.not_met > 0
    finding = shows.tell_finding()
    document = document_on_base(
        found.base, "Sweep", finding, sheets, facts, are_others_short=is_short
    )
    return replace(document, data=("runs",))


class _Shows:
    """The sheets of a sweep."""

    def __init__(self, found: Swept) -> None:
        self.found, self.summary = found, found.summary
        self.name = make_namer(find_names(found.base.data))
        self.money = found.base.data.horizon.money
        self.measures = {
            POOLED_EXPENDITURE: found.base.data.horizon.present_value,
            SHORTFALL: _POWER,
        }
        counted = with_plan(found.runs)
        self.plans = found.runs[counted]
        self.told = {  # by figure, what can be told to move it; one that is 0 everywhere is not
            figure: shown
            for figure in FIGURES
            if (shown := widest_first(found.effects, figure)) and self.plans[figure].abs().sum() > 0
        }

    def tell_finding(self) -> str:
        """In how many runs threats are met, and what they cost."""
        summary = self.summary
        left = ""
        if summary.left:
            were = "was" if summary.left == 1 else "were"
            left = f" {summary.left:,} {were} not answered in the time."
        if not summary.counted:
            return f"None of {summary.runs:,} runs has a plan.{left}"
        met = summary.counted - summary.not_met
        runs = f"{summary.runs:,} run{'s' if summary.runs != 1 else ''}"
        spent = summary.expenditure
        return (
            f"Threats are met in {met:,} of {runs}; plans cost {spent.least:,.1f} to "
            f"{spent.most:,.1f} million (median {spent.median:,.1f}).{left}"
        )

    def overview(self) -> Sheet:
        """Counts, ranges, what was varied, and what moves money and shortfall most."""
        summary = self.summary
        not_met = f"{NOT_MET} in {summary.not_met:,} of {summary.runs:,} runs."
        blocks: list[Block] = [
            *([Note(not_met, "bad")] if summary.not_met else []),
            self._tell_counts(),
            *self._show_ranges(),
            *self._show_varied(),
            *self._draw_spans(),
            tell_plan(self.found.base),
        ]
        explanation = (
            "Many runs, each with inputs changed as told below. Shortfall is the plain sum of the "
            "power missing, in power-years; it and money are never added up."
        )
        return Sheet("Sweep", explanation, tuple(blocks), on_screen=True)

    def _tell_counts(self) -> Pairs:
        summary = self.summary
        reused = f"{self.found.reused:,} of them finished in an earlier sweep"
        bad, warn = summary.not_met > 0, summary.failed > 0
        pairs = (
            Pair("runs", summary.runs, "count", reused, is_strong=True),
            Pair("optimal", summary.optimal, "count", "no plan is better: proven"),
            Pair("feasible", summary.feasible, "count", "a plan with a proven gap"),
            Pair("infeasible", summary.infeasible, "count", "no plan can keep all rules"),
            *([Pair("not answered", summary.left, "count", "a limit came before any plan; the "
                    "same command with more time does the rest", mark="warn")]
              if summary.left else []),
            Pair("failed", summary.failed, "count", "no answer; the reasons are in the sheet "
                 "Failed", mark="warn" if warn else None),
            Pair("threats not met", summary.not_met, "count", "of the runs with a plan: a need "
                 "stays short", mark="bad" if bad else None),
            Pair("programs patched", summary.patched, "count", "changed in place and solved from "
                 "the last answer"),
            Pair("programs built", summary.built, "count", "made anew; the column reason says why"),
        )  # fmt: skip
        return Pairs("summary", pairs, "Runs")

    def _show_ranges(self) -> list[Block]:
        summary, base = self.summary, self.found.base
        title = f"Range over the {summary.counted:,} runs with a plan"
        if not summary.counted:
            return [Note(title, is_heading=True), Note("No run has a plan.", "warn")]

        def columns(form: str, **how: int) -> list[Column]:
            names = {"base": "", "least": "", "median": "", "most": "greatest"}
            return [Column(n, form, title, **how) for n, title in names.items()]  # type: ignore[arg-type]

        money, gap = self.measures[POOLED_EXPENDITURE], summary.gap
        figures = (
            ("pooled expenditure", base.pooled_expenditure, summary.expenditure, money),
            ("shortfall", base.shortfall, summary.shortfall, _POWER),
        )
        rows = tuple((name, own, *_ends(span), unit) for name, own, span, unit in figures)
        ranges = (Column("figure"), *columns("number", decimals=2), Column("measure"))
        return [
            Table("ranges", ranges, rows, title),
            Table(
                "gaps",
                tuple(columns("tiny")),
                ((base.gap, *_ends(gap)),),
                "Gap of these runs",
                "The figures are no better than that.",
            ),
        ]

    def _show_varied(self) -> list[Block]:
        effects, runs = self.found.effects, self.found.runs
        if not effects:
            return [Note("Nothing was varied.")]
        rows = []
        for effect in effects:
            values = runs[effect.label].dropna()
            ends = f"{values.min():.6g} to {values.max():.6g}" if effect.is_number else ""
            listed = ends or ", ".join(group.name for group in effect.groups)
            rows.append((effect.label, values.nunique(), listed))
        columns = Column("quantity"), Column("values", "count"), Column("which", "sentence")
        note = "* scales what the workbook holds, + adds to it, no sign sets it."
        return [Table("varied", columns, tuple(rows), "What was varied", note)]

    def _draw_spans(self) -> list[Block]:
        """What moves the figures most: the widest at the top."""
        if not self.told:
            text = "No effect can be shown: no run has a plan, or nothing was varied."
            return [Note(text)]
        explanation = (
            "From the least to the greatest mean of the runs that share a value of the quantity; "
            "the two values stand behind its name. How the means are made is told in the sheet "
            "Effects."
        )
        only_money = "No run with a plan is short of anything: only money is shown."
        charts = [
            Chart("bars", f"span_{figure}", _ENDS, ("below", "above"),
                  f"Mean {in_words(figure)}: difference from the mean of all runs, "
                  f"{self.measures[figure]}")
            for figure in self.told
        ]  # fmt: skip
        return [
            Note("What moves the figures most", is_heading=True, on_screen=False),
            Note(explanation, on_screen=False),
            *([] if SHORTFALL in self.told else [Note(only_money)]),
            Beside(tuple(charts)),
        ]

    def effects(self) -> Sheet:
        """The means at the ends of each quantity, and how they are made."""
        effects, count = self.found.effects, len(self.found.runs)
        left_out = count - len(self.plans)
        blocks: list[Block] = []
        if left_out:
            text = (
                f"{left_out:,} of {count:,} runs have no plan and are left out of every mean. "
                "Beware of groups that leave out many: those left out may be the hardest runs."
            )
            blocks.append(Note(text, "warn"))
        if len(self.plans):
            gap = self.plans["gap"].max()
            told = f"The gap of the runs behind these means is at most {gap:.1e}."
            blocks.append(Note(told if gap > 0 else "No plan of these runs is better: proven."))
        for figure in FIGURES:
            shown = widest_first(effects, figure)
            loose = [effect.label for effect in effects if effect not in shown]
            if loose and len(self.plans):
                text = (
                    f"{NO_DIFFERENCE.capitalize()} in {in_words(figure)} for {', '.join(loose)}: "
                    "it is no larger than what is not proven of the plans behind it."
                )
                blocks.append(Note(text, "warn"))
            if figure in self.told:
                blocks.append(self._tabulate_span(shown, figure))
        explanation = (
            "What each varied quantity does by itself. Runs are grouped by their value of one "
            f"quantity; where a number has more than {MOST_VALUES} values, in {GROUPS} groups of "
            "equal count by its size. An effect is the mean of all runs of a group, whatever their "
            "other quantities are. Means of money and of shortfall are made apart, and never added "
            "up. The sheet Responses has the means of each group."
        )
        return Sheet("Effects", explanation, tuple(blocks))

    def _tabulate_span(self, effects: Sequence[Effect], figure: str) -> Table:
        """Least and greatest mean of each quantity."""
        rows = []
        for effect in effects:
            ends = effect.ends(figure)
            assert ends is not None
            least, greatest = ends
            rows.append(
                (effect.label, least.means[figure], least.name, greatest.means[figure],
                 greatest.name, effect.width(figure), *effect.distances(figure),
                 f"{effect.label} (least at {least.name}, greatest at {greatest.name})")
            )  # fmt: skip
        columns = (
            Column("quantity"),
            Column("least_mean", "number", decimals=2),
            Column("least_at"),
            Column("greatest_mean", "number", decimals=2),
            Column("greatest_at"),
            *(Column(name, "number", decimals=2) for name in ("width", "below", "above")),
            Column(_ENDS),
        )
        mean = effects[0].overall[figure]
        return Table(
            f"span_{figure}",
            columns,
            tuple(rows),
            f"Span of the mean {in_words(figure)} ({self.measures[figure]})",
            f"Mean of all runs with a plan: {mean:,.2f}; below and above are distances from it.",
        )

    def responses(self) -> list[Sheet]:
        """How money and shortfall respond to each quantity, the widest effect on money first."""
        shown = self.told.get(FIGURES[0], [])
        effects = [*shown, *(effect for effect in self.found.effects if effect not in shown)]
        if not effects:
            return []
        blocks: list[Block] = []
        for number, effect in enumerate(effects, 1):
            table = self._tabulate_groups(effect, f"response_{number}")
            kind, by = ("points", "middle") if effect.is_number else ("dots", "value")
            charts = [
                Chart(kind, table.name, by, (figure,),  # type: ignore[arg-type]
                      f"{effect.label}: mean {in_words(figure)}, {self.measures[figure]}")
                for figure, told in self.told.items()
                if effect in told
            ]  # fmt: skip
            blocks += [Note(effect.label, is_heading=True), table]
            blocks += [Beside(tuple(charts))] if charts else []
        explanation = (
            "Means of the runs that share a value of the quantity, whatever their other quantities "
            "are. The axes of the figures need not begin at 0."
        )
        return [Sheet("Responses", explanation, tuple(blocks))]

    def structure(self) -> Sheet:
        """What plans have, and in how many runs: what is decided whatever comes stands first."""
        plans = [end for _, end in self.found.outcomes if find_elements(end)]
        counts = Counter(element for end in plans for element in end.structure)
        rows = tuple(
            (element, self.name(element), count, count / len(plans))
            for element, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        )
        columns = (
            Column("element"),
            Column("element_name", title="element with names"),
            Column("runs", "count", meaning="whose plan has it"),
            Column("share", "share", meaning="of the runs with a plan"),
        )
        explanation = (
            "What the plans have, and in how many runs: what holds whatever comes is first."
        )
        return Sheet("Structure", explanation, (Table("structure", columns, rows),))

    def _tabulate_groups(self, effect: Effect, name: str) -> Table:
        columns = (
            Column("quantity"),
            Column("value"),
            Column("middle", "exact", effect.label if effect.is_number else "middle"),
            Column("runs", "count"),
            Column("left_out", "count"),
            *(
                Column(figure, "number", decimals=2, measure=self.measures[figure])
                for figure in FIGURES
            ),
        )
        return table_of_frame(name, columns, tabulate_groups([effect]))


def _ends(figure: FigureRange) -> tuple[float, float, float]:
    return figure.least, figure.median, figure.most
