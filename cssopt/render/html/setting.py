"""What a block must know of the page around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cssopt.document.document import Rich, Span
from cssopt.render.html.markup import Markup, join, tag


@dataclass(frozen=True)
class Setting:
    """The page that a block stands on.

    Attributes
    ----------
    here: its number. numbers: of all pages, by name. is_page: True for one for deciders.
    most_printed: rows of a table on paper; None: as many as usual.
    """

    here: int = 0
    numbers: Mapping[str, int] = field(default_factory=dict)
    is_page: bool = False
    most_printed: int | None = None

    def printing(self, rows: int) -> Setting:
        """The same page where tables are printed with so many rows at most."""
        return replace(self, most_printed=rows)

    def link(self, content: str, page: str) -> Markup:
        """A text that leads to the page that derives it, where there is another one of the name."""
        number = self.numbers.get(page, self.here)
        if number == self.here or not content:
            return join(content)
        return tag("a", content, href=f"#page{number}")

    def write_spans(self, spans: tuple[Span, ...]) -> Markup:
        """Stretches of a text."""
        return join(*(self._write_span(span) for span in spans))

    def _write_span(self, span: Span) -> Markup:
        told = self.link(span.text, span.page)
        if span.is_strong:
            told = tag("b", told)
        return tag("span", told, class_=span.mark) if span.mark else told

    def write(self, value: object, told: str, page: str) -> Markup:
        """A cell: its stretches where it is made of some, else its text; both with their links."""
        if isinstance(value, Rich):
            return self.write_spans(value.spans)
        return self.link(told, page)
