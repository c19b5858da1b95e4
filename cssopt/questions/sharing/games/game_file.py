"""A game from a file: what every coalition costs or gains, CSV or JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np

from cssopt.questions.sharing.games.allot import Masks, write_coalition
from cssopt.questions.sharing.games.game import MOST_LISTED, Game
from cssopt.questions.sharing.games.number_file import Layout, NumberFile, read_number_file
from cssopt.questions.sharing.games.owen_value import find_fault
from cssopt.solve.program import Floats
from cssopt.tables.convert import MAX_TEXT, quote
from cssopt.tables.tidy import fold_name

_MOST_MISSING: Final = 20
_FORMULA: Final = ("=", "-", "@")
"""What a spreadsheet takes for the start of a formula."""

LAYOUT: Final = Layout(
    file="a game",
    name="coalition",
    number="value",
    numbers="values",
    further=("unions",),
    example='{"values": {"A": 10, "B": 12, "A+B": 18}}.',
)


@dataclass(frozen=True)
class GameFile:
    """A game that was read, and its blocs with the names of their players, where it has some."""

    game: Game
    unions: tuple[tuple[str, ...], ...] = ()


def read_game(path: Path, is_cost: bool) -> GameFile:
    """The game of a file, its players in the order in which the file first names them.

    CSV has the columns ``coalition,value``; JSON is ``{"values": {coalition: value}}``, and may
    have blocs: ``"unions": [["A", "B"], ["C"]]``. A coalition is names joined by ``+``, or letters
    side by side where every name is one letter. All coalitions of the players are there, each
    once; the empty one may stand with 0. Costs are not negative, gains may be.

    Raises DataError with everything that is wrong, each with its line.
    """
    file = read_number_file(path, LAYOUT)
    players, masks = _read_coalitions(file)
    if is_cost:
        _check_costs(file)
    if not players:
        file.check()
    if not 0 < len(players) <= MOST_LISTED:
        text = (
            f"names {len(players)} players; a game that is listed has 1 to {MOST_LISTED}. Let "
            "those who act together stand as one; names of more than one letter are joined by +."
        )
        file.tell("E-554", None, text)
        file.check()
    values, missing = _place_values(file, masks, len(players))
    game = Game(tuple(players), values, is_cost)
    if missing.size:
        _tell_missing(file, missing, game)
    unions = _read_unions(file, game)
    file.check()
    return GameFile(game, unions)


def _read_coalitions(file: NumberFile) -> tuple[list[str], list[int]]:
    """The players of a file, and the mask of each of its coalitions; -1 for one that is none."""
    is_joined = _are_joined(file.names)
    bits: dict[str, int] = {}
    masks = []
    for place, text in enumerate(file.names):
        names = [name.strip() for name in text.split("+")] if is_joined or "+" in text else text
        mask = 0
        for name in names if text else ():
            if (bit := bits.get(name)) is None:
                if fault := _find_name_fault(name, bits):
                    file.tell("E-552", place, f"{quote(text)} {fault}")
                    mask = -1
                    break
                bit = bits[name] = 1 << len(bits)
            if mask & bit:
                text = f"{quote(text)} has {quote(name)} twice. Name each player once."
                file.tell("E-552", place, text)
                mask = -1
                break
            mask |= bit
        masks.append(mask)
    return list(bits), masks


def _are_joined(texts: Iterable[str]) -> bool:
    """True where names of more than one letter are joined by +; a text without it is a name then.

    Where all names that are joined have one letter, letters may stand side by side elsewhere.
    """
    joined = chain.from_iterable(text.split("+") for text in texts if "+" in text)
    return any(len(name.strip()) > 1 for name in joined)


def _find_name_fault(name: str, known: Collection[str]) -> str:
    """Why a new name is none, and what to do; empty where it is one."""
    if not name:
        return "has a + without a name on each side. Remove it."
    if len(name) > MAX_TEXT:
        return f"has a name of over {MAX_TEXT} characters. Shorten it."
    if not name.isprintable():
        return "has a name with unprintable characters. Type it anew."
    if len(name) == 1 and not name.isalnum():
        return f"has the sign {quote(name)}. Join names by +, or write single letters side by side."
    if name.startswith(_FORMULA):
        return f"has a name that begins with {name[0]}, as a formula does. Rename the player."
    folded = fold_name(name)
    # Of more players than can be none is compared: their number is what is wrong.
    likely = known if len(known) <= MOST_LISTED else ()
    if alike := [other for other in likely if fold_name(other) == folded]:
        return (
            f"has {quote(name)} beside the player {quote(alike[0])}, which differs by case, "
            "accents or blanks only. Write the name in one way, or rename one of them."
        )
    return ""


def _check_costs(file: NumberFile) -> None:
    for place, number in enumerate(file.numbers):
        if number < 0:
            text = (
                f"value = {number:.12g} of {quote(file.names[place])} is a cost of less than "
                "nothing. Correct it, or say with --gains that values are gains."
            )
            file.tell("E-553", place, text)


def _place_values(file: NumberFile, masks: Sequence[int], count: int) -> tuple[Floats, Masks]:
    """The values by mask, and the coalitions without one; what stands twice is told."""
    values = np.zeros(1 << count)
    first = np.full(len(values), -1)
    for place, (mask, number) in enumerate(zip(masks, file.numbers, strict=True)):
        if mask < 0:
            continue
        if mask == 0 and number != 0:
            text = "has a value and no coalition. Name one; only 0 stands for nobody."
            file.tell("E-552", place, text)
        elif first[mask] >= 0:
            other = int(first[mask])
            same = file.names[other] == file.names[place]
            as_what = "" if same else f" as {quote(file.names[other])}"
            text = (
                f"{quote(file.names[place])} stands in {file.where(other)} already{as_what}. "
                "Remove one of them."
            )
            file.tell("E-551", place, text)
        else:
            first[mask], values[mask] = place, number
    return values, np.flatnonzero(first[1:] < 0) + 1


def _tell_missing(file: NumberFile, missing: Masks, game: Game) -> None:
    order = missing[np.lexsort((missing, np.bitwise_count(missing)))][:_MOST_MISSING]
    shown = ", ".join(write_coalition(game, int(mask)) for mask in order)
    more = f" and {missing.size - len(order):,} more" if missing.size > len(order) else ""
    text = (
        f"lacks {missing.size:,} of the {game.all:,} coalitions of its players "
        f"({', '.join(game.players)}): {shown}{more}. Add a value for each; a misspelt name "
        "makes one player more, and names of more than one letter are joined by +."
    )
    file.tell("E-550", None, text)


def _read_unions(file: NumberFile, game: Game) -> tuple[tuple[str, ...], ...]:
    unions = file.further.get("unions", [])
    if not isinstance(unions, list) or not all(
        isinstance(union, list) and union and all(isinstance(name, str) for name in union)
        for union in unions
    ):
        text = 'has unions that are no lists of players. Write "unions": [["A", "B"], ["C"]].'
        file.tell("E-558", None, text)
        return ()
    named = tuple(tuple(str(name) for name in union) for union in unions)
    if fault := find_fault(game.players, named):
        file.tell("E-558", None, f"has unions that cannot be: {fault}")
    return named
