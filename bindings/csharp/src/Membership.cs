using System;
using System.Collections.Generic;

namespace WhopLicense
{
    /// <summary>
    /// A membership, which is what a license key stands for. Whop leaves out what it likes: null is "not said".
    /// </summary>
    /// <remarks>
    /// Texts with a fixed set of values (<see cref="Status"/>) are open: Whop adds values. What is free-form JSON
    /// (<c>metadata</c>, <c>acquisition_data</c>, <c>custom_fields_responses</c>, <c>custom_fields_responses_v2</c>,
    /// <c>deliveries</c>) stands in <see cref="LicenseResult.Json"/>. So does what follows in a list on an item of an
    /// unexpected form: the list here ends before it.
    /// </remarks>
    public sealed class Membership
    {
        internal Membership(Fields fields)
        {
            Id = fields.String("id");
            CompanyId = fields.String("company_id");
            ProductId = fields.Id("product");
            Product = Product.Expanded(fields.At("product"));
            UserId = fields.Id("user");
            User = User.Expanded(fields.At("user"));
            PlanId = fields.Id("plan");
            Plan = Plan.Expanded(fields.At("plan"));
            PromoCodeId = fields.Id("promo_code");
            Email = fields.String("email");
            StripeSubscriptionId = fields.String("stripe_subscription_id");
            StripeCustomerId = fields.String("stripe_customer_id");
            Status = fields.String("status");
            Valid = fields.Boolean("valid");
            CancelAtPeriodEnd = fields.Boolean("cancel_at_period_end");
            PaymentProcessor = fields.String("payment_processor");
            LicenseKey = fields.String("license_key");
            Quantity = fields.Integer("quantity");
            WalletAddress = fields.String("wallet_address");
            CustomFieldResponses = fields.List("custom_field_responses", CustomFieldResponse.Read);
            DiscordId = fields.At("discord").String("id");
            DiscordUsername = fields.At("discord").String("username");
            DiscordImageUrl = fields.At("discord").String("image_url");
            // A list in practice, one string by the specification.
            NftTokens = fields.String("nft_tokens") is string one ? new[] { one } : fields.Strings("nft_tokens");
            ExpiresAt = fields.Time("expires_at");
            RenewalPeriodStart = fields.Time("renewal_period_start");
            RenewalPeriodEnd = fields.Time("renewal_period_end");
            CreatedAt = fields.Time("created_at");
            ManageUrl = fields.String("manage_url");
            AffiliatePageUrl = fields.String("affiliate_page_url");
            CheckoutSession = fields.String("checkout_session");
            AffiliateUsername = fields.String("affiliate_username");
            AccessPass = fields.Id("access_pass");
            TelegramAccountId = fields.String("telegram_account_id");
            PhoneNumber = fields.String("phone_number");
            SplitPayRequiredPayments = fields.Integer("split_pay_required_payments");
        }

        /// <summary>Its id (<c>mem_…</c>).</summary>
        public string? Id { get; }

        /// <summary>The id of the company that sold it.</summary>
        public string? CompanyId { get; }

        /// <summary>The id of the product (<c>prod_…</c>), expanded or not.</summary>
        public string? ProductId { get; }

        /// <summary>The product, where <see cref="WhopClientOptions.Expand"/> asked for it.</summary>
        public Product? Product { get; }

        /// <summary>The id of the buyer (<c>user_…</c>), expanded or not.</summary>
        public string? UserId { get; }

        /// <summary>The buyer, where <see cref="WhopClientOptions.Expand"/> asked for it.</summary>
        public User? User { get; }

        /// <summary>The id of the plan (<c>plan_…</c>), expanded or not.</summary>
        public string? PlanId { get; }

        /// <summary>The plan, where <see cref="WhopClientOptions.Expand"/> asked for it.</summary>
        public Plan? Plan { get; }

        /// <summary>The id of the promo code (<c>promo_…</c>), expanded or not.</summary>
        public string? PromoCodeId { get; }

        /// <summary>The buyer's e-mail address.</summary>
        public string? Email { get; }

        /// <summary>The id of the Stripe subscription.</summary>
        public string? StripeSubscriptionId { get; }

        /// <summary>The id of the Stripe customer.</summary>
        public string? StripeCustomerId { get; }

        /// <summary>
        /// <c>trialing</c>, <c>active</c>, <c>past_due</c>, <c>completed</c>, <c>canceled</c>, <c>expired</c>,
        /// <c>unresolved</c> … To be shown; the decision is <see cref="LicenseResult.Verdict"/>.
        /// </summary>
        public string? Status { get; }

        /// <summary>Whop's own word; the decision is <see cref="LicenseResult.Verdict"/>, which checks more.</summary>
        public bool? Valid { get; }

        /// <summary>True: it ends with the current period.</summary>
        public bool? CancelAtPeriodEnd { get; }

        /// <summary>How it was paid: <c>free</c>, <c>stripe</c>, <c>paypal</c> …</summary>
        public string? PaymentProcessor { get; }

        /// <summary>The license key.</summary>
        public string? LicenseKey { get; }

        /// <summary>How many were bought.</summary>
        public long? Quantity { get; }

        /// <summary>The buyer's wallet.</summary>
        public string? WalletAddress { get; }

        /// <summary>What the buyer answered at the checkout; empty if nothing.</summary>
        public IReadOnlyList<CustomFieldResponse> CustomFieldResponses { get; }

        /// <summary>The buyer's Discord account.</summary>
        public string? DiscordId { get; }

        /// <summary>The name of the buyer's Discord account.</summary>
        public string? DiscordUsername { get; }

        /// <summary>The picture of the buyer's Discord account.</summary>
        public string? DiscordImageUrl { get; }

        /// <summary>The tokens that were shown to own it; empty if none.</summary>
        public IReadOnlyList<string> NftTokens { get; }

        /// <summary>When it ends; null when it does not.</summary>
        public DateTimeOffset? ExpiresAt { get; }

        /// <summary>When the paid period began; null for one-time plans.</summary>
        public DateTimeOffset? RenewalPeriodStart { get; }

        /// <summary>When the paid period ends; null for one-time plans.</summary>
        public DateTimeOffset? RenewalPeriodEnd { get; }

        /// <summary>When it was bought.</summary>
        public DateTimeOffset? CreatedAt { get; }

        /// <summary>The page where the buyer manages it, and resets the key.</summary>
        public string? ManageUrl { get; }

        /// <summary>The page by which the buyer recommends the product.</summary>
        public string? AffiliatePageUrl { get; }

        /// <summary>The id of the checkout session.</summary>
        public string? CheckoutSession { get; }

        /// <summary>Who recommended the product.</summary>
        public string? AffiliateUsername { get; }

        /// <summary>The old name of <see cref="ProductId"/>.</summary>
        public string? AccessPass { get; }

        /// <summary>The buyer's Telegram account.</summary>
        public string? TelegramAccountId { get; }

        /// <summary>The buyer's phone number.</summary>
        public string? PhoneNumber { get; }

        /// <summary>In how many payments it is paid.</summary>
        public long? SplitPayRequiredPayments { get; }
    }
}
