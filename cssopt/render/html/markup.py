"""Elements of a page, put together so that no text of the inputs can become one."""

from __future__ import annotations

import html
from typing import Any

from cssopt.render.screen import printable


class Markup(str):
    """Text that is markup already: only what `tag`, `join` and `text` make."""

    __slots__ = ()


def text(content: str) -> Markup:
    """A text as it stands; signs that would turn or break what stands beside it by their codes."""
    return Markup(html.escape(printable(content)))


def join(*parts: str) -> Markup:
    """Parts one behind another: a text that is no markup is made harmless."""
    return Markup("".join(p if isinstance(p, Markup) else text(p) for p in parts))


def tag(name: str, /, *content: str, **attributes: Any) -> Markup:
    """An element: ``tag("td", "1.0", class_="right", data_v=1)``; None leaves an attribute out."""
    given = "".join(
        f' {_name(key)}="{text(_write(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{given}>{join(*content)}</{name}>")


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _write(value: Any) -> str:
    """A place in a drawing to a tenth of a pixel; anything else as it is."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
