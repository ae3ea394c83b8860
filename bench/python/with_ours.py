"""The library, as a Python program uses it."""

import whop_license
from contender import Contender, Target


class Client(Contender):
    """One client, whose connections are kept."""

    def __init__(self, target: Target) -> None:
        self._client = whop_license.Client(
            target.api_key,
            base_url=f"{target.url}/api",
            product_id=target.product,
            device_id=target.device,
            ca_file=target.ca_file,
        )
        self._license_key = target.license_key

    def check(self) -> bool:
        """One check."""
        return self._client.validate_license(self._license_key).valid

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()
