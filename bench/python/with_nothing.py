"""Does nothing: what a process of Python costs by itself."""

from contender import Contender, Target


class Client(Contender):
    """Nothing."""

    def __init__(self, target: Target) -> None: ...

    def check(self) -> bool:
        """No check."""
        return True

    def close(self) -> None:
        """Nothing to close."""
