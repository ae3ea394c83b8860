using System.Collections.Generic;
using System.Linq;

namespace WhopLicense
{
    /// <summary>A plan to create: the terms on which a product is sold. What is null is left to Whop.</summary>
    /// <remarks>
    /// Free-form objects take strings, numbers, booleans, null, dictionaries and lists of these. Which values a text
    /// may have is Whop's to say: it adds some now and then.
    /// </remarks>
    public sealed class PlanRequest
    {
        /// <summary>The product that it sells (<c>prod_…</c>). Whop needs it.</summary>
        public string? ProductId { get; set; }

        /// <summary>The old name of <see cref="ProductId"/>.</summary>
        public string? AccessPassId { get; set; }

        /// <summary><c>renewal</c> or <c>one_time</c>, which is the default.</summary>
        public string? PlanType { get; set; }

        /// <summary>Whether more than one can be bought at once.</summary>
        public bool? AllowMultipleQuantity { get; set; }

        /// <summary>
        /// The currency of the prices, in lower case: <c>usd</c>, which is the default, <c>eur</c>, <c>gbp</c> …
        /// </summary>
        public string? BaseCurrency { get; set; }

        /// <summary>The days from one payment to the next, for <c>renewal</c>.</summary>
        public long? BillingPeriod { get; set; }

        /// <summary>Whether it can be paid by card.</summary>
        public bool? CardPayments { get; set; }

        /// <summary>Whether it can be paid through Coinbase Commerce.</summary>
        public bool? CoinbaseCommerceAccepted { get; set; }

        /// <summary>What the checkout asks the buyer.</summary>
        public IReadOnlyList<PlanCustomField>? CustomFields { get; set; }

        /// <summary>After how many days the license ends.</summary>
        public long? ExpirationDays { get; set; }

        /// <summary>For how many days after its end it can still be topped up.</summary>
        public long? GracePeriodDays { get; set; }

        /// <summary>The first price in major units: 10.43 is $10.43.</summary>
        public double? InitialPrice { get; set; }

        /// <summary>Notes that buyers do not see.</summary>
        public string? InternalNotes { get; set; }

        /// <summary>Whether a buyer can have it once only.</summary>
        public bool? OnePerUser { get; set; }

        /// <summary>Currencies in which the price is held; only in the specification of 2023.</summary>
        public IReadOnlyList<string>? PeggedCurrencies { get; set; }

        /// <summary>Whether a plan that expires can be topped up.</summary>
        public bool? Refillable { get; set; }

        /// <summary><c>buy_now</c>, <c>waitlist</c> or <c>raffle</c>.</summary>
        public string? ReleaseMethod { get; set; }

        /// <summary>The settings of the release method.</summary>
        public IReadOnlyDictionary<string, object?>? ReleaseMethodSettings { get; set; }

        /// <summary>The price of each further period in major units: 10.43 is $10.43.</summary>
        public double? RenewalPrice { get; set; }

        /// <summary>What a buyer must fulfil.</summary>
        public IReadOnlyDictionary<string, object?>? Requirements { get; set; }

        /// <summary>The name in the plan's short link.</summary>
        public string? ShortLink { get; set; }

        /// <summary>How many are sold.</summary>
        public long? Stock { get; set; }

        /// <summary>How many days are free at the start.</summary>
        public long? TrialPeriodDays { get; set; }

        /// <summary>Whether there is no limit to how many are sold.</summary>
        public bool? UnlimitedStock { get; set; }

        /// <summary><c>visible</c>, <c>hidden</c>, <c>archived</c> or <c>quick_link</c>.</summary>
        public string? Visibility { get; set; }

        /// <summary>
        /// Copied to every license made from the plan, where it can make the first device check fail: leave it out
        /// unless you know that you need it.
        /// </summary>
        public IReadOnlyDictionary<string, object?>? Metadata { get; set; }

        /// <summary>The text on the payment page.</summary>
        public string? PaymentLinkDescription { get; set; }

        /// <summary>Whether it can be paid through PayPal.</summary>
        public bool? PaypalAccepted { get; set; }

        /// <summary>In how many payments it is paid.</summary>
        public long? SplitPayRequiredPayments { get; set; }

        /// <summary>Whether it can be paid by ACH transfer.</summary>
        public bool? AchPayments { get; set; }

        /// <summary>Whether passes of collaborations end with it.</summary>
        public bool? CancelCollabPasses { get; set; }

        /// <summary>For how many periods the discount holds that is offered to one who cancels.</summary>
        public long? CancelDiscountIntervals { get; set; }

        /// <summary>The discount in percent that is offered to one who cancels.</summary>
        public long? CancelDiscountPercentage { get; set; }

        /// <summary>The text that buyers see.</summary>
        public string? Description { get; set; }

        /// <summary>The plan to take the settings of (<c>plan_…</c>).</summary>
        public string? MimicPlanId { get; set; }

        /// <summary>Whether one who cancels is offered a discount.</summary>
        public bool? OfferCancelDiscount { get; set; }

        /// <summary>Whether a company can have it once only.</summary>
        public bool? OnePerCompany { get; set; }

        /// <summary>How tax is charged, in place of the company's setting.</summary>
        public string? OverrideTaxType { get; set; }

        /// <summary>Whether it becomes the product's default plan.</summary>
        public bool? SetAsDefault { get; set; }

        /// <summary>The JSON that is sent.</summary>
        /// <exception cref="WhopException">A value has no JSON form, such as a price that is not finite.</exception>
        public string ToJson() => Json.Write(new JsonObject
        {
            { "product_id", ProductId },
            { "access_pass_id", AccessPassId },
            { "plan_type", PlanType },
            { "allow_multiple_quantity", AllowMultipleQuantity },
            { "base_currency", BaseCurrency },
            { "billing_period", BillingPeriod },
            { "card_payments", CardPayments },
            { "coinbase_commerce_accepted", CoinbaseCommerceAccepted },
            { "custom_fields", CustomFields?.Select(question => question.ToJson()) },
            { "expiration_days", ExpirationDays },
            { "grace_period_days", GracePeriodDays },
            { "initial_price", InitialPrice },
            { "internal_notes", InternalNotes },
            { "one_per_user", OnePerUser },
            { "pegged_currencies", PeggedCurrencies },
            { "refillable", Refillable },
            { "release_method", ReleaseMethod },
            { "release_method_settings", ReleaseMethodSettings },
            { "renewal_price", RenewalPrice },
            { "requirements", Requirements },
            { "short_link", ShortLink },
            { "stock", Stock },
            { "trial_period_days", TrialPeriodDays },
            { "unlimited_stock", UnlimitedStock },
            { "visibility", Visibility },
            { "metadata", Metadata },
            { "payment_link_description", PaymentLinkDescription },
            { "paypal_accepted", PaypalAccepted },
            { "split_pay_required_payments", SplitPayRequiredPayments },
            { "ach_payments", AchPayments },
            { "cancel_collab_passes", CancelCollabPasses },
            { "cancel_discount_intervals", CancelDiscountIntervals },
            { "cancel_discount_percentage", CancelDiscountPercentage },
            { "description", Description },
            { "mimic_plan_id", MimicPlanId },
            { "offer_cancel_discount", OfferCancelDiscount },
            { "one_per_company", OnePerCompany },
            { "override_tax_type", OverrideTaxType },
            { "set_as_default", SetAsDefault },
        }, "plan_json");
    }
}
