"""Runs what tests await."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from whop_license import Client


def run(main: Coroutine[Any, Any, Any]) -> Any:
    """Runs it, in far less than the timeout of the clients here."""
    return asyncio.run(asyncio.wait_for(main, 20))


def patient(url: str, **settings: Any) -> Client:
    return Client("key", base_url=url, timeout=60, **settings)


async def until(is_so: Any, *arguments: Any) -> None:
    assert await asyncio.to_thread(is_so, *arguments)
