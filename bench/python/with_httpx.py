"""httpx, with a client that is kept."""

import ssl

import httpx

from contender import Contender, Target


class Client(Contender):
    """One client."""

    def __init__(self, target: Target) -> None:
        self._target = target
        trust = ssl.create_default_context(cafile=target.ca_file)
        self._client = httpx.Client(verify=trust, headers=target.headers, timeout=10)

    def check(self) -> bool:
        """One check."""
        answer = self._client.get(self._target.membership)
        return self._target.allows(answer.status_code, answer.json())

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()
