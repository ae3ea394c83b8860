using System;

namespace WhopLicense
{
    /// <summary>What came back about a license. Plain data: it outlives the client.</summary>
    public abstract class LicenseAnswer
    {
        private readonly Answer answer;
        private readonly WhopApi? api; // null: a relay
        private string? json;
        private Membership? membership;
        private V2Membership? v2Membership;

        /// <summary>That of a call which was refused before it reached the native library.</summary>
        internal LicenseAnswer(WhopException refused) => answer = new Answer(refused.Status, refused.Message);

        /// <summary>Copies what a native call handed over, and frees it; no API is a relay.</summary>
        internal LicenseAnswer(int status, IntPtr response, WhopApi? api)
        {
            answer = new Answer(status, response);
            this.api = api;
        }

        /// <summary>How the call ended.</summary>
        public WhopStatus Status => answer.Status;

        /// <summary>The reason in one English sentence for a person. Never holds a secret.</summary>
        public string Message => answer.Message;

        /// <summary>The HTTP status of the answer, such as 200; 0 when nothing came back.</summary>
        public int HttpStatus => answer.HttpStatus;

        /// <summary>How long to wait before the next call; null if nothing was said about it.</summary>
        public TimeSpan? RetryAfter => answer.RetryAfter;

        /// <summary>
        /// The answer as Whop sent it, or what a relay has signed; null if there was no JSON. The buyer's data: log none
        /// of it.
        /// </summary>
        public string? Json => json ??= answer.Json;

        /// <summary>The id of the membership (<c>mem_…</c>); null if the answer shows none.</summary>
        public string? MembershipId => answer.MembershipId;

        /// <summary>
        /// Where the license stands, such as <c>active</c> or <c>canceled</c>; null if the answer does not say. To be
        /// shown: the decision is <see cref="LicenseResult.Verdict"/>.
        /// </summary>
        public string? LicenseStatus => answer.LicenseStatus;

        /// <summary>The product that it is a license of (<c>prod_…</c>); null if the answer does not say.</summary>
        public string? ProductId => answer.ProductId;

        /// <summary>The plan that was bought (<c>plan_…</c>); null if the answer does not say.</summary>
        public string? PlanId => answer.PlanId;

        /// <summary>
        /// When the license ends unless it is renewed; null if it does not, or if the answer does not say.
        /// </summary>
        public DateTimeOffset? ExpiresAt => answer.ExpiresAt;

        // Read when they are asked for: most checks need none of their fields, and to read them all takes as long as half
        // of the check.

        /// <summary>All fields; null over API v2, by a relay, and where the answer shows no membership.</summary>
        public Membership? Membership => membership ??= Shows(WhopApi.Current)
            ? new Membership(Fields.Of(Json))
            : null;

        /// <summary>All fields over API v2, else null; null too where the answer shows no membership.</summary>
        public V2Membership? V2Membership => v2Membership ??= Shows(WhopApi.V2)
            ? new V2Membership(Fields.Of(Json))
            : null;

        /// <summary>Whether it is the yes of a stored lease.</summary>
        internal bool StandsOnLease => answer.IsOffline;

        internal WhopException ToException() => answer.ToException();

        private bool Shows(WhopApi membershipOf) => api == membershipOf && MembershipId != null;
    }
}
