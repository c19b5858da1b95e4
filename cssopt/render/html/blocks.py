"""Blocks of a page: what stands beside each other, texts, lists, tables and charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from cssopt.document.document import Beside, Block, Chart, Document, Note, Pairs, Table
from cssopt.render.drawing import Look
from cssopt.render.html.charts import draw_chart
from cssopt.render.html.markup import Markup, tag
from cssopt.render.html.setting import Setting
from cssopt.render.html.tables import build_facts, build_table, signed


def build_blocks(
    blocks: Sequence[Block], document: Document, setting: Setting, look: Look = "plain"
) -> Iterator[Markup]:
    """Blocks in their order; points that follow one another are one list."""
    for is_list, group in groupby(blocks, lambda one: isinstance(one, Note) and one.is_point):
        if is_list:
            yield tag(
                "ul",
                *(
                    tag("li", _write_note(one, setting), class_=one.mark)
                    for one in group
                    if isinstance(one, Note)
                ),
            )
        else:
            for one in group:
                yield _build_block(one, document, setting, look)


def _build_block(block: Block, document: Document, setting: Setting, look: Look) -> Markup:
    if isinstance(block, Beside):
        look = "beside" if look == "page" else look
        found = find_parts(block.blocks)
        tall = place_tall(found) if setting.is_page else None
        parts = [
            tag(
                "div",
                *build_blocks(part, document, setting, look),
                class_="tall" if place == tall else None,
            )
            for place, part in enumerate(found)
        ]
        return tag("div", *parts, class_="beside")
    if isinstance(block, Table):
        return build_table(block, setting)
    if isinstance(block, Pairs):
        return build_facts(block, setting)
    if isinstance(block, Chart):
        return draw_chart(block, document.table(block.table), look)
    return tag("h3" if block.is_heading else "p", _write_note(block, setting), class_=block.mark)


def _write_note(note: Note, setting: Setting) -> Markup:
    told = setting.write_spans(note.spans) if note.spans else note.text
    return signed(told, note.mark)


def place_tall(parts: Sequence[Sequence[Table | Pairs | Chart | Note]]) -> int | None:
    """The place of a chart beside which two other parts stand one below the other; None of none."""
    if len(parts) == 1 + _BESIDE_TALL and isinstance(parts[0][-1], Chart):
        return 0
    return None


_BESIDE_TALL: Final = 2
"""Parts that stand one below the other beside a chart."""


def find_parts(
    blocks: Sequence[Table | Pairs | Chart | Note],
) -> list[list[Table | Pairs | Chart | Note]]:
    """What stands in one part: all from a heading to the next one; before any, each by itself but
    for texts that follow one another."""
    parts: list[list[Table | Pairs | Chart | Note]] = []
    is_headed = False
    for block in blocks:
        is_heading = isinstance(block, Note) and block.is_heading
        follows = bool(parts) and isinstance(block, Note) and isinstance(parts[-1][-1], Note)
        if is_heading or not (is_headed or follows) or not parts:
            parts.append([block])
        else:
            parts[-1].append(block)
        is_headed = is_headed or is_heading
    return parts
