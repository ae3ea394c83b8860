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
                var bytes = new byte[Strict.GetByteCount(text) + 1];
                Strict.GetBytes(text, 0, text.Length, bytes, 0);
                return bytes;
            }
            catch (EncoderFallbackException)
            {
                throw WhopException.InvalidArgument(argument + ": holds half a surrogate pair, which is no character");
            }
        }

        /// <summary>A copy of a borrowed string; NULL becomes null.</summary>
        internal static string? Decode(IntPtr text) => Text(Copy(text));

        /// <summary>The text that the bytes are; null stays null.</summary>
        internal static string? Text(byte[]? text) => text == null ? null : Encoding.UTF8.GetString(text);

        /// <summary>The bytes of a borrowed string, without the NUL; NULL becomes null.</summary>
        internal static byte[]? Copy(IntPtr text)
        {
            if (text == IntPtr.Zero)
            {
                return null;
            }
            var bytes = new byte[Length(text)];
            Marshal.Copy(text, bytes, 0, bytes.Length);
            return bytes;
        }

        /// <summary>How many bytes stand before the NUL.</summary>
        private static int Length(IntPtr text)
        {
            int length = 0;
            // Eight at a time where they are aligned, so that none is read of another page: byte by byte it takes twice
            // as long to find the end of an answer as to copy and decode it.
            for (; ((text.ToInt64() + length) & 7) != 0; length++)
            {
                if (Marshal.ReadByte(text, length) == 0)
                {
                    return length;
                }
            }
            while (!HoldsZero((ulong)Marshal.ReadInt64(text, length)))
            {
                length += 8;
            }
            while (Marshal.ReadByte(text, length) != 0)
            {
                length++;
            }
            return length;
        }

        /// <summary>Whether one of eight bytes is zero: only that one borrows from its highest bit.</summary>
        private static bool HoldsZero(ulong bytes) =>
            ((bytes - 0x0101010101010101) & ~bytes & 0x8080808080808080) != 0;
    }
}
