"""Reading what a sweep varies, as it is written on the command line or above a column."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from cssopt.analysis.design import (
    MOST_RUNS,
    Value,
    Variation,
    check_labels,
    check_values,
)
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.data import Data
from cssopt.tables.nearest import nearest_name
from cssopt.tables.numbers import read_plain
from cssopt.tables.patch import Step
from cssopt.tables.scenarios import Scenarios, read_set

BASE: Final = "base"
"""Name of the inputs as they are, among scenarios."""

SCENARIO: Final = "scenario"
"""Label of the quantity whose values are scenarios."""

_OPTION: Final = "--vary"
_MARKS: Final[Mapping[str, str]] = {"set": "", "scale": "*", "add": "+"}
_NUMBER = r"([+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,2})?)"
_STEPS = re.compile(rf"{_NUMBER}\s*:\s*{_NUMBER}(?:\s*:\s*{_NUMBER})?")
_SPAN = re.compile(rf"{_NUMBER}\s*\.\.\s*{_NUMBER}")
_SCENARIO = re.compile(rf"{SCENARIO}\s*=\s*(.*)", re.DOTALL)


def read_variations(
    texts: Sequence[str], data: Data, scenarios: Scenarios | None = None
) -> tuple[Variation, ...]:
    """What the texts vary: values to combine in a grid, or ranges to draw from.

    ``requirements.level*=0.8:1.4:0.1`` goes from 0.8 to 1.4 by 0.1, both included;
    ``members[member=A].gdp=1,2,4`` lists values (a text with a comma stands in double
    quotes); ``settings.discount_rate=0.02..0.05`` is a range; ``scenario=base,border worse`` names
    `scenarios`. The signs are those of ``--set``: ``=`` sets, ``*=`` scales, ``+=`` adds.

    Raises DataError with everything that is wrong, tables, columns and rows that are not in
    `data` included.
    """
    variations: list[Variation] = []
    issues: list[Issue] = []
    for text in texts:
        try:
            variations.append(_read_variation(text, data, scenarios or {}))
        except DataError as error:
            issues += error.issues
    issues += check_labels(variations)
    if issues:
        raise DataError(issues, _OPTION)
    return tuple(variations)


def read_label(text: str, place: str, scenarios: Scenarios) -> Variation:
    """What a label varies: ``requirements[threat=North].level*``, ``scenario``.

    Raises DataError where it is no label.
    """
    if text.strip() == SCENARIO:
        return Variation(label=SCENARIO, scenarios={BASE: (), **scenarios})
    return _vary(replace(read_set(f"{text.strip().removesuffix('=')}=", place), place=place))


def check_scenarios(variation: Variation, place: str, values: Sequence[Value]) -> list[Issue]:
    """An issue for each value that should be the name of a scenario and is none."""
    if variation.change is not None:
        return []
    known = variation.scenarios
    return [
        Issue("E-512", place, f'"{name}" is no scenario.{nearest_name(str(name), known)}')
        for name in dict.fromkeys(values)
        if str(name) not in known
    ]


def _read_variation(text: str, data: Data, scenarios: Scenarios) -> Variation:
    place = f"{_OPTION} {text}"
    if match := _SCENARIO.fullmatch(text.strip()):
        variation = read_label(SCENARIO, place, scenarios)
        written: object = match[1]
    else:
        step = read_set(text, _OPTION)
        variation, written = _vary(step), step.value
    if isinstance(written, bool):
        variation = replace(variation, values=(written,))
    elif variation.change is not None and (span := _SPAN.fullmatch(str(written))):
        variation = replace(variation, span=_read_span(span, place))
    else:
        values = _read_values(str(written or ""), place)
        variation = replace(variation, values=values)
    issues = check_scenarios(variation, place, variation.values)
    issues = issues or check_values(variation, variation.span or variation.values, data)
    if issues:
        raise DataError(issues, _OPTION)
    return _mark_whole(variation, data, place)


def _vary(step: Step) -> Variation:
    where = f"[{step.where.strip()}]" if step.where.strip() else ""
    label = f"{step.table}{where}.{step.column}{_MARKS[step.change]}"
    return Variation(label=label, change=step)


def _read_values(text: str, place: str) -> tuple[Value, ...]:
    """The values of a grid: from, to and by, or a list."""
    if match := _STEPS.fullmatch(text):
        return _read_steps(match, place)
    try:
        (parts,) = csv.reader([text], skipinitialspace=True, strict=True)
    except (csv.Error, ValueError):
        raise _refuse(place, f"the list {text} cannot be read. Check its quotes.") from None
    parts = [part.strip() for part in parts]
    if not all(parts) or not parts:
        raise _refuse(place, "a value is missing. Write 0.8,1,1.2 or FROM:TO:BY, 0.8:1.2:0.1.")
    for part in parts:
        if _SPAN.fullmatch(part) or (len(parts) > 1 and _STEPS.fullmatch(part)):
            raise _refuse(place, f"{part} cannot stand in a list. Write it alone, or its values.")
    values = [read_value(part, place) for part in parts]
    if doubled := [value for value in dict.fromkeys(values) if values.count(value) > 1]:
        raise _refuse(place, f"the value {doubled[0]} stands twice. Write it once.")
    return tuple(values)


def read_value(part: object, place: str) -> Value:
    """A number, flag or text, as it is written; DataError where it is no finite number."""
    value = read_plain(part) if isinstance(part, str) else part
    if isinstance(value, bool | str):
        return value
    number = float(value)  # type: ignore[arg-type]
    if not math.isfinite(number):
        raise _refuse(place, "a number is too large. Write one below 1e99.")
    return number


def _read_steps(match: re.Match[str], place: str) -> tuple[float, ...]:
    """From, to and by, in decimals, so that 0.8:1.4:0.1 gives 0.9 and not 0.9000000000000001."""
    if match[3] is None:
        by_tenths = "0.1" if float(match[1]) < float(match[2]) else "-0.1"
        text = f"{match[0]} has no step. Write FROM:TO:BY, such as {match[0]}:{by_tenths}."
        raise _refuse(place, text)
    first, last, by = (Decimal(match[i]) for i in (1, 2, 3))
    if not by or (last - first) / by < 0:
        raise _refuse(place, f"steps of {by} never lead from {first} to {last}. Turn the step.")
    if (last - first) / by >= MOST_RUNS:
        raise _refuse(place, f"{match[0]} has more than {MOST_RUNS:,} values. Widen the step.")
    count = int((last - first) / by)
    reached = first + count * by
    if reached != last:
        end = f"{reached.normalize():f}"
        text = f"steps of {by} from {first} end at {end}, not at {last}."
        raise _refuse(place, f"{text} Write {first}:{end}:{by}, or another step.")
    return tuple(float(first + i * by) for i in range(count + 1))


def _read_span(match: re.Match[str], place: str) -> tuple[float, float]:
    low, high = float(match[1]), float(match[2])
    if not low < high:
        raise _refuse(place, f"{match[0]} is no range. Write the lesser number first.")
    return low, high


def _mark_whole(variation: Variation, data: Data, place: str) -> Variation:
    """The variation, with a mark where only whole numbers may be drawn from its range."""
    change, span = variation.change, variation.span
    if change is None or span is None:
        return variation
    if data.tables[change.table].spec.column(change.column).kind != "whole":
        return variation
    if change.change == "scale":
        text = f"{change.column} holds whole numbers, which a drawn factor would break."
        raise _refuse(place, f"{text} Draw what to set (=) or to add (+=).")
    if not (span[0].is_integer() and span[1].is_integer()):
        raise _refuse(place, f"{change.column} holds whole numbers. End the range at such.")
    return replace(variation, whole=True)


def _refuse(place: str, text: str) -> DataError:
    return DataError([Issue("E-520", place, text)], _OPTION)
