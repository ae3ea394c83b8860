"""Says all that can be said of a validation, a creation and a reset, but for the JSON, which is for the caller alone.

Arguments: "current" or "v2", API key, base URL, proxy, license key, metadata, plan; "-" for none.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Callable
from pprint import pprint

from whop_license import Client, LicenseResult, Plan, Status, WhopError


def tell(call: Callable[[Client], LicenseResult | Plan]) -> None:
    """Make a call, and say what became of it."""
    try:
        with Client(
            api_key, api=api, product_id="prod_1", max_retries=0, base_url=base_url, proxy=given(proxy)
        ) as client:
            tell_of(client)
            answer = call(client)
    except WhopError as error:
        print("status", int(error.status))
        tell_of(error, error.args, vars(error), error.__context__)
        traceback.print_exc()
        logging.exception("no answer")
        return
    if isinstance(answer, LicenseResult):
        print("status", int(answer.status))
        tell_of(answer, answer.membership, answer.v2_membership, answer.reason)
        tell_of(answer.membership_id, answer.license_status, answer.product_id, answer.plan_id, answer.expires_at)
    else:
        print("status", int(Status.OK))
        tell_of(answer)


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
api, api_key, base_url, proxy, license_key, metadata, plan = sys.argv[1:]
tell(lambda client: client.validate_license(license_key, given(metadata)))
tell(lambda client: client.create_plan(**json.loads(plan)))
tell(lambda client: client.reset_license(license_key))
