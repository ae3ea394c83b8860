using System.Linq;
using System.Net;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>
    /// Every lease, good and forged, online and from the lease file: by the table that every language's tests read.
    /// </summary>
    internal sealed class LeaseTests
    {
        private const string License = "SANDBOX-ACTIVE";

        private Sandbox sandbox = null!;

        [OneTimeSetUp]
        public void Start()
        {
            sandbox = new Sandbox();
            // A good lease, which one that is replayed repeats.
            using WhopClient client = sandbox.Relay("good");
            Assert.That(client.ValidateLicense(License, Sandbox.Device).Status, Is.EqualTo(WhopStatus.Ok));
        }

        [OneTimeTearDown]
        public void Stop() => sandbox.Dispose();

        [Test]
        public void TheTableIsWhole()
        {
            Assert.That(Leases.Cases.Count, Is.GreaterThan(200));
            Assert.That(
                Leases.Cases.Select(row => row.Offline).Distinct(), Is.EquivalentTo(new[] { "yes", "no", "-" }));
            Assert.That(Leases.PublicKeys.Split(','), Has.Length.EqualTo(2));
        }

        [Test]
        public void OnlineEveryLeaseComesToItsStatus()
        {
            foreach ((string name, WhopStatus status, _) in Leases.Cases)
            {
                using WhopClient client = sandbox.Relay(name);
                WhopVerdict verdict = client.TryValidateLicense(License, Sandbox.Device, out LicenseResult result);
                Assert.That(result.Status, Is.EqualTo(status), name + ": " + result);
                Assert.That(verdict, Is.EqualTo(status.Verdict()), name);
                Assert.That(result.IsOffline, Is.False, name);
                Assert.That(new object?[] { result.Membership, result.V2Membership }, Is.All.Null, name);
                if (verdict == WhopVerdict.Undetermined)
                {
                    WhopException thrown = Assert.Throws<WhopException>(
                        () => client.ValidateLicense(License, Sandbox.Device), name)!;
                    Assert.That(thrown.Status, Is.EqualTo(status), name);
                    Assert.That(thrown.JsonBefore, Is.Null, name);
                }
            }
        }

        [Test]
        public void OfflineOnlyAGrantOfTheRelayStandsIn()
        {
            using var away = new ClosedPort();
            foreach ((string name, _, string offline) in Leases.Cases.Where(row => row.Offline != "-"))
            {
                using var folder = new LeaseFolder();
                using (var web = new WebClient { Proxy = null })
                {
                    string query = "/lease-file?key=" + License + "&device=this-device";
                    web.DownloadFile(sandbox.RelayUrl(name) + query, folder.LeaseFile);
                }
                using WhopClient client = Leases.Client(away.Url, options => options.LeaseFile = folder.LeaseFile);
                client.TryValidateLicense(License, Sandbox.Device, out LicenseResult result);
                bool stands = offline == "yes";
                Assert.That(
                    result.Status,
                    Is.EqualTo(stands ? WhopStatus.Ok : WhopStatus.Unreachable), name + ": " + result);
                Assert.That(result.IsOffline, Is.EqualTo(stands), name);
                Assert.That(result.HttpStatus, Is.Zero, name);
                Assert.That(result.MembershipId, Is.EqualTo(stands ? "mem_active" : null), name);
            }
        }
    }
}
