"""Plans are created as asked, and what Whop would ignore silently is refused."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

import pytest

import whop_license
from servers import DEVICE, Peer, Sandbox
from whop_license import Api, Client, CreatedPlan, InvalidArgument, current, v2

EXAMPLES: dict[Any, Any] = {str: "text", int: 1, float: 1.5, bool: True, dict: {}}
PLAN = b'{"id":"plan_peer"}'
PRICES = (Path(__file__).parents[3] / "tests/prices.txt").read_text("utf-8").splitlines()[1:]


def example(hint: Any) -> Any:
    """A value of that type."""
    kind, inner = get_origin(hint) or hint, get_args(hint)
    if is_typeddict(hint):
        return {name: example(field) for name, field in get_type_hints(hint).items()}
    if kind is Literal:
        return inner[0]
    if kind is list:
        return [example(inner[0])]
    return EXAMPLES[kind] if kind in EXAMPLES else example(inner[0])


@pytest.mark.parametrize(("api", "currency"), [("current", "currency"), ("v2", "base_currency")])
def test_a_plan_is_created_bought_and_its_key_checked(sandbox: Sandbox, api: Api, currency: str) -> None:
    asked: dict[str, Any] = {"product_id": "prod_sandbox", "initial_price": 19.99, currency: "eur"}
    with Client(sandbox.api_key, api=api, product_id="prod_sandbox") as client:
        created = client.create_plan(**asked)
        assert client.validate_license(sandbox.buy(created.id), DEVICE)
    assert (created.api, created.product_id) == (api, "prod_sandbox")
    plan = created.plan or created.v2_plan
    assert plan is not None
    assert (plan.id, plan.initial_price, getattr(plan, currency)) == (created.id, 19.99, "eur")


def test_the_plan_is_that_of_the_api_that_created_it(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key) as now, Client(sandbox.api_key, api="v2") as before:
        created = now.create_plan(product_id="prod_sandbox", currency="usd")
        earlier = before.create_plan(product_id="prod_sandbox", base_currency="usd")
    assert created.v2_plan is None
    assert created.plan is not None
    assert created.plan.purchase_url == f"https://whop.com/checkout/{created.id}/"
    assert earlier.plan is None
    assert earlier.v2_plan is not None
    assert earlier.v2_plan.direct_link == f"https://whop.com/checkout/{earlier.id}/"


def test_the_call_without_a_client_creates_one_too(sandbox: Sandbox) -> None:
    plan = whop_license.create_plan(
        sandbox.api_key, product_id="prod_sandbox", renewal_price=5, plan_type="renewal"
    ).plan
    assert plan is not None
    assert (plan.renewal_price, plan.plan_type) == (5.0, "renewal")


def test_expand_brings_the_product_from_v2(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key, api="v2", expand=["product"]) as client:
        created = client.create_plan(product_id="prod_sandbox")
    assert created.product_id == "prod_sandbox"
    assert created.v2_plan is not None
    assert isinstance(created.v2_plan.product, dict)
    assert created.v2_plan.product["id"] == "prod_sandbox"


@pytest.mark.parametrize(("api", "fields"), [("current", current.PlanRequest), ("v2", v2.PlanRequest)])
def test_the_native_library_knows_every_field_and_its_type(peer: Peer, api: Api, fields: Any) -> None:
    request: dict[str, Any] = {name: "eur" if "currency" in name else value for name, value in example(fields).items()}
    assert len(request) > 20
    peer.body = PLAN
    with Client("key", api=api, base_url=peer.base_url) as client:
        client.create_plan(**request)
        for name in request:
            with pytest.raises(InvalidArgument, match=name):
                client.create_plan(extra={name: [[]]})
    assert [json.loads(body) for body in peer.bodies] == [request]


@pytest.mark.parametrize(("api", "fields"), [("current", current.PlanRequest), ("v2", v2.PlanRequest)])
def test_the_native_library_takes_each_value_and_no_other(peer: Peer, api: Api, fields: Any) -> None:
    choices = {name: get_args(hint) for name, hint in get_type_hints(fields).items() if get_origin(hint) is Literal}
    assert {"plan_type", "release_method", "visibility"} <= choices.keys()
    peer.body = PLAN
    with Client("key", api=api, base_url=peer.base_url) as client:
        for name, values in choices.items():
            for value in values:
                client.create_plan(extra={name: value})
            with pytest.raises(InvalidArgument, match=f"^plan: {name}"):
                client.create_plan(extra={name: values[0].title()})


def test_a_field_that_whop_would_ignore_is_refused_with_the_right_name(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key) as now, Client(sandbox.api_key, api="v2") as before:
        with pytest.raises(InvalidArgument, match="`base_currency` is the name in API v2: it is `currency` now"):
            now.create_plan(base_currency="eur")
        with pytest.raises(InvalidArgument, match="`refillable` is a field of API v2 alone"):
            now.create_plan(refillable=True)
        with pytest.raises(InvalidArgument, match="did you mean `base_currency`"):
            before.create_plan(currency="eur")
        with pytest.raises(InvalidArgument):
            now.create_plan(currency="eur", base_currency="eur")  # type: ignore[call-overload]
        with pytest.raises(InvalidArgument):
            now.create_plan(color="red")  # type: ignore[call-overload]


def test_a_field_that_is_none_is_left_out(peer: Peer, api: Api) -> None:
    peer.body = PLAN
    with Client("key", api=api, base_url=peer.base_url) as client:
        client.create_plan(extra={"product_id": "prod_x", "stock": None})
    assert [json.loads(body) for body in peer.bodies] == [{"product_id": "prod_x"}]


def test_a_creation_is_repeated_where_it_cannot_become_a_second_plan(peer: Peer) -> None:
    outage, busy = (503, b""), (409, b"")
    peer.first, peer.body = [outage, busy], PLAN
    with Client("key", base_url=peer.base_url) as client:
        assert client.create_plan(product_id="prod_x").id == "plan_peer"
    names = [headers["Idempotency-Key"] for headers in peer.headers]
    assert len(names) == 3
    assert len(set(names)) == 1
    assert peer.paths == ["/api/v1/variants"] * 3
    peer.first = [outage]
    with Client("key", api="v2", base_url=peer.base_url) as client, pytest.raises(whop_license.ServerError):
        client.create_plan(product_id="prod_x")
    assert peer.paths[3:] == ["/api/v2/plans"]


@pytest.mark.parametrize(("price", "sent"), [("19.99", "19.99"), ("19.990", "19.99"), ("1E+2", "100.0"), ("0", "0.0")])
def test_a_decimal_is_sent_as_the_same_number(peer: Peer, api: Api, price: str, sent: str) -> None:
    peer.body = PLAN
    with Client("key", api=api, base_url=peer.base_url) as client:
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
def test_a_price_reads_as_in_every_language(peer: Peer, api: Api, price: str, number: str) -> None:
    peer.body = f'{{"id":"plan_x","initial_price":{price}}}'.encode()
    with Client("key", api=api, base_url=peer.base_url) as client:
        created = client.create_plan()
    plan = created.plan or created.v2_plan
    assert plan is not None
    assert plan.initial_price == (None if number == "-" else float(number))


def test_a_price_beyond_every_float_is_none() -> None:
    for price in ("1" + "0" * 400, "Infinity", "NaN"):
        assert current.Plan.from_json(f'{{"initial_price":{price}}}').initial_price is None


def test_the_plan_that_comes_back_has_what_fits_its_type(peer: Peer) -> None:
    peer.body = b'{"id":"plan_x","initial_price":"19.99","renewal_price":7,"created_at":9,"stock":"many"}'
    with Client("key", base_url=peer.base_url) as client:
        created = client.create_plan()
    assert created.plan == current.Plan(raw=json.loads(peer.body), id="plan_x", initial_price=19.99, renewal_price=7.0)
    assert "plan_x" in repr(created.plan)
    assert repr(created) == "CreatedPlan(id='plan_x', product_id=None, api='current', http_status=200)"


def test_a_list_of_other_things_is_in_raw_only() -> None:
    assert v2.Plan.from_json('{"accepted_payment_methods":["stripe",1]}').accepted_payment_methods is None
    assert v2.Plan.from_json('{"accepted_payment_methods":["stripe"]}').accepted_payment_methods == ["stripe"]


def test_a_plan_can_be_made_for_the_tests_of_others() -> None:
    created = CreatedPlan(id="plan_x", json='{"id":"plan_x","title":"Monthly"}')
    assert created.plan is not None
    assert created.plan.title == "Monthly"
