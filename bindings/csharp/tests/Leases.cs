using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace WhopLicense.Tests
{
    /// <summary>The table of leases that every language's tests read, and a client that trusts its keys.</summary>
    internal static class Leases
    {
        private static readonly string[][] Rows = File.ReadAllLines(Repository.PathOf("tests/leases.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries))
            .ToArray();

        /// <summary>Those that a program is given.</summary>
        internal static string PublicKeys => string.Join(
            ",", Rows.Where(row => row[0] == "key" && row[1] != "stranger").Select(row => row[3]));

        /// <summary>Name, status online, and "yes", "no" or "-" offline.</summary>
        internal static IReadOnlyList<(string Name, WhopStatus Online, string Offline)> Cases => Rows
            .Where(row => row[0] != "key")
            .Select(row => (row[0], (WhopStatus)int.Parse(row[1]), row[2]))
            .ToList();

        internal static WhopClient Client(string relayUrl, Action<WhopClientOptions>? configure = null)
        {
            var options = new WhopClientOptions { ProductId = "prod_sandbox", MaxRetries = 0 };
            configure?.Invoke(options);
            return WhopClient.Relay(relayUrl, PublicKeys, options);
        }
    }
}
