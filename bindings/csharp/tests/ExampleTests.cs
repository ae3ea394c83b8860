using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>The example programs print one line, and end with the code that goes with it.</summary>
    internal sealed class ExampleTests
    {
        private Sandbox sandbox = null!;
        private LeaseFolder folder = null!;

        [OneTimeSetUp]
        public void Start() => sandbox = new Sandbox();

        [OneTimeTearDown]
        public void Stop() => sandbox.Dispose();

        [SetUp]
        public void Empty() => folder = new LeaseFolder();

        [TearDown]
        public void Remove() => folder.Dispose();

        [TestCase("good", 0, "allowed: until 20")]
        [TestCase("good-for-ever", 0, "allowed: does not expire")]
        [TestCase("denied-device", 1, "denied: WHOP_DEVICE_MISMATCH: ")]
        [TestCase("unsigned-yes", 2, "cannot tell: WHOP_UNTRUSTED: ")]
        public void ACustomersProgramTellsWhatTheRelaySays(string play, int code, string begins)
        {
            AssertSays(CustomersProgram(sandbox.RelayUrl(play)), code, begins);
        }

        [Test]
        public void ACustomersProgramRunsOnWhatWasAllowed()
        {
            using var away = new ClosedPort();
            AssertSays(CustomersProgram(away.Url), 2, "cannot tell: WHOP_UNREACHABLE: ");
            AssertSays(CustomersProgram(sandbox.RelayUrl("good")), 0, "allowed: ");
            AssertSays(CustomersProgram(away.Url), 0, "allowed offline: ");
        }

        [TestCase("SANDBOX-ACTIVE", 0, "allowed: until 20")]
        [TestCase("SANDBOX-COMPLETED", 0, "allowed: does not expire")]
        [TestCase("SANDBOX-OTHER-DEVICE", 1, "denied: WHOP_DEVICE_MISMATCH: ")]
        [TestCase("SANDBOX-500", 2, "cannot tell: WHOP_SERVER_ERROR: ")]
        public void AServersProgramTellsWhatWhopSays(string licenseKey, int code, string begins)
        {
            AssertSays(Run("CheckOnServer.exe", sandbox.Key(), licenseKey, "this-device"), code, begins);
        }

        [TestCase("good", 0, "allowed")]
        [TestCase("denied-device", 1, "denied: ")]
        [TestCase("unsigned-yes", 2, "cannot tell: ")]
        public void AGameDrawsUntilItIsTold(string play, int code, string begins)
        {
            AssertSays(
                Run("GameLoop.exe", sandbox.RelayUrl(play), Leases.PublicKeys, "SANDBOX-ACTIVE", "this-device"),
                code,
                begins);
        }

        [TestCase("CheckLicense.exe")]
        [TestCase("CheckOnServer.exe")]
        [TestCase("GameLoop.exe")]
        public void WrongUsageAllowsNothing(string example)
        {
            Assert.That(Run(example, "one", "two"), Is.EqualTo((2, "")));
        }

        private static void AssertSays((int Code, string Printed) said, int code, string begins)
        {
            Assert.That(said.Printed, Does.StartWith(begins));
            Assert.That(said.Printed.Split('\n'), Has.Length.EqualTo(2), said.Printed);
            Assert.That(said.Code, Is.EqualTo(code), said.Printed);
        }

        private (int Code, string Printed) CustomersProgram(string relayUrl) =>
            Run("CheckLicense.exe", relayUrl, Leases.PublicKeys, "SANDBOX-ACTIVE", "this-device");

        /// <summary>Runs an example beside the tests by the runtime that runs them, in the folder for its leases.</summary>
        private (int Code, string Printed) Run(string example, params string[] arguments)
        {
            string[] self = Self.Command();
            string tests = Path.GetDirectoryName(typeof(ExampleTests).Assembly.Location)!;
            string[] words = self.Skip(1).Take(self.Length - 2).Append(Path.Combine(tests, example)).ToArray();
            var start = new ProcessStartInfo(
                self[0], string.Join(" ", words.Concat(arguments).Select(word => "\"" + word + "\"")))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                WorkingDirectory = folder.Folder,
            };
            using Process process = Process.Start(start)!;
            string printed = process.StandardOutput.ReadToEnd();
            Assert.That(process.StandardError.ReadToEnd(), Does.Not.Contain("Unhandled"));
            process.WaitForExit();
            return (process.ExitCode, printed.Replace("\r\n", "\n"));
        }
    }
}
