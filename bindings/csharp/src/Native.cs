using System;
using System.Runtime.CompilerServices;
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

        private static volatile bool loaded;

        /// <summary>For before the first call: the runtimes' own exceptions do not say what to do.</summary>
        /// <remarks>
        /// A method that calls this calls no native function itself: Mono loads the library, unchecked, when it compiles
        /// one that does.
        /// </remarks>
        /// <exception cref="WhopLibraryException">The native library cannot be used.</exception>
        internal static void EnsureLoaded()
        {
            if (loaded)
            {
                return;
            }
            string? path = NativeFile.Find();
            if (path != null)
            {
                NativeFile.Check(path);
            }
            string version = Load(path);
            if (MajorAndMinor(version) != MajorAndMinor(Version))
            {
                throw new WhopLibraryException(
                    WhopLibraryFault.OtherVersion,
                    path,
                    (path ?? "The native library that the system found") + " is version " + version
                        + ", and WhopLicense.dll version " + Version + ": put both files of one release in their places");
            }
            loaded = true;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        internal static string LoadedVersion() => Utf8.Decode(whop_version()) ?? "";

        /// <summary>Has the runtime load the library, and returns its version.</summary>
        private static string Load(string? path)
        {
            try
            {
                return LoadedVersion();
            }
            catch (EntryPointNotFoundException foreign)
            {
                throw new WhopLibraryException(
                    WhopLibraryFault.Foreign,
                    path,
                    (path ?? "The native library that the system found")
                        + " is another library, which only has the name: put " + NativeFile.Name + " in its place",
                    foreign);
            }
            catch (Exception missing) when (missing is DllNotFoundException || missing is BadImageFormatException)
            {
                throw path != null
                    ? new WhopLibraryException(
                        WhopLibraryFault.NotLoadable,
                        path,
                        path + " is whole, but this system cannot load it, as where it lacks a library that is needed: "
                            + "ldd lists them, and the inner exception may name it",
                        missing)
                    : new WhopLibraryException(
                        WhopLibraryFault.Missing,
                        NativeFile.Place,
                        "The native library is missing: put it at " + NativeFile.Place,
                        missing);
            }
        }

        /// <summary>
        /// What must be the same in both, as in the library's SONAME: a patch leaves the functions as they are, and a new
        /// minor version may change them while the major one is 0, and may lack or add some later.
        /// </summary>
        private static string MajorAndMinor(string version) =>
            version.Substring(0, Math.Max(0, version.LastIndexOf('.')));
    }
}
