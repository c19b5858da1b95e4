"""Facts of a run that no table holds: what was read, with which programs, when, in what time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any

from cssopt.issues import Issue
from cssopt.solution.versions import find_versions


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """What a run record says beside the solution.

    Attributes
    ----------
    source, digest: name of the workbook without its folder, and the SHA-256 of its bytes.
    begun: when the run began, in UTC.
    options: the command's options by name.
    issues: warnings and notes about the inputs.
    seconds: by step; they go before those of the solution.
    versions: of the programs.
    """

    source: str
    digest: str
    begun: datetime
    options: Mapping[str, Any] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=find_versions)

    @property
    def source_name(self) -> str:
        """Name of the workbook, without the folders of the machine it was read on."""
        return without_folders(self.source)

    @property
    def plain_options(self) -> dict[str, str]:
        """The options as text, without the folders of the machine."""
        return {
            name: without_folders(str(value))
            if isinstance(value, PurePath) or _is_absolute(str(value))
            else str(value)
            for name, value in self.options.items()
            if value is not None
        }


def without_folders(path: str) -> str:
    """The last part of a path of any system."""
    return re.split(r"[\\/]", path.rstrip("\\/"))[-1]


def _is_absolute(text: str) -> bool:
    return re.match(r"/|~|[A-Za-z]:[\\/]|\\\\", text) is not None
