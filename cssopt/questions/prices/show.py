"""Prices as a document: the dearest cells at a glance, every cell, every rule year by year."""

from __future__ import annotations

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
    Mark,
    Note,
    Pair,
    Pairs,
    Sheet,
    Table,
    pick_rows,
    table_of,
)
from cssopt.document.index_columns import Names, find_names, index_column, tell_key
from cssopt.document.run_facts import RunFacts
from cssopt.names import YEAR, in_words, key_parts
from cssopt.questions.prices.result import PlanPrices
from cssopt.solution.plain import plain_records
from cssopt.solution.price import (
    ERRS,
    FIXED,
    LESS_ONLY,
    MIXED,
    MONEY,
    SHORT_SAYS,
    UNASKED,
    CellPrice,
    RulePrice,
)
from cssopt.tables.numbers import say

_MOST_SHOWN: Final = 20
"""Cells with their prices of the last stage; of each stage before it half as many."""
_MIXED_SAYS: Final = (
    "What this study minimizes last is not money alone (a penalty or another aim is in it): "
    "these prices are of that objective, and are no money."
)
_STEPS_SAY: Final = (
    "A small step is 1 % of what the cell holds, or where that is 0 of the mean of its column: so "
    "that cells of different measures can be weighed against each other. Where a price ends before "
    "that, it is told as if it went on."
)
_HOLDS_SAYS: Final = (
    "A price holds between the values that stand beside it: there it errs by no more than "
    f"{ERRS:.1%} of what it tells. None is told without them."
)
_UNLOOKED_SAYS: Final = (
    "Without a price, because to look for their ranges would take too long: {count:,} of the cells "
    "and rules. Needs and ceilings were looked at first, then shares and costs, the dearest by the "
    "duals of the plan before the others."
)
_TWO_SAYS: Final = "known to be another for less than for more: both given"
_AT_LEAST_SAYS: Final = "to one side or both: known by the plan alone, and they may hold farther"
_UNASKED_SAYS: Final = (
    "No price is told without the range in which it holds, and none was asked for: choose planned "
    "or all in place of none."
)
_NOTHING_HOLDS: Final = "No cell that planners set has a price: none holds the plan back."
_OF_LP: Final = {"lp": "the plan, all numbers of it", "fixed": "with its whole numbers fixed"}


def show_prices(found: PlanPrices, facts: RunFacts) -> Document:
    """The prices of a plan."""
    return _Show(found, find_names(found.solution.data)).document(facts)


@dataclass(frozen=True)
class _Show:
    found: PlanPrices
    names: Names

    def document(self, facts: RunFacts) -> Document:
        found = self.found
        sheets = [self.show_dearest()]
        if found.stages:
            sheets += [self.show_cells(), self.show_rules()]
        return document_on_base(
            found.solution,
            "What inputs cost or save",
            self.say_dearest() if found.stages else found.message,
            sheets,
            replace(facts, seconds={**facts.seconds, **found.seconds}),
        )

    @cached_property
    def stages(self) -> list[tuple[int, str]]:
        """Place and name of each stage, the last first."""
        stages = self.found.stages
        return sorted(enumerate(stages), key=lambda one: (one[0] + 1) % len(stages))

    @cached_property
    def measures(self) -> Mapping[str, str]:
        """What is counted in each stage."""
        study = self.found.solution.study
        money = self.found.solution.data.horizon.present_value
        told = dict.fromkeys(self.found.stages, "")
        if (spent := study.measure("expenditure")) is not None:
            told[spent.figure] = money
        if study.need is not None:
            told[study.need.share] = "missing shares of needs times priority and weight, added up"
        return {**told, MONEY: money}

    def name_cell(self, cell: CellPrice) -> str:
        """Row and column of a cell in words: ``North, Land, day 30: level``."""
        if cell.key is None:
            return cell.column.replace("_", " ")
        indices = self.found.solution.data.tables[cell.table].spec.key
        who = tell_key(indices, key_parts(cell.key), self.names)
        return f"{who}: {cell.column.replace('_', ' ')}"

    def say_dearest(self) -> str:
        """What holds the plan back most, in a sentence: first of all what security hangs on."""
        if not any(cell.slopes for cell in self.found.cells):
            return _UNASKED_SAYS if self._is_unasked else _NOTHING_HOLDS
        planned = sum(cell.planned for cell in self.found.cells)
        is_short = not self.found.solution.threats_met
        for place, stage in enumerate(self.found.stages) if is_short else self.stages:
            if ranked := self.found.rank(place):
                first = ranked[0]
                unit = f" {self.found.solution.data.horizon.millions}" * (stage == MONEY)
                step, is_more = abs(first.sure_step), first.sure_step > 0
                change = first.slopes[place] * first.sure_step
                far = "" if step >= first.step else " (as far as its price is known to hold)"
                return (
                    f"{len(ranked):,} of the {planned:,} cells that planners set move the "
                    f"{in_words(stage)}, most of all {self.name_cell(first)}, of which "
                    f"{say(float(f'{step:.4g}'))} {'more' if is_more else 'less'}{far} changes it "
                    f"by {change:+,.4g}{unit}."
                )
        return _NOTHING_HOLDS

    @property
    def _is_unasked(self) -> bool:
        return all(cell.remark == UNASKED for cell in self.found.cells)

    def show_dearest(self) -> Sheet:
        """For each stage the cells of which a small step moves it most."""
        if not self.found.stages:
            blocks: list[Block] = [Note(self.found.message, "warn")]
        else:
            tables = [table for place, stage in self.stages for table in self._rank(place, stage)]
            charts = tuple(self._chart(table) for table in tables)
            blocks = [
                *(Note(text, "warn") for text in self._list_cautions()),
                *([Beside(charts)] if charts else []),
                *tables,
                *([] if charts or self._is_unasked else [Note(_NOTHING_HOLDS)]),
                Beside((self._sum_up(), tell_plan(self.found.solution))),
            ]
        return Sheet("Prices", self._explain(), tuple(blocks), on_screen=True)

    def _explain(self) -> str:
        text = (
            "What one more unit of a cell of the workbook does when everything is planned anew: "
            f"per unit of the cell, in the measure of its column. {_HOLDS_SAYS}"
        )
        if len(self.found.stages) < 2:
            return text
        first = " and ".join(map(in_words, self.found.stages[:-1]))
        return (
            f"{text} Security comes first: {first} may move too, and what the "
            f"{self.found.figure} does is told with that moving along. The two are never added up."
        )

    def _list_cautions(self) -> list[str]:
        """What must be known before any of these prices is used."""
        found = self.found
        told = {
            FIXED: found.prices_of == "fixed",
            _MIXED_SAYS: found.figure == MIXED,
            _UNASKED_SAYS: self._is_unasked,
            _UNLOOKED_SAYS.format(count=found.unlooked): found.unlooked > 0,
            SHORT_SAYS: any(cell.short for cell in found.cells if cell.planned),
        }
        return [text for text, is_so in told.items() if is_so]

    def _sum_up(self) -> Pairs:
        found = self.found
        planned = [cell for cell in found.cells if cell.planned]
        apart = sum(cell.unique is False for cell in planned)
        unknown = sum(not cell.slopes and not cell.remark for cell in planned)
        less = sum(cell.remark == LESS_ONLY for cell in planned)
        partly_known = (
            ("known at least so far", found.at_least_cells, _AT_LEAST_SAYS),
            ("with a price for less only", less, "there was no work to look at more"),
        )
        counted = [
            ("cells that are read", len(found.cells), "all in the sheet Cells"),
            ("cells that planners set", len(planned), "needs, rules, ceilings"),
            *(
                (f"with a price in {in_words(stage)}", len(found.rank(place)), "of these")
                for place, stage in self.stages
            ),
            ("of which two prices", apart, _TWO_SAYS),
            *(row for row in partly_known if row[1]),
            ("needs that are short", sum(bool(cell.short) for cell in planned), ""),
            ("without one that is known", unknown, "they cannot be moved: Cells says why"),
            ("cells and rules not looked at", found.unlooked, "it would have taken too long"),
            ("new solves", found.solves, "on slightly changed numbers"),
        ]
        reached = (
            Pair(
                f"{in_words(stage)} that is priced",
                found.reached[place],
                "money" if stage == MONEY else "number",
                self.measures[stage],
                decimals=None if stage == MONEY else 4,
            )
            for place, stage in self.stages
        )
        of_what = Pair("prices of", found.prices_of, remark=_OF_LP.get(found.prices_of, ""))
        pairs = (*(Pair(name, n, "count", says) for name, n, says in counted), of_what, *reached)
        return Pairs("summary", pairs, "What has a price")

    def _rank(self, place: int, stage: str) -> list[Table]:
        """The cells with a price in a stage, the dearest small step first; none where none has."""
        ranked, name = self.found.rank(place), in_words(stage)
        if not ranked:
            return []
        is_last = place == len(self.found.stages) - 1
        most = _MOST_SHOWN if is_last else _MOST_SHOWN // 2
        shown = f", of which {most} are shown" if len(ranked) > most else ""
        down, up = (f"{'price' if is_last else stage}_{side}" for side in ("down", "up"))
        every = [one for _, one in self.stages]
        names = [
            "what", "cell", "value", "measure", "step", *(f"{one}_of_step" for one in every),
            *every, down, up, "short", "holds_from", "holds_to",
        ]  # fmt: skip
        others = {"step", "short", *every, *(f"{one}_of_step" for one in every)}
        others -= {stage, f"{stage}_of_step"}
        if is_last and any(cell.short for cell in ranked[:most]):
            others.discard("short")
        columns = [replace(self._column(one), on_screen=one not in others) for one in names]
        records = [self._records[self._places[id(cell)]].copy() for cell in ranked[:most]]
        for cell, record in zip(ranked, records, strict=False):
            if cell.two_prices(place) is None:
                record |= {down: None, up: None}
        note = (
            f"{len(ranked):,} cells that planners set move the {name}{shown}: all stand in the "
            f"sheet Cells. {_STEPS_SAY}"
        )
        title = f"What moves the {name} most"
        return [table_of(f"dearest_{stage}", columns, records, title=title, note=note, in_view=2)]

    def _chart(self, table: Table) -> Chart:
        stage = table.name.removeprefix("dearest_")
        title = f"What a small step moves at its price: {in_words(stage)}"
        if stage == MONEY:
            title += f", {self.found.solution.data.horizon.millions}"
        return Chart("bars", table.name, "what", (f"{stage}_of_step",), title)

    @cached_property
    def _places(self) -> dict[int, int]:
        """Place of each cell among all."""
        return {id(cell): place for place, cell in enumerate(self.found.cells)}

    @cached_property
    def _records(self) -> list[dict[str, Any]]:
        """What is told of each cell."""
        found = self.found
        records = self._round(found.tables["cells"])
        return [
            {**record, "what": self.name_cell(cell)}
            for record, cell in zip(records, found.cells, strict=True)
        ]

    def show_cells(self) -> Sheet:
        """Every number that the study reads."""
        found = self.found
        # The name of the table stands in the address of the cell.
        names = [name for name in found.tables["cells"].columns if name != "table"]
        columns = [self._column(name) for name in (names[0], "what", *names[1:])]
        dear = (self._places[id(c)] for place, _ in self.stages for c in found.rank(place))
        marks: dict[tuple[int, str], Mark] = {
            (row, "unique"): "changed" for row, one in enumerate(found.cells) if one.unique is False
        }
        picked = pick_rows(dear, len(found.cells))
        table = table_of("cells", columns, self._records, in_view=2, picked=picked, marks=marks)
        text = (
            "Every number cell that the study reads, in the order of the sheets. Per unit of the "
            "cell; for less and for more, where both sides are known: where the two differ, the "
            "price is that for more. holds from, to: values of the cell between which "
            f"what is told errs by no more than {ERRS:.1%} of itself. {SHORT_SAYS}"
        )
        return Sheet("Cells", text, (*self._caution_fixed(), table))

    def _caution_fixed(self) -> list[Note]:
        return [Note(FIXED, "warn")] if self.found.prices_of == "fixed" else []

    def show_rules(self) -> Sheet:
        """The dearest rules, each at its own key."""
        found, frame = self.found, self.found.tables["rules"]
        indices = [n for n in found.solution.study.in_order(frame.columns) if n != YEAR]
        places = [self._name_place(rule) for rule in found.rules]
        others = [name for name in frame.columns if name not in indices]
        names = [*others[:2], "at", *others[2:], *indices]
        records = [
            {**record, "at": at} for record, at in zip(self._round(frame), places, strict=True)
        ]
        table = table_of("rules", [self._column(name) for name in names], records)
        text = (
            "What one more unit of room in a rule saves, by its own key (room in a need is less of "
            "it), for the rules that planners and members set, the dearest by the duals of the "
            "plan. Less than 0: room that buys security costs money. saves less, more: what less "
            "room would save less, and more room more. less room, more room: for how much of it "
            "this holds."
        )
        nothing = Note("No rule has a price: none holds the plan back.")
        return Sheet("Rules", text, (*self._caution_fixed(), table if table.rows else nothing))

    def _name_place(self, rule: RulePrice) -> str:
        """Where a rule holds, beside its year: ``North, Brigade``."""
        places = dict(zip(rule.index_names, rule.key, strict=True))
        places.pop(YEAR, None)
        return tell_key(tuple(places), tuple(places.values()), self.names)

    def _round(self, frame: pd.DataFrame) -> list[dict[str, Any]]:
        """The rows of a frame, prices in six digits."""
        return [
            {
                name: float(f"{value:.6g}")
                if isinstance(value, float) and name not in ("value", "step")
                else value
                for name, value in record.items()
            }
            for record in plain_records(frame)
        ]

    def _column(self, name: str) -> Column:
        if name in self.found.solution.study.indices:
            return index_column(name)
        return _COLUMNS.get(name) or self._prices.get(name) or Column(name, "exact")

    @cached_property
    def _prices(self) -> dict[str, Column]:
        """Columns of prices, each in the measure of its stage."""
        columns = []
        for stage, measure in self.measures.items():
            name, decimals = in_words(stage), 2 if stage == MONEY else 4
            says = "for one more unit of the cell"
            columns += [
                Column(stage, "exact", f"{name} per unit", says, measure),
                Column(f"{stage}_down", "exact", f"{name} for less", measure=measure),
                Column(f"{stage}_up", "exact", f"{name} for more", measure=measure),
                Column(f"{stage}_of_step", "number", f"{name} of it", "what a small step does",
                       measure, decimals),
                Column(f"saves_{stage}", "exact", measure=measure),
            ]  # fmt: skip
        last = self.measures[self.found.figure]
        columns += [
            Column("price_down", "exact", "for less", measure=last),
            Column("price_up", "exact", "for more", measure=last),
            Column("saves_less", "exact", measure=last),
            Column("saves_more", "exact", measure=last),
        ]
        return {column.name: column for column in columns}


_COLUMNS: Final = {
    column.name: column
    for column in (
        Column("cell"),
        Column("what", "sentence"),
        Column("row"),
        Column("column"),
        Column("value", "exact"),
        Column("measure"),
        Column("planned", title="set by planners"),
        Column("unique", title="one price"),
        Column("short", title="need"),
        Column("ends_below"),
        Column("ends_above"),
        Column("step", "exact", "small step"),
        Column("remark", "sentence"),
        Column("rule"),
        Column("meaning", "sentence"),
        Column("at", "sentence"),
        Column("year", "year"),
    )
}
"""Columns that are no prices; the others are in the measure of their stage."""
