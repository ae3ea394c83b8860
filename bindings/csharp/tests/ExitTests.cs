using System;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>Pending calls hold up neither the end of the process nor that of a domain.</summary>
    internal sealed class ExitTests
    {
        private const int Many = 50;

        // Far below the ten minutes that each call would take.
        private const int Patience = 10000;

        private static readonly bool IsMono = Type.GetType("Mono.Runtime") != null;

        /// <summary>Lets many calls begin, then ends the process, or a domain in it, and says so just before.</summary>
        internal static void Leave(string calls, string how)
        {
            if (how == "unload")
            {
                Unload(calls);
                return;
            }
            Begin(calls);
            Console.WriteLine("leaving");
            if (how == "exit")
            {
                Environment.Exit(0);
            }
        }

        [Test]
        public void ThePendingCallsOfAProcessDoNotHoldItsEnd(
            [Values("started", "blocking", "again")] string calls, [Values("return", "exit")] string how)
        {
            Assert.That(Took(calls, how), Is.LessThan(Patience));
        }

        [Test]
        public void ThePendingCallsOfADomainDoNotHoldItsEnd(
            [Values("started", "blocking", "again")] string calls)
        {
            if (!IsMono)
            {
                Assert.Ignore(".NET 8 has no domains to unload");
            }
            Assert.That(Took(calls, "unload"), Is.LessThan(Patience));
        }

        [Test]
        public void ACollectibleAssemblyIsUnloadedOnceItsClientIsDisposed()
        {
            if (IsMono)
            {
                Assert.Ignore("Mono has no collectible assemblies");
            }
            using var mute = new Mute();
            WeakReference context = Collectible(mute);
            for (var waited = Stopwatch.StartNew(); context.IsAlive; GC.WaitForPendingFinalizers())
            {
                Assert.That(waited.ElapsedMilliseconds, Is.LessThan(Patience));
                GC.Collect();
            }
        }

        /// <summary>A context that was told to unload, with a copy of the binding that had pending calls.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static WeakReference Collectible(Mute mute)
        {
            Type type = Type.GetType("System.Runtime.Loader.AssemblyLoadContext", throwOnError: true)!;
            object context = Activator.CreateInstance(type, "collectible", true)!;
            var copy = (Assembly)type.GetMethod("LoadFromAssemblyPath")!.Invoke(
                context, new object[] { typeof(WhopClient).Assembly.Location })!;
            object options = Activator.CreateInstance(copy.GetType(typeof(WhopClientOptions).FullName!, true)!)!;
            options.GetType().GetProperty("BaseUrl")!.SetValue(options, mute.Url);
            var client = (IDisposable)Activator.CreateInstance(
                copy.GetType(typeof(WhopClient).FullName!, true)!, "a_key", options)!;
            MethodInfo check = client.GetType().GetMethod(
                "ValidateLicenseAsync", new[] { typeof(string), typeof(string), typeof(CancellationToken) })!;
            var pending = (Task)check.Invoke(client, new object[] { "K", "{}", CancellationToken.None })!;
            mute.Receive(1);
            client.Dispose();
            Assert.ThrowsAsync(Is.InstanceOf<Exception>(), async () => await pending);
            type.GetMethod("Unload")!.Invoke(context, null);
            return new WeakReference(context);
        }

        /// <summary>Not inlined: .NET 8 lacks what it uses.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Unload(string calls)
        {
            AppDomain domain = AppDomain.CreateDomain("unloaded");
            domain.SetData("calls", calls);
            domain.DoCallBack(BeginInThisDomain);
            Console.WriteLine("leaving");
            AppDomain.Unload(domain);
        }

        private static void BeginInThisDomain() => Begin((string)AppDomain.CurrentDomain.GetData("calls")!);

        private static void Begin(string calls)
        {
            var mute = new Mute();
            WhopClient client = mute.Client();
            for (int i = 0; i < Many; i++)
            {
                switch (calls)
                {
                    case "started":
                        client.ValidateLicenseAsync("K", "{}");
                        break;
                    default:
                        bool again = calls == "again";
                        var thread = new Thread(() =>
                        {
                            do
                            {
                                client.TryValidateLicense("K", "{}", out _);
                            }
                            while (again);
                        });
                        thread.IsBackground = true;
                        thread.Start();
                        break;
                }
            }
            mute.Receive(Many);
        }

        /// <summary>How many milliseconds it took this program to leave.</summary>
        private static long Took(string calls, string how)
        {
            string[] command = Self.Command().Concat(new[] { "leave", calls, how }).ToArray();
            using Process process = Process.Start(new ProcessStartInfo(
                command[0], string.Join(" ", command.Skip(1).Select(argument => "\"" + argument + "\"")))
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            string? said = process.StandardOutput.ReadLine();
            var elapsed = Stopwatch.StartNew();
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
            }
            Assert.That(said, Is.EqualTo("leaving"));
            return elapsed.ElapsedMilliseconds;
        }
    }
}
