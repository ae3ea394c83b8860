// May this customer run the program on their device? For a server or a tool of yours: the API key is never shipped.
//
//     mono CheckOnServer.exe API_KEY LICENSE_KEY DEVICE_ID
using System;
using System.Collections.Generic;
using System.Globalization;
using WhopLicense;

internal static class CheckOnServer
{
    // Yours. Without it the key of any other product of your company would do.
    private const string ProductId = "prod_sandbox";

    private static int Main(string[] arguments)
    {
        if (arguments.Length != 3)
        {
            Console.Error.WriteLine("usage: CheckOnServer API_KEY LICENSE_KEY DEVICE_ID");
            return 2;
        }
        string apiKey = arguments[0], licenseKey = arguments[1];

        // What the customer's program has sent: without it, the license is bound to the server.
        var device = new Dictionary<string, string> { ["hwid"] = arguments[2] };

        try
        {
            using var client = new WhopClient(apiKey, new WhopClientOptions { ProductId = ProductId });
            LicenseResult result = client.ValidateLicense(licenseKey, device);
            if (result.Verdict == WhopVerdict.Allowed)
            {
                string? end = result.ExpiresAt?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                Console.WriteLine("allowed: " + (end == null ? "does not expire" : "until " + end));
                return 0;
            }
            // The message tells the customer what to do.
            Console.WriteLine($"denied: {result.Status.Name()}: {result.Message}");
            return 1;
        }
        catch (WhopException unknown)
        {
            // Neither yes nor no: Whop is down, say. To refuse now would lock out who paid, to allow would let in
            // anyone. Let what is running go on for a while, and ask again.
            Console.WriteLine($"cannot tell: {unknown.Status.Name()}: {unknown.Message}");
            return 2;
        }
    }
}
