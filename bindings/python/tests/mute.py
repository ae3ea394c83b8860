"""A server that takes requests and answers none."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager


class Mute:
    """Takes any number of connections and requests, and answers none of them."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self._stop, self._stopped = socket.socketpair()
        self._changed = threading.Condition()
        self._asked: set[socket.socket] = set()
        self._left = 0
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def base_url(self, scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}/api"

    def is_asked(self, times: int = 1) -> bool:
        """Waits until so many connections have sent something."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._asked) >= times, 20)

    def is_left(self, times: int = 1) -> bool:
        """Waits until so many of these are closed."""
        with self._changed:
            return self._changed.wait_for(lambda: self._left >= times, 20)

    def close(self) -> None:
        self._stop.close()
        self._thread.join()

    def _serve(self) -> None:
        with ExitStack() as stack, selectors.DefaultSelector() as selector:
            for ours in (self._listener, self._stopped):
                selector.register(stack.enter_context(ours), selectors.EVENT_READ)
            while ready := {key.fileobj for key, _ in selector.select()}:
                if self._stopped in ready:
                    return
                for connection in ready:
                    if connection is self._listener:
                        selector.register(stack.enter_context(self._listener.accept()[0]), selectors.EVENT_READ)
                    elif isinstance(connection, socket.socket) and not self._has_more(connection):
                        selector.unregister(connection)

    def _has_more(self, connection: socket.socket) -> bool:
        try:
            received = connection.recv(65536)
        except ConnectionError:
            received = b""
        with self._changed:
            if received:
                self._asked.add(connection)
            else:
                self._left += connection in self._asked
            self._changed.notify_all()
        return bool(received)


@contextmanager
def run_mute() -> Iterator[Mute]:
    """A server that is mute."""
    with closing(Mute()) as mute:
        yield mute
