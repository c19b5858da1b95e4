"""Every code that a check may give, with its rule and the mend. A code keeps its meaning."""

from __future__ import annotations

from typing import Final

CODES: Final[dict[str, tuple[str, str]]] = {
    "E-001": ("The file can be read.", "Check the path and your permission to read it."),
    "E-002": (
        "The file is an .xlsx workbook without macros or password.",
        "Save it in Excel as 'Excel Workbook (.xlsx)', without a password.",
    ),
    "E-003": ("The file is of a believable size.", "Remove what is not input, or split the file."),
    "E-010": ("An earlier stage must have a plan.", "Solve the study first and mend what it says."),
    "E-101": ("A required cell is filled.", "Fill the cell in."),
    "E-102": ("A number is a plain finite number.", "Type the number without text or units."),
    "E-103": ("A whole number has no fraction.", "Round it."),
    "E-104": ("A flag is TRUE or FALSE.", "Choose TRUE or FALSE."),
    "E-105": ("A text is short, printable text.", "Shorten it or type it anew."),
    "E-106": ("A cell has a usable stored value.", "Mend the formula, or type the value."),
    "E-110": ("A number lies within its bounds.", "Correct the number."),
    "E-111": ("A text is one of the choices.", "Choose one of them."),
    "E-120": ("A key stands in one row only.", "Remove or rename one of the rows."),
    "E-121": (
        "A name refers to a row of another sheet.",
        "Correct the name, or add the row there.",
    ),
    "E-130": ("The coalition names members of the workbook.", "Correct the name."),
    "E-201": ("A required sheet is there.", "Add the sheet."),
    "E-202": ("A sheet has a header row with its columns.", "Write the headers in one row."),
    "E-203": ("A sheet has only columns that it declares.", "Rename or remove the column."),
    "E-204": ("A column stands once in a sheet.", "Remove one of the columns."),
    "E-205": ("A required column is there.", "Add the column."),
    "E-206": ("A cell with a value stands under a header.", "Give it a header, or clear it."),
    "E-207": ("A sheet stands once in a workbook.", "Remove one of the sheets."),
    "E-208": ("Cells of a table are not merged.", "Unmerge the cells and fill in each."),
    "E-301": (
        "The last year of the plan is not before its first, and less than 100 years after it.",
        "Correct the years.",
    ),
    "E-302": ("A sharing key is not 0 over the coalition.", "Give its members shares."),
    "N-101": ("Stray spaces around a text are dropped.", "Nothing need be done."),
    "N-102": ("A number in a column of names is read as text.", "Nothing need be done."),
    "N-201": ("A sheet that no component declares is not read.", "Nothing need be done."),
}


def explain_code(code: str) -> str:
    """Rule and mend of a code in two sentences; KeyError for a code that does not exist."""
    rule, mend = CODES[code]
    return f"{code}: {rule} {mend}"
