using System.Collections.Generic;
using WhopLicense;

/// <summary>The library, as a C# program uses it.</summary>
internal sealed class WithOurs : IContender
{
    private readonly WhopClient client = new WhopClient(Target.ApiKey, new WhopClientOptions
    {
        BaseUrl = Target.Url + "/api",
        ProductId = Target.Product,
        CaFile = Target.CaFile,
    });

    private readonly Dictionary<string, string> device = new Dictionary<string, string> { ["hwid"] = Target.Device };

    public bool Check() => client.ValidateLicense(Target.LicenseKey, device).Verdict == WhopVerdict.Allowed;

    public void Dispose() => client.Dispose();
}
