"""The raw mirror of ``include/whop_license.h``: its numbers, its functions, and how the library is found.

Nothing here is loaded before the first call of `library`.
"""

import functools
import sys
import sysconfig
from ctypes import CDLL, POINTER, c_char_p, c_double, c_int32, c_int64, c_uint32, c_void_p
from pathlib import Path
from typing import Any

WHOP_LICENSE_VERSION = "0.1.0"

WHOP_ALLOWED = 1
WHOP_DENIED = 0
WHOP_UNDETERMINED = -1

WHOP_OK = 0
WHOP_LICENSE_NOT_FOUND = 100
WHOP_LICENSE_INACTIVE = 101
WHOP_DEVICE_MISMATCH = 102
WHOP_PRODUCT_MISMATCH = 103
WHOP_INVALID_ARGUMENT = 200
WHOP_UNAUTHORIZED = 201
WHOP_FORBIDDEN = 202
WHOP_REJECTED = 203
WHOP_UNREACHABLE = 300
WHOP_NO_ANSWER = 301
WHOP_RATE_LIMITED = 302
WHOP_SERVER_ERROR = 303
WHOP_BAD_RESPONSE = 304
WHOP_NO_DEVICE_ID = 305
WHOP_INTERNAL_ERROR = 900

# Strings that come back are borrowed: ctypes copies a c_char_p result at once. Objects are owned: c_void_p.
_OBJECT = c_void_p
_NEW_OBJECT = POINTER(c_void_p)

# name: result, arguments
FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "whop_validate_license": (c_int32, c_char_p, c_char_p, c_char_p, _NEW_OBJECT),
    "whop_create_plan": (c_int32, c_char_p, c_char_p, _NEW_OBJECT),
    "whop_client_new": (c_int32, c_char_p, _NEW_OBJECT),
    "whop_client_set_product_id": (c_int32, _OBJECT, c_char_p),
    "whop_client_set_device_id": (c_int32, _OBJECT, c_char_p),
    "whop_client_set_metadata_key": (c_int32, _OBJECT, c_char_p),
    "whop_client_set_timeout_ms": (c_int32, _OBJECT, c_uint32),
    "whop_client_set_max_retries": (c_int32, _OBJECT, c_uint32),
    "whop_client_set_expand": (c_int32, _OBJECT, c_char_p),
    "whop_client_set_base_url": (c_int32, _OBJECT, c_char_p),
    "whop_client_set_allow_sandbox": (c_int32, _OBJECT, c_int32),
    "whop_client_set_ca_file": (c_int32, _OBJECT, c_char_p),
    "whop_client_set_proxy": (c_int32, _OBJECT, c_char_p),
    "whop_client_set_allow_unknown_plan_fields": (c_int32, _OBJECT, c_int32),
    "whop_client_message": (c_char_p, _OBJECT),
    "whop_client_device_id": (c_char_p, _OBJECT),
    "whop_client_validate_license": (c_int32, _OBJECT, c_char_p, c_char_p, _NEW_OBJECT),
    "whop_client_create_plan": (c_int32, _OBJECT, c_char_p, _NEW_OBJECT),
    "whop_client_free": (None, _OBJECT),
    "whop_response_json": (c_char_p, _OBJECT),
    "whop_response_message": (c_char_p, _OBJECT),
    "whop_response_http_status": (c_int32, _OBJECT),
    "whop_response_retry_after_ms": (c_int64, _OBJECT),
    "whop_response_string": (c_char_p, _OBJECT, c_char_p),
    "whop_response_integer": (c_int32, _OBJECT, c_char_p, POINTER(c_int64)),
    "whop_response_number": (c_int32, _OBJECT, c_char_p, POINTER(c_double)),
    "whop_response_boolean": (c_int32, _OBJECT, c_char_p, POINTER(c_int32)),
    "whop_response_free": (None, _OBJECT),
    "whop_status_verdict": (c_int32, c_int32),
    "whop_status_name": (c_char_p, c_int32),
    "whop_status_message": (c_char_p, c_int32),
    "whop_version": (c_char_p,),
}

_FILE_NAMES = {"win32": "whop_license.dll", "darwin": "libwhop_license.dylib"}
FILE = Path(__file__).absolute().with_name(_FILE_NAMES.get(sys.platform, "libwhop_license.so"))


@functools.cache
def library() -> CDLL:
    """The native library beside this module, loaded at the first call.

    Raises:
        ImportError: It is not there, is made for another platform, or is of another version.
    """
    try:
        native = CDLL(str(FILE))
        for name, (result, *arguments) in FUNCTIONS.items():
            function = getattr(native, name)
            function.restype = result
            function.argtypes = arguments
    except (OSError, AttributeError) as error:
        raise _unusable(str(error)) from error
    version = native.whop_version().decode()
    if version != WHOP_LICENSE_VERSION:
        raise _unusable(f"it is version {version}")
    return native


def _unusable(why: str) -> ImportError:
    return ImportError(
        f"cannot use {FILE} on {sysconfig.get_platform()}: {why}. Put version {WHOP_LICENSE_VERSION} of the library "
        "there, or reinstall whop-license for this platform: from a checkout, run `make` first.",
        name="whop_license",
        path=str(FILE),
    )
