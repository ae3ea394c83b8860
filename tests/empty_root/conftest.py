from __future__ import annotations

from pathlib import Path

import pytest
from roots import STATIC, Machine


@pytest.fixture(params=STATIC)
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Machine:
    """A machine of each processor."""
    return Machine(request.param, tmp_path)
