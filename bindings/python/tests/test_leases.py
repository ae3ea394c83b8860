"""Every lease, good and forged, online and from the lease file: by the table that the tests of every language read."""

from __future__ import annotations

from pathlib import Path

import pytest

from servers import DEVICE, LEASES, PRODUCT, PUBLIC_KEYS, Sandbox
from whop_license import Client, LicenseResult, Status, WhopError

LICENSE = "SANDBOX-ACTIVE"
ROWS = [row[:3] for row in LEASES if row and row[0] not in ("key", "#")]
ONLINE = [(name, int(status)) for name, status, _ in ROWS]
OFFLINE = [(name, kept) for name, _, kept in ROWS if kept != "-"]


@pytest.fixture(scope="module", autouse=True)
def earlier(sandbox: Sandbox) -> None:
    """A good lease, which one that is replayed repeats."""
    assert asked(sandbox.relay("good")).status is Status.OK


def asked(relay_url: str, lease_file: Path | None = None) -> LicenseResult | WhopError:
    try:
        with Client.relay(
            relay_url, PUBLIC_KEYS, product_id=PRODUCT, lease_file=lease_file, max_retries=0, timeout=30
        ) as client:
            return client.validate_license(LICENSE, DEVICE)
    except WhopError as error:
        return error


def test_the_table_is_whole() -> None:
    assert len(ONLINE) > 200
    assert len(OFFLINE) > 180
    assert len(PUBLIC_KEYS) == 2
    assert {status for _, status in ONLINE} >= {0, 100, 101, 102, 103, 201, 202, 301, 302, 303, 306}
    assert {kept for _, kept in OFFLINE} == {"yes", "no"}


@pytest.mark.parametrize(("name", "status"), ONLINE)
def test_online(sandbox: Sandbox, name: str, status: int) -> None:
    outcome = asked(sandbox.relay(name))
    assert outcome.status == status, outcome
    assert isinstance(outcome, LicenseResult) == (status < 200)
    if isinstance(outcome, LicenseResult):
        assert (bool(outcome), outcome.is_offline) == (status == 0, False)
        assert (outcome.api, outcome.membership, outcome.v2_membership) == (None, None, None)


@pytest.mark.parametrize(("name", "kept"), OFFLINE)
def test_offline(sandbox: Sandbox, away: str, tmp_path: Path, name: str, kept: str) -> None:
    lease_file = tmp_path / "license.lease"
    lease_file.write_bytes(sandbox.lease_file(name, LICENSE))
    outcome = asked(away, lease_file)
    if kept == "yes":
        assert isinstance(outcome, LicenseResult), outcome
        assert (outcome.status, outcome.valid, outcome.is_offline) == (Status.OK, True, True)
        assert (outcome.http_status, outcome.membership_id, outcome.product_id) == (None, "mem_active", PRODUCT)
    else:
        assert outcome.status is Status.UNREACHABLE, outcome
