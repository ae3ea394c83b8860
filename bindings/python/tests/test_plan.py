"""Plans are created as asked, and what Whop would ignore silently is refused."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import whop_license
from servers import DEVICE, Peer, Sandbox
from whop_license import Client, InvalidArgument, Plan, PlanRequest

EXAMPLES: dict[Any, Any] = {str: "text", int: 1, float | Decimal: 1.5, bool: True}
SPECIAL = {
    "plan_type": "renewal",
    "release_method": "buy_now",
    "visibility": "hidden",
    "custom_fields": [{"name": "Nick", "field_type": "text", "placeholder": "?", "required": True, "order": 1}],
    "pegged_currencies": ["eur"],
}
PLAN = b'{"id":"plan_peer"}'
PRICES = (Path(__file__).parents[3] / "tests/prices.txt").read_text("utf-8").splitlines()[1:]


def every_field() -> dict[str, Any]:
    return {name: SPECIAL.get(name, EXAMPLES.get(kind, {})) for name, kind in get_type_hints(PlanRequest).items()}


def test_a_plan_is_created_bought_and_its_key_checked(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key, product_id="prod_sandbox") as client:
        plan = client.create_plan(product_id="prod_sandbox", initial_price=19.99, base_currency="eur")
        assert plan.id is not None
        assert (plan.product, plan.initial_price, plan.base_currency) == ("prod_sandbox", 19.99, "eur")
        assert client.validate_license(sandbox.buy(plan.id), DEVICE)


def test_the_call_without_a_client_creates_one_too(sandbox: Sandbox) -> None:
    plan = whop_license.create_plan(sandbox.api_key, product_id="prod_sandbox", renewal_price=5, plan_type="renewal")
    assert (plan.renewal_price, plan.plan_type) == (5.0, "renewal")


def test_expand_brings_the_product(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key, expand=["product"]) as client:
        plan = client.create_plan(product_id="prod_sandbox")
    assert isinstance(plan.product, dict)
    assert plan.product["id"] == "prod_sandbox"


def test_the_native_library_knows_every_field_and_its_type(peer: Peer) -> None:
    request = every_field()
    peer.body = PLAN
    with Client("key", base_url=peer.base_url) as client:
        client.create_plan(**request)
        for name in request:
            with pytest.raises(InvalidArgument, match=name):
                client.create_plan(extra={name: [[]]})
    assert [json.loads(body) for body in peer.bodies] == [request]


def test_a_field_that_whop_would_ignore_is_refused_with_the_right_name(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key) as client, pytest.raises(InvalidArgument, match="base_currency"):
        client.create_plan(currency="eur")  # type: ignore[call-arg]


@pytest.mark.parametrize(("price", "sent"), [("19.99", "19.99"), ("19.990", "19.99"), ("1E+2", "100.0"), ("0", "0.0")])
def test_a_decimal_is_sent_as_the_same_number(peer: Peer, price: str, sent: str) -> None:
    peer.body = PLAN
    with Client("key", base_url=peer.base_url) as client:
        client.create_plan(initial_price=Decimal(price))
    assert peer.bodies == [f'{{"initial_price":{sent}}}'.encode()]


@pytest.mark.parametrize("price", ["19.990000000000000001", "1E+400", "1E-400", "NaN", "sNaN", "-Infinity"])
def test_a_decimal_that_is_no_such_number_is_refused(price: str) -> None:
    with Client("key") as client, pytest.raises(InvalidArgument, match=r"^plan: "):
        client.create_plan(initial_price=Decimal(price))


@pytest.mark.parametrize("price", [-1.0, float("nan"), float("inf")])
def test_a_price_that_is_none_is_refused(sandbox: Sandbox, price: float) -> None:
    with pytest.raises(InvalidArgument):
        whop_license.create_plan(sandbox.api_key, product_id="prod_sandbox", initial_price=price)


def test_an_access_pass_may_be_expanded_as_the_product_may() -> None:
    plan = Plan.from_json('{"product":{"id":"prod_1"},"access_pass":{"id":"prod_1"}}')
    assert plan.access_pass == plan.product == {"id": "prod_1"}


@pytest.mark.parametrize(("price", "number"), [line.rsplit(" ", 1) for line in PRICES])
def test_a_price_reads_as_in_every_language(peer: Peer, price: str, number: str) -> None:
    peer.body = f'{{"id":"plan_x","initial_price":{price}}}'.encode()
    with Client("key", base_url=peer.base_url) as client:
        assert client.create_plan().initial_price == (None if number == "-" else float(number))


def test_a_price_beyond_every_float_is_none() -> None:
    for price in ("1" + "0" * 400, "Infinity", "NaN"):
        assert Plan.from_json(f'{{"initial_price":{price}}}').initial_price is None


def test_the_plan_that_comes_back_has_what_fits_its_type(peer: Peer) -> None:
    peer.body = b'{"id":"plan_x","initial_price":"19.99","renewal_price":7,"created_at":9,"stock":"many"}'
    with Client("key", base_url=peer.base_url) as client:
        plan = client.create_plan()
    assert plan == Plan(raw=json.loads(peer.body), id="plan_x", initial_price=19.99, renewal_price=7.0, created_at=9)
    assert repr(plan) == "Plan(id='plan_x')"
