"""The pages on speed, from the numbers that were kept: tables in Markdown, and curves."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from curves import Axis, Curve, draw
from libraries import LIBRARIES, OURS
from verbs import find_outside
from whole import find_gap

HERE = Path(__file__).parent
RESULTS = HERE / "results"
DOCS = HERE.parent / "docs"
PICTURES = DOCS / "benchmarks"
PAGES = (HERE / "README.md", DOCS / "benchmarks.md")

Told = Mapping[str, Any]
NONE = "none"
"""In place of a number that was not reached within the limit."""

ENTRIES = "coefficients that are not 0"


def write_pages() -> None:
    """Put every table that has numbers into the pages, and draw every curve."""
    PICTURES.mkdir(exist_ok=True)
    for part, (tell, paint) in PARTS.items():
        path = RESULTS / f"{part}.json"
        if path.exists():
            found = json.loads(path.read_text(encoding="utf-8"))
            painted = paint(found)
            for name, picture in painted.items():
                (PICTURES / f"{name}.svg").write_text(picture, encoding="utf-8")
            for page in PAGES:
                shown = show_pictures(painted, page)
                fill(page, part, "\n\n".join([say_versions(found), tell(found), *shown]))


def show_pictures(painted: Mapping[str, str], page: Path) -> list[str]:
    """The pictures as a page shows them, each with its title for those who do not see it."""
    folder = Path(os.path.relpath(PICTURES, page.parent)).as_posix()
    titles = {name: re.search('aria-label="(.*?)"', svg) for name, svg in painted.items()}
    return [f"![{found and found[1]}]({folder}/{name}.svg)" for name, found in titles.items()]


def fill(page: Path, part: str, text: str) -> None:
    """Put a text between the marks of a part."""
    marks = f"<!-- {part} -->", f"<!-- end of {part} -->"
    pattern = re.compile(f"{re.escape(marks[0])}.*?{re.escape(marks[1])}", re.DOTALL)
    old = page.read_text(encoding="utf-8")
    if not pattern.search(old):
        raise ValueError(f"{page.name} has no place for {part}: {marks[0]} ... {marks[1]}")
    new = pattern.sub(lambda _: f"{marks[0]}\n\n{text}\n\n{marks[1]}", old)
    page.write_text(new, encoding="utf-8")


def say_versions(found: Told) -> str:
    """When and with what a part was measured."""
    named = {"highspy": "HiGHS", "pyomo": "Pyomo", "pyoptinterface": "PyOptInterface"}
    told = ", ".join(
        f"{named.get(name, name)} {number}"
        for name, number in found["versions"].items()
        if name != "highsbox"
    )
    boxed = found["versions"]["highsbox"]
    return (
        f"Measured on {found['measured']}, two cores, Python {found['python']}, {told} (with HiGHS "
        f"{boxed})."
    )


def write_table(heads: list[str], rows: list[list[str]]) -> str:
    """A table whose columns behind the first are numbers."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def say(number: float | None, form: str = ".2f") -> str:
    """A number as it stands in a table."""
    return NONE if number is None else f"{number:,{form}}"


def say_gap(value: float | None, bound: float | None) -> str:
    """How far a plan may be above the best one."""
    gap = find_gap(value, bound)
    return NONE if math.isnan(gap) else f"{gap:.2%}"


# One model, many libraries


def find_built(told: Told) -> float | None:
    """Seconds from the tables, or the finished terms, until HiGHS has the model."""
    if "ended" in told:
        return None
    return sum(told["seconds"].get(step, 0.0) for step in ("build", "compile", "hand-off"))


def tell_libraries(found: Told) -> str:
    """Seconds and memory by size, and of the largest every step."""
    names = [OURS, *LIBRARIES]
    heads = ["members", "rows", "columns", "coefficients", *names]
    seconds, memory = [], []
    for members, size in found["sizes"].items():
        libraries = size["libraries"]
        shape = [members, *(f"{size[name]:,}" for name in ("rows", "columns", "entries"))]
        ours = find_built(libraries[OURS])
        cells = []
        for name in names:
            built = find_built(libraries[name])
            ratio = "" if None in (built, ours) or name == OURS else f" ({built / ours:.2f})"  # type: ignore[operator]
            cells.append(f"{say(built)}{ratio}")
        seconds.append([*shape, *cells])
        raised = [libraries[name].get("raised_mb") for name in names]
        memory.append([*shape, *(say(number, ".0f") for number in raised)])
    return "\n\n".join(
        [
            "Seconds of processor until HiGHS has the model; in brackets as a multiple of ours:",
            write_table(heads, seconds),
            "MB by which that raises the largest memory of the process:",
            write_table(heads, memory),
            _tell_steps(found),
        ]
    )


def _tell_steps(found: Told) -> str:
    """Every step of the largest model that all solved, and what was least."""
    solved = {
        members: size
        for members, size in found["sizes"].items()
        if all(each.get("objective") is not None for each in size["libraries"].values())
    }
    if not solved:
        return ""
    members, size = list(solved.items())[-1]
    steps = ["build", "compile", "hand-off", "solve"]
    rows = [
        [
            name,
            *(say(told["seconds"].get(step)) if step in told["seconds"] else "" for step in steps),
            f"{told['objective']:.8g}",
        ]
        for name, told in size["libraries"].items()
    ]
    table = write_table([f"{members} members, seconds", *steps, "least value"], rows)
    return f"Step by step, with the value that each reaches:\n\n{table}"


def draw_libraries(found: Told) -> dict[str, str]:
    """Seconds and memory by size."""
    sizes = {m: s for m, s in found["sizes"].items() if m.isdigit()}
    measures: dict[str, tuple[str, str, Callable[[Told], float | None]]] = {
        "libraries_seconds": (
            "From the terms of the model to HiGHS",
            "seconds of processor",
            find_built,
        ),
        "libraries_memory": (
            "Memory that the model takes until HiGHS has it",
            "MB",
            lambda told: told.get("raised_mb"),
        ),
    }
    pictures = {}
    for name, (title, unit, measure) in measures.items():
        curves = [
            Curve(
                library,
                [
                    (size["entries"], value)
                    for size in sizes.values()
                    if (value := measure(size["libraries"][library])) is not None and value > 0
                ],
            )
            for library in (OURS, *LIBRARIES)
        ]
        pictures[name] = draw(title, Axis(ENTRIES), Axis(unit), curves)
    return pictures


# Every command by size


def tell_verbs(found: Told) -> str:
    """Seconds of each command by size, the part that is HiGHS's, and how the rest grows."""
    sizes = list(found["sizes"])
    rows = []
    for name, by_size in found["verbs"].items():
        cells = [_tell_cell(by_size.get(members)) for members in sizes]
        exponent = found["exponents"].get(name)
        rows.append([f"`{name}`", *cells, "" if exponent is None else f"{exponent:.2f}"])
    shapes = [
        f"{members} members {size['rows']:,} x {size['columns']:,}, {size['entries']:,}"
        for members, size in found["sizes"].items()
    ]
    table = write_table(["", *(f"{members} members" for members in sizes), "exponent"], rows)
    return (
        "Seconds of processor, and the part of them inside HiGHS:\n\n"
        f"{table}\n\n{_tell_later(found)}Rows x columns, coefficients: {'; '.join(shapes)}. "
        "Exponent: by which power of the coefficients the time outside HiGHS grows, the start of "
        "the program apart.\n\n"
        f"{_tell_starts(found)}"
    )


def _tell_later(found: Told) -> str:
    """Which commands were measured on another day, beside other work of the same cores."""
    if "later" not in found:
        return ""
    names = ", ".join(f"`{name}`" for name in found["later"]["verbs"])
    return f"Measured on {found['later']['measured']}, beside other work: {names}.\n\n"


def _tell_starts(found: Told) -> str:
    rows = [[f"`{name}`", say(seconds)] for name, seconds in found["starts"].items()]
    return "What nobody wants to wait for:\n\n" + write_table(["", "seconds"], rows)


def _tell_cell(told: Told | None) -> str:
    if told is None:
        return ""
    if "ended" in told:
        return (
            f"> {math.floor(told['seconds']):,}" if "not within" in told["ended"] else "no answer"
        )
    if told["inside"] is None:
        return say(told["seconds"], ".1f")
    return f"{told['seconds']:,.1f} ({told['inside'] / told['seconds']:.0%})"


def draw_verbs(found: Told) -> dict[str, str]:
    """Seconds of all commands by size, and those that are not HiGHS's."""
    ended = {
        name: {m: told for m, told in by_size.items() if "ended" not in told}
        for name, by_size in found["verbs"].items()
    }
    entries = {m: size["entries"] for m, size in found["sizes"].items()}
    whole = [
        Curve(name, [(entries[m], told["seconds"]) for m, told in by_size.items()])
        for name, by_size in ended.items()
    ]
    outside = [
        Curve(
            name,
            [
                (entries[m], find_outside(told))
                for m, told in by_size.items()
                if "start" in told and find_outside(told) > 0
            ],
        )
        for name, by_size in ended.items()
    ]
    across, up = Axis(ENTRIES), Axis("seconds of processor")
    return {
        "commands_seconds": draw("Every command by size", across, up, whole),
        "commands_outside": draw("What of it is not HiGHS, the start apart", across, up, outside),
    }


# Whole numbers over time


def tell_whole(found: Told) -> str:
    """How far each search came within its limit."""
    rows = []
    for name, told in found["books"].items():
        if "ended" in told:
            rows.append([name, told["ended"], *[""] * 7])
            continue
        own = told["own"]
        first, last = told["stages"][0], told["stages"][-1]
        money = last if last is not first else {"value": None, "bound": None}
        rows.append(
            [
                name,
                f"{told['rows']:,} x {told['columns']:,}",
                f"{told['whole']:,}",
                f"{told['seconds']:,.0f} of {told['limit']:,.0f}",
                f"{say(first['value'], '.4g')} ({say(first['bound'], '.4g')})",
                f"{say(money['value'], '.0f')} ({say(money['bound'], '.0f')})",
                say(told["weighted"], ".0f"),
                say_gap(told["weighted"], told["weighted_bound"]),
                "" if own is None else say_gap(own["value"], own["bound"]),
            ]
        )
    heads = ["book", "rows x columns", "whole", "seconds", "missing share (none below)",
             "money (none below)", "both, weighted", "gap", "gap as told"]  # fmt: skip
    return write_table(heads, rows) + (
        f"\n\nWeighted: money + {found['weight']:g} x missing share. The gap is to the bound with "
        "fractions allowed, which no plan can be below and none need reach. The gap as told is "
        "that of the answer, at weights of its own."
    )


def draw_whole(found: Told) -> dict[str, str]:
    """The best plan and what is proven of each stage, second by second."""
    pictures = {}
    for name, told in found["books"].items():
        for about in dict.fromkeys(point["about"] for point in told.get("curve", [])):
            points = [point for point in told["curve"] if point["about"] == about]
            curves = [
                Curve(
                    label,
                    [(p["seconds"], p[kind]) for p in points if p[kind] is not None],
                    color,
                    is_step=True,
                )
                for label, kind, color in (("best plan", "best", 0), ("none below", "bound", 1))
            ]
            if any(curve.points for curve in curves):
                place = re.sub(r"\W+", "_", f"whole_{name}_{about}").lower()
                axes = Axis("seconds", is_log=False), Axis(about, is_log=False)
                pictures[place] = draw(f"{name}: {about}", *axes, curves)
    return pictures


PARTS: dict[str, tuple[Callable[[Told], str], Callable[[Told], dict[str, str]]]] = {
    "libraries": (tell_libraries, draw_libraries),
    "verbs": (tell_verbs, draw_verbs),
    "whole": (tell_whole, draw_whole),
}
"""Of each part its table, and its curves."""
