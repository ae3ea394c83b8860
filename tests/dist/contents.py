"""What the tests of archives share."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXPORTS = set((ROOT / "tests/exports.txt").read_text(encoding="utf-8").split())
sys.path.insert(0, str(ROOT / "scripts"))

from platforms import PLATFORMS, TARGET_DIR, Platform  # noqa: E402  (scripts/ is no package)

DIST = TARGET_DIR / "dist"
__all__ = ["DIST", "EXPORTS", "PLATFORMS", "ROOT", "Platform"]
