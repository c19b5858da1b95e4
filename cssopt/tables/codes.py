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
        "The file is an .xlsx workbook.",
        "An old .xls file, an .ods file, a CSV file or a web page named .xlsx.",
        "Save it in Excel as 'Excel Workbook (.xlsx)'.",
    ),
    "E-003": Code(
        "The file is of a believable size.",
        "A file that unpacks to hundreds of megabytes.",
        "Remove what is not input, such as pictures, or split the file.",
    ),
    "E-004": Code(
        "The file has no password.",
        "A workbook that asks for a password when it is opened.",
        "Clear it under File > Info > Protect Workbook > Encrypt with Password.",
    ),
    "E-005": Code(
        "The file has no macros.",
        "A workbook with VBA, or one saved as .xlsm.",
        "Save it as 'Excel Workbook (.xlsx)', which has none.",
    ),
    "E-006": Code(
        "The file is whole.",
        "A download that stopped half way; a sheet that is missing; a checksum that is wrong.",
        "Copy the file again, or open it in Excel, which may repair it, and save it.",
    ),
    "E-007": Code(
        "The workbook is not saved as 'Strict Open XML'.",
        "The file type 'Strict Open XML Spreadsheet (.xlsx)' of Excel.",
        "Save it as 'Excel Workbook (.xlsx)'.",
    ),
    "E-008": Code(
        "No part of the file declares a document type or entities.",
        "A few lines that a parser would turn into gigabytes, or that read other files.",
        "Excel never writes this: do not use the file, and ask its sender how it was made.",
    ),
    "E-009": Code(
        "The parts of the file are each there once, under names of their own.",
        "Two parts of the same name, or parts that share their bytes.",
        "Save the workbook anew in Excel; if you do not know the sender, do not use it.",
    ),
    "E-010": Code(
        "An earlier stage must have a plan.",
        "A study builds on another one that is infeasible.",
        "Solve that study first and mend what it says.",
    ),
    "E-020": Code(
        "The cells of a sheet end near its tables.",
        "A format, or a stray value, in the last row that a sheet can have.",
        "Delete the rows below and the columns right of the tables, even where they look empty.",
    ),
    "E-021": Code(
        "A workbook has at most 300,000 cells in use, formatted empty ones included.",
        "A data base pasted beside the input.",
        "Delete what is not input, and clear the formats of empty cells.",
    ),
    "E-022": Code(
        "Merged ranges are small.", "All cells of a sheet merged into one.", "Unmerge them."
    ),
    "E-023": Code(
        "A sheet has no thousands of rules, styles, comments or names.",
        "Conditional formats that were copied with every row, until there were 5,000.",
        "Clear the rules, or copy the tables into a new workbook.",
    ),
    "E-024": Code(
        "The text of a cell is no longer than in Excel.",
        "A text of a million characters.",
        "Shorten it.",
    ),
    "E-025": Code(
        "A link stands on a few cells.",
        "A link on a whole column.",
        "Remove it with Home > Clear > Remove Hyperlinks.",
    ),
    "E-026": Code(
        "Formulas are no longer than in Excel, and fill a believable space.",
        "A formula of 8,000 characters in ten thousand cells.",
        "Put values in place of the formulas (Paste Special > Values).",
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
    "E-501": Code(
        "A what-if changes a table that there is.", "member for members.", "Correct the name."
    ),
    "E-502": Code(
        "The rows of a what-if are chosen by conditions.",
        '"threat North" without a sign.',
        "Write column=value; column<=number; commas between values, * and ? as wildcards.",
    ),
    "E-503": Code(
        "A what-if names columns that there are.", "levels for level.", "Correct the name."
    ),
    "E-504": Code(
        "A change touches something.",
        "A member that no row has.",
        "Correct the condition; near values are named.",
    ),
    "E-505": Code(
        "Keys of rows are not changed.",
        "Setting the name of a member.",
        "Drop the row and add another.",
    ),
    "E-506": Code(
        "What is scaled or added to is a number.",
        "Scaling a budget_share that is blank.",
        "Set it to a value instead.",
    ),
    "E-507": Code(
        "A row to add is described column by column.",
        "A list of values where one is needed.",
        "Write column=value; column=value.",
    ),
    "E-508": Code(
        "A row is added once.", "A force that is there already.", "Set its columns instead."
    ),
    "E-509": Code(
        "Scenarios build on others that there are, and never on themselves.",
        "A extends B extends A.",
        "Correct the name, or break the circle.",
    ),
    "E-510": Code(
        "A file of scenarios is TOML with steps of a table, where, column, change and value.",
        'change = "multiply".',
        "Correct the file as the message says.",
    ),
    "E-511": Code(
        "A change of the command line is table[where].column=value.",
        "--set budget=5.",
        "Write it so; *= scales, += adds.",
    ),
    "E-512": Code("A scenario that is asked for exists.", "--scenario typo.", "Correct the name."),
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
