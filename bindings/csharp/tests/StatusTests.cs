using System;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>Each status, over either API and a real socket: by the table that every language's tests read.</summary>
    [TestFixture(WhopApi.Current)]
    [TestFixture(WhopApi.V2)]
    internal sealed class StatusTests
    {
        private static readonly string[][] Table = File.ReadAllLines(Repository.PathOf("tests/statuses.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries))
            .ToArray();

        private readonly WhopApi api;

        public StatusTests(WhopApi api) => this.api = api;

        [Test]
        public void EveryCallOfTheTableComesToItsStatus()
        {
            AssertTable(Made);
        }

        [Test]
        public void EveryCallOfTheTableComesToItsStatusWithoutAnException()
        {
            AssertTable(Tried);
        }

        [Test]
        public void AClosedPortIsUnreachable()
        {
            using var closed = new ClosedPort();
            var options = new WhopClientOptions { Api = api, MaxRetries = 0 };
            using var nowhere = new WhopClient("sandbox_" + closed.Number + "_full", options);
            AssertUndetermined(nowhere, "SANDBOX-ACTIVE", WhopStatus.Unreachable, 0);
        }

        [Test]
        public void SilenceIsNoAnswerWithinTheTimeout()
        {
            using var sandbox = new Sandbox("--slow-ms 60000");
            using WhopClient hasty = sandbox.Client(api, options =>
            {
                options.MaxRetries = 0;
                options.Timeout = TimeSpan.FromSeconds(1);
            });
            AssertUndetermined(hasty, "SANDBOX-SLOW", WhopStatus.NoAnswer, 0);
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

        [Test]
        public void AVerdictThatNobodyHasSetDecidesNothing()
        {
            Assert.That(default(WhopVerdict), Is.EqualTo(WhopVerdict.Undetermined));
        }

        /// <summary>The calls in the order of the table, of one sandbox.</summary>
        private void AssertTable(Func<WhopClient, string, string, string> outcome)
        {
            using var sandbox = new Sandbox("--rate-limit 0 --slow-ms 50");
            Assert.That(Table, Is.Not.Empty);
            foreach (string[] row in Table)
            {
                Assert.That(row, Has.Length.EqualTo(10));
                using WhopClient client = sandbox.Client(api, options => options.MaxRetries = 0, key: row[1]);
                string came = outcome(client, row[0], row[2]);
                string[] expected = row.Skip(api == WhopApi.V2 ? 6 : 3).Take(3).Append(row[9]).ToArray();
                if (row[0] == "create" && expected[0] == "0")
                {
                    expected[1] = "-"; // Not told of a plan that is created.
                }
                Assert.That(came, Is.EqualTo(string.Join(" ", expected)), string.Join(" ", row));
            }
        }

        /// <summary>Makes a call: yes and no are results, all else is an exception.</summary>
        private static string Made(WhopClient client, string call, string of)
        {
            try
            {
                switch (call)
                {
                    case "validate":
                        LicenseResult result = client.ValidateLicense(of, Sandbox.Device);
                        Assert.That(result.Verdict, Is.EqualTo(result.Status.Verdict()));
                        return Told(result);
                    case "reset":
                        ResetResult reset = client.ResetLicense(of);
                        Assert.That(reset.IsFree, Is.EqualTo(reset.Status == WhopStatus.Ok));
                        return Told(reset);
                    default:
                        Assert.That(call, Is.EqualTo("create"));
                        Assert.That(client.CreatePlan(of).Id, Does.StartWith("plan_"));
                        return Columns(WhopStatus.Ok, 0, null, null);
                }
            }
            catch (WhopException refused)
            {
                Assert.That(refused.Status.Verdict(), Is.EqualTo(WhopVerdict.Undetermined), refused.Message);
                Assert.That(refused.Message, Is.Not.Empty);
                Assert.That(refused.JsonBefore, Is.Null);
                return Columns(refused.Status, refused.HttpStatus, null, refused.RetryAfter);
            }
        }

        /// <summary>Makes a call in the form that never throws, where it has one.</summary>
        private static string Tried(WhopClient client, string call, string of)
        {
            switch (call)
            {
                case "validate":
                    WhopVerdict verdict = client.TryValidateLicense(of, Sandbox.Device, out LicenseResult result);
                    Assert.That(verdict, Is.EqualTo(result.Status.Verdict()));
                    Assert.That(result.Verdict, Is.EqualTo(verdict));
                    return Told(result);
                case "reset":
                    bool isFree = client.TryResetLicense(of, out ResetResult reset);
                    Assert.That(isFree, Is.EqualTo(reset.Status == WhopStatus.Ok));
                    return Told(reset);
                default:
                    return Made(client, call, of);
            }
        }

        private static string Told(LicenseAnswer answer)
        {
            Assert.That(answer.Message, Is.Not.Empty);
            return Columns(answer.Status, answer.HttpStatus, answer.LicenseStatus, answer.RetryAfter);
        }

        /// <summary>An outcome as the table writes it.</summary>
        private static string Columns(WhopStatus status, int httpStatus, string? licenseStatus, TimeSpan? retryAfter)
        {
            string http = httpStatus == 0 ? "-" : httpStatus.ToString();
            string wait = retryAfter == null ? "-" : retryAfter.Value.TotalMilliseconds.ToString();
            return (int)status + " " + http + " " + (licenseStatus ?? "-") + " " + wait;
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
