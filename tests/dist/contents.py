"""What the tests of archives share."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "target/dist"
EXPORTS = set((ROOT / "tests/exports.txt").read_text(encoding="utf-8").split())
sys.path.insert(0, str(ROOT / "scripts"))

from platforms import PLATFORMS, Platform  # noqa: E402  (scripts/ is no package)

__all__ = ["DIST", "EXPORTS", "PLATFORMS", "ROOT", "Platform"]
