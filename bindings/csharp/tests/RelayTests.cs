using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>
    /// A client that asks a relay: what it takes, what it tells, and what it keeps. <see cref="LeaseTests"/> has what
    /// it believes.
    /// </summary>
    internal sealed class RelayTests
    {
        private const string License = "SANDBOX-ACTIVE";
        private const string Url = "https://relay.example";

        private static readonly Dictionary<string, string> Device = new Dictionary<string, string>
        {
            ["hwid"] = "this-device",
        };

        private Sandbox sandbox = null!;

        [OneTimeSetUp]
        public void Start() => sandbox = new Sandbox();

        [OneTimeTearDown]
        public void Stop() => sandbox.Dispose();

        [Test]
        public void AYesHasItsFactsAndIsNoMembershipOfEitherApi()
        {
            using WhopClient client = sandbox.Relay("good");
            LicenseResult result = client.ValidateLicense(License, Device);
            Assert.That(result.Verdict, Is.EqualTo(WhopVerdict.Allowed));
            Assert.That(result.IsOffline, Is.False);
            Assert.That(result.HttpStatus, Is.EqualTo(201));
            Assert.That(
                new[] { result.MembershipId, result.LicenseStatus, result.ProductId, result.PlanId },
                Is.EqualTo(new[] { "mem_active", "active", "prod_sandbox", "plan_sandbox" }));
            Assert.That(
                result.ExpiresAt - DateTimeOffset.UtcNow,
                Is.InRange(TimeSpan.FromDays(29), TimeSpan.FromDays(31)));
            Assert.That(new object?[] { result.Membership, result.V2Membership }, Is.All.Null);
            Assert.That(result.Json, Does.StartWith("{\"id\":\"mem_active\",\"valid\":true,").And.Contain("\"exp\":"));
        }

        [Test]
        public void ADenialIsAValueWithoutAMembership()
        {
            using WhopClient client = sandbox.Relay("denied-device");
            LicenseResult result = client.ValidateLicense(License, Device);
            Assert.That(result.Status, Is.EqualTo(WhopStatus.DeviceMismatch));
            Assert.That(result.Json, Does.Contain("\"reason\":\"device_mismatch\""));
            Assert.That(new object?[] { result.MembershipId, result.Membership, result.V2Membership }, Is.All.Null);
        }

        [Test]
        public void EveryFormOfTheCheckAgrees()
        {
            using WhopClient client = sandbox.Relay("good-for-ever");
            client.TryValidateLicense(License, Sandbox.Device, out LicenseResult tried);
            client.TryValidateLicense(License, Device, out LicenseResult triedWithMap);
            LicenseResult[] results =
            {
                tried,
                triedWithMap,
                client.ValidateLicense(License, Device),
                client.ValidateLicenseAsync(License, Device).Result,
                client.TryValidateLicenseAsync(License, Sandbox.Device).Result,
            };
            Assert.That(results.Select(result => result.Verdict), Is.All.EqualTo(WhopVerdict.Allowed));
            Assert.That(results.Select(result => result.ExpiresAt), Is.All.Null);
        }

        [Test]
        public void OnlyThePublicKeysThatAreGivenCount()
        {
            string[] keys = Leases.PublicKeys.Split(',');
            var options = new WhopClientOptions { ProductId = "prod_sandbox" };
            foreach ((string key, WhopStatus status) in new[]
            {
                (keys[0], WhopStatus.Ok),
                (" " + keys[0] + " , " + keys[1], WhopStatus.Ok),
                (keys[1], WhopStatus.Untrusted),
            })
            {
                using WhopClient client = WhopClient.Relay(sandbox.RelayUrl("good"), key, options);
                client.TryValidateLicense(License, Device, out LicenseResult result);
                Assert.That(result.Status, Is.EqualTo(status), result.Message);
            }
        }

        [Test]
        public void WithoutTheRelayTheLeaseStandsInUntilItIsDenied()
        {
            using var folder = new LeaseFolder();
            using var away = new ClosedPort();
            LicenseResult Asked(string url)
            {
                using WhopClient client = Leases.Client(url, options => options.LeaseFile = folder.LeaseFile);
                client.TryValidateLicense(License, Device, out LicenseResult result);
                return result;
            }

            LicenseResult before = Asked(away.Url);
            Assert.That(before.Status, Is.EqualTo(WhopStatus.Unreachable));
            Assert.That(before.Message, Does.Contain("no lease is stored"));
            LicenseResult online = Asked(sandbox.RelayUrl("good"));
            LicenseResult offline = Asked(away.Url);
            Assert.That(online.IsOffline, Is.False);
            Assert.That(offline.Verdict, Is.EqualTo(WhopVerdict.Allowed));
            Assert.That(offline.IsOffline, Is.True);
            Assert.That(offline.Message, Does.Contain("stands on the lease of the last answer, until "));
            Assert.That(offline.HttpStatus, Is.Zero);
            Assert.That(offline.Json, Is.EqualTo(online.Json));
            Assert.That(offline.ExpiresAt, Is.EqualTo(online.ExpiresAt));
            Assert.That(new object?[] { offline.Membership, offline.V2Membership }, Is.All.Null);
            Assert.That(Asked(sandbox.RelayUrl("denied-device")).Verdict, Is.EqualTo(WhopVerdict.Denied));
            Assert.That(Asked(away.Url).Status, Is.EqualTo(WhopStatus.Unreachable));
        }

        [Test]
        public void ALeaseFileThatCannotBeUsedCostsNoAnswer()
        {
            using var folder = new LeaseFolder();
            using WhopClient client = sandbox.Relay("good", options => options.LeaseFile = folder.Folder);
            LicenseResult result = client.ValidateLicense(License, Device);
            Assert.That(result.Verdict, Is.EqualTo(WhopVerdict.Allowed));
            Assert.That(result.Message, Does.Contain("It is not kept for use without network"));
        }

        [Test]
        public void WithoutALeaseFileNothingIsKept()
        {
            using var away = new ClosedPort();
            using WhopClient online = sandbox.Relay("good");
            Assert.That(online.ValidateLicense(License, Device).Verdict, Is.EqualTo(WhopVerdict.Allowed));
            using WhopClient offline = Leases.Client(away.Url);
            Assert.That(offline.TryValidateLicense(License, Device, out _), Is.EqualTo(WhopVerdict.Undetermined));
        }

        [TestCase(null, WhopStatus.Ok)]
        [TestCase(true, WhopStatus.Ok)]
        [TestCase(false, WhopStatus.Untrusted)]
        public void ARelayHereMayAskASandboxUnlessItIsTold(bool? allow, WhopStatus status)
        {
            using WhopClient client = sandbox.Relay("sandbox-true", options => options.AllowSandbox = allow);
            client.TryValidateLicense(License, Device, out LicenseResult result);
            Assert.That(result.Status, Is.EqualTo(status), result.Message);
        }

        [TestCase(null, WhopStatus.Ok)]
        [TestCase(false, WhopStatus.LicenseInactive)]
        public void APaymentThatIsOverdueIsAllowedUnlessTurnedOff(bool? allow, WhopStatus status)
        {
            using WhopClient client = sandbox.Relay("status-past-due", options => options.AllowPastDue = allow);
            Assert.That(client.ValidateLicense(License, Device).Status, Is.EqualTo(status));
        }

        [Test]
        public void ItDoesNothingButCheck()
        {
            using WhopClient client = Leases.Client(Url);
            TestDelegate[] calls =
            {
                () => client.ResetLicense(License),
                () => client.CreatePlan(new PlanRequest { ProductId = "prod_sandbox" }),
                () => client.CreatePlan(new V2PlanRequest { ProductId = "prod_sandbox" }),
            };
            foreach (TestDelegate call in calls)
            {
                WhopException refused = Assert.Throws<WhopException>(call)!;
                Assert.That(refused.Status, Is.EqualTo(WhopStatus.InvalidArgument));
                Assert.That(refused.Message, Does.Contain("asks a relay"));
            }
            client.TryResetLicense(License, out ResetResult reset);
            Assert.That(reset.Status, Is.EqualTo(WhopStatus.InvalidArgument));
        }

        [TestCase("{}")]
        [TestCase("{\"a\":\"1\",\"b\":\"2\"}")]
        [TestCase("{\"a\":\"\u00e4\"}")]
        [TestCase("{\"a\":1}")]
        public void MetadataIsOnePairOfPrintableAscii(string metadataJson)
        {
            using WhopClient client = Leases.Client(Url);
            client.TryValidateLicense(License, metadataJson, out LicenseResult result);
            Assert.That(result.Status, Is.EqualTo(WhopStatus.InvalidArgument));
            Assert.That(result.Message, Does.StartWith("metadata"));
        }

        [Test]
        public void AProductIdMustBeSet()
        {
            foreach (WhopClientOptions? options in new[] { null, new WhopClientOptions() })
            {
                using WhopClient client = WhopClient.Relay(Url, Leases.PublicKeys, options!);
                client.TryValidateLicense(License, Device, out LicenseResult result);
                Assert.That(result.Status, Is.EqualTo(WhopStatus.InvalidArgument));
                Assert.That(result.Message, Does.StartWith("product_id: "));
            }
        }

        private static IEnumerable<TestCaseData> BadArguments()
        {
            string keys = Leases.PublicKeys, key = keys.Split(',')[0];
            foreach (string? url in new[]
                { null, "", "relay.example", "http://relay.example", "https://\0", "\uDE00", new string('x', 1 << 20) })
            {
                yield return Refused("relay_url", url, keys, _ => { });
            }
            foreach (string? bad in new[]
                { null, "", ",", "key", key + "," + key, key + "=", keys + ",\0", "\uDE00", new string('x', 1 << 20) })
            {
                yield return Refused("public_keys", Url, bad, _ => { });
            }
            yield return Refused("api", Url, keys, o => o.Api = WhopApi.Current);
            yield return Refused("base_url", Url, keys, o => o.BaseUrl = Url);
            yield return Refused("expand", Url, keys, o => o.Expand = "plan");
            yield return Refused("product_id", Url, keys, o => o.ProductId = "");
            yield return Refused("lease_file", Url, keys, o => o.LeaseFile = "");
            yield return Refused("lease_file", Url, keys, o => o.LeaseFile = "license\0.lease");
            static TestCaseData Refused(
                string argument, string? url, string? keys, Action<WhopClientOptions> configure) =>
                new TestCaseData(argument, url, keys, configure).SetArgDisplayNames(argument);
        }

        [TestCaseSource(nameof(BadArguments))]
        public void ABadArgumentIsRefusedByName(
            string argument, string url, string publicKeys, Action<WhopClientOptions> configure)
        {
            var options = new WhopClientOptions { ProductId = "prod_sandbox" };
            configure(options);
            WhopException refused = Assert.Throws<WhopException>(() => WhopClient.Relay(url, publicKeys, options))!;
            Assert.That(refused.Status, Is.EqualTo(WhopStatus.InvalidArgument));
            Assert.That(refused.Message, Does.StartWith(argument + ": "));
            Assert.That(refused.Message.Length, Is.LessThan(1000));
        }

        [Test]
        public void ALeaseFileIsRefusedWithoutARelay()
        {
            WhopException refused = Assert.Throws<WhopException>(
                () => sandbox.Client(configure: options => options.LeaseFile = "license.lease"))!;
            Assert.That(refused.Message, Does.StartWith("lease_file: for a client that asks a relay"));
        }

        [Test]
        public void ManyThreadsShareAClientAndALeaseFile()
        {
            using var folder = new LeaseFolder();
            using var away = new ClosedPort();
            foreach (string url in new[] { sandbox.RelayUrl("good"), away.Url })
            {
                using WhopClient client = Leases.Client(url, options =>
                {
                    options.LeaseFile = folder.LeaseFile;
                    options.Timeout = TimeSpan.FromMinutes(1);
                });
                Task<LicenseResult>[] checks = Enumerable.Range(0, 32)
                    .Select(number => client.TryValidateLicenseAsync(License, "{\"hwid\":\"" + number % 4 + "\"}"))
                    .ToArray();
                Task.WaitAll(checks);
                foreach (Task<LicenseResult> check in checks)
                {
                    Assert.That(check.Result.Verdict, Is.EqualTo(WhopVerdict.Allowed), check.Result.Message);
                    Assert.That(check.Result.IsOffline, Is.EqualTo(url == away.Url));
                }
            }
        }

        [Test]
        public void ADisposedClientSaysSo()
        {
            WhopClient client = Leases.Client(Url);
            client.Dispose();
            Assert.That(() => client.ValidateLicense(License, Device), Throws.TypeOf<ObjectDisposedException>());
        }
    }
}
