"""Make the pictures of reports and the two pages that show them.

docs/gallery.md: the first page of every report, of a small invented book. docs/decision_pages.md:
the decision page of books of every size and every way in which a plan may end.

    python docs/make_gallery.py [QUESTION... | BOOK...]

Needs LibreOffice (soffice), pdftoppm, Chromium, and the extra `docs`.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PIL import Image

import cssopt

DOCS: Final = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent))
from benchmarks.alliance import build_plain_alliance, write_book  # noqa: E402

DEMO: Final = DOCS.parent / "inputs/demo.xlsx"
TREATY: Final = DOCS.parent / "inputs/collective_security_treaty_1996.xlsx"
WIDTH: Final = 900
"""Pixels of a picture."""
MOST: Final = 120_000
"""Bytes of a picture."""
COLORS: Final = 48
"""Colors of a picture: enough for every mark to keep its own."""
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


def _write_example(folder: Path) -> Path:
    return cssopt.write_template(folder / "alliance.xlsx", example=True)


def _write_made(members: int, forces: int, years: int) -> Callable[[Path], Path]:
    """A book of so many members, with a threat for every second of them up to eight."""
    threats = min(8, members // 2)

    def write(folder: Path) -> Path:
        sheets = build_plain_alliance(members, forces, threats=threats, years=years)
        return write_book(sheets, folder / f"made_{members}.xlsx")

    return write


BOOKS: Final[dict[str, tuple[str, Callable[[Path], Path], str, dict[str, Any]]]] = {
    "demo": ("Met only after some years: inputs/demo.xlsx", lambda _: DEMO, "compare", {}),
    "example": ("Met in every year: `cssopt new`", _write_example, "compare", {}),
    "treaty": ("Nine members: the treaty of 1996", lambda _: TREATY, "compare", {}),
    "two": (
        "Two members: two of `cssopt new`",
        _write_example,
        "compare",
        {"members": ["NOR", "SOU"]},
    ),
    "twelve": (
        "Twelve members, not proven: a limit ended the search",
        _write_made(12, 12, 10),
        "compare",
        {"time_limit": 40},
    ),
    "thirtytwo": (
        "Thirty-two members, a simplified plan, nobody asked alone",
        _write_made(32, 12, 10),
        "solve",
        {"study": "relaxed", "time_limit": 1200},
    ),
    "unproven": (
        "Six members, not proven: a limit ended the search at once",
        lambda _: DEMO,
        "solve",
        {"time_limit": 4},
    ),
    "infeasible": (
        "No plan: the demo, no need of which may be left unmet",
        lambda _: DEMO,
        "solve",
        {"study": "strict"},
    ),
}
"""Books whose decision page is shown: what it shows, the book, the question and its options."""
WIDTHS: Final = {"phone": (390, 3000), "screen": (1280, 1300)}
"""Width and height of the demo's pictures in a browser, in pixels."""
THEMES: Final = {"light": 1, "dark": 0}
"""Chromium's number of each color scheme that a reader prefers."""


def main(names: list[str]) -> None:
    """Draw the pictures of these questions and books, or of all, and write the pages."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in names or [*QUESTIONS, *BOOKS]:
            if name in BOOKS:
                draw_decision(name, work)
            else:
                draw_question(name, work)
    (DOCS / "gallery.md").write_text(write_page(), encoding="utf-8")
    (DOCS / "decision_pages.md").write_text(write_decision_pages(), encoding="utf-8")


def draw_question(name: str, work: Path) -> None:
    """The first page of a question's report, in a browser and of its workbook."""
    case = cssopt.load(_write_example(work))
    changed = cssopt.change(case, CHANGED[name])[0] if name in CHANGED else case
    answer = getattr(cssopt, name)(changed, **QUESTIONS[name][1])
    page, book = _write_reports(answer, work / name)
    _save(f"{name}-page", _draw_page(page))
    _save(f"{name}-workbook", _draw_paper(_print_book(book)))


def draw_decision(name: str, work: Path) -> None:
    """The decision page of a book as it is printed, and of the demo also in a browser."""
    _, make, question, options = BOOKS[name]
    answer = getattr(cssopt, question)(cssopt.load(make(work)), **options)
    page, book = _write_reports(answer, work / name)
    _save(f"decision/{name}-workbook", _draw_paper(_print_book(book)))
    _save(f"decision/{name}-print", _draw_paper(_print_page(page)))
    if name == "demo":
        for kind, (width, height) in WIDTHS.items():
            for theme in THEMES:
                picture = _draw_page(page, width, height, theme)
                _save(f"decision/{name}-{kind}-{theme}", picture, min(width, WIDTH))


def _write_reports(answer: Any, folder: Path) -> tuple[Path, Path]:
    """The page for a browser and the workbook of an answer."""
    place = answer.write(folder, ["xlsx", "html"])
    print(folder.name, answer.status, place.path, flush=True)
    return next(folder.glob("*.html")), next(folder.glob("*.xlsx"))


def _run_chromium(shown: Path, *options: str) -> None:
    told = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", *options]
    subprocess.run([*told, shown.as_uri()], check=True, capture_output=True)


def _draw_page(
    path: Path, width: int = 1280, height: int = 1100, theme: str = "light"
) -> Image.Image:
    """The top of a page, as Chromium shows it: in a frame, as no window is narrow as a phone."""
    frame, picture = path.with_name("frame.htm"), path.with_suffix(".png")
    box = f'<iframe style="border:0" width="{width}" height="{height}" src="{path.name}"></iframe>'
    frame.write_text(f'<!doctype html><body style="margin:0">{box}', encoding="utf-8")
    scheme = f"--blink-settings=preferredColorScheme={THEMES[theme]}"
    size = f"--window-size={max(width, 600)},{height}"
    _run_chromium(frame, "--hide-scrollbars", scheme, size, f"--screenshot={picture}")
    return Image.open(picture).crop((0, 0, width, height))


def _print_page(path: Path) -> Path:
    """A page as Chromium prints it."""
    pdf = path.with_name("printed.pdf")
    _run_chromium(path, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    return pdf


def _print_book(path: Path) -> Path:
    """A workbook as LibreOffice prints it."""
    profile = f"-env:UserInstallation=file://{path.parents[1]}/profile"
    told = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(path.parent)]
    subprocess.run([*told, str(path)], check=True, capture_output=True)
    return path.with_suffix(".pdf")


def _draw_paper(pdf: Path) -> Image.Image:
    """The first sheet of a PDF."""
    told = ["pdftoppm", "-png", "-r", "110", "-singlefile", "-l", "1"]
    subprocess.run([*told, str(pdf), str(pdf.with_suffix(""))], check=True)
    return Image.open(pdf.with_suffix(".png"))


def _save(name: str, picture: Image.Image, width: int = WIDTH) -> None:
    """A picture small enough to be kept: narrower rather than without its colors."""
    plain = picture.convert("RGB")
    for part in (1.0, 0.9, 0.8, 0.7, 0.6):
        size = (round(width * part), round(plain.height * width * part / plain.width))
        small = plain.resize(size, Image.Resampling.LANCZOS)
        kept = io.BytesIO()
        few = small.quantize(COLORS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(kept, "PNG", optimize=True)
        if len(kept.getvalue()) <= MOST:
            break
    path = DOCS / "gallery" / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(kept.getvalue())


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


def write_decision_pages() -> str:
    """The page of decision pages: for each book how it is asked, and every picture drawn."""
    parts = [
        "# Decision pages\n\nThe first page of a plan says what ministers must know: whether the "
        "threats are met, what it\ncosts, who pays, who must do what, how sure it is and what must "
        "be decided by when. Here it is\nfor small and larger alliances, and for every "
        "way in which a plan may end. All books\nare **ILLUSTRATIVE**; the pictures are drawn by "
        "`python docs/make_gallery.py`.\n"
    ]
    kinds = {
        "workbook": "printed from the workbook",
        "print": "printed from a browser",
        **{
            f"{kind}-{theme}": f"in a browser {width} pixels wide, {theme}"
            for kind, (width, _) in WIDTHS.items()
            for theme in THEMES
        },
    }
    for name, (says, _, question, options) in BOOKS.items():
        drawn = [kind for kind in kinds if (_find_decision(name, kind)).exists()]
        if not drawn:
            continue
        asked = " ".join(["cssopt", question, "BOOK", *_write_options(options)])
        parts.append(f"## {says}\n\n    {asked}\n")
        for kind in drawn:
            parts.append(f"![{says}, {kinds[kind]}](gallery/decision/{name}-{kind}.png)\n")
    return "\n".join(parts)


def _find_decision(name: str, kind: str) -> Path:
    return DOCS / "gallery" / "decision" / f"{name}-{kind}.png"


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
