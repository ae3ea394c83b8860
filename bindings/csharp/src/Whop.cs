namespace WhopLicense
{
    /// <summary>
    /// The calls without a client, with the default settings and so by the current API: for the first five minutes and
    /// for one-off tools.
    /// </summary>
    public static class Whop
    {
        /// <summary>The version of the native library, such as <c>1.2.3</c>.</summary>
        /// <exception cref="WhopLibraryException">The native library cannot be used.</exception>
        public static string Version
        {
            get
            {
                Native.EnsureLoaded();
                return Native.LoadedVersion();
            }
        }

        /// <summary>Asks whether a license entitles on this device. Blocks for up to 10 seconds.</summary>
        /// <remarks>It checks no product: any license of the company passes. A <see cref="WhopClient"/> can.</remarks>
        /// <param name="apiKey">The API key.</param>
        /// <param name="licenseKey">The key that the customer typed, or the id of the membership.</param>
        /// <param name="metadataJson">
        /// A JSON object of your own that never changes; null is this device, under the id that it has for no product.
        /// </param>
        /// <returns>A yes or a no: <see cref="LicenseResult.Verdict"/>.</returns>
        /// <exception cref="WhopException">
        /// Nobody knows: the network, the API key or the request is at fault. Neither lock the customer out nor let
        /// anyone in.
        /// </exception>
        /// <exception cref="WhopLibraryException">The native library cannot be used.</exception>
        public static LicenseResult ValidateLicense(string apiKey, string licenseKey, string? metadataJson = null)
        {
            using (var client = new WhopClient(apiKey))
            {
                return client.ValidateLicense(licenseKey, metadataJson);
            }
        }

        /// <summary>Creates a plan. See <see cref="WhopClient.CreatePlan(PlanRequest)"/>.</summary>
        /// <param name="apiKey">An API key that may create plans: never in a program that customers get.</param>
        /// <param name="request">The plan.</param>
        /// <exception cref="WhopException">The plan was not created, or nobody knows.</exception>
        /// <exception cref="WhopLibraryException">The native library cannot be used.</exception>
        public static CreatedPlan CreatePlan(string apiKey, PlanRequest request)
        {
            using (var client = new WhopClient(apiKey))
            {
                return client.CreatePlan(request);
            }
        }
    }
}
