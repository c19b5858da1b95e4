"""Codes of what-ifs (E-5), doubts (W) and notes (N)."""

from __future__ import annotations

from typing import Final

from cssopt.tables.codes_inputs import Code

NOTE_CODES: Final[dict[str, Code]] = {
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
        "Scaling a blank cell.",
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
    "E-513": Code(
        "Every scenario has a name of its own.",
        "A scenario of the workbook and one of a file of the same name.",
        "Rename one of them.",
    ),
    "E-514": Code(
        "Some member stays.",
        "A what-if that drops every row of members.",
        "Leave out one of the steps that drop members.",
    ),
    "E-520": Code(
        "A sweep varies a change by values (0.8,1,1.2 or FROM:TO:BY) or by a range to draw from.",
        "--vary requirements.level*=0.8:1.4, without a step.",
        "Write it as the message says; ranges (0.8..1.4) go with --draws and with cssopt tipping, "
        "values without.",
    ),
    "E-521": Code(
        "A sweep varies each quantity once.",
        "Two --vary of requirements.level*.",
        "Put the values together.",
    ),
    "E-522": Code(
        "A sweep has from one to 100,000 runs.",
        "Six quantities of ten values each.",
        "Vary less, in wider steps, or use --draws.",
    ),
    "E-530": Code(
        "A front trades expenditure against one criterion or more that components declare.",
        "--trade burdn, where the criterion is burden.",
        "cssopt frontier without --trade lists them.",
    ),
    "E-531": Code(
        "A criterion that counts changes needs the plan that it counts from.",
        "--trade change without --set, --scenario or --base.",
        "Change the inputs, so that it counts from the plan of the unchanged ones, or name the "
        "workbook of a base plan.",
    ),
    "E-523": Code(
        "A file of points has a change above each column and a value in each cell.",
        "A blank cell in a row of points.",
        "Fill in the cell, or remove the row.",
    ),
    "E-540": Code(
        "A threat that is asked for exists, and asks for something in the year.",
        "--threat NORTH --year 2040, beyond the last year of the plan.",
        "Name a threat of the workbook and a year in which it is active.",
    ),
    "W-430": Code(
        "The workbook calculates its formulas by itself.",
        "Formulas > Calculation Options > Manual: stored values may be older than their inputs.",
        "Press F9 and save, or choose Automatic.",
    ),
    "W-431": Code(
        "The formats of cells are there, by which dates are told from numbers.",
        "A program that wrote a workbook without the part of the formats that it points at.",
        "Open the workbook in Excel or LibreOffice and save it anew.",
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
