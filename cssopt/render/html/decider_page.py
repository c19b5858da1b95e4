"""A page for deciders: one question, its answer as the title, and what shows it, on one sheet."""

from __future__ import annotations

from cssopt.document.document import Document, Note, Sheet
from cssopt.language import phrase
from cssopt.render.drawing import Look
from cssopt.render.html.blocks import build_blocks
from cssopt.render.html.markup import Markup, tag
from cssopt.render.html.paper import fit_on_paper
from cssopt.render.html.setting import Setting


def build_decider_page(document: Document, sheet: Sheet, setting: Setting) -> Markup:
    """A section of its own: who and when, the question, what must be known first, the answer."""
    is_first = setting.here == 1
    look: Look = "low" if is_first else "page"
    fitted = fit_on_paper(sheet, document, is_dense=is_first)
    setting = setting.printing(fitted.most_printed)
    count = sum(one.is_page for one in document.sheets)
    facts = document.facts
    subject = " \u00b7 ".join(part for part in (document.subject, facts.scope) if part)
    failed = (facts.audits.told,) if facts.audits.failed and not sheet.boxes else ()
    first, *others = sheet.blocks or (None,)
    lead = isinstance(first, Note) and is_first and not (first.is_heading or first.is_point)
    blocks = sheet.blocks
    told: list[Markup] = []
    if lead and first is not None:
        told = [tag("div", *build_blocks([first], document, setting), class_="lead")]
        blocks = tuple(others)
    return tag(
        "section",
        build_run_line(document, subject, setting.here, count),
        tag("p", sheet.question, class_="question") if sheet.question else "",
        *(tag("p", box, class_="box") for box in (*failed, *sheet.boxes)),
        tag("h1" if is_first else "h2", sheet.heading),
        *told,
        *build_blocks(blocks, document, setting, look),
        id=f"page{setting.here}",
        class_=" ".join(kind for kind in ("first" if is_first else "", fitted.kind) if kind)
        or None,
    )


def build_run_line(document: Document, subject: str, number: int, count: int) -> Markup:
    """Marking, what it is about, run and number: at the head of every page."""
    return tag(
        "div",
        tag("b", document.marking) if document.marking else "",
        tag("span", subject, class_="about"),
        tag("span", f"{tell_run(document)} \u00b7 {number}/{count}"),
        class_="run",
    )


def tell_run(document: Document) -> str:
    """The run that a page comes from."""
    return phrase("run {run}", run=document.facts.run_id)
