"""The key that looks at nothing: one member, one share."""

ALSO = {"equal": ("first page",)}
"""The simplest of all."""


def equal(base):
    """Every member bears the same, whatever its size. Source: equal division, the simplest of the
    methods in Young, Cost Allocation (Handbook of Game Theory, volume 2, 1994)."""
    return dict.fromkeys(base.members, 1.0)
