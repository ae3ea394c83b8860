using System.Runtime.CompilerServices;

namespace WhopLicense
{
    /// <summary>What the native library says of a status; any number may be asked.</summary>
    /// <exception cref="WhopLibraryException">The native library cannot be used.</exception>
    public static class WhopStatusExtensions
    {
        /// <summary>What the status decides.</summary>
        public static WhopVerdict Verdict(this WhopStatus status)
        {
            Native.EnsureLoaded();
            return NativeVerdict(status);
        }

        /// <summary>Its name in every language, such as <c>WHOP_DEVICE_MISMATCH</c>.</summary>
        public static string Name(this WhopStatus status)
        {
            Native.EnsureLoaded();
            return NativeName(status);
        }

        /// <summary>What it means and what to do about it, in one sentence. That of a result says more.</summary>
        public static string Message(this WhopStatus status)
        {
            Native.EnsureLoaded();
            return NativeMessage(status);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static WhopVerdict NativeVerdict(WhopStatus status)
        {
            // The numbers of C, where 0 is a denial.
            switch (Native.whop_status_verdict((int)status))
            {
                case 1: return WhopVerdict.Allowed;
                case 0: return WhopVerdict.Denied;
                default: return WhopVerdict.Undetermined;
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static string NativeName(WhopStatus status) =>
            Utf8.Decode(Native.whop_status_name((int)status)) ?? "";

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static string NativeMessage(WhopStatus status) =>
            Utf8.Decode(Native.whop_status_message((int)status)) ?? "";
    }
}
