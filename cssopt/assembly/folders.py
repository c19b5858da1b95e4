"""Where the model files are: a checkout's `models/`, or the copy that the wheel carries."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from cssopt.errors import ModelError
from cssopt.tables.convert import quote


def find_model_folders(in_front: Sequence[str | Path] = ()) -> tuple[Path, ...]:
    """Folders with components, objectives and studies; those in front hide files of later ones.

    Raises ModelError where a named folder does not exist.
    """
    here = Path(__file__).resolve().parents[1]
    own = next((path for path in (here / "_models", here.parent / "models") if path.is_dir()), None)
    if own is None:
        raise ModelError("the model files are missing; install cssopt again")
    named = tuple(Path(folder).resolve() for folder in in_front)
    # Unlike a Path it only says no of a name that is too long.
    if absent := [folder for folder in named if not os.path.isdir(folder)]:  # noqa: PTH112
        text = f"there is no folder {quote(str(absent[0]))}; name one that holds model files"
        raise ModelError(text)
    return (*named, own)
