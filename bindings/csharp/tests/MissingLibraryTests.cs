using System;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>Without the native library, every way in says which file belongs where.</summary>
    internal sealed class MissingLibraryTests
    {
        private static readonly Action[] WaysIn =
        {
            () => new WhopClient("sandbox_1_full").Dispose(),
            () => WhopClient.Relay("https://relay.example", "key", new WhopClientOptions()).Dispose(),
            () => Whop.ValidateLicense("sandbox_1_full", "K", "{}"),
            () => Whop.CreatePlan("sandbox_1_full", new PlanRequest()),
            () => _ = Whop.Version,
        };

        /// <summary>Prints what each of them throws, and that exception's cause.</summary>
        internal static void Print()
        {
            foreach (Action enter in WaysIn)
            {
                DllNotFoundException thrown = Assert.Throws<DllNotFoundException>(() => enter())!;
                Console.WriteLine(thrown.InnerException?.GetType().Name + ": " + thrown.Message);
            }
        }

        [Test]
        public void AMissingLibraryIsNamedWithItsPlace()
        {
            string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            Directory.CreateDirectory(folder);
            try
            {
                string[] command = Self.Command();
                string own = Path.GetDirectoryName(typeof(MissingLibraryTests).Assembly.Location)!;
                foreach (string name in new[] { "WhopLicense.Tests.exe", "WhopLicense.dll", "nunit.framework.dll" })
                {
                    File.Copy(Path.Combine(own, name), Path.Combine(folder, name));
                }
                command[command.Length - 1] = Path.Combine(folder, "WhopLicense.Tests.exe");
                string[] told = Self.Printed(command.Append("without-library").ToArray()).Split('\n');
                Assert.That(told, Has.Length.EqualTo(WaysIn.Length));
                Assert.That(told, Is.All.StartsWith("DllNotFoundException: ").And.All.Contains("libwhop_license.so"));
                Assert.That(told, Is.All.EndsWith(Path.Combine(folder, "WhopLicense.dll")));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
