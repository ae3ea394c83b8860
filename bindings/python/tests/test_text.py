"""The JSON of a check's metadata is what Python's json writes, however it comes about."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any

import pytest

from whop_license._text import encode_json, plain_json
from whop_license.license import metadata_json


@pytest.mark.parametrize(
    "text",
    [
        "",
        "device",
        "Gerät-ü",
        "日本",
        "😀",
        "a b",
        "a\u00a0b",
        'a"b',
        "a\\b",
        "\x7f",
        "\n",
        "\u2028",
        "\x1f",
        "'/<>&",
        "{}",
    ],
)
def test_texts_are_written_as_json_writes_them(text: str) -> None:
    for members in ({"hwid": text}, {text: "device"}, {text: text, "second": "device"}):
        written = metadata_json(members)
        assert written == encode_json("metadata", members)
        assert json.loads(written or "") == members
        assert plain_json(members) in (None, written)


def test_what_needs_no_escape_is_written_at_once() -> None:
    assert plain_json({"hwid": "device", "user": "Gerät 1"}) == '{"hwid":"device","user":"Gerät 1"}'.encode()
    assert metadata_json(MappingProxyType({"hwid": "device"})) == b'{"hwid":"device"}'


@pytest.mark.parametrize("members", [{"n": 1}, {"n": True}, {"n": ["a"]}, {"n": None}, {1: "a"}, {"n": "\ud800"}])
def test_other_values_are_left_to_json(members: dict[Any, Any]) -> None:
    assert plain_json(members) is None
