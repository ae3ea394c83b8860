using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>A native library that cannot be used is refused by every way in, with its file and what is wrong.</summary>
    internal sealed class LibraryFileTests
    {
        private static readonly bool IsWindows = Path.DirectorySeparatorChar == '\\';
        private static readonly string Own = Path.GetDirectoryName(typeof(LibraryFileTests).Assembly.Location)!;
        private static readonly string Name = IsWindows ? "whop_license.dll" : "libwhop_license.so";

        private static readonly Func<object>[] WaysIn =
        {
            () => new WhopClient("sandbox_1_full"),
            () => WhopClient.Relay("https://relay.example", "key", new WhopClientOptions()),
            () => Whop.ValidateLicense("sandbox_1_full", "K", "{}"),
            () => Whop.CreatePlan("sandbox_1_full", new PlanRequest()),
            () => WhopStatus.Ok.Name(),
            () => WhopStatus.Ok.Message(),
            () => WhopStatus.Ok.Verdict(),
            () => Whop.Version,
        };

        private string folder = null!;

        private string Library => Path.Combine(folder, Name);

        /// <summary>Prints what each of them throws; of the last one, if it does not, what it says.</summary>
        internal static void Print()
        {
            foreach (Func<object> enter in WaysIn)
            {
                try
                {
                    object came = enter();
                    Console.WriteLine(came as string ?? came.GetType().Name);
                }
                catch (WhopLibraryException refused)
                {
                    Console.WriteLine(refused.Fault + " " + refused.LibraryPath + "|" + refused.Message);
                }
                catch (WhopException refused)
                {
                    Console.WriteLine(refused.Status);
                }
            }
        }

        [SetUp]
        public void CopyThisProgram()
        {
            folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            Directory.CreateDirectory(folder);
            foreach (string name in new[] { "WhopLicense.Tests.exe", "WhopLicense.dll", "nunit.framework.dll" })
            {
                File.Copy(Path.Combine(Own, name), Path.Combine(folder, name));
            }
        }

        [TearDown]
        public void Remove() => Directory.Delete(folder, recursive: true);

        [Test]
        public void AMissingOneIsNamedWithItsPlace() => AssertRefused(WhopLibraryFault.Missing, "missing");

        [TestCase("")]
        [TestCase("x")]
        [TestCase("<!DOCTYPE html><title>404 Not Found</title>")]
        [TestCase("version https://git-lfs.github.com/spec/v1\n")]
        public void WhatIsNoLibraryIsBroken(string text)
        {
            File.WriteAllText(Library, text);
            AssertRefused(WhopLibraryFault.Broken, "is no library");
        }

        [TestCase(4)]
        [TestCase(64)]
        [TestCase(4096)]
        [TestCase(-1000000)]
        public void TheFirstPartOfOneIsBroken(int length)
        {
            byte[] whole = Original();
            Array.Resize(ref whole, length < 0 ? whole.Length + length : length);
            File.WriteAllBytes(Library, whole);
            // Windows checks the length by itself, and says why in the inner exception alone.
            bool toLoader = IsWindows && Math.Abs(length) >= 4096;
            AssertRefused(toLoader ? WhopLibraryFault.NotLoadable : WhopLibraryFault.Broken, "");
        }

        [Test]
        public void OneForAnotherSystemIsSaidToBe()
        {
            string other = IsWindows ? "\x7f" + "ELF\x2\x1\x1" : "MZ";
            File.WriteAllBytes(Library, Encoding.ASCII.GetBytes(other + new string('\0', 100)));
            AssertRefused(WhopLibraryFault.OtherPlatform, "is built for " + (IsWindows ? "Linux" : "Windows"));
        }

        [Test]
        public void OneForAnotherProcessorIsSaidToBe()
        {
            byte[] whole = Original();
            // Where the formats name the processor; no system has this one.
            int at = IsWindows ? BitConverter.ToInt32(whole, 0x3c) + 4 : 18;
            whole[at] = whole[at + 1] = 0x7e;
            File.WriteAllBytes(Library, whole);
            AssertRefused(WhopLibraryFault.OtherPlatform, "is built for another processor");
        }

        [Test]
        public void AnotherLibraryUnderItsNameIsForeign()
        {
            string other = IsWindows
                ? Path.Combine(Environment.SystemDirectory, "version.dll")
                : Directory.GetFiles(
                    Path.GetDirectoryName(Repository.PathOf(".tools/csharp/dotnet/dotnet"))!,
                    "libSystem.Native.so",
                    SearchOption.AllDirectories).First();
            File.Copy(other, Library);
            AssertRefused(WhopLibraryFault.Foreign, "is another library");
        }

        [Test]
        public void OneOfAnotherMinorVersionIsRefused()
        {
            string[] parts = Whop.Version.Split('.');
            parts[1] = OtherDigit(parts[1]);
            File.WriteAllBytes(Library, Replaced(Whop.Version, string.Join(".", parts)));
            AssertRefused(
                WhopLibraryFault.OtherVersion,
                "is version " + string.Join(".", parts) + ", and WhopLicense.dll version " + Whop.Version);
        }

        [Test]
        public void OneOfAnotherPatchIsTaken()
        {
            string[] parts = Whop.Version.Split('.');
            parts[2] = OtherDigit(parts[2]);
            string other = string.Join(".", parts);
            File.WriteAllBytes(Library, Replaced(Whop.Version, other));
            Assert.That(Told().Last(), Is.EqualTo(other));
        }

        [Test]
        [Platform(Exclude = "Win", Reason = "the name of the library that it needs is that of Linux")]
        public void OneThatNeedsWhatTheSystemLacksIsSaidToBe()
        {
            File.WriteAllBytes(Library, Replaced("libc.so.6", "libX.so.9"));
            AssertRefused(WhopLibraryFault.NotLoadable, "cannot load it");
        }

        private static byte[] Original() => File.ReadAllBytes(Path.Combine(Own, Name));

        /// <summary>The library's bytes with another text of the same length everywhere.</summary>
        private static byte[] Replaced(string text, string by)
        {
            Encoding bytewise = Encoding.GetEncoding("iso-8859-1");
            string library = bytewise.GetString(Original());
            Assert.That(library, Does.Contain(text));
            return bytewise.GetBytes(library.Replace(text, by));
        }

        private static string OtherDigit(string number) =>
            number.Substring(0, number.Length - 1) + (number.EndsWith("9") ? "8" : "9");

        /// <summary>What <see cref="Print"/> prints in the folder of this test.</summary>
        private IReadOnlyList<string> Told()
        {
            string[] command = Self.Command();
            command[command.Length - 1] = Path.Combine(folder, "WhopLicense.Tests.exe");
            string[] told = Self.Printed(command.Append("load").ToArray()).Split('\n');
            Assert.That(told, Has.Length.EqualTo(WaysIn.Length));
            return told;
        }

        private void AssertRefused(WhopLibraryFault fault, string reason)
        {
            foreach (string told in Told())
            {
                Assert.That(told, Does.StartWith(fault + " " + Library + "|").And.Contains(reason));
                Assert.That(told.Substring(told.IndexOf('|')), Does.Contain(Library));
            }
        }
    }
}
