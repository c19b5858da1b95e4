"""Solving again near a solve before: the same shape, a carried basis, the next question."""
