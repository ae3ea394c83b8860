using System.Collections.Generic;

namespace WhopLicense
{
    /// <summary>A question that the checkout asks the buyer.</summary>
    public sealed class PlanCustomField
    {
        /// <summary>The question.</summary>
        public string? Name { get; set; }

        /// <summary>How it is answered; Whop knows <c>text</c>.</summary>
        public string? FieldType { get; set; } = "text";

        /// <summary>The text in the empty input.</summary>
        public string? Placeholder { get; set; }

        /// <summary>Whether it must be answered.</summary>
        public bool? Required { get; set; }

        /// <summary>Its place among the questions.</summary>
        public long? Order { get; set; }

        internal static IReadOnlyList<PlanCustomField> List(Fields array)
        {
            var questions = new List<PlanCustomField>();
            while (array.At(questions.Count).String("name") is string name)
            {
                Fields fields = array.At(questions.Count);
                questions.Add(new PlanCustomField
                {
                    Name = name,
                    FieldType = fields.String("field_type"),
                    Placeholder = fields.String("placeholder"),
                    Required = fields.Boolean("required"),
                    Order = fields.Integer("order"),
                });
            }
            return questions.AsReadOnly();
        }

        internal JsonObject ToJson() => new JsonObject
        {
            { "name", Name },
            { "field_type", FieldType },
            { "placeholder", Placeholder },
            { "required", Required },
            { "order", Order },
        };
    }
}
