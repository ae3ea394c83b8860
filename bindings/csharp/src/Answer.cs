using System;

namespace WhopLicense
{
    /// <summary>What every native call hands over, copied.</summary>
    internal readonly struct Answer
    {
        private const long MaxMilliseconds = long.MaxValue / TimeSpan.TicksPerMillisecond;

        // Decoded when they are asked for, which most of them never are.
        private readonly byte[]? message, json, membershipId, licenseStatus, productId, planId;
        private readonly string? refusal;

        /// <summary>Copies the response, and frees it.</summary>
        internal Answer(int status, IntPtr response)
            : this()
        {
            try
            {
                Status = (WhopStatus)status;
                message = Utf8.Copy(Native.whop_response_message(response));
                HttpStatus = Native.whop_response_http_status(response);
                IsOffline = Native.whop_response_is_offline(response) == 1;
                json = Utf8.Copy(Native.whop_response_json(response));
                long wait = Native.whop_response_retry_after_ms(response);
                RetryAfter = wait < 0
                    ? (TimeSpan?)null
                    : new TimeSpan(Math.Min(wait, MaxMilliseconds) * TimeSpan.TicksPerMillisecond);
                membershipId = Utf8.Copy(Native.whop_response_membership_id(response));
                licenseStatus = Utf8.Copy(Native.whop_response_license_status(response));
                productId = Utf8.Copy(Native.whop_response_product_id(response));
                planId = Utf8.Copy(Native.whop_response_plan_id(response));
                ExpiresAt = Native.whop_response_expires_at(response, out long seconds) == 1
                    ? Fields.Time(seconds)
                    : (DateTimeOffset?)null;
            }
            finally
            {
                Native.whop_response_free(response);
            }
        }

        /// <summary>That of a call which was refused before it reached the native library.</summary>
        internal Answer(WhopStatus status, string message)
            : this()
        {
            Status = status;
            refusal = message;
        }

        internal WhopStatus Status { get; }

        internal string Message => refusal ?? Utf8.Text(message) ?? "";

        internal int HttpStatus { get; }

        internal bool IsOffline { get; }

        internal string? Json => Utf8.Text(json);

        internal TimeSpan? RetryAfter { get; }

        internal string? MembershipId => Utf8.Text(membershipId);

        internal string? LicenseStatus => Utf8.Text(licenseStatus);

        internal string? ProductId => Utf8.Text(productId);

        internal string? PlanId => Utf8.Text(planId);

        internal DateTimeOffset? ExpiresAt { get; }

        internal WhopException ToException() => new WhopException(this);
    }
}
