"""Solution tables, audit and run record."""
