"""Games of coalitions: what each could do by itself, and what that says of how all should share."""
