"""How the native library is found and loaded. Nothing is loaded before the first call of `library`."""

import functools
import os
import sys
from ctypes import CDLL, PyDLL

from ._header import FUNCTIONS, WHOP_LICENSE_VERSION

_FILE_NAMES = {"win32": "whop_license.dll", "darwin": "libwhop_license.dylib"}
FILE = os.path.join(  # noqa: PTH118  # pathlib takes longer to import than the library to load
    os.path.dirname(os.path.abspath(__file__)),  # noqa: PTH100, PTH120
    _FILE_NAMES.get(sys.platform, "libwhop_license.so"),
)

# These return at once: it costs more to let other threads of Python's run meanwhile.
_QUICK = ("whop_response_", "whop_status_", *(f"whop_call_{name}" for name in ("is_done", "result", "cancel", "free")))


@functools.cache
def library() -> CDLL:
    """The native library beside this module, loaded at the first call.

    Raises:
        ImportError: It is not there, is made for another platform, or is of another version.
    """
    try:
        native = CDLL(FILE)
        quick = PyDLL(FILE, handle=native._handle)
        for name, (result, *arguments) in FUNCTIONS.items():
            function = getattr(quick if name.startswith(_QUICK) else native, name)
            function.restype = result
            function.argtypes = arguments
            setattr(native, name, function)
    except (OSError, AttributeError) as error:
        raise _unusable(str(error)) from error
    version = native.whop_version().decode()
    if version != WHOP_LICENSE_VERSION:
        raise _unusable(f"it is version {version}")
    return native


def _unusable(why: str) -> ImportError:
    import sysconfig

    return ImportError(
        f"cannot use {FILE} on {sysconfig.get_platform()}: {why}. Put version {WHOP_LICENSE_VERSION} of the library "
        "there, or reinstall whop-license for this platform: from a checkout, run `make` first.",
        name="whop_license",
        path=FILE,
    )
