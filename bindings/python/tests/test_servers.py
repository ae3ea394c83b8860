"""What the tests talk to makes no noise of its own."""

from __future__ import annotations

import socket
import struct

import pytest

from servers import run_peer


def test_a_peer_says_nothing_of_a_client_that_goes_away(capfd: pytest.CaptureFixture[str]) -> None:
    with run_peer() as peer:
        peer.may_answer.clear()
        with socket.create_connection(("127.0.0.1", peer.port)) as client:
            client.sendall(b"POST / HTTP/1.0\r\nContent-Length: 0\r\n\r\n")
            assert peer.asked.wait(10)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing resets
    assert capfd.readouterr().err == ""
