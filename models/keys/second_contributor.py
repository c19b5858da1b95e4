"""Nobody bears more than the second: the largest member comes down to the share of the next."""


def second_contributor(base):
    """Members bear shares of their incomes (gni, else gdp), but the largest bears what the second
    bears, and all others rise in proportion. Source: NATO's common funding since 2021, to which the
    United States and Germany pay the same and the others by gross national income."""
    income = {m: base.arithmetic.members.national_income[m] for m in base.members}
    second = sorted(income.values())[-2:][0]
    return {m: min(own, second) for m, own in income.items()}
