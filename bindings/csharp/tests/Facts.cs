using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace WhopLicense.Tests
{
    /// <summary>The fields that <c>api/</c> knows of the objects of one API.</summary>
    internal sealed class Facts
    {
        private static readonly Regex Field = new Regex(
            "\\{\"name\": \"(?<name>\\w+)\", \"type\": \"(?<type>[^\"]+)\"(?<rest>[^}]*)\\}", RegexOptions.Singleline);

        private readonly Dictionary<string, string> objects;

        internal Facts(WhopApi api)
        {
            string folder = api == WhopApi.V2 ? "api/v2/" : "api/current/";
            string types = File.ReadAllText(Repository.PathOf(folder + "types.json"));
            objects = Regex.Split(types, "\\{\"name\": (?=\"\\w+\", \"meaning\": )").Skip(1)
                .ToDictionary(one => one.Split('"')[1]);
            objects.Add("Membership", File.ReadAllText(Repository.PathOf(folder + "membership.json")));
            objects.Add("Plan", File.ReadAllText(Repository.PathOf(folder + "plan.json")));
        }

        internal IReadOnlyList<string> Names(string name) =>
            Field.Matches(objects[name]).Cast<Match>().Select(field => field.Groups["name"].Value).ToList();

        /// <summary>A value of each field; a text is the name of its field.</summary>
        internal Dictionary<string, string> Values(string name) => Field.Matches(objects[name]).Cast<Match>()
            .ToDictionary(
                field => field.Groups["name"].Value,
                field => Value(
                    field.Groups["name"].Value, field.Groups["type"].Value, field.Groups["rest"].Value));

        internal static string Object(IEnumerable<KeyValuePair<string, string>> values) =>
            "{" + string.Join(",", values.Select(value => "\"" + value.Key + "\":" + value.Value)) + "}";

        private string Value(string name, string type, string rest)
        {
            if (type.StartsWith("["))
            {
                return "[" + Value(name, type.Trim('[', ']').Split('|')[0], rest) + "]";
            }
            type = type.Replace("id|", "");
            switch (type)
            {
                case "integer": return rest.Contains("Unix seconds") ? "1700000000" : "7";
                case "number" or "price": return "1.5";
                case "boolean": return "true";
                case "map": return "{\"id\":\"" + name + "\"}";
                case "text" when rest.Contains("ISO 8601"): return "\"2026-09-16T00:04:36.958Z\"";
                default: return objects.TryGetValue(type, out string? one) && one.Contains("\"fields\"")
                    ? Object(Values(type))
                    : "\"" + name + "\"";
            }
        }
    }
}
