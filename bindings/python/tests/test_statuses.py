"""Every status, over either API and a real socket: by the table that the tests of every language read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import whop_license
from servers import DEVICE, Sandbox
from whop_license import Api, Client, CreatedPlan, LicenseResult, ResetResult, Status, WhopError

TABLE = Path(__file__).parents[3] / "tests/statuses.txt"
ROWS = [line.split() for line in TABLE.read_text("utf-8").splitlines() if line and line[0] != "#"]
DENIED = {Status.LICENSE_NOT_FOUND, Status.LICENSE_INACTIVE, Status.DEVICE_MISMATCH, Status.PRODUCT_MISMATCH}

Outcome: TypeAlias = LicenseResult | ResetResult | CreatedPlan | WhopError


def made(client: Client, call: str, of: str) -> Outcome:
    try:
        if call == "validate":
            return client.validate_license(of, DEVICE)
        if call == "reset":
            return client.reset_license(of)
        assert call == "create"
        return client.create_plan(**json.loads(of))
    except WhopError as error:
        return error


def columns(outcome: Outcome) -> list[str]:
    """The outcome as the table writes it."""
    status = Status.OK if isinstance(outcome, CreatedPlan) else outcome.status
    license_status = getattr(outcome, "license_status", None)
    return [str(int(status)), str(outcome.http_status or "-"), license_status or "-"]


def check_kind(outcome: Outcome, of: str) -> None:
    """Yes and no are results, in which a denial is false and has its reason; all else is an exception of its own."""
    if isinstance(outcome, CreatedPlan):
        assert outcome.id.startswith("plan_")
        return
    assert isinstance(outcome.status, Status)
    if isinstance(outcome, WhopError):
        assert outcome.status not in {Status.OK, *DENIED}
        assert type(outcome) is getattr(whop_license, outcome.status.name.title().replace("_", ""))
        assert str(outcome)
        return
    assert outcome.status in {Status.OK, *DENIED}
    assert bool(outcome) is (outcome.status is Status.OK)
    assert outcome.message
    assert outcome.json is not None
    if isinstance(outcome, LicenseResult):
        assert outcome.valid is bool(outcome)
        assert outcome.reason == (None if outcome else outcome.status.name.lower())
    if outcome.license_status:
        assert outcome.membership_id == of.replace("SANDBOX-", "mem_").replace("-", "_").lower()


def test_every_call_of_the_table_comes_to_its_status(new_sandbox: Callable[..., Sandbox], api: Api) -> None:
    sandbox = new_sandbox("--rate-limit", "0", "--slow-ms", "50")
    assert ROWS
    for row in ROWS:
        call, api_key, of, *expected, wait = row
        with Client(sandbox.key_that_may(api_key), api=api, product_id="prod_sandbox", max_retries=0) as client:
            outcome = made(client, call, of)
        assert columns(outcome) == (expected[:3] if api == "current" else expected[3:]), row
        assert getattr(outcome, "api", api) == api
        check_kind(outcome, of)
        retry_after = getattr(outcome, "retry_after", None)
        assert retry_after == (None if wait == "-" else int(wait) / 1000), row
