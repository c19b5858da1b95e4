"""Games from files: the ways to write them, and every fault with its line, all at once."""

from __future__ import annotations

import json
import re
import zipfile
from string import ascii_uppercase

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_games import draw_game

from cssopt.errors import DataError
from cssopt.questions.sharing.games.game_file import read_game
from cssopt.questions.sharing.games.number_file import MAX_FILE, MOST_TOLD
from cssopt.tables.codes import CODES

GOOD = "coalition,value\nA,3\nB,4.5\nAB,6\n"


def write(folder, content, name="game.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refuse(folder, content, name="game.csv", *, is_cost=True):
    """What is told of a file, as (code, line, text); the line is 0 where it is the file's."""
    with pytest.raises(DataError) as caught:
        read_game(write(folder, content, name), is_cost)
    found = []
    for issue in caught.value.issues:
        assert issue.code in CODES
        assert issue.where.startswith(name)
        line = re.fullmatch(rf"{re.escape(name)}(?: line (\d+))?", issue.where)
        found.append((issue.code, int(line[1] or 0), issue.text))
    return found


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        "\ufeff" + GOOD,
        GOOD.encode("utf-16"),
        GOOD.replace("\n", "\r\n"),
        "value,coalition\n3,A\n4.5,B\n6,BA\n",
        "Coalition;Value\nA;3\n\nB;4,5\nA + B;6\n;;\n",
        "sep=;\ncoalition;value\nA;3\nB;4,5\nAB;6\n",
        "coalition\tvalue\nA\t3\nB\t4.5\nB+A\t6.0e0\n",
        'coalition,value\n"A","3"\n"B","4,5"\n"A+B","6"\n',
        "coalition,value\n,0\nA,3\nB,4.5\nAB,6,,\n",
        '{"values": {"A": 3, "B": 4.5, "A+B": 6}}',
        '\n {"source": "a book", "values": {"": 0, "AB": 6, "B": 4.5e0, "A": 3}}',
    ],
)
def test_one_game_in_many_files(tmp_path, content):
    read = read_game(write(tmp_path, content), True)
    assert sorted(read.game.players) == ["A", "B"]
    assert [read.game.values[read.game.mask(s)] for s in ("", "A", "B", "AB")] == [0, 3, 4.5, 6]
    assert read.game.is_cost
    assert read.unions == ()


def test_names_of_more_than_one_letter(tmp_path):
    content = 'coalition,value\nNorth Land,1\n"Öst, a",2\n"Öst, a+North  Land",3\n'
    game = read_game(write(tmp_path, content), False).game
    assert game.players == ("North Land", "Öst, a")
    assert game.values.tolist() == [0, 1, 2, 3]
    assert not game.is_cost


def test_letters_stand_side_by_side_beside_joined_ones(tmp_path):
    content = "coalition,value\n1,1\n2,2\n3,3\n12,4\n1+3,5\n23,6\n123,7\n"
    game = read_game(write(tmp_path, content), True).game
    assert game.values.tolist() == [0, 1, 2, 4, 3, 5, 6, 7]


def test_blocs_of_a_json_file(tmp_path):
    content = json.dumps({"values": {"A": 1, "B": 2, "AB": 3}, "unions": [["A"], ["B"]]})
    assert read_game(write(tmp_path, content, "g.json"), True).unions == (("A",), ("B",))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 5), st.integers(0, 2**32 - 1), st.booleans(), st.randoms())
def test_what_is_written_is_read(tmp_path_factory, count, seed, is_json, random):
    game = draw_game(count, seed, is_cost=False)
    masks = list(range(1, 1 << count))
    random.shuffle(masks)
    rows = {"+".join(game.names(mask)): float(game.values[mask]) for mask in masks}
    content = json.dumps({"values": rows})
    if not is_json:
        content = "coalition,value\n" + "".join(f"{s},{value!r}\n" for s, value in rows.items())
    read = read_game(write(tmp_path_factory.mktemp("game"), content), False).game
    for mask in masks:
        assert read.values[read.mask(game.names(mask))] == game.values[mask]


def test_missing_coalitions_are_named(tmp_path):
    found = refuse(tmp_path, "coalition,value\nA,3\nB,4\nC,1\nABC,6\n")
    assert [(code, line) for code, line, _ in found] == [("E-550", 0)]
    assert "lacks 3 of the 7 coalitions of its players (A, B, C): A+B, A+C, B+C." in found[0][2]
    many = refuse(tmp_path, "coalition,value\nABCDEFGH,6\n")[0][2]
    assert "lacks 254 of the 255" in many
    assert many.count("+") == 12 + 1  # of twenty shown eight are singles; and one in the mend
    assert "and 234 more." in many


def test_what_stands_twice_is_told_with_both_lines(tmp_path):
    found = refuse(tmp_path, "coalition,value\nA,3\nB,4\nA+B,6\nB+A,6\n\nA,3\n")
    assert [(code, line) for code, line, _ in found] == [("E-551", 5), ("E-551", 7)]
    assert '"B+A" stands in game.csv line 4 already as "A+B"' in found[0][2]
    assert '"A" stands in game.csv line 2 already.' in found[1][2]


def test_negative_costs_are_refused_and_negative_gains_are_not(tmp_path):
    content = "coalition,value\nA,-3\nB,4\nAB,-0.5\n"
    found = refuse(tmp_path, content)
    assert [(code, line) for code, line, _ in found] == [("E-553", 2), ("E-553", 4)]
    assert "--gains" in found[0][2]
    assert read_game(write(tmp_path, content), False).game.values.tolist() == [0, -3, 4, -0.5]


@pytest.mark.parametrize(
    ("cell", "code", "text"),
    [
        ("abc", "E-102", "is text, not a number"),
        ("nan", "E-102", "is text, not a number"),
        ("inf", "E-102", "is text, not a number"),
        ("1e400", "E-102", "no number below 1e99"),
        ("-1e99", "E-102", "no number below 1e99"),
        ("1e-400", "E-102", "too near to nothing"),
        ("", "E-101", "value is blank"),
        ("5%", "E-102", "is text, not a number"),
        ("5 EUR", "E-102", '"EUR" stands beside the number'),
        ("=1+1", "E-102", "is text, not a number"),
        ("9" * 100, "E-102", "no number below 1e99"),
        ("0x10", "E-102", "is text, not a number"),
        ("1_000", "E-102", "is text, not a number"),
    ],
)
def test_what_is_no_number_is_told_with_its_line(tmp_path, cell, code, text):
    found = refuse(tmp_path, f"coalition,value\nA,3\nB,{cell}\nAB,6\n", is_cost=False)
    assert [(code, line) for code, line, _ in found] == [(code, 3)]
    assert text in found[0][2]


def test_decimal_commas(tmp_path):
    cut = refuse(tmp_path, "coalition,value\nA,3,5\nB,4\nAB,6\n")
    assert [(code, line) for code, line, _ in cut] == [("E-113", 2)]
    empty = refuse(tmp_path, GOOD + ",,5\n ,\n")
    assert [(code, line) for code, line, _ in empty] == [("E-113", 5), ("E-552", 5)]
    mixed = refuse(tmp_path, "coalition;value\nA;3,5\nB;4.25\nAB;6\n")
    assert ("E-112", 2) in [(code, line) for code, line, _ in mixed]
    either = refuse(tmp_path, "coalition;value\nA;3,500\nB;4\nAB;6\n")
    assert [(code, line) for code, line, _ in either] == [("E-107", 2)]
    assert "can mean 3500 or 3.500" in either[0][2]
    told = "coalition;value\nA;3,500\nB;4,25\nAB;6\n"
    assert read_game(write(tmp_path, told), True).game.values[1] == 3.5


@pytest.mark.parametrize(
    ("coalition", "text"),
    [
        ("A++B", "a + without a name"),
        ("+A", "a + without a name"),
        ("A+", "a + without a name"),
        ("A+A", '"A" twice'),
        ("AA", '"A" twice'),
        ("=B", 'the sign "="'),
        ("A+@SUM(1)", "begins with @, as a formula does"),
        ("A+-1", "begins with -, as a formula does"),
        ("A B", 'the sign " "'),
        ("{A}", 'the sign "{"'),
        ("A+\u0007", "unprintable"),
        ("a", "differs by case, accents or blanks only"),
        ("A+" + "x" * 201, "over 200 characters"),
    ],
)
def test_what_is_no_coalition_is_told_with_its_line(tmp_path, coalition, text):
    found = refuse(tmp_path, f"coalition,value\nA,3\n{coalition},4\n")
    told = [issue for issue in found if issue[0] == "E-552"]
    assert [line for _, line, _ in told] == [3]
    assert text in told[0][2]


def test_a_value_of_nobody(tmp_path):
    found = refuse(tmp_path, GOOD + ",7\n")
    assert found == [
        ("E-552", 5, "has a value and no coalition. Name one; only 0 stands for nobody.")
    ]


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("coaliton,value", "has no column coalition"),
        ("A,3", "has no column coalition and no column value"),
        ("coalition,value,note", 'the column "note"'),
        ("coalition,value,value", 'the column "value" twice'),
    ],
)
def test_columns_are_those_of_a_game(tmp_path, head, text):
    found = refuse(tmp_path, f"{head}\nA,3\n")
    assert [code for code, _, _ in found] == ["E-556"]
    assert text in found[0][2]


@pytest.mark.medium
def test_too_many_and_no_players(tmp_path):
    many = refuse(tmp_path, f"coalition,value\n{ascii_uppercase},3\n")
    assert [code for code, _, _ in many] == ["E-554"]
    assert "names 26 players; a game that is listed has 1 to 22" in many[0][2]
    hordes = "".join(f"Land {i}+Sea {i},1\n" for i in range(20_000))
    assert refuse(tmp_path, f"coalition,value\n{hordes}")[0][0] == "E-554"
    assert [code for code, _, _ in refuse(tmp_path, "coalition,value\n")] == ["E-554"]


def test_all_is_told_at_once_by_line_up_to_a_number(tmp_path):
    found = refuse(tmp_path, "coalition,value\nA,x\nB,-1\nA+A,2\nB,3\n,\n")
    assert [(code, line) for code, line, _ in found] == [
        ("E-550", 0), ("E-102", 2), ("E-553", 3), ("E-552", 4), ("E-551", 5),
    ]  # fmt: skip
    rows = "".join(f"A,{i}\n" for i in range(1_000))
    found = refuse(tmp_path, f"coalition,value\n{rows}")
    assert len(found) == MOST_TOLD + 1
    assert found[-1][2] == "has 899 more issues. Mend these first."


JSON_FAULTS = [
    ('{"values":\n{"A": NaN,\n"B": Infinity}}', [("E-550", 0), ("E-102", 2), ("E-102", 3)]),
    ('{"values": {"A":\n 1e400}}', [("E-102", 1)]),
    ('{"values": {"A": ' + "9" * 5_000 + "}}", [("E-102", 1)]),
    ('{"values": {"A": "3"}}', [("E-102", 1)]),
    ('{"values": {"A": true}}', [("E-102", 1)]),
    ('{"values": {\n\n"A": null}}', [("E-102", 3)]),
    ('{"values": {"A": {"x":\n 1},\n"B": [2], "AB": 3}}', [("E-102", 1), ("E-102", 3)]),
    ('{"values": {\n"A": 1,\n"\\u0041": 2}}', [("E-551", 3)]),
    ('{"values": {"A": 1,\n"B": 2,\n"A+B": 3, "B+A": 3}}', [("E-551", 3)]),
    ('{"values": {"{\\"A": 1,\n"B": 2}}', [("E-552", 1)]),
    ('{"values": {"A": 1}, "values": {"A": 2}}', [("E-555", 0)]),
    ('{"values": {"A": 1}, "value": {"A": 2}}', [("E-555", 0)]),
    ('{"values": [1, 2]}', [("E-555", 0)]),
    ('{"values": {"A": 1,}}', [("E-555", 0)]),
    ("[1, 2]", [("E-555", 0)]),
    ("{}", [("E-555", 0)]),
    ("[" * 100_000, [("E-555", 0)]),
    ('{"values":' + '{"a":' * 50_000 + "1" + "}" * 50_001, [("E-555", 0)]),
    ('{"values": {"\\ud800": 1}}', [("E-552", 1)]),
    ('{"values": {"A": 1}, "unions": [["A"], ["A"]]}', [("E-558", 0)]),
    ('{"values": {"A": 1}, "unions": [["B"]]}', [("E-558", 0)]),
    ('{"values": {"A": 1}, "unions": ["A"]}', [("E-558", 0)]),
    ('{"values": {"A": 1}, "unions": [[]]}', [("E-558", 0)]),
]


@pytest.mark.parametrize(("content", "expected"), JSON_FAULTS)
def test_faults_of_json_are_told_with_their_lines(tmp_path, content, expected):
    found = refuse(tmp_path, content, "game.json")
    assert [(code, line) for code, line, _ in found] == expected


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E-002"),
        (b"\n \n", "E-002"),
        (bytes(range(256)), "E-002"),
        (b"\0" * 100, "E-002"),
        (b"%PDF-1.7", "E-002"),
        (b"PK\x03\x04 as a workbook begins", "E-002"),
        ("coalition,value\nÄ,3\n".encode("latin-1"), "E-002"),
        (b"<html><table></table></html>", "E-002"),
        (GOOD.encode("utf-16-le"), "E-002"),
        (b'coalition,value\n"A,3\n', "E-002"),
        (b'coalition,value\n"A"B,3\n', "E-002"),
        (b"coalition,value\n" + b"," * 30_000, "E-003"),
        (b"coalition,value\n" + b"A" * 200_000 + b",1\n", "E-002"),
    ],
)
def test_what_is_no_file_of_a_game_is_told(tmp_path, content, code):
    assert [issue[0] for issue in refuse(tmp_path, content)] == [code]


def test_a_workbook_a_folder_a_pipe_and_nothing(tmp_path):
    with zipfile.ZipFile(tmp_path / "book.csv", "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
    (tmp_path / "folder.csv").mkdir()
    for name in ("book.csv", "folder.csv", "nowhere.csv"):
        with pytest.raises(DataError, match=r"E-00[12]"):
            read_game(tmp_path / name, True)


@pytest.mark.medium
def test_a_file_that_is_too_large_is_not_read(tmp_path):
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(MAX_FILE + 1)
    with pytest.raises(DataError, match="E-003"):
        read_game(tmp_path / "large.csv", True)


def test_fourteen_players(tmp_path):
    game = draw_game(14, 1, is_cost=False)
    values = game.values.tolist()
    rows = "".join(f"{''.join(game.names(m))},{values[m]!r}\n" for m in range(1, 1 << 14))
    read = read_game(write(tmp_path, f"coalition,value\n{rows}"), False).game
    assert np.array_equal(read.values, game.values)
