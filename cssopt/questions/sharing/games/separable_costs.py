"""Separable costs: what the whole would save without each player.

Sources: Ransmeier (1942), The Tennessee Valley Authority; Young, Okada and Hashimoto (1982), Cost
allocation in water resources development.
"""

from __future__ import annotations

from cssopt.questions.sharing.games.game import Game
from cssopt.solve.program import Floats


def find_separable(game: Game) -> Floats:
    """What the whole has more with each player than without it, by player."""
    return game.total - game.without_one
