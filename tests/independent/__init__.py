"""A second program, written from the formulation alone, and random books to ask both.

It shares no line with cssopt and uses neither Pyomo nor its tables: rows of plain sheets become the
columns and rows of one matrix, which HiGHS solves. What cssopt answers must be what it answers.

    sheets        plain rows with their blanks filled
    facts         what a book means for a coalition: needs, exposure, prices, law
    bounds        most units that a plan may need, for rules that switch on or off
    linear        a matrix, its solves and its held stages
    program       the formulation: decisions, constraints, ledger
    questions     plans, equal security, alternatives, nearness to a base plan
    random_books  books of all kinds, by seed
"""
