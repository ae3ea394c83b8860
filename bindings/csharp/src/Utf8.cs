using System;
using System.Runtime.InteropServices;
using System.Text;

namespace WhopLicense
{
    /// <summary>Strings across the ABI: UTF-8 with a NUL at the end.</summary>
    internal static class Utf8
    {
        private static readonly UTF8Encoding Strict = new UTF8Encoding(false, throwOnInvalidBytes: true);

        /// <summary>The bytes of <paramref name="text"/> with a NUL at the end; null stays null.</summary>
        /// <exception cref="WhopException">It holds a NUL, which would cut it short, or half a character.</exception>
        internal static byte[]? Encode(string? text, string argument)
        {
            if (text == null)
            {
                return null;
            }
            if (text.IndexOf('\0') >= 0)
            {
                throw WhopException.InvalidArgument(argument + ": holds a NUL character");
            }
            try
            {
                return Strict.GetBytes(text + '\0');
            }
            catch (EncoderFallbackException)
            {
                throw WhopException.InvalidArgument(argument + ": holds half a surrogate pair, which is no character");
            }
        }

        /// <summary>A copy of a borrowed string; NULL becomes null.</summary>
        internal static string? Decode(IntPtr text)
        {
            if (text == IntPtr.Zero)
            {
                return null;
            }
            int length = 0;
            while (Marshal.ReadByte(text, length) != 0)
            {
                length++;
            }
            var bytes = new byte[length];
            Marshal.Copy(text, bytes, 0, length);
            return Encoding.UTF8.GetString(bytes);
        }
    }
}
