"""May this customer run the program on their device? For a server or tool of yours: the API key is never shipped.

Usage: check_on_server.py API_KEY LICENSE_KEY DEVICE_ID
"""

import sys

import whop_license

PRODUCT_ID = "prod_sandbox"  # yours: without it a license of any product of your company would do


def main(api_key: str, license_key: str, device_id: str) -> int:
    """Print the decision in one line, and return it as the exit code."""
    try:
        with whop_license.Client(api_key, product_id=PRODUCT_ID) as client:
            # What the customer's program has sent: without it, the license is bound to the server.
            result = client.validate_license(license_key, {"hwid": device_id})
    except whop_license.WhopError as error:
        # Neither yes nor no: Whop is down, say. Do not lock out a customer who paid, and do not let in one who did not:
        # let what is running go on for a while, and ask again.
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
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
