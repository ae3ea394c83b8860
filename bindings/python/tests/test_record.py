"""A result behaves as a frozen dataclass does."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from whop_license import CreatedPlan, LicenseResult, Status

NAMES: dict[str, Any] = {"status": Status.OK, "message": "good", "valid": True, "json": '{"email":"buyer@example.com"}'}


def test_it_has_its_values_and_defaults_by_name() -> None:
    result = LicenseResult(**NAMES)
    assert (result.message, result.valid, result.plan_id, result.api) == ("good", True, None, "current")


def test_it_is_equal_to_another_with_the_same_values() -> None:
    result = LicenseResult(**NAMES)
    for same in (LicenseResult(**NAMES), copy.copy(result), copy.deepcopy(result), pickle.loads(pickle.dumps(result))):
        assert same == result
        assert hash(same) == hash(result)
        assert same.json == result.json
    assert result != LicenseResult(**{**NAMES, "json": "{}"})
    assert CreatedPlan(id="plan_1") != CreatedPlan(id="plan_2")
    assert CreatedPlan(id="plan_1") != "plan_1"


def test_it_cannot_be_changed() -> None:
    result: Any = LicenseResult(**NAMES)
    with pytest.raises(AttributeError, match=r"LicenseResult\.valid cannot be changed"):
        result.valid = False
    with pytest.raises(AttributeError, match=r"LicenseResult\.valid cannot be deleted"):
        del result.valid
    assert result.valid


def test_it_shows_all_but_the_json() -> None:
    shown = repr(LicenseResult(**NAMES))
    assert shown.startswith("LicenseResult(status=<Status.OK: 0>, message='good', membership_id=None, ")
    assert shown.endswith(", valid=True, is_offline=False)")
    assert "json" not in shown


def test_a_value_that_is_missing_or_unknown_is_a_type_error() -> None:
    make: Any = LicenseResult
    with pytest.raises(TypeError, match="LicenseResult: missing or unknown: message, nothing, valid"):
        make(status=Status.OK, nothing=1)
    with pytest.raises(TypeError):
        make(Status.OK)
