using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>Misuse is refused with a reason; nothing leaks or hangs.</summary>
    internal sealed class WhopClientTests
    {
        private Sandbox sandbox = null!;
        private WhopClient client = null!;

        private static readonly Dictionary<string, string> Device = new Dictionary<string, string>
        {
            ["hwid"] = "this-device",
        };

        [OneTimeSetUp]
        public void Start()
        {
            sandbox = new Sandbox();
            client = sandbox.Client();
        }

        [OneTimeTearDown]
        public void Stop()
        {
            client.Dispose();
            sandbox.Dispose();
        }

        [TestCase(null)]
        [TestCase("")]
        [TestCase("a\0b")]
        [TestCase("a\nb")]
        public void ABadApiKeyIsRefused(string apiKey)
        {
            WhopException refused = Assert.Throws<WhopException>(() => _ = new WhopClient(apiKey))!;
            Assert.That(refused.Status, Is.EqualTo(WhopStatus.InvalidArgument));
            Assert.That(refused.Message, Does.StartWith("api_key: "));
        }

        [TestCase(null, "{}")]
        [TestCase("..", "{}")]
        [TestCase("K", "")]
        [TestCase("K", "[]")]
        [TestCase("K\0", "{}")]
        [TestCase("K", "{}\0")]
        public void ABadArgumentIsAStatusAndNeverACrash(string licenseKey, string metadataJson)
        {
            WhopVerdict verdict = client.TryValidateLicense(licenseKey, metadataJson, out LicenseResult result);
            Assert.That(verdict, Is.EqualTo(WhopVerdict.Undetermined));
            Assert.That(result.Status, Is.EqualTo(WhopStatus.InvalidArgument));
            Assert.That(result.Membership, Is.Null);
            Assert.That(result.V2Membership, Is.Null);
            WhopException thrown = Assert.Throws<WhopException>(
                () => client.ValidateLicense(licenseKey, metadataJson))!;
            Assert.That(thrown.Message, Is.EqualTo(result.Message));
            Assert.That(result.Message, Does.StartWith(licenseKey == "K" ? "metadata_json: " : "license_key: "));
            Assert.That(
                client.TryValidateLicenseAsync(licenseKey, metadataJson).Result.ToString(),
                Is.EqualTo(result.ToString()));
        }

        [Test]
        public void HalfASurrogatePairIsRefused()
        {
            client.TryValidateLicense("\uDE00", Sandbox.Device, out LicenseResult result);
            Assert.That(result.ToString(), Does.Match("WHOP_INVALID_ARGUMENT: license_key: .*surrogate"));
        }

        [Test]
        public void MetadataThatTellsNoDeviceFromAnotherIsRefused()
        {
            IReadOnlyDictionary<string, string>[] bad =
            {
                null!,
                new Dictionary<string, string>(),
                new Dictionary<string, string> { ["this-device"] = null! },
                new Dictionary<string, string> { ["hwid"] = "\uDE00" },
            };
            foreach (IReadOnlyDictionary<string, string> metadata in bad)
            {
                client.TryValidateLicense("SANDBOX-ACTIVE", metadata, out LicenseResult result);
                Assert.That(result.Status, Is.EqualTo(WhopStatus.InvalidArgument));
                Assert.That(result.Message, Does.StartWith("metadata_json: ").And.Not.Contain("this-device"));
                LicenseResult later = client.TryValidateLicenseAsync("SANDBOX-ACTIVE", metadata).Result;
                Assert.That(later.ToString(), Is.EqualTo(result.ToString()));
                Assert.That(
                    async () => await client.ValidateLicenseAsync("SANDBOX-ACTIVE", metadata),
                    Throws.TypeOf<WhopException>());
            }
        }

        [Test]
        public void MetadataIsEscaped()
        {
            using var peer = new Peer();
            using WhopClient asking = peer.Client(WhopApi.V2);
            var metadata = new Dictionary<string, string> { ["a\"b\\"] = "\n\u001f/🎮", ["c"] = "" };
            Task<LicenseResult> check = asking.TryValidateLicenseAsync("K", metadata);
            Assert.That(
                peer.Receive(), Is.EqualTo("{\"metadata\":{\"a\\\"b\\\\\":\"\\u000a\\u001f/🎮\",\"c\":\"\"}}"));
            peer.Answer("{}");
            check.Wait();
        }

        [Test]
        public void MetadataIsReadBeforeAnAsyncCheckReturns()
        {
            using var peer = new Peer();
            using WhopClient asking = peer.Client(WhopApi.V2);
            var metadata = new Dictionary<string, string>(Device);
            Task<LicenseResult> check = asking.TryValidateLicenseAsync("K", metadata);
            metadata["hwid"] = "changed since";
            Assert.That(peer.Receive(), Does.Contain("this-device"));
            peer.Answer("{}");
            check.Wait();
        }

        [Test]
        public void ADisposedClientIsSaidToBe()
        {
            WhopClient disposed = sandbox.Client();
            disposed.Dispose();
            TestDelegate[] calls =
            {
                () => disposed.ValidateLicense("K", Sandbox.Device),
                () => disposed.ResetLicense("K"),
                () => disposed.CreatePlan("{}"),
                () => disposed.GetDeviceId(),
            };
            foreach (TestDelegate call in calls)
            {
                Assert.That(Assert.Throws<ObjectDisposedException>(call)!.ObjectName, Is.EqualTo("WhopClient"));
            }
            WhopVerdict verdict = disposed.TryValidateLicense("K", Sandbox.Device, out LicenseResult result);
            Assert.That(verdict, Is.EqualTo(WhopVerdict.Undetermined));
            Assert.That(result.Message, Does.Contain("disposed"));
            Assert.That(disposed.TryResetLicense("K", out ResetResult reset), Is.False);
            Assert.That(reset.Message, Is.EqualTo(result.Message));
        }

        [Test]
        public void WhatIsCancelledBeforehandSendsNothing()
        {
            var cancelled = new CancellationToken(true);
            Task<LicenseResult> check = client.ValidateLicenseAsync("UNSENT", Sandbox.Device, cancelled);
            Assert.That(async () => await check, Throws.InstanceOf<OperationCanceledException>());
            Task<LicenseResult> attempt = client.TryValidateLicenseAsync("UNSENT", Device, cancelled);
            Assert.That(async () => await attempt, Throws.InstanceOf<OperationCanceledException>());
        }

        [Test]
        public void AnAsyncCheckDoesNotHoldTheCallingThread()
        {
            using var peer = new Peer();
            using WhopClient asking = peer.Client();
            Task<LicenseResult> check = asking.ValidateLicenseAsync("K", Device);
            peer.Receive();
            Assert.That(check.IsCompleted, Is.False);
            peer.Answer(Peer.Membership(WhopApi.Current));
            Assert.That(check.Result.Verdict, Is.EqualTo(WhopVerdict.Allowed));
        }

        [TestCase("retired-410")]
        [TestCase("retired-404")]
        [TestCase("retired-html")]
        [TestCase("retired-redirect")]
        public void ARetiredApiIsSaidToBe(string state)
        {
            using var retired = new Sandbox("--v2 " + state);
            using WhopClient asking = retired.Client(WhopApi.V2);
            TestDelegate[] calls =
            {
                () => asking.ValidateLicense("SANDBOX-ACTIVE", Sandbox.Device),
                () => asking.ResetLicense("SANDBOX-ACTIVE"),
                () => asking.CreatePlan(new V2PlanRequest { ProductId = "prod_sandbox" }),
            };
            foreach (TestDelegate call in calls)
            {
                WhopException thrown = Assert.Throws<WhopException>(call)!;
                Assert.That(thrown.Status, Is.EqualTo(WhopStatus.BadResponse));
                Assert.That(thrown.Message, Does.Contain("use the current API"));
            }
        }

        [Test]
        public void TheVersionIsTheNativeLibrarys()
        {
            Assert.That(Whop.Version, Does.Match(@"^\d+\.\d+\.\d+$"));
        }
    }
}
