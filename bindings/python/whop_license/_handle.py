"""The native client: freed once, and used by the process that made it alone."""

from __future__ import annotations

import os
import sys
from ctypes import byref, c_void_p

from ._native import library
from .errors import error_for
from .status import Status

_forks = 0


def _count_fork() -> None:
    global _forks
    _forks += 1


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_count_fork)


class Handle:
    """Owns a native client and frees it when nothing refers to this object any more."""

    pointer: int | None = None

    def __init__(self, function: str, *arguments: bytes) -> None:
        self._process = os.getpid(), _forks
        pointer = c_void_p()
        status = getattr(library(), function)(*arguments, byref(pointer))
        self.pointer = pointer.value
        self._check(status)

    def set(self, setting: str, value: bytes | int | None) -> None:
        """Changes a setting, if there is a value."""
        if value is not None:
            self._check(getattr(library(), f"whop_client_set_{setting}")(self.pointer, value))

    def is_of_this_process(self) -> bool:
        """Whether this process made it: the id does not tell where each is process 1 of a namespace of its own."""
        return self._process == (os.getpid(), _forks)

    def _check(self, status: int) -> None:
        if status != Status.OK:
            raise error_for(Status(status), library().whop_client_message(self.pointer).decode())

    def __del__(self) -> None:
        # At exit a daemon thread may be inside a call, and the process ends anyway.
        if self.pointer and not sys.is_finalizing():
            library().whop_client_free(self.pointer)
