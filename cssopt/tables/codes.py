"""Every code that a check may give, with its rule, an example and the mend.

E-0 is said of files, E-1 of cells and keys, E-2 of sheets, E-5 of what-ifs and questions; a W is a
doubt and an N a note. A code keeps its meaning. Codes of rules over the whole book (E-3, W-4) are
declared beside the tables of their component.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from cssopt.tables.book_checks import Check


class Code(NamedTuple):
    """What a code means: the rule, an example of what breaks it, and the mend."""

    rule: str
    example: str
    mend: str


CODES: Final[dict[str, Code]] = {
    # E-0: files
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
    # E-1: cells and keys
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
    "E-134": Code(
        "A sharing key that is asked for exists, and gives shares before a plan is made.",
        "--key cis_2008, where it is called cis_2009; --key use, which goes by what a plan does.",
        "Choose one of the keys that are listed, or write one: docs/sharing_keys.md.",
    ),
    "E-140": Code(
        "A code is no word that the model uses itself.",
        'A member "common", which is who bears what the members share; a force "*".',
        "Choose another code, on this sheet and on all that name it.",
    ),
    # E-2: sheets
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
    # E-5: what-ifs and questions
    "E-501": Code(
        "A what-if changes a table that there is.", "member for members.", "Correct the name."
    ),
    "E-502": Code(
        "The rows of a what-if are chosen by conditions.",
        '"threat North" without a sign.',
        "Write column=value; column<=number; commas between values, * and ? as wildcards, a..b for "
        "a range of numbers, names with such signs in double quotes.",
    ),
    "E-503": Code(
        "A what-if names columns that there are.", "levels for level.", "Correct the name."
    ),
    "E-504": Code(
        "Every name, value and wildcard of a change chooses some row.",
        "member=NOR,SUO where no member is SUO.",
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
        "A file of scenarios is TOML: each has steps of table, where, column, change, value and "
        "note, or extends others, and nothing else.",
        'change = "multiply"; [[a.step]] for [[a.steps]]; a scenario without steps.',
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
        "A scenario of the workbook and one of a file of the same name; a sweep over one called "
        "base, as the inputs themselves are.",
        "Rename one of them.",
    ),
    "E-514": Code(
        "Some member stays.",
        "A what-if that drops every row of members.",
        "Leave out one of the steps that drop members.",
    ),
    "E-515": Code(
        "A percentage is set or added only where the column holds a share; a factor may be one.",
        "--set members.gdp+=10%, which would add 0.1 million.",
        "To raise a number by ten percent write *=1.1 or *=110%; else write the number.",
    ),
    "E-516": Code(
        "Rows are chosen, added and dropped only in sheets that have rows of a kind.",
        "-settings, or settings[title=x].discount_rate=0.",
        "Name the setting and its value: settings.discount_rate=0.02.",
    ),
    "E-517": Code(
        "A change says what it needs, and nothing that would be ignored.",
        "A step that drops rows, with a column or a value; a step that sets, without a column.",
        "Leave out what it does not need, or choose another change.",
    ),
    "E-518": Code(
        "What can be a number or a list of values is not guessed.",
        "--vary level*=0,9: the number 0.9, or the values 0 and 9.",
        "Write 0.9 for the number, 0;9 for the values.",
    ),
    "E-519": Code(
        "Scenarios of a sheet or file are at most 1,000, with at most 5,000 steps; --set stands at "
        "most 5,000 times.",
        "Twenty scenarios, each of which extends the last one several times.",
        "Extend less; cssopt sweep makes many what-ifs of few lines.",
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
    "E-523": Code(
        "A file of points has a change above each column and a value in each cell.",
        "A blank cell in a row of points.",
        "Fill in the cell, or remove the row.",
    ),
    "E-524": Code(
        "No option is given that would be ignored.",
        "--seed without --draws.",
        "Add the option that it belongs to, or leave it out.",
    ),
    "E-530": Code(
        "A front trades expenditure against one criterion or more that components declare, each "
        "named once.",
        "--trade burdn, where the criterion is burden; --trade burden twice.",
        "cssopt frontier without --trade lists them.",
    ),
    "E-531": Code(
        "A criterion that counts changes needs the plan that it counts from.",
        "--trade change without --set, --scenario or --base.",
        "Change the inputs, so that it counts from the plan of the unchanged ones, or name the "
        "workbook of a base plan.",
    ),
    "E-540": Code(
        "A threat that is asked for exists, and asks for something in the year.",
        "--threat NORTH --year 2040, beyond the last year of the plan.",
        "Name a threat of the workbook and a year in which it is active.",
    ),
    "E-541": Code(
        "A question about a workbook is asked with one.",
        "cssopt.share() without a case and without a game.",
        "Name the workbook, or the file in its place.",
    ),
    "E-542": Code(
        "A format of an answer is one that there is.",
        "--formats xls, which is none.",
        "Write some of xlsx, html and json, with commas between them, or none.",
    ),
    "E-543": Code(
        "An option is given where it says something.",
        "--members beside --game: a game from a file has its own players.",
        "Leave the option out.",
    ),
    "E-545": Code(
        "A solver that is named is one that Pyomo knows, and is installed.",
        "--solver gurobi where there is no Gurobi, or no license for it.",
        "Install it so that its program is on the path, or leave the option out: HiGHS solves.",
    ),
    "E-550": Code(
        "A game has the value of every coalition of its players.",
        "Rows for A, B, C, A+B and A+B+C, and none for A+C and B+C.",
        "Add the rows. A name that is misspelt in one row makes one player more.",
    ),
    "E-551": Code(
        "A coalition, a claimant and the estate stand once.",
        "A+B in one row and B+A in another.",
        "Remove one of the rows.",
    ),
    "E-552": Code(
        "A coalition is names joined by +, or letters side by side where every name is one letter.",
        "A++B; A+A; a name that begins with =, as a formula does.",
        "Correct the coalition as the message says.",
    ),
    "E-553": Code(
        "Costs and claims are not less than nothing.",
        "-3 as the cost of A+B.",
        "Correct the number, or say with --gains that values are gains, which may be negative.",
    ),
    "E-554": Code(
        "A game that is listed has from 1 to 22 players.",
        "A file with 30 names: their coalitions are more than a billion.",
        "Let those who act together stand as one player.",
    ),
    "E-555": Code(
        'A game in JSON is {"values": {coalition: value}}; claims are {"estate": number, "claims": '
        "{claimant: claim}}.",
        "A list where values should be; a comma after the last value.",
        "Correct the file as the message says.",
    ),
    "E-556": Code(
        "A game in CSV has the columns coalition and value; claims have claimant and claim.",
        "A column of remarks, or no line of headers.",
        "Write the headers in the first line, and remove or rename other columns.",
    ),
    "E-557": Code(
        "Claims are made on one estate, which is no more than they are.",
        "No row named estate; an estate of 200 on which 150 are claimed.",
        "Add the row, or correct the numbers.",
    ),
    "E-558": Code(
        "Blocs are lists of players, each of whom stands in one.",
        'A bloc that names a player whom the game has not; "unions": ["A", "B"].',
        'Write "unions": [["A", "B"], ["C"]].',
    ),
    "E-559": Code(
        "A way of sharing that is asked for is one that there is.",
        "--method nucleolos, which is none.",
        "Write its name as the answer has it, such as nucleolus.",
    ),
    "E-560": Code(
        "Coalitions act in parts only where the cost of every one is found.",
        "--apart with 20 members.",
        "Name fewer members with --members, or leave --apart out.",
    ),
    "E-570": Code(
        "A kept run is one that cssopt wrote and nobody changed.",
        "cssopt report of a folder without a run record, or of an answer that was edited.",
        "Name the folder of a run, or its run record; else solve again.",
    ),
    "E-571": Code(
        "Runs that are compared answer the same question in one language.",
        "cssopt compare-runs of a plan and of a front.",
        "Name two runs of the same command; ask one of them again in the language of the other.",
    ),
    "E-572": Code(
        "An answer is in a language that there is.",
        "--language klingon.",
        "Choose one of those that the message names.",
    ),
    "E-573": Code(
        "A second opinion is of the same workbook, study and members, and passed its audit.",
        "cssopt solve --with a run of the workbook before it was changed.",
        "Ask again about the workbook as it is now, or leave it out.",
    ),
    "E-574": Code(
        "The page of one member is that of a member that takes part.",
        "--annex Atlantis.",
        "Name one of those that the message names, by code or by name.",
    ),
    "E-575": Code(
        "A figure that is traced is one of the decision page, or a number in a cell of the inputs.",
        "cssopt trace BOOK cosh.NOR; a cell that holds a name.",
        "Write one of those that the message names, or leave it out: then all are listed.",
    ),
    "E-578": Code(
        "A plan of a planner's own that is to be costed makes sense row by row.",
        "cssopt cost of a sheet plan with an order that arrives after the last year.",
        "Correct the cell that the message names, or leave it blank.",
    ),
    "E-579": Code(
        "A plan can only be costed where one is given.",
        "cssopt cost of a workbook without a sheet plan.",
        "Add the sheet, with a row for each member, force and year that you have decided.",
    ),
    # W: doubts
    "W-021": Code(
        "The workbook calculates its formulas by itself.",
        "Formulas > Calculation Options > Manual: stored values may be older than their inputs.",
        "Press F9 and save, or choose Automatic.",
    ),
    "W-022": Code(
        "The formats of cells are there, by which dates are told from numbers.",
        "A program that wrote a workbook without the part of the formats, or a damaged one.",
        "Open the workbook in Excel or LibreOffice and save it anew.",
    ),
    "W-413": Code(
        "A sheet that has the columns of one that is missing or has no rows is named as that one.",
        'The sheet "legislation" was renamed to "Laws"; rows stand in "inventory (2)" only.',
        "Rename it, or move its rows, where they are meant; else nothing need be done.",
    ),
    "W-414": Code(
        "A row above the header that names rows of the workbook is not meant as a row.",
        "The first caveat is typed over the grey example.",
        "Move it below the header, or clear it.",
    ),
    "W-415": Code(
        "A rate is within what is seen in a year.",
        "1 for a growth of 1 %, which is 0.01.",
        "Type 0.01 for 1 %; if the rate is meant, nothing need be done.",
    ),
    "W-420": Code(
        "Numbers of a column are of one magnitude.",
        "A cost in thousands among costs in millions.",
        "Check the measure of the number; if it is right, nothing need be done.",
    ),
    "W-515": Code(
        "Every what-if of the sheet scenarios can be made.",
        "A scenario that names a threat which the workbook no longer has.",
        "Mend the scenario, or delete its rows; `cssopt check` tells it as an error. Other plans "
        "do not depend on it.",
    ),
    "W-516": Code(
        "What a sweep sends to a cluster beyond this machine is encrypted.",
        "--cluster tcp://10.0.0.5:8786.",
        "Use tls:// with certificates; where you trust the whole network, nothing need be done.",
    ),
    # N: notes
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
    "N-106": Code(
        "Words for yes and no, 1 and 0 are read as TRUE and FALSE.", '"yes".', "Nothing."
    ),
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
    "N-113": Code(
        "A CSV file is read by the separator and the decimal mark that it has itself.",
        "Semicolons between the cells, and 0,5 for a half: then 420.000 is a number of thousands.",
        "Look whether the file is written so.",
    ),
    "N-114": Code(
        "A number within a billionth of a bound or of a whole number is that number.",
        "1.0000000002 in a column of shares, as arithmetic on a sheet may leave it.",
        "Nothing need be done.",
    ),
    "N-115": Code(
        "Of a folder only .csv files with the name of a table are read.",
        "A workbook, a text or a folder beside them.",
        "Nothing need be done, unless it holds inputs.",
    ),
    "N-116": Code(
        "What stands before or after the name of each table of a folder is left out.",
        "alliance-members.csv, as LibreOffice names sheets; 01_members.csv; members_v2.csv.",
        "Look whether the files are the tables that they are taken for.",
    ),
    "N-117": Code(
        "Hidden columns are read.",
        "A hidden column gdp_growth.",
        "Look whether it shall count.",
    ),
    "N-118": Code(
        "A header that is repeated inside a table is passed over.",
        "A long table with a header on every printed page.",
        "Nothing need be done.",
    ),
    "N-119": Code(
        "A text that stands alone in a row is a remark and is not read.",
        '"Source: ministry of finance" under the members.',
        "Nothing need be done.",
    ),
    "N-120": Code(
        "A row of measures right under the header is not read.",
        '"million" under gdp.',
        "Look whether the numbers are in the measures that the columns declare.",
    ),
    "N-121": Code(
        "A file of a folder that is a link to one outside of it is read.",
        "inventory.csv that points at /srv/shared/inventory.csv.",
        "Put the file itself into the folder before you give it away.",
    ),
    "N-122": Code(
        "Common costs are shared by another key than the study's.",
        "--key cis_2009.",
        "Nothing need be done. A key of the workbook stands before a file of the same name.",
    ),
    "N-201": Code(
        "A sheet that no component declares is not read.",
        "A sheet of remarks.",
        "Nothing need be done, unless its name is misspelt.",
    ),
    "N-202": Code(
        "A column of your own is not read.",
        'A column "capital" of the members.',
        "Nothing need be done.",
    ),
    "N-203": Code(
        "Values beside a table, in a column without a header, are not read.",
        "A calculation to the right of the members.",
        "Nothing need be done.",
    ),
    "N-204": Code(
        "A second sheet with the columns of one that is read is not read.",
        'A copy "inventory (2)".',
        "Nothing need be done, unless the copy is the one that is meant.",
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
