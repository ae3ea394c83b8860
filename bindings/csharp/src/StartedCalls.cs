using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace WhopLicense
{
    /// <summary>The started calls of one client, and the thread that ends their tasks.</summary>
    /// <remarks>
    /// One thread serves them all, in slices: the end of a process or domain waits for a thread that is in native code.
    /// The library calls nothing back, since no native code may hold a delegate of a domain that ends.
    /// </remarks>
    internal sealed class StartedCalls
    {
        private const int SliceMilliseconds = 25;
        private const int IdleSlices = 40;

        private readonly ClientHandle client;
        private readonly WhopApi? api;
        private readonly HashSet<StartedCheck> pending = new HashSet<StartedCheck>(); // and the lock
        private bool isServed;
        private bool isClosed;

        /// <param name="client">The native client.</param>
        /// <param name="api">The API that it asks; no API is a relay.</param>
        internal StartedCalls(ClientHandle client, WhopApi? api)
        {
            this.client = client;
            this.api = api;
        }

        /// <summary>Starts a check, and returns at once.</summary>
        /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
        internal Task<LicenseResult> Start(byte[]? licenseKey, byte[]? metadata, bool throws, CancellationToken cancellation)
        {
            lock (pending)
            {
                if (isClosed)
                {
                    throw new ObjectDisposedException(nameof(WhopClient));
                }
                int status = Native.whop_client_start_validate_license(client, licenseKey, metadata, out IntPtr call);
                var check = new StartedCheck(new CallHandle(call), api, throws);
                if (status != (int)WhopStatus.Ok)
                {
                    check.End();
                    return check.Task;
                }
                Serve();
                check.EndWith(cancellation, Forget);
                if (!check.IsEnded)
                {
                    pending.Add(check);
                }
                return check.Task;
            }
        }

        /// <summary>Ends all calls, and starts none from now on.</summary>
        internal void Close()
        {
            StartedCheck[] left;
            lock (pending)
            {
                isClosed = true;
                left = pending.ToArray();
                pending.Clear();
            }
            foreach (StartedCheck check in left)
            {
                check.Cancel();
            }
        }

        private void Forget(StartedCheck check)
        {
            lock (pending)
            {
                pending.Remove(check);
            }
        }

        private void Serve()
        {
            if (!isServed)
            {
                var thread = new Thread(EndWhatIsDone, maxStackSize: 256 * 1024)
                {
                    IsBackground = true,
                    Name = "whop-license",
                };
                thread.Start();
                isServed = true;
            }
        }

        /// <summary>The thread: ends by itself when there has been nothing to do for a second.</summary>
        private void EndWhatIsDone()
        {
            try
            {
                for (int idle = 0; !IsIdle(ref idle);)
                {
                    if (Native.whop_client_wait_any(client, SliceMilliseconds) == 1)
                    {
                        while (Native.whop_client_wait_any(client, 0) == 1)
                        {
                            // All that are done are ended together.
                        }
                        EndDone();
                    }
                }
            }
            catch (ObjectDisposedException)
            {
                // Nothing is pending any more: see Close.
            }
        }

        private bool IsIdle(ref int slices)
        {
            lock (pending)
            {
                slices = pending.Count > 0 ? 0 : slices + 1;
                isServed = slices <= (OpenClients.AreEnding ? 0 : IdleSlices);
                return !isServed;
            }
        }

        private void EndDone()
        {
            StartedCheck[] done;
            lock (pending)
            {
                done = pending.Where(check => check.IsDone).ToArray();
                pending.ExceptWith(done);
            }
            foreach (StartedCheck check in done)
            {
                check.End();
            }
        }
    }
}
