"""Reading what a sweep varies, as it is written on the command line or above a column."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.runs.vary import MOST_RUNS, Value, Variation, check_labels, check_values
from cssopt.tables.changes import show_place, split_set, write_label
from cssopt.tables.convert import quote
from cssopt.tables.data import Data
from cssopt.tables.nearest import find_meant, nearest_name
from cssopt.tables.notation import (
    LONGEST,
    NotationError,
    Quoted,
    find_second_reading,
    read_amount,
    read_list,
    read_range,
)
from cssopt.tables.numbers import AmbiguousNumberError
from cssopt.tables.patch import Step, check_percentage
from cssopt.tables.scenarios import Scenarios
from cssopt.tables.spec import Column
from cssopt.tables.where import choose_rows, read_where, write_where

BASE: Final = "base"
"""Name of the inputs as they are, among scenarios."""

SCENARIO: Final = "scenario"
"""Label of the quantity whose values are scenarios."""

MOST_VARIED: Final = 200
"""Quantities of one sweep, each of which is compared with all others."""

_OPTION: Final = "--vary"
_FLAGS: Final = {"TRUE": True, "FALSE": False}
_SCENARIO = re.compile(rf"{SCENARIO}\s*=(.*)", re.DOTALL)
_LIST: Final = "Write values as 0.8, 1, 1.2, or FROM:TO:BY as 0.8:1.2:0.1."
_ALONE: Final = "Write it alone, with a point for decimals, or write its values."
_TEXTS: Final = ("text", "flag")
"""Kinds of columns in whose values ``..`` and ``:`` are signs like any other."""


def read_variations(
    texts: Sequence[str], data: Data, scenarios: Scenarios | None = None
) -> tuple[Variation, ...]:
    """What the texts vary: values to combine in a grid, or ranges to draw from.

    ``requirements.level*=0.8:1.4:0.1`` goes from 0.8 to 1.4 by 0.1, both included;
    ``members[member=A].gdp=1,2,4`` lists values (a text with a comma stands in double
    quotes; ``;`` separates values too); ``settings.discount_rate=0.02..0.05`` is a range;
    ``scenario=base,border worse`` names `scenarios`. The signs are those of ``--set``: ``=`` sets,
    ``*=`` scales, ``+=`` adds. ``0,9`` can be a number or two values, and is refused.

    Raises DataError with everything that is wrong, tables, columns and rows that are not in
    `data` included.
    """
    if len(texts) > MOST_VARIED:
        text = (
            f"stands {len(texts):,} times; at most {MOST_VARIED} quantities are varied. Vary fewer."
        )
        raise DataError([Issue("E-520", _OPTION, text)], _OPTION)
    variations: list[Variation] = []
    issues: list[Issue] = []
    for text in texts:
        try:
            variations.append(_read_variation(text, data, scenarios or {}))
        except DataError as error:
            issues += error.issues
    issues += check_labels(variations, data)
    if issues:
        raise DataError(issues, _OPTION)
    return tuple(variations)


def read_label(text: str, place: str, scenarios: Scenarios) -> Variation:
    """What a label varies: ``requirements[threat=North].level*``, ``scenario``.

    Raises DataError where it is no label.
    """
    if text.strip() == SCENARIO:
        if any(find_meant(name, [BASE]) for name in scenarios):
            text = f"{quote(BASE)} is the name of the inputs as they are. Rename the scenario."
            raise DataError([Issue("E-513", place, text)])
        return Variation(label=SCENARIO, scenarios={BASE: (), **scenarios})
    step, written = split_set(f"{text.strip().removesuffix('=')}=", place)
    if written:
        value = quote(written.removesuffix("=").strip())
        text = f"gives the value {value}. Leave it out: the values stand below."
        raise DataError([Issue("E-523", place, text)])
    return _vary(replace(step, place=place))


def check_scenarios(variation: Variation, place: str, values: Sequence[Value]) -> list[Issue]:
    """An issue for each value that should be the name of a scenario and is none."""
    if variation.change is not None:
        return []
    known = variation.scenarios
    return [
        Issue("E-512", place, f"{quote(name)} is no scenario.{nearest_name(str(name), known)}")
        for name in dict.fromkeys(values)
        if str(name) not in known
    ]


def find_scenario(name: str, variation: Variation) -> str:
    """The scenario that a name can only mean, whatever its case; the name itself where none is."""
    return find_meant(name, variation.scenarios) or name


def find_column(variation: Variation, data: Data) -> Column | None:
    """The column that is varied; None for scenarios, and where the tables have no such column."""
    change = variation.change
    table = None if change is None else data.tables.get(change.table)
    if change is None or table is None or change.column not in table.columns:
        return None
    return table.spec.column(change.column)


def _read_variation(text: str, data: Data, scenarios: Scenarios) -> Variation:
    place = show_place(_OPTION, text)
    if len(text) > LONGEST:
        raise _refuse(place, f"it has over {LONGEST:,} characters. Shorten it.")
    if match := _SCENARIO.fullmatch(text.strip()):
        variation, written = read_label(SCENARIO, place, scenarios), match[1].strip()
        names = [find_scenario(name, variation) for name in _list(written, place)]
        variation = replace(variation, values=_once(names, place))
    else:
        step, written = split_set(text, _OPTION)
        variation = _vary(step)
        column = find_column(variation, data)
        variation = _read_numbers(variation, written, column, place)
    issues = check_scenarios(variation, place, variation.values)
    issues = issues or check_values(variation, variation.span or variation.values, data)
    if issues:
        raise DataError(issues, _OPTION)
    return _mark_whole(name_rows(variation, data), data, place)


def name_rows(variation: Variation, data: Data) -> Variation:
    """The variation with its rows in the letters of the tables, so that its label says which."""
    change = variation.change
    if change is None:
        return variation
    choice = choose_rows(data.tables[change.table], read_where(change.where))
    change = replace(change, where=write_where(choice.conditions))
    return replace(variation, label=write_label(change), change=change)


def _vary(step: Step) -> Variation:
    return Variation(label=write_label(step), change=step)


def _read_numbers(
    variation: Variation, written: str, column: Column | None, place: str
) -> Variation:
    """The variation with its range, or with the values of a grid: from, to and by, or a list."""
    if (column is None or column.kind not in _TEXTS) and '"' not in written:
        if span := _read_span(variation, written, column, place):
            return replace(variation, span=span)
        if ":" in written:
            return replace(variation, values=_read_steps(variation, written, column, place))
    values = tuple(
        read_value(part, place, column, variation.change) for part in _list(written, place)
    )
    _check_comma(variation, written, column, place)
    return replace(variation, values=_once(values, place))


def _list(written: str, place: str) -> list[str]:
    try:
        parts = read_list(written, ";,")
    except NotationError as error:
        raise _refuse(place, f"{error}. {_LIST}") from None
    if not parts:
        raise _refuse(place, f"a value is missing. {_LIST}")
    return parts


def _once(values: Sequence[Value], place: str) -> tuple[Value, ...]:
    if doubled := [value for value in dict.fromkeys(values) if values.count(value) > 1]:
        raise _refuse(place, f"the value {doubled[0]} stands twice. Write it once.")
    return tuple(values)


def _check_comma(variation: Variation, written: str, column: Column | None, place: str) -> None:
    """A list such as ``0,9`` that could be one number as well is refused, with both readings."""
    if ";" in written or "," not in written or (column is not None and column.kind in _TEXTS):
        return
    scaled = variation.change is not None and variation.change.change == "scale"
    whole = column is not None and column.kind == "whole" and not scaled
    number = find_second_reading(written, whole=whole)
    if number:
        parts = [part.strip() for part in written.split(",")]
        listed = f"the values {', '.join(parts[:-1])} and {parts[-1]}"
        text = (
            f"{written} can mean the number {number}, or {listed}. Write {number}, or "
            f"{'; '.join(parts)}."
        )
        raise DataError([Issue("E-518", place, text)], _OPTION)


def read_value(
    part: object, place: str, column: Column | None = None, change: Step | None = None
) -> Value:
    """A number, flag or text, as it is written for a column; DataError where it cannot be one."""
    if isinstance(part, Quoted | bool) or (column is not None and column.kind == "text"):
        return part if isinstance(part, bool | str) else str(part)
    if isinstance(part, str):
        if part.upper() in _FLAGS:
            return _FLAGS[part.upper()]
        return _read_amount(part, part, place, column, change)
    number = float(part)  # type: ignore[arg-type]
    if not math.isfinite(number):
        raise _refuse(place, "a number is too large. Write one below 1e99.")
    return number


def _read_amount(
    part: str, written: str, place: str, column: Column | None, change: Step | None
) -> float | str:
    """A number that was written; the text itself where it is none."""
    try:
        number = read_amount(part)
    except AmbiguousNumberError as error:
        text = f"{quote(part)} can mean {error}. Write the one you mean."
        raise DataError([Issue("E-107", place, text)], _OPTION) from None
    if number is None:
        return part
    _check_percentage(part, place, column, change)
    if not math.isfinite(number):
        raise _refuse(place, "a number is too large. Write one below 1e99.")
    return number


def _check_percentage(part: str, place: str, column: Column | None, change: Step | None) -> None:
    if column is None or change is None:
        return  # told when it is tried on the tables
    if problem := check_percentage(part.strip(), change.change, column):
        raise DataError([Issue("E-515", place, problem)], _OPTION)


def _read_steps(
    variation: Variation, written: str, column: Column | None, place: str
) -> tuple[float, ...]:
    """From, to and by, in decimals, so that 0.8:1.4:0.1 gives 0.9 and not 0.9000000000000001."""
    if "," in written or ";" in written:
        raise _refuse(place, f"{written} cannot stand in a list. {_ALONE}")
    parts = [part.strip() for part in written.split(":")]
    numbers = [_read_amount(part, written, place, column, variation.change) for part in parts]
    texts = [part for part, number in zip(parts, numbers, strict=True) if isinstance(number, str)]
    if texts or len(parts) > 3:
        text = f"{quote(written)} is no FROM:TO:BY"
        why = f": {quote(texts[0])} is no number" if texts else ""
        raise _refuse(place, f"{text}{why}. Write three numbers, alone: 0.8:1.2:0.1.")
    if len(parts) == 2:
        by_tenths = "0.1" if numbers[0] < numbers[1] else "-0.1"  # type: ignore[operator]
        text = f"{written} has no step. Write FROM:TO:BY, such as {written}:{by_tenths}."
        raise _refuse(place, text)
    first, last, by = (Decimal(repr(number)) for number in numbers)
    if not by or (last - first) / by < 0:
        plain = [_write_decimal(number) for number in (by, first, last)]
        text = f"steps of {plain[0]} never lead from {plain[1]} to {plain[2]}. Turn the step."
        raise _refuse(place, text)
    if (last - first) / by >= MOST_RUNS:
        raise _refuse(place, f"{written} has more than {MOST_RUNS:,} values. Widen the step.")
    count = int((last - first) / by)
    reached = first + count * by
    if reached != last:
        plain = [_write_decimal(number) for number in (by, first, reached, last)]
        text = (
            f"steps of {plain[0]} from {plain[1]} end at {plain[2]}, not at {plain[3]}. "
            f"Write {plain[1]}:{plain[2]}:{plain[0]}, or another step."
        )
        raise _refuse(place, text)
    return tuple(float(first + i * by) for i in range(count + 1))


def _write_decimal(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _read_span(
    variation: Variation, written: str, column: Column | None, place: str
) -> tuple[float, float] | None:
    """The ends of a range; None for a text that is none."""
    if ".." not in written:
        return None
    if "," in written or ";" in written:
        part = next(p.strip() for p in re.split("[,;]", written) if ".." in p)
        raise _refuse(place, f"{part} cannot stand in a list. {_ALONE}")
    for end in written.split(".."):
        _check_percentage(end, place, column, variation.change)
    try:
        span = read_range(written)
    except NotationError as error:
        raise _refuse(place, f"{error}.") from None
    assert span is not None
    if not all(map(math.isfinite, span)):
        raise _refuse(place, "a number is too large. Write one below 1e99.")
    if span[0] == span[1]:
        raise _refuse(place, f"{written} is no range. Write the lesser number first.")
    return span


def _mark_whole(variation: Variation, data: Data, place: str) -> Variation:
    """The variation, with a mark where only whole numbers may be drawn from its range."""
    change, span = variation.change, variation.span
    if change is None or span is None:
        return variation
    if data.tables[change.table].spec.column(change.column).kind != "whole":
        return variation
    if change.change == "scale":
        text = (
            f"{change.column} holds whole numbers, which a drawn factor would break. "
            "Draw what to set (=) or to add (+=)."
        )
        raise _refuse(place, text)
    if not (span[0].is_integer() and span[1].is_integer()):
        raise _refuse(place, f"{change.column} holds whole numbers. End the range at such.")
    return replace(variation, whole=True)


def _refuse(place: str, text: str) -> DataError:
    return DataError([Issue("E-520", place, text)], _OPTION)
