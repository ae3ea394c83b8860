using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;

/// <summary>What of the answer the verdict needs, read with the serializer of .NET Framework and Mono.</summary>
[DataContract]
internal sealed class Membership
{
    private static readonly DataContractJsonSerializer Json = new DataContractJsonSerializer(
        typeof(Membership), new DataContractJsonSerializerSettings { UseSimpleDictionaryFormat = true });

    [DataMember(Name = "license_key")]
    public string? LicenseKey { get; set; }

    [DataMember(Name = "product_id")]
    public string? ProductId { get; set; }

    [DataMember(Name = "status")]
    public string? Status { get; set; }

    [DataMember(Name = "metadata")]
    public Dictionary<string, string>? Metadata { get; set; }

    public bool IsAllowed =>
        LicenseKey == Target.LicenseKey
        && ProductId == Target.Product
        && Metadata != null && Metadata.TryGetValue("hwid", out string device) && device == Target.Device
        && Array.IndexOf(new[] { "active", "trialing", "completed", "past_due", "canceling" }, Status) >= 0;

    public static Membership Parse(byte[] json) => (Membership)Json.ReadObject(new MemoryStream(json));
}
