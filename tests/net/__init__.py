"""The net: what every command answers is stored, so that moving code moves no answer.

`cases.txt` is the table of commands, `books.py` makes what they are asked of, `run.py` runs them,
`dump.py` and `workbook_dump.py` write down what they answered, `masks.py` hides what differs from
run to run, `compare.py` tells differences. `test_net.py` compares with the tests, and by hand:

    python -m tests.net compare            # all, or the cases or times that are named
    python -m tests.net store solve quick  # what these answer now is what is right
"""
