"""The modules of benchmarks/, by the names by which they know each other."""

from __future__ import annotations

import sys

from paths import ROOT

sys.path.append(str(ROOT / "benchmarks"))
