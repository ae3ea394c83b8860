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
    internal static class Native
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

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_validate_license(
            byte[]? apiKey, byte[]? licenseKey, byte[]? metadataJson, out IntPtr response);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_create_plan(byte[]? apiKey, byte[]? planJson, out IntPtr response);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_client_new(byte[]? apiKey, out IntPtr client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_client_set_product_id(ClientHandle client, byte[]? productId);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_client_set_device_id(ClientHandle client, byte[]? deviceId);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_client_set_metadata_key(ClientHandle client, byte[]? metadataKey);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_client_set_timeout_ms(ClientHandle client, uint wholeCall);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_client_set_max_retries(ClientHandle client, uint retries);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_client_set_expand(ClientHandle client, byte[]? commaSeparated);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_client_set_base_url(ClientHandle client, byte[]? url);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_client_set_allow_sandbox(ClientHandle client, int allow);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_client_set_ca_file(ClientHandle client, byte[]? pemPath);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_client_set_proxy(ClientHandle client, byte[]? urlOrEmpty);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_client_set_allow_unknown_plan_fields(ClientHandle client, int allow);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr whop_client_message(ClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr whop_client_device_id(ClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_client_validate_license(
            ClientHandle client, byte[]? licenseKey, byte[]? metadataJson, out IntPtr response);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_client_create_plan(ClientHandle client, byte[]? planJson, out IntPtr response);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern void whop_client_free(IntPtr client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr whop_response_json(ResponseHandle response);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr whop_response_message(ResponseHandle response);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_response_http_status(ResponseHandle response);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long whop_response_retry_after_ms(ResponseHandle response);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr whop_response_string(ResponseHandle response, byte[] pointer);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_response_integer(ResponseHandle response, byte[] pointer, out long value);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_response_number(ResponseHandle response, byte[] pointer, out double value);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_response_boolean(ResponseHandle response, byte[] pointer, out int value);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern void whop_response_free(IntPtr response);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int whop_status_verdict(int status);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr whop_status_name(int status);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr whop_status_message(int status);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr whop_version();
    }
}
