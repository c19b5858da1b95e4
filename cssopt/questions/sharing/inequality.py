"""How unevenly a burden or a benefit is spread over the members; each member counts as one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from cssopt.names import join_names
from cssopt.questions.sharing.concordance import rank_members
from cssopt.questions.sharing.statistic import Statistic

GINI, HERFINDAHL = "Gini coefficient", "Herfindahl index"
CONCENTRATION, KAKWANI = "concentration index", "Kakwani index"


def find_gini(values: Mapping[str, float]) -> Statistic:
    """The Gini coefficient: 0 where all bear the same, (n - 1) / n where one of n bears all.

    Half the mean difference of two members, as a share of the mean. Not given where a value is
    below 0, since it then has no upper end, and where there is nothing to spread.

    Source
    ------
    Gini (1912), Variabilita e mutabilita.
    """
    if why_not := _check_spread(values):
        return Statistic(GINI, why_not=why_not)
    return Statistic(GINI, _concentrate(values, values))


def find_concentration_index(
    burdens: Mapping[str, float], benefits: Mapping[str, float]
) -> Statistic:
    """How far the burden lies on those that benefit most: above 0, on them; below 0, on the others.

    The Gini coefficient with members ranked by benefit in place of burden (those of the same
    benefit share their ranks), so that it lies between minus and plus the Gini coefficient.

    Parameters
    ----------
    burdens, benefits: by member, in any measures; both name the same members.

    Source
    ------
    Kakwani (1977), Measurement of tax progressivity.
    """
    if why_not := _check_spread(burdens):
        return Statistic(CONCENTRATION, why_not=why_not)
    return Statistic(CONCENTRATION, _concentrate(burdens, benefits))


def find_kakwani_index(burdens: Mapping[str, float], benefits: Mapping[str, float]) -> Statistic:
    """How progressive the burden is: its concentration by benefit less the Gini of the benefit.

    Above 0 those that benefit more bear more than in proportion; below 0, less.

    Source
    ------
    Kakwani (1977), Measurement of tax progressivity.
    """
    if why_not := _check_spread(burdens) or _check_spread(benefits):
        return Statistic(KAKWANI, why_not=why_not)
    value = _concentrate(burdens, benefits) - _concentrate(benefits, benefits)
    return Statistic(KAKWANI, value)


def find_herfindahl_index(values: Mapping[str, float]) -> Statistic:
    """The sum of squared shares: 1 where one member bears all, 1 / n where n bear the same.

    Its inverse is the number of members of the same size that would be as concentrated.

    Source
    ------
    Herfindahl (1950); Hirschman (1964).
    """
    if why_not := _check_spread(values):
        return Statistic(HERFINDAHL, why_not=why_not)
    numbers = np.array(list(values.values()), dtype=float)
    shares = numbers / numbers.sum()
    return Statistic(HERFINDAHL, float(shares @ shares))


def _check_spread(values: Mapping[str, float]) -> str:
    """Why the spread of values cannot be told; empty where it can."""
    if below := [member for member, value in values.items() if value < 0]:
        return f"{join_names(below)} would have less than nothing, and then it has no scale."
    if not sum(values.values()) > 0:
        return "Nobody has any, so that there is nothing to spread."
    return ""


def _concentrate(values: Mapping[str, float], ranked_by: Mapping[str, float]) -> float:
    """Concentration of values over members ranked from the least up, 2 / (n sum) r x - (n + 1) / n.

    Ranks are from 1 to n; members of the same rank have the mean of their places.
    """
    numbers = np.array(list(values.values()), dtype=float)
    ranks = rank_members([ranked_by[member] for member in values])
    count = len(numbers)
    return float(2 * (ranks @ numbers) / (count * numbers.sum()) - (count + 1) / count)
