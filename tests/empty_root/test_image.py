"""The relay's container image is the same at each build, and runs without root, with nothing that can be written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from roots import PLATFORMS, ROOT, Machine, needed, whop

USER = 65532


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive with the image."""
    return write_image(tmp_path_factory.mktemp("image"))


def write_image(folder: Path) -> Path:
    command = [sys.executable, str(ROOT / "scripts/image.py"), f"--output-folder={folder}"]
    return Path(subprocess.check_output(command, text=True).strip())


def output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def inspect(image: Path, *arguments: str) -> dict[str, object]:
    """What a registry's client reads of the image."""
    read = json.loads(output(needed("skopeo", "skopeo"), *arguments, f"oci-archive:{image}"))
    assert isinstance(read, dict)
    return read


def test_two_builds_are_the_same_bytes(image: Path, tmp_path: Path) -> None:
    assert write_image(tmp_path).read_bytes() == image.read_bytes()


@pytest.mark.parametrize("processor", ["amd64", "arm64"])
def test_client_of_registries_takes_the_image_for_its_processor(image: Path, processor: str) -> None:
    config = inspect(image, f"--override-arch={processor}", "inspect", "--config")
    assert (config["architecture"], config["os"]) == (processor, "linux")
    settings = config["config"]
    assert isinstance(settings, dict)
    assert settings["User"] == f"{USER}:{USER}"
    assert settings["Entrypoint"] + settings["Cmd"] == ["/whop-relay", "serve"]


@pytest.mark.parametrize("name", ["linux-x86_64-musl", "linux-aarch64-musl"])
def test_the_image_holds_the_program_and_its_licenses_alone(image: Path, tmp_path: Path, name: str) -> None:
    processor = {"linux-x86_64-musl": "amd64", "linux-aarch64-musl": "arm64"}[name]
    output(
        "skopeo",
        f"--override-arch={processor}",
        "copy",
        "--quiet",
        f"oci-archive:{image}",
        f"oci:{tmp_path}/layout:image",
    )
    output(
        needed("umoci", "umoci"), "unpack", "--rootless", "--image", f"{tmp_path}/layout:image", f"{tmp_path}/bundle"
    )
    root = tmp_path / "bundle/rootfs"
    files = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    notices = {"LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY", "THIRD-PARTY-PROGRAMS"}
    assert files == {"whop-relay", *(f"licenses/{notice}" for notice in notices)}
    assert (root / "whop-relay").read_bytes() == (PLATFORMS[name].folder / "whop-relay").read_bytes()


class Podman:
    """Podman with a store of its own, of which nothing is left."""

    def __init__(self, folder: Path) -> None:
        places = [f"--root={folder}/store", f"--runroot={folder}/run", f"--tmpdir={folder}/tmp"]
        # A runtime that takes the control groups of old and of new kernels.
        runtime = f"--runtime={needed('runc', 'runc')}"
        self.command = [
            needed("podman", "podman"),
            *places,
            "--storage-driver=vfs",
            "--cgroup-manager=cgroupfs",
            runtime,
        ]
        self.command.append("--events-backend=none")

    def __call__(self, *arguments: str) -> str:
        return output(*self.command, *arguments)

    def start(self, image: str, environment: dict[str, str], *arguments: str) -> str:
        """Starts a container as the compose file does, in this machine's network."""
        # Few enough for anybody to give: podman's own are more than a machine without privileges allows.
        limits = ["--ulimit=nofile=1024:1024", "--ulimit=nproc=512:512"]
        variables = [f"--env={name}={value}" for name, value in environment.items()]
        locked = [
            "--read-only",
            "--read-only-tmpfs=false",
            "--cap-drop=all",
            "--security-opt=no-new-privileges",
            "--pull=never",
        ]
        return self("run", "--detach", "--network=host", *limits, *variables, *locked, *arguments, image).strip()


@pytest.fixture(scope="session")
def podman() -> Iterator[Podman]:
    # Of a short name: a socket's path is in it.
    folder = Path(tempfile.mkdtemp())
    podman = Podman(folder)
    yield podman
    podman("rm", "--all", "--force")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def loaded(podman: Podman, image: Path) -> str:
    """The name under which podman has the image for this machine."""
    return podman("load", "--quiet", "--input", str(image)).strip().removeprefix("Loaded image: ")


def test_the_compose_file_names_the_image(loaded: str) -> None:
    compose = (ROOT / "relay/deploy/compose.yaml").read_text()
    assert f"image: ${{RELAY_IMAGE:-{loaded.removeprefix('localhost/')}}}" in compose


def test_the_dockerfile_makes_the_same_image(podman: Podman, loaded: str, tmp_path: Path) -> None:
    shutil.copy2(PLATFORMS["linux-x86_64-musl"].folder / "whop-relay", tmp_path)
    podman("build", "--tag=of-dockerfile", f"--file={ROOT}/relay/deploy/Dockerfile", str(tmp_path))
    [ours], [built] = (json.loads(podman("inspect", name)) for name in (loaded, "of-dockerfile"))
    for setting in ("User", "Entrypoint", "Cmd", "ExposedPorts"):
        assert built["Config"][setting] == ours["Config"][setting]
    assert set(ours["Config"]["Env"]) <= set(built["Config"]["Env"])


@contextmanager
def relay_of(podman: Podman, image: str, base_url: str, api_key: str, folder: Path) -> Iterator[tuple[str, str]]:
    """A container that serves: its name and address."""
    keys = folder / "keys"
    keys.mkdir()
    program = PLATFORMS["linux-x86_64-musl"].folder / "whop-relay"
    output(str(program), "keygen", f"{keys}/signing-key.pem")
    (keys / "api-key").write_text(api_key)
    (keys / "api-key").chmod(0o600)
    if os.getuid() == 0:
        for path in [keys, *keys.iterdir()]:
            os.chown(path, USER, USER)
    environment = {
        "WHOP_RELAY_LISTEN": "127.0.0.1:0",
        "WHOP_RELAY_API_KEY_FILE": "/run/secrets/api-key",
        "WHOP_RELAY_SIGNING_KEY_FILE": "/run/secrets/signing-key.pem",
        "WHOP_RELAY_PRODUCT": "prod_sandbox",
        "WHOP_RELAY_BASE_URL": base_url,
    }
    container = podman.start(image, environment, f"--volume={keys}:/run/secrets:ro")
    try:
        deadline = time.monotonic() + 30
        while not (line := re.search("LISTENING=(http://.*)", podman("logs", container))):
            assert time.monotonic() < deadline, podman("logs", container)
            time.sleep(0.1)
        yield container, line[1]
    finally:
        podman("rm", "--force", container)


def status_of(url: str, body: dict[str, object]) -> int:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_container_checks_licenses_as_nobody_writes_nothing_and_ends_when_told(
    podman: Podman, loaded: str, tmp_path: Path
) -> None:
    with (
        whop(Machine("linux-x86_64-musl", tmp_path)) as (sandbox, _),
        relay_of(podman, loaded, sandbox.base_url, sandbox.api_key, tmp_path) as (container, url),
    ):
        check = f"{url}/v2/memberships/SANDBOX-ACTIVE/validate_license"
        assert status_of(check, {"metadata": {"hwid": "container"}}) == 201
        assert status_of(check, {"metadata": {"hwid": "another"}}) == 400

        process = Path("/proc") / podman("inspect", "--format={{.State.Pid}}", container).strip()
        status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines() if ":\t" in line)
        assert status["Uid"].split() == status["Gid"].split() == [str(USER)] * 4
        assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
        assert status["NoNewPrivs"] == "1"
        mounts = [line.split() for line in (process / "mountinfo").read_text().splitlines()]
        options = {mount[4]: mount[5].split(",") for mount in mounts}
        assert "ro" in options["/"]
        assert "ro" in options["/run/secrets"]

        began = time.monotonic()
        podman("stop", "--time=40", container)
        assert time.monotonic() - began < 30
        assert podman("inspect", "--format={{.State.ExitCode}}", container).strip() == "0"
