"""A document as one page for a browser: it asks for nothing else, and runs no script but its own.

It sorts its tables and switches between light and dark; without script all of it can be read.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

from cssopt.document.document import Document, Sheet, Table
from cssopt.document.run_sheet import show_run
from cssopt.language import in_language, phrase
from cssopt.render.html.blocks import build_blocks
from cssopt.render.html.decider_page import build_decider_page, build_run_line, tell_run
from cssopt.render.html.markup import Markup, join, tag
from cssopt.render.html.setting import Setting
from cssopt.render.html.tables import LANDSCAPE, signed

_FOLDER: Final = Path(__file__).parent
_LEGEND: Final = (
    "\u2013 is zero; an empty cell has no number. \u2713 good, \u2717 bad, ! to be taken with "
    "care, \u25b3 changed."
)


def render_html(document: Document) -> str:
    """The page, as the text of one file in UTF-8."""
    with in_language(document.language):
        return _render(document)


def _render(document: Document) -> str:
    has_pages = any(sheet.is_page for sheet in document.sheets)
    style = _read("page.css") + _read("drawing.css")
    style += (_read("pages.css") if has_pages else "") + _print_style(document)
    script = _read("page.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = join(
        Markup('<meta charset="utf-8">\n'),
        _meta("http-equiv", "Content-Security-Policy", policy),
        _meta("name", "viewport", "width=device-width, initial-scale=1"),
        _meta("name", "color-scheme", "light dark"),
        tag("title", document.title),
        Markup(f"<style>{style}</style>"),
    )
    body = join(_build_bar(document), _build_all(document), Markup(f"<script>{script}</script>"))
    body = _leave_out_ends(body) if has_pages else body
    opening = f'<!doctype html>\n<html lang="{document.language}">\n'
    return f"{opening}<head>{head}</head>\n<body>{body}</body>\n</html>\n"


def _leave_out_ends(body: str) -> Markup:
    """Without the ends of cells and rows, which HTML knows untold: pages have thousands.

    No text of the inputs has one, whose signs are written by their codes.
    """
    return Markup(re.sub("</t[dhr]>", "", body))


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


@cache
def read_light_style() -> str:
    """The rules of drawings in light colors alone, for pictures that stand by themselves."""
    colors = dict(re.findall(r"(--[\w-]+): light-dark\((\S+),", _read("page.css")))
    style = _read("drawing.css") + ".paper { fill: var(--paper); }\n"
    return re.sub(r"var\((--[\w-]+)\)", lambda found: colors[found[1]], style)


def _digest(content: str) -> str:
    """The hash by which a browser knows a style or script that may act."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _meta(kind: str, name: str, content: str) -> Markup:
    """An element without an end."""
    whole = tag("meta", **{kind.replace("-", "_"): name, "content": content})
    return Markup(whole.removesuffix("</meta>") + "\n")


def _print_style(document: Document) -> str:
    """What stands at the foot of every printed page: marking, run and number."""
    told = " \u00b7 ".join(part for part in (document.marking, tell_run(document)) if part)
    font = "font: 8pt Arial, sans-serif; color: #566371;"
    return (
        "@page across { size: A4 landscape; }\n"
        "@page { size: A4; margin: 12mm 13mm 14mm; "
        f'@bottom-left {{ content: "{_escape_style(told)}"; {font} }} '
        f'@bottom-right {{ content: counter(page) " / " counter(pages); {font} }} }}\n'
    )


def _escape_style(content: str) -> str:
    """A text within quotes of a style: all but plain letters and digits by their codes."""
    whole = content.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in whole)


def _build_bar(document: Document) -> Markup:
    marking = tag("span", document.marking, class_="marking") if document.marking else ""
    button = tag("button", phrase("Light / dark"), id="theme", type="button", hidden="")
    return tag("div", marking, tag("b", document.title), button, class_="top")


def _build_all(document: Document) -> Markup:
    pages = [sheet for sheet in document.sheets if sheet.is_page]
    sheets = pages or [*document.sheets, show_run(document.facts)]
    numbers = {sheet.name: number for number, sheet in reversed([*enumerate(sheets, 1)])}
    links = [
        tag("li", tag("a", f"{number} {sheet.name}", href=f"#page{number}"))
        for number, sheet in enumerate(sheets, 1)
    ]
    contents = tag("nav", tag("ol", *links), aria_label=phrase("Contents"))
    if pages:
        sections = [
            build_decider_page(document, sheet, Setting(i, numbers, is_page=True))
            for i, sheet in enumerate(pages, 1)
        ]
        return tag("div", contents, tag("main", *sections, class_="pages"), class_="all")
    sections = [
        _build_page(document, sheet, Setting(i, numbers), len(sheets))
        for i, sheet in enumerate(sheets, 1)
    ]
    legend = tag("p", _LEGEND, class_="quiet")
    return tag("div", contents, tag("main", *sections, legend), class_="all")


def _build_page(document: Document, sheet: Sheet, setting: Setting, count: int) -> Markup:
    explanation = tag("p", sheet.explanation, class_="subject") if sheet.explanation else ""
    tables = [table for table in sheet.tables if isinstance(table, Table)]
    widest = max((len(table.columns) for table in tables), default=0)
    return tag(
        "section",
        _build_head(document, setting.here, count),
        tag("h2", sheet.name),
        explanation,
        *build_blocks(sheet.blocks, document, setting),
        id=f"page{setting.here}",
        class_="landscape" if widest > LANDSCAPE else None,
    )


def _build_head(document: Document, number: int, count: int) -> Markup:
    """What every page bears; the first also the verdict."""
    facts = document.facts
    subject = " \u00b7 ".join(
        part for part in (document.title, document.told_measure, facts.scope) if part
    )
    line = build_run_line(document, subject, number, count)
    failed = tag("p", facts.audits.told, class_="box") if facts.audits.failed else ""
    if number > 1:
        return join(line, failed)
    title = tag("p", document.title, class_="subject")
    audits = "" if failed else tag("p", facts.audits.told, class_="quiet")
    verdict = tag("h1", signed(document.verdict, document.mark), class_=document.mark)
    return join(line, failed, title, verdict, audits)
