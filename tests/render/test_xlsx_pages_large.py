"""The report of a plan with 100,000 rows: what it may take."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROWS = 100_000
SECONDS, BYTES = 30.0, 1_000_000_000

PROGRAM = """
import sys, time
sys.path[:0] = {paths!r}
from pathlib import Path
from made_workbook import make_pages
from cssopt.document.document import Column, Sheet, Table
from cssopt.profile import find_peak
from cssopt.render.formats import write_document

rows = tuple(
    (f"Member {n % 32}", f"Force {n % 20}", n % 5, 2027 + n % 30, n / 7) for n in range({ROWS})
)
columns = (
    Column("member"), Column("force"), Column("tier", "count"), Column("year", "year"),
    Column("held", "number", decimals=2),
)
held = Table("held", columns, rows)
document = make_pages(Sheet("Held", "", (held,)))
begun = time.process_time()
write_document(Path(sys.argv[1]), document, ("xlsx", "html"))
print(time.process_time() - begun)
print(find_peak() * 2**20)
"""


def test_100_000_rows_take_less_than_30_s_and_1_gb(tmp_path):
    books = Path(__file__).parents[1] / "books"
    paths = [str(books), str(books.parents[1])]
    program = PROGRAM.replace("{paths!r}", repr(paths)).replace("{ROWS}", str(ROWS))
    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    seconds, most = map(float, told.stdout.split())
    assert seconds <= SECONDS
    assert most <= BYTES
