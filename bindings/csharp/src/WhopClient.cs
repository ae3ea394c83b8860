using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace WhopLicense
{
    /// <summary>
    /// The way to a relay of yours, or to Whop with one API key. Make one and keep it: it keeps its connections alive.
    /// </summary>
    /// <remarks>
    /// <para>Any number of threads may share a client, and dispose it, which ends the calls that are under way.</para>
    /// <para>
    /// Every call takes up to <see cref="WhopClientOptions.Timeout"/>. A thread that draws frames uses the methods
    /// whose names end in Async; awaited in Unity, they continue on its main thread. No thread of the pool waits in
    /// them.
    /// </para>
    /// <para>
    /// Cancelling the task of a check stops its request: the task is canceled at once. What was sent already may have
    /// taken effect: a first use may have bound the device, and the next check on it is allowed then. The tasks of
    /// resets, plans and connections end at once too, and what they started runs on, within the timeout, until
    /// <see cref="CancelAll"/>.
    /// </para>
    /// <para>
    /// A call that <see cref="CancelAll"/> or <see cref="Dispose"/> ends has the status
    /// <see cref="WhopStatus.Canceled"/>, which decides nothing: methods whose names begin with Try return it, the others
    /// throw <see cref="WhopException"/>. So end also the calls that are under way when the process or its domain ends,
    /// which they do not hold up, and none begins from then on.
    /// </para>
    /// <para>
    /// What is shipped asks a relay: <see cref="Relay"/>. Whoever has a program can read the API key in it, and one
    /// that can bind a license can change every membership: a client with an API key is for servers and tools of yours.
    /// </para>
    /// </remarks>
    public sealed class WhopClient : IDisposable
    {
        private readonly ClientHandle client;
        private readonly WhopApi? api; // null: a relay
        private readonly StartedCalls started;

        /// <summary>
        /// Makes a client that asks Whop: for a server or tool of yours, never for what is shipped. Nothing is sent
        /// yet.
        /// </summary>
        /// <param name="apiKey">
        /// The API key. <c>sandbox_PORT_NAME</c> leads to the sandbox on this machine, every other to Whop; with a
        /// <see cref="WhopClientOptions.BaseUrl"/>, every key leads there.
        /// </param>
        /// <param name="options">The settings; null is the default of each.</param>
        /// <exception cref="WhopException">The API key or a setting is refused; the message says why.</exception>
        /// <exception cref="WhopLibraryException">The native library cannot be used.</exception>
        public WhopClient(string apiKey, WhopClientOptions? options = null)
            : this(() => Asking(apiKey), options?.Api ?? WhopApi.Current, options)
        {
        }

        private WhopClient(
            Func<(int Status, ClientHandle Client)> make, WhopApi? api, WhopClientOptions? options)
        {
            Native.EnsureLoaded();
            int status;
            (status, client) = make();
            this.api = api;
            started = new StartedCalls(client, api);
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
        /// Makes a client that asks a relay of yours in place of Whop: nothing in it is secret, so that it can be
        /// shipped. It checks licenses, and does nothing else. Nothing is sent yet.
        /// </summary>
        /// <param name="relayUrl">https, or plain http on this machine, without the <c>/v2</c>.</param>
        /// <param name="publicKeys">
        /// One to four, separated by commas, as <c>whop-relay keygen</c> prints them. Only what the holder of the
        /// private half of one has signed is believed, neither a yes nor a no of anybody else:
        /// <see cref="WhopStatus.Untrusted"/>.
        /// </param>
        /// <param name="options">
        /// The settings: <see cref="WhopClientOptions.ProductId"/> must be among them, and
        /// <see cref="WhopClientOptions.LeaseFile"/> lets a license that was allowed run on without network.
        /// </param>
        /// <exception cref="WhopException">An argument or setting is refused; the message says why.</exception>
        /// <exception cref="WhopLibraryException">The native library cannot be used.</exception>
        public static WhopClient Relay(string relayUrl, string publicKeys, WhopClientOptions options) =>
            new WhopClient(() => AskingRelay(relayUrl, publicKeys), null, options);

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
        /// <remarks>
        /// With the current API the license is looked up, judged, and bound at its first use, for which the API key
        /// needs <c>member:manage</c>; one that can only read still confirms what is bound already. Of two devices that
        /// come first at the same moment at least one is allowed, and exactly one at its next check.
        /// </remarks>
        /// <param name="licenseKey">
        /// The key that the customer typed, or the id of the membership, which a relay does not take.
        /// </param>
        /// <param name="metadataJson">
        /// A JSON object that says which device this is; null stands for <c>{"hwid":"…"}</c> with
        /// <see cref="GetDeviceId"/>. It is stored with the first call, and every other is refused from then on, until
        /// the license is reset. So nothing in one of your own may change from one start to the next: no time, version
        /// or host name. <c>{}</c> binds nothing and passes on every device; with API v2 it may even reset the binding. A
        /// relay takes one pair, of 1 to 256 printable ASCII characters.
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
        /// <param name="cancellation">Stops the request: see <see cref="WhopClient"/>.</param>
        /// <exception cref="OperationCanceledException">It was cancelled.</exception>
        public Task<LicenseResult> ValidateLicenseAsync(
            string licenseKey, string? metadataJson = null, CancellationToken cancellation = default) =>
            Start(licenseKey, () => metadataJson, throws: true, cancellation);

        /// <inheritdoc cref="ValidateLicenseAsync(string, string, CancellationToken)"/>
        /// <param name="licenseKey">The key that the customer typed, or the id of the membership.</param>
        /// <param name="metadata">What says which device this is, and never changes; not empty.</param>
        /// <param name="cancellation">Stops the request: see <see cref="WhopClient"/>.</param>
        public Task<LicenseResult> ValidateLicenseAsync(
            string licenseKey,
            IReadOnlyDictionary<string, string> metadata,
            CancellationToken cancellation = default) =>
            Start(licenseKey, () => Json.Metadata(metadata), throws: true, cancellation);

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
        /// <param name="cancellation">Stops the request: see <see cref="WhopClient"/>.</param>
        /// <returns>Never null; what to do is in <see cref="LicenseResult.Verdict"/>.</returns>
        /// <exception cref="OperationCanceledException">It was cancelled: the only exception.</exception>
        public Task<LicenseResult> TryValidateLicenseAsync(
            string licenseKey, string? metadataJson = null, CancellationToken cancellation = default) =>
            Start(licenseKey, () => metadataJson, throws: false, cancellation);

        /// <inheritdoc cref="TryValidateLicenseAsync(string, string, CancellationToken)"/>
        /// <param name="licenseKey">The key that the customer typed, or the id of the membership.</param>
        /// <param name="metadata">What says which device this is, and never changes; not empty.</param>
        /// <param name="cancellation">Stops the request: see <see cref="WhopClient"/>.</param>
        public Task<LicenseResult> TryValidateLicenseAsync(
            string licenseKey,
            IReadOnlyDictionary<string, string> metadata,
            CancellationToken cancellation = default) =>
            Start(licenseKey, () => Json.Metadata(metadata), throws: false, cancellation);

        /// <summary>
        /// Frees the device of a license, so that the next one to check is bound. Blocks. For a seller's own tools: it
        /// needs an API key with <c>member:manage</c>, which may change every membership.
        /// </summary>
        /// <remarks>
        /// What goes is the value under <see cref="WhopClientOptions.MetadataKey"/>. The current API cannot delete one
        /// name: all metadata is cleared, and what else was in it is written back with a second request. Cut off
        /// between the two (<see cref="WhopStatus.NoAnswer"/>), the device is free or may be, and the rest is gone from
        /// Whop: <see cref="WhopException.JsonBefore"/> is the membership as it was, to write it back from.
        /// </remarks>
        /// <param name="licenseKey">The license key, or the id of the membership.</param>
        /// <returns>Whether the device is free: if not, there is no such license.</returns>
        /// <exception cref="WhopException">It was not reset, or nobody knows.</exception>
        /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
        public ResetResult ResetLicense(string licenseKey) => Reset(licenseKey).OrThrow();

        /// <summary>As <see cref="ResetLicense"/>, off the calling thread.</summary>
        /// <inheritdoc cref="ResetLicense"/>
        /// <param name="licenseKey">The license key, or the id of the membership.</param>
        /// <param name="cancellation">Ends the waiting, not the request: see <see cref="WhopClient"/>.</param>
        /// <exception cref="OperationCanceledException">It was cancelled; the device may still be freed.</exception>
        public Task<ResetResult> ResetLicenseAsync(string licenseKey, CancellationToken cancellation = default) =>
            Background.Run(() => ResetLicense(licenseKey), cancellation);

        /// <summary>As <see cref="ResetLicense"/>, without exceptions. Blocks.</summary>
        /// <param name="licenseKey">The license key, or the id of the membership.</param>
        /// <param name="result">Never null. Says why not.</param>
        /// <returns>Whether the device is known to be free.</returns>
        public bool TryResetLicense(string licenseKey, out ResetResult result)
        {
            result = AttemptReset(licenseKey);
            return result.IsFree;
        }

        /// <summary>As <see cref="TryResetLicense"/>, off the calling thread.</summary>
        /// <param name="licenseKey">The license key, or the id of the membership.</param>
        /// <param name="cancellation">Ends the waiting, not the request: see <see cref="WhopClient"/>.</param>
        /// <returns>Never null.</returns>
        /// <exception cref="OperationCanceledException">It was cancelled: the only exception.</exception>
        public Task<ResetResult> TryResetLicenseAsync(string licenseKey, CancellationToken cancellation = default) =>
            Background.Run(() => AttemptReset(licenseKey), cancellation);

        /// <summary>Creates a plan: the terms on which a product is sold. Blocks. For a seller's own tools.</summary>
        /// <remarks>
        /// Of one call comes one plan at the most. The current API takes a creation once, however often it arrives, so
        /// that it is repeated within the timeout; with API v2 it is repeated only when nothing was sent. After
        /// <see cref="WhopStatus.NoAnswer"/>, <see cref="WhopStatus.ServerError"/> and
        /// <see cref="WhopStatus.BadResponse"/> the plan may exist: look before you create it again.
        /// </remarks>
        /// <param name="request">The plan, with the fields of the current API.</param>
        /// <exception cref="WhopException">The plan was not created, or nobody knows.</exception>
        /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
        public CreatedPlan CreatePlan(PlanRequest request) => CreatePlan((request?.ToJson())!);

        /// <inheritdoc cref="CreatePlan(PlanRequest)"/>
        /// <param name="request">The plan, with the fields of API v2: for a client of <see cref="WhopApi.V2"/>.</param>
        public CreatedPlan CreatePlan(V2PlanRequest request) => CreatePlan((request?.ToJson())!);

        /// <inheritdoc cref="CreatePlan(PlanRequest)"/>
        /// <param name="planJson">
        /// The plan as a JSON object. A field of a wrong type, of a name or with a value that Whop does not know, is
        /// refused before anything is sent.
        /// </param>
        public CreatedPlan CreatePlan(string planJson)
        {
            byte[]? plan = Utf8.Encode(planJson, "plan_json");
            int status = Native.whop_client_create_plan(Calling, plan, out IntPtr response);
            return CreatedPlan.Take(status, response, api);
        }

        /// <summary>As <see cref="CreatePlan(PlanRequest)"/>, off the calling thread.</summary>
        /// <inheritdoc cref="CreatePlan(PlanRequest)"/>
        /// <param name="request">The plan, read before this returns.</param>
        /// <param name="cancellation">Ends the waiting, not the request: see <see cref="WhopClient"/>.</param>
        /// <exception cref="OperationCanceledException">It was cancelled; the plan may still be created.</exception>
        public async Task<CreatedPlan> CreatePlanAsync(PlanRequest request, CancellationToken cancellation = default) =>
            await CreatePlanAsync((request?.ToJson())!, cancellation).ConfigureAwait(false);

        /// <inheritdoc cref="CreatePlanAsync(PlanRequest, CancellationToken)"/>
        /// <param name="request">The plan with the fields of API v2, read before this returns.</param>
        /// <param name="cancellation">Ends the waiting, not the request: see <see cref="WhopClient"/>.</param>
        public async Task<CreatedPlan> CreatePlanAsync(
            V2PlanRequest request, CancellationToken cancellation = default) =>
            await CreatePlanAsync((request?.ToJson())!, cancellation).ConfigureAwait(false);

        /// <inheritdoc cref="CreatePlanAsync(PlanRequest, CancellationToken)"/>
        /// <param name="planJson">The plan as a JSON object.</param>
        /// <param name="cancellation">Ends the waiting, not the request: see <see cref="WhopClient"/>.</param>
        public Task<CreatedPlan> CreatePlanAsync(string planJson, CancellationToken cancellation = default) =>
            Background.Run(() => CreatePlan(planJson), cancellation);

        /// <summary>
        /// Opens a connection ahead of need, as while a splash screen is shown, and keeps it for a minute: the next call
        /// is faster by its handshakes. Blocks. Sends no request.
        /// </summary>
        /// <returns>
        /// <see cref="WhopStatus.Ok"/>: one is open. Else why not, such as <see cref="WhopStatus.Unreachable"/>: nothing
        /// is lost, and the next call will say more.
        /// </returns>
        /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
        public WhopStatus Connect() => (WhopStatus)Native.whop_client_connect(Calling);

        /// <summary>As <see cref="Connect"/>, off the calling thread.</summary>
        /// <inheritdoc cref="Connect"/>
        /// <param name="cancellation">Ends the waiting: see <see cref="WhopClient"/>.</param>
        /// <exception cref="OperationCanceledException">It was cancelled.</exception>
        public Task<WhopStatus> ConnectAsync(CancellationToken cancellation = default) =>
            Background.Run(Connect, cancellation);

        /// <summary>
        /// Ends all calls of the client that run now, from any thread, as a game does that quits: they return within
        /// milliseconds as <see cref="WhopStatus.Canceled"/>, unless their answer is here already. Later calls are
        /// not affected.
        /// </summary>
        /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
        public void CancelAll() => Native.whop_client_cancel_all(Open);

        /// <summary>Ends the calls that are under way, as <see cref="CancelAll"/> does, and frees the client.</summary>
        public void Dispose()
        {
            started.Close();
            try
            {
                CancelAll();
            }
            catch (ObjectDisposedException)
            {
                // Another thread was faster, or this is the second time.
            }
            client.Dispose();
        }

        /// <summary>The native client. Disposed, its handle would give its own name, or none at all on Mono.</summary>
        private ClientHandle Open => client.IsClosed ? throw new ObjectDisposedException(nameof(WhopClient)) : client;

        /// <summary>The native client for a call.</summary>
        private ClientHandle Calling
        {
            get
            {
                if (OpenClients.AreEnding)
                {
                    // Threads that ask again and again would keep the processor from what ends.
                    Thread.Sleep(50);
                }
                OpenClients.ThrowIfEnding();
                return Open;
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static (int Status, ClientHandle Client) Asking(string apiKey)
        {
            int status = Native.whop_client_new(Utf8.Encode(apiKey, "api_key"), out IntPtr made);
            return (status, new ClientHandle(made));
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static (int Status, ClientHandle Client) AskingRelay(string relayUrl, string publicKeys)
        {
            byte[]? url = Utf8.Encode(relayUrl, "relay_url");
            byte[]? keys = Utf8.Encode(publicKeys, "public_keys");
            int status = Native.whop_client_new_relay(url, keys, out IntPtr made);
            return (status, new ClientHandle(made));
        }

        private static T Attempt<T>(Func<T> call, Func<WhopException, T> refusal)
        {
            try
            {
                return call();
            }
            catch (WhopException refused)
            {
                return refusal(refused);
            }
            catch (ObjectDisposedException)
            {
                return refusal(Disposed());
            }
        }

        private static WhopException Disposed() => WhopException.InvalidArgument("client: it was disposed");

        private static LicenseResult Attempt(Func<LicenseResult> check) =>
            Attempt(check, refused => new LicenseResult(refused));

        private ResetResult AttemptReset(string licenseKey) =>
            Attempt(() => Reset(licenseKey), refused => new ResetResult(refused));

        private LicenseResult Check(string licenseKey, string? metadataJson)
        {
            byte[]? key = Utf8.Encode(licenseKey, "license_key");
            byte[]? metadata = Utf8.Encode(metadataJson, "metadata_json");
            int status = Native.whop_client_validate_license(Calling, key, metadata, out IntPtr response);
            return new LicenseResult(status, response, api);
        }

        /// <summary>Starts a check. What refuses it, ends the task; nothing is thrown here.</summary>
        private Task<LicenseResult> Start(
            string licenseKey, Func<string?> metadataJson, bool throws, CancellationToken cancellation)
        {
            if (cancellation.IsCancellationRequested)
            {
                return Task.FromCanceled<LicenseResult>(cancellation);
            }
            try
            {
                OpenClients.ThrowIfEnding();
                byte[]? key = Utf8.Encode(licenseKey, "license_key");
                byte[]? metadata = Utf8.Encode(metadataJson(), "metadata_json");
                return started.Start(key, metadata, throws, cancellation);
            }
            catch (Exception refused) when (throws && (refused is WhopException || refused is ObjectDisposedException))
            {
                return Task.FromException<LicenseResult>(refused);
            }
            catch (WhopException refused)
            {
                return Task.FromResult(new LicenseResult(refused));
            }
            catch (ObjectDisposedException)
            {
                return Task.FromResult(new LicenseResult(Disposed()));
            }
        }

        private ResetResult Reset(string licenseKey)
        {
            byte[]? key = Utf8.Encode(licenseKey, "license_key");
            int status = Native.whop_client_reset_license(Calling, key, out IntPtr response);
            return new ResetResult(status, response, api);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Accept(int status)
        {
            if (status != (int)WhopStatus.Ok)
            {
                throw new WhopException((WhopStatus)status, Utf8.Decode(Native.whop_client_message(client)) ?? "");
            }
        }
    }
}
