"""Pages for deciders as sheets of a workbook: each is one printed page."""
