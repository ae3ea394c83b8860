"""Python values as the UTF-8 that the native library takes."""

from __future__ import annotations

from .errors import InvalidArgument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import UnionType


def require(argument: str, value: object, kind: type | UnionType, expected: str) -> None:
    """Refuse a value of another type by the name of its argument, without the value: it may be a secret."""
    if not isinstance(value, kind):
        raise TypeError(f"{argument}: expected {expected}, not {type(value).__name__}")


def encode(argument: str, value: str) -> bytes:
    """The string as UTF-8. A NUL is refused, because the string would silently end there in C."""
    require(argument, value, str, "str")
    if "\0" in value:
        raise InvalidArgument(f"{argument}: contains a NUL character")
    # A lone surrogate becomes bad UTF-8, which the native library refuses in its own words.
    return value.encode("utf-8", "surrogatepass")


def plain_json(members: Mapping[str, object]) -> bytes | None:
    """What `encode_json` gives for texts in which nothing is to be escaped, as those that tell a device mostly are."""
    written = []
    for name, value in members.items():
        if not (type(name) is str and type(value) is str and (name + value).isprintable()):
            return None
        written.append(f'"{name}":"{value}"')
    text = ",".join(written)
    return None if "\\" in text or text.count('"') != 4 * len(written) else f"{{{text}}}".encode()


def encode_json(argument: str, value: Mapping[str, object]) -> bytes:
    """The mapping as compact JSON."""
    members = dict(value)
    import json  # here, as it takes as long to import as a check to be answered

    try:
        json_text = json.dumps(members, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_number)
        string_names = _has_string_names(members)
    except TypeError as error:
        raise TypeError(f"{argument}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise InvalidArgument(f"{argument}: {error}") from None
    # json writes the names 1 and "1" alike.
    if not string_names:
        raise InvalidArgument(f"{argument}: a name in JSON is a string")
    return encode(argument, json_text)


def _number(value: object) -> float:
    """What json does not write itself: a Decimal, as the float that reads the same."""
    from decimal import Decimal

    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} has no JSON form")
    number = float(value)
    if value.is_finite() and Decimal(repr(number)) != value:
        raise ValueError("a Decimal does not fit into a float: round it")
    return number


def _has_string_names(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(name, str) and _has_string_names(member) for name, member in value.items())
    return all(map(_has_string_names, value)) if isinstance(value, list | tuple) else True
