using System;

namespace WhopLicense
{
    public sealed partial class Plan
    {
        /// <summary>The answer as Whop sent it.</summary>
        public string? Json { get; private set; }

        /// <summary>Copies what a native call handed over, and frees it.</summary>
        /// <exception cref="WhopException">There is no plan.</exception>
        internal static Plan Take(int status, IntPtr response)
        {
            string json = Answer.Created(status, response);
            return new Plan(Fields.Of(json)) { Json = json };
        }
    }

    public sealed partial class V2Plan
    {
        /// <summary>The answer as Whop sent it; null for a plan within a membership.</summary>
        public string? Json { get; private set; }

        /// <summary>Copies what a native call handed over, and frees it.</summary>
        /// <exception cref="WhopException">There is no plan.</exception>
        internal static V2Plan Take(int status, IntPtr response)
        {
            string json = Answer.Created(status, response);
            return new V2Plan(Fields.Of(json)) { Json = json };
        }
    }
}
