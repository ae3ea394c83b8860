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

from ._native import WHOP_LICENSE_VERSION as __version__
from .client import Client
from .errors import (
    BadResponse,
    Forbidden,
    InternalError,
    InvalidArgument,
    NoAnswer,
    NoDeviceId,
    RateLimited,
    Rejected,
    ServerError,
    Unauthorized,
    Unreachable,
    WhopError,
)
from .license import LicenseResult, Membership, Reason
from .oneshot import create_plan, validate_license
from .plan import CustomField, Plan, PlanRequest
from .status import Status

__all__ = [
    "BadResponse",
    "Client",
    "CustomField",
    "Forbidden",
    "InternalError",
    "InvalidArgument",
    "LicenseResult",
    "Membership",
    "NoAnswer",
    "NoDeviceId",
    "Plan",
    "PlanRequest",
    "RateLimited",
    "Reason",
    "Rejected",
    "ServerError",
    "Status",
    "Unauthorized",
    "Unreachable",
    "WhopError",
    "__version__",
    "create_plan",
    "validate_license",
]
