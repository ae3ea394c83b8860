// Says all that can be said of a validation, a creation and a reset, but for the JSON, which is for the caller alone.
// Arguments: "current" or "v2", API key, base URL, proxy, license key, metadata, plan; "-" for none.
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
        var options = new WhopClientOptions
        {
            Api = arguments[0] == "v2" ? WhopApi.V2 : WhopApi.Current,
            ProductId = "prod_1",
            MaxRetries = 0,
            BaseUrl = arguments[2],
            Proxy = Given(arguments[3]),
        };
        All(arguments[1], options, client => client.ValidateLicense(arguments[4], Given(arguments[5])));
        All(arguments[1], options, client => client.CreatePlan(arguments[6]));
        All(arguments[1], options, client => client.ResetLicense(arguments[4]));
        return 0;
    }

    private static void All(string apiKey, WhopClientOptions options, Func<WhopClient, object> call)
    {
        Console.WriteLine(options);
        try
        {
            using var client = new WhopClient(apiKey, options);
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
