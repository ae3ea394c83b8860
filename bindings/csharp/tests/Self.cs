using System.Diagnostics;
using System.IO;
using System.Linq;

namespace WhopLicense.Tests
{
    /// <summary>This program run once more, elsewhere.</summary>
    internal static class Self
    {
        /// <summary>The runtime with its arguments, and the path of this program.</summary>
        internal static string[] Command() => File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');

        /// <summary>What a command prints.</summary>
        internal static string Printed(params string[] command)
        {
            using Process process = Process.Start(new ProcessStartInfo(
                command[0], string.Join(" ", command.Skip(1).Select(argument => "\"" + argument + "\"")))
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            string printed = process.StandardOutput.ReadToEnd().TrimEnd();
            process.WaitForExit();
            return printed;
        }
    }
}
