using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>A license is bound at its first check, over either API and by every form of the check.</summary>
    [TestFixture(WhopApi.Current)]
    [TestFixture(WhopApi.V2)]
    internal sealed class LicenseTests
    {
        private static readonly Dictionary<string, string> Device = new Dictionary<string, string>
        {
            ["hwid"] = "this-device",
        };

        private readonly WhopApi api;
        private Sandbox sandbox = null!;
        private WhopClient client = null!;

        public LicenseTests(WhopApi api) => this.api = api;

        private bool IsV2 => api == WhopApi.V2;

        [OneTimeSetUp]
        public void Start()
        {
            sandbox = new Sandbox();
            client = sandbox.Client(api);
        }

        [OneTimeTearDown]
        public void Stop()
        {
            client.Dispose();
            sandbox.Dispose();
        }

        [Test]
        public void TheFirstCheckBindsTheDevice()
        {
            Assert.That(client.ValidateLicense("SANDBOX-PAST-DUE", Device).Status, Is.EqualTo(WhopStatus.Ok));
            LicenseResult other = client.ValidateLicense("SANDBOX-PAST-DUE", "{\"hwid\":\"another\"}");
            Assert.That(other.Status, Is.EqualTo(WhopStatus.DeviceMismatch));
            Assert.That(other.HttpStatus, Is.EqualTo(IsV2 ? 400 : 200));
        }

        [Test]
        public void WhatIsBoundThroughOneApiIsBoundInTheOther()
        {
            client.ValidateLicense("SANDBOX-CANCELING", Device);
            using WhopClient other = sandbox.Client(IsV2 ? WhopApi.Current : WhopApi.V2);
            Assert.That(other.ValidateLicense("SANDBOX-CANCELING", Device).Status, Is.EqualTo(WhopStatus.Ok));
            Assert.That(
                other.ValidateLicense("SANDBOX-CANCELING", "{\"hwid\":\"another\"}").Status,
                Is.EqualTo(WhopStatus.DeviceMismatch));
        }

        [Test]
        public void EveryFormOfTheCheckAgrees()
        {
            client.TryValidateLicense("SANDBOX-ACTIVE", Sandbox.Device, out LicenseResult tried);
            client.TryValidateLicense("SANDBOX-ACTIVE", Device, out LicenseResult triedWithMap);
            LicenseResult[] results =
            {
                tried,
                triedWithMap,
                client.ValidateLicense("SANDBOX-ACTIVE", Sandbox.Device),
                client.ValidateLicense("SANDBOX-ACTIVE", Device),
                client.ValidateLicenseAsync("SANDBOX-ACTIVE", Sandbox.Device).Result,
                client.ValidateLicenseAsync("SANDBOX-ACTIVE", Device).Result,
                client.TryValidateLicenseAsync("SANDBOX-ACTIVE", Sandbox.Device).Result,
                client.TryValidateLicenseAsync("SANDBOX-ACTIVE", Device).Result,
            };
            Assert.That(results.Select(r => r.Verdict), Is.All.EqualTo(WhopVerdict.Allowed));
            Assert.That(results.Select(r => r.MembershipId), Is.All.EqualTo("mem_active"));
            Assert.That(results.Select(r => r.HttpStatus), Is.All.EqualTo(IsV2 ? 201 : 200));
            Assert.That(results.Select(r => r.Membership?.Id), Is.All.EqualTo(IsV2 ? null : "mem_active"));
            Assert.That(results.Select(r => r.V2Membership?.Id), Is.All.EqualTo(IsV2 ? "mem_active" : null));
        }

        [Test]
        public void TheOneShotCallSpeaksTheCurrentApi()
        {
            LicenseResult result = Whop.ValidateLicense(sandbox.Key(), "SANDBOX-TRIALING", Sandbox.Device);
            Assert.That(result.Verdict, Is.EqualTo(WhopVerdict.Allowed));
            Assert.That(result.Membership!.Id, Is.EqualTo("mem_trialing"));
        }

        [Test]
        public void WhatTheSellerKeepsBesideTheDeviceIsNoDeviceToTheCurrentApi()
        {
            foreach (string key in new[] { "SANDBOX-NOTED", "SANDBOX-RELEASED" })
            {
                Assert.That(
                    client.ValidateLicense(key, Device).Status,
                    Is.EqualTo(IsV2 ? WhopStatus.DeviceMismatch : WhopStatus.Ok));
            }
        }

        [Test]
        public void AnEmptyObjectBindsNothing()
        {
            using var fresh = new Sandbox();
            using WhopClient asking = fresh.Client(api);
            Assert.That(asking.ValidateLicense("SANDBOX-ACTIVE", "{}").Status, Is.EqualTo(WhopStatus.Ok));
            Assert.That(
                asking.ValidateLicense("SANDBOX-ACTIVE", "{\"hwid\":\"another\"}").Status, Is.EqualTo(WhopStatus.Ok));
        }

        [Test]
        public void AKeyThatMayOnlyReadConfirmsOverTheCurrentApiWhatIsBound()
        {
            using var fresh = new Sandbox();
            using WhopClient reader = fresh.Client(WhopApi.Current, key: "read");
            using WhopClient owner = fresh.Client(api);
            WhopException refused = Assert.Throws<WhopException>(
                () => reader.ValidateLicense("SANDBOX-ACTIVE", Device))!;
            Assert.That(refused.Status, Is.EqualTo(WhopStatus.Forbidden));
            Assert.That(refused.Message, Does.Contain("member:manage"));
            owner.ValidateLicense("SANDBOX-ACTIVE", Device);
            Assert.That(reader.ValidateLicense("SANDBOX-ACTIVE", Device).Status, Is.EqualTo(WhopStatus.Ok));
        }

        [TestCase("\uFEFFSANDBOX-ACTIVE", WhopStatus.Ok)]
        [TestCase("SANDBOX\u200B-\u2060ACT\u00ADIVE\uFE0F", WhopStatus.Ok)]
        [TestCase(" \u200ESANDBOX-ACTIVE\u202C\r\n", WhopStatus.Ok)]
        [TestCase("\uFEFF\u200B", WhopStatus.InvalidArgument)]
        [TestCase("SANDBOX\n-ACTIVE", WhopStatus.InvalidArgument)]
        [TestCase("SANDBOX\u2028-ACTIVE", WhopStatus.InvalidArgument)]
        public void WhatNobodySeesInAPastedKeyDoesNotMatter(string licenseKey, WhopStatus status)
        {
            client.TryValidateLicense(licenseKey, Sandbox.Device, out LicenseResult result);
            Assert.That(result.Status, Is.EqualTo(status));
        }

        [Test]
        public void ThirtyTwoThreadsShareAClient()
        {
            string[] keys = { "SANDBOX-ACTIVE", "SANDBOX-COMPLETED", "SANDBOX-TRIALING", "SANDBOX-EXPIRED" };
            int right = 0;
            Thread[] threads = Enumerable.Range(0, 32).Select(number => new Thread(() =>
            {
                string key = keys[number % keys.Length];
                for (int i = 0; i < 100; i++)
                {
                    client.TryValidateLicense(key, Sandbox.Device, out LicenseResult result);
                    if ((result.Membership?.LicenseKey ?? result.V2Membership?.LicenseKey) == key)
                    {
                        Interlocked.Increment(ref right);
                    }
                }
            })).ToArray();
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.That(right, Is.EqualTo(32 * 100));
        }
    }
}
