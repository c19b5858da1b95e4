"""A fixture for modules that load many small books: model files are parsed once.

Most of the time of a small book is the reading of the model files, which stay the same.
"""

from __future__ import annotations

from functools import cache

import pytest

from cssopt.build import component


@pytest.fixture(scope="module", autouse=True)
def read_models_once():
    """Keep the names that each model file imports."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(component, "_imported_names", cache(component._imported_names))
        yield
