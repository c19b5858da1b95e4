"""The question `sweep`: many runs, side by side."""
