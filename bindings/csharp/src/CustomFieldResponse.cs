using System;
using System.Collections.Generic;

namespace WhopLicense
{
    /// <summary>A question of the checkout and the buyer's answer.</summary>
    public sealed class CustomFieldResponse
    {
        private CustomFieldResponse(Fields fields)
        {
            Id = fields.String("id");
            Question = fields.String("question");
            Answer = fields.String("answer");
            CreatedAt = fields.Time("created_at");
            UpdatedAt = fields.Time("updated_at");
        }

        /// <summary>Its id.</summary>
        public string? Id { get; }

        /// <summary>The question.</summary>
        public string? Question { get; }

        /// <summary>The answer.</summary>
        public string? Answer { get; }

        /// <summary>When it was answered.</summary>
        public DateTimeOffset? CreatedAt { get; }

        /// <summary>When the answer was last changed.</summary>
        public DateTimeOffset? UpdatedAt { get; }

        internal static IReadOnlyList<CustomFieldResponse> List(Fields array)
        {
            var responses = new List<CustomFieldResponse>();
            while (array.At(responses.Count).String("id") != null)
            {
                responses.Add(new CustomFieldResponse(array.At(responses.Count)));
            }
            return responses.AsReadOnly();
        }
    }
}
