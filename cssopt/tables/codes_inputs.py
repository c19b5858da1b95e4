"""Codes of files (E-0), cells and keys (E-1), and sheets (E-2)."""

from __future__ import annotations

from typing import Final, NamedTuple


class Code(NamedTuple):
    """What a code means: the rule, an example of what breaks it, and the mend."""

    rule: str
    example: str
    mend: str


INPUT_CODES: Final[dict[str, Code]] = {
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
        "A workbook with VBA in it, or one saved as .xlsm.",
        "Save it as 'Excel Workbook (.xlsx)', which has none.",
    ),
    "E-006": Code(
        "The file is whole.",
        "A download that stopped half way; a sheet that is missing; a checksum that is wrong.",
        "Copy the file again, or open it in Excel, which may repair it, and save it.",
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
    "E-011": Code(
        "A part of the file is written in an encoding that can be read.",
        "XML that says that it is in the encoding 'foo'.",
        "Open the file in Excel or LibreOffice and save it anew: both write UTF-8.",
    ),
    "E-012": Code(
        "The file is not encrypted by a sensitivity label.",
        "A label such as 'Confidential' that encrypts what it is put on.",
        "Choose a label without encryption in Excel (Home > Sensitivity) and save a copy.",
    ),
    "E-020": Code(
        "The cells of a sheet that is read end near its tables.",
        "A stray value in the last row that a sheet can have.",
        "Delete the rows below and the columns right of the tables.",
    ),
    "E-021": Code(
        "A sheet that is read has at most 500,000 filled cells.",
        "A data base pasted below the input.",
        "Delete what is not input.",
    ),
    "E-022": Code(
        "Merged ranges are ranges, and do not overlap.",
        "The ranges A1:C3 and B2:D4, both merged.",
        "Unmerge them.",
    ),
    "E-023": Code(
        "A sheet that is read has at most 20,000 merged ranges.",
        "Cells that were merged in pairs, row by row.",
        "Unmerge them.",
    ),
    "E-024": Code(
        "The sheets that the model reads have at most 20,000 filled cells together.",
        "A data base pasted beside the members.",
        "Remove what is not input. The sheet with the most cells is told.",
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
        "Type it as a number; in a CSV file write 1234, or 1.2340 with a fourth decimal.",
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
    "E-112": Code(
        "All numbers of a CSV file have the same decimal mark.",
        "0,5 in one cell and 0.25 in another: one of them was typed by hand.",
        "Correct the cell whose mark is the other one.",
    ),
    "E-113": Code(
        "A row of a CSV file has no more cells than its header.",
        "3,5 without quotation marks between commas: it becomes the two cells 3 and 5.",
        "Write a decimal point, or put the number in quotation marks; remove spare separators.",
    ),
    "E-114": Code(
        "The tables of a folder are .csv files.",
        "legislation.xlsx beside members.csv, and no legislation.csv.",
        "Save the table as .csv, or give the file a name that no table has.",
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
        "The coalition names members of the workbook, each once.",
        "--members A,X, or A,A.",
        "Correct the name, or leave it out.",
    ),
    "E-131": Code("A code to explain exists.", "cssopt explain E-999.", "Correct the code."),
    "E-132": Code(
        "A study that is asked for exists.",
        "--study poled, where the studies are called pooled and strict.",
        "Correct the name: `cssopt studies` lists them.",
    ),
    "E-133": Code(
        "A study for one member is asked about one.",
        "--study standalone without --members.",
        "Name one member with --members; `cssopt compare` plans every member alone.",
    ),
    "E-140": Code(
        "A code is no word that the model uses itself.",
        'A member "common", which is who bears what the members share; a force "*".',
        "Choose another code, on this sheet and on all that name it.",
    ),
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
        "A column that could be meant for a missing one has its name.",
        'A column "persnnel" or "manpower", and none named "personnel".',
        "Rename the column; if it is one of your own, add the missing one, which may be empty.",
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
        "Values that could be those of a missing column stand under its header.",
        "Numbers in a column that has no name, beside a table without its column units.",
        "Give the column its header, or clear it.",
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
    "E-209": Code(
        "The rows of a table stand below its header.",
        "The first member is typed over the grey example, above the header.",
        "Move the row below the header.",
    ),
    "E-210": Code(
        "A table has no rows of totals.",
        'A row "Total" under the members, or the total row of a table in Excel.',
        "Remove it, or move it to another sheet; a row that is no total needs another name.",
    ),
    "E-211": Code(
        "A measure in the brackets of a header is that of the column.",
        '"GDP (billion EUR)" above a column in million.',
        "Put the numbers in the measure of the column, and correct the header.",
    ),
    "E-212": Code(
        "A sheet of the model has one table, with one header.",
        "A small table of prices below the inventory; a second header with translated names.",
        "Remove the row, or move the other table to a sheet of its own.",
    ),
}
