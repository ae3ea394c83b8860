using System;

namespace WhopLicense
{
    /// <summary>What is sold, as an answer holds it where <c>expand</c> asked for it.</summary>
    public sealed class Product
    {
        private Product(Fields fields)
        {
            Id = fields.String("id");
            Name = fields.String("name");
            Visibility = fields.String("visibility");
            CreatedAt = fields.Time("created_at");
        }

        /// <summary>Its id (<c>prod_…</c>).</summary>
        public string? Id { get; }

        /// <summary>Its name.</summary>
        public string? Name { get; }

        /// <summary><c>visible</c>, <c>hidden</c>, <c>archived</c> …</summary>
        public string? Visibility { get; }

        /// <summary>When it was made.</summary>
        public DateTimeOffset? CreatedAt { get; }

        internal static Product? Expanded(Fields fields) => fields.String("id") == null ? null : new Product(fields);
    }
}
