"""Reading and writing input workbooks: the only place, with report, that knows spreadsheets."""
