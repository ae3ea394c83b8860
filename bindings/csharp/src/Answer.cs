using System;

namespace WhopLicense
{
    /// <summary>What every native call hands over, copied.</summary>
    internal readonly struct Answer
    {
        private const long MaxMilliseconds = long.MaxValue / TimeSpan.TicksPerMillisecond;

        internal Answer(int status, ResponseHandle response)
        {
            Status = (WhopStatus)status;
            Message = Utf8.Decode(Native.whop_response_message(response)) ?? "";
            HttpStatus = Native.whop_response_http_status(response);
            Json = Utf8.Decode(Native.whop_response_json(response));
            long wait = Native.whop_response_retry_after_ms(response);
            RetryAfter = wait < 0
                ? (TimeSpan?)null
                : new TimeSpan(Math.Min(wait, MaxMilliseconds) * TimeSpan.TicksPerMillisecond);
        }

        internal Answer(WhopStatus status, string message)
        {
            Status = status;
            Message = message;
            HttpStatus = 0;
            Json = null;
            RetryAfter = null;
        }

        internal WhopStatus Status { get; }

        internal string Message { get; }

        internal int HttpStatus { get; }

        internal string? Json { get; }

        internal TimeSpan? RetryAfter { get; }

        internal WhopException ToException() => new WhopException(Status, Message, HttpStatus, RetryAfter);
    }
}
