"""Misuse is an exception that names the argument, never a crash and never a silent cut."""

from __future__ import annotations

from typing import Any

import pytest

import whop_license
from servers import DEVICE
from whop_license import Api, Client, InvalidArgument


@pytest.fixture
def client(api: Api) -> Any:
    with Client("key", api=api, base_url="http://127.0.0.1:1", max_retries=0) as client:
        yield client


@pytest.mark.parametrize("value", [None, b"bytes", 7, 1.5, ["list"], object(), bytearray(b"x")])
def test_what_is_no_string_is_a_type_error_that_names_the_argument(client: Any, value: Any) -> None:
    with pytest.raises(TypeError, match="license_key"):
        client.validate_license(value, DEVICE)
    with pytest.raises(TypeError, match="license_key"):
        client.reset_license(value)
    with pytest.raises(TypeError, match="api_key"):
        Client(value)
    with pytest.raises(TypeError, match="api_key"):
        whop_license.validate_license(value, "license", DEVICE)
    with pytest.raises(TypeError, match="api_key"):
        whop_license.create_plan(value)


@pytest.mark.parametrize("metadata", [b"{}", 7, ["hwid"], {1, 2}])
def test_what_is_no_metadata_is_a_type_error_that_says_what_is(client: Any, metadata: Any) -> None:
    expected = f"^metadata: expected a mapping or a JSON string, not {type(metadata).__name__}$"
    with pytest.raises(TypeError, match=expected):
        client.validate_license("license", metadata)


@pytest.mark.parametrize("value", [b"bytes", object(), {1, 2}, {(1, 2): "a"}])
def test_what_json_cannot_say_is_a_type_error_that_names_the_argument(client: Any, value: Any) -> None:
    with pytest.raises(TypeError, match=r"^metadata: "):
        client.validate_license("license", {"hwid": value})
    with pytest.raises(TypeError, match=r"^plan: "):
        client.create_plan(metadata=value)


@pytest.mark.parametrize("metadata", ["", "[]", "null", "not JSON", '{"a":1', '"text"', {"n": float("nan")}])
def test_metadata_that_is_no_json_object_is_refused(client: Any, metadata: Any) -> None:
    with pytest.raises(InvalidArgument, match=r"^metadata: "):
        client.validate_license("license", metadata)


@pytest.mark.parametrize(
    ("metadata", "fault"),
    [
        ({}, "empty, which tells no device from another"),
        ({"user": "a", "hwid": None}, "a value is None, which tells no device from another"),
        ({1: "a", "1": "b"}, "a name in JSON is a string"),
        ({"hwid": [({None: "a"},)]}, "a name in JSON is a string"),
    ],
)
def test_metadata_that_tells_no_device_from_another_is_refused(client: Any, metadata: Any, fault: str) -> None:
    with pytest.raises(InvalidArgument, match=f"^metadata: {fault}"):
        client.validate_license("license", metadata)
    with pytest.raises(InvalidArgument, match=f"^metadata: {fault}"):
        whop_license.validate_license("key", "license", metadata)


def test_a_plan_with_a_name_that_is_no_string_is_refused(client: Any) -> None:
    with pytest.raises(InvalidArgument, match=r"^plan: a name in JSON is a string"):
        client.create_plan(metadata={1: "a", "1": "b"})


@pytest.mark.parametrize("bad", ["nul\0", "\0", "a\0b", "\udcff", "\ud800x"])
def test_a_nul_or_bad_unicode_is_refused_by_name(client: Any, bad: str) -> None:
    with pytest.raises(InvalidArgument, match="license_key"):
        client.validate_license(bad, DEVICE)
    with pytest.raises(InvalidArgument, match="api_key"):
        Client(bad)
    with pytest.raises(InvalidArgument, match="metadata"):
        client.validate_license("license", f'{{"hwid":"{bad}"}}')


@pytest.mark.parametrize("bad", ["", " ", "\ufeff\u200b", ".", "..", "x" * 1025, "x" * 1_000_000])
def test_a_key_that_would_be_another_path_or_is_too_long_is_refused(client: Any, bad: str) -> None:
    with pytest.raises(InvalidArgument, match="license_key"):
        client.validate_license(bad, DEVICE)


@pytest.mark.parametrize("bad", ["a\nb", "a\tb", "a\x7fb", "a\x85b", "a\u2028b", "a\u2029b", "\x1ba"])
def test_a_control_character_in_a_license_key_is_refused_by_name(client: Any, bad: str) -> None:
    with pytest.raises(InvalidArgument, match="license_key: holds a control character"):
        client.validate_license(bad, DEVICE)


def test_json_that_is_too_large_is_refused(client: Any) -> None:
    with pytest.raises(InvalidArgument, match=r"^metadata: "):
        client.validate_license("license", {"hwid": "x" * 300_000})
    with pytest.raises(InvalidArgument, match=r"^plan: "):
        client.create_plan(description="x" * 300_000)


def test_json_that_refers_to_itself_is_refused(client: Any) -> None:
    metadata: dict[str, Any] = {}
    metadata["self"] = metadata
    with pytest.raises(InvalidArgument, match="metadata"):
        client.validate_license("license", metadata)


@pytest.mark.parametrize("depth", [200, 500, 100_000])
def test_json_that_is_nested_too_deeply_is_refused(client: Any, depth: int) -> None:
    metadata: dict[str, Any] = {"hwid": "a"}
    for _ in range(depth):
        metadata = {"in": metadata}
    with pytest.raises(InvalidArgument, match="metadata"):
        client.validate_license("license", metadata)
