"""Answers written and printed: the only place, beside workbooks read, that knows formats."""
