using System;
using System.Diagnostics;
using System.Globalization;

/// <summary>A way to check a license.</summary>
internal interface IContender : IDisposable
{
    /// <summary>One check: true if the license is allowed.</summary>
    bool Check();
}

/// <summary>What to check, and where: the environment says it.</summary>
internal static class Target
{
    public static readonly string Url = Variable("URL");

    /// <summary>The same answers over TLS 1.2: the newest that Mono's own TLS speaks.</summary>
    public static readonly string Tls12Url = Variable("TLS12_URL");

    public static readonly string CaFile = Variable("CA_FILE");
    public static readonly string ApiKey = Variable("API_KEY");
    public static readonly string LicenseKey = Variable("LICENSE_KEY");
    public static readonly string Device = Variable("DEVICE");
    public static readonly string Product = Variable("PRODUCT");

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable("BENCH_" + name) ?? throw new InvalidOperationException(name + " is not set");
}

/// <summary>Bench NAME verdict | first | cold N | warm N: measures, and prints one line of JSON.</summary>
internal static class Bench
{
    private static int Main(string[] arguments)
    {
        int count = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 1;
        Func<IContender> contender = arguments[0] switch
        {
            "ours" => () => new WithOurs(),
            "httpclient" => () => new WithHttpClient(),
            _ => () => new Empty(),
        };
        Print(arguments[1] == "warm" ? Warm(contender, count) : Cold(contender, count));
        return 0;
    }

    private static (double[], double) Warm(Func<IContender> contender, int count)
    {
        using IContender kept = contender();
        // As many as it takes until the runtime has compiled for speed what runs often.
        for (int i = 0; i < count; i++)
            Check(kept);
        return Timed(count, () => Check(kept));
    }

    private static (double[], double) Cold(Func<IContender> contender, int count) => Timed(count, () =>
    {
        using IContender one = contender();
        Check(one);
    });

    private static (double[], double) Timed(int count, Action check)
    {
        var times = new double[count];
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            check();
            times[i] = (Stopwatch.GetTimestamp() - start) * 1e6 / Stopwatch.Frequency;
        }
        TimeSpan used = Process.GetCurrentProcess().TotalProcessorTime - before;
        return (times, used.TotalMilliseconds * 1e3 / count);
    }

    private static void Check(IContender contender)
    {
        if (!contender.Check())
            throw new InvalidOperationException("a check failed");
    }

    private static void Print((double[] Times, double Cpu) measured)
    {
        double[] times = measured.Times;
        Array.Sort(times);
        string p50 = Text(times[times.Length / 2]), p99 = Text(times[times.Length * 99 / 100]), cpu = Text(measured.Cpu);
        Console.WriteLine("{\"p50\": " + p50 + ", \"p99\": " + p99 + ", \"cpu\": " + cpu + "}");
    }

    private static string Text(double number) => number.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>Does nothing: what a process of C# costs by itself.</summary>
    private sealed class Empty : IContender
    {
        public bool Check() => true;

        public void Dispose()
        {
        }
    }
}
