"""urllib3, with a pool that is kept."""

import urllib3

from contender import Contender, Target


class Client(Contender):
    """One pool."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._pool = urllib3.PoolManager(ca_certs=target.ca_file, headers=target.headers, timeout=10)

    def check(self) -> bool:
        """One check."""
        answer = self._pool.request("GET", self._target.membership)
        return self._target.allows(answer.status, answer.json())

    def close(self) -> None:
        """Closes the connections."""
        self._pool.clear()
