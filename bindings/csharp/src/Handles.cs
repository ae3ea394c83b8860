using System;
using System.Runtime.InteropServices;

namespace WhopLicense
{
    /// <summary>Owns a <c>whop_client</c>. Disposed while a call uses it, it is freed when that call ends.</summary>
    internal sealed class ClientHandle : SafeHandle
    {
        internal ClientHandle(IntPtr client, bool ownsHandle = true)
            : base(IntPtr.Zero, ownsHandle)
        {
            SetHandle(client);
            if (ownsHandle && !IsInvalid)
            {
                OpenClients.Add(client);
            }
        }

        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle()
        {
            OpenClients.Remove(handle);
            Native.whop_client_free(handle);
            return true;
        }
    }

    /// <summary>Owns a <c>whop_call</c>. Disposed before it is done, the call is cancelled.</summary>
    internal sealed class CallHandle : SafeHandle
    {
        internal CallHandle(IntPtr call)
            : base(IntPtr.Zero, ownsHandle: true) => SetHandle(call);

        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle()
        {
            Native.whop_call_free(handle);
            return true;
        }
    }
}
