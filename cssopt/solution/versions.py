"""Versions of the programs that an answer depends on."""

from __future__ import annotations

import platform


def find_versions() -> dict[str, str]:
    """Versions of the programs that an answer depends on."""
    packages = {"cssopt": "cssopt", "Pyomo": "pyomo", "HiGHS": "highspy"}
    return {
        **{name: _version(package) for name, package in packages.items()},
        "Python": platform.python_version(),
    }


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed as a package"
