using System;

namespace WhopLicense
{
    /// <summary>A plan that was created. Plain data: it outlives the client.</summary>
    public sealed class CreatedPlan
    {
        private CreatedPlan(Answer answer, WhopApi? api)
        {
            Id = answer.PlanId ?? "";
            ProductId = answer.ProductId;
            Json = answer.Json ?? "";
            if (api == WhopApi.V2)
            {
                V2Plan = new V2Plan(Fields.Of(answer.Json));
            }
            else
            {
                Plan = new Plan(Fields.Of(answer.Json));
            }
        }

        /// <summary>Its id (<c>plan_…</c>).</summary>
        public string Id { get; }

        /// <summary>The product that it sells (<c>prod_…</c>); null if the answer does not say.</summary>
        public string? ProductId { get; }

        /// <summary>The answer as Whop sent it, with what is free-form JSON.</summary>
        public string Json { get; }

        /// <summary>All fields; null over API v2.</summary>
        public Plan? Plan { get; }

        /// <summary>All fields over API v2, else null.</summary>
        public V2Plan? V2Plan { get; }

        /// <summary>Copies what a native call handed over, and frees it.</summary>
        /// <exception cref="WhopException">There is no plan.</exception>
        internal static CreatedPlan Take(int status, IntPtr response, WhopApi? api)
        {
            var answer = new Answer(status, response);
            return answer.Status == WhopStatus.Ok ? new CreatedPlan(answer, api) : throw answer.ToException();
        }
    }
}
