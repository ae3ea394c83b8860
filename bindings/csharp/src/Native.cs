using System;
using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]

namespace WhopLicense
{
    /// <summary>The functions of <c>whop_license.h</c>, one to one; that header says what each does.</summary>
    /// <remarks>
    /// Strings in: UTF-8 with a NUL at the end (<see cref="Utf8.Encode"/>), null is NULL. Strings out are borrowed:
    /// <see cref="Utf8.Decode"/> copies them. An object handed over is wrapped in its handle at once.
    /// </remarks>
    internal static partial class Native
    {
        private const string Library = "whop_license";

        /// <summary>For before the first call: Mono's own exception names neither the file nor the folder.</summary>
        internal static void EnsureLoaded()
        {
            try
            {
                whop_version();
            }
            catch (Exception missing) when (missing is DllNotFoundException || missing is BadImageFormatException)
            {
                string own = typeof(Native).Assembly.Location; // empty in a program of one file
                throw new DllNotFoundException(
                    "The native library is missing or cannot be loaded: libwhop_license.so (Windows: whop_license.dll, "
                    + "macOS: libwhop_license.dylib) belongs beside " + (own.Length > 0 ? own : AppContext.BaseDirectory),
                    missing);
            }
        }
    }
}
