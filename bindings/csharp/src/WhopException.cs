using System;

namespace WhopLicense
{
    /// <summary>There is no answer: the network, the API key or the request is at fault.</summary>
    /// <remarks>A license that does not entitle is an answer: no exception. The message holds no secret.</remarks>
    public sealed class WhopException : Exception
    {
        internal WhopException(Answer answer)
            : base(answer.Message)
        {
            Status = answer.Status;
            HttpStatus = answer.HttpStatus;
            RetryAfter = answer.RetryAfter;
            // No other call of this status has any JSON.
            JsonBefore = Status == WhopStatus.NoAnswer ? answer.Json : null;
        }

        internal WhopException(WhopStatus status, string message)
            : this(new Answer(status, message))
        {
        }

        /// <summary>Why there is no answer.</summary>
        public WhopStatus Status { get; }

        /// <summary>The HTTP status; 0 when nothing came back.</summary>
        public int HttpStatus { get; }

        /// <summary>How long to wait before the next call; null if nothing was said about it.</summary>
        public TimeSpan? RetryAfter { get; }

        /// <summary>
        /// After a reset that was cut off half-way, the membership as it was before, to write its other metadata back
        /// from: see <see cref="WhopClient.ResetLicense"/>. Else null. The buyer's data: log none of it.
        /// </summary>
        public string? JsonBefore { get; }

        internal static WhopException InvalidArgument(string message) =>
            new WhopException(WhopStatus.InvalidArgument, message);
    }
}
