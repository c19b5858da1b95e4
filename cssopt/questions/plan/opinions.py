"""What other runs say of the same plan: fronts, ranges and what-ifs that were asked for before."""

from __future__ import annotations

from dataclasses import dataclass

from cssopt.document.document import Document


@dataclass(frozen=True)
class Opinions:
    """Kept answers about the same workbook and study; none where none were named.

    Attributes
    ----------
    documents: by the command that gave them, such as ``alternatives``.
    """

    documents: tuple[Document, ...] = ()
