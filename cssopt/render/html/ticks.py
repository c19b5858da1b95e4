"""Round numbers of an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from cssopt.render.drawing import Drawing
from cssopt.render.number_text import write_number


def find_ticks(least: float, most: float, count: int = 5) -> list[float]:
    """Round numbers from the least to the most of an axis, 0 among them: about that many."""
    raw = (most - least) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * size for size in (1, 2, 2.5, 5, 10) if power * size >= raw * (1 - 1e-9))
    first, last = math.ceil(least / step - 1e-9), math.floor(most / step + 1e-9)
    return [step * i for i in range(first, last + 1)]


def write_ticks(drawing: Drawing, ticks: Sequence[float]) -> list[str]:
    """Round numbers with as many decimals as part them."""
    step = min((abs(b - a) for a, b in pairwise(ticks)), default=1.0)
    in_percent = drawing.form in ("share", "fine_share")
    size = 100 * step if in_percent else step
    places = next((p for p in range(7) if abs(size * 10**p - round(size * 10**p)) < 1e-6), 6)
    form = drawing.form if in_percent else "number"
    zero = "0%" if in_percent else "0"
    return [write_number(tick, form, places) if tick else zero for tick in ticks]
