"""A client: an API key, settings, and connections that are kept for the next call."""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Iterable, Mapping
from ctypes import byref, c_void_p
from typing import TYPE_CHECKING, NoReturn

from ._answer import Answer, ask
from ._native import library
from ._text import encode, require
from .errors import InvalidArgument, error_for
from .license import LicenseResult, metadata_json, result
from .plan import Plan, PlanRequest, created, plan_json
from .status import Status

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

_UINT32_MAX = 2**32 - 1

_forks = 0


def _count_fork() -> None:
    global _forks
    _forks += 1


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_count_fork)


def _process() -> tuple[int, int]:
    """What tells this process from its parent: the id does not where each is process 1 of a namespace of its own."""
    return os.getpid(), _forks


class Client:
    """Asks Whop, with one API key and one set of settings, over connections that are kept.

    Use it in a ``with`` statement or `close` it. Many threads may use one client at once, and may close it during
    a call: the call ends well. A process that is forked needs a client of its own.

    Args:
        api_key: The seller's key. One that is shipped to customers must be able to validate licenses only.
        product_id: The product that licenses must be for, as ``prod_…``. Set it: an API key is company-wide, so without
            it the license key of a free product of the company validates too. It is also a part of `device_id`: to
            change it in a program that customers have makes every device another one.
        device_id: What to take for `Client.device_id` in place of the library's own: the id of a platform that has
            one, or a random one that you store.
        metadata_key: What the device id is called in the metadata, for buyers whose licenses are bound under another
            name than ``hwid``.
        timeout: Seconds for a whole call, retries and name lookup included: 0.001 to 600.
        max_retries: How often `validate_license` tries again when there is no answer: 0 to 10. `create_plan` is
            repeated only when nothing was sent.
        expand: What Whop is to send as an object instead of an id: ``product``, ``user``, ``plan``, ``promo_code``.
            Of these `create_plan` knows ``product`` only.
        base_url: Where the API is. Plain http is accepted for this machine only.
        allow_sandbox: False refuses an API key that leads to the sandbox by itself, ``sandbox_PORT_NAME``, also with a
            `base_url`. For programs that are shipped and read the key from a file: whoever writes such a key into it
            could answer for Whop.
        ca_file: A PEM file of the authorities to trust instead of the usual ones.
        proxy: The URL of a proxy, or ``""`` for none. By default the environment says: ``https_proxy``, ``all_proxy``
            and ``no_proxy``, in small letters or capitals.
        allow_unknown_plan_fields: Let `create_plan` send fields that this version does not know.

    Raises:
        InvalidArgument: A setting was refused; the message names it.
        ImportError: The native library is missing or does not fit.
    """

    def __init__(
        self,
        api_key: str,
        *,
        product_id: str | None = None,
        device_id: str | None = None,
        metadata_key: str = "hwid",
        timeout: float = 10.0,
        max_retries: int = 2,
        expand: Iterable[str] = (),
        base_url: str | None = None,
        allow_sandbox: bool = True,
        ca_file: str | os.PathLike[str] | None = None,
        proxy: str | None = None,
        allow_unknown_plan_fields: bool = False,
    ) -> None:
        self._handle: _Handle | None = None
        self._product_id = product_id
        handle = _Handle(api_key)
        handle.set("metadata_key", encode("metadata_key", metadata_key))
        handle.set("timeout_ms", _milliseconds(timeout))
        handle.set("max_retries", _uint32("max_retries", max_retries))
        handle.set("expand", encode("expand", _names(expand)))
        require("allow_sandbox", allow_sandbox, bool, "bool")
        handle.set("allow_sandbox", allow_sandbox)
        require("allow_unknown_plan_fields", allow_unknown_plan_fields, bool, "bool")
        handle.set("allow_unknown_plan_fields", allow_unknown_plan_fields)
        if product_id is not None:
            handle.set("product_id", encode("product_id", product_id))
        if device_id is not None:
            handle.set("device_id", encode("device_id", device_id))
        if base_url is not None:
            handle.set("base_url", encode("base_url", base_url))
        if ca_file is not None:
            handle.set("ca_file", encode("ca_file", os.fspath(ca_file)))
        if proxy is not None:
            handle.set("proxy", encode("proxy", proxy))
        self._handle = handle

    @property
    def device_id(self) -> str:
        """What a license is bound to without metadata: ``{"hwid": device_id}``.

        The one that was set, else 64 hex digits that last at least as long as the operating system's installation, tell
        nothing of the machine, and are others for each product.

        Raises:
            NoDeviceId: This machine cannot be told from others, as in a container.
            ValueError: The client is closed.
        """
        handle = self._open()
        device_id: bytes | None = library().whop_client_device_id(handle.pointer)
        if device_id is None:
            raise error_for(Status.NO_DEVICE_ID, Status.NO_DEVICE_ID.meaning)
        return device_id.decode()

    def validate_license(self, license_key: str, metadata: Mapping[str, object] | str | None = None) -> LicenseResult:
        """Ask whether a license entitles its holder, here and now; the first time, bind it to this device.

        Args:
            license_key: The customer's key, or the id of the membership.
            metadata: What the license is bound to: JSON with nothing in it that ever changes. By default it is this
                device: ``{"hwid": device_id}``. A mapping that tells no device from another is refused: an empty one,
                or a value of None. A string is sent byte for byte; ``"{}"`` binds nothing, and may even reset the
                binding.

        Returns:
            Allowed, or denied and why. Both are answers.

        Raises:
            WhopError: There is no answer, so nothing is known of the license.
            ValueError: The client is closed.
        """
        arguments = encode("license_key", license_key), metadata_json(metadata)
        return result(self._ask("whop_client_validate_license", *arguments))

    async def avalidate_license(
        self, license_key: str, metadata: Mapping[str, object] | str | None = None
    ) -> LicenseResult:
        """`validate_license` in a thread of asyncio's pool. Once begun, cancelling does not stop it."""
        from asyncio import to_thread  # not above: it doubles the time of the import

        return await to_thread(self.validate_license, license_key, metadata)

    def create_plan(self, *, extra: Mapping[str, object] | None = None, **plan: Unpack[PlanRequest]) -> Plan:
        """Create the plan that is sold. Needs an API key that must never be shipped to customers.

        Args:
            extra: Fields that `PlanRequest` lacks, for a client with `allow_unknown_plan_fields`.
            **plan: The fields of `PlanRequest`.

        Raises:
            WhopError: It is not known to be created. After `NoAnswer`, `ServerError` and `BadResponse` it may be:
                look before trying again.
            ValueError: The client is closed.
        """
        return created(self._ask("whop_client_create_plan", plan_json(plan, extra)))

    async def acreate_plan(self, *, extra: Mapping[str, object] | None = None, **plan: Unpack[PlanRequest]) -> Plan:
        """`create_plan` in a thread of asyncio's pool. Once begun, cancelling does not stop it."""
        from asyncio import to_thread

        return await to_thread(self.create_plan, extra=extra, **plan)

    def close(self) -> None:
        """Let go of the native client, which is freed when the last call that uses it returns."""
        self._handle = None

    def _open(self) -> _Handle:
        handle = self._handle
        if handle is None:
            raise ValueError("the client is closed")
        # Two processes on one kept connection would read each other's answers.
        if handle.process != _process():
            raise RuntimeError("the client belongs to the process that forked this one: make a client here")
        return handle

    def _ask(self, function: str, *arguments: bytes | None) -> Answer:
        handle = self._open()  # held until the call returns: `close` cannot free it before
        return ask(getattr(library(), function), handle.pointer, *arguments)

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Client of {self._product_id or 'any product'}{', closed' if self._handle is None else ''}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Client cannot be copied or pickled")


class _Handle:
    """Owns a native client and frees it when nothing refers to this object any more."""

    def __init__(self, api_key: str) -> None:
        pointer = c_void_p()
        status = library().whop_client_new(encode("api_key", api_key), byref(pointer))
        self.pointer = pointer.value
        self.process = _process()
        # Not at exit: a daemon thread may be inside a call.
        weakref.finalize(self, library().whop_client_free, self.pointer).atexit = False
        self._check(status)

    def set(self, setting: str, value: bytes | int) -> None:
        self._check(getattr(library(), f"whop_client_set_{setting}")(self.pointer, value))

    def _check(self, status: int) -> None:
        if status != Status.OK:
            raise error_for(Status(status), library().whop_client_message(self.pointer).decode())


def _milliseconds(timeout: float) -> int:
    require("timeout", timeout, int | float, "a number")
    # The native library would refuse it as well, but in milliseconds.
    if not 0.001 <= timeout <= 600:
        raise InvalidArgument("timeout: expected 0.001 to 600 seconds")
    return round(timeout * 1000)


def _names(expand: Iterable[str]) -> str:
    require("expand", expand, Iterable, "names")
    names = [expand] if isinstance(expand, str) else list(expand)
    for name in names:
        require("expand", name, str, "names")
    return ",".join(names)


def _uint32(argument: str, value: int) -> int:
    require(argument, value, int, "int")
    # What C would wrap around to an acceptable number becomes one that the native library refuses.
    return value if 0 <= value <= _UINT32_MAX else _UINT32_MAX
