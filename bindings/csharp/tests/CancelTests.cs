using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>Calls that are under way can be ended, at once and together; those that are done stay as they are.</summary>
    internal sealed class CancelTests
    {
        private const int Many = 50;
        private const int Patience = 10000;

        private Mute mute = null!;
        private WhopClient client = null!;

        [SetUp]
        public void Start()
        {
            mute = new Mute();
            client = mute.Client();
        }

        [TearDown]
        public void Stop()
        {
            client.Dispose();
            mute.Dispose();
        }

        [Test]
        public void ATokenStopsTheRequestsAndCancelsTheTasks()
        {
            using var cancellation = new CancellationTokenSource();
            Task<LicenseResult>[] checks = Started(cancellation.Token);
            cancellation.Cancel();
            Assert.That(checks.Select(check => check.IsCanceled), Is.All.True);
            var thrown = Assert.CatchAsync<OperationCanceledException>(async () => await checks[0])!;
            Assert.That(thrown.CancellationToken, Is.EqualTo(cancellation.Token));
            mute.AwaitClosed();
        }

        [Test]
        public void CancellingOneTaskLeavesTheOthers()
        {
            using var cancellation = new CancellationTokenSource();
            Task<LicenseResult>[] others = Started(default);
            Task<LicenseResult> one = client.TryValidateLicenseAsync("K", "{}", cancellation.Token);
            mute.Receive(1);
            cancellation.Cancel();
            Assert.That(one.IsCanceled);
            Assert.That(others.Select(check => check.IsCompleted), Is.All.False);
        }

        [Test]
        public void CancelAllEndsEveryFormOfACallAsCanceledAndSparesLaterOnes()
        {
            AssertEndedBy(client.CancelAll);
            Task<LicenseResult> later = client.TryValidateLicenseAsync("K", "{}");
            mute.Receive(1);
            Assert.That(later.IsCompleted, Is.False);
        }

        [Test]
        public void DisposingEndsEveryFormOfACallAsCanceled()
        {
            AssertEndedBy(client.Dispose);
            Assert.That(
                async () => await client.ValidateLicenseAsync("K", "{}"), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(client.TryValidateLicenseAsync("K", "{}").Result.Message, Does.Contain("disposed"));
        }

        [Test]
        public void ACancellationThatComesLateChangesNothing()
        {
            using var peer = new Peer();
            using WhopClient asking = peer.Client();
            using var cancellation = new CancellationTokenSource();
            Task<LicenseResult> check = asking.ValidateLicenseAsync("K", Peer.Device, cancellation.Token);
            peer.Receive();
            peer.Answer(Peer.Membership(WhopApi.Current));
            Assert.That(check.Wait(Patience));
            cancellation.Cancel();
            asking.CancelAll();
            asking.Dispose();
            Assert.That(check.Result.Verdict, Is.EqualTo(WhopVerdict.Allowed));
        }

        [Test]
        public void ACallOutlivesAClientThatNobodyHolds()
        {
            using var peer = new Peer();
            Task<LicenseResult> check = CheckOfAForgottenClient(peer);
            peer.Receive();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            peer.Answer(Peer.Membership(WhopApi.Current));
            Assert.That(check.Wait(Patience));
            Assert.That(check.Result.Verdict, Is.EqualTo(WhopVerdict.Allowed));
        }

        [Test]
        public void WhatGoesOnFromATaskMayWaitForAnotherCall()
        {
            using var peer = new Peer();
            using WhopClient asking = peer.Client();
            Task<WhopVerdict> both = asking.ValidateLicenseAsync("K", Peer.Device).ContinueWith(
                first => asking.ValidateLicenseAsync("K", Peer.Device).Result.Verdict,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            for (int i = 0; i < 2; i++)
            {
                peer.Receive();
                peer.Answer(Peer.Membership(WhopApi.Current));
            }
            Assert.That(both.Wait(Patience));
            Assert.That(both.Result, Is.EqualTo(WhopVerdict.Allowed));
        }

        [Test]
        public void NoThreadOfThePoolWaits()
        {
            ThreadPool.GetAvailableThreads(out int before, out _);
            Started(default);
            ThreadPool.GetAvailableThreads(out int during, out _);
            Assert.That(during, Is.GreaterThan(before - Many));
        }

        [Test]
        public void AConnectionIsOpenedAheadOfNeedAndUsed()
        {
            Assert.That(client.Connect(), Is.EqualTo(WhopStatus.Ok));
            Assert.That(client.ConnectAsync().Result, Is.EqualTo(WhopStatus.Ok));
            Task<LicenseResult> check = client.TryValidateLicenseAsync("K", "{}");
            mute.Receive(1); // on the first connection
            Assert.That(check.IsCompleted, Is.False);

            using var closed = new ClosedPort();
            using var nowhere = new WhopClient("a_key", new WhopClientOptions { BaseUrl = closed.Url });
            Assert.That(nowhere.Connect(), Is.EqualTo(WhopStatus.Unreachable));
            nowhere.Dispose();
            Assert.Throws<ObjectDisposedException>(() => nowhere.Connect());
            Assert.Throws<ObjectDisposedException>(nowhere.CancelAll);
        }

        /// <summary>Many checks whose requests have arrived.</summary>
        private Task<LicenseResult>[] Started(CancellationToken cancellation)
        {
            Task<LicenseResult>[] checks = Enumerable.Range(0, Many)
                .Select(_ => client.TryValidateLicenseAsync("K", "{}", cancellation)).ToArray();
            mute.Receive(Many);
            return checks;
        }

        private void AssertEndedBy(Action end)
        {
            Task<LicenseResult>[] tried = Started(default);
            Task<LicenseResult> made = client.ValidateLicenseAsync("K", "{}");
            Task<ResetResult> reset = client.TryResetLicenseAsync("K");
            Task<CreatedPlan> plan = client.CreatePlanAsync("{}");
            LicenseResult? blocking = null;
            var thread = new Thread(() => client.TryValidateLicense("K", "{}", out blocking));
            thread.Start();
            mute.Receive(4);
            end();
            Assert.That(thread.Join(Patience));
            Assert.That(blocking!.Status, Is.EqualTo(WhopStatus.Canceled));
            Assert.That(Task.WaitAll(tried, Patience));
            Assert.That(tried.Select(check => check.Result.Status), Is.All.EqualTo(WhopStatus.Canceled));
            Assert.That(tried.Select(check => check.Result.Verdict), Is.All.EqualTo(WhopVerdict.Undetermined));
            Assert.That(reset.Result.Status, Is.EqualTo(WhopStatus.Canceled));
            foreach (Task failed in new Task[] { made, plan })
            {
                WhopException thrown = Assert.ThrowsAsync<WhopException>(async () => await failed)!;
                Assert.That(thrown.Status, Is.EqualTo(WhopStatus.Canceled));
            }
            mute.AwaitClosed();
        }

        private static Task<LicenseResult> CheckOfAForgottenClient(Peer peer) =>
            peer.Client().ValidateLicenseAsync("K", Peer.Device);
    }
}
