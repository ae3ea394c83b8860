using System;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>Each status, over either API and a real socket.</summary>
    [TestFixture(WhopApi.Current)]
    [TestFixture(WhopApi.V2)]
    internal sealed class StatusTests
    {
        private readonly WhopApi api;
        private Sandbox sandbox = null!;
        private WhopClient client = null!;

        public StatusTests(WhopApi api) => this.api = api;

        [OneTimeSetUp]
        public void Start()
        {
            sandbox = new Sandbox("--rate-limit 0 --slow-ms 60000");
            client = sandbox.Client(api, options => options.MaxRetries = 0);
        }

        [OneTimeTearDown]
        public void Stop()
        {
            client.Dispose();
            sandbox.Dispose();
        }

        [TestCase("SANDBOX-ACTIVE", WhopStatus.Ok, "active")]
        [TestCase("SANDBOX-COMPLETED", WhopStatus.Ok, "completed")]
        [TestCase("SANDBOX-TRIALING", WhopStatus.Ok, "trialing")]
        [TestCase("SANDBOX-PAST-DUE", WhopStatus.Ok, "past_due")]
        [TestCase("SANDBOX-CANCELING", WhopStatus.Ok, "canceling")]
        [TestCase("NO-SUCH-KEY", WhopStatus.LicenseNotFound, null)]
        [TestCase("SANDBOX-CANCELED", WhopStatus.LicenseInactive, "canceled")]
        [TestCase("SANDBOX-EXPIRED", WhopStatus.LicenseInactive, "expired")]
        [TestCase("SANDBOX-UNRESOLVED", WhopStatus.LicenseInactive, "unresolved")]
        [TestCase("SANDBOX-DRAFTED", WhopStatus.LicenseInactive, "drafted")]
        [TestCase("SANDBOX-NO-VALID", WhopStatus.LicenseInactive, null)]
        [TestCase("SANDBOX-OTHER-DEVICE", WhopStatus.DeviceMismatch, "active")]
        [TestCase("SANDBOX-OTHER-PRODUCT", WhopStatus.ProductMismatch, "active")]
        public void AYesOrANoIsAResult(string key, WhopStatus status, string? licenseStatus)
        {
            LicenseResult result = client.ValidateLicense(key, Sandbox.Device);
            Assert.That(result.Status, Is.EqualTo(status));
            Assert.That(result.Verdict, Is.EqualTo(
                status == WhopStatus.Ok ? WhopVerdict.Allowed : WhopVerdict.Denied));
            Assert.That(result.Message, Is.Not.Empty);
            // Over v2 a refused device is told nothing of the license, and a license without a verdict has a status.
            bool differs = status == WhopStatus.DeviceMismatch || key == "SANDBOX-NO-VALID";
            if (api == WhopApi.Current || !differs)
            {
                Assert.That(result.LicenseStatus, Is.EqualTo(licenseStatus));
            }
            Assert.That(client.TryValidateLicense(key, Sandbox.Device, out LicenseResult tried),
                Is.EqualTo(result.Verdict));
            Assert.That(tried.ToString(), Is.EqualTo(result.ToString()));
        }

        [TestCase("", WhopStatus.InvalidArgument, 0)]
        [TestCase("SANDBOX-400", WhopStatus.Rejected, 400)]
        [TestCase("SANDBOX-429", WhopStatus.RateLimited, 429)]
        [TestCase("SANDBOX-500", WhopStatus.ServerError, 500)]
        [TestCase("SANDBOX-HTML", WhopStatus.BadResponse, 200)]
        public void NoAnswerIsAnException(string key, WhopStatus status, int httpStatus)
        {
            AssertUndetermined(client, key, status, httpStatus);
        }

        [TestCase("stranger", WhopStatus.Unauthorized, 401, WhopStatus.Unauthorized, 401)]
        [TestCase("none", WhopStatus.Forbidden, 403, WhopStatus.Forbidden, 403)]
        // May be told of no license that is not there, so that a key that was rotated locks nobody out.
        [TestCase("revoked", WhopStatus.BadResponse, 404, WhopStatus.Unauthorized, 401)]
        public void AnApiKeyThatIsNoGoodIsNotTheCustomersFault(
            string key, WhopStatus status, int httpStatus, WhopStatus v2Status, int v2HttpStatus)
        {
            using WhopClient asking = sandbox.Client(api, key: key);
            bool isV2 = api == WhopApi.V2;
            AssertUndetermined(
                asking, "SANDBOX-ACTIVE", isV2 ? v2Status : status, isV2 ? v2HttpStatus : httpStatus);
        }

        [Test]
        public void AnApiKeyOfAnotherCompanyLocksNobodyOut()
        {
            using WhopClient foreign = sandbox.Client(WhopApi.Current, key: "foreign");
            AssertUndetermined(foreign, "SANDBOX-ACTIVE", WhopStatus.BadResponse, 404);
        }

        [Test]
        public void AKeyThatMayOnlyReadCreatesNoPlan()
        {
            using WhopClient reader = sandbox.Client(api, key: "read");
            WhopException refused = Assert.Throws<WhopException>(
                () => reader.CreatePlan("{\"product_id\":\"prod_sandbox\"}"))!;
            Assert.That(refused.Status, Is.EqualTo(WhopStatus.Forbidden));
            Assert.That(refused.HttpStatus, Is.EqualTo(403));
        }

        [Test]
        public void AClosedPortIsUnreachable()
        {
            // Bound, so that nobody else is given the port; not listening, so that it refuses connections.
            using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            int port = ((IPEndPoint)closed.LocalEndPoint!).Port;
            var options = new WhopClientOptions { Api = api, MaxRetries = 0 };
            using var nowhere = new WhopClient("sandbox_" + port + "_full", options);
            AssertUndetermined(nowhere, "SANDBOX-ACTIVE", WhopStatus.Unreachable, 0);
        }

        [Test]
        public void SilenceIsNoAnswerWithinTheTimeout()
        {
            using WhopClient hasty = sandbox.Client(api, options => options.Timeout = TimeSpan.FromSeconds(1));
            AssertUndetermined(hasty, "SANDBOX-SLOW", WhopStatus.NoAnswer, 0);
        }

        [Test]
        public void TheWaitOfARateLimitIsToldBothWays()
        {
            WhopException limited = Assert.Throws<WhopException>(
                () => client.ValidateLicense("SANDBOX-429", Sandbox.Device))!;
            client.TryValidateLicense("SANDBOX-429", Sandbox.Device, out LicenseResult result);
            Assert.That(limited.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
            Assert.That(result.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
        }

        [Test]
        public void EveryStatusIsKnownToTheNativeLibraryUnderItsName()
        {
            foreach (WhopStatus status in Enum.GetValues(typeof(WhopStatus)))
            {
                string name = status.Name().Replace("WHOP_", "").Replace("_", "");
                Assert.That(name, Is.EqualTo(status.ToString()).IgnoreCase);
                Assert.That(status.Message(), Is.Not.Empty);
            }
        }

        [TestCase(0, WhopVerdict.Allowed)]
        [TestCase(100, WhopVerdict.Denied)]
        [TestCase(199, WhopVerdict.Denied)]
        [TestCase(200, WhopVerdict.Undetermined)]
        [TestCase(900, WhopVerdict.Undetermined)]
        [TestCase(int.MinValue, WhopVerdict.Undetermined)]
        [TestCase(int.MaxValue, WhopVerdict.Undetermined)]
        public void AnyNumberHasAVerdict(int status, WhopVerdict verdict)
        {
            Assert.That(((WhopStatus)status).Verdict(), Is.EqualTo(verdict));
        }

        private static void AssertUndetermined(WhopClient client, string key, WhopStatus status, int httpStatus)
        {
            WhopException thrown = Assert.Throws<WhopException>(() => client.ValidateLicense(key, Sandbox.Device))!;
            Assert.That(thrown.Status, Is.EqualTo(status), thrown.Message);
            Assert.That(thrown.HttpStatus, Is.EqualTo(httpStatus));
            Assert.That(thrown.Message, Is.Not.Empty);
            Assert.That(thrown.JsonBefore, Is.Null);

            WhopVerdict verdict = client.TryValidateLicense(key, Sandbox.Device, out LicenseResult result);
            Assert.That(verdict, Is.EqualTo(WhopVerdict.Undetermined));
            Assert.That(result.Status, Is.EqualTo(status));
            Assert.That(result.HttpStatus, Is.EqualTo(httpStatus));
            Assert.That(result.Message, Is.EqualTo(thrown.Message));
            Assert.That(result.LicenseStatus, Is.Null);
        }
    }
}
