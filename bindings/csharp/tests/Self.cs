using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace WhopLicense.Tests
{
    /// <summary>This program run once more, elsewhere.</summary>
    internal static class Self
    {
        private static readonly Regex Word = new Regex("\"[^\"]*\"|[^ ]+");

        /// <summary>The runtime with its arguments, and the path of this program.</summary>
        internal static string[] Command() => Path.DirectorySeparatorChar == '\\'
            ? Word.Matches(Marshal.PtrToStringUni(GetCommandLine())!).Cast<Match>().Select(word => word.Value.Trim('"')).ToArray()
            : File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');

        /// <summary>What a command prints.</summary>
        internal static string Printed(params string[] command)
        {
            using Process process = Process.Start(new ProcessStartInfo(
                command[0], string.Join(" ", command.Skip(1).Select(argument => "\"" + argument + "\"")))
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            string printed = process.StandardOutput.ReadToEnd().Replace("\r\n", "\n").TrimEnd();
            process.WaitForExit();
            return printed;
        }

        [DllImport("kernel32", EntryPoint = "GetCommandLineW")]
        private static extern IntPtr GetCommandLine();
    }
}
