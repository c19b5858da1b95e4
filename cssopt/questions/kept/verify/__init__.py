"""Reports checked: what was changed in them by hand, and whether they can be found again."""
