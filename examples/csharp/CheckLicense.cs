// May this customer run this program, on this device? For what customers have: it holds nothing secret.
//
//     mono CheckLicense.exe RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]
using System;
using System.Globalization;
using WhopLicense;

internal static class CheckLicense
{
    // Yours: the key of any other product of yours does not do.
    private const string ProductId = "prod_sandbox";

    // Where the relay's answers are kept for the days without network. In Unity: in Application.persistentDataPath.
    private const string LeaseFile = "license.lease";

    private static int Main(string[] arguments)
    {
        if (arguments.Length != 3 && arguments.Length != 4)
        {
            Console.Error.WriteLine("usage: CheckLicense RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]");
            return 2;
        }
        // The first two are constants in your program.
        string relayUrl = arguments[0], publicKeys = arguments[1], licenseKey = arguments[2];

        // Without a device id of yours, the library takes its own, which is good for most.
        string? deviceId = arguments.Length == 4 ? arguments[3] : null;
        var options = new WhopClientOptions { ProductId = ProductId, LeaseFile = LeaseFile, DeviceId = deviceId };

        try
        {
            using WhopClient client = WhopClient.Relay(relayUrl, publicKeys, options);
            LicenseResult result = client.ValidateLicense(licenseKey);
            if (result.Verdict == WhopVerdict.Denied)
            {
                // The message tells the customer what to do.
                Console.WriteLine($"denied: {result.Status.Name()}: {result.Message}");
                return 1;
            }
            if (result.IsOffline)
            {
                // Run as well: the relay allowed it some days ago, and cannot be asked now.
                Console.WriteLine("allowed offline: " + result.Message);
                return 0;
            }
            string? end = result.ExpiresAt?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            Console.WriteLine("allowed: " + (end == null ? "does not expire" : "until " + end));
            return 0;
        }
        catch (WhopException unknown)
        {
            // Neither yes nor no: no network, and no answer that is kept, as at the first start. Show why, and offer
            // to try again; let what is running go on.
            Console.WriteLine($"cannot tell: {unknown.Status.Name()}: {unknown.Message}");
            return 2;
        }
    }
}
