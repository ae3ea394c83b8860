using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>The same id as in every language, sent when nothing else is; a status where there is none.</summary>
    internal sealed class DeviceTests
    {
        /// <summary>Prints the id of this device for a product, "-" for none; or the status that it has none.</summary>
        internal static void Print(string productId)
        {
            var options = new WhopClientOptions { ProductId = productId == "-" ? null : productId };
            using var client = new WhopClient("key", options);
            try
            {
                Console.WriteLine(client.GetDeviceId());
            }
            catch (WhopException none)
            {
                client.TryValidateLicense("K", out LicenseResult result);
                Console.WriteLine(none.Status + " " + result.Status + " " + result.Verdict);
            }
        }

        [TestCaseSource(nameof(Vectors))]
        public void TheVectorsHold(string machineId, string productId, string deviceId)
        {
            Assert.That(PrintedOn(machineId, productId), Is.EqualTo(deviceId));
        }

        [TestCase("-")]
        [TestCase("uninitialized")]
        [TestCase("00000000000000000000000000000000")]
        public void AMachineThatCannotBeToldFromOthersHasNone(string machineId)
        {
            Assert.That(PrintedOn(machineId, "-"), Is.EqualTo("NoDeviceId NoDeviceId Undetermined"));
        }

        [Test]
        public void ADeviceIdOfOnesOwnIsSentByEveryFormOfTheCheck()
        {
            using var sandbox = new Sandbox();
            using WhopClient client = sandbox.Client(o => (o.DeviceId, o.MetadataKey) = ("console-\"7\"", "HWID"));
            client.TryValidateLicense("SANDBOX-ACTIVE", out LicenseResult tried);
            LicenseResult[] results =
            {
                tried,
                client.ValidateLicense("SANDBOX-ACTIVE"),
                client.ValidateLicenseAsync("SANDBOX-ACTIVE").Result,
                client.TryValidateLicenseAsync("SANDBOX-ACTIVE").Result,
                client.ValidateLicense("SANDBOX-ACTIVE", "{\"HWID\":\"console-\\\"7\\\"\"}"),
            };
            Assert.That(client.GetDeviceId(), Is.EqualTo("console-\"7\""));
            Assert.That(results.Select(r => r.Verdict), Is.All.EqualTo(WhopVerdict.Allowed));
            using WhopClient other = sandbox.Client(o => o.DeviceId = "console-8");
            Assert.That(other.ValidateLicense("SANDBOX-ACTIVE").Status, Is.EqualTo(WhopStatus.DeviceMismatch));
        }

        private static IEnumerable<TestCaseData> Vectors() =>
            File.ReadAllLines(Repository.PathOf("tests/device_v1.txt"))
                .Where(line => !line.StartsWith("#", StringComparison.Ordinal))
                .Select(line => new TestCaseData(line.Split(' ')));

        /// <summary>What <see cref="Print"/> prints on a machine with this machine-id.</summary>
        private static string PrintedOn(string machineId, string productId)
        {
            string onMachine = Repository.PathOf("tests/support/on_machine.sh");
            return Self.Printed(
                new[] { onMachine, machineId, "-" }.Concat(Self.Command()).Concat(new[] { productId }).ToArray());
        }
    }
}
