"""Bring the catalogues of cssopt/languages up to date: python docs/make_catalogues.py

Every text that stands in a call of `phrase`, `phrase_count` or `mark`, and what components say of
entries of the ledger and studies of links, is put into each catalogue (.po); what is no longer
there is dropped. Then the catalogues are compiled (.mo). Told are the texts that wait for a
translation.
"""

from __future__ import annotations

import ast
import io
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from cssopt.assembly.study import load_components
from cssopt.language import LANGUAGES
from cssopt.modeling import Entry

ROOT = Path(__file__).parent.parent
ENGINE = ROOT / "cssopt"
FOLDER = ENGINE / "languages"
CALLS = {"phrase": 1, "mark": 1, "phrase_count": 2}
"""How many of the first arguments are texts."""


def find_messages() -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text, of a number of things with its second form, and the file that it stands in."""
    for path in sorted(ENGINE.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (texts := read_call(node, place)):
                yield texts, place
    for name, component in sorted(load_components([ROOT / "models"]).items()):
        for role in component.roles:
            if isinstance(role, Entry):
                yield (role.says,), f"models/components/{name}.py"
    for path in sorted((ROOT / "models/studies").glob("*.toml")):
        for link in tomllib.loads(path.read_text(encoding="utf-8")).get("links", ()):
            if link.get("says"):
                yield (link["says"],), path.relative_to(ROOT).as_posix()


def read_call(node: ast.Call, place: str) -> tuple[str, ...]:
    """The texts of a call; none of one that has none, or looks up what is marked elsewhere.

    Raises ValueError for a text that is put together there: no catalogue could have it.
    """
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    given = node.args[: CALLS.get(name, 0)]
    if any(isinstance(each, ast.JoinedStr | ast.BinOp) for each in given):
        raise ValueError(f"{place}:{node.lineno}: {ast.unparse(node)[:80]} is put together")
    texts = tuple(text for each in given if (text := literal(each)) is not None)
    return texts if len(texts) == CALLS.get(name, 0) else ()


def literal(node: ast.expr) -> str | None:
    """The text of an expression that is one."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if is_text else None


def make_catalogue(code: str) -> Catalog:
    """The catalogue of a language with the texts that there are now, as far as it knows them."""
    path = FOLDER / code / "LC_MESSAGES" / "cssopt.po"
    old = read_po(io.BytesIO(path.read_bytes()), locale=code) if path.exists() else Catalog(code)
    new = Catalog(code, domain="cssopt", project="cssopt", fuzzy=False, header_comment=HEADER)
    for texts, place in sorted(find_messages()):
        key = texts if len(texts) > 1 else texts[0]
        known = old.get(texts[0])
        said = (
            known.string
            if known is not None and bool(known.pluralizable) == (len(texts) > 1)
            else None
        )
        new.add(key, said or None, locations=[(place, None)])
    # Days of making say nothing, and change every time.
    new.creation_date = new.revision_date = (
        old.creation_date if path.exists() else new.creation_date
    )
    return new


HEADER = "# Words of cssopt. Made by docs/make_catalogues.py; translations are written here."


def write(code: str) -> list[str]:
    """Write both files of a language; the texts that wait for a translation."""
    catalogue = make_catalogue(code)
    folder = FOLDER / code / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "cssopt.po").open("wb") as file:
        write_po(file, catalogue, width=100, omit_header=False, sort_output=True, no_location=True)
    with (folder / "cssopt.mo").open("wb") as file:
        write_mo(file, catalogue)
    return [str(one.id) for one in catalogue if one.id and not any(_forms(one.string))]


def _forms(string: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else string or ()


if __name__ == "__main__":
    for language in LANGUAGES:
        if language != "en":
            waiting = write(language)
            print(f"{language}: {len(waiting)} texts wait for a translation")
            print(*waiting[:5000], sep="\n")
