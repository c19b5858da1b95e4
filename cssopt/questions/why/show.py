"""One threat in one year as a document: who covers it, what binds, and the next unit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import pandas as pd

from cssopt.document.base_plan import document_on_base, tell_plan
from cssopt.document.document import (
    Beside,
    Block,
    Chart,
    Column,
    Document,
    Note,
    Sheet,
    Table,
    table_of,
)
from cssopt.document.index_columns import index_column
from cssopt.document.run_facts import RunFacts
from cssopt.modeling.measures import SHORTFALL
from cssopt.questions.why.coverage_rows import RELIEVES
from cssopt.questions.why.result import Coverage
from cssopt.solution.missing import is_met
from cssopt.solution.plain import plain_records
from cssopt.solution.plan import Solution
from cssopt.solve.answer import NOT_ASKED
from cssopt.solve.outcome import Status

_MOST_RULES: Final = 10
"""Rules that stand for all where there is no room for many."""
_MOST_GIVERS: Final = 4
_LEFT: Final = (str(Status.INTERRUPTED), str(Status.NO_PLAN_YET))
"""How steps end for which there was no time."""
_NOT_EQUAL: Final = (
    "Where more is missing than before, of this need or of another, the step is short, not bought: "
    "it has no cost, and is told by the missing share."
)
_NO_PRICE: Final = (
    "No price: not asked for, not confirmed by a plan, or a rule without a row of its own."
)


def show_no_plan(base: Solution, facts: RunFacts) -> Document:
    """That there is no plan to explain, and why."""
    text = f"There is no plan to explain. {base.status.sentence} {base.solved.message}".strip()
    sheet = Sheet("Why", "", (Note(text, "bad"), tell_plan(base, on_screen=True)), on_screen=True)
    return document_on_base(base, "Why", text, [sheet], facts)


def show_coverage(found: Coverage, facts: RunFacts) -> Document:
    """How a threat is covered in a year."""
    return _Show(found).document(facts)


@dataclass(frozen=True)
class _Show:
    found: Coverage

    def document(self, facts: RunFacts) -> Document:
        sheets = (
            self.show_overview(),
            self._show(
                "Cover",
                "cover",
                "What becomes of all that was asked: what relieves the need (overlapping needs are "
                "met once, measures remove a part), what covers it, and what is missing.",
                on_screen=True,
            ),
            self._show(
                "Units planned",
                "units",
                "The units behind the cover: own for the member's own part, delegated to the "
                "common defence. each: power of one unit. Planned power may be more than what "
                "counts.",
            ),
            self.show_binding(),
            self._show(
                "Who gives",
                "given",
                "The next unit: what each source contributes more or less. cover: power that "
                "counts; units planned: power; units held: units, mean of all years.",
            ),
            self._show(
                "Costs of the next unit",
                "costs",
                "What the next unit changes in each entry, present value, million; and the plan "
                "itself.",
                tell_plan(self.found.base),
            ),
        )
        title = f"Cover of {self.threat} in {self.found.year}"
        return document_on_base(self.found.base, title, self.say_finding(), sheets, facts)

    @cached_property
    def threat(self) -> str:
        """The threat by its name and code."""
        name = self.found.names.get(self.found.rows.need.asks, {}).get(self.found.threat, "")
        return f"{name} ({self.found.threat})" if name else self.found.threat

    @cached_property
    def money(self) -> str:
        """What money is measured in."""
        return self.found.base.data.horizon.present_value

    @cached_property
    def next_units(self) -> pd.DataFrame:
        """The next unit of each need in words, with who gives most of it; what is short has no
        cost."""
        frame = self.found.tables["next"].copy()
        frame.insert(0, "of", self._name_needs(frame))
        frame["givers"] = [self._list_givers(need) for need in frame["of"]]
        frame.loc[self._is_short(frame), ["cost", "cost_least", "cost_most"]] = math.nan
        return frame

    @staticmethod
    def _is_short(following: pd.DataFrame) -> Any:
        return following["equally_secure"] == False  # noqa: E712 (None: not answered)

    def _name_needs(self, frame: pd.DataFrame) -> list[str]:
        """The need of each row of one of the tables, in a few words."""
        rows = self.found.rows
        told = frame[list(rows.told_by)].itertuples(index=False, name=None)
        return [rows.name_need(row, self.found.names) for row in told]

    def _list_givers(self, need: str) -> str:
        """Who gives most of one more unit of a need."""
        given, rows = self.found.tables["given"], self.found.rows
        given = given[(given["level"] == "cover") & (given["source"] != rows.need.missing)]
        sums: dict[str, float] = {}
        for of, row in zip(self._name_needs(given), given.to_dict("records"), strict=True):
            if of == need:
                giver = self._name(rows.party, row[rows.party]) or row["meaning"] or row["source"]
                sums[giver] = sums.get(giver, 0.0) + row["change"]
        most = sorted(sums.items(), key=lambda pair: -pair[1])[:_MOST_GIVERS]
        return ", ".join(f"{giver} {change:+.3f}" for giver, change in most if change > 0)

    def _name(self, index: str, code: Any) -> str:
        return self.found.names.get(index, {}).get(code) or str(code)

    def say_finding(self) -> str:
        """How many needs are met, what binds them, and what the dearest next unit costs."""
        needs = self.found.tables["needs"]
        met = sum(map(is_met, needs[SHORTFALL], needs["need"]))
        binding = len(self.found.tables["binds"])
        rules = f"{binding} rules are" if binding != 1 else "1 rule is"
        told = (
            f"{met} of {len(needs)} needs of {self.threat} in {self.found.year} are met; {rules} "
            "at the limit."
        )
        steps = [row for row in plain_records(self.next_units) if row["cost"] is not None]
        if not steps:
            return told
        dearest = max(steps, key=lambda row: row["cost"])
        most = "most: " if len(steps) > 1 else ""
        cost = f"{dearest['cost']:,.1f} {self.found.base.data.horizon.millions}"
        return f"{told} {dearest['step']:g} more of {dearest['of']} would cost {most}{cost}."

    def show_overview(self) -> Sheet:
        """Needs, what one more unit of them costs, who covers them, and the charts of both."""
        found, following = self.found, self.next_units
        needs = self._tabulate("needs", "Needs of the threat in that year")
        short = [
            row
            for row, missing, need in zip(
                range(len(needs.rows)), needs.column(SHORTFALL), needs.column("need"), strict=True
            )
            if not is_met(missing, need)
        ]
        needs = replace(needs, marks={(row, SHORTFALL): "bad" for row in short})
        left = int(following["status"].isin(_LEFT).sum())
        cautions = {
            _NOT_EQUAL: bool(self._is_short(following).any()),
            f"{left:,} of {len(following):,} steps: {NOT_ASKED}": left > 0,
        }
        charts = [
            Chart(
                "stacked",
                "sources",
                "need",
                tuple(self._sources),
                "Who covers the need: power",
                bad=tuple({f"from.{found.rows.need.missing}"} & set(self._sources)),
            )
        ]
        if following["cost"].notna().any():
            title = f"What one more unit costs, {found.base.data.horizon.millions}"
            charts.append(Chart("bars", "next", "of", ("cost",), title))
        text = (
            f"How {self.threat} is covered in {found.year}, what binds, and what one more unit of "
            "each of its needs would cost in that year alone. Money is present value, million; "
            "power that is missing is no money and never added to it."
        )
        blocks: tuple[Block, ...] = (
            needs,
            self._tabulate("next", "One more unit of a need, in that year alone", following),
            *(Note(words, "warn") for words, is_so in cautions.items() if is_so),
            self._tabulate_sources(),
            Beside(tuple(charts)),
        )
        return Sheet("Why", text, blocks, on_screen=True)

    @cached_property
    def _sources(self) -> dict[str, str]:
        """The columns of what covers the needs: each member, each source that no member gives, and
        what is missing last; with their headings."""
        cover, rows = self.found.tables["cover"], self.found.rows
        covering = cover[cover["kind"] != RELIEVES]
        found = {}
        for row in covering.to_dict("records"):
            party, source = row[rows.party], row["source"]
            heading = self._name(rows.party, party) if party else source.replace("_", " ")
            found[f"from.{party or source}"] = heading
        missing = f"from.{rows.need.missing}"
        if missing in found:
            found[missing] = found.pop(missing)
        return found

    def _tabulate_sources(self) -> Table:
        """A row for each need, a column for each member and each source that no member gives."""
        cover, rows = self.found.tables["cover"], self.found.rows
        names = self._name_needs(self.found.tables["needs"])
        sums = {name: dict.fromkeys(self._sources, 0.0) for name in names}
        for need, row in zip(self._name_needs(cover), cover.to_dict("records"), strict=True):
            if row["kind"] != RELIEVES:
                sums[need][f"from.{row[rows.party] or row['source']}"] += row["power"]
        columns = [
            Column("need"),
            *(
                Column(name, "number", heading, measure="power", decimals=3)
                for name, heading in self._sources.items()
            ),
        ]
        records = [{"need": name, **sums[name]} for name in names]
        return table_of("sources", columns, records, title="Who covers the need: power by source")

    def show_binding(self) -> Sheet:
        """Rules at their limit, the dearest first."""
        found, binds = self.found, self.found.tables["binds"]
        text = (
            "Rules of planners and members at their limit that touch these needs, in that year or "
            "before, the dearest first. price: what one more unit of room would save with nothing "
            "more missing; room: for how much more room it was found to hold at least. None is "
            "told where it holds for none. where: the cell that lays it down. cssopt rules tells "
            "what each rule costs as a whole, and what is missing because of it."
        )
        told = binds["price"].isna() | (binds["price"] > 0)
        picked = tuple(told.to_numpy().nonzero()[0].tolist())[:_MOST_RULES]
        table = replace(
            self._tabulate("binds"),
            picked=picked if len(binds) > _MOST_RULES else None,
            note=_NO_PRICE if binds["price"].isna().any() else "",
        )
        nothing = Note("No rule of planners that touches these needs is at its limit.")
        untold = f"Cells behind rules cannot be told: {found.untold}"
        blocks = (
            *([Note(untold, "warn")] if found.untold else []),
            table if table.rows else nothing,
        )
        return Sheet("What binds", text, blocks, on_screen=True)

    def _show(
        self, name: str, table: str, text: str, *more: Block, on_screen: bool = False
    ) -> Sheet:
        shown = self._tabulate(table)
        nothing = Note("There is nothing to show.")
        return Sheet(name, text, (shown if shown.rows else nothing, *more), on_screen=on_screen)

    def _tabulate(self, name: str, title: str = "", frame: pd.DataFrame | None = None) -> Table:
        """A table of what was found, with the full name beside each code."""
        frame = self.found.tables[name] if frame is None else frame
        names, columns, records = self.found.names, [], plain_records(frame)
        # The first column of `next` names the need in words.
        told = set(self.found.rows.told_by) if name == "next" else set()
        for index in map(str, frame.columns):
            column = self._columns.get(index) or index_column(index)
            if (name, index) == ("costs", "change"):
                column = replace(column, measure=self.money)
            columns.append(replace(column, on_screen=False) if index in {*names, *told} else column)
            if index in names:
                columns.append(Column(f"{index}_name", on_screen=index not in told))
                for record in records:
                    record[f"{index}_name"] = names[index].get(record[index], "")
        return table_of(name, columns, records, title=title)

    @cached_property
    def _columns(self) -> Mapping[str, Column]:
        """How the columns of the tables are shown; the others are indices."""

        def power(name: str, title: str = "") -> Column:
            return Column(name, "number", title, measure="power", decimals=3)

        def money(name: str, title: str = "", says: str = "", *, on_screen: bool = True) -> Column:
            return Column(name, "number", title, says, self.money, 2, on_screen=on_screen)

        def share(name: str, title: str, *, on_screen: bool = True) -> Column:
            measure = "missing shares of needs times priority and weight, added up"
            return Column(name, "number", title, "", measure, 4, on_screen=on_screen)

        every = (
            *map(power, ("need", "covered", SHORTFALL, "power", "asked", "each", "step")),
            Column("units", "number", measure="units", decimals=3),
            money("price", says="what one more unit of room would save"),
            Column("limit", "number", decimals=2, on_screen=False),
            Column("room", "number", "holds for more room", decimals=3),
            Column("of", title="one more of"),
            money("cost"),
            money("cost_least", "cost, at least", on_screen=False),
            money("cost_most", "cost, at most", on_screen=False),
            power("missing", "stays uncovered"),
            share("missing_share", "missing share"),
            share("missing_share_least", "missing share, at least", on_screen=False),
            share("missing_share_most", "missing share, at most", on_screen=False),
            Column("equally_secure", title="at equal security", on_screen=False),
            Column("status"),
            Column("gap", "tiny", on_screen=False),
            Column("seconds", "seconds", on_screen=False),
            Column("audit", on_screen=False),
            Column("givers", "sentence", "who gives most of it", "power, more than before"),
            Column("change", "number", decimals=3),
            Column("kind"),
            Column("level"),
            Column("entry"),
            Column("source", on_screen=False),
            Column("rule", on_screen=False),
            Column("at", title="codes", on_screen=False),
            Column("place", "sentence", "at"),
            Column("meaning", "sentence"),
            Column("text", "sentence", "what is laid down"),
            Column("where", "sentence"),
        )
        return {column.name: column for column in every}
