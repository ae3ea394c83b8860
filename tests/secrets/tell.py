"""Says all that can be said of a validation, a creation and a reset, but for the JSON, which is for the caller alone.

Arguments: "current", "v2" or "relay", API key or public keys, URL, proxy, license key, metadata, plan; "-" for none.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Callable
from pprint import pprint
from typing import Any

from whop_license import Client, CreatedPlan, LicenseResult, ResetResult, WhopError


def tell(call: Callable[[Client], LicenseResult | ResetResult | CreatedPlan]) -> None:
    """Make a call, and say what became of it."""
    try:
        with new_client() as client:
            tell_of(client)
            answer = call(client)
    except WhopError as error:
        print("status", int(error.status))
        tell_of(error, error.args, vars(error), error.__context__)
        traceback.print_exc()
        logging.exception("no answer")
        return
    if isinstance(answer, CreatedPlan):
        print("status 0")
        tell_of(answer, answer.plan, answer.v2_plan)
        return
    print("status", int(answer.status))
    tell_of(answer, answer.membership, answer.v2_membership)
    if isinstance(answer, LicenseResult):
        tell_of(answer.reason)


def new_client() -> Client:
    """The client that the arguments say."""
    settings: Any = {"product_id": "prod_1", "max_retries": 0, "proxy": given(proxy)}
    if way == "relay":
        return Client.relay(url, key, **settings)
    return Client(key, api=way, base_url=url, **settings)


def tell_of(*things: object) -> None:
    """Write each of them in every way that programs do."""
    for thing in things:
        print(thing, repr(thing), ascii(thing))
        pprint(thing)
        logging.info("%s %r", thing, thing)


def given(argument: str) -> str | None:
    """The argument, if it is one."""
    return None if argument == "-" else argument


logging.basicConfig(level=logging.DEBUG)
way: Any
way, key, url, proxy, license_key, metadata, plan = sys.argv[1:]
tell(lambda client: client.validate_license(license_key, given(metadata)))
tell(lambda client: client.create_plan(**json.loads(plan)))
tell(lambda client: client.reset_license(license_key))
