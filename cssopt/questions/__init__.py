"""What can be asked of the inputs of an alliance: one folder a question."""

from __future__ import annotations

from pathlib import Path


def find_asked() -> dict[str, Path]:
    """The file ``ask.py`` of every folder, by the name of its module; none is loaded."""
    return {
        ".".join((__name__, *file.relative_to(folder).with_suffix("").parts)): file
        for folder in map(Path, __path__)
        for file in sorted(folder.rglob("ask.py"))
    }
