"""What a marked copy must hold of its original, told by a reader with no code of cssopt."""

from __future__ import annotations

from collections.abc import Mapping

from plain_reader import PlainBook

RED, AMBER = "FFFFC7CE", "FFFFEB9C"


def find_losses(original: bytes, copy: bytes, marks: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Everything in which the copy is not the original with these marks; empty where it is.

    `marks` is the color of every marked cell, by sheet and address.
    """
    before, after = PlainBook(original), PlainBook(copy)
    losses = []
    fresh = [title for title in after.sheets if title not in before.sheets]
    if list(after.sheets) != [*before.sheets, *fresh] or len(fresh) != 1:
        losses.append(f"sheets {list(after.sheets)}")
    touched = {before.book, "[content_types].xml"}
    for title, old in before.sheets.items():
        new, colors = after.sheets[title], marks.get(title, {})
        if new.cells != old.cells:
            losses.append(f"{title}: cells {sorted(new.cells.items() ^ old.cells.items())}")
        if new.rest != old.rest:
            losses.append(f"{title}: {[e[:200] for e in new.rest if e not in old.rest]}")
        for address in new.formats.keys() | old.formats.keys():
            said, fill = new.formats.get(address, ("plain", "none"))
            expected = old.formats.get(address, ("plain", "none"))
            if address in colors:
                if colors[address] not in fill:
                    losses.append(f"{title}!{address} is not filled")
                # A cell that was not there takes the format of its row or column.
                if address in old.formats and said != expected[0]:
                    losses.append(f"{title}!{address}: {said} for {expected[0]}")
            elif (said, fill) != expected:
                losses.append(f"{title}!{address}: {said}, {fill} for {expected}")
        for address, text in old.comments.items():
            if not new.comments.get(address, "").startswith(text):
                losses.append(f"{title}!{address}: lost the comment {text}")
        if new.comments.keys() != old.comments.keys() | colors.keys():
            losses.append(f"{title}: comments at {sorted(new.comments)}")
        if colors:
            touched |= {before.sheet_parts[title], before.styles_part, *old.comment_parts}
            if len(new.boxes) < len(new.comments) - len(old.comments):
                losses.append(f"{title}: {len(new.boxes)} boxes")
    for name, content in before.parts.items():
        if name not in after.parts:
            losses.append(f"the part {name} is gone")
        elif name not in touched and not name.endswith(".rels") and after.parts[name] != content:
            losses.append(f"the part {name} changed")
    return losses
