namespace WhopLicense
{
    /// <summary>The buyer, as an answer holds it where <c>expand</c> asked for it.</summary>
    public sealed class User
    {
        private User(Fields fields)
        {
            Id = fields.String("id");
            Username = fields.String("username");
            Email = fields.String("email");
            ProfilePictureUrl = fields.String("profile_pic_url");
        }

        /// <summary>The buyer's id (<c>user_…</c>).</summary>
        public string? Id { get; }

        /// <summary>The buyer's name on Whop.</summary>
        public string? Username { get; }

        /// <summary>The buyer's e-mail address.</summary>
        public string? Email { get; }

        /// <summary>The buyer's picture.</summary>
        public string? ProfilePictureUrl { get; }

        internal static User? Expanded(Fields fields) => fields.String("id") == null ? null : new User(fields);
    }
}
