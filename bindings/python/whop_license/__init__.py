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

from . import current, errors, v2
from ._answer import Api
from ._header import WHOP_LICENSE_VERSION as __version__
from .client import Client
from .errors import *  # noqa: F403  # one for each status, listed there
from .license import LicenseResult, Reason, ResetResult
from .oneshot import create_plan, validate_license
from .plan import CreatedPlan
from .status import Status

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
