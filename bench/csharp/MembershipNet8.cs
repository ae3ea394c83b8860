using System;
using System.Text.Json;

/// <summary>What of the answer the verdict needs, read with System.Text.Json.</summary>
internal sealed class Membership
{
    private Membership(bool isAllowed) => IsAllowed = isAllowed;

    public bool IsAllowed { get; }

    public static Membership Parse(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement answer = document.RootElement;
        return new Membership(
            answer.GetProperty("license_key").ValueEquals(Target.LicenseKey)
            && answer.GetProperty("product_id").ValueEquals(Target.Product)
            && answer.GetProperty("metadata").GetProperty("hwid").ValueEquals(Target.Device)
            && Array.IndexOf(
                new[] { "active", "trialing", "completed", "past_due", "canceling" },
                answer.GetProperty("status").GetString()) >= 0);
    }
}
