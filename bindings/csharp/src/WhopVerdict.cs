namespace WhopLicense
{
    /// <summary>What to do about a customer. One that nobody has set is no decision.</summary>
    public enum WhopVerdict
    {
        /// <summary>
        /// Nobody knows: the network, the API key or the request is at fault. Neither lock the customer out nor let
        /// anyone in: keep what was decided before.
        /// </summary>
        Undetermined = 0,

        /// <summary>The license entitles to this product on this device, now.</summary>
        Allowed = 1,

        /// <summary>The license does not entitle to this product on this device.</summary>
        Denied = 2,
    }
}
