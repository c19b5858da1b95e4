"""Make docs/gallery.md and its pictures: the first page of every report, of a small invented book.

    python docs/make_gallery.py [QUESTION...]

Needs LibreOffice (soffice), pdftoppm, Chromium, and the extra `docs`.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from PIL import Image

import cssopt

DOCS: Final = Path(__file__).parent
WIDTH: Final = 900
"""Pixels of a picture."""
MOST: Final = 120_000
"""Bytes of a picture."""
LEVEL: Final = "requirements.level*=0.8"
QUESTIONS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "solve": ("The plan: who holds what, what it costs, and whether the threats are met", {}),
    "compare": ("What acting together saves, link by link", {}),
    "whatif": ("What-ifs beside the base plan", {"ask": ["leaving", "threats"]}),
    "sweep": (
        "Many what-ifs: what moves money and security most",
        {"vary": [f"{LEVEL}:1.4:0.2", "members[member=NOR].budget_share=0.01,0.02"]},
    ),
    "frontier": ("What money buys", {"trade": ["shortfall"], "study": "relaxed"}),
    "tipping": (
        "Where the plan changes its structure",
        {"vary": f"{LEVEL}..1.4", "study": "relaxed"},
    ),
    "alternatives": (
        "What is certain near the least cost, and what is a free choice",
        {"within": [0.02], "study": "relaxed"},
    ),
    "prices": ("What one more unit of each cell costs or saves", {"study": "relaxed"}),
    "rules": ("What every rule costs", {"study": "relaxed"}),
    "why": (
        "Who covers a threat, and what the next unit costs",
        {"threat": "BORDER", "year": 2030},
    ),
    "diagnose": ("Why there is no plan, and what would let one in", {}),
    "share": ("Who pays what, by every accepted way", {}),
}
"""What each picture shows, and with which options the question is asked."""
CHANGED: Final = {"diagnose": ["requirements.level*=3"]}
"""Changes of the book for questions that the plain one has no answer to."""


def main(names: list[str]) -> None:
    """Draw the pictures of these questions, or of all, and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        book = cssopt.write_template(work / "alliance.xlsx", example=True)
        case = cssopt.load(book)
        for name in names or QUESTIONS:
            changed = cssopt.change(case, CHANGED[name])[0] if name in CHANGED else case
            answer = getattr(cssopt, name)(changed, **QUESTIONS[name][1])
            place = answer.write(work / name, ["xlsx", "html"])
            print(name, answer.status, place.path, flush=True)
            _save(name, "page", _draw_page(next((work / name).glob("*.html"))))
            _save(name, "workbook", _draw_sheet(next((work / name).glob("*.xlsx"))))
    (DOCS / "gallery.md").write_text(write_page(), encoding="utf-8")


def _draw_page(path: Path) -> Image.Image:
    """The top of a page, as Chromium shows it."""
    picture = path.with_suffix(".png")
    size, out = "--window-size=1280,1100", f"--screenshot={picture}"
    told = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", size, out]
    subprocess.run(["chromium", *told, path.as_uri()], check=True, capture_output=True)
    return Image.open(picture)


def _draw_sheet(path: Path) -> Image.Image:
    """The first printed page of a workbook, as LibreOffice prints it."""
    profile = f"-env:UserInstallation=file://{path.parents[1]}/profile"
    told = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(path.parent)]
    subprocess.run([*told, str(path)], check=True, capture_output=True)
    told = ["pdftoppm", "-png", "-r", "90", "-singlefile", "-l", "1"]
    pdf, picture = path.with_suffix(".pdf"), path.with_suffix("")
    subprocess.run([*told, str(pdf), str(picture)], check=True)
    return Image.open(picture.with_suffix(".png"))


def _save(name: str, kind: str, picture: Image.Image) -> None:
    """A picture of the usual width in few colors, small enough to be kept."""
    plain = picture.convert("RGB")
    plain = plain.resize(
        (WIDTH, round(plain.height * WIDTH / plain.width)), Image.Resampling.LANCZOS
    )
    for colors in (64, 32, 16):
        kept = io.BytesIO()
        plain.quantize(colors, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
        if len(kept.getvalue()) <= MOST:
            break
    (DOCS / "gallery" / f"{name}-{kind}.png").write_bytes(kept.getvalue())


def write_page() -> str:
    """The page: for each question what it shows, how it is asked, and both pictures."""
    parts = [
        "# Gallery\n\nThe first page of every report, for a browser and of the workbook. All are "
        "of the example of\n`cssopt new` (**ILLUSTRATIVE**), drawn by "
        "`python docs/make_gallery.py`.\n"
    ]
    for name, (says, options) in QUESTIONS.items():
        if not (DOCS / "gallery" / f"{name}-workbook.png").exists():
            continue  # not drawn yet
        asked = " ".join(["cssopt", name, "alliance.xlsx", *_write_options(options)])
        parts.append(f"## {says}\n\n    {asked}\n")
        if name in CHANGED:
            parts.append(f"Of the workbook with `{CHANGED[name][0]}`.\n")
        for kind, where in (("page", "in a browser"), ("workbook", "as a workbook")):
            parts.append(f"![{says}, {where}](gallery/{name}-{kind}.png)\n")
    return "\n".join(parts)


def _write_options(options: dict[str, Any]) -> list[str]:
    """Options as they are typed."""
    typed = []
    for name, value in options.items():
        for one in value if isinstance(value, list) else [value]:
            quoted = f"'{one}'" if "*" in str(one) or "[" in str(one) else one
            typed.append(f"--{name.replace('_', '-')} {quoted}")
    return typed


if __name__ == "__main__":
    main(sys.argv[1:])
