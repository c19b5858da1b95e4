"""Measures that are said beside numbers, in headers and cells, and which of them is another one."""

from __future__ import annotations

import re

from cssopt.tables.spec import Column
from cssopt.tables.tidy import fold_name

_SAID = {
    "billion": "billion billions bn mrd milliard milliards milliarden mld \u043c\u043b\u0440\u0434",
    "thousand": "thousand thousands tsd k tausend mille \u0442\u044b\u0441 000 1000",
    "persons": "persons person people heads personen personnes personas osoby",
    "hours": "hours hour h hrs stunden heures horas godziny",
    "days": "days tage jours dias dni",
    "weeks": "weeks week wks wochen semaines semanas tygodnie",
    "months": "months month mths monate mois meses mesi",
    "quarters": "quarters quarter quartale trimestres",
    "decades": "decades decade",
    "years": "years year yrs jahre ans anos anni lata",
}
_MEASURE_SAID = {word: said for said, words in _SAID.items() for word in words.split()}
"""Words in the brackets of a header, and the measure that they say."""

_OTHER_MEASURES = {
    "million": {"billion", "thousand"},
    "personnel": {"persons"},
    "days": {"hours", "weeks", "months", "years"},
    "years": {"days", "weeks", "months", "quarters", "decades"},
    "share per year": {"months", "quarters", "decades"},
}
"""Measures that a header of a column in this one does not say, by how the column's begins."""

_OWN_MEASURE = {
    "personnel": "thousand",
    "days": "days",
    "years": "years",
    "share per year": "years",
}
"""What a header says where the other measure beside it changes nothing: "thousand persons"."""


def find_other_measure(text: str, column: Column) -> str | None:
    """The measure that a text says, where it is another one than that of the column."""
    kind = next((k for k in _OTHER_MEASURES if column.measure.startswith(k)), None)
    if kind is None:
        return None
    words = re.findall(r"\w+", fold_name(text))
    if words == re.findall(r"\w+", fold_name(column.measure)):
        return None
    said = [_MEASURE_SAID.get(word) for word in words]
    own = _OWN_MEASURE.get(kind)
    if own is not None and own in said:
        return None
    return next((name for name in said if name in _OTHER_MEASURES[kind]), None)
