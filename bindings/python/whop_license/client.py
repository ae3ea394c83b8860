"""A client: whom it asks, settings, and connections that are kept for the next call."""

from __future__ import annotations

from time import perf_counter

from ._answer import ask, known
from ._blocking import interruptible, validate
from ._handle import Handle
from ._native import library
from ._settings import choice, count, flag, keys, milliseconds, names, path, text
from ._text import encode
from .errors import error_for
from .license import LicenseResult, ResetResult, metadata_json, reset, validated
from .plan import CreatedPlan, created, plan_json
from .status import Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, Literal, NoReturn, overload

    from typing_extensions import Self, Unpack

    from . import current, v2
    from ._answer import Answer, Outcome
    from ._types import Api
    from .errors import WhopError


# generated: client.py, by scripts/generate.py from api/settings.json
class Client:
    """Asks Whop with one API key, or a relay of the seller's with none, over connections that are kept.

    What is shipped to customers asks a relay: see `Client.relay`. With an API key it is for a server or tool of yours.

    Use it in a ``with`` statement or `close` it. Many threads and tasks may use one client at once, and may close it
    during a call: the call ends well. `cancel_all` stops calls. A process that is forked needs a client of its own. A
    setting that is None is not set.

    Args:
        api_key: The seller's key: it never leaves a machine of the seller's.
        api: Which of Whop's APIs is asked, whatever the base URL is. If not set: the current one. Not for a client
            that asks a relay.
        api_version_date: The version of the current API, ``YYYY-MM-DD`` or ``YYYY-MM-DD-n``. If not set:
            ``2026-09-23``. None before 2026-07-23, because to bind a license would drop the seller's own metadata
            there.
        allow_past_due: Whether the current API allows a license whose payment is overdue (``past_due``), as a grace
            period. If not set: True. API v2 decides this by itself.
        product_id: The product whose licenses are accepted (``prod_…``), and no other. If not set: any product. Set
            it: an API key is company-wide, so that without it the license key of a free product of the company
            validates too. It is also a part of the device id: whoever sets, changes or drops it in a program that
            customers have makes every device another one.
        device_id: What tells this device from others: the id of a platform that has one (a console, a store), or a
            random one that you store. If not set: the library's own id. White space around it is dropped; up to 1024
            bytes (500 characters with the current API, 256 printable ASCII characters with a relay), no control
            characters.
        metadata_key: What the device id is called in the metadata that is sent where none is given. If not set:
            ``hwid``. For buyers whose licenses are bound under another name (``HWID``, ``deviceId``) already, so that
            they stay bound; set their device id too. With the current API a license that is bound under another name
            counts as free.
        timeout: The limit of a whole call, name lookup and retries included, in seconds: 0.001 to 600. If not set:
            10.
        max_retries: How often a call is repeated when that is harmless and may help (unreachable, no answer, 502,
            503, 504): 0 to 10. If not set: 2. With 0 no connection is kept alive, since a server may have closed it
            meanwhile. A plan is never created twice.
        expand: What API v2 gives as objects in place of ids: ``product``, ``user``, ``plan``, ``promo_code``. If
            not set: nothing. Of these a plan that is created expands ``product`` alone. With the current API each call
            is refused. Not for a client that asks a relay.
        base_url: Where requests go, without the ``/v1`` or ``/v2``: https, or plain http on this machine. If not
            set: what the API key leads to, which is the sandbox on this machine or ``https://api.whop.com/api``. If
            set, a ``sandbox_…`` key goes there like any other. Not for a client that asks a relay.
        allow_sandbox: Whether an API key that leads to the sandbox by itself (``sandbox_PORT_NAME``) is taken, also
            with a base URL. If not set: True. Say no in programs that read the key from a place that others can edit:
            whoever writes such a key there could answer for Whop. Of a client that asks a relay on this machine:
            whether that may ask the sandbox in place of Whop.
        lease_file: For a client that asks a relay: the file in which its signed answers are kept, so that a license
            which was allowed runs on without network until the lease ends. If not set: nothing is kept. Up to eight
            licenses, this user's alone, safe with several programs at once; beside it stand a ``.lock`` and, for a
            moment, a ``.new``. Choose a place that lasts and that the user can write. Where it cannot be used, only the
            time without network is lost, and the message says so. A disk that hangs can make a call last longer than
            its timeout.
        ca_file: A PEM file whose certificates alone are trusted. If not set: the bundled ones of the public
            authorities.
        proxy: A proxy (``http://USER:PASSWORD@HOST:PORT``, or https, socks5h, or socks5, with which this machine
            looks Whop's name up), or none if empty. If not set: the first that is not empty of ``https_proxy``,
            ``HTTPS_PROXY``, ``all_proxy`` and ``ALL_PROXY``, unless ``no_proxy`` or ``NO_PROXY`` lists the host. The
            certificate of an https proxy is checked like Whop's. Plain http, which stays on this machine, never goes
            through one.
        allow_unknown_plan_fields: Whether a plan may have names and values that this version does not know, for the
            day Whop adds one. If not set: False.

    Raises:
        InvalidArgument: A setting was refused; the message names it.
        ImportError: The native library is missing or does not fit.
    """

    def __init__(
        self,
        api_key: str,
        *,
        api: Literal["current", "v2"] | None = None,
        api_version_date: str | None = None,
        allow_past_due: bool | None = None,
        product_id: str | None = None,
        device_id: str | None = None,
        metadata_key: str | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        expand: Iterable[str] | None = None,
        base_url: str | None = None,
        allow_sandbox: bool | None = None,
        lease_file: str | os.PathLike[str] | None = None,
        ca_file: str | os.PathLike[str] | None = None,
        proxy: str | None = None,
        allow_unknown_plan_fields: bool | None = None,
    ) -> None:
        self._handle: Handle | None = None
        self._api: Api | None = api or "current"  # of what it answers: the library has chosen by itself if none is set
        self._product_id = product_id
        self._timeout = 10 if timeout is None else timeout
        handle = Handle("whop_client_new", encode("api_key", api_key))
        handle.set("api", choice("api", api, ["current", "v2"]))
        handle.set("api_version_date", text("api_version_date", api_version_date))
        handle.set("allow_past_due", flag("allow_past_due", allow_past_due))
        handle.set("product_id", text("product_id", product_id))
        handle.set("device_id", text("device_id", device_id))
        handle.set("metadata_key", text("metadata_key", metadata_key))
        handle.set("timeout_ms", milliseconds("timeout", timeout, 1, 600000))
        handle.set("max_retries", count("max_retries", max_retries))
        handle.set("expand", names("expand", expand))
        handle.set("base_url", text("base_url", base_url))
        handle.set("allow_sandbox", flag("allow_sandbox", allow_sandbox))
        handle.set("lease_file", path("lease_file", lease_file))
        handle.set("ca_file", path("ca_file", ca_file))
        handle.set("proxy", text("proxy", proxy))
        handle.set("allow_unknown_plan_fields", flag("allow_unknown_plan_fields", allow_unknown_plan_fields))
        self._handle = handle

    @classmethod
    def relay(  # noqa: D417  # the settings of a Client are explained there
        cls,
        relay_url: str,
        public_keys: str | Iterable[str],
        *,
        product_id: str,
        allow_past_due: bool | None = None,
        device_id: str | None = None,
        metadata_key: str | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        allow_sandbox: bool | None = None,
        lease_file: str | os.PathLike[str] | None = None,
        ca_file: str | os.PathLike[str] | None = None,
        proxy: str | None = None,
    ) -> Self:
        """A client that asks a relay of the seller's in place of Whop. Nothing in it is secret: it can be shipped.

        It checks licenses, and does nothing else. The metadata of a check, if any is given, is one pair: a name, and 1
        to 256 printable ASCII characters.

        Args:
            relay_url: Where the relay is, without the ``/v2``: https, or plain http on this machine.
            public_keys: One to four, as ``whop-relay keygen`` prints them, in a list or separated by commas. Only what
                the holder of the private half of one has signed is believed, neither a yes nor a no of anybody else:
                `Untrusted`.
            product_id: The product whose licenses are accepted (``prod_…``), and no other. It is also a part of the
                device id.
            lease_file: For a client that asks a relay: the file in which its signed answers are kept, so that a
                license which was allowed runs on without network until the lease ends. If not set: nothing is kept. Up
                to eight licenses, this user's alone, safe with several programs at once; beside it stand a ``.lock``
                and, for a moment, a ``.new``. Choose a place that lasts and that the user can write. Where it cannot be
                used, only the time without network is lost, and the message says so. A disk that hangs can make a call
                last longer than its timeout.

        The other settings are those of a `Client`.

        Raises:
            InvalidArgument: An argument or setting was refused; the message names it.
            ImportError: The native library is missing or does not fit.
        """
        client = cls.__new__(cls)
        client._handle = None
        client._api = None
        client._product_id = product_id
        client._timeout = 10 if timeout is None else timeout
        addressed = encode("relay_url", relay_url), keys("public_keys", public_keys)
        handle = Handle("whop_client_new_relay", *addressed)
        handle.set("product_id", encode("product_id", product_id))
        handle.set("allow_past_due", flag("allow_past_due", allow_past_due))
        handle.set("device_id", text("device_id", device_id))
        handle.set("metadata_key", text("metadata_key", metadata_key))
        handle.set("timeout_ms", milliseconds("timeout", timeout, 1, 600000))
        handle.set("max_retries", count("max_retries", max_retries))
        handle.set("allow_sandbox", flag("allow_sandbox", allow_sandbox))
        handle.set("lease_file", path("lease_file", lease_file))
        handle.set("ca_file", path("ca_file", ca_file))
        handle.set("proxy", text("proxy", proxy))
        client._handle = handle
        return client

    # end of generated: client.py

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

        In the main thread Ctrl-C, or what else a signal's handler raises, stops the request.

        Args:
            license_key: The customer's key, or the id of the membership, which a relay does not take.
            metadata: What the license is bound to: JSON with nothing in it that ever changes. By default it is this
                device: ``{"hwid": device_id}``. A mapping that tells no device from another is refused: an empty one,
                or a value of None. The current API takes strings of up to 500 characters, in at most 50 pairs, and
                leaves other names in the membership's metadata alone. A string is JSON, which API v2 is sent byte for
                byte; ``"{}"`` binds nothing, and may even reset the binding with API v2. A relay takes one pair, of 1
                to 256 printable ASCII characters.

        Returns:
            Allowed, or denied and why. Both are answers. A yes may be that of the `lease_file`: see
            `LicenseResult.is_offline`.

        Raises:
            WhopError: There is no answer, so nothing is known of the license.
            ValueError: The client is closed.
        """
        key, json = encode("license_key", license_key), metadata_json(metadata)
        return known(self._asking(lambda client, response: validate(client, key, json, response), validated)())

    async def avalidate_license(
        self, license_key: str, metadata: Mapping[str, object] | str | None = None
    ) -> LicenseResult:
        """`validate_license` for a task. No thread of asyncio's pool is used, and cancelling stops the request."""
        from ._async import validate  # not above: asyncio doubles the time of the import

        arguments = encode("license_key", license_key), metadata_json(metadata)
        deadline = perf_counter() + self._timeout
        return known(await validate(self._open(), arguments, self._api, validated, deadline))

    def reset_license(self, license_key: str) -> ResetResult:
        """Free the device of a license, so that the next one to check is bound. For a seller's tool.

        What goes is the value under the metadata key, ``hwid`` if none is set. The current API cannot delete one name:
        all metadata is cleared, and what else was in it is written back with a second request. So Ctrl-C ends the wait
        for it alone, and Python exits when it is done.

        Args:
            license_key: The customer's key, or the id of the membership.

        Returns:
            True in a condition when the device is free, or was; false when there is no such license.

        Raises:
            WhopError: It is not known to be free. After `NoAnswer` with a `WhopError.json` it was cut off half-way: the
                device is free or may be, but the other metadata is gone from Whop. That JSON is the membership as it
                was before, to write it back from.
            ValueError: The client is closed.
        """
        return known(interruptible(self._resetting(license_key)))

    async def areset_license(self, license_key: str) -> ResetResult:
        """`reset_license` in a thread of its own. Once begun, cancelling does not stop it: see `cancel_all`."""
        from ._async import in_a_thread

        return known(await in_a_thread(self._resetting(license_key)))

    if TYPE_CHECKING:

        @overload
        def create_plan(
            self, *, extra: Mapping[str, object] | None = None, **plan: Unpack[current.PlanRequest]
        ) -> CreatedPlan: ...

        @overload
        def create_plan(
            self, *, extra: Mapping[str, object] | None = None, **plan: Unpack[v2.PlanRequest]
        ) -> CreatedPlan: ...

    def create_plan(self, *, extra: Mapping[str, object] | None = None, **plan: object) -> CreatedPlan:
        """Create the plan that is sold. Needs an API key that must never be shipped to customers.

        Of one call comes one plan at the most. The current API takes a creation once, however often it arrives, so that
        it is repeated within the timeout; with API v2 it is repeated only when nothing was sent. Ctrl-C ends the wait
        for it alone, and Python exits when it is done.

        Args:
            extra: Fields that `PlanRequest` lacks, for a client with `allow_unknown_plan_fields`.
            **plan: The fields of `current.PlanRequest` or, with API v2, of `v2.PlanRequest`. One that is None is left
                to Whop.

        Raises:
            InvalidArgument: A field has a name, a type or a value that Whop does not know. It might ignore it, and sell
                the plan on other terms.
            WhopError: It is not known to be created. After `NoAnswer`, `ServerError` and `BadResponse` it may be:
                look before trying again.
            ValueError: The client is closed.
        """
        return known(interruptible(self._creating(plan, extra)))

    if TYPE_CHECKING:

        @overload
        async def acreate_plan(
            self, *, extra: Mapping[str, object] | None = None, **plan: Unpack[current.PlanRequest]
        ) -> CreatedPlan: ...

        @overload
        async def acreate_plan(
            self, *, extra: Mapping[str, object] | None = None, **plan: Unpack[v2.PlanRequest]
        ) -> CreatedPlan: ...

    async def acreate_plan(self, *, extra: Mapping[str, object] | None = None, **plan: Any) -> CreatedPlan:
        """`create_plan` in a thread of its own. Once begun, cancelling does not stop it: see `cancel_all`."""
        from ._async import in_a_thread

        return known(await in_a_thread(self._creating(plan, extra)))

    def connect(self) -> None:
        """Open a connection ahead of need, as while a window is shown, and keep it for the next call.

        Raises:
            WhopError: There is none. The next call tries again.
            ValueError: The client is closed.
        """
        known(interruptible(self._connecting(), can_be_left=True))

    async def aconnect(self) -> None:
        """`connect` in a thread of its own. Once begun, cancelling does not stop it: see `cancel_all`."""
        from ._async import in_a_thread

        known(await in_a_thread(self._connecting(), can_be_left=True))

    def cancel_all(self) -> None:
        """End all calls of this client that run now, those of other threads and tasks too, as `Canceled`.

        What was sent may have taken effect all the same. Later calls are not touched.

        Raises:
            ValueError: The client is closed.
        """
        library().whop_client_cancel_all(self._open().pointer)

    def close(self) -> None:
        """Let go of the native client, which is freed when the last call that uses it returns."""
        self._handle = None

    def _open(self) -> Handle:
        handle = self._handle
        if handle is None:
            raise ValueError("the client is closed")
        # Two processes on one kept connection would read each other's answers.
        if not handle.is_of_this_process():
            raise RuntimeError("the client belongs to the process that forked this one: make a client here")
        return handle

    def _asking(
        self, call: Callable[[int | None, Any], int], read: Callable[[Answer], Outcome | WhopError]
    ) -> Callable[[], Outcome | WhopError]:
        """A call that asks and reads the answer. It holds the client: `close` does not free it before."""
        handle = self._open()
        deadline = perf_counter() + self._timeout
        return lambda: ask(self._api, lambda response: call(handle.pointer, response), read, deadline)

    def _resetting(self, license_key: str) -> Callable[[], ResetResult | WhopError]:
        key, function = encode("license_key", license_key), library().whop_client_reset_license
        return self._asking(lambda client, response: function(client, key, response), reset)

    def _creating(
        self, plan: Mapping[str, object], extra: Mapping[str, object] | None
    ) -> Callable[[], CreatedPlan | WhopError]:
        json, function = plan_json(plan, extra), library().whop_client_create_plan
        return self._asking(lambda client, response: function(client, json, response), created)

    def _connecting(self) -> Callable[[], WhopError | None]:
        handle = self._open()
        deadline = perf_counter() + self._timeout

        def connect() -> WhopError | None:
            status = Status(library().whop_client_connect(handle.pointer))
            if status is Status.OK:
                return None
            return error_for(status, status.meaning, has_timed_out=perf_counter() >= deadline)

        return connect

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Client of {self._product_id or 'any product'}{', closed' if self._handle is None else ''}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Client cannot be copied or pickled")
