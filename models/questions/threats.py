"""Threats are smaller or larger than planned for, each by itself.

What must be in place against a threat is scaled as a whole, for every capability, day and year; the
other threats stay as they are.
"""

from cssopt.modeling import Step, exactly

AFTER = ("withholding",)

_FACTORS = (0.7, 0.8, 0.9, 1.1, 1.2, 1.3)


def threats(base):
    """What each threat requires is 10, 20 and 30 % less, and 10, 20 and 30 % more."""
    level = base.data.requirements.level
    needed = dict.fromkeys(k for (k, *_), power in level.items() if power > 0)
    return {
        f"{k} {100 * (factor - 1):+.0f} %": (
            Step(
                table="requirements",
                where=exactly("threat", k),
                column="level",
                change="scale",
                value=factor,
                note="the threat is smaller" if factor < 1 else "the threat is larger",
            ),
        )
        for k in needed
        for factor in _FACTORS
    }
