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
            AccessPassId = "prod_sandbox",
            PlanType = "renewal",
            AllowMultipleQuantity = true,
            BaseCurrency = "eur",
            BillingPeriod = 30,
            CardPayments = true,
            CoinbaseCommerceAccepted = false,
            CustomFields = new[]
            {
                new PlanCustomField { Name = "Team", Placeholder = "\"Reds\"", Required = true, Order = 1 },
                new PlanCustomField { Name = "Größe" },
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

        private const string EveryFieldJson =
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

        [OneTimeSetUp]
        public void Start()
        {
            sandbox = new Sandbox();
            client = sandbox.Client();
        }

        [OneTimeTearDown]
        public void Stop()
        {
            client.Dispose();
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
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }
        }

        [Test]
        public void EveryFieldIsSetAboveAndAcceptedByTheNativeLibrary()
        {
            foreach (var property in typeof(PlanRequest).GetProperties())
            {
                Assert.That(property.GetValue(EveryField), Is.Not.Null, property.Name);
            }
            Assert.That(client.CreatePlan(EveryField).Id, Does.StartWith("plan_"));
        }

        [Test]
        public void NothingSetIsAnEmptyObject()
        {
            Assert.That(new PlanRequest().ToJson(), Is.EqualTo("{}"));
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
            using WhopClient curious = sandbox.Client(options => options.Expand = "product");
            Plan plan = curious.CreatePlan(new PlanRequest
            {
                ProductId = "prod_sandbox",
                BaseCurrency = "eur",
                InitialPrice = 19.99,
                CustomFields = new[] { new PlanCustomField { Name = "Team", Required = true } },
            });
            Assert.That(plan.Id, Does.StartWith("plan_"));
            Assert.That(plan.ProductId, Is.EqualTo("prod_sandbox"));
            Assert.That(plan.Product!.Name, Is.EqualTo("Sandbox Game"));
            Assert.That(plan.InitialPrice, Is.EqualTo(19.99));
            Assert.That(plan.BaseCurrency, Is.EqualTo("eur"));
            Assert.That(plan.DirectLink, Does.Contain(plan.Id));
            Assert.That(plan.AcceptedPaymentMethods, Is.EqualTo(new[] { "stripe" }));
            Assert.That(plan.CustomFields.Single().Name, Is.EqualTo("Team"));
            Assert.That(plan.CustomFields.Single().Required, Is.True);
            Assert.That(plan.CreatedAt, Is.GreaterThan(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)));
            Assert.That(plan.Json, Does.StartWith("{"));
        }

        [Test]
        public void EveryFieldOfAPlanIsCopied()
        {
            // Each field holds its own place, so that two that were swapped show.
            string[] texts =
            {
                "id", "company_id", "product", "plan_type", "release_method", "visibility", "internal_notes",
                "payment_link_description", "direct_link", "base_currency", "access_pass", "description", "short_link",
                "override_tax_type",
            };
            string[] numbers =
            {
                "billing_period", "renewal_price", "initial_price", "stock", "expiration_days", "grace_period_days",
                "trial_period_days", "split_pay_required_payments", "cancel_discount_intervals",
                "cancel_discount_percentage",
            };
            string[] flags =
            {
                "unlimited_stock", "card_payments", "allow_multiple_quantity", "coinbase_commerce_accepted",
                "splitit_accepted", "platform_balance_accepted", "one_per_user", "refillable", "paypal_accepted",
                "ach_payments", "cancel_collab_passes", "offer_cancel_discount", "one_per_company",
            };
            foreach (string flag in flags)
            {
                string answer = "{" + string.Join(",", texts.Select(t => "\"" + t + "\":\"plan_" + t + "\"")) + ","
                    + string.Join(",", numbers.Select((n, i) => "\"" + n + "\":" + i)) + ",\"" + flag + "\":true}";
                Plan plan = Create(answer);
                Assert.That(
                    new[]
                    {
                        plan.Id, plan.CompanyId, plan.ProductId, plan.PlanType, plan.ReleaseMethod, plan.Visibility,
                        plan.InternalNotes, plan.PaymentLinkDescription, plan.DirectLink, plan.BaseCurrency,
                        plan.AccessPass, plan.Description, plan.ShortLink, plan.OverrideTaxType,
                    },
                    Is.EqualTo(texts.Select(t => "plan_" + t)));
                Assert.That(
                    new[]
                    {
                        plan.BillingPeriod, plan.RenewalPrice, plan.InitialPrice, plan.Stock, plan.ExpirationDays,
                        plan.GracePeriodDays, plan.TrialPeriodDays, plan.SplitPayRequiredPayments,
                        plan.CancelDiscountIntervals, plan.CancelDiscountPercentage,
                    },
                    Is.EqualTo(Enumerable.Range(0, numbers.Length)));
                bool?[] read =
                {
                    plan.UnlimitedStock, plan.CardPayments, plan.AllowMultipleQuantity, plan.CoinbaseCommerceAccepted,
                    plan.SplititAccepted, plan.PlatformBalanceAccepted, plan.OnePerUser, plan.Refillable,
                    plan.PaypalAccepted, plan.AchPayments, plan.CancelCollabPasses, plan.OfferCancelDiscount,
                    plan.OnePerCompany,
                };
                Assert.That(read, Is.EqualTo(flags.Select(f => f == flag ? true : (bool?)null)));
            }
        }

        [Test]
        public void CustomFieldsMayComeAsTheirQuestionsAlone()
        {
            Plan plan = Create("{\"id\":\"plan_x\",\"custom_fields\":[\"Name?\",{\"name\":\"Team\",\"order\":2},7,\"Age?\"]}");
            Assert.That(plan.CustomFields.Select(question => question.Name), Is.EqualTo(new[] { "Name?", "Team" }));
            Assert.That(plan.CustomFields.Select(question => question.FieldType), Is.All.Null);
            Assert.That(plan.CustomFields.Select(question => question.Order), Is.EqualTo(new long?[] { null, 2 }));
        }

        [TestCaseSource(nameof(Prices))]
        public void APriceReadsAsInEveryLanguage(string price, string number)
        {
            double? expected = number == "-" ? (double?)null : double.Parse(number, CultureInfo.InvariantCulture);
            Assert.That(Create("{\"id\":\"plan_x\",\"initial_price\":" + price + "}").InitialPrice, Is.EqualTo(expected));
        }

        [Test]
        public void EveryFormOfCreateAgrees()
        {
            var request = new PlanRequest { ProductId = "prod_sandbox", InternalNotes = "n" };
            Plan[] plans =
            {
                Whop.CreatePlan(sandbox.FullKey, request),
                client.CreatePlan(request),
                client.CreatePlan(request.ToJson()),
                client.CreatePlanAsync(request).Result,
                client.CreatePlanAsync(request.ToJson()).Result,
            };
            Assert.That(plans.Select(plan => plan.InternalNotes), Is.All.EqualTo("n"));
            Assert.That(plans.Select(plan => plan.Id).Distinct().Count(), Is.EqualTo(plans.Length));
        }

        [Test]
        public void AnUnknownFieldIsRefusedUnlessAllowed()
        {
            const string Plan = "{\"product_id\":\"prod_sandbox\",\"currency\":\"eur\"}";
            AssertRefused("base_currency", () => client.CreatePlan(Plan));
            using WhopClient lenient = sandbox.Client(options => options.AllowUnknownPlanFields = true);
            Assert.That(lenient.CreatePlan(Plan).Id, Does.StartWith("plan_"));
        }

        [Test]
        public void NullIsRefused()
        {
            AssertRefused("plan_json: NULL", () => client.CreatePlan((PlanRequest)null!));
            AssertRefused("plan_json: NULL", () => client.CreatePlan((string)null!));
            AssertRefused("plan_json: NULL", () => Whop.CreatePlan(sandbox.FullKey, null!));
        }

        [Test]
        public void CancellingACreateEndsTheWaiting()
        {
            using var peer = new Peer();
            using WhopClient asking = peer.Client(options => options.Timeout = TimeSpan.FromMinutes(10));
            using var cancellation = new CancellationTokenSource();
            Task<Plan> create = asking.CreatePlanAsync(new PlanRequest { ProductId = "p" }, cancellation.Token);
            peer.Receive();
            cancellation.Cancel();
            Assert.That(() => create.Wait(5000), Throws.InnerException.InstanceOf<OperationCanceledException>());
        }

        private static IEnumerable<TestCaseData> Prices() =>
            from line in File.ReadAllLines(Repository.PathOf("tests/prices.txt")).Skip(1)
            let space = line.LastIndexOf(' ')
            select new TestCaseData(line.Substring(0, space), line.Substring(space + 1));

        private static Plan Create(string answer)
        {
            using var peer = new Peer();
            using WhopClient client = peer.Client();
            Task<Plan> create = client.CreatePlanAsync("{\"product_id\":\"p\"}");
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
