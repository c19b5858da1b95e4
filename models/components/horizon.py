"""Planning years, prices and discounting.

Sets:
    t in years: first_year .. last_year, calendar years; t0 the first, T the last

Parameters:
    discount[t] = (1 + discount_rate) ** -(t - t0)    present value of one million of year t

Sources:
    Amounts are in millions at constant prices of the price year (formulation.md).
"""

from cssopt.modeling import Check, Column, Fault, Horizon, Table

TABLES = (
    Table(
        name="settings",
        help="What the workbook is about: title, money, years.",
        vertical=True,
        horizon=Horizon(
            first="first_year",
            last="last_year",
            rate="discount_rate",
            currency="currency",
            price_year="price_year",
            title="title",
            marking="marking",
        ),
        columns=(
            Column(name="title", kind="text", help="Title of the plan, printed on every report."),
            Column(
                name="marking",
                kind="text",
                help="Marking printed on every output, such as ILLUSTRATIVE.",
                default="",
                blank="no marking",
            ),
            Column(
                name="currency",
                kind="text",
                help="Currency of all money, such as EUR; all money is in millions of it.",
            ),
            Column(
                name="price_year",
                kind="whole",
                help="Year whose constant prices all money is in.",
                measure="year",
                low=1900,
                high=2200,
            ),
            Column(
                name="first_year",
                kind="whole",
                help="First year of the plan.",
                measure="year",
                low=1900,
                high=2200,
            ),
            Column(
                name="last_year",
                kind="whole",
                help="Last year of the plan.",
                measure="year",
                low=1900,
                high=2200,
            ),
            Column(
                name="discount_rate",
                kind="number",
                help="Rate a year at which later money counts for less.",
                measure="share per year",
                low=0,
                high=1,
            ),
        ),
    ),
)


def _years_in_order(data):
    if data.settings.last_year < data.settings.first_year:
        yield Fault(
            "settings",
            None,
            "last_year",
            f"{data.settings.last_year} lies before first_year {data.settings.first_year}. "
            "Put the later year into last_year.",
        )
    elif data.settings.last_year - data.settings.first_year >= 100:
        yield Fault(
            "settings",
            None,
            "last_year",
            f"{data.settings.last_year} makes a plan of more than 100 years. Correct the year.",
        )


_LONGEST_MARKING = 100
"""Characters of a printed line of A4 across."""


def _marking_prints(data):
    length = len(data.settings.marking or "")
    if length > _LONGEST_MARKING:
        yield Fault(
            "settings",
            None,
            "marking",
            f"has {length} characters, and a printed line holds about {_LONGEST_MARKING}. Every "
            "sheet of a report shows it whole at its head. At the top and bottom of printed "
            "pages it may run over the edge; what is too long even for that is left out there, "
            "never cut. Shorten it.",
        )


CHECKS = (
    Check(code="E-301", rule="last_year is not before first_year, by < 100", find=_years_in_order),
    Check(code="W-440", rule="a marking fits into a printed line", find=_marking_prints),
)


def arithmetic(data, use):
    return {
        "first_year": data.horizon.first,
        "last_year": data.horizon.last,
        "years": tuple(data.horizon.years),  # each year once, however many keys it stands in
        "discount": data.horizon.discount,
    }


def audit(data, solution):
    """Nothing to hold: years and discount factors are parameters."""
    return ()
