"""What stands on the slides: sections of the first page for deciders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cssopt.document.document import Beside, Block, Document, Note, Pairs, Sheet, Span, Table
from cssopt.render.widths import Plain, leave_out_drawn, split_parts

Part = Sequence[Plain]
"""Blocks below one another."""


@dataclass
class Slide:
    """One slide.

    Attributes
    ----------
    title: the finding. subtitle: the question, or the heading of the section.
    bands: parts that stand side by side, from top to bottom.
    """

    title: str
    subtitle: str = ""
    bands: list[list[Part]] = field(default_factory=list)


def make_slides(document: Document) -> list[Slide]:
    """The slides of a document that has pages: what the first of them says before its first heading
    stands with its first section; sections that stand side by side share a slide.

    Their titles are the findings of the pages to which their figures lead first.
    """
    page = next(sheet for sheet in document.sheets if sheet.is_page)
    findings = {sheet.name: sheet.heading for sheet in document.sheets if sheet.is_page}
    slides = [Slide(page.heading, page.question)]
    has_section = False
    for block in page.blocks:
        begins = _begins_section(block)
        if begins and has_section:
            slides.append(_begin(block))
        has_section = has_section or begins
        if begins and isinstance(block, Note) and len(slides) > 1:
            continue
        slides[-1].bands.append(_find_parts(block))
    _name_all(slides, findings)
    return slides


def _find_parts(block: Block) -> list[Part]:
    """Parts side by side; a table is left out beside a chart of it, whose bars bear its numbers."""
    if not isinstance(block, Beside):
        return [[block]]
    return [*split_parts(leave_out_drawn(block)[0])]


def _begins_section(block: Block) -> bool:
    if isinstance(block, Beside):
        return any(isinstance(one, Note) and one.is_heading for one in block.blocks)
    return isinstance(block, Note) and block.is_heading


def _begin(block: Block) -> Slide:
    """A slide of a section: those that stand side by side keep their headings."""
    blocks = block.blocks if isinstance(block, Beside) else (block,)
    headings = [one for one in blocks if isinstance(one, Note) and one.is_heading]
    title = " \u00b7 ".join(_find_words(one, is_quiet=False) for one in headings)
    # Beside each other they are headings still, with what is said by the way.
    said = _find_words(headings[0], is_quiet=True) if isinstance(block, Note) else ""
    return Slide(title, said)


def _find_words(heading: Note, *, is_quiet: bool) -> str:
    """The words of a heading, or what is said by the way beside them."""
    spans = heading.spans or (Span(heading.text),)
    return "".join(one.text for one in spans if (one.mark == "quiet") == is_quiet).strip()


def _name_all(slides: Sequence[Slide], findings: Mapping[str, str]) -> None:
    for slide in slides[1:]:
        led = next((page for page in _find_pages(slide) if page in findings), "")
        if led:
            told = (slide.title, slide.subtitle)
            slide.title, slide.subtitle = findings[led], "  ".join(filter(None, told))


def _find_pages(slide: Slide) -> Iterator[str]:
    """The pages to which the figures of a slide lead."""
    for block in (block for band in slide.bands for part in band for block in part):
        if isinstance(block, Table):
            yield from (column.page for column in block.columns if column.page)
        elif isinstance(block, Pairs):
            yield from (pair.page for pair in block.pairs if pair.page)
        elif isinstance(block, Note):
            yield from (span.page for span in block.spans if span.page)


def find_boxes(document: Document) -> Sequence[str]:
    """What must be known before anything is used: it stands on every slide."""
    page: Sheet = next(sheet for sheet in document.sheets if sheet.is_page)
    return page.boxes
