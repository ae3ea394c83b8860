using System;
using System.Collections.Generic;

namespace WhopLicense
{
    /// <summary>Ends the calls of all clients when the process or the domain ends: Mono waits for what is in native code.</summary>
    internal static class OpenClients
    {
        // Of each client a handle that does not own it, so that one which nobody uses any more can be freed.
        private static readonly Dictionary<IntPtr, ClientHandle> Open = new Dictionary<IntPtr, ClientHandle>(); // and the lock

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
