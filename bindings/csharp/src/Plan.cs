using System;
using System.Collections.Generic;

namespace WhopLicense
{
    /// <summary>A plan as Whop knows it. Whop leaves out what it likes: null is "not said".</summary>
    /// <remarks>A list ends before the first item of an unexpected form; <see cref="Json"/> has all.</remarks>
    public sealed class Plan
    {
        private Plan(Fields fields, string? json)
        {
            Json = json;
            Id = fields.String("id");
            CompanyId = fields.String("company_id");
            ProductId = fields.Id("product");
            Product = Product.Expanded(fields.At("product"));
            PlanType = fields.String("plan_type");
            ReleaseMethod = fields.String("release_method");
            Visibility = fields.String("visibility");
            BillingPeriod = fields.Integer("billing_period");
            InternalNotes = fields.String("internal_notes");
            PaymentLinkDescription = fields.String("payment_link_description");
            DirectLink = fields.String("direct_link");
            RenewalPrice = fields.Number("renewal_price");
            InitialPrice = fields.Number("initial_price");
            BaseCurrency = fields.String("base_currency");
            AcceptedPaymentMethods = fields.Strings("accepted_payment_methods");
            Stock = fields.Integer("stock");
            UnlimitedStock = fields.Boolean("unlimited_stock");
            CreatedAt = fields.Time("created_at");
            AccessPass = fields.Id("access_pass");
            CardPayments = fields.Boolean("card_payments");
            CustomFields = fields.List("custom_fields", PlanCustomField.Read);
            Description = fields.String("description");
            AllowMultipleQuantity = fields.Boolean("allow_multiple_quantity");
            CoinbaseCommerceAccepted = fields.Boolean("coinbase_commerce_accepted");
            SplititAccepted = fields.Boolean("splitit_accepted");
            PlatformBalanceAccepted = fields.Boolean("platform_balance_accepted");
            ExpirationDays = fields.Integer("expiration_days");
            GracePeriodDays = fields.Integer("grace_period_days");
            OnePerUser = fields.Boolean("one_per_user");
            Refillable = fields.Boolean("refillable");
            ShortLink = fields.String("short_link");
            TrialPeriodDays = fields.Integer("trial_period_days");
            PaypalAccepted = fields.Boolean("paypal_accepted");
            SplitPayRequiredPayments = fields.Integer("split_pay_required_payments");
            AchPayments = fields.Boolean("ach_payments");
            CancelCollabPasses = fields.Boolean("cancel_collab_passes");
            CancelDiscountIntervals = fields.Integer("cancel_discount_intervals");
            CancelDiscountPercentage = fields.Integer("cancel_discount_percentage");
            OfferCancelDiscount = fields.Boolean("offer_cancel_discount");
            OnePerCompany = fields.Boolean("one_per_company");
            OverrideTaxType = fields.String("override_tax_type");
        }

        /// <summary>Its id (<c>plan_…</c>).</summary>
        public string? Id { get; }

        /// <summary>The id of the company that sells it.</summary>
        public string? CompanyId { get; }

        /// <summary>The id of the product that it sells, expanded or not.</summary>
        public string? ProductId { get; }

        /// <summary>The product, where <see cref="WhopClientOptions.Expand"/> asked for it.</summary>
        public Product? Product { get; }

        /// <summary><c>renewal</c> or <c>one_time</c>.</summary>
        public string? PlanType { get; }

        /// <summary><c>buy_now</c>, <c>waitlist</c> or <c>raffle</c>.</summary>
        public string? ReleaseMethod { get; }

        /// <summary><c>visible</c>, <c>hidden</c>, <c>archived</c> or <c>quick_link</c>.</summary>
        public string? Visibility { get; }

        /// <summary>The days from one payment to the next, for <c>renewal</c>.</summary>
        public long? BillingPeriod { get; }

        /// <summary>Notes that buyers do not see.</summary>
        public string? InternalNotes { get; }

        /// <summary>The text on the payment page.</summary>
        public string? PaymentLinkDescription { get; }

        /// <summary>The page where it is bought.</summary>
        public string? DirectLink { get; }

        /// <summary>The price of each further period in major units: 10.43 is $10.43.</summary>
        public double? RenewalPrice { get; }

        /// <summary>The first price in major units: 10.43 is $10.43.</summary>
        public double? InitialPrice { get; }

        /// <summary>The currency of the prices: <c>usd</c>, <c>eur</c> …</summary>
        public string? BaseCurrency { get; }

        /// <summary>How it can be paid: <c>stripe</c>, <c>paypal</c> …; empty if not said.</summary>
        public IReadOnlyList<string> AcceptedPaymentMethods { get; }

        /// <summary>How many are sold.</summary>
        public long? Stock { get; }

        /// <summary>Whether there is no limit to how many are sold.</summary>
        public bool? UnlimitedStock { get; }

        /// <summary>When it was made.</summary>
        public DateTimeOffset? CreatedAt { get; }

        /// <summary>The old name of <see cref="ProductId"/>.</summary>
        public string? AccessPass { get; }

        /// <summary>Whether it can be paid by card.</summary>
        public bool? CardPayments { get; }

        /// <summary>What the checkout asks the buyer; empty if nothing.</summary>
        public IReadOnlyList<PlanCustomField> CustomFields { get; }

        /// <summary>The text that buyers see.</summary>
        public string? Description { get; }

        /// <summary>Whether more than one can be bought at once.</summary>
        public bool? AllowMultipleQuantity { get; }

        /// <summary>Whether it can be paid through Coinbase Commerce.</summary>
        public bool? CoinbaseCommerceAccepted { get; }

        /// <summary>Whether it can be paid through Splitit.</summary>
        public bool? SplititAccepted { get; }

        /// <summary>Whether it can be paid from a Whop balance.</summary>
        public bool? PlatformBalanceAccepted { get; }

        /// <summary>After how many days the license ends.</summary>
        public long? ExpirationDays { get; }

        /// <summary>For how many days after its end it can still be topped up.</summary>
        public long? GracePeriodDays { get; }

        /// <summary>Whether a buyer can have it once only.</summary>
        public bool? OnePerUser { get; }

        /// <summary>Whether a plan that expires can be topped up.</summary>
        public bool? Refillable { get; }

        /// <summary>The name in the plan's short link.</summary>
        public string? ShortLink { get; }

        /// <summary>How many days are free at the start.</summary>
        public long? TrialPeriodDays { get; }

        /// <summary>Whether it can be paid through PayPal.</summary>
        public bool? PaypalAccepted { get; }

        /// <summary>In how many payments it is paid.</summary>
        public long? SplitPayRequiredPayments { get; }

        /// <summary>Whether it can be paid by ACH transfer.</summary>
        public bool? AchPayments { get; }

        /// <summary>Whether passes of collaborations end with it.</summary>
        public bool? CancelCollabPasses { get; }

        /// <summary>For how many periods the discount holds that is offered to one who cancels.</summary>
        public long? CancelDiscountIntervals { get; }

        /// <summary>The discount in percent that is offered to one who cancels.</summary>
        public long? CancelDiscountPercentage { get; }

        /// <summary>Whether one who cancels is offered a discount.</summary>
        public bool? OfferCancelDiscount { get; }

        /// <summary>Whether a company can have it once only.</summary>
        public bool? OnePerCompany { get; }

        /// <summary>How tax is charged, in place of the company's setting.</summary>
        public string? OverrideTaxType { get; }

        /// <summary>
        /// The answer as Whop sent it, with what is free-form JSON (<c>metadata</c>, <c>requirements</c>,
        /// <c>release_method_settings</c>); null for a plan within a license.
        /// </summary>
        public string? Json { get; }

        /// <summary>Copies what a native call handed over, and frees it.</summary>
        /// <exception cref="WhopException">There is no plan.</exception>
        internal static Plan Take(int status, IntPtr response)
        {
            using (var handle = new ResponseHandle(response))
            {
                var answer = new Answer(status, handle);
                return answer.Status == WhopStatus.Ok
                    ? new Plan(new Fields(handle), answer.Json)
                    : throw answer.ToException();
            }
        }

        internal static Plan? Expanded(Fields fields) => fields.String("id") == null ? null : new Plan(fields, null);
    }
}
