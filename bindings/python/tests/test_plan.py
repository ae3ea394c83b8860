"""Plans are created as asked, and what Whop would ignore silently is refused."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

import pytest

import whop_license
from servers import DEVICE, Peer, Sandbox
from whop_license import Api, Client, InvalidArgument, Plan, PlanRequest, v2

EXAMPLES: dict[Any, Any] = {str: "text", int: 1, float: 1.5, bool: True, dict: {}}
PLAN = b'{"id":"plan_peer"}'
PRICES = (Path(__file__).parents[3] / "tests/prices.txt").read_text("utf-8").splitlines()[1:]


def example(kind: Any) -> Any:
    """A value of a type; of several, of the first."""
    if is_typeddict(kind):
        return {name: example(hint) for name, hint in get_type_hints(kind).items()}
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return parts[0]
    if origin is list:
        return [example(parts[0])]
    return example(parts[0]) if isinstance(kind, UnionType) else EXAMPLES[origin or kind]


def every_field(request: Any) -> dict[str, Any]:
    currency = {"currency": "eur"} if request is PlanRequest else {"base_currency": "eur"}
    return {**example(request), **currency}


def test_a_plan_is_created_bought_and_its_key_checked(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key, product_id="prod_sandbox") as client:
        plan = client.create_plan(product_id="prod_sandbox", initial_price=19.99, currency="eur")
        assert plan.id is not None
        assert (plan.initial_price, plan.currency) == (19.99, "eur")
        assert client.validate_license(sandbox.buy(plan.id), DEVICE)


def test_a_plan_is_created_with_api_v2_too(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key, api="v2") as client:
        plan = client.create_v2_plan(product_id="prod_sandbox", initial_price=19.99, base_currency="eur")
        later = asyncio.run(client.acreate_v2_plan(product_id="prod_sandbox"))
    assert (plan.product, plan.initial_price, plan.base_currency) == ("prod_sandbox", 19.99, "eur")
    assert later.id != plan.id


def test_a_plan_of_another_api_than_the_client_is_refused(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key) as client, pytest.raises(InvalidArgument, match="api"):
        client.create_v2_plan(product_id="prod_sandbox")
    with Client(sandbox.api_key, api="v2") as client, pytest.raises(InvalidArgument, match="api"):
        client.create_plan(product_id="prod_sandbox")


def test_the_call_without_a_client_creates_one_too(sandbox: Sandbox) -> None:
    plan = whop_license.create_plan(sandbox.api_key, product_id="prod_sandbox", renewal_price=5, plan_type="renewal")
    assert (plan.renewal_price, plan.plan_type) == (5.0, "renewal")


def test_expand_brings_the_product(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key, api="v2", expand=["product"]) as client:
        plan = client.create_v2_plan(product_id="prod_sandbox")
    assert isinstance(plan.product, dict)
    assert plan.product["id"] == "prod_sandbox"


@pytest.mark.parametrize(("api", "kind"), [("current", PlanRequest), ("v2", v2.PlanRequest)])
def test_the_native_library_knows_every_field_and_its_type(peer: Peer, api: Api, kind: Any) -> None:
    request = every_field(kind)
    peer.body = PLAN
    with Client("key", api=api, base_url=peer.base_url) as client:
        create: Any = client.create_plan if api == "current" else client.create_v2_plan
        create(**request)
        for name in request:
            with pytest.raises(InvalidArgument, match=name):
                create(extra={name: [[]]})
    assert [json.loads(body) for body in peer.bodies] == [request]


def test_a_field_of_api_v2_is_refused_with_its_name_of_now(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key) as client, pytest.raises(InvalidArgument, match="`currency`"):
        client.create_plan(base_currency="eur")  # type: ignore[call-arg]


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
    plan = v2.Plan.from_json('{"product":{"id":"prod_1"},"access_pass":{"id":"prod_1"}}')
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
    assert plan == Plan(raw=json.loads(peer.body), id="plan_x", initial_price=19.99, renewal_price=7.0)
    assert repr(plan) == "Plan(id='plan_x', title=None)"
