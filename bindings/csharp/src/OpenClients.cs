using System;
using System.Collections.Generic;

namespace WhopLicense
{
    /// <summary>Ends the calls of all clients when the process or the domain ends: Mono waits for what is in native code.</summary>
    internal static class OpenClients
    {
        // Of each client a handle that does not own it, so that one which nobody uses any more can be freed.
        private static readonly Dictionary<IntPtr, ClientHandle> Open = new Dictionary<IntPtr, ClientHandle>(); // and the lock

        private static volatile bool areEnding;

        /// <summary>Whether the process or the domain ends.</summary>
        internal static bool AreEnding => areEnding;

        /// <summary>For before a call: none begins while the process or the domain ends.</summary>
        /// <exception cref="WhopException">It ends.</exception>
        internal static void ThrowIfEnding()
        {
            if (AreEnding)
            {
                throw new WhopException(WhopStatus.Canceled, "The program ends, so that no call begins.");
            }
        }

        internal static void Add(IntPtr client)
        {
            lock (Open)
            {
                if (Open.Count == 0)
                {
                    AppDomain.CurrentDomain.ProcessExit += CancelAll;
                    AppDomain.CurrentDomain.DomainUnload += CancelAll;
                }
                Open.Add(client, new ClientHandle(client, ownsHandle: false));
            }
        }

        internal static void Remove(IntPtr client)
        {
            lock (Open)
            {
                Open.Remove(client);
                if (Open.Count == 0)
                {
                    // They would keep a collectible assembly from being unloaded.
                    AppDomain.CurrentDomain.ProcessExit -= CancelAll;
                    AppDomain.CurrentDomain.DomainUnload -= CancelAll;
                }
            }
        }

        private static void CancelAll(object? sender, EventArgs nothing)
        {
            // A thread that asks again and again would be in native code for ever.
            areEnding = true;
            lock (Open)
            {
                foreach (ClientHandle client in Open.Values)
                {
                    Native.whop_client_cancel_all(client);
                }
            }
        }
    }
}
