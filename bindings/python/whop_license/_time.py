"""Unix seconds as Python's times."""

from datetime import datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FIRST, _LAST = (day.replace(microsecond=0, tzinfo=timezone.utc) for day in (datetime.min, datetime.max))


def utc(seconds: int) -> datetime:
    """The time, in UTC; before or after every year that Python knows, the first or the last second of these."""
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return _LAST if seconds > 0 else _FIRST
