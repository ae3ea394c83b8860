"""How the native library is found and loaded. Nothing is loaded before the first call of `library`."""

import functools
import sys
import sysconfig
from ctypes import CDLL
from pathlib import Path

from ._header import FUNCTIONS, WHOP_LICENSE_VERSION

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
