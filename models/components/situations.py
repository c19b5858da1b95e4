"""Planning situations: sets of threats that may arise at the same time.

Sets:
    s in situations    the rows of the sheet; a threat named in none is a situation of its own;
                       only where the sheet has no rows do all threats form one situation (rows that
                       a what-if drops count here: fewer rows never put threats together)

Parameters:
    together[s,k,t] = 1    threats k of situation s that are planned for at the same time in t

Within a year only the threats active in it count, and a situation whose threats are all part of
another one asks nothing more, so it is left out.

Reduced (unless the option `reduced` is false): a row for every situation that sums up what is
planned for its threats has no row for a situation of whose threats all that are planned for are
part of another one. What is planned is never below 0, so that the sum of the other one is no
less, and the limit of both is the same: the row that is left out holds wherever the other does.
"""

from cssopt.modeling import Column, Index, Table, holds, parameter

REQUIRES = ("horizon", "threats")
INDICES = (Index("situation", before="threat", letter="s"),)
OPTIONS = (
    Column(
        name="reduced",
        kind="flag",
        help="Rows that others imply are left out, and sums put in the place of what they are.",
        default=True,
    ),
)

TABLES = (
    Table(
        name="situations",
        help="Threats that may arise at the same time. No rows: all at once.",
        key=("situation", "threat"),
        optional=True,
        no_row="a threat named in none is planned for by itself",
        columns=(
            Column(name="situation", kind="text", help="Short code of the situation."),
            Column(name="threat", kind="text", help="A threat in it.", refers_to="threats"),
        ),
    ),
)


def _all_situations(data):
    if not data.situations.had_rows:
        return {"all threats": set(data.threats)}
    sets = {}
    for s, k in data.situations:
        sets.setdefault(s, set()).add(k)
    named = set().union(*sets.values())
    for k in data.threats:
        if k not in named:
            name = f"only {k}"
            while name in sets:  # as a planner may have called a situation
                name = f"{name} alone"
            sets[name] = {k}
    return sets


def arithmetic(data, use):
    threats_in = {}
    for t in use.horizon.years:
        active = {k for k in use.threats.threats if t in use.threats.active_years[k]}
        kept = []
        for name, threats in _all_situations(data).items():
            present = threats & active
            if not present or any(present <= other for _, other in kept):
                continue
            kept = [(n, other) for n, other in kept if not other < present] + [(name, present)]
        threats_in[t] = {
            name: [k for k in use.threats.threats if k in present] for name, present in kept
        }
    together = parameter(
        "situation threat year",
        {
            (s, k, t): 1.0
            for t, situations in threats_in.items()
            for s, threats in situations.items()
            for k in threats
        },
        doc="threats that are planned for at the same time",
    )
    return {"threats_in": threats_in, "together": together}


def variables(block, data, use):
    block.reduced = data.given.get("reduced", True)
    threats_in, reduced = block.threats_in, block.reduced
    block.sums_over = lambda planned, t: _sums_over(threats_in[t], planned, reduced)


def _sums_over(situations, planned, reduced):
    """What is planned for the threats of each situation, of what is planned by threat."""
    present = {s: [k for k in threats if k in planned] for s, threats in situations.items()}
    kept = {}
    for s in sorted(present, key=lambda s: -len(present[s])) if reduced else present:
        own = set(present[s])
        if own and not (reduced and any(own <= others for others in kept.values())):
            kept[s] = own
    return {s: [x for k in present[s] for x in planned[k]] for s in situations if s in kept}


def audit(data, solution):
    together, years_of = {}, solution.arithmetic.threats.active_years
    for s, k, t in solution.together:
        together.setdefault(t, {}).setdefault(s, set()).add(k)
    for t in solution.arithmetic.horizon.years:
        active = {k for k, years in years_of.items() if t in years}
        asked = {s: threats & active for s, threats in _all_situations(data).items()}
        planned = together.get(t, {})
        for rule, ones, others in (
            ("plan_all_together", asked, planned),
            ("plan_no_others_together", planned, asked),
        ):
            for s, threats in ones.items():
                apart = min(
                    (len(threats - other) for other in others.values()), default=len(threats)
                )
                yield holds(rule, (s, t), apart, "==", 0)
