using System;

namespace WhopLicense
{
    /// <summary>What every native call hands over, copied.</summary>
    internal readonly struct Answer
    {
        private const long MaxMilliseconds = long.MaxValue / TimeSpan.TicksPerMillisecond;

        private readonly byte[]? json;

        /// <summary>Copies the response, and frees it.</summary>
        internal Answer(int status, IntPtr response)
        {
            try
            {
                Status = (WhopStatus)status;
                Message = Utf8.Decode(Native.whop_response_message(response)) ?? "";
                HttpStatus = Native.whop_response_http_status(response);
                IsOffline = Native.whop_response_is_offline(response) == 1;
                json = Utf8.Copy(Native.whop_response_json(response));
                long wait = Native.whop_response_retry_after_ms(response);
                RetryAfter = wait < 0
                    ? (TimeSpan?)null
                    : new TimeSpan(Math.Min(wait, MaxMilliseconds) * TimeSpan.TicksPerMillisecond);
                MembershipId = Utf8.Decode(Native.whop_response_membership_id(response));
                LicenseStatus = Utf8.Decode(Native.whop_response_license_status(response));
                ProductId = Utf8.Decode(Native.whop_response_product_id(response));
                PlanId = Utf8.Decode(Native.whop_response_plan_id(response));
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
            Message = message;
        }

        internal WhopStatus Status { get; }

        internal string Message { get; }

        internal int HttpStatus { get; }

        internal bool IsOffline { get; }

        /// <summary>Decoded each time: most callers never ask for it, and it is the longest text by far.</summary>
        internal string? Json => Utf8.Text(json);

        internal TimeSpan? RetryAfter { get; }

        internal string? MembershipId { get; }

        internal string? LicenseStatus { get; }

        internal string? ProductId { get; }

        internal string? PlanId { get; }

        internal DateTimeOffset? ExpiresAt { get; }

        internal WhopException ToException() => new WhopException(this);
    }
}
