"""The servers that every contender asks, on this machine: nginx with TLS 1.3, and a relay behind it."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import trustme

from nginx import LICENSE_KEY, nginx_conf

API_KEY = "bench_key"
DEVICE = "bench-device"
PRODUCT = "prod_sandbox"
#: The version of the current API that the library asks for.
DATE = "2026-09-23"


@dataclass(frozen=True)
class Servers:
    """Where they are, and what a contender has to know of them."""

    folder: Path
    port: int
    #: The same answers; each connection is noted in a log.
    logged_port: int
    #: The same answers over TLS 1.2.
    tls12_port: int
    public_key: str
    #: What the current API answers.
    answer: str

    @property
    def log(self) -> Path:
        """A line for each request to the logged port: "r" on a resumed TLS session, "." on a new one."""
        return self.folder / "sessions.log"

    @property
    def key_id(self) -> str:
        """Of the relay's public key: its thumbprint (RFC 7638)."""
        key = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": self.public_key}, separators=(",", ":"))
        return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()).rstrip(b"=").decode()

    def lease(self) -> str:
        """A lease of the relay's."""
        trust = ssl.create_default_context(cafile=str(self.folder / "ca.pem"))
        url = f"https://localhost:{self.port}/v2/memberships/{LICENSE_KEY}/validate_license"
        body = json.dumps({"metadata": {"hwid": DEVICE}}).encode()
        headers = {"Content-Type": "application/json", "Whop-License-Nonce": "A" * 22, "Whop-License-Keys": self.key_id}
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), context=trust) as answer:
            lease: str = json.load(answer)["lease"]
        return lease

    def environment(self, api: str = "current", *, host: str = "localhost", port: int | None = None) -> dict[str, str]:
        """What the contenders read."""
        return {
            "BENCH_URL": f"https://{host}:{port or self.port}",
            "BENCH_TLS12_URL": f"https://{host}:{self.tls12_port}",
            "BENCH_CA_FILE": str(self.folder / "ca.pem"),
            "BENCH_API": api,
            "BENCH_API_KEY": API_KEY,
            "BENCH_PUBLIC_KEYS": self.public_key,
            "BENCH_KEY_ID": self.key_id,
            "BENCH_LICENSE_KEY": LICENSE_KEY,
            "BENCH_DEVICE": DEVICE,
            "BENCH_PRODUCT": PRODUCT,
            # Where .NET, and Mono, take the authorities from whom a program trusts.
            "SSL_CERT_FILE": str(self.folder / "ca.pem"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
        }


@contextmanager
def run_servers(
    folder: Path, programs: Path, *, core: int | None = None, address: str | None = None, before: tuple[str, ...] = ()
) -> Iterator[Servers]:
    """Starts them; programs is where whop-sandbox and whop-relay are.

    Args:
        folder: What they write.
        programs: Where whop-sandbox and whop-relay are.
        core: The one on which nginx runs; each if not set.
        address: The one to listen on in place of those of this machine.
        before: The words before those of nginx, which enter another network.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # The workers are another user's where root starts nginx.
    folder.chmod(0o755)
    _write_certificate(folder, address)
    with _sandbox(programs) as sandbox:
        port, logged_port, tls12_port = _free_ports(3)
        answers = _answers(sandbox["PORT"])
        hosts = [address] if address else ["127.0.0.1", *(["[::1]"] if _has_ipv6() else [])]
        ports = {
            port: "",
            logged_port: f"access_log {folder}/sessions.log bench;",
            tls12_port: "ssl_protocols TLSv1.2;",
        }
        relay_port = int(sandbox["RELAY"].rpartition(":")[2])
        configuration = folder / "nginx.conf"
        configuration.write_text(nginx_conf(folder, hosts, ports, answers, relay_port, core), encoding="utf-8")
        nginx = subprocess.Popen(
            [*before, "nginx", "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(configuration)]
        )
        try:
            _wait_for(nginx, folder)
            yield Servers(folder, port, logged_port, tls12_port, sandbox["PUBLIC_KEY"], answers["current"])
        finally:
            nginx.terminate()
            nginx.wait()


def _write_certificate(folder: Path, address: str | None) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    certificate = authority.issue_cert("localhost", "127.0.0.1", *([address] if address else []))
    certificate.private_key_pem.write_to_path(str(folder / "server.key"))
    for pem in certificate.cert_chain_pems:
        pem.write_to_path(str(folder / "server.pem"), append=True)
    command = ["openssl", "x509", "-noout", "-hash", "-in", str(folder / "ca.pem")]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    trust = folder / "config" / ".mono" / "new-certs" / "Trust"
    trust.mkdir(parents=True)
    authority.cert_pem.write_to_path(str(trust / f"{name}.0"))


@contextmanager
def _sandbox(programs: Path) -> Iterator[dict[str, str]]:
    """A sandbox with a relay before it, and what its first lines say."""
    command = [str(programs / "whop-sandbox"), "--rate-limit", "0", "--relay"]
    sandbox = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert sandbox.stdout is not None
        lines = [sandbox.stdout.readline().strip().partition("=") for _ in range(3)]
        yield {name: value for name, _, value in lines}
    finally:
        sandbox.terminate()
        sandbox.wait()


def _answers(port: str) -> dict[str, str]:
    """What the sandbox answers about a license that is bound to the device."""
    whop = f"http://127.0.0.1:{port}/api"
    metadata = {"metadata": {"hwid": DEVICE}}
    _ask("PATCH", f"{whop}/v1/memberships/{LICENSE_KEY}", port, metadata)
    return {
        "current": _ask("GET", f"{whop}/v1/memberships/{LICENSE_KEY}", port),
        "v2": _ask("POST", f"{whop}/v2/memberships/{LICENSE_KEY}/validate_license", port, metadata),
    }


def _ask(method: str, url: str, port: str, body: object = None) -> str:
    headers = {"Authorization": f"Bearer sandbox_{port}_full", "Api-Version-Date": DATE}
    headers["Content-Type"] = "application/json"
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method)) as answer:
        text: str = answer.read().decode()
    return text


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _has_ipv6() -> bool:
    with suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
        return True
    return False


def _wait_for(nginx: subprocess.Popen[bytes], folder: Path) -> None:
    """Until it listens: it writes its process id then."""
    while not (folder / "nginx.pid").exists():
        if nginx.poll() is not None:
            raise SystemExit(f"nginx did not start: {(folder / 'error.log').read_text(encoding='utf-8')}")
        time.sleep(0.01)
