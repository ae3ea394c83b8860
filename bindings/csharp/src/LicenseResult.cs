using System;

namespace WhopLicense
{
    /// <summary>What became of a license check. Plain data: it outlives the client.</summary>
    public sealed class LicenseResult
    {
        private LicenseResult(Answer answer, Membership membership)
        {
            Status = answer.Status;
            Message = answer.Message;
            HttpStatus = answer.HttpStatus;
            RetryAfter = answer.RetryAfter;
            Json = answer.Json;
            Verdict = Status.Verdict();
            Membership = membership;
        }

        /// <summary>What to do about the customer.</summary>
        public WhopVerdict Verdict { get; }

        /// <summary>How the call ended: the reason of the verdict.</summary>
        public WhopStatus Status { get; }

        /// <summary>The reason in one English sentence for a person. Never holds a secret.</summary>
        public string Message { get; }

        /// <summary>The HTTP status of the answer, such as 201; 0 when nothing came back.</summary>
        public int HttpStatus { get; }

        /// <summary>How long to wait before the next check; null if nothing was said about it.</summary>
        public TimeSpan? RetryAfter { get; }

        /// <summary>The answer as Whop sent it; null if there was no JSON. The buyer's data: log none of it.</summary>
        public string? Json { get; }

        /// <summary>What the license key stands for; never null, its properties are when the answer lacked them.</summary>
        public Membership Membership { get; }

        /// <summary>The verdict, the name of the status and the message; nothing of the license or its buyer.</summary>
        public override string ToString() => Verdict + ": " + Status.Name() + ": " + Message;

        /// <summary>Copies what a native call handed over, and frees it.</summary>
        internal static LicenseResult Take(int status, IntPtr response)
        {
            using (var handle = new ResponseHandle(response))
            {
                return new LicenseResult(new Answer(status, handle), new Membership(new Fields(handle)));
            }
        }

        /// <summary>Itself if it is a yes or a no.</summary>
        /// <exception cref="WhopException">It is neither.</exception>
        internal LicenseResult OrThrow() => Verdict == WhopVerdict.Undetermined
            ? throw new WhopException(Status, Message, HttpStatus, RetryAfter)
            : this;

        /// <summary>The result of a check that was refused before it reached the native library.</summary>
        internal static LicenseResult Refused(WhopStatus status, string message)
        {
            using (var none = new ResponseHandle(IntPtr.Zero))
            {
                return new LicenseResult(new Answer(status, message), new Membership(new Fields(none)));
            }
        }
    }
}
