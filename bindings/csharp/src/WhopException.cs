using System;

namespace WhopLicense
{
    /// <summary>There is no answer: the network, the API key or the request is at fault.</summary>
    /// <remarks>A license that does not entitle is an answer: no exception. The message holds no secret.</remarks>
    public sealed class WhopException : Exception
    {
        internal WhopException(
            WhopStatus status, string message, int httpStatus = 0, TimeSpan? retryAfter = null, string? json = null)
            : base(message)
        {
            Status = status;
            HttpStatus = httpStatus;
            RetryAfter = retryAfter;
            Json = json;
        }

        /// <summary>Why there is no answer.</summary>
        public WhopStatus Status { get; }

        /// <summary>The HTTP status; 0 when nothing came back.</summary>
        public int HttpStatus { get; }

        /// <summary>How long to wait before the next call; null if nothing was said about it.</summary>
        public TimeSpan? RetryAfter { get; }

        /// <summary>
        /// Of <see cref="WhopClient.ResetLicense"/> alone: what Whop sent. The buyer's data: log none of it.
        /// </summary>
        public string? Json { get; }

        internal static WhopException InvalidArgument(string message) =>
            new WhopException(WhopStatus.InvalidArgument, message);
    }
}
