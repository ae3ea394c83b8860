"""May this customer run the program on this device? For what customers have: it holds nothing secret.

Usage: check_license.py RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]
"""

import sys

import whop_license

PRODUCT_ID = "prod_sandbox"  # yours: a license of any other product of yours does not do
# Where the relay's answers are kept for the days without network. Yours is in the user's own folder for such files.
LEASE_FILE = "license.lease"


def main(relay_url: str, public_keys: str, license_key: str, device_id: str | None = None) -> int:
    """Print the decision in one line, and return it as the exit code."""
    try:
        # The first two are constants in your program. Without a device id of yours, the library takes its own.
        with whop_license.Client.relay(
            relay_url, public_keys, product_id=PRODUCT_ID, lease_file=LEASE_FILE, device_id=device_id
        ) as client:
            result = client.validate_license(license_key)
    except whop_license.WhopError as error:
        # Neither yes nor no: no network, and no answer that is kept, as at the first start. Show why, and offer to try
        # again; let what is running go on.
        print(f"cannot tell: {error.status.c_name}: {error}")
        return 2

    if not result.valid:
        print(f"denied: {result.status.c_name}: {result.message}")
        return 1

    if result.is_offline:
        # Run as well: the relay allowed it some days ago, and cannot be asked now.
        print(f"allowed offline: {result.message}")
    elif result.expires_at is None:
        print("allowed: does not expire")
    else:
        print(f"allowed: until {result.expires_at:%Y-%m-%d}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
