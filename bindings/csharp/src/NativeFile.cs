using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace WhopLicense
{
    /// <summary>The file of the native library: where the runtime will find it, and whether it can be loaded.</summary>
    internal static class NativeFile
    {
        // The numbers by which the formats of files call the processors.
        private static readonly Dictionary<Architecture, (int Elf, int Pe)> Machines =
            new Dictionary<Architecture, (int Elf, int Pe)>
            {
                [Architecture.X86] = (3, 0x14c),
                [Architecture.X64] = (62, 0x8664),
                [Architecture.Arm] = (40, 0x1c4),
                [Architecture.Arm64] = (183, 0xaa64),
            };

        internal static readonly string Name = IsWindows ? "whop_license.dll"
            : IsMac ? "libwhop_license.dylib" : "libwhop_license.so";

        private static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

        private static bool IsMac => RuntimeInformation.IsOSPlatform(OSPlatform.OSX);

        /// <summary>Where it belongs: beside this assembly, or beside a program that is one file.</summary>
        internal static string Place => Path.Combine(OwnFolder() ?? AppContext.BaseDirectory, Name);

        /// <summary>The file that the runtime comes to first; null if that is none, or one that the system knows.</summary>
        internal static string? Find() => Folders().Select(folder => Path.Combine(folder, Name)).FirstOrDefault(File.Exists);

        /// <summary>Throws what is wrong with the file, before the loader is given it.</summary>
        /// <remarks>Linux's loader does not refuse the first part of a library: it ends the process.</remarks>
        /// <exception cref="WhopLibraryException">It cannot be loaded.</exception>
        internal static void Check(string path)
        {
            byte[] file;
            long length;
            try
            {
                file = Begin(path, out length);
            }
            catch (Exception denied) when (denied is IOException || denied is UnauthorizedAccessException)
            {
                throw new WhopLibraryException(
                    WhopLibraryFault.NotLoadable, path, path + " cannot be read: " + denied.Message, denied);
            }
            string format = Format(file);
            if (format.Length == 0)
            {
                throw Broken(path, "is no library");
            }
            string own = IsWindows ? "Windows" : IsMac ? "macOS" : "Linux";
            if (format != own)
            {
                throw OtherPlatform(path, format);
            }
            if (IsMac || !Machines.TryGetValue(RuntimeInformation.ProcessArchitecture, out (int Elf, int Pe) machine))
            {
                return;
            }
            try
            {
                int pe = IsWindows ? BitConverter.ToInt32(file, 0x3c) : 0;
                int found = IsWindows ? BitConverter.ToUInt16(file, pe + 4) : BitConverter.ToUInt16(file, 18);
                if (found != (IsWindows ? machine.Pe : machine.Elf))
                {
                    throw OtherPlatform(path, "another processor");
                }
                if (!IsWindows && ElfLength(file) > length)
                {
                    throw Broken(path, "is only the first part of the library");
                }
            }
            catch (ArgumentException)
            {
                throw Broken(path, "is only the first part of the library");
            }
        }

        private static WhopLibraryException Broken(string path, string what) => new WhopLibraryException(
            WhopLibraryFault.Broken, path, path + " " + what + ": put an undamaged copy in its place");

        private static WhopLibraryException OtherPlatform(string path, string what) => new WhopLibraryException(
            WhopLibraryFault.OtherPlatform,
            path,
            path + " is built for " + what + ": put the library for " + RuntimeInformation.OSDescription + " on "
                + RuntimeInformation.ProcessArchitecture + " in its place");

        /// <summary>The system whose libraries begin so; empty for what is no library.</summary>
        private static string Format(byte[] file)
        {
            uint magic = file.Length < 4 ? 0 : BitConverter.ToUInt32(file, 0);
            switch (magic)
            {
                case 0x464c457f: return "Linux"; // and its kin: "\x7fELF"
                case 0xfeedface: // 32 bits
                case 0xfeedfacf: // 64 bits
                case 0xbebafeca: return "macOS"; // for several processors
                default: return (magic & 0xffff) == 0x5a4d ? "Windows" : ""; // "MZ"
            }
        }

        /// <summary>How long a file of ELF must be for what it has the loader map.</summary>
        private static long ElfLength(byte[] file)
        {
            bool wide = (BitConverter.ToUInt16(file, 4) & 0xff) == 2; // 64 bits
            long table = wide ? BitConverter.ToInt64(file, 32) : BitConverter.ToUInt32(file, 28);
            int size = BitConverter.ToUInt16(file, wide ? 54 : 42), count = BitConverter.ToUInt16(file, wide ? 56 : 44);
            long length = table + (size * count);
            if (length > file.Length)
            {
                return length; // The table is missing, or stands further back than linkers put it.
            }
            long longest = length;
            for (int entry = (int)table; entry < length; entry += size)
            {
                long end = wide
                    ? BitConverter.ToInt64(file, entry + 8) + BitConverter.ToInt64(file, entry + 32)
                    : (long)BitConverter.ToUInt32(file, entry + 4) + BitConverter.ToUInt32(file, entry + 16);
                longest = Math.Max(longest, end);
            }
            return longest;
        }

        /// <summary>The first 4 KiB: of a library they hold the tables of its parts.</summary>
        private static byte[] Begin(string path, out long whole)
        {
            using (FileStream stream = File.OpenRead(path))
            {
                whole = stream.Length; // FileInfo on Mono would give that of a link
                var bytes = new byte[4096];
                int length = 0;
                for (int read = -1; read != 0 && length < bytes.Length; length += read)
                {
                    read = stream.Read(bytes, length, bytes.Length - length);
                }
                Array.Resize(ref bytes, length);
                return bytes;
            }
        }

        /// <summary>The folders in the order in which the runtimes look into them.</summary>
        private static IEnumerable<string> Folders()
        {
            // .NET's own list, as of packages; Mono has none.
            var known = AppDomain.CurrentDomain.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
            string variable = IsMac ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH";
            string searched = IsWindows ? "" : Environment.GetEnvironmentVariable(variable) ?? "";
            return known.Split(Path.PathSeparator)
                .Append(OwnFolder() ?? AppContext.BaseDirectory)
                .Concat(searched.Split(Path.PathSeparator))
                .Where(folder => folder.Length > 0);
        }

        private static string? OwnFolder()
        {
            string own = typeof(NativeFile).Assembly.Location; // empty in a program of one file
            return own.Length == 0 ? null : Path.GetDirectoryName(own);
        }
    }
}
