"""The question `alternatives`: what is certain near the least cost, and what is free."""
