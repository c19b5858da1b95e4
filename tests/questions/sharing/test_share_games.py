"""`cssopt share --game` and `--claims`: known answers to the printed digits, and awkward files."""

from __future__ import annotations

import csv
import json
from itertools import combinations

import pytest
from commands import command, shares_of
from games import bankruptcy, game_of, read_games
from known_games import average_orders, read_known

import cssopt
from cssopt.errors import DataError
from cssopt.questions.sharing.methods import CLAIMS_RULES, claims_method

COSTS, OTHERS = read_games("cost_games"), read_games("claims_and_others")
FIXED = {
    "shapley", "nucleolus", "prenucleolus", "per_capita_nucleolus", "least_core",
    "separable_costs", "gately", "tau", "equal", "banzhaf", "owen", "proportional",
    "constrained_equal_awards", "constrained_equal_losses", "talmud",
}  # fmt: skip
"""Names of methods that programs of others ask for; of votes also `shapley_shubik`."""

PRINTED = [
    ("sweden_water_1979", "computed", "nucleolus", "nucleolus", 2),
    ("sweden_water_1979", "computed", "per_capita_nucleolus", "per_capita_nucleolus", 2),
    ("sweden_water_1979", "computed", "proportional_nucleolus", "proportional_nucleolus", 2),
    # Young, Okada and Hashimoto print 16.94 for the Shapley value of M, which is 16.9475, and 5.62
    # for the separable costs of K, which are 5.6129: their columns add up to 83.82 so.
    ("sweden_water_1979", "published", "shapley", "shapley", 2),
    ("sweden_water_1979", "published", "SCRB", "separable_costs", 2),
    ("tva", "computed", "shapley", "shapley", 1),
    ("tva", "computed", "ACA_SCRB", "separable_costs", 1),
    ("tva", "computed", "ECA", "equal_nonseparable", 0),
    ("tva", "computed", "nucleolus", "nucleolus", 0),
    ("tva", "computed", "per_capita_nucleolus", "per_capita_nucleolus", 2),
    ("tva", "computed", "proportional_nucleolus", "proportional_nucleolus", 1),
    ("tva", "computed", "prop_to_standalone", "proportional", 1),
    ("css_pooled_readiness_3", "", "shapley", "shapley", 0),
    ("css_pooled_readiness_3", "", "nucleolus", "nucleolus", 0),
    ("css_pooled_readiness_3", "", "per_capita_nucleolus", "per_capita_nucleolus", 4),
]
OFF = {("SCRB", 2), ("shapley", 4)}
"""What is printed one off in its last place, by method and place of the player."""


def write_csv_game(path, values):
    """A game of ``{coalition: value}``."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("coalition", "value"), *values.items()])
    return path


def write_json(path, content):
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def printed(number, places):
    """As printed: no farther off than half of the last place."""
    return pytest.approx(number, rel=0, abs=0.5001 * 10**-places)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """The command's answer to each known game of costs, by its name; every other one as JSON."""
    folder = tmp_path_factory.mktemp("games")
    found = {}
    for place, name in enumerate(name for name, known in COSTS.items() if "c" in known):
        values = COSTS[name]["c"]
        if place % 2:
            path = write_csv_game(folder / f"{name}.csv", values)
        else:
            joined = {"+".join(coalition): value for coalition, value in values.items()}
            path = write_json(folder / f"{name}.json", {"values": joined})
        found[name] = command("share", "--game", path, "--json")
    return found


@pytest.mark.medium
@pytest.mark.parametrize(("game", "part", "key", "method", "places"), PRINTED)
def test_known_cost_games(answers, game, part, key, method, places):
    done, known = answers[game], COSTS[game]
    assert done.code == 0
    shares = list(shares_of(done)[method].values())
    for place, number in enumerate((known[part] if part else known)[key]):
        if game != "sweden_water_1979" or (key, place) not in OFF:
            assert shares[place] == printed(number, places)


def test_rows_of_shares_are_those_that_programs_read(answers):
    """`{method, player, share, guarantee}`, and of every fixed name that needs no blocs."""
    for name, done in answers.items():
        assert set(shares_of(done)) >= FIXED - {"owen"}
        for row in done.tables["shares"]:
            assert set(row) == {"method", "player", "share", "guarantee", "standard_error"}
            assert row["guarantee"] in ("exact", "certified")
        for shares in shares_of(done).values():
            assert list(shares) == list(dict.fromkeys("".join(COSTS[name]["c"])))
            whole = max(COSTS[name]["c"].values(), default=0)
            assert sum(shares.values()) == pytest.approx(whole, rel=1e-9)


def test_a_published_objection_is_told(answers):
    """Of the Swedish Shapley value: H, K and L would gain by themselves what it charges them, on
    average over all orders, beyond their 27.26. (0.4265; the source prints 0.4275.)"""
    game, _ = read_known("sweden_water_1979")
    charged = sum(dict(zip(game.players, average_orders(game), strict=True))[p] for p in "HKL")
    rows = answers["sweden_water_1979"].tables["objections"]
    told = [row for row in rows if row["method"] == "Shapley value"]
    assert [row["coalition"] for row in told] == ["H, K and L"]
    assert told[0]["gain"] == pytest.approx(charged - 27.26, abs=1e-9)
    assert told[0]["gain_per_member"] == pytest.approx(told[0]["gain"] / 3)


def test_an_empty_core_and_what_would_mend_it(tmp_path):
    """10 each, 12 for two, 20 for three: two pay at least 12 at 6 each, so that 18 can be had."""
    known = COSTS["empty_core_3"]
    sizes = {1: known["c_i"], 2: known["c_ij"], 3: known["c_ijk"]}
    values = {"".join(s): sizes[size] for size in sizes for s in combinations("ABC", size)}
    done = command("share", "--game", write_csv_game(tmp_path / "g.csv", values), "--json")
    assert done.code == 0
    assert "some coalition would pay less by itself" in done.told["verdict"]
    assert f"take {known['cost_of_stability']} from outside" in done.told["verdict"]
    shares = shares_of(done)
    assert list(shares["nucleolus"].values()) == printed(known["nucleolus"], 4)
    rows = done.tables["shares_by_method"]
    assert {row["stable"] for row in rows if row["share.A"] is not None} == {"NO"}


def test_gains_whose_nucleolus_and_prenucleolus_differ(tmp_path):
    """Peleg and Sudhoelter, example 5.5.12."""
    known = OTHERS["peleg_sudhoelter_5_5_12"]
    values = dict(zip(known["order"].split(","), known["v"], strict=True))
    done = command("share", "--gains", "--json", "--game", write_csv_game(tmp_path / "g", values))
    shares = shares_of(done)
    for method in ("nucleolus", "prenucleolus"):
        assert list(shares[method].values()) == printed(known[method], 9)
    assert "some coalition would have more by itself" in done.told["verdict"]


def test_a_bankruptcy_game_and_its_claims(tmp_path):
    """The Talmud rule is the nucleolus of the game of what others leave (Aumann, Maschler 1985)."""
    known = OTHERS["mattugames_bankruptcy_6"]
    game = bankruptcy(known["estate"], known["claims"])
    values = {"+".join(game.names(mask)): game.values[mask] for mask in range(1, game.all + 1)}
    done = command("share", "--gains", "--json", "--game", write_csv_game(tmp_path / "g", values))
    shares = shares_of(done)
    assert list(shares["nucleolus"].values()) == printed(known["nucleolus"], 6)
    assert list(shares["shapley"].values()) == printed(known["shapley"], 4)
    anti = known["anti_prenucleolus_and_modiclus"]
    assert list(shares["anti_prenucleolus"].values()) == printed(anti, 4)
    claims = write_json(tmp_path / "c.json", {k: known[k] for k in ("estate", "claims")})
    by_rule = shares_of(command("share", "--claims", claims, "--json"))
    assert list(by_rule["talmud"].values()) == printed(known["talmud"], 9)
    assert set(by_rule) == FIXED & set(by_rule) == {
        "proportional", "constrained_equal_awards", "constrained_equal_losses", "talmud",
    }  # fmt: skip


def test_claims_by_hand(tmp_path):
    """100 for claims of 80 and 60: 80/140; 50 each; each 20 short; and each concedes, as the
    contested garment has it, 40 to A and 20 to B, and half of the other 40."""
    path = tmp_path / "claims.csv"
    path.write_text("claimant,claim\nestate,100\nA,80\nB,60\n")
    done = command("share", "--claims", path, "--json")
    by_rule = {method: list(shares.values()) for method, shares in shares_of(done).items()}
    assert by_rule == {
        "proportional": pytest.approx([400 / 7, 300 / 7]),
        "constrained_equal_awards": pytest.approx([50, 50]),
        "constrained_equal_losses": pytest.approx([60, 40]),
        "talmud": pytest.approx([60, 40]),
    }
    assert done.tables["claims"] == [{"player": "A", "claim": 80}, {"player": "B", "claim": 60}]
    one = command("share", "--claims", path, "--json", "--method", "talmud")
    assert list(shares_of(one)) == ["talmud"]


def test_votes_have_the_shapley_shubik_index_and_power(tmp_path):
    """Any two of three win, A being one of them: A decides in 4 of 6 orders, B and C in one."""
    values = {"A": 0, "B": 0, "C": 0, "AB": 1, "AC": 1, "BC": 0, "ABC": 1}
    done = command("share", "--gains", "--json", "--game", write_csv_game(tmp_path / "g", values))
    assert list(shares_of(done)["shapley_shubik"].values()) == pytest.approx([4 / 6, 1 / 6, 1 / 6])
    power = {row["player"]: row for row in done.tables["power"]}
    assert [power[p]["swings"] for p in "ABC"] == [3, 1, 1]
    assert [power[p]["banzhaf"] for p in "ABC"] == pytest.approx([0.6, 0.2, 0.2])


# Blocs


@pytest.mark.medium
def test_blocs_of_the_file_and_of_the_option(tmp_path):
    """A and B act as one: who of them comes first after C or before it is a matter of four orders,
    A B C, B A C, C A B and C B A."""
    values = {"A": 10, "B": 12, "C": 8, "AB": 15, "AC": 14, "BC": 18, "ABC": 20}
    orders = ("ABC", "BAC", "CAB", "CBA")
    by_name = {"".join(sorted(s)): value for s, value in values.items()} | {"": 0}
    expected = {
        p: sum(
            by_name["".join(sorted(order[: order.index(p) + 1]))]
            - by_name["".join(sorted(order[: order.index(p)]))]
            for order in orders
        )
        / len(orders)
        for p in "ABC"
    }
    plain = write_csv_game(tmp_path / "g.csv", values)
    with_unions = write_json(tmp_path / "g.json", {"values": values, "unions": [["A", "B"], ["C"]]})
    for words in ((plain, "--unions", "A+B"), (with_unions,)):
        done = command("share", "--json", "--game", *words)
        assert shares_of(done)["owen"] == pytest.approx(expected)
    other = command("share", "--json", "--game", with_unions, "--unions", "A,B,C")
    assert shares_of(other)["owen"] == pytest.approx(shares_of(other)["shapley"])
    assert "owen" not in shares_of(command("share", "--json", "--game", plain))
    told = command("share", "--game", plain, "--method", "owen")
    assert told.code == 3
    assert "needs blocs: name them with --unions" in told.err


# Awkward, and right


def test_one_player_bears_all(tmp_path):
    done = command("share", "--json", "--game", write_csv_game(tmp_path / "g", {"A": 3}))
    assert done.code == 0
    assert {shares["A"] for shares in shares_of(done).values()} == {3}
    assert "The cost of A alone" in command("share", "--game", tmp_path / "g").out


def test_nothing_is_shared_as_nothing(tmp_path):
    """Every way gives everybody 0; only excesses in proportion to nothing have no meaning."""
    values = {"A": 0, "B": 0, "AB": 0}
    done = command("share", "--json", "--game", write_csv_game(tmp_path / "g", values))
    assert done.code == 0
    assert {x for shares in shares_of(done).values() for x in shares.values()} == {0}
    given = {row["method"] for row in done.tables["shares_by_method"]}
    told = {row["method"]: row["note"] for row in done.tables["notes"]}
    assert told.keys() - given == {"nucleolus in proportion"}
    assert all(told.values())


def test_gains_that_cancel_out_are_shared_as_what_is_paid_and_received(tmp_path):
    """Alone A loses 5 and B gains 3; together nothing: each has 1 more."""
    game = write_csv_game(tmp_path / "g", {"A": -5, "B": 3, "AB": 0})
    shares = shares_of(command("share", "--json", "--gains", "--game", game))
    for method in ("equal_saving", "separable_costs", "equal_nonseparable", "nucleolus"):
        assert shares[method] == pytest.approx({"A": -4, "B": 4}, abs=1e-9)


def test_claims_rules_are_told_of_costs_in_words_of_costs(tmp_path):
    dear = write_csv_game(tmp_path / "g", {"A": 5, "B": 4, "AB": 12})
    notes = command("share", "--json", "--game", dear).tables["notes"]
    (told,) = [row["note"] for row in notes if row["method"] == "Talmud rule"]
    assert told.startswith("All together pay 12, more than the 9 that they would pay alone in sum")
    (rule,) = [rule for rule in CLAIMS_RULES if rule.name == "talmud"]
    rebate = claims_method(rule).find(game_of({"A": -5, "B": 7, "AB": 1}))
    assert rebate.why_not == "A would pay less than nothing alone: that is no claim."


def test_twelve_players(tmp_path):
    """An airport's runways: the Shapley value shares every stretch among who needs it."""
    lengths = dict(zip("ABCDEFGHIJKL", range(10, 130, 10), strict=True))
    names = list(lengths)
    values = {
        "".join(s): max(lengths[p] for p in s)
        for size in range(1, 13)
        for s in combinations(names, size)
    }
    game = write_csv_game(tmp_path / "g", values)
    done = command("share", "--json", "--game", game, "--method", "shapley", "--method", "equal")
    expected, so_far = {}, 0.0
    for place, name in enumerate(names):
        so_far += 10 / (12 - place)
        expected[name] = so_far
    assert shares_of(done)["shapley"] == pytest.approx(expected)
    assert set(shares_of(done)["equal"].values()) == {10}


@pytest.mark.medium
@pytest.mark.parametrize(
    "names",
    [
        ("North Land", "South  Land"),
        ("say \"hi\"", "it's"),
        ("Österreich", "日本"),
        ("<script>alert(1)</script>", "&amp;"),
        ("share", "estate"),
        ("player", "method"),
        ("guarantee", "note"),
        ("1", "2"),
    ],
)  # fmt: skip
def test_names_of_any_kind_are_told_as_they_are(tmp_path, names):
    one, other = names
    values = {one: 1, other: 2, f"{one}+{other}": 2.5}
    path = write_csv_game(tmp_path / "g.csv", values)
    done = command("share", "--json", "--game", path, "--out", tmp_path / "out")
    assert done.code == 0
    # Saving of 0.5, shared alike.
    tidied = [" ".join(name.split()) for name in names]
    expected = dict(zip(tidied, (0.75, 1.75), strict=True))
    assert shares_of(done)["shapley"] == pytest.approx(expected)
    assert (tmp_path / "out" / "share.xlsx").is_file()
    page = (tmp_path / "out" / "share.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page


@pytest.mark.parametrize("row", ["", "\n,0"])
def test_the_empty_coalition_may_be_there(tmp_path, row):
    path = tmp_path / "g.csv"
    path.write_text(f"coalition,value{row}\nA,1\nB,2\nAB,2\n")
    assert shares_of(command("share", "--json", "--game", path))["shapley"] == {"A": 0.5, "B": 1.5}


@pytest.mark.medium
def test_of_costs_and_gains_the_last_word_counts(tmp_path):
    """As with any switch of a command line; and one file is two questions."""
    path = write_csv_game(tmp_path / "g.csv", {"A": 1, "B": 2, "AB": 4})
    done = command("share", "--costs", "--gains", "--game", path)
    assert "The gain of all 2 together" in done.out
    assert "of costs and of paying, read gains and having" in " ".join(done.out.split())
    out = tmp_path / "out"
    command("share", "--game", path, "--out", out)
    again = command("share", "--game", path, "--out", out)
    assert "share.xlsx (replaced)" in again.err
    other = command("share", "--gains", "--game", path, "--out", out)
    assert "share-2.xlsx. share.xlsx stays as it is" in other.err


# What is refused


GOOD = "coalition,value\nA,3\nB,4.5\nAB,6\n"
HOSTILE = {
    "a coalition is missing": (
        "g.csv",
        "coalition,value\nA,3\nB,4\nC,5\nAB,6\nABC,9\n",
        "A+C, B+C",
    ),
    "one stands twice": ("g.csv", f"{GOOD}BA,7\n", "g.csv line 5"),
    "a cost below 0": ("g.csv", GOOD.replace("4.5", "-4.5"), "g.csv line 3"),
    "a text": ("g.csv", GOOD.replace("4.5", "four"), "g.csv line 3"),
    "no number": ("g.csv", GOOD.replace("4.5", "nan"), "g.csv line 3"),
    "a formula": ("g.csv", "coalition,value\n=1+1,3\n", "g.csv line 2"),
    "no headers": ("g.csv", "A,3\nB,4\nAB,6\n", "line 1 is"),
    "no JSON": ("g.json", '{"values": {"A": 3,}}', "g.json is no JSON: line 1"),
    "JSON without values": ("g.json", '{"costs": {"A": 3}}', "g.json"),
    "a name twice in JSON": ("g.json", '{"values": {"A": 3,\n"A": 4}}', "g.json line 2"),
    "a workbook": ("g.xlsx", b"PK\x03\x04 and more", "g.xlsx is a workbook"),
    "zeros": ("g.csv", bytes(1000), "g.csv"),
    "nothing": ("g.csv", "", "g.csv"),
    "a name that never ends": ("g.csv", f"coalition,value\n{'x' * 10**6},1\n", "g.csv"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_told_and_nothing_is_written(tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    name, content, told = HOSTILE[kind]
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    done = command("share", "--game", name, "--out", "out")
    assert done.code == 3
    assert done.out == ""
    assert told in done.err
    assert len(done.err) < 2_000
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("book.xlsx", "--game", "g.csv"), 2, "two questions"),
        ((), 2, "Name a workbook"),
        (("--claims", "g.csv", "--game", "g.csv"), 3, "E-541 --claims is asked beside --game"),
        (("--game", "none.csv"), 3, "none.csv cannot be read"),
        (("--game", "folder"), 3, "folder is a folder"),
        (("--game", "g.csv", "--method", "shaply"), 3, 'Did you mean "shapley"'),
        (("--game", "g.csv", "--method", "Nucleolus"), 3, 'Did you mean "nucleolus"'),
        (("--game", "g.csv", "--method", "zzz"), 3, "Name one of equal"),
        (("--game", "g.csv", "--formats", "docx"), 3, "E-542"),
        (("--game", "g.csv", "--out", "g.csv"), 1, "is a file"),
        (("--game", "g.csv", "--gap", "-1"), 2, "must be at least 0"),
        (("--game", "g.csv", "--fair", "abc"), 2, "is no number"),
        (("--game", "g.csv", "--votes-needed", "1.5"), 2, "at most 1"),
        (("--game", "g.csv", "--unions", "A+Z"), 3, "E-558 --unions"),
        (("--game", "g.csv", "--unions", ""), 3, "E-558 --unions"),
        (("--claims", "c.csv", "--method", "shapley"), 3, "Name one of proportional"),
        (("--game", "g.csv", "--method", "shapley_shubik"), 3, "here. It is for votes: a game"),
        (("--game", "g.csv", "--gains", "--method", "talmud"), 3, "here. It is for costs, and"),
        (("--game", "g.csv", "--method", "owen"), 3, "name them with --unions"),
        (("g.csv", "--cut"), 3, "E-543 --cut says nothing where nobody withholds"),
        (("--claims", "c.csv", "--gains"), 3, "E-543 --costs/--gains says nothing about claims"),
        (("--game", "g.csv", "--total-time", "0"), 3, "E-543 --total-time"),
        (("--game", "g.csv", "--members", "A"), 3, "E-543 --members"),
        (("--game", "g.csv", "--strict", "--choose", "tau", "--fair", "1%"), 3, "E-543 --fair"),
    ],
)
def test_what_cannot_be_asked_is_told(tmp_path, monkeypatch, words, code, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "g.csv").write_text(GOOD)
    (tmp_path / "c.csv").write_text("claimant,claim\nestate,1\nA,1\nB,1\n")
    (tmp_path / "folder").mkdir()
    done = command("share", *words)
    assert (done.code, done.out) == (code, "")
    assert told in " ".join(done.err.split())
    assert not (tmp_path / "reports").exists()


# In Python


def test_the_verb_finds_what_the_command_finds(tmp_path):
    path = write_csv_game(tmp_path / "g.csv", {"A": 3, "B": 4.5, "AB": 6})
    found = cssopt.share(game=str(path), methods=["shapley", "equal"])
    table = found.tables["shares"]
    done = command("share", "--game", path, "--method", "shapley", "--method", "equal", "--json")
    assert table.to_dict("records") == done.tables["shares"]
    assert found.facts()["tables"] == done.tables
    assert repr(found) == "<share: optimal>"
    assert "<html" in found._repr_html_()
    with pytest.raises(DataError, match="E-541"):
        cssopt.share()
    with pytest.raises(DataError, match="E-542 formats names no format"):
        found.write(tmp_path / "none", [])
    assert not (tmp_path / "none").exists()
    with pytest.raises(TypeError, match="share: game is a text or a path or None"):
        cssopt.share(game=3)
