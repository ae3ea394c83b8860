"""A native object is freed once, and never under a call."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

import whop_license
from servers import DEVICE, PUBLIC_KEYS, Peer, Sandbox
from whop_license import Api, Client, WhopError


def test_close_frees_at_once_and_only_once(freed: Counter[str]) -> None:
    client = Client("key")
    assert freed["whop_client_free"] == 0
    client.close()
    client.close()
    assert freed["whop_client_free"] == 1


def test_a_with_statement_closes(freed: Counter[str]) -> None:
    with pytest.raises(KeyError), Client("key"):
        raise KeyError
    assert freed["whop_client_free"] == 1


def test_a_client_that_is_forgotten_is_freed(freed: Counter[str]) -> None:
    cycle: list[object] = [Client("key")]
    cycle.append(cycle)
    del cycle
    gc.collect()
    assert freed["whop_client_free"] == 1


def test_a_client_that_was_refused_is_freed(freed: Counter[str]) -> None:
    for settings in ({"timeout": 0}, {"product_id": "\0"}, {"expand": 1}):
        with pytest.raises((ValueError, TypeError)):
            Client("key", **settings)
        gc.collect()
    with pytest.raises(whop_license.InvalidArgument):
        Client("")
    with pytest.raises(whop_license.InvalidArgument):
        Client.relay("https://relay.example", "no key", product_id="prod_x")
    with pytest.raises(whop_license.InvalidArgument):
        Client.relay("https://relay.example", PUBLIC_KEYS, product_id="")
    gc.collect()
    assert freed["whop_client_free"] == 6


def test_each_response_is_freed(sandbox: Sandbox, api: Api, freed: Counter[str]) -> None:
    with Client(sandbox.api_key, api=api) as client:
        client.validate_license("SANDBOX-ACTIVE", DEVICE)
        client.validate_license("no such key", DEVICE)
        client.create_plan(product_id="prod_sandbox")
        client.reset_license("no such key")
        for key in ("", "SANDBOX-HTML"):
            with pytest.raises(WhopError):
                client.validate_license(key, DEVICE)
    assert freed["whop_response_free"] == 6


def test_each_response_of_a_relay_is_freed(sandbox: Sandbox, freed: Counter[str]) -> None:
    for case in ("good", "denied-device", "unsigned-yes"):
        with Client.relay(sandbox.relay(case), PUBLIC_KEYS, product_id="prod_sandbox") as client, suppress(WhopError):
            client.validate_license("SANDBOX-ACTIVE", DEVICE)
    assert freed == {"whop_client_free": 3, "whop_response_free": 3, "whop_call_free": 3}


def test_close_during_a_call_lets_the_call_end_well(peer: Peer, api: Api, freed: Counter[str]) -> None:
    peer.may_answer.clear()
    client = Client("key", api=api, base_url=peer.base_url)
    with ThreadPoolExecutor() as pool:
        call = pool.submit(client.validate_license, "license", DEVICE)
        assert peer.asked.wait(10)
        client.close()
        assert freed["whop_client_free"] == 0
        peer.may_answer.set()
        assert call.result(10).valid
    assert freed["whop_client_free"] == 1
    with pytest.raises(ValueError, match="closed"):
        client.validate_license("license", DEVICE)


def test_an_error_that_is_kept_does_not_keep_the_client(freed: Counter[str]) -> None:
    kept: list[WhopError] = []
    with Client("key") as client:
        try:
            client.validate_license("", DEVICE)
        except WhopError as error:
            kept.append(error)
    assert kept
    assert freed["whop_client_free"] == 1


def test_a_closed_client_says_so() -> None:
    client = Client("key", product_id="prod_x")
    assert repr(client) == "<Client of prod_x>"
    client.close()
    assert repr(client) == "<Client of prod_x, closed>"
    for use in (
        lambda: client.validate_license("x", DEVICE),
        lambda: client.reset_license("x"),
        client.create_plan,
        client.__enter__,
    ):
        with pytest.raises(ValueError, match="the client is closed"):
            use()


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_client_cannot_be_copied(duplicate: Callable[[object], object]) -> None:
    with Client("key") as client, pytest.raises(TypeError, match="cannot be copied"):
        duplicate(client)


_FORKS = """
import os, whop_license
client = whop_license.Client("key")
{before}
child = os.fork()
if child:
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
assert os.getpid() {process}
try:
    client.validate_license("license")
except RuntimeError as error:
    os._exit(0 if "process" in str(error) else 1)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
def test_a_forked_process_needs_a_client_of_its_own() -> None:
    program = _FORKS.format(before="", process="!= 1")
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has PID namespaces")
def test_a_forked_process_needs_a_client_of_its_own_also_where_both_are_process_1() -> None:
    unshare = "import ctypes; assert os.getpid() == 1 and ctypes.CDLL(None).unshare(0x20000000) == 0  # CLONE_NEWPID"
    program = _FORKS.format(before=unshare, process="== 1")
    become_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    namespace = ["unshare", "--pid", "--fork", *become_root]
    subprocess.run([*namespace, sys.executable, "-c", program], check=True, timeout=30)


def test_a_program_that_ends_during_a_call_frees_nothing_under_it(peer: Peer) -> None:
    peer.may_answer.clear()
    program = f"""
import sys, threading, whop_license
whop_license._native.library().whop_client_free = lambda pointer: print("freed")
client = whop_license.Client("key", base_url={peer.base_url!r})
threading.Thread(target=client.validate_license, args=("license", {DEVICE}), daemon=True).start()
sys.stdin.readline()
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert peer.asked.wait(30)
        printed, _ = process.communicate("\n", timeout=30)
    assert (process.returncode, printed) == (0, "")
