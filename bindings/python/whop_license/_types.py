"""Types of which only type checkers, and those who ask for them, need more than the name."""

from typing import Literal, TypeAlias

Api: TypeAlias = Literal["current", "v2"]
"""One of Whop's two APIs."""

Reason: TypeAlias = Literal[
    # generated: reasons.py, by scripts/generate.py from api/statuses.json
    "license_not_found",
    "license_inactive",
    "device_mismatch",
    "product_mismatch",
    # end of generated: reasons.py
]
"""Why a license does not entitle."""
