using System;
using System.Diagnostics;

namespace WhopLicense.Tests
{
    /// <summary>A sandbox process, for as long as it is not disposed.</summary>
    internal sealed class Sandbox : IDisposable
    {
        internal const string Device = "{\"hwid\":\"this-device\"}";

        private readonly Process process;

        internal Sandbox(string arguments = "--rate-limit 0")
        {
            string binary = Environment.GetEnvironmentVariable("WHOP_SANDBOX")
                ?? throw new InvalidOperationException("WHOP_SANDBOX: set it to the path of the whop-sandbox binary");
            process = Process.Start(new ProcessStartInfo(binary, "--port 0 " + arguments)
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            string? line = process.StandardOutput.ReadLine();
            if (line == null || !line.StartsWith("PORT=", StringComparison.Ordinal))
            {
                Dispose();
                throw new InvalidOperationException("the sandbox did not say its port: " + line);
            }
            Port = int.Parse(line.Substring("PORT=".Length));
        }

        internal int Port { get; }

        /// <summary>The API key with every right, or another one by its name, such as <c>read</c>.</summary>
        internal string Key(string name = "full") => "sandbox_" + Port + "_" + name;

        internal WhopClient Client(
            WhopApi? api = null, Action<WhopClientOptions>? configure = null, string key = "full")
        {
            var options = new WhopClientOptions { Api = api, ProductId = "prod_sandbox" };
            configure?.Invoke(options);
            return new WhopClient(Key(key), options);
        }

        /// <summary>The URL of a relay that plays a case of the table of leases.</summary>
        internal string RelayUrl(string play) => "http://127.0.0.1:" + Port + "/false-relay/" + play;

        /// <summary>A client of a relay that plays a case of the table of leases.</summary>
        internal WhopClient Relay(string play, Action<WhopClientOptions>? configure = null) =>
            Leases.Client(RelayUrl(play), configure);

        public void Dispose()
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
            process.WaitForExit();
            process.Dispose();
        }
    }
}
