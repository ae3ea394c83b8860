using System;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>What comes back is copied whole, and reads the same over either API.</summary>
    internal sealed class LicenseResultTests
    {
        [Test]
        public void TheFactsReadTheSameOverEitherApi()
        {
            LicenseResult current = Check(
                @"{""id"":""mem_1"",""license_key"":""K"",""status"":""active"",""product_id"":""prod_1"",
                ""plan_id"":""plan_1"",""current_period_end"":""2100-01-01T00:00:00.999Z"",""metadata"":{}}",
                WhopApi.Current);
            LicenseResult v2 = Check(
                @"{""id"":""mem_1"",""valid"":true,""status"":""active"",""product"":""prod_1"",
                ""plan"":{""id"":""plan_1""},""expires_at"":4102444800}");
            foreach (LicenseResult result in new[] { current, v2 })
            {
                Assert.That(result.MembershipId, Is.EqualTo("mem_1"));
                Assert.That(result.LicenseStatus, Is.EqualTo("active"));
                Assert.That(result.ProductId, Is.EqualTo("prod_1"));
                Assert.That(result.PlanId, Is.EqualTo("plan_1"));
                Assert.That(result.ExpiresAt, Is.EqualTo(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)));
                Assert.That(result.ExpiresAt!.Value.Offset, Is.EqualTo(TimeSpan.Zero));
            }
            Assert.That(current.Membership!.LicenseKey, Is.EqualTo("K"));
            Assert.That(current.V2Membership, Is.Null);
            Assert.That(v2.Membership, Is.Null);
        }

        [TestCase(WhopApi.Current)]
        [TestCase(WhopApi.V2)]
        public void WhatTheAnswerDoesNotSayIsNull(WhopApi api)
        {
            LicenseResult result = Check(
                "{\"id\":\"mem_1\",\"license_key\":\"K\",\"valid\":true,\"status\":null}", api);
            Assert.That(result.MembershipId, Is.EqualTo("mem_1"));
            Assert.That(
                new object?[] { result.LicenseStatus, result.ProductId, result.PlanId, result.ExpiresAt }, Is.All.Null);

            LicenseResult none = Check("{\"error\":{\"type\":\"not_found\",\"message\":\"Uh oh\"}}", api);
            Assert.That(new object?[] { none.MembershipId, none.Membership, none.V2Membership }, Is.All.Null);
            Assert.That(none.Json, Does.Contain("Uh oh"));
        }

        [Test]
        public void TextBeyondTheBasicPlaneSurvivesBothWays()
        {
            const string Sent = "{\"hwid\":\"Şğ漢𝄞🎮\"}";
            string bound = Peer.Membership(WhopApi.Current, Sent);
            using var peer = new Peer();
            using WhopClient client = peer.Client();
            Task<LicenseResult> check = client.ValidateLicenseAsync("K", Sent);
            peer.Receive();
            peer.Answer(Peer.Membership(WhopApi.Current, "{}"));
            Assert.That(peer.Receive(), Is.EqualTo("{\"metadata\":" + Sent + "}"));
            peer.Answer(bound);
            peer.Receive();
            peer.Answer(bound);
            Assert.That(check.Result.Json, Is.EqualTo(bound));
            LicenseResult named = Check("{\"id\":\"mem_1\",\"valid\":true,\"affiliate_username\":\"𝄞🎮\"}");
            Assert.That(named.V2Membership!.AffiliateUsername, Is.EqualTo("𝄞🎮"));
        }

        [Test]
        public void AnAbsurdWaitDoesNotOverflow()
        {
            using var peer = new Peer();
            using WhopClient client = peer.Client();
            Task<LicenseResult> check = client.TryValidateLicenseAsync("K", Sandbox.Device);
            peer.Receive();
            peer.Answer("{}", "429 Too Many Requests\r\nRetry-After: 9223372036854775807");
            Assert.That(check.Result.Status, Is.EqualTo(WhopStatus.RateLimited));
            Assert.That(check.Result.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        }

        /// <summary>What comes of the answer to a check that binds nothing.</summary>
        private static LicenseResult Check(string answer, WhopApi api = WhopApi.V2)
        {
            using var peer = new Peer();
            using WhopClient client = peer.Client(api);
            Task<LicenseResult> check = client.TryValidateLicenseAsync("K", "{}");
            peer.Receive();
            peer.Answer(answer);
            return check.Result;
        }
    }
}
