using System;

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

        internal static CustomFieldResponse? Read(Fields fields)
        {
            var response = new CustomFieldResponse(fields);
            return (response.Id ?? response.Question ?? response.Answer) == null ? null : response;
        }
    }
}
