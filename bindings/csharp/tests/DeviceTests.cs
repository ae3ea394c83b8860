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
        private const string MachineIdFiles = "Windows keeps the identity of a machine in its registry";
        private const string MachineId = "3f0c9a5e7b2d41c68e10a4f7d5b3c297";

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
        [Platform(Exclude = "Win", Reason = MachineIdFiles)]
        public void TheVectorsHold(string machineId, string productId, string deviceId)
        {
            Assert.That(PrintedOn(machineId, productId), Is.EqualTo(deviceId));
        }

        [TestCase("-")]
        [TestCase("uninitialized")]
        [TestCase("00000000000000000000000000000000")]
        [Platform(Exclude = "Win", Reason = MachineIdFiles)]
        public void AMachineThatCannotBeToldFromOthersHasNone(string machineId)
        {
            Assert.That(PrintedOn(machineId, "-"), Is.EqualTo("NoDeviceId NoDeviceId Undetermined"));
        }

        [TestCase("@fifo")]
        [TestCase("@device")]
        [TestCase("@socket")]
        [TestCase("@directory")]
        [TestCase("@link:machine-id")]
        [Platform(Exclude = "Win", Reason = MachineIdFiles)]
        public void WhatIsNoFileGivesNoneAtOnce(string machineId)
        {
            Assert.That(PrintedOn(machineId, "-", MachineId), Is.EqualTo("NoDeviceId NoDeviceId Undetermined"));
        }

        [Test]
        [Platform(Exclude = "Win", Reason = MachineIdFiles)]
        public void WhoeverMayNotReadTheMachineIdGetsNoOther()
        {
            string unreadable = "@unreadable:" + MachineId, another = "0123456789abcdef0123456789abcdef";
            // As root, yet no more than a user.
            string[] withoutRights = { "setpriv", "--bounding-set=-all", "--inh-caps=-all" };
            Assert.That(PrintedOn(unreadable, "-", another), Is.EqualTo(PrintedOn(MachineId, "-")));
            Assert.That(
                PrintedOn(unreadable, "-", another, withoutRights),
                Is.EqualTo("NoDeviceId NoDeviceId Undetermined"));
        }

        [TestCase("-")]
        [TestCase("@endless")]
        [TestCase("@link:/nowhere")]
        [Platform(Exclude = "Win", Reason = MachineIdFiles)]
        public void DBusCountsWhereSystemdHasNoneForAnybody(string machineId)
        {
            Assert.That(PrintedOn(machineId, "-", MachineId), Is.EqualTo(PrintedOn(MachineId, "-")));
        }

        [TestCase(WhopApi.Current)]
        [TestCase(WhopApi.V2)]
        public void ADeviceIdOfOnesOwnIsSentByEveryFormOfTheCheck(WhopApi api)
        {
            using var sandbox = new Sandbox();
            using WhopClient client = sandbox.Client(api, o => (o.DeviceId, o.MetadataKey) = ("console-\"7\"", "HWID"));
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
            using WhopClient other = sandbox.Client(api, o => (o.DeviceId, o.MetadataKey) = ("console-8", "HWID"));
            Assert.That(other.ValidateLicense("SANDBOX-ACTIVE").Status, Is.EqualTo(WhopStatus.DeviceMismatch));
        }

        private static IEnumerable<TestCaseData> Vectors() =>
            File.ReadAllLines(Repository.PathOf("tests/device_v1.txt"))
                .Where(line => !line.StartsWith("#", StringComparison.Ordinal))
                .Select(line => new TestCaseData(line.Split(' ')));

        /// <summary>What <see cref="Print"/> prints on a machine with these machine-ids.</summary>
        private static string PrintedOn(string systemd, string productId, string dbus = "-", params string[] runBy)
        {
            string onMachine = Repository.PathOf("tests/support/on_machine.sh");
            string[] limited = runBy.Concat(new[] { "timeout", "20" }).ToArray();
            return Self.Printed(
                new[] { onMachine, systemd, dbus }.Concat(limited).Concat(Self.Command()).Append(productId).ToArray());
        }
    }
}
