"""Planning situations: sets of threats that may arise at the same time.

Sets:
    s in situations    the rows of the sheet; a threat named in none is a situation of its own;
                       only where the sheet has no rows do all threats form one situation (rows that
                       a what-if drops count here: fewer rows never put threats together)

Within a year only the threats active in it count, and a situation whose threats are all part of
another one asks nothing more, so it is left out.
"""

from cssopt.modeling import Column, Table

REQUIRES = ("horizon", "threats")

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
    return sets | {f"only {k}": {k} for k in data.threats if k not in named}


def variables(block, data, use):
    block.threats_in = {}
    for t in use.horizon.years:
        active = {k for k in use.threats.threats if t in use.threats.active_years[k]}
        kept = []
        for name, threats in _all_situations(data).items():
            present = threats & active
            if not present or any(present <= other for _, other in kept):
                continue
            kept = [(n, other) for n, other in kept if not other < present] + [(name, present)]
        block.threats_in[t] = {
            name: [k for k in use.threats.threats if k in present] for name, present in kept
        }


def audit(data, solution):
    """Nothing to hold: employment's audit holds every situation of the sheet."""
    return ()
