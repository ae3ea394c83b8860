"""What is generated came out whole: header, native library and Python say the same. Numbers are in tests/mirror.rs."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path
from typing import Any, get_args

import pytest

import whop_license
from whop_license import Status, _header, _native

PYTHON = Path(__file__).parents[1]
HEADER = re.sub(r"/\*.*?\*/|//[^\n]*", "", (PYTHON.parents[1] / "include/whop_license.h").read_text(), flags=re.DOTALL)

C_TYPES: dict[str, Any] = {
    "void": None,
    "int32_t": ctypes.c_int32,
    "whop_status": ctypes.c_int32,
    "int64_t": ctypes.c_int64,
    "uint32_t": ctypes.c_uint32,
    "char *": ctypes.c_char_p,
    "int32_t *": ctypes.POINTER(ctypes.c_int32),
    "int64_t *": ctypes.POINTER(ctypes.c_int64),
    "double *": ctypes.POINTER(ctypes.c_double),
    "whop_client *": ctypes.c_void_p,
    "whop_response *": ctypes.c_void_p,
    "whop_call *": ctypes.c_void_p,
    "whop_call **": ctypes.POINTER(ctypes.c_void_p),
    "whop_client **": ctypes.POINTER(ctypes.c_void_p),
    "whop_response **": ctypes.POINTER(ctypes.c_void_p),
}


def c_type(declaration: str) -> Any:
    """The ctypes type of ``const char *name`` or ``int32_t``."""
    match = re.match(r"(?:const |struct )*(\w+) ?(\**)", " ".join(declaration.split()))
    assert match, declaration
    return C_TYPES[" ".join(filter(None, match.groups()))]


def header_functions() -> dict[str, tuple[Any, ...]]:
    functions = {}
    for result, name, parameters in re.findall(r"^([\w ]+?[ *]+)(whop_\w+)\(([^)]*)\);", HEADER, flags=re.MULTILINE):
        declared = [] if parameters == "void" else parameters.split(",")
        functions[name] = (c_type(result), *(c_type(parameter.strip()) for parameter in declared))
    return functions


def test_every_function_of_the_header_is_mirrored_with_its_types() -> None:
    assert header_functions() == _header.FUNCTIONS


def test_every_status_has_the_native_name_and_meaning() -> None:
    others = {"WHOP_ALLOWED", "WHOP_DENIED", "WHOP_UNDETERMINED", "WHOP_LICENSE_VERSION"}
    others |= {"WHOP_API_CURRENT", "WHOP_API_V2"}
    assert {status.c_name for status in Status} | others == {name for name in vars(_header) if name.startswith("WHOP_")}
    for status in Status:
        assert status.c_name == f"WHOP_{status.name}"
        assert len(status.meaning) > 10


@pytest.mark.parametrize("status", Status)
def test_a_denial_has_a_reason_and_anything_else_has_an_exception(status: Status) -> None:
    verdict = _native.library().whop_status_verdict(status)
    exceptions = {error.status for error in whop_license.WhopError.__subclasses__()}
    assert (status is Status.OK) == (verdict == _header.WHOP_ALLOWED)
    assert (status.name.lower() in get_args(whop_license.Reason)) == (verdict == _header.WHOP_DENIED)
    assert (status in exceptions) == (verdict == _header.WHOP_UNDETERMINED)


def test_each_fact_of_the_header_is_one_of_a_license() -> None:
    facts = {name.removeprefix("whop_response_") for name in _header.FUNCTIONS if name.startswith("whop_response_")}
    by_pointer = {"string", "integer", "number", "boolean", "text", "count"}
    of_errors = {"retry_after_ms"}
    shown = {*whop_license.LicenseResult._fields}
    assert facts - by_pointer - of_errors - {"free"} == shown - {"status", "valid", "api"}


def test_the_native_getters_read_fields(sandbox: Any) -> None:
    native = _native.library()
    response = ctypes.c_void_p()
    status = native.whop_validate_license(
        sandbox.api_key.encode(), sandbox.buy("plan_sandbox").encode(), b'{"price":"19.99"}', ctypes.byref(response)
    )
    expires_at, value, renews = ctypes.c_int64(), ctypes.c_double(), ctypes.c_int32()
    try:
        assert status == _header.WHOP_OK
        assert native.whop_response_string(response, b"/product_id") == b"prod_sandbox"
        assert native.whop_response_string(response, b"/nothing") is None
        assert native.whop_response_integer(response, b"/nothing", ctypes.byref(expires_at)) == 0
        assert native.whop_response_number(response, b"/metadata/price", ctypes.byref(value)) == 1
        assert native.whop_response_boolean(response, b"/cancel_at_period_end", ctypes.byref(renews)) == 1
        assert native.whop_response_expires_at(response, ctypes.byref(expires_at)) == 1
        assert expires_at.value > 1_700_000_000
        assert (value.value, renews.value) == (19.99, 0)
    finally:
        native.whop_response_free(response)
