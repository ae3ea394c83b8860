using System;

namespace WhopLicense
{
    /// <summary>What became of a license check. Plain data: it outlives the client.</summary>
    public sealed class LicenseResult
    {
        private LicenseResult(Answer answer, WhopApi api)
        {
            Status = answer.Status;
            Message = answer.Message;
            HttpStatus = answer.HttpStatus;
            RetryAfter = answer.RetryAfter;
            Json = answer.Json;
            Verdict = Status.Verdict();
            MembershipId = answer.MembershipId;
            LicenseStatus = answer.LicenseStatus;
            ProductId = answer.ProductId;
            PlanId = answer.PlanId;
            ExpiresAt = answer.ExpiresAt;
            if (MembershipId != null && api == WhopApi.V2)
            {
                V2Membership = new V2Membership(Fields.Of(Json));
            }
            else if (MembershipId != null)
            {
                Membership = new Membership(Fields.Of(Json));
            }
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

        /// <summary>The membership that the license key stands for (<c>mem_…</c>).</summary>
        public string? MembershipId { get; }

        /// <summary>
        /// Where the license stands: <c>active</c>, <c>canceled</c> … The decision is <see cref="Verdict"/>.
        /// </summary>
        public string? LicenseStatus { get; }

        /// <summary>The product that it is a license of (<c>prod_…</c>).</summary>
        public string? ProductId { get; }

        /// <summary>The plan that was bought (<c>plan_…</c>).</summary>
        public string? PlanId { get; }

        /// <summary>When the license ends unless it is renewed; null if it does not, or Whop did not say.</summary>
        public DateTimeOffset? ExpiresAt { get; }

        /// <summary>What the license key stands for, by the current API; null if the answer shows none.</summary>
        public Membership? Membership { get; }

        /// <summary>The same by API v2.</summary>
        public V2Membership? V2Membership { get; }

        /// <summary>The verdict, the name of the status and the message; nothing of the license or its buyer.</summary>
        public override string ToString() => Verdict + ": " + Status.Name() + ": " + Message;

        /// <summary>Copies what a native call handed over, and frees it.</summary>
        internal static LicenseResult Take(int status, IntPtr response, WhopApi api)
        {
            using (var handle = new ResponseHandle(response))
            {
                return new LicenseResult(new Answer(status, handle), api);
            }
        }

        /// <summary>Itself if it is a yes or a no.</summary>
        /// <exception cref="WhopException">It is neither.</exception>
        internal LicenseResult OrThrow() => Verdict == WhopVerdict.Undetermined
            ? throw new WhopException(Status, Message, HttpStatus, RetryAfter)
            : this;

        /// <summary>The result of a check that was refused before it reached the native library.</summary>
        internal static LicenseResult Refused(WhopStatus status, string message) =>
            new LicenseResult(new Answer(status, message), WhopApi.Current);
    }
}
