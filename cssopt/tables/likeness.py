"""Whether a header that is no column could be meant for one: letters, words, other words for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

_NEAR: Final = 0.7
"""Share of letters in common from which on two headers may be one with a slip."""

_LONGEST: Final = 60
"""Characters of a header that are compared; longer ones are sentences."""

_SAME_WORDS = """
    member country countries nation state ally land pays kraj staat
    cost costs price expense expenses expenditure spending fee charge kosten preis cout coste \
    kostenindex preisindex
    procurement purchase purchasing acquisition buy buying acquire investment unit price prices \
    beschaffungskosten anschaffungskosten kaufpreis stuckpreis achat adquisicion zakup закупка
    operating operation operations running upkeep maintenance om sustainment betriebskosten \
    exploitation funcionamiento eksploatacja эксплуатация
    support logistics depot upkeep maintenance unterhaltskosten instandhaltung soutien apoyo \
    wsparcie обслуживание
    personnel manpower staff people troops soldiers crew headcount men persons strength \
    personalbedarf mannschaft effectif effectifs dotacion personal численность
    units unit number quantity qty count amount pieces holdings stock nr no anzahl bestand nombre \
    cantidad liczba количество
    gdp gnp bip pib pil bbp bkt ввп domestic
    population inhabitants pop citizens
    growth increase rise trend change wachstum steigerung croissance crecimiento crescita wzrost \
    рост
    budget ceiling spending allowance funds limit expenditure budgetanteil haushaltsanteil
    share percent percentage pct fraction ratio proportion quota part anteil cuota udzial доля
    level need requirement required demand target power bedarf niveau besoin nivel poziom уровень
    power strength capability capacity yield output
    quality factor efficiency effectiveness multiplier qualitat qualite calidad qualita jakosc \
    качество
    day days deadline
    notice alert warning
    transit travel movement transport march transportdauer verlegedauer anmarsch
    lead delivery order waiting lieferzeit lieferfrist livraison entrega dostawa поставка
    service lifetime life lifespan durability nutzungsdauer lebensdauer
    remaining residual left rest restlebensdauer restnutzungsdauer
    theatre theater region area zone front
    home base basing stationed heimat heimatregion
    tech technology technological technologiestufe technologieniveau technik
    first start begin beginning from earliest
    last end final until latest
    weight priority importance gewicht prioritat priorite prioridad приоритет
    vote votes voting
    whole integer indivisible discrete ganzzahlig
    imports import imported foreign einfuhr einfuhren importe
    capacity output production
    duration length period
    annual yearly
    setup foundation founding establishment initial
    exposure exposed affected
    delegable delegated delegation transferable assignable
    after predecessor previous depends
    name title designation description label
    kind type category sort class
    likelihood probability chance wahrscheinlichkeit probabilite probabilidad вероятность
    effect impact reduction
"""
_SAME: Final = tuple(_SAME_WORDS.strip().splitlines())
"""Words that planners use for each other. A word may stand in several lines."""

_WEAK_WORDS = """
    per of a an the in for and to by at name share first last year years max min value level unit
    units number total million note notes remark remarks comment comments source old new
"""
_WEAK: Final = frozenset(_WEAK_WORDS.split())
"""Words that say too little of a column to be all that two headers have in common."""


def find_alike(header: str, columns: Iterable[str]) -> str | None:
    """The column that a header could be meant for; None where it is like none of them.

    Both are folded: small letters, words apart by underscores.
    """
    scored = [(_likeness(header[:_LONGEST], column), column) for column in columns]
    best = max(scored, default=(0.0, ""), key=lambda pair: pair[0])
    return best[1] if best[0] > 0 else None


def _likeness(header: str, column: str) -> float:
    letters = SequenceMatcher(None, header, column).ratio()
    if letters >= _NEAR:
        return 10 + letters
    return _words_in_common(_words(header), _words(column)) + (letters if letters else 0) / 10


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", name) if word]


def _words_in_common(header: list[str], column: list[str]) -> float:
    """Words of the column that the header has, in these or other words; -1 where none counts."""
    part = set(header) <= set(column)
    strong = [word for word in column if part or word not in _WEAK] or column
    common = sum(1 for word in strong if any(_mean_the_same(word, other) for other in header))
    exact = sum(1 for word in strong if word in header)
    return common + exact / 2 if common else -1.0


def _mean_the_same(word: str, other: str) -> bool:
    if word == other or (len(word) > 3 and (other == f"{word}s" or word == f"{other}s")):
        return True
    return any({word, other} <= set(line.split()) for line in _SAME)
