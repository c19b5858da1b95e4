"""The question `frontier`: what less of one thing costs in another."""
