"""Prices as a document: the dearest cells at a glance, every cell, every rule year by year."""

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
from cssopt.names import YEAR, key_parts
from cssopt.questions.prices.result import PlanPrices
from cssopt.solution.plain import plain_records
from cssopt.solution.price import (
    ERRS,
    FIXED,
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
    "that cells of different measures can be weighed against each other."
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
_UNASKED_SAYS: Final = (
    "No price is told without the range in which it holds, and none was asked for: choose planned "
    "or all in place of none."
)
_NOTHING_HOLDS: Final = "No cell that planners set has a price: none holds the plan back."
_OF_LP: Final = {"lp": "the plan, all numbers of it", "fixed": "with its whole numbers fixed"}
_NOTHING: Final = 1e-6
"""A value of a cell that is less than this share of its size is rounding."""


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
        money = f"{self.found.solution.data.horizon.money}, present value"
        told = dict.fromkeys(self.found.stages, "")
        if (spent := study.measure("expenditure")) is not None:
            told[spent.figure] = money
        if study.need is not None:
            told[study.need.share] = "missing shares of needs times priority and weight, added up"
        return {**told, MONEY: money}

    def name_cell(self, cell: CellPrice) -> str:
        """Row and column of a cell in words: ``North, Land, day 30: level``."""
        if cell.key is None:
            return cell.column
        indices = self.found.solution.data.tables[cell.table].spec.key
        return f"{tell_key(indices, key_parts(cell.key), self.names)}: {cell.column}"

    def say_dearest(self) -> str:
        """What holds the plan back most, in a sentence."""
        if not any(cell.slopes for cell in self.found.cells):
            return _UNASKED_SAYS if self._is_unasked else _NOTHING_HOLDS
        planned = sum(cell.planned for cell in self.found.cells)
        for place, stage in self.stages:
            if ranked := self.found.rank(place):
                first = ranked[0]
                unit = f" million {self.found.solution.data.horizon.currency}" * (stage == MONEY)
                return (
                    f"{len(ranked):,} of the {planned:,} cells that planners set move the "
                    f"{_in_words(stage)}, most of all {self.name_cell(first)}, of which "
                    f"{say(first.step)} more changes it by {first.of_step(place):+,.4g}{unit}."
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
        first = " and ".join(map(_in_words, self.found.stages[:-1]))
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
        unknown = sum(not cell.slopes for cell in planned) - found.unlooked_cells
        counted = [
            ("cells that are read", len(found.cells), "all in the sheet Cells"),
            ("cells that planners set", len(planned), "needs, rules, ceilings"),
            *(
                (f"with a price in {_in_words(stage)}", len(found.rank(place)), "of these")
                for place, stage in self.stages
            ),
            ("of which two prices", apart, "another one for less than for more: both are given"),
            ("needs that are short", sum(bool(cell.short) for cell in planned), ""),
            ("without one that is known", unknown, "they cannot be moved: Cells says why"),
            ("cells and rules not looked at", found.unlooked, "it would have taken too long"),
            ("new solves", found.solves, "that tell both sides and ranges"),
        ]
        reached = (
            Pair(
                f"{_in_words(stage)} that is priced",
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
        ranked = self.found.rank(place)
        if not ranked:
            return []
        is_last = place == len(self.found.stages) - 1
        most = _MOST_SHOWN if is_last else _MOST_SHOWN // 2
        name = _in_words(stage)
        columns = (
            Column("what", "sentence"),
            Column("cell"),
            Column("value", "exact"),
            Column("measure"),
            Column("step", "exact", "small step", on_screen=False),
            *(self._of_step(one, on_screen=one == stage) for _, one in self.stages),
            *(self._per_unit(one, on_screen=one == stage) for _, one in self.stages),
            Column("price_down", "exact", "for less", "per unit, where the price is another one"),
            Column("price_up", "exact", "for more"),
            Column("short", title="money", on_screen=False),
            Column("holds_from", "exact", "holds from"),
            Column("holds_to", "exact", "holds to"),
        )
        shown = f", of which {most} are shown" if len(ranked) > most else ""
        return [
            Table(
                f"dearest_{stage}",
                columns,
                tuple(self._dearest_row(cell, place) for cell in ranked[:most]),
                f"What moves the {name} most",
                f"{len(ranked):,} cells that planners set move the {name}{shown}: all stand in the "
                f"sheet Cells. {_STEPS_SAY}",
                in_view=2,
            )
        ]

    def _of_step(self, stage: str, *, on_screen: bool) -> Column:
        name = _in_words(stage)
        says, decimals = f"what a small step does to the {name}", 2 if stage == MONEY else 4
        return Column(
            f"{stage}_of_step", "number", f"{name} of it", says, self.measures[stage], decimals,
            on_screen=on_screen,
        )  # fmt: skip

    def _per_unit(self, stage: str, *, on_screen: bool) -> Column:
        says, title = "for one more unit of the cell", f"{_in_words(stage)} per unit"
        return Column(stage, "exact", title, says, self.measures[stage], on_screen=on_screen)

    def _dearest_row(self, cell: CellPrice, place: int) -> tuple[Any, ...]:
        apart = cell.two_prices(place) or (None, None)
        places = [place for place, _ in self.stages]
        return (
            self.name_cell(cell), cell.where, cell.value, cell.measure, cell.step,
            *(_significant(cell.of_step(one)) for one in places),
            *(_significant(cell.slopes[one]) for one in places),
            *map(_significant, apart), cell.short, *_find_ends(cell),
        )  # fmt: skip

    def _chart(self, table: Table) -> Chart:
        stage = table.name.removeprefix("dearest_")
        title = f"What a small step moves: {_in_words(stage)}"
        if stage == MONEY:
            title += f", million {self.found.solution.data.horizon.currency}"
        return Chart("bars", table.name, "what", (f"{stage}_of_step",), title)

    def show_cells(self) -> Sheet:
        """Every number that the study reads."""
        found, frame = self.found, self.found.tables["cells"]
        frame = frame.drop(columns="table")  # it stands in the address
        frame.insert(1, "what", [self.name_cell(cell) for cell in found.cells])
        frame["holds_from"], frame["holds_to"] = (
            [_find_ends(cell)[side] for cell in found.cells] for side in (0, 1)
        )
        table = self._tabulate("cells", frame)
        places = {id(cell): place for place, cell in enumerate(found.cells)}
        dear = [places[id(cell)] for place, _ in self.stages for cell in found.rank(place)]
        picked = pick_rows(dear, len(found.cells))
        marks: dict[tuple[int, str], Mark] = {
            (row, "unique"): "changed" for row, one in enumerate(found.cells) if one.unique is False
        }
        table = replace(table, in_view=2, picked=picked, marks=marks)
        text = (
            "Every number cell that the study reads, in the order of the sheets. Per unit of the "
            "cell; for less and for more, where new solves looked at both sides: where the two "
            "differ, the price is that for more. holds from, to: values of the cell between which "
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
        codes = frame[indices]
        frame = frame.drop(columns=indices)
        frame.insert(2, "at", places)
        table = self._tabulate("rules", pd.concat([frame, codes], axis=1))
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

    def _tabulate(self, name: str, frame: pd.DataFrame) -> Table:
        """A table of a frame: prices in six digits, as far as they can be told."""
        columns, records = [self._column(str(name)) for name in frame.columns], plain_records(frame)
        rounded = [one.name for one in columns if one.form == "exact" and one.name not in _AS_TYPED]
        for record in records:
            record |= {one: _significant(record[one]) for one in rounded}
        return table_of(name, columns, records)

    def _column(self, name: str) -> Column:
        if name in _COLUMNS:
            return _COLUMNS[name]
        if name in self.found.solution.study.indices:
            return index_column(name)
        stage = next((one for one in self.found.stages if one in name), self.found.figure)
        is_price = stage in name or name.startswith(("price", "saves"))
        return Column(name, "exact", measure=self.measures[stage] if is_price else "")


_AS_TYPED: Final = ("value", "step")
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
        Column("short", meaning="of which less or more has no price in money"),
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


def _in_words(name: str) -> str:
    return name.replace("_", " ")


def _significant(number: float | None) -> float | None:
    """A number in six digits; None where there is none."""
    if number is None or not math.isfinite(number):
        return None
    return float(f"{number:.6g}")


def _find_ends(cell: CellPrice) -> list[float | None]:
    """The values between which what is told of a cell holds; None for a side without a price."""
    return [
        None
        if side is None or not side.slopes
        else 0.0
        if abs(side.until) <= _NOTHING * cell.size
        else _significant(side.until)
        for side in (cell.down, cell.up)
    ]
