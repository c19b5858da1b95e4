"""Some pages of a plan alone: the decision page, or the page of one member."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cssopt.document.document import Document, Sheet
from cssopt.document.index_columns import find_names
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.questions.plan.pages.annex import name_annex
from cssopt.questions.plan.pages.page import PAGE_FIGURES, name_page
from cssopt.tables.convert import quote
from cssopt.tables.data import Data
from cssopt.tables.nearest import find_meant, nearest_name


def name_parties(data: Data, coalition: Iterable[str]) -> dict[str, str]:
    """Full names by code of all who take part, in their order."""
    names = find_names(data).get(data.party_index, {})
    return {code: names.get(code, str(code)) for code in coalition}


def find_member(wanted: str, names: Mapping[str, str]) -> str:
    """The code of a member by its code or its full name.

    Parameters
    ----------
    names: full names by code, of all who take part; codes without a name stand for themselves.

    Raises DataError (E-574) for none of them, or for a name that several have.
    """
    code = find_meant(wanted, names)
    if code is None:
        name = find_meant(wanted, set(names.values()))
        codes = [code for code, own in names.items() if own == name]
        code = codes[0] if len(codes) == 1 else None
    if code is None:
        known = ", ".join(f"{one} ({name})" for one, name in names.items())
        near = nearest_name(wanted, [*names, *names.values()])
        text = f"{quote(wanted)} is no member that takes part.{near} Name one of {known}."
        raise DataError([Issue("E-574", "--annex", text)])
    return code


def choose_pages(
    document: Document, names: Mapping[str, str], *, brief: bool = False, annex: str = ""
) -> Document:
    """The decision page alone where `brief`, the page of one member where `annex` is its code; else
    the document as it is, and where it lacks that page, as there is no plan to show it of.

    The files have names of their own. `names` are full names by code, of all who take part.
    """
    wanted = {name_page("decision")} if brief else set()
    if annex:
        wanted.add(name_annex(list(names.values()), list(names).index(annex)))
    pages = [
        replace(sheet, on_screen=True)
        for sheet in document.sheets
        if sheet.is_page and sheet.name in wanted
    ]
    if not pages:
        return document
    behind = [sheet for sheet in document.sheets if brief and _is_behind(sheet)]
    file = "brief" if brief else name_file(list(names), annex)
    facts = replace(document.facts, file=file)
    return replace(document, sheets=(*pages, *behind), facts=facts)


def _is_behind(sheet: Sheet) -> bool:
    return any(table.name == PAGE_FIGURES for table in sheet.tables)


def name_file(codes: Sequence[str], annex: str) -> str:
    """Name of the files of a member's page: its code where that is one plain word; else what is
    plain of it and its place, as no two members have the same."""
    plain = re.sub(r"[^0-9A-Za-z]+", "-", annex).strip("-")[:60]
    # No word has the hyphen that stands before a place.
    if plain == annex and "-" not in annex:
        return f"annex-{annex}"
    return f"annex-{plain or 'member'}-{codes.index(annex) + 1}"
