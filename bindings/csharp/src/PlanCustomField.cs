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

        /// <summary>An object or, in the older form, the question alone.</summary>
        internal static PlanCustomField? Read(Fields fields) =>
            (fields.Text() ?? fields.String("name")) is string name
                ? new PlanCustomField
                {
                    Name = name,
                    FieldType = fields.String("field_type"),
                    Placeholder = fields.String("placeholder"),
                    Required = fields.Boolean("required"),
                    Order = fields.Integer("order"),
                }
                : null;

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
