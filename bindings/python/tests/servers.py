"""What the tests talk to: the sandbox, and a peer that does what a test tells it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from whop_license import Api

APIS: tuple[Api, Api] = ("current", "v2")
DEVICE = {"hwid": "test-device"}
PRODUCT = "prod_sandbox"
LEASES = [line.split() for line in (Path(__file__).parents[3] / "tests/leases.txt").read_text("utf-8").splitlines()]
# Those of the table of leases that a program is given.
PUBLIC_KEYS = [row[3] for row in LEASES if row[:2] in (["key", "trusted"], ["key", "spare"])]


def a_membership(**members: Any) -> bytes:
    """An answer to ``license`` that entitles on that device by either API."""
    usual = {
        "id": "mem_peer",
        "license_key": "license",
        "status": "active",
        "valid": True,
        "metadata": DEVICE,
        "product_id": "prod_peer",
        "product": "prod_peer",
    }
    return json.dumps({**usual, **members}).encode()


@dataclass(frozen=True)
class Sandbox:
    """A Whop on this machine."""

    port: int

    @property
    def api_key(self) -> str:
        return self.key_that_may("full")

    def key_that_may(self, name: str) -> str:
        """The API key with the rights of that name."""
        return f"sandbox_{self.port}_{name}"

    def relay(self, case: str) -> str:
        """The URL of a relay that plays this case of the table of leases."""
        return f"http://127.0.0.1:{self.port}/false-relay/{case}"

    def lease_file(self, case: str, license_key: str) -> bytes:
        """What a lease file would hold that has kept this lease for the license on the device of these tests."""
        query = urllib.parse.urlencode({"key": license_key, "device": DEVICE["hwid"]})
        with urllib.request.urlopen(f"{self.relay(case)}/lease-file?{query}", timeout=10) as answer:
            return bytes(answer.read())

    def buy(self, plan: str) -> str:
        """The license key of somebody who buys the plan."""
        with self._post("purchases", json.dumps({"plan": plan})) as answer:
            return str(json.load(answer)["license_key"])

    def reset(self, license_key: str) -> None:
        """The buyer presses "Reset key"."""
        self._post(f"memberships/{license_key}/reset", "").close()

    def _post(self, path: str, body: str) -> Any:
        url = f"http://127.0.0.1:{self.port}/sandbox/{path}"
        headers = {"Content-Type": "application/json"} if body else {}
        return urllib.request.urlopen(urllib.request.Request(url, body.encode(), headers), timeout=10)


@contextmanager
def run_sandbox(*arguments: str) -> Iterator[Sandbox]:
    """A sandbox of the binary that WHOP_SANDBOX names, on a free port."""
    command = [os.environ["WHOP_SANDBOX"], "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield Sandbox(int(process.stdout.readline().removeprefix("PORT=")))
        finally:
            process.terminate()


@contextmanager
def nobody() -> Iterator[str]:
    """The URL of a relay that is away."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # so that nobody else is given the port; it does not listen
        yield f"http://127.0.0.1:{closed.getsockname()[1]}"


@dataclass
class Peer:
    """Notes each request, and gives all of them one answer when it may; before it those of `first`, one each."""

    port: int
    status: int = 200
    body: bytes = a_membership()
    first: list[tuple[int, bytes]] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[Message] = field(default_factory=list)
    connections: int = 0
    connected: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for the last answer

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.peer = Peer(self.server_port)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client may go away: tests tell it to.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.peer.connections += 1
        self.server.peer.connected.set()

    def answer(self) -> None:
        peer = self.server.peer
        peer.methods.append(self.command)
        peer.paths.append(self.path)
        peer.bodies.append(self.rfile.read(int(self.headers["Content-Length"] or 0)))
        peer.headers.append(self.headers)
        peer.asked.set()
        peer.may_answer.wait(10)
        status, body = peer.first.pop(0) if peer.first else (peer.status, peer.body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = answer

    def do_CONNECT(self) -> None:
        self.server.peer.paths.append(self.path)
        self.send_error(502)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def run_peer() -> Iterator[Peer]:
    """A peer that answers at once, until told otherwise."""
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        server.peer.may_answer.set()
        try:
            yield server.peer
        finally:
            server.peer.may_answer.set()
            server.shutdown()
            thread.join()
