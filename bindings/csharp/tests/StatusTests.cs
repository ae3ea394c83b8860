using System;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>Each status once, over a real socket.</summary>
    internal sealed class StatusTests
    {
        private Sandbox sandbox = null!;
        private WhopClient client = null!;

        [OneTimeSetUp]
        public void Start()
        {
            sandbox = new Sandbox("--rate-limit 0 --slow-ms 60000");
            client = sandbox.Client(options => options.MaxRetries = 0);
        }

        [OneTimeTearDown]
        public void Stop()
        {
            client.Dispose();
            sandbox.Dispose();
        }

        [TestCase("SANDBOX-ACTIVE", WhopStatus.Ok)]
        [TestCase("SANDBOX-COMPLETED", WhopStatus.Ok)]
        [TestCase("SANDBOX-TRIALING", WhopStatus.Ok)]
        [TestCase("SANDBOX-PAST-DUE", WhopStatus.Ok)]
        [TestCase("NO-SUCH-KEY", WhopStatus.LicenseNotFound)]
        [TestCase("SANDBOX-CANCELED", WhopStatus.LicenseInactive)]
        [TestCase("SANDBOX-EXPIRED", WhopStatus.LicenseInactive)]
        [TestCase("SANDBOX-UNRESOLVED", WhopStatus.LicenseInactive)]
        [TestCase("SANDBOX-NO-VALID", WhopStatus.LicenseInactive)]
        [TestCase("SANDBOX-OTHER-DEVICE", WhopStatus.DeviceMismatch)]
        [TestCase("SANDBOX-OTHER-PRODUCT", WhopStatus.ProductMismatch)]
        public void AYesOrANoIsAResult(string key, WhopStatus status)
        {
            LicenseResult result = client.ValidateLicense(key, Sandbox.Device);
            Assert.That(result.Status, Is.EqualTo(status));
            Assert.That(result.Verdict, Is.EqualTo(
                status == WhopStatus.Ok ? WhopVerdict.Allowed : WhopVerdict.Denied));
            Assert.That(result.Message, Is.Not.Empty);
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

        [Test]
        public void AnUnknownApiKeyIsUnauthorized()
        {
            using var stranger = new WhopClient("sandbox_" + sandbox.Port + "_stranger");
            AssertUndetermined(stranger, "SANDBOX-ACTIVE", WhopStatus.Unauthorized, 401);
        }

        [Test]
        public void AKeyThatMayOnlyValidateCreatesNoPlan()
        {
            using var validator = new WhopClient(sandbox.ValidateKey);
            WhopException refused = Assert.Throws<WhopException>(
                () => validator.CreatePlan(new PlanRequest { ProductId = "prod_sandbox" }))!;
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
            using var nowhere = new WhopClient("sandbox_" + port + "_full", new WhopClientOptions { MaxRetries = 0 });
            AssertUndetermined(nowhere, "SANDBOX-ACTIVE", WhopStatus.Unreachable, 0);
        }

        [Test]
        public void SilenceIsNoAnswerWithinTheTimeout()
        {
            using WhopClient hasty = sandbox.Client(options => options.Timeout = TimeSpan.FromSeconds(1));
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
            Assert.That(thrown.Status, Is.EqualTo(status));
            Assert.That(thrown.HttpStatus, Is.EqualTo(httpStatus));
            Assert.That(thrown.Message, Is.Not.Empty);

            WhopVerdict verdict = client.TryValidateLicense(key, Sandbox.Device, out LicenseResult result);
            Assert.That(verdict, Is.EqualTo(WhopVerdict.Undetermined));
            Assert.That(result.Status, Is.EqualTo(status));
            Assert.That(result.HttpStatus, Is.EqualTo(httpStatus));
            Assert.That(result.Message, Is.EqualTo(thrown.Message));
        }
    }
}
