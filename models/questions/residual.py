"""What bought units are still worth at the end counts for less, or for nothing.

The residual value is no cash. Where much is bought late, the net cost leans on it: what is bought,
given up and kept without it tells by how much.
"""

from cssopt.modeling import Step

AFTER = ("threats",)

_PARTS = {"no residual value counts": 0.0, "half of the residual value counts": 0.5}


def residual(base):
    """The part of the residual value that is credited is none, and half of it."""
    if all(price is None for price in base.data.forces.procurement_cost.values()):
        return {}
    return {
        name: (Step(table="settings", column="residual_share", value=part, note=name),)
        for name, part in _PARTS.items()
        if base.data.settings.residual_share > part
    }
