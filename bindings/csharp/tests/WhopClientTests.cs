using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>Every setting changes something; misuse is refused with a reason; nothing leaks or hangs.</summary>
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

        [Test]
        public void TheFirstCheckBindsTheDevice()
        {
            Assert.That(client.ValidateLicense("SANDBOX-PAST-DUE", Device).Status, Is.EqualTo(WhopStatus.Ok));
            LicenseResult other = client.ValidateLicense("SANDBOX-PAST-DUE", "{\"hwid\":\"another\"}");
            Assert.That(other.Status, Is.EqualTo(WhopStatus.DeviceMismatch));
            Assert.That(other.HttpStatus, Is.EqualTo(400));
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
                Whop.ValidateLicense(sandbox.FullKey, "SANDBOX-ACTIVE", Sandbox.Device),
                client.ValidateLicense("SANDBOX-ACTIVE", Sandbox.Device),
                client.ValidateLicense("SANDBOX-ACTIVE", Device),
                client.ValidateLicenseAsync("SANDBOX-ACTIVE", Sandbox.Device).Result,
                client.ValidateLicenseAsync("SANDBOX-ACTIVE", Device).Result,
                client.TryValidateLicenseAsync("SANDBOX-ACTIVE", Sandbox.Device).Result,
                client.TryValidateLicenseAsync("SANDBOX-ACTIVE", Device).Result,
            };
            Assert.That(results.Select(r => r.Verdict), Is.All.EqualTo(WhopVerdict.Allowed));
            Assert.That(results.Select(r => r.Membership.Id), Is.All.EqualTo("mem_active"));
            Assert.That(results.Select(r => r.HttpStatus), Is.All.EqualTo(201));
        }

        [Test]
        public void WithoutAProductIdEveryProductPasses()
        {
            using var careless = new WhopClient(sandbox.FullKey);
            Assert.That(
                careless.ValidateLicense("SANDBOX-OTHER-PRODUCT", Sandbox.Device).Verdict,
                Is.EqualTo(WhopVerdict.Allowed));
        }

        [Test]
        public void RetriesAreMadeUnlessTurnedOff()
        {
            using var fresh = new Sandbox();
            using WhopClient once = fresh.Client(options => options.MaxRetries = 0);
            once.TryValidateLicense("SANDBOX-503-ONCE", Sandbox.Device, out LicenseResult first);
            Assert.That(first.HttpStatus, Is.EqualTo(503));

            using var another = new Sandbox();
            using WhopClient patient = another.Client(options => options.MaxRetries = 1);
            Assert.That(
                patient.ValidateLicense("SANDBOX-503-ONCE", Sandbox.Device).Verdict, Is.EqualTo(WhopVerdict.Allowed));
        }

        [Test]
        public void ExpandFillsTheObjects()
        {
            using WhopClient curious = sandbox.Client(options => options.Expand = "product,user,plan,promo_code");
            Membership m = curious.ValidateLicense("SANDBOX-ACTIVE", Sandbox.Device).Membership;
            Assert.That(m.Product!.Name, Is.EqualTo("Sandbox Game"));
            Assert.That(m.User!.Username, Is.EqualTo("buyer"));
            Assert.That(m.Plan!.RenewalPrice, Is.EqualTo(19.99));
            Assert.That(m.ProductId, Is.EqualTo("prod_sandbox"));
        }

        [Test]
        public void TlsIsCheckedAgainstTheCaFileAndGoesThroughTheProxy()
        {
            string authority = Path.GetTempFileName();
            try
            {
                using var tls = new Sandbox("--tls --ca-file " + authority);
                string url = "https://localhost:" + tls.Port + "/api";
                using WhopClient trusting = tls.Client(o => (o.BaseUrl, o.CaFile, o.Proxy) = (url, authority, ""));
                using WhopClient distrusting = tls.Client(o => (o.BaseUrl, o.Proxy) = (url, ""));
                using WhopClient astray = tls.Client(
                    o => (o.BaseUrl, o.CaFile, o.Proxy) = (url, authority, "http://127.0.0.1:1"));
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

        private static IEnumerable<TestCaseData> BadOptions()
        {
            yield return Refused("product_id", o => o.ProductId = "");
            yield return Refused("device_id", o => o.DeviceId = "");
            yield return Refused("device_id", o => o.DeviceId = "de\0vice");
            yield return Refused("metadata_key", o => o.MetadataKey = "hw\nid");
            yield return Refused("max_retries", o => o.MaxRetries = -1);
            yield return Refused("expand", o => o.Expand = "wallet");
            yield return Refused("base_url", o => o.BaseUrl = "http://whop.example/api");
            yield return Refused("api_key", o => o.AllowSandbox = false);
            yield return Refused("api_key", o => (o.AllowSandbox, o.BaseUrl) = (false, "https://whop.example/api"));
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
            WhopException refused = Assert.Throws<WhopException>(() => sandbox.Client(configure))!;
            Assert.That(refused.Status, Is.EqualTo(WhopStatus.InvalidArgument));
            Assert.That(refused.Message, Does.StartWith(setting + ": "));
        }

        [Test]
        public void WithoutTheSandboxOtherKeysAreAccepted()
        {
            using var peer = new Peer();
            using WhopClient strict = peer.Client(options => options.AllowSandbox = false);
            Task<LicenseResult> check = strict.TryValidateLicenseAsync("K", Sandbox.Device);
            peer.Receive();
            peer.Answer("{\"id\":\"mem_peer\",\"valid\":true}");
            Assert.That(check.Result.Verdict, Is.EqualTo(WhopVerdict.Allowed));
        }

        private static IEnumerable<TimeSpan> BadTimeouts() => new[]
        {
            TimeSpan.Zero, Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(601), TimeSpan.MinValue, TimeSpan.MaxValue,
        };

        [TestCaseSource(nameof(BadTimeouts))]
        public void ABadTimeoutIsRefusedInWordsOfCSharp(TimeSpan timeout)
        {
            WhopException refused = Assert.Throws<WhopException>(() => sandbox.Client(o => o.Timeout = timeout))!;
            Assert.That(refused.Status, Is.EqualTo(WhopStatus.InvalidArgument));
            Assert.That(refused.Message, Is.EqualTo("Timeout: expected 1 ms to 10 minutes"));
        }

        [Test]
        public void TheShortestAndTheLongestTimeoutAreAccepted()
        {
            using WhopClient shortest = sandbox.Client(options => options.Timeout = TimeSpan.FromTicks(1));
            using WhopClient longest = sandbox.Client(options => options.Timeout = TimeSpan.FromMinutes(10));
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
            Assert.That(result.Membership.Id, Is.Null);
            WhopException thrown = Assert.Throws<WhopException>(
                () => client.ValidateLicense(licenseKey, metadataJson))!;
            Assert.That(thrown.Message, Is.EqualTo(result.Message));
            Assert.That(result.Message, Does.StartWith(licenseKey == "K" ? "metadata_json: " : "license_key: "));
            Assert.That(
                client.TryValidateLicenseAsync(licenseKey, metadataJson).Result.ToString(),
                Is.EqualTo(result.ToString()));
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
            using WhopClient asking = peer.Client();
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
            using WhopClient asking = peer.Client();
            var metadata = new Dictionary<string, string>(Device);
            Task<LicenseResult> check = asking.TryValidateLicenseAsync("K", metadata);
            metadata["hwid"] = "changed since";
            Assert.That(peer.Receive(), Does.Contain("this-device"));
            peer.Answer("{}");
            check.Wait();
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
                    if (result.HttpStatus == 201 && result.Membership.LicenseKey == key)
                    {
                        Interlocked.Increment(ref right);
                    }
                }
            })).ToArray();
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.That(right, Is.EqualTo(32 * 100));
        }

        [Test]
        public void ACallThatIsUnderWayOutlivesDispose()
        {
            using var peer = new Peer();
            WhopClient disposed = peer.Client(options => options.MaxRetries = 1);
            Task<LicenseResult> check = disposed.ValidateLicenseAsync("K", Sandbox.Device);
            peer.Receive();
            disposed.Dispose();
            disposed.Dispose();
            // The retry needs the client, whose memory these would have taken if it were free.
            for (int i = 0; i < 100; i++)
            {
                _ = sandbox.Client();
            }
            peer.Drop();
            peer.Receive();
            peer.Answer("{\"id\":\"mem_1\",\"valid\":true}");
            Assert.That(check.Result.Verdict, Is.EqualTo(WhopVerdict.Allowed));
        }

        [Test]
        public void ADisposedClientIsSaidToBe()
        {
            WhopClient disposed = sandbox.Client();
            disposed.Dispose();
            TestDelegate[] calls =
            {
                () => disposed.ValidateLicense("K", Sandbox.Device),
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
        }

        [Test]
        public void CancellingEndsTheWaitingAtOnce()
        {
            using var peer = new Peer();
            using WhopClient asking = peer.Client(options => options.Timeout = TimeSpan.FromMinutes(10));
            using var cancellation = new CancellationTokenSource();
            Task<LicenseResult> check = asking.ValidateLicenseAsync("K", Sandbox.Device, cancellation.Token);
            peer.Receive();
            cancellation.Cancel();
            Assert.That(() => check.Wait(5000), Throws.InnerException.InstanceOf<OperationCanceledException>());
            Assert.That(check.IsCanceled);
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
            peer.Answer("{\"id\":\"mem_1\",\"valid\":true}");
            Assert.That(check.Result.Verdict, Is.EqualTo(WhopVerdict.Allowed));
        }

        [Test]
        public void TheVersionIsTheNativeLibrarys()
        {
            Assert.That(Whop.Version, Does.Match(@"^\d+\.\d+\.\d+$"));
        }
    }
}
