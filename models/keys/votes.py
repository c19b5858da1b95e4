"""Who decides pays: members bear what is common by their votes."""

ALSO = {"votes": ("ballot",)}
"""How votes are counted in the council."""


def votes(base):
    """Each member bears its part of all votes in the council. Source: the correspondence of votes
    and contributions in the Bretton Woods institutions (Articles of Agreement, 1944)."""
    return {m: base.data.members.votes[m] for m in base.members}
