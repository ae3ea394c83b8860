using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>A plan is created on the terms that were written, under every culture.</summary>
    internal sealed class PlanTests
    {
        private static readonly PlanRequest EveryField = new PlanRequest
        {
            ProductId = "prod_sandbox",
            AccountId = "biz_sandbox",
            PlanType = "renewal",
            Currency = "eur",
            InitialPrice = 1234.5,
            RenewalPrice = 19.99,
            BillingPeriod = 30,
            TrialPeriodDays = 14,
            ExpirationDays = 365,
            Title = "Gold",
            Description = "d",
            InternalNotes = "C:\\games\n🎮",
            ReleaseMethod = "buy_now",
            Visibility = "visible",
            Stock = 100,
            UnlimitedStock = false,
            SplitPayRequiredPayments = 2,
            Metadata = new Dictionary<string, object?> { ["edition"] = "gold" },
            CustomFields = new[]
            {
                new WhopCustomField
                {
                    Name = "Team", FieldType = "text", Placeholder = "\"Reds\"", Required = true, Order = 1,
                },
                new WhopCustomField { Name = "Größe", FieldType = "text" },
            },
            PaymentMethodConfiguration = new WhopPaymentMethodConfiguration
            {
                Enabled = new[] { "card", "paypal" },
                Disabled = new[] { "crypto" },
                IncludePlatformDefaults = false,
            },
            AdaptivePricingEnabled = true,
            CheckoutStyling = new WhopCheckoutStyling { BackgroundColor = "#fff", ButtonColor = "#000" },
            Image = new WhopImageUpload { DirectUploadId = "upload_1" },
            OverrideTaxType = "inclusive",
            ThreeDsLevel = "mandate_if_required",
            Attributes = new Dictionary<string, object?> { ["edition"] = "gold" },
            Sku = "G-1",
        };

        private const string EveryFieldJson =
            "{\"product_id\":\"prod_sandbox\",\"account_id\":\"biz_sandbox\",\"plan_type\":\"renewal\"," +
            "\"currency\":\"eur\",\"initial_price\":1234.5,\"renewal_price\":19.99,\"billing_period\":30," +
            "\"trial_period_days\":14,\"expiration_days\":365,\"title\":\"Gold\",\"description\":\"d\"," +
            "\"internal_notes\":\"C:\\\\games\\u000a🎮\",\"release_method\":\"buy_now\",\"visibility\":\"visible\"," +
            "\"stock\":100,\"unlimited_stock\":false,\"split_pay_required_payments\":2," +
            "\"metadata\":{\"edition\":\"gold\"},\"custom_fields\":[{\"field_type\":\"text\",\"name\":\"Team\"," +
            "\"order\":1,\"placeholder\":\"\\\"Reds\\\"\",\"required\":true}," +
            "{\"field_type\":\"text\",\"name\":\"Größe\"}]," +
            "\"payment_method_configuration\":{\"enabled\":[\"card\",\"paypal\"],\"disabled\":[\"crypto\"]," +
            "\"include_platform_defaults\":false},\"adaptive_pricing_enabled\":true," +
            "\"checkout_styling\":{\"background_color\":\"#fff\",\"button_color\":\"#000\"}," +
            "\"image\":{\"direct_upload_id\":\"upload_1\"},\"override_tax_type\":\"inclusive\"," +
            "\"three_ds_level\":\"mandate_if_required\",\"attributes\":{\"edition\":\"gold\"},\"sku\":\"G-1\"}";

        private static readonly V2PlanRequest EveryFieldOfV2 = new V2PlanRequest
        {
            ProductId = "prod_sandbox",
            AccessPassId = "prod_sandbox",
            PlanType = "renewal",
            AllowMultipleQuantity = true,
            BaseCurrency = "eur",
            BillingPeriod = 30,
            CardPayments = true,
            CoinbaseCommerceAccepted = false,
            CustomFields = new[]
            {
                new V2CustomField
                {
                    Name = "Team", FieldType = "text", Placeholder = "\"Reds\"", Required = true, Order = 1,
                },
                new V2CustomField { Name = "Größe", FieldType = "text" },
            },
            ExpirationDays = 365,
            GracePeriodDays = 7,
            InitialPrice = 1234.5,
            InternalNotes = "C:\\games\n🎮",
            OnePerUser = true,
            PeggedCurrencies = new[] { "usd", "eur" },
            Refillable = false,
            ReleaseMethod = "buy_now",
            ReleaseMethodSettings = new Dictionary<string, object?> { ["max_entries"] = 10, ["ends_at"] = null },
            RenewalPrice = 19.99,
            Requirements = new Dictionary<string, object?>
            {
                ["discord"] = new Dictionary<string, bool> { ["required"] = true },
                ["levels"] = new List<object> { 1.5f, -2L, 0.1m, "x" },
            },
            ShortLink = "game",
            Stock = 100,
            TrialPeriodDays = 14,
            UnlimitedStock = false,
            Visibility = "visible",
            Metadata = new Dictionary<string, object?> { ["edition"] = "gold" },
            PaymentLinkDescription = "p",
            PaypalAccepted = true,
            SplitPayRequiredPayments = 2,
            AchPayments = true,
            CancelCollabPasses = false,
            CancelDiscountIntervals = 3,
            CancelDiscountPercentage = 50,
            Description = "d",
            MimicPlanId = "plan_sandbox",
            OfferCancelDiscount = true,
            OnePerCompany = false,
            OverrideTaxType = "none",
            SetAsDefault = true,
        };

        private const string EveryFieldOfV2Json =
            "{\"product_id\":\"prod_sandbox\",\"access_pass_id\":\"prod_sandbox\",\"plan_type\":\"renewal\"," +
            "\"allow_multiple_quantity\":true,\"base_currency\":\"eur\",\"billing_period\":30,\"card_payments\":true," +
            "\"coinbase_commerce_accepted\":false,\"custom_fields\":[{\"name\":\"Team\",\"field_type\":\"text\"," +
            "\"placeholder\":\"\\\"Reds\\\"\",\"required\":true,\"order\":1},{\"name\":\"Größe\",\"field_type\":\"text\"}]," +
            "\"expiration_days\":365,\"grace_period_days\":7,\"initial_price\":1234.5," +
            "\"internal_notes\":\"C:\\\\games\\u000a🎮\",\"one_per_user\":true,\"pegged_currencies\":[\"usd\",\"eur\"]," +
            "\"refillable\":false,\"release_method\":\"buy_now\"," +
            "\"release_method_settings\":{\"max_entries\":10,\"ends_at\":null},\"renewal_price\":19.99," +
            "\"requirements\":{\"discord\":{\"required\":true},\"levels\":[1.5,-2,0.1,\"x\"]},\"short_link\":\"game\"," +
            "\"stock\":100,\"trial_period_days\":14,\"unlimited_stock\":false,\"visibility\":\"visible\"," +
            "\"metadata\":{\"edition\":\"gold\"},\"payment_link_description\":\"p\",\"paypal_accepted\":true," +
            "\"split_pay_required_payments\":2,\"ach_payments\":true,\"cancel_collab_passes\":false," +
            "\"cancel_discount_intervals\":3,\"cancel_discount_percentage\":50,\"description\":\"d\"," +
            "\"mimic_plan_id\":\"plan_sandbox\",\"offer_cancel_discount\":true,\"one_per_company\":false," +
            "\"override_tax_type\":\"none\",\"set_as_default\":true}";

        private Sandbox sandbox = null!;
        private WhopClient client = null!;
        private WhopClient v2 = null!;

        [OneTimeSetUp]
        public void Start()
        {
            sandbox = new Sandbox();
            client = sandbox.Client();
            v2 = sandbox.Client(WhopApi.V2);
        }

        [OneTimeTearDown]
        public void Stop()
        {
            client.Dispose();
            v2.Dispose();
            sandbox.Dispose();
        }

        [TestCase("")]
        [TestCase("tr-TR")]
        [TestCase("de-DE")]
        [TestCase("ar-SA")]
        public void TheJsonIsTheSameUnderEveryCulture(string culture)
        {
            CultureInfo before = CultureInfo.CurrentCulture;
            try
            {
                CultureInfo.CurrentCulture = new CultureInfo(culture)
                {
                    NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "minus " },
                };
                Assert.That(EveryField.ToJson(), Is.EqualTo(EveryFieldJson));
                Assert.That(EveryFieldOfV2.ToJson(), Is.EqualTo(EveryFieldOfV2Json));
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }
        }

        [Test]
        public void EveryFieldIsSetAboveAndAcceptedByTheNativeLibrary()
        {
            foreach (object request in new object[] { EveryField, EveryFieldOfV2 })
            {
                foreach (var property in request.GetType().GetProperties())
                {
                    Assert.That(property.GetValue(request), Is.Not.Null, property.Name);
                }
            }
            Assert.That(client.CreatePlan(EveryField).Id, Does.StartWith("plan_"));
            Assert.That(v2.CreatePlan(EveryFieldOfV2).Id, Does.StartWith("plan_"));
        }

        [Test]
        public void NothingSetIsAnEmptyObject()
        {
            Assert.That(new PlanRequest().ToJson(), Is.EqualTo("{}"));
            Assert.That(new V2PlanRequest().ToJson(), Is.EqualTo("{}"));
        }

        [TestCase(0.1)]
        [TestCase(19.99)]
        [TestCase(0.84551240822557006)]
        [TestCase(5e-324)]
        [TestCase(double.MaxValue)]
        [TestCase(1e16)]
        public void APriceReadsBackAsTheSameNumber(double price)
        {
            string json = new PlanRequest { InitialPrice = price }.ToJson();
            string text = json.Substring("{\"initial_price\":".Length).TrimEnd('}');
            Assert.That(double.Parse(text, CultureInfo.InvariantCulture), Is.EqualTo(price));
        }

        [TestCase(double.NaN)]
        [TestCase(double.PositiveInfinity)]
        [TestCase(double.NegativeInfinity)]
        public void APriceThatIsNotFiniteIsRefusedByName(double price)
        {
            var request = new PlanRequest { ProductId = "prod_sandbox", InitialPrice = price };
            AssertRefused("plan_json: initial_price: ", () => client.CreatePlan(request));
        }

        [Test]
        public void WhatHasNoJsonFormIsRefusedByPath()
        {
            var endless = new List<object>();
            endless.Add(endless);
            var dates = new object[] { DateTime.Now };
            AssertRefused("plan_json: metadata.list[0]: DateTime", () => Metadata("list", dates).ToJson());
            AssertRefused("too deeply", () => Metadata("list", endless).ToJson());
            AssertRefused("name in JSON", () => Metadata("map", new Dictionary<int, int> { [1] = 1 }).ToJson());
            static PlanRequest Metadata(string name, object value) =>
                new PlanRequest { Metadata = new Dictionary<string, object?> { [name] = value } };
        }

        [Test]
        public void ThePlanThatComesBackIsCopied()
        {
            CreatedPlan plan = client.CreatePlan(new PlanRequest
            {
                ProductId = "prod_sandbox",
                Currency = "eur",
                InitialPrice = 19.99,
            });
            Assert.That(plan.Id, Does.StartWith("plan_"));
            Assert.That(plan.ProductId, Is.EqualTo("prod_sandbox"));
            Assert.That(plan.Plan!.Id, Is.EqualTo(plan.Id));
            Assert.That(plan.Plan.InitialPrice, Is.EqualTo(19.99));
            Assert.That(plan.Plan.Currency, Is.EqualTo("eur"));
            Assert.That(plan.V2Plan, Is.Null);
            Assert.That(plan.Json, Does.StartWith("{"));
        }

        [Test]
        public void ThePlanThatComesBackOverV2IsCopied()
        {
            using WhopClient curious = sandbox.Client(WhopApi.V2, options => options.Expand = "product");
            CreatedPlan created = curious.CreatePlan(new V2PlanRequest
            {
                ProductId = "prod_sandbox",
                BaseCurrency = "eur",
                InitialPrice = 19.99,
                CustomFields = new[] { new V2CustomField { Name = "Team", FieldType = "text", Required = true } },
            });
            V2Plan plan = created.V2Plan!;
            Assert.That(created.Id, Does.StartWith("plan_"));
            Assert.That(created.ProductId, Is.EqualTo("prod_sandbox"));
            Assert.That(created.Plan, Is.Null);
            Assert.That(created.Json, Does.StartWith("{"));
            Assert.That(plan.Id, Is.EqualTo(created.Id));
            Assert.That(plan.Product!.Name, Is.EqualTo("Sandbox Game"));
            Assert.That(plan.InitialPrice, Is.EqualTo(19.99));
            Assert.That(plan.BaseCurrency, Is.EqualTo("eur"));
            Assert.That(plan.DirectLink, Does.Contain(plan.Id));
            Assert.That(plan.AcceptedPaymentMethods, Is.EqualTo(new[] { "stripe" }));
            Assert.That(plan.CustomFields.Single().Name, Is.EqualTo("Team"));
            Assert.That(plan.CustomFields.Single().Required, Is.True);
            Assert.That(plan.CreatedAt, Is.GreaterThan(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        }

        [TestCaseSource(nameof(Prices))]
        public void APriceReadsAsInEveryLanguage(string price, string number)
        {
            double? expected = number == "-" ? (double?)null : double.Parse(number, CultureInfo.InvariantCulture);
            string answer = "{\"id\":\"plan_x\",\"initial_price\":" + price + "}";
            Assert.That(Create(answer).V2Plan!.InitialPrice, Is.EqualTo(expected));
            Assert.That(Create(answer, WhopApi.Current).Plan!.InitialPrice, Is.EqualTo(expected));
        }

        [Test]
        public void EveryFormOfCreateAgrees()
        {
            var request = new PlanRequest { ProductId = "prod_sandbox", InternalNotes = "n" };
            var v2Request = new V2PlanRequest { ProductId = "prod_sandbox", InternalNotes = "n" };
            CreatedPlan[] plans =
            {
                Whop.CreatePlan(sandbox.Key(), request),
                client.CreatePlan(request),
                client.CreatePlan(request.ToJson()),
                client.CreatePlanAsync(request).Result,
                client.CreatePlanAsync(request.ToJson()).Result,
                v2.CreatePlan(v2Request),
                v2.CreatePlan(v2Request.ToJson()),
                v2.CreatePlanAsync(v2Request).Result,
                v2.CreatePlanAsync(v2Request.ToJson()).Result,
            };
            Assert.That(
                plans.Select(plan => plan.Plan?.InternalNotes ?? plan.V2Plan?.InternalNotes), Is.All.EqualTo("n"));
            Assert.That(plans.Select(plan => plan.Plan != null), Is.EqualTo(plans.Select((_, index) => index < 5)));
            Assert.That(plans.Select(plan => plan.Id).Distinct().Count(), Is.EqualTo(plans.Length));
        }

        [Test]
        public void AFieldOfTheOtherApiIsRefusedWithItsNameInThisOne()
        {
            AssertRefused("`currency`", () => client.CreatePlan(new V2PlanRequest { BaseCurrency = "eur" }));
            AssertRefused("API v2 alone", () => client.CreatePlan(new V2PlanRequest { OnePerUser = true }));
            AssertRefused("base_currency", () => v2.CreatePlan(new PlanRequest { Currency = "eur" }));
        }

        [Test]
        public void AnUnknownFieldIsRefusedUnlessAllowed()
        {
            const string Plan = "{\"product_id\":\"prod_sandbox\",\"curency\":\"eur\"}";
            AssertRefused("did you mean `currency`", () => client.CreatePlan(Plan));
            using var peer = new Peer();
            using WhopClient lenient = peer.Client(configure: options => options.AllowUnknownPlanFields = true);
            Task<CreatedPlan> create = lenient.CreatePlanAsync(Plan);
            Assert.That(peer.Receive(), Does.Contain("\"curency\":\"eur\""));
            peer.Answer("{\"id\":\"plan_1\"}");
            Assert.That(create.Result.Id, Is.EqualTo("plan_1"));
        }

        [Test]
        public void AnUnknownValueIsRefusedUnlessAllowed()
        {
            AssertRefused("visibility: ", () => client.CreatePlan("{\"visibility\":\"Visible\"}"));
            AssertRefused("visibility: ", () => v2.CreatePlan(new V2PlanRequest { Visibility = "Visible" }));
        }

        [Test]
        public void NullIsRefused()
        {
            AssertRefused("plan_json: NULL", () => client.CreatePlan((PlanRequest)null!));
            AssertRefused("plan_json: NULL", () => client.CreatePlan((V2PlanRequest)null!));
            AssertRefused("plan_json: NULL", () => client.CreatePlan((string)null!));
            AssertRefused("plan_json: NULL", () => Whop.CreatePlan(sandbox.Key(), null!));
        }

        [Test]
        public void CancellingACreateEndsTheWaiting()
        {
            using var peer = new Peer();
            using WhopClient asking = peer.Client(configure: options => options.Timeout = TimeSpan.FromMinutes(10));
            using var cancellation = new CancellationTokenSource();
            Task<CreatedPlan> create = asking.CreatePlanAsync(new PlanRequest { ProductId = "p" }, cancellation.Token);
            peer.Receive();
            cancellation.Cancel();
            Assert.That(() => create.Wait(5000), Throws.InnerException.InstanceOf<OperationCanceledException>());
        }

        private static IEnumerable<TestCaseData> Prices() =>
            from line in File.ReadAllLines(Repository.PathOf("tests/prices.txt")).Skip(1)
            let space = line.LastIndexOf(' ')
            select new TestCaseData(line.Substring(0, space), line.Substring(space + 1));

        private static CreatedPlan Create(string answer, WhopApi api = WhopApi.V2)
        {
            using var peer = new Peer();
            using WhopClient client = peer.Client(api);
            Task<CreatedPlan> create = client.CreatePlanAsync("{\"product_id\":\"p\"}");
            peer.Receive();
            peer.Answer(answer);
            return create.Result;
        }

        private static void AssertRefused(string words, TestDelegate code)
        {
            WhopException refused = Assert.Throws<WhopException>(code)!;
            Assert.That(refused.Status, Is.EqualTo(WhopStatus.InvalidArgument));
            Assert.That(refused.Message, Does.Contain(words));
        }
    }
}
