namespace WhopLicense
{
    /// <summary>How a call ended. Never renumbered; there may be more one day: decide by the verdict.</summary>
    public enum WhopStatus
    {
        /// <summary>The license entitles here, now; or the plan is created.</summary>
        Ok = 0,

        /// <summary>Denied: there is no such license.</summary>
        LicenseNotFound = 100,

        /// <summary>Denied: expired, canceled or unpaid; <see cref="Membership.Status"/> says which.</summary>
        LicenseInactive = 101,

        /// <summary>Denied: bound to another device, until the buyer resets the key.</summary>
        DeviceMismatch = 102,

        /// <summary>
        /// Denied: a license of another product. If it was free, this check has bound it to this product's device id.
        /// </summary>
        ProductMismatch = 103,

        /// <summary>Nothing was sent: the message names the argument or setting and its fault.</summary>
        InvalidArgument = 200,

        /// <summary>Whop does not accept the API key.</summary>
        Unauthorized = 201,

        /// <summary>The API key lacks the right.</summary>
        Forbidden = 202,

        /// <summary>Whop refused the request: the message has its reason.</summary>
        Rejected = 203,

        /// <summary>No name, connection or trust: nothing was sent, to repeat is safe.</summary>
        Unreachable = 300,

        /// <summary>Sent, then silence, a reset or half an answer: whether it took effect is not known.</summary>
        NoAnswer = 301,

        /// <summary>Too many requests: wait as long as RetryAfter says.</summary>
        RateLimited = 302,

        /// <summary>Whop has trouble of its own.</summary>
        ServerError = 303,

        /// <summary>An answer that is not Whop's, or about another license: a web page, a redirect, a gateway's 404.</summary>
        BadResponse = 304,

        /// <summary>This machine has no readable id of its own: set a device id, or pass metadata.</summary>
        NoDeviceId = 305,

        /// <summary>A bug in the native library, caught.</summary>
        InternalError = 900,
    }

    /// <summary>What the native library says of a status; any number may be asked.</summary>
    public static class WhopStatusExtensions
    {
        /// <summary>What the status decides.</summary>
        public static WhopVerdict Verdict(this WhopStatus status) =>
            (WhopVerdict)Native.whop_status_verdict((int)status);

        /// <summary>Its name in every language, such as <c>WHOP_DEVICE_MISMATCH</c>.</summary>
        public static string Name(this WhopStatus status) =>
            Utf8.Decode(Native.whop_status_name((int)status)) ?? "";

        /// <summary>What it means and what to do about it, in one sentence. That of a result says more.</summary>
        public static string Message(this WhopStatus status) =>
            Utf8.Decode(Native.whop_status_message((int)status)) ?? "";
    }
}
