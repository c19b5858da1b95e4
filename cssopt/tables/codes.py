"""Every code that a check may give, with its rule, an example and the mend.

A code keeps its meaning. Codes of rules over the whole book (E-3, W-4) are declared beside the
tables of their component.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from cssopt.tables.spec import Check


class Code(NamedTuple):
    """What a code means: the rule, an example of what breaks it, and the mend."""

    rule: str
    example: str
    mend: str


CODES: Final[dict[str, Code]] = {
    "E-001": Code(
        "The file can be read.",
        "The path names a folder, or a file that you may not open.",
        "Check the path and your permission to read it.",
    ),
    "E-002": Code(
        "The file is an .xlsx workbook without macros or password.",
        "An old .xls file, a CSV file named .xlsx, a workbook with a password.",
        "Save it in Excel as 'Excel Workbook (.xlsx)', without a password.",
    ),
    "E-003": Code(
        "The file is of a believable size.",
        "A cell with a value in the last row that a sheet can have.",
        "Remove what is not input, or split the file.",
    ),
    "E-010": Code(
        "An earlier stage must have a plan.",
        "A study builds on another one that is infeasible.",
        "Solve that study first and mend what it says.",
    ),
    "E-101": Code(
        "A required cell is filled.",
        "A force without operating_cost.",
        "Fill the cell in; 0 is a value, a blank is not.",
    ),
    "E-102": Code(
        "A number is a plain finite number.",
        '"3k", "12 M", "TBC" or "-" in a column of numbers.',
        "Type the number without words or units, in the measure of the column.",
    ),
    "E-103": Code("A whole number has no fraction.", "A lead_time of 2.5 years.", "Round it."),
    "E-104": Code("A flag is TRUE or FALSE.", '"maybe".', "Choose TRUE or FALSE."),
    "E-105": Code(
        "A text is short, printable text.",
        "A name of 300 characters, or one with a control character.",
        "Shorten it or type it anew.",
    ),
    "E-106": Code(
        "A cell has a usable stored value.",
        "#DIV/0!, or a formula that was never calculated.",
        "Mend the formula and save the workbook in Excel, or type the value.",
    ),
    "E-107": Code(
        "A number that stands as text can mean one number only.",
        '"1,234" is a thousand in London and a little more than one in Paris.',
        "Type it as a number.",
    ),
    "E-108": Code(
        "A number or a name is not a date.",
        "3/4 typed into a cell becomes the 3rd of April.",
        "Set the format of the cell to number or text, and type the value anew.",
    ),
    "E-110": Code(
        "A number lies within its bounds.",
        "20 in a column of shares, where 0.2 is meant.",
        "Correct the number.",
    ),
    "E-111": Code(
        "A text is one of the choices.", '"politcal" as the kind of a body.', "Choose one of them."
    ),
    "E-120": Code(
        "A key stands in one row only.",
        "Two rows for the same member and force, or names that differ by case only.",
        "Remove or rename one of the rows.",
    ),
    "E-121": Code(
        "A name refers to a row of another sheet.",
        '"Fredonia" in the inventory, where the members have "Freedonia".',
        "Correct the name, or add the row there. Near names are suggested, never put in.",
    ),
    "E-130": Code(
        "The coalition names members of the workbook.", "--members A,X.", "Correct the name."
    ),
    "E-131": Code("A code to explain exists.", "cssopt explain E-999.", "Correct the code."),
    "E-201": Code(
        "A required sheet is there, under its name.",
        'A sheet "forcs", and none named "forces".',
        "Add the sheet, or rename the one that is meant.",
    ),
    "E-202": Code(
        "A sheet has a header row with its columns.",
        "A sheet with numbers only.",
        "Write the headers in one row.",
    ),
    "E-203": Code(
        "A sheet has only columns that it declares, and source and note.",
        'A column "persnnel".',
        "Rename or remove the column; remarks go into columns named note or source.",
    ),
    "E-204": Code(
        "A column stands once in a sheet.",
        'Two columns "units".',
        "Remove or rename one of the columns.",
    ),
    "E-205": Code(
        "A required column is there.", "A sheet of forces without personnel.", "Add the column."
    ),
    "E-206": Code(
        "A cell with a value stands under a header.",
        "Numbers in a column that has no name.",
        "Give the column a header, or clear it.",
    ),
    "E-207": Code(
        "A sheet stands once in a workbook.",
        'The sheets "Forces" and "forces ".',
        "Remove or rename one of the sheets.",
    ),
    "E-208": Code(
        "Cells of a table are not merged.",
        "One cell for a member across its five rows.",
        "Unmerge the cells and fill in each.",
    ),
    "W-420": Code(
        "Numbers of a column are of one magnitude.",
        "A cost in thousands among costs in millions.",
        "Check the measure of the number; if it is right, nothing need be done.",
    ),
    "N-101": Code(
        "Stray, doubled, non-breaking and zero-width spaces are dropped.",
        '" Freedonia".',
        "Nothing need be done.",
    ),
    "N-102": Code(
        "A number in a column of names is read as text.", "Threat 7.", "Nothing need be done."
    ),
    "N-103": Code(
        "Case and accents of names are set aside where one name only is meant.",
        '"freedonia" for "Freedonia".',
        "Nothing need be done.",
    ),
    "N-104": Code(
        "A number that stands as text is read where it can mean one number only.",
        '"5", "20%", "0,25".',
        "Look whether it is the number that you mean.",
    ),
    "N-105": Code(
        "A number that is shown as a date is read as the number.",
        "5 in a cell with a date format looks like January 1900.",
        "Look whether it is the number that you mean.",
    ),
    "N-106": Code("Words for yes and no are read as TRUE and FALSE.", '"yes".', "Nothing."),
    "N-107": Code(
        "Blank rows inside a table are passed over.",
        "A blank row between two groups of forces.",
        "Nothing need be done.",
    ),
    "N-108": Code(
        "Hidden sheets are read.", "A hidden sheet of caveats.", "Look whether it shall count."
    ),
    "N-109": Code(
        "Hidden and filtered rows are read.",
        "A filter that shows one member only.",
        "Delete rows that shall not count.",
    ),
    "N-110": Code(
        "Formulas count with the value that they last gave.",
        "=B4*1.02, last calculated in Excel.",
        "Save the workbook in Excel after changing it elsewhere.",
    ),
    "N-111": Code(
        "A blank whose column gives it a meaning has that meaning.",
        "A blank quality means 1.",
        "Fill the cells in where you mean something else.",
    ),
    "N-112": Code(
        "Headers of older templates are read.", "A renamed column.", "Nothing need be done."
    ),
    "N-201": Code(
        "A sheet that no component declares is not read.",
        "A sheet of remarks.",
        "Nothing need be done, unless its name is misspelt.",
    ),
}


def explain_code(code: str, checks: Iterable[Check] = ()) -> str:
    """Rule, example and mend of a code, a line each; KeyError for a code that does not exist.

    `checks` are the rules over the whole book that components declare.
    """
    for check in checks:
        if check.code == code:
            return f"{code}\nRule: {check.rule}.\nMend: as the message of the check says."
    known = CODES[code]
    return f"{code}\nRule: {known.rule}\nExample: {known.example}\nMend: {known.mend}"
