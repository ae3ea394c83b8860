using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>A reset frees the device and nothing else, and loses nothing when it is cut off.</summary>
    internal sealed class ResetTests
    {
        private const string Key = "SANDBOX-OTHER-DEVICE";

        private Sandbox sandbox = null!;

        [SetUp]
        public void Start() => sandbox = new Sandbox();

        [TearDown]
        public void Stop() => sandbox.Dispose();

        [TestCase(WhopApi.Current)]
        [TestCase(WhopApi.V2)]
        public void TheNextDeviceIsBound(WhopApi api)
        {
            using WhopClient client = sandbox.Client(api);
            ResetResult reset = client.ResetLicense(Key);
            Assert.That(reset.IsFree);
            Assert.That(reset.Status, Is.EqualTo(WhopStatus.Ok));
            Assert.That(reset.MembershipId, Is.EqualTo("mem_other_device"));
            Assert.That(reset.ProductId, Is.EqualTo("prod_sandbox"));
            Assert.That(reset.Membership?.Id ?? reset.V2Membership?.Id, Is.EqualTo("mem_other_device"));
            Assert.That(client.ValidateLicense(Key, Sandbox.Device).Status, Is.EqualTo(WhopStatus.Ok));
            Assert.That(
                client.ValidateLicense(Key, "{\"hwid\":\"another-device\"}").Status,
                Is.EqualTo(WhopStatus.DeviceMismatch));
        }

        [TestCase(WhopApi.Current)]
        [TestCase(WhopApi.V2)]
        public void EveryFormOfTheResetAgrees(WhopApi api)
        {
            using WhopClient client = sandbox.Client(api);
            Assert.That(client.TryResetLicense(Key, out ResetResult tried));
            ResetResult[] results =
            {
                tried,
                client.ResetLicense(Key),
                client.ResetLicenseAsync(Key).Result,
                client.TryResetLicenseAsync(Key).Result,
            };
            Assert.That(results.Select(r => r.ToString()), Is.All.EqualTo("WHOP_OK: " + tried.Message));
            Assert.That(results.Select(r => r.IsFree), Is.All.True);

            Assert.That(client.TryResetLicense("NO-SUCH-KEY", out ResetResult missing), Is.False);
            ResetResult[] denials =
            {
                missing,
                client.ResetLicense("NO-SUCH-KEY"),
                client.ResetLicenseAsync("NO-SUCH-KEY").Result,
                client.TryResetLicenseAsync("NO-SUCH-KEY").Result,
            };
            Assert.That(denials.Select(r => r.Status), Is.All.EqualTo(WhopStatus.LicenseNotFound));
            Assert.That(denials.Select(r => r.IsFree), Is.All.False);

            Assert.That(client.TryResetLicense(null!, out ResetResult refused), Is.False);
            Assert.That(refused.Status, Is.EqualTo(WhopStatus.InvalidArgument));
            WhopException thrown = Assert.Throws<WhopException>(() => client.ResetLicense(null!))!;
            Assert.That(thrown.Message, Is.EqualTo(refused.Message));
            Assert.That(client.TryResetLicense("K\0", out refused), Is.False);
            Assert.That(refused.Message, Does.StartWith("license_key: "));
        }

        [TestCase(WhopApi.Current)]
        [TestCase(WhopApi.V2)]
        public void WhatTheSellerKeepsBesideTheDeviceStays(WhopApi api)
        {
            using WhopClient client = sandbox.Client(api);
            // Over the current API, since to v2 the notes are another device.
            sandbox.Client().ValidateLicense("SANDBOX-NOTED", Sandbox.Device);
            Assert.That(client.ResetLicense("SANDBOX-NOTED").Json, Does.Contain("VIP").And.Not.Contain("this-device"));
        }

        [TestCase(WhopApi.Current)]
        [TestCase(WhopApi.V2)]
        public void WhatGoesIsTheValueUnderTheMetadataKey(WhopApi api)
        {
            using WhopClient other = sandbox.Client(api, options => options.MetadataKey = "HWID");
            Assert.That(other.ResetLicense(Key).IsFree);
            using WhopClient client = sandbox.Client(api);
            Assert.That(
                client.ValidateLicense(Key, Sandbox.Device).Status, Is.EqualTo(WhopStatus.DeviceMismatch));
        }

        [TestCase(WhopApi.Current)]
        [TestCase(WhopApi.V2)]
        public void AKeyThatMayOnlyReadFreesNothing(WhopApi api)
        {
            using WhopClient reader = sandbox.Client(api, key: "read");
            Assert.That(reader.TryResetLicense(Key, out ResetResult refused), Is.False);
            Assert.That(refused.Status, Is.EqualTo(WhopStatus.Forbidden));
            WhopException thrown = Assert.Throws<WhopException>(() => reader.ResetLicense(Key))!;
            Assert.That(thrown.Message, Is.EqualTo(refused.Message));
            Assert.That(thrown.JsonBefore, Is.Null);
        }

        [Test]
        public void OneThatIsCutOffHalfWayGivesTheMembershipOfBefore()
        {
            string before = Peer.Membership(WhopApi.Current, "{\"hwid\":\"a-device\",\"note\":\"a-secret\"}");
            using var peer = new Peer();
            using WhopClient client = peer.Client();

            Task<ResetResult> reset = client.ResetLicenseAsync("K");
            CutOffHalfWay(peer, before);
            var thrown = (WhopException)Assert.Throws<AggregateException>(() => reset.Wait())!.InnerException!;
            Assert.That(thrown.Status, Is.EqualTo(WhopStatus.NoAnswer));
            Assert.That(thrown.JsonBefore, Is.EqualTo(before));
            Assert.That(thrown.Message, Does.Contain("cleared"));
            foreach (string said in new[] { thrown.Message, thrown.ToString() })
            {
                Assert.That(said, Does.Not.Contain("a-device").And.Not.Contain("a-secret").And.Not.Contain("mem_1"));
            }
            Assert.That(thrown.Data, Is.Empty);

            Task<ResetResult> attempt = client.TryResetLicenseAsync("K");
            CutOffHalfWay(peer, before);
            Assert.That(attempt.Result.IsFree, Is.False);
            Assert.That(attempt.Result.Status, Is.EqualTo(WhopStatus.NoAnswer));
            Assert.That(attempt.Result.Json, Is.EqualTo(before));
            Assert.That(attempt.Result.ToString(), Is.EqualTo("WHOP_NO_ANSWER: " + thrown.Message));
        }

        [Test]
        public void OneThatIsCutOffBeforeItBeganHasNothingToWriteBack()
        {
            using var peer = new Peer();
            using WhopClient client = peer.Client();
            Task<ResetResult> reset = client.ResetLicenseAsync("K");
            peer.Receive();
            peer.Drop();
            var thrown = (WhopException)Assert.Throws<AggregateException>(() => reset.Wait())!.InnerException!;
            Assert.That(thrown.Status, Is.EqualTo(WhopStatus.NoAnswer));
            Assert.That(thrown.JsonBefore, Is.Null);
        }

        [Test]
        public void CancellingEndsTheWaiting()
        {
            using var peer = new Peer();
            using WhopClient client = peer.Client();
            using var cancellation = new CancellationTokenSource();
            Task<ResetResult> reset = client.ResetLicenseAsync("K", cancellation.Token);
            peer.Receive();
            cancellation.Cancel();
            Assert.That(() => reset.Wait(5000), Throws.InnerException.InstanceOf<OperationCanceledException>());
        }

        /// <summary>All metadata is cleared, and the connection closed before the rest is written back.</summary>
        private static void CutOffHalfWay(Peer peer, string before)
        {
            peer.Receive();
            peer.Answer(before, "200 OK");
            Assert.That(peer.Receive(), Is.EqualTo("{\"metadata\":{}}"));
            peer.Answer(Peer.Membership(WhopApi.Current, "{}"), "200 OK");
            Assert.That(peer.Receive(), Is.EqualTo("{\"metadata\":{\"note\":\"a-secret\"}}"));
            peer.Drop();
        }
    }
}
