using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>Every setting changes something; one that cannot be used is refused by name.</summary>
    internal sealed class SettingTests
    {
        private Sandbox sandbox = null!;

        [OneTimeSetUp]
        public void Start() => sandbox = new Sandbox();

        [OneTimeTearDown]
        public void Stop() => sandbox.Dispose();

        [Test]
        public void EverySettingOfTheLibraryIsAnOption()
        {
            string header = File.ReadAllText(Repository.PathOf("include/whop_license.h"));
            IEnumerable<string> settings =
                from Match setter in Regex.Matches(header, @"\bwhop_client_set_(\w+)\(whop_client")
                select setter.Groups[1].Value.Replace("_ms", "").Replace("_", "");
            Assert.That(
                typeof(WhopClientOptions).GetProperties().Select(option => option.Name.ToLowerInvariant()),
                Is.EquivalentTo(settings));
        }

        [Test]
        public void WhatIsNotSetIsLeftToTheLibrary()
        {
            var options = new WhopClientOptions();
            foreach (var option in typeof(WhopClientOptions).GetProperties())
            {
                Assert.That(option.GetValue(options), Is.Null, option.Name);
            }
        }

        [TestCase(null, "GET /api/v1/memberships/K ")]
        [TestCase(WhopApi.Current, "GET /api/v1/memberships/K ")]
        [TestCase(WhopApi.V2, "POST /api/v2/memberships/K/validate_license ")]
        public void TheApiDecidesWhatIsAsked(WhopApi? api, string request)
        {
            Assert.That(Asked(options => options.Api = api), Does.StartWith(request));
        }

        [TestCase(null, "2026-09-23")]
        [TestCase("2026-07-23", "2026-07-23")]
        [TestCase("2026-10-15-1", "2026-10-15-1")]
        public void TheVersionDateIsSent(string? date, string sent)
        {
            Assert.That(
                Asked(options => options.ApiVersionDate = date).ToLowerInvariant(),
                Does.Contain("\napi-version-date: " + sent + "\n"));
        }

        [TestCase(null, WhopStatus.Ok)]
        [TestCase(true, WhopStatus.Ok)]
        [TestCase(false, WhopStatus.LicenseInactive)]
        public void APaymentThatIsOverdueIsAllowedUnlessTurnedOff(bool? allow, WhopStatus status)
        {
            using WhopClient client = sandbox.Client(configure: options => options.AllowPastDue = allow);
            Assert.That(client.ValidateLicense("SANDBOX-PAST-DUE", Sandbox.Device).Status, Is.EqualTo(status));
        }

        [TestCase(WhopApi.Current)]
        [TestCase(WhopApi.V2)]
        public void WithoutAProductIdEveryProductPasses(WhopApi api)
        {
            using WhopClient careless = sandbox.Client(api, options => options.ProductId = null);
            Assert.That(
                careless.ValidateLicense("SANDBOX-OTHER-PRODUCT", Sandbox.Device).Verdict,
                Is.EqualTo(WhopVerdict.Allowed));
        }

        [TestCase(WhopApi.Current)]
        [TestCase(WhopApi.V2)]
        public void RetriesAreMadeUnlessTurnedOff(WhopApi api)
        {
            using var fresh = new Sandbox();
            using WhopClient once = fresh.Client(api, options => options.MaxRetries = 0);
            once.TryValidateLicense("SANDBOX-503-ONCE", Sandbox.Device, out LicenseResult first);
            Assert.That(first.HttpStatus, Is.EqualTo(503));

            using var another = new Sandbox();
            using WhopClient patient = another.Client(api, options => options.MaxRetries = 1);
            Assert.That(
                patient.ValidateLicense("SANDBOX-503-ONCE", Sandbox.Device).Verdict, Is.EqualTo(WhopVerdict.Allowed));
        }

        [Test]
        public void ExpandFillsTheObjectsOfApiV2()
        {
            using WhopClient curious = sandbox.Client(
                WhopApi.V2, options => options.Expand = "product,user,plan,promo_code");
            LicenseResult result = curious.ValidateLicense("SANDBOX-ACTIVE", Sandbox.Device);
            Assert.That(result.V2Membership!.Product!.Name, Is.EqualTo("Sandbox Game"));
            Assert.That(result.V2Membership.User!.Username, Is.EqualTo("buyer"));
            Assert.That(result.V2Membership.Plan!.RenewalPrice, Is.EqualTo(19.99));
            Assert.That(result.ProductId, Is.EqualTo("prod_sandbox"));
            Assert.That(result.PlanId, Is.EqualTo("plan_sandbox"));
        }

        [Test]
        public void ExpandIsRefusedByTheCurrentApi()
        {
            using WhopClient curious = sandbox.Client(configure: options => options.Expand = "product");
            TestDelegate[] calls =
            {
                () => curious.ValidateLicense("SANDBOX-ACTIVE"),
                () => curious.ResetLicense("SANDBOX-ACTIVE"),
                () => curious.CreatePlan(new PlanRequest { ProductId = "prod_sandbox" }),
            };
            foreach (TestDelegate call in calls)
            {
                WhopException refused = Assert.Throws<WhopException>(call)!;
                Assert.That(refused.Status, Is.EqualTo(WhopStatus.InvalidArgument));
                Assert.That(refused.Message, Does.StartWith("expand: "));
            }
        }

        [Test]
        public void TlsIsCheckedAgainstTheCaFileAndGoesThroughTheProxy()
        {
            string authority = Path.GetTempFileName();
            try
            {
                using var tls = new Sandbox("--tls --ca-file " + authority);
                string url = "https://localhost:" + tls.Port + "/api";
                using WhopClient trusting = tls.Client(
                    configure: o => (o.BaseUrl, o.CaFile, o.Proxy) = (url, authority, ""));
                using WhopClient distrusting = tls.Client(configure: o => (o.BaseUrl, o.Proxy) = (url, ""));
                using WhopClient astray = tls.Client(
                    configure: o => (o.BaseUrl, o.CaFile, o.Proxy) = (url, authority, "http://127.0.0.1:1"));
                Assert.That(
                    trusting.ValidateLicense("SANDBOX-ACTIVE", Sandbox.Device).Verdict,
                    Is.EqualTo(WhopVerdict.Allowed));
                distrusting.TryValidateLicense("SANDBOX-ACTIVE", Sandbox.Device, out LicenseResult untrusted);
                astray.TryValidateLicense("SANDBOX-ACTIVE", Sandbox.Device, out LicenseResult unproxied);
                Assert.That(untrusted.Status, Is.EqualTo(WhopStatus.Unreachable));
                Assert.That(unproxied.Status, Is.EqualTo(WhopStatus.Unreachable));
            }
            finally
            {
                File.Delete(authority);
            }
        }

        [Test]
        public void WithoutTheSandboxOtherKeysAreAccepted()
        {
            using var peer = new Peer();
            using WhopClient strict = peer.Client(configure: options => options.AllowSandbox = false);
            Task<LicenseResult> check = strict.TryValidateLicenseAsync("K", Peer.Device);
            peer.Receive();
            peer.Answer(Peer.Membership(WhopApi.Current));
            Assert.That(check.Result.Verdict, Is.EqualTo(WhopVerdict.Allowed));
        }

        private static IEnumerable<TestCaseData> BadOptions()
        {
            yield return Refused("api", o => o.Api = (WhopApi)3);
            yield return Refused("api_version_date", o => o.ApiVersionDate = "2026-07-22");
            yield return Refused("api_version_date", o => o.ApiVersionDate = "tomorrow");
            yield return Refused("api_version_date", o => o.ApiVersionDate = "2026-09-23\0");
            yield return Refused("product_id", o => o.ProductId = "");
            yield return Refused("device_id", o => o.DeviceId = "");
            yield return Refused("device_id", o => o.DeviceId = "de\0vice");
            yield return Refused("device_id", o => o.DeviceId = "released:1790000000");
            yield return Refused("metadata_key", o => o.MetadataKey = "hw\nid");
            yield return Refused("max_retries", o => o.MaxRetries = -1);
            yield return Refused("expand", o => o.Expand = "wallet");
            yield return Refused("base_url", o => o.BaseUrl = "http://whop.example/api");
            yield return Refused("api_key", o => o.AllowSandbox = false);
            yield return Refused("api_key", o => (o.AllowSandbox, o.BaseUrl) = (false, "https://whop.example/api"));
            yield return Refused("lease_file", o => o.LeaseFile = "license.lease");
            yield return Refused("ca_file", o => o.CaFile = "no-such-file.pem");
            yield return Refused("proxy", o => o.Proxy = "no proxy");
            yield return Refused("product_id", o => o.ProductId = "prod\0uct");
            yield return Refused("ca_file", o => o.CaFile = "\uD83C");
            static TestCaseData Refused(string setting, Action<WhopClientOptions> configure) =>
                new TestCaseData(setting, configure).SetArgDisplayNames(setting);
        }

        [TestCaseSource(nameof(BadOptions))]
        public void ABadSettingIsRefusedByName(string setting, Action<WhopClientOptions> configure)
        {
            WhopException refused = Assert.Throws<WhopException>(() => sandbox.Client(configure: configure))!;
            Assert.That(refused.Status, Is.EqualTo(WhopStatus.InvalidArgument));
            Assert.That(refused.Message, Does.StartWith(setting + ": "));
        }

        private static IEnumerable<TimeSpan> BadTimeouts() => new[]
        {
            TimeSpan.Zero, Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(601), TimeSpan.MinValue, TimeSpan.MaxValue,
        };

        [TestCaseSource(nameof(BadTimeouts))]
        public void ABadTimeoutIsRefusedInWordsOfCSharp(TimeSpan timeout)
        {
            WhopException refused = Assert.Throws<WhopException>(
                () => sandbox.Client(configure: options => options.Timeout = timeout))!;
            Assert.That(refused.Status, Is.EqualTo(WhopStatus.InvalidArgument));
            Assert.That(refused.Message, Is.EqualTo("Timeout: expected 1 to 600000 ms"));
        }

        [Test]
        public void TheShortestAndTheLongestTimeoutAreAccepted()
        {
            using WhopClient shortest = sandbox.Client(configure: o => o.Timeout = TimeSpan.FromTicks(1));
            using WhopClient longest = sandbox.Client(configure: o => o.Timeout = TimeSpan.FromMinutes(10));
        }

        /// <summary>The first request of a check.</summary>
        private static string Asked(Action<WhopClientOptions> configure)
        {
            using var peer = new Peer();
            using WhopClient client = peer.Client(configure: configure);
            Task<LicenseResult> check = client.TryValidateLicenseAsync("K", Peer.Device);
            peer.Receive();
            peer.Answer("{}");
            check.Wait();
            return peer.Head;
        }
    }
}
