using System;
using System.Net.Http;

/// <summary>HttpClient, one that is kept, with the verdict that a careful hand writes.</summary>
internal sealed class WithHttpClient : IContender
{
    private static readonly string Server = Type.GetType("Mono.Runtime") == null ? Target.Url : Target.Tls12Url;

    private readonly HttpClient client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
    private readonly string url = Server + "/api/v1/memberships/" + Target.LicenseKey;

    public WithHttpClient()
    {
        client.DefaultRequestHeaders.Add("Accept", "application/json");
        client.DefaultRequestHeaders.Add("Api-Version-Date", "2026-09-23");
        client.DefaultRequestHeaders.Add("Authorization", "Bearer " + Target.ApiKey);
    }

    public bool Check()
    {
        using HttpResponseMessage response = client.GetAsync(url).GetAwaiter().GetResult();
        byte[] body = response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        return (int)response.StatusCode == 200 && Membership.Parse(body).IsAllowed;
    }

    public void Dispose() => client.Dispose();
}
