"""requests, with a session that is kept."""

import requests

from contender import Contender, Target


class Client(Contender):
    """One session."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._session = requests.Session()
        self._session.verify = target.ca_file
        self._session.headers.update(target.headers)

    def check(self) -> bool:
        """One check."""
        answer = self._session.get(self._target.membership, timeout=10)
        return self._target.allows(answer.status_code, answer.json())

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()
