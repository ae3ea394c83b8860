using System;

namespace WhopLicense
{
    /// <summary>The settings of a <see cref="WhopClient"/>, read by its constructor. Null is the default.</summary>
    public sealed class WhopClientOptions
    {
        /// <summary>
        /// The product whose licenses are accepted (<c>prod_…</c>). Set it: an API key is company-wide, so without it
        /// the license key of a free product of the company validates too. It is also a part of the device id: to
        /// change it in a program that customers have makes every device another one.
        /// </summary>
        public string? ProductId { get; set; }

        /// <summary>
        /// What to take for <see cref="WhopClient.GetDeviceId"/> in place of the library's own: the id of a platform
        /// that has one, or a random one that you store.
        /// </summary>
        public string? DeviceId { get; set; }

        /// <summary>
        /// What the device id is called in the metadata; <c>hwid</c> if not set. For buyers whose licenses are bound
        /// under another name.
        /// </summary>
        public string? MetadataKey { get; set; }

        /// <summary>The limit of a whole call, retries included: 1 ms to 10 minutes; 10 seconds if not set.</summary>
        public TimeSpan? Timeout { get; set; }

        /// <summary>
        /// How often a call is repeated when that is harmless and may help: 0 to 10; 2 if not set. With 0 no connection
        /// is kept alive. A plan is never created twice.
        /// </summary>
        public int? MaxRetries { get; set; }

        /// <summary>
        /// Asks for objects in place of ids: <c>product</c>, <c>user</c>, <c>plan</c>, <c>promo_code</c>, separated by
        /// commas. Fills <see cref="Membership.Product"/>, <see cref="Membership.User"/> and
        /// <see cref="Membership.Plan"/>; in a plan that is created, <see cref="Plan.Product"/> alone.
        /// </summary>
        public string? Expand { get; set; }

        /// <summary>
        /// Sends requests elsewhere: to https, or to plain http on this machine. If not set, the API key decides.
        /// </summary>
        public string? BaseUrl { get; set; }

        /// <summary>
        /// False refuses an API key that leads to the sandbox by itself (<c>sandbox_PORT_NAME</c>), also with a
        /// <see cref="BaseUrl"/>; true if not set. For programs that are shipped and read the key from a file: whoever
        /// writes such a key into it could answer for Whop.
        /// </summary>
        public bool AllowSandbox { get; set; } = true;

        /// <summary>A PEM file whose certificates alone are trusted, in place of the public authorities'.</summary>
        public string? CaFile { get; set; }

        /// <summary>
        /// The proxy (<c>http://USER:PASSWORD@HOST:PORT</c>), or "" for none. If not set, the environment decides:
        /// <c>https_proxy</c>, <c>all_proxy</c> and <c>no_proxy</c>, in small letters or capitals.
        /// </summary>
        public string? Proxy { get; set; }

        /// <summary>
        /// Lets <see cref="WhopClient.CreatePlan(string)"/> send fields that this version does not know, for the day
        /// Whop adds one.
        /// </summary>
        public bool AllowUnknownPlanFields { get; set; }
    }
}
