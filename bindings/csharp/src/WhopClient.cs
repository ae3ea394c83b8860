using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace WhopLicense
{
    /// <summary>The way to Whop with one API key. Make one and keep it: it keeps its connections alive.</summary>
    /// <remarks>
    /// <para>Any number of threads may share a client, and dispose it while calls are under way: they end well.</para>
    /// <para>
    /// Every call takes up to <see cref="WhopClientOptions.Timeout"/>. A thread that draws frames uses the methods
    /// whose names end in Async; awaited in Unity, they continue on its main thread.
    /// </para>
    /// <para>
    /// Cancelling a task ends the waiting, not the request: that runs to its end in the background, within the timeout,
    /// and may still bind the license to this device, or create the plan.
    /// </para>
    /// <para>Whoever has a program can read the API key in it: ship none.</para>
    /// </remarks>
    public sealed class WhopClient : IDisposable
    {
        private readonly ClientHandle client;
        private readonly WhopApi api;

        /// <summary>Makes a client; nothing is sent yet.</summary>
        /// <param name="apiKey">
        /// The API key. <c>sandbox_PORT_NAME</c> leads to the sandbox on this machine, every other to Whop; with a
        /// <see cref="WhopClientOptions.BaseUrl"/>, every key leads there.
        /// </param>
        /// <param name="options">The settings; null is the default of each.</param>
        /// <exception cref="WhopException">The API key or a setting is refused; the message says why.</exception>
        /// <exception cref="DllNotFoundException">The native library is not beside this one.</exception>
        public WhopClient(string apiKey, WhopClientOptions? options = null)
        {
            Native.EnsureLoaded();
            int status = Native.whop_client_new(Utf8.Encode(apiKey, "api_key"), out IntPtr made);
            client = new ClientHandle(made);
            api = options?.Api ?? WhopApi.Current;
            try
            {
                Accept(status);
                options?.Apply(client, Accept);
            }
            catch
            {
                client.Dispose();
                throw;
            }
        }

        /// <summary>
        /// The id of this device, which a check without metadata sends: <see cref="WhopClientOptions.DeviceId"/>, else
        /// 64 hex digits that last at least as long as the operating system's installation, tell nothing of the machine,
        /// and are others for each product.
        /// </summary>
        /// <exception cref="WhopException">
        /// <see cref="WhopStatus.NoDeviceId"/>: this machine cannot be told from others, as in a container.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
        public string GetDeviceId()
        {
            bool held = false;
            try
            {
                // Borrowed from the client, which must not be freed before it is copied.
                Open.DangerousAddRef(ref held);
                return Utf8.Decode(Native.whop_client_device_id(client))
                    ?? throw new WhopException(WhopStatus.NoDeviceId, WhopStatus.NoDeviceId.Message());
            }
            finally
            {
                if (held)
                {
                    client.DangerousRelease();
                }
            }
        }

        /// <summary>Asks whether a license entitles to the product on this device. Blocks.</summary>
        /// <param name="licenseKey">The key that the customer typed, or the id of the membership.</param>
        /// <param name="metadataJson">
        /// A JSON object that says which device this is; null stands for <c>{"hwid":"…"}</c> with
        /// <see cref="GetDeviceId"/>. Whop stores it with the first call and refuses every other from then on, until
        /// the buyer resets the key. So nothing in one of your own may change from one start to the next: no time,
        /// version or host name. <c>{}</c> binds nothing, and may even reset the binding.
        /// </param>
        /// <returns>A yes or a no: <see cref="LicenseResult.Verdict"/>.</returns>
        /// <exception cref="WhopException">
        /// Nobody knows: the network, the API key or the request is at fault. Neither lock the customer out nor let
        /// anyone in.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
        public LicenseResult ValidateLicense(string licenseKey, string? metadataJson = null) =>
            Check(licenseKey, metadataJson).OrThrow();

        /// <inheritdoc cref="ValidateLicense(string, string)"/>
        /// <param name="licenseKey">The key that the customer typed, or the id of the membership.</param>
        /// <param name="metadata">What says which device this is, and never changes; not empty.</param>
        public LicenseResult ValidateLicense(string licenseKey, IReadOnlyDictionary<string, string> metadata) =>
            ValidateLicense(licenseKey, Json.Metadata(metadata));

        /// <summary>As <see cref="ValidateLicense(string, string)"/>, off the calling thread.</summary>
        /// <inheritdoc cref="ValidateLicense(string, string)"/>
        /// <param name="licenseKey">The key that the customer typed, or the id of the membership.</param>
        /// <param name="metadataJson">A JSON object of your own that never changes; null is this device.</param>
        /// <param name="cancellation">Ends the waiting, not the request: see <see cref="WhopClient"/>.</param>
        /// <exception cref="OperationCanceledException">It was cancelled.</exception>
        public Task<LicenseResult> ValidateLicenseAsync(
            string licenseKey, string? metadataJson = null, CancellationToken cancellation = default) =>
            Background.Run(() => ValidateLicense(licenseKey, metadataJson), cancellation);

        /// <inheritdoc cref="ValidateLicenseAsync(string, string, CancellationToken)"/>
        /// <param name="licenseKey">The key that the customer typed, or the id of the membership.</param>
        /// <param name="metadata">What says which device this is, and never changes; not empty.</param>
        /// <param name="cancellation">Ends the waiting, not the request: see <see cref="WhopClient"/>.</param>
        public async Task<LicenseResult> ValidateLicenseAsync(
            string licenseKey,
            IReadOnlyDictionary<string, string> metadata,
            CancellationToken cancellation = default) =>
            await ValidateLicenseAsync(licenseKey, Json.Metadata(metadata), cancellation).ConfigureAwait(false);

        /// <summary>As <see cref="ValidateLicense(string, string)"/>, without exceptions. Blocks.</summary>
        /// <remarks>
        /// There are three outcomes, so it returns no bool, which would make one of them another: neither may a router
        /// that reboots lock out who paid, nor let in who did not.
        /// </remarks>
        /// <param name="licenseKey">The key that the customer typed, or the id of the membership.</param>
        /// <param name="metadataJson">A JSON object of your own that never changes; null is this device.</param>
        /// <param name="result">Never null. Says why, also when nobody knows.</param>
        /// <returns>What to do: let in, refuse, or keep what was decided before.</returns>
        public WhopVerdict TryValidateLicense(string licenseKey, string? metadataJson, out LicenseResult result)
        {
            result = Attempt(() => Check(licenseKey, metadataJson));
            return result.Verdict;
        }

        /// <inheritdoc cref="TryValidateLicense(string, string, out LicenseResult)"/>
        /// <param name="licenseKey">The key that the customer typed, or the id of the membership.</param>
        /// <param name="result">Never null. Says why, also when nobody knows.</param>
        public WhopVerdict TryValidateLicense(string licenseKey, out LicenseResult result) =>
            TryValidateLicense(licenseKey, (string?)null, out result);

        /// <inheritdoc cref="TryValidateLicense(string, string, out LicenseResult)"/>
        /// <param name="licenseKey">The key that the customer typed, or the id of the membership.</param>
        /// <param name="metadata">What says which device this is, and never changes; not empty.</param>
        /// <param name="result">Never null. Says why, also when nobody knows.</param>
        public WhopVerdict TryValidateLicense(
            string licenseKey, IReadOnlyDictionary<string, string> metadata, out LicenseResult result)
        {
            result = Attempt(() => Check(licenseKey, Json.Metadata(metadata)));
            return result.Verdict;
        }

        /// <summary>
        /// As <see cref="TryValidateLicense(string, string, out LicenseResult)"/>, off the calling thread: for games.
        /// </summary>
        /// <param name="licenseKey">The key that the customer typed, or the id of the membership.</param>
        /// <param name="metadataJson">A JSON object of your own that never changes; null is this device.</param>
        /// <param name="cancellation">Ends the waiting, not the request: see <see cref="WhopClient"/>.</param>
        /// <returns>Never null; what to do is in <see cref="LicenseResult.Verdict"/>.</returns>
        /// <exception cref="OperationCanceledException">It was cancelled: the only exception.</exception>
        public Task<LicenseResult> TryValidateLicenseAsync(
            string licenseKey, string? metadataJson = null, CancellationToken cancellation = default) =>
            Background.Run(() => Attempt(() => Check(licenseKey, metadataJson)), cancellation);

        /// <inheritdoc cref="TryValidateLicenseAsync(string, string, CancellationToken)"/>
        /// <param name="licenseKey">The key that the customer typed, or the id of the membership.</param>
        /// <param name="metadata">What says which device this is, and never changes; not empty.</param>
        /// <param name="cancellation">Ends the waiting, not the request: see <see cref="WhopClient"/>.</param>
        public async Task<LicenseResult> TryValidateLicenseAsync(
            string licenseKey, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellation = default)
        {
            try
            {
                string metadataJson = Json.Metadata(metadata);
                return await TryValidateLicenseAsync(licenseKey, metadataJson, cancellation).ConfigureAwait(false);
            }
            catch (WhopException refused)
            {
                return LicenseResult.Refused(refused.Status, refused.Message);
            }
        }

        /// <summary>
        /// Frees the device of a license, so that the next one to check is bound. Blocks. For a seller's own tools.
        /// </summary>
        /// <remarks>
        /// The current API can only clear all metadata, so that what is not the device's is written back afterwards.
        /// Where that failed, <see cref="WhopException.Json"/> is the membership as it was before.
        /// </remarks>
        /// <param name="licenseKey">The license key, or the id of the membership.</param>
        /// <returns>True: the device is free, or was. False: there is no such license.</returns>
        /// <exception cref="WhopException">The device is not known to be free.</exception>
        /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
        public bool ResetLicense(string licenseKey)
        {
            byte[]? key = Utf8.Encode(licenseKey, "license_key");
            int status = Native.whop_client_reset_license(Open, key, out IntPtr response);
            using (var handle = new ResponseHandle(response))
            {
                var answer = new Answer(status, handle);
                return answer.Status == WhopStatus.Ok || answer.Status == WhopStatus.LicenseNotFound
                    ? answer.Status == WhopStatus.Ok
                    : throw answer.ToException(answer.Json);
            }
        }

        /// <summary>As <see cref="ResetLicense"/>, off the calling thread.</summary>
        /// <inheritdoc cref="ResetLicense"/>
        /// <param name="licenseKey">The license key, or the id of the membership.</param>
        /// <param name="cancellation">Ends the waiting, not the request: see <see cref="WhopClient"/>.</param>
        /// <exception cref="OperationCanceledException">It was cancelled; the device may still be freed.</exception>
        public Task<bool> ResetLicenseAsync(string licenseKey, CancellationToken cancellation = default) =>
            Background.Run(() => ResetLicense(licenseKey), cancellation);

        /// <summary>
        /// Creates a plan with the current API: the terms on which a product is sold. Blocks. For a seller's own tools.
        /// </summary>
        /// <remarks>
        /// The request reaches Whop once at the most. After <see cref="WhopStatus.NoAnswer"/>,
        /// <see cref="WhopStatus.ServerError"/> and <see cref="WhopStatus.BadResponse"/> the plan may exist: look
        /// before you create it again.
        /// </remarks>
        /// <param name="request">The plan.</param>
        /// <exception cref="WhopException">The plan was not created, or nobody knows.</exception>
        /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
        public Plan CreatePlan(PlanRequest request) => CreatePlan((request?.ToJson())!);

        /// <inheritdoc cref="CreatePlan(PlanRequest)"/>
        /// <param name="planJson">
        /// The plan as a JSON object. A field of a wrong type, or of a name that Whop does not know, is refused before
        /// anything is sent.
        /// </param>
        public Plan CreatePlan(string planJson) => Plan.Take(Create(planJson, WhopApi.Current, out IntPtr plan), plan);

        /// <summary>As <see cref="CreatePlan(PlanRequest)"/>, off the calling thread.</summary>
        /// <inheritdoc cref="CreatePlan(PlanRequest)"/>
        /// <param name="request">The plan, read before this returns.</param>
        /// <param name="cancellation">Ends the waiting, not the request: see <see cref="WhopClient"/>.</param>
        /// <exception cref="OperationCanceledException">It was cancelled; the plan may still be created.</exception>
        public async Task<Plan> CreatePlanAsync(PlanRequest request, CancellationToken cancellation = default) =>
            await CreatePlanAsync((request?.ToJson())!, cancellation).ConfigureAwait(false);

        /// <inheritdoc cref="CreatePlanAsync(PlanRequest, CancellationToken)"/>
        /// <param name="planJson">The plan as a JSON object.</param>
        /// <param name="cancellation">Ends the waiting, not the request: see <see cref="WhopClient"/>.</param>
        public Task<Plan> CreatePlanAsync(string planJson, CancellationToken cancellation = default) =>
            Background.Run(() => CreatePlan(planJson), cancellation);

        /// <summary>As <see cref="CreatePlan(PlanRequest)"/>, with API v2, whose fields have other names.</summary>
        /// <inheritdoc cref="CreatePlan(PlanRequest)"/>
        public V2Plan CreateV2Plan(V2PlanRequest request) => CreateV2Plan((request?.ToJson())!);

        /// <inheritdoc cref="CreateV2Plan(V2PlanRequest)"/>
        /// <param name="planJson">The plan as a JSON object.</param>
        public V2Plan CreateV2Plan(string planJson) => V2Plan.Take(Create(planJson, WhopApi.V2, out IntPtr plan), plan);

        /// <summary>As <see cref="CreateV2Plan(V2PlanRequest)"/>, off the calling thread.</summary>
        /// <inheritdoc cref="CreatePlanAsync(PlanRequest, CancellationToken)"/>
        public async Task<V2Plan> CreateV2PlanAsync(V2PlanRequest request, CancellationToken cancellation = default) =>
            await CreateV2PlanAsync((request?.ToJson())!, cancellation).ConfigureAwait(false);

        /// <inheritdoc cref="CreatePlanAsync(string, CancellationToken)"/>
        public Task<V2Plan> CreateV2PlanAsync(string planJson, CancellationToken cancellation = default) =>
            Background.Run(() => CreateV2Plan(planJson), cancellation);

        /// <summary>Frees the client; calls that are under way in other threads end well.</summary>
        public void Dispose() => client.Dispose();

        /// <summary>The native client. Disposed, its handle would give its own name, or none at all on Mono.</summary>
        private ClientHandle Open => client.IsClosed ? throw new ObjectDisposedException(nameof(WhopClient)) : client;

        private static LicenseResult Attempt(Func<LicenseResult> check)
        {
            try
            {
                return check();
            }
            catch (WhopException refused)
            {
                return LicenseResult.Refused(refused.Status, refused.Message);
            }
            catch (ObjectDisposedException)
            {
                return LicenseResult.Refused(WhopStatus.InvalidArgument, "client: it was disposed");
            }
        }

        private LicenseResult Check(string licenseKey, string? metadataJson)
        {
            byte[]? key = Utf8.Encode(licenseKey, "license_key");
            byte[]? metadata = Utf8.Encode(metadataJson, "metadata_json");
            int status = Native.whop_client_validate_license(Open, key, metadata, out IntPtr response);
            return LicenseResult.Take(status, response, api);
        }

        private int Create(string planJson, WhopApi of, out IntPtr response)
        {
            if (api != of)
            {
                throw WhopException.InvalidArgument("api: the plan is of another API than the client");
            }
            return Native.whop_client_create_plan(Open, Utf8.Encode(planJson, "plan_json"), out response);
        }

        private void Accept(int status)
        {
            if (status != (int)WhopStatus.Ok)
            {
                throw new WhopException((WhopStatus)status, Utf8.Decode(Native.whop_client_message(client)) ?? "");
            }
        }
    }
}
