// Says all that can be said of a validation, a creation and a reset, but for the JSON, which is for the caller alone.
// Arguments: "current", "v2" or "relay", API key or public keys, URL, proxy, license key, metadata, plan; "-" for none.
using System;
using System.Reflection;
using WhopLicense;

internal static class Tell
{
    private static int Main(string[] arguments)
    {
        if (arguments.Length != 7)
        {
            return 2;
        }
        string key = arguments[1], url = arguments[2];
        var options = new WhopClientOptions { ProductId = "prod_1", MaxRetries = 0, Proxy = Given(arguments[3]) };
        Func<WhopClient> connect = () => WhopClient.Relay(url, key, options);
        if (arguments[0] != "relay")
        {
            options.Api = arguments[0] == "v2" ? WhopApi.V2 : WhopApi.Current;
            options.BaseUrl = url;
            connect = () => new WhopClient(key, options);
        }
        Console.WriteLine(options);
        All(connect, client => client.ValidateLicense(arguments[4], Given(arguments[5])));
        All(connect, client => client.CreatePlan(arguments[6]));
        All(connect, client => client.ResetLicense(arguments[4]));
        return 0;
    }

    private static void All(Func<WhopClient> connect, Func<WhopClient, object> call)
    {
        try
        {
            using WhopClient client = connect();
            Console.WriteLine(client);
            object answer = call(client);
            WhopStatus status = answer is LicenseAnswer license ? license.Status : WhopStatus.Ok;
            Console.WriteLine("status " + (int)status);
            Object(answer);
            if (answer is LicenseAnswer about)
            {
                Console.WriteLine(about.MembershipId + " " + about.LicenseStatus + " " + about.ExpiresAt);
                Console.WriteLine(about.ProductId + " " + about.PlanId);
            }
        }
        catch (WhopException error)
        {
            Console.WriteLine("status " + (int)error.Status);
            Console.WriteLine(error);
            Object(error);
            // As an exception that nobody catches.
            Console.Error.WriteLine(error.GetBaseException());
        }
    }

    /// <summary>The object in words, and every object of the library that it holds.</summary>
    private static void Object(object thing)
    {
        Console.WriteLine(thing + " " + string.Format("{0}", thing));
        foreach (PropertyInfo property in thing.GetType().GetProperties())
        {
            if (property.PropertyType.Namespace == nameof(WhopLicense) && property.GetValue(thing) is object inner)
            {
                Console.WriteLine(property.Name);
                Object(inner);
            }
        }
    }

    private static string? Given(string argument) => argument == "-" ? null : argument;
}
