"""A slow network: two network namespaces, and between them two TUN devices whose packets are held for a while."""

from __future__ import annotations

import fcntl
import os
import select
import shutil
import struct
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from servers import run_servers

#: In seconds, each way.
DELAY = 0.025
#: Of the range for measurements of networks (RFC 2544).
CLIENT, SERVER = "198.18.0.1", "198.18.0.2"

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000


class NotHereError(Exception):
    """Why there can be no such network on this machine."""


@contextmanager
def network(folder: Path, programs: Path) -> Iterator[tuple[dict[str, str], tuple[str, ...]]]:
    """Runs the servers on the far side; gives what a contender needs, and the words that put it on the near side."""
    if os.geteuid() != 0:
        raise NotHereError("network namespaces need root")
    if not Path("/dev/net/tun").exists():
        raise NotHereError("there is no /dev/net/tun")
    for command in ("ip", "nsenter"):
        if shutil.which(command) is None:
            raise NotHereError(f"{command} is missing")
    with ExitStack() as stack:
        near = stack.enter_context(_namespace("near"))
        far = stack.enter_context(_namespace("far"))
        ends = [stack.enter_context(_device(*side)) for side in ((near, "near", CLIENT), (far, "far", SERVER))]
        stack.enter_context(_forwarding(*ends))
        servers = stack.enter_context(run_servers(folder, programs, address=SERVER, before=_enter(far)))
        yield servers.environment(host=SERVER), _enter(near)


def _enter(namespace: str) -> tuple[str, ...]:
    return ("nsenter", f"--net=/run/netns/{namespace}")


@contextmanager
def _namespace(side: str) -> Iterator[str]:
    name = f"whop-bench-{side}-{os.getpid()}"
    _ip("netns", "add", name)
    try:
        yield name
    finally:
        _ip("netns", "delete", name)


@contextmanager
def _device(namespace: str, side: str, address: str) -> Iterator[int]:
    """A TUN device in the namespace; what is read from it are the packets that leave there."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    try:
        name = f"whop{side}{os.getpid() % 100000}"
        fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
        _ip("link", "set", name, "netns", namespace)
        _ip("-n", namespace, "address", "add", f"{address}/24", "dev", name)
        _ip("-n", namespace, "link", "set", name, "up", "mtu", "1500")
        yield device
    finally:
        os.close(device)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


@contextmanager
def _forwarding(near: int, far: int) -> Iterator[None]:
    """Carries packets from each device to the other, in a thread of its own."""
    stopped, stop = os.pipe()
    thread = threading.Thread(target=_forward, args=({near: far, far: near}, stopped))
    thread.start()
    try:
        yield
    finally:
        os.write(stop, b"\0")
        thread.join()
        os.close(stopped)
        os.close(stop)


def _forward(peers: dict[int, int], stopped: int) -> None:
    held: deque[tuple[float, int, bytes]] = deque()
    while True:
        wait = max(0.0, held[0][0] - time.monotonic()) if held else None
        ready, _, _ = select.select([*peers, stopped], [], [], wait)
        if stopped in ready:
            return
        for device in ready:
            try:
                while packet := os.read(device, 65536):
                    held.append((time.monotonic() + DELAY, peers[device], packet))
            except BlockingIOError:
                continue
        while held and held[0][0] <= time.monotonic():
            _, device, packet = held.popleft()
            os.write(device, packet)
