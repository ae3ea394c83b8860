"""Ask Whop whether this customer may run your program on this device.

    import whop_license

    with whop_license.Client(api_key, product_id="prod_…") as client:
        result = client.validate_license(license_key)
        if result.valid:
            ...  # allowed
        else:
            print(result.message)  # denied: result.reason says why

No answer is not a "no": it is raised as a `WhopError`.
"""

from __future__ import annotations

from . import errors
from ._header import WHOP_LICENSE_VERSION as __version__
from .client import Client
from .errors import *  # noqa: F403  # one for each status, listed there
from .license import LicenseResult, ResetResult
from .oneshot import create_plan, validate_license
from .plan import CreatedPlan
from .status import Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import current, v2
    from ._types import Api, Reason

__all__ = [
    "Api",
    "Client",
    "CreatedPlan",
    "LicenseResult",
    "Reason",
    "ResetResult",
    "Status",
    "__version__",
    "create_plan",
    "current",
    "v2",
    "validate_license",
]
__all__ += errors.__all__


def __getattr__(name: str) -> object:
    """What few programs need, and takes longer to import than all else: imported when it is asked for."""
    if name not in ("current", "v2", "Api", "Reason"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name in ("Api", "Reason"):
        return getattr(import_module("._types", __name__), name)
    return import_module(f".{name}", __name__)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
