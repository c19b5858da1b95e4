"""The versions that are promised: lower bounds, what is tested, and nothing left to chance."""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires, version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LISTS = ("constraints-lowest.txt", "constraints.txt")


def read_list(name):
    """Version by package of a list of constraints."""
    lines = (ROOT / name).read_text(encoding="utf-8").split()
    pairs = [line.split("==") for line in lines]
    assert all(len(pair) == 2 for pair in pairs), name
    return {canonicalize_name(package): version for package, version in pairs}


def find_direct():
    """What pyproject.toml asks for by name, with the extras and what builds the wheel."""
    extras = PROJECT["project"]["optional-dependencies"]
    groups = [PROJECT["project"]["dependencies"], *extras.values()]
    asked = [each for group in (*groups, PROJECT["build-system"]["requires"]) for each in group]
    return [each for each in map(Requirement, asked) if each.name != "cssopt"]


def find_needed(requirement, seen):
    """Names of a requirement and of all that it needs in turn on this machine."""
    name = canonicalize_name(requirement.name)
    wanted = {(name, extra) for extra in ("", *requirement.extras)} - seen
    seen |= wanted
    for _, extra in wanted:
        for line in requires(name) or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                find_needed(needed, seen)


@pytest.mark.parametrize("requirement", find_direct(), ids=str)
def test_lower_bounds_are_those_that_are_tested(requirement):
    """The list of lowest versions, which .ci/run installs, holds the bounds as they are written."""
    bounds = list(requirement.specifier)
    assert [bound.operator for bound in bounds] == [">="]
    assert read_list("constraints-lowest.txt")[canonicalize_name(requirement.name)] == (
        bounds[0].version
    )


def test_every_package_that_is_installed_is_in_its_list():
    """Direct or not: what is in no list comes in whatever version there is on that day."""
    lowest, tested = map(read_list, LISTS)
    here = lowest if version("pyomo") == lowest["pyomo"] else tested
    seen = set()
    for requirement in find_direct():
        try:
            find_needed(requirement, seen)
        except PackageNotFoundError:  # tools of `dev`, where only `test` is installed
            continue
    assert {package for package, _ in seen} - set(here) == set()


@pytest.mark.parametrize("requirement", find_direct(), ids=str)
def test_no_tested_version_is_below_its_bound(requirement):
    tested = read_list("constraints.txt")[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(tested)


def test_this_python_is_one_that_is_promised():
    least = Requirement(f"python{PROJECT['project']['requires-python']}").specifier
    assert least.contains(".".join(map(str, sys.version_info[:3])))
