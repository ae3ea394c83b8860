"""May this customer run the program on this device?

Usage: check_license.py API_KEY LICENSE_KEY [DEVICE_ID]
"""

import sys

import whop_license

PRODUCT_ID = "prod_sandbox"  # yours: without it a license of any product of your company would do


def main(api_key: str, license_key: str, device_id: str | None = None) -> int:
    """Print the decision in one line, and return it as the exit code."""
    try:
        # Without a device id of yours, the library takes its own, which is good for most.
        with whop_license.Client(api_key, product_id=PRODUCT_ID, device_id=device_id) as client:
            result = client.validate_license(license_key)
    except whop_license.WhopError as error:
        # No network, a server that is down, a wrong API key: none of it says anything of the license. Do not lock
        # out a customer who paid, and do not let in one who did not: try again later, or allow a grace period.
        print(f"cannot tell: {error.status.c_name}: {error}")
        return 2

    if not result.valid:
        print(f"denied: {result.status.c_name}: {result.message}")
        return 1

    if result.expires_at is None:
        print("allowed: does not expire")
    else:
        print(f"allowed: until {result.expires_at:%Y-%m-%d}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
