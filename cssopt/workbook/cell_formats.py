"""The formats of cells that a workbook has, and copies of them with another fill."""

from __future__ import annotations

from typing import Final

from cssopt.workbook.marking.package import Package
from cssopt.workbook.markup import Markup

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_ORDER: Final = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
    "tableStyles", "colors", "extLst",
)  # fmt: skip
"""The children of a styles part, in the order that spreadsheets insist on."""
_PATTERN = '<{p}fill><{p}patternFill patternType="%s"/></{p}fill>'
_SOLID = (
    '<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{color}"/>'
    '<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>'
)


class CellFormats:
    """The formats that cells name by number, and new ones after the last.

    `used` is the highest number that a cell names: new formats come after it, also where the
    workbook lists fewer, so that no other cell changes. Raises ValueError where styles are no XML.
    """

    def __init__(self, package: Package, used: int) -> None:
        self._package = package
        empty = f'<styleSheet xmlns="{package.main}"/>'
        self._part = package.find_or_add(package.book, "styles", "styles{}.xml", empty, _TYPE)
        self._markup = markup = package.markup(self._part)
        p = self._prefix = markup.prefix(markup.root)
        # A format points at these by number; spreadsheets keep the first two fills for themselves.
        patterns = [(_PATTERN % kind).format(p=p) for kind in ("none", "gray125")]
        self._fonts = _Listed(markup, "fonts", "font", [f"<{p}font/>"])
        self._fills = _Listed(markup, "fills", "fill", patterns)
        self._borders = _Listed(markup, "borders", "border", [f"<{p}border/>"])
        self._formats = _Listed(markup, "cellXfs", "xf", [f"<{p}xf/>"] * (used + 1))
        self._filled: dict[str, int] = {}
        self._made: dict[tuple[int, str], int] = {}

    def fill(self, style: int, color: str) -> int:
        """The number of a format like `style`, with a fill of that color."""
        if (style, color) not in self._made:
            if color not in self._filled:
                solid = _SOLID.format(p=self._prefix, color=color)
                self._filled[color] = self._fills.add(solid)
            changes = {"fillId": str(self._filled[color]), "applyFill": "1"}
            own = self._formats.own
            like = (
                self._markup.copy(own[style], changes)
                if style < len(own)
                else f'<{self._prefix}xf fillId="{changes["fillId"]}" applyFill="1"/>'
            )
            self._made[style, color] = self._formats.add(like)
        return self._made[style, color]

    def write(self) -> None:
        """Put the formats back into the workbook."""
        for listed in (self._fonts, self._fills, self._borders, self._formats):
            listed.write(self._markup)
        self._package.write(self._part, self._markup.content())


class _Listed:
    """A list in the styles part: its own entries, and those added, at least as many as `first`."""

    def __init__(self, markup: Markup, name: str, child: str, first: list[str]) -> None:
        self._name = name
        self._element = markup.root.find(name)
        self.own = list(self._element.all(child)) if self._element else []
        self._added: list[str | bytes] = list(first[len(self.own) :])

    def add(self, entry: str | bytes) -> int:
        """Add an entry; gives its number."""
        self._added.append(entry)
        return len(self.own) + len(self._added) - 1

    def write(self, markup: Markup) -> None:
        """Put what was added into the part."""
        if not self._added:
            return
        count = str(len(self.own) + len(self._added))
        if self._element is not None:
            markup.change(self._element, "count", count)
            for entry in self._added:
                markup.append(self._element, entry)
            return
        p = markup.prefix(markup.root)
        entries = b"".join(e if isinstance(e, bytes) else e.encode("ascii") for e in self._added)
        element = f'<{p}{self._name} count="{count}">'.encode("ascii") + entries
        later = _ORDER[_ORDER.index(self._name) + 1 :]
        markup.insert(markup.root, element + f"</{p}{self._name}>".encode("ascii"), later)
