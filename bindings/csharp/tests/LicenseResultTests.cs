using System;
using System.Linq;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>What comes back is copied whole, whatever Whop sends.</summary>
    internal sealed class LicenseResultTests
    {
        private const string EveryField = @"{
            ""id"": ""mem_1"", ""company_id"": ""biz_1"", ""product"": ""prod_1"", ""user"": ""user_1"", ""plan"": ""plan_1"",
            ""promo_code"": ""promo_1"", ""email"": ""e"", ""stripe_subscription_id"": ""sub_1"",
            ""stripe_customer_id"": ""cus_1"", ""status"": ""active"", ""valid"": true, ""cancel_at_period_end"": true,
            ""payment_processor"": ""stripe"", ""license_key"": ""K"", ""quantity"": 3, ""wallet_address"": ""0x1"",
            ""custom_field_responses"": [{""id"": ""cfr_1"", ""question"": ""Q"", ""answer"": ""A"", ""created_at"": 1,
                ""updated_at"": 2}, {""id"": ""cfr_2""}],
            ""discord"": {""id"": ""42"", ""username"": ""du"", ""image_url"": ""di""}, ""nft_tokens"": [""n1"", ""n2""],
            ""expires_at"": 4102444800, ""renewal_period_start"": 86400, ""renewal_period_end"": 172800,
            ""created_at"": 0, ""manage_url"": ""mu"", ""affiliate_page_url"": ""au"", ""checkout_session"": ""ch_1"",
            ""affiliate_username"": ""an"", ""access_pass"": ""prod_1"", ""telegram_account_id"": ""t"",
            ""phone_number"": ""+1"", ""split_pay_required_payments"": 4}";

        [Test]
        public void EveryFieldIsCopied()
        {
            Membership m = Check(EveryField).Membership;
            Assert.That(
                new[]
                {
                    m.Id, m.CompanyId, m.ProductId, m.UserId, m.PlanId, m.PromoCodeId, m.Email, m.StripeSubscriptionId,
                    m.StripeCustomerId, m.Status, m.PaymentProcessor, m.LicenseKey, m.WalletAddress, m.DiscordId,
                    m.DiscordUsername, m.DiscordImageUrl, m.ManageUrl, m.AffiliatePageUrl, m.CheckoutSession,
                    m.AffiliateUsername, m.AccessPass, m.TelegramAccountId, m.PhoneNumber,
                },
                Is.EqualTo(new[]
                {
                    "mem_1", "biz_1", "prod_1", "user_1", "plan_1", "promo_1", "e", "sub_1", "cus_1", "active", "stripe",
                    "K", "0x1", "42", "du", "di", "mu", "au", "ch_1", "an", "prod_1", "t", "+1",
                }));
            Assert.That(m.Valid, Is.True);
            Assert.That(m.CancelAtPeriodEnd, Is.True);
            Assert.That(m.Quantity, Is.EqualTo(3));
            Assert.That(m.SplitPayRequiredPayments, Is.EqualTo(4));
            Assert.That(m.NftTokens, Is.EqualTo(new[] { "n1", "n2" }));
            Assert.That(m.CreatedAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(0)));
            Assert.That(m.ExpiresAt, Is.EqualTo(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)));
            Assert.That(m.RenewalPeriodStart, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(86400)));
            Assert.That(m.RenewalPeriodEnd, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(172800)));
            Assert.That(m.CustomFieldResponses.Select(r => r.Id), Is.EqualTo(new[] { "cfr_1", "cfr_2" }));
            Assert.That(m.CustomFieldResponses[0].Question, Is.EqualTo("Q"));
            Assert.That(m.CustomFieldResponses[0].Answer, Is.EqualTo("A"));
            Assert.That(m.CustomFieldResponses[0].CreatedAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1)));
            Assert.That(m.CustomFieldResponses[0].UpdatedAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(2)));
            Assert.That(new object?[] { m.Product, m.User, m.Plan }, Is.All.Null);
        }

        [Test]
        public void ExpandedObjectsKeepTheirIds()
        {
            Membership m = Check(@"{""id"": ""mem_1"", ""valid"": true,
                ""product"": {""id"": ""prod_1"", ""name"": ""Game"", ""visibility"": ""visible"", ""created_at"": 1},
                ""user"": {""id"": ""user_1"", ""username"": ""u"", ""email"": ""e"", ""profile_pic_url"": ""p""},
                ""plan"": {""id"": ""plan_1"", ""renewal_price"": ""19.99"", ""initial_price"": ""0.0""},
                ""promo_code"": {""id"": ""promo_1""}}").Membership;
            Assert.That(
                new[] { m.ProductId, m.UserId, m.PlanId, m.PromoCodeId },
                Is.EqualTo(new[] { "prod_1", "user_1", "plan_1", "promo_1" }));
            Assert.That(m.Product!.Name, Is.EqualTo("Game"));
            Assert.That(m.Product.Visibility, Is.EqualTo("visible"));
            Assert.That(m.Product.CreatedAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1)));
            Assert.That(m.User!.Username, Is.EqualTo("u"));
            Assert.That(m.User.Email, Is.EqualTo("e"));
            Assert.That(m.User.ProfilePictureUrl, Is.EqualTo("p"));
            Assert.That(m.Plan!.RenewalPrice, Is.EqualTo(19.99));
            Assert.That(m.Plan.InitialPrice, Is.EqualTo(0.0));
        }

        [Test]
        public void WhatIsMissingNullOrOfAnotherTypeIsNull()
        {
            LicenseResult result = Check(
                @"{""id"": ""mem_1"", ""valid"": true, ""email"": null, ""quantity"": ""3"", ""company_id"": 7}");
            Assert.That(result.Verdict, Is.EqualTo(WhopVerdict.Allowed));
            Membership m = result.Membership;
            Assert.That(new object?[] { m.Email, m.Quantity, m.CompanyId, m.Status, m.ExpiresAt, m.ProductId }, Is.All.Null);
            Assert.That(m.NftTokens, Is.Empty);
            Assert.That(m.CustomFieldResponses, Is.Empty);
        }

        [Test]
        public void ATokenThatComesAloneIsAListOfOne()
        {
            Membership m = Check(@"{""id"": ""mem_1"", ""valid"": true, ""nft_tokens"": ""n1""}").Membership;
            Assert.That(m.NftTokens, Is.EqualTo(new[] { "n1" }));
        }

        [Test]
        public void AListEndsBeforeTheFirstItemOfAnotherForm()
        {
            LicenseResult result = Check(@"{""id"": ""mem_1"", ""valid"": true, ""nft_tokens"": [""a"", 1, ""b""], ""custom_field_responses"":
                [{""question"": ""Q""}, {""answer"": ""A""}, 7, {""id"": ""cfr_4""}]}");
            Membership m = result.Membership;
            Assert.That(m.NftTokens, Is.EqualTo(new[] { "a" }));
            Assert.That(m.CustomFieldResponses.Select(r => r.Question), Is.EqualTo(new[] { "Q", null }));
            Assert.That(m.CustomFieldResponses.Select(r => r.Answer), Is.EqualTo(new[] { null, "A" }));
            Assert.That(result.Json, Does.Contain("cfr_4"));
        }

        [TestCase(long.MaxValue)]
        [TestCase(253402300800)]
        public void ATimeBeyondTheCalendarIsItsEnd(long seconds)
        {
            LicenseResult result = Check("{\"id\": \"mem_1\", \"valid\": true, \"expires_at\": " + seconds + "}");
            Assert.That(result.Membership.ExpiresAt!.Value.Year, Is.EqualTo(9999));
        }

        [Test]
        public void TextBeyondTheBasicPlaneSurvivesBothWays()
        {
            using var peer = new Peer();
            using WhopClient client = peer.Client();
            Task<LicenseResult> check = client.ValidateLicenseAsync("K", "{\"hwid\":\"Şğ漢𝄞🎮\"}");
            Assert.That(peer.Receive(), Is.EqualTo("{\"metadata\":{\"hwid\":\"Şğ漢𝄞🎮\"}}"));
            peer.Answer("{\"id\":\"mem_1\",\"valid\":true,\"affiliate_username\":\"𝄞🎮\"}");
            Assert.That(check.Result.Membership.AffiliateUsername, Is.EqualTo("𝄞🎮"));
            Assert.That(check.Result.Json, Is.EqualTo("{\"id\":\"mem_1\",\"valid\":true,\"affiliate_username\":\"𝄞🎮\"}"));
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

        private static LicenseResult Check(string answer)
        {
            using var peer = new Peer();
            using WhopClient client = peer.Client();
            Task<LicenseResult> check = client.ValidateLicenseAsync("K", Sandbox.Device);
            peer.Receive();
            peer.Answer(answer);
            return check.Result;
        }
    }
}
