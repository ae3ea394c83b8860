// A game asks for its license while it draws: no frame waits for the network, and to quit stops the check.
//
//     mono GameLoop.exe RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]
//
// In Unity: start the check in Start(), look at the task in Update(), and dispose the client in OnDestroy().
using System;
using System.Threading;
using System.Threading.Tasks;
using WhopLicense;

internal static class GameLoop
{
    // Yours: the key of any other product of yours does not do.
    private const string ProductId = "prod_sandbox";

    private static int Main(string[] arguments)
    {
        if (arguments.Length != 3 && arguments.Length != 4)
        {
            Console.Error.WriteLine("usage: GameLoop RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]");
            return 2;
        }
        string? deviceId = arguments.Length == 4 ? arguments[3] : null;
        var options = new WhopClientOptions { ProductId = ProductId, DeviceId = deviceId };
        using WhopClient client = WhopClient.Relay(arguments[0], arguments[1], options);

        using var quit = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true; // The loop ends by itself.
            quit.Cancel();
        };

        Task<LicenseResult> check = client.TryValidateLicenseAsync(arguments[2], cancellation: quit.Token);
        while (!check.IsCompleted)
        {
            DrawFrame();
        }
        if (check.IsCanceled)
        {
            Console.WriteLine("quit");
            return 2;
        }
        LicenseResult result = check.Result;
        switch (result.Verdict)
        {
            case WhopVerdict.Allowed: Console.WriteLine("allowed"); return 0;
            case WhopVerdict.Denied: Console.WriteLine("denied: " + result.Message); return 1;
            default: Console.WriteLine("cannot tell: " + result.Message); return 2;
        }
    }

    private static void DrawFrame() => Thread.Sleep(16);
}
