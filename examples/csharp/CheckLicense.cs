// May this customer run this program, on this device? For a server or a tool of yours: the API key is never shipped.
//
//     mono CheckLicense.exe API_KEY LICENSE_KEY [DEVICE_ID]
using System;
using System.Globalization;
using WhopLicense;

internal static class CheckLicense
{
    // Yours. Without it the key of any other product of your company would do.
    private const string ProductId = "prod_sandbox";

    private static int Main(string[] arguments)
    {
        if (arguments.Length != 2 && arguments.Length != 3)
        {
            Console.Error.WriteLine("usage: CheckLicense API_KEY LICENSE_KEY [DEVICE_ID]");
            return 2;
        }
        string apiKey = arguments[0], licenseKey = arguments[1];

        // Without a device id of yours, the library takes its own, which is good for most.
        string? deviceId = arguments.Length == 3 ? arguments[2] : null;
        var options = new WhopClientOptions { ProductId = ProductId, DeviceId = deviceId };

        try
        {
            using var client = new WhopClient(apiKey, options);
            LicenseResult result = client.ValidateLicense(licenseKey);
            if (result.Verdict == WhopVerdict.Allowed)
            {
                string? end = result.ExpiresAt?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                Console.WriteLine("allowed: " + (end == null ? "does not expire" : "until " + end));
                return 0;
            }
            // The message tells the customer what to do, such as to reset the key.
            Console.WriteLine($"denied: {result.Status.Name()}: {result.Message}");
            return 1;
        }
        catch (WhopException unknown)
        {
            // Neither yes nor no: the network is down, say. To refuse now would lock out who paid, to allow would let in
            // anyone who pulls the plug. Keep what the last check decided, and ask again later.
            Console.WriteLine($"cannot tell: {unknown.Status.Name()}: {unknown.Message}");
            return 2;
        }
    }
}
