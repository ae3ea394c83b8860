using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace WhopLicense
{
    /// <summary>The members of a JSON object; one whose value is null is left out.</summary>
    internal sealed class JsonObject : List<KeyValuePair<string, object?>>
    {
        internal void Add(string name, object? value)
        {
            if (value != null)
            {
                Add(new KeyValuePair<string, object?>(name, value));
            }
        }
    }

    /// <summary>Writes JSON, the same under every culture.</summary>
    internal static class Json
    {
        /// <summary>Deep enough for any plan; an object that holds itself ends here, and not the process.</summary>
        private const int MaxDepth = 32;

        /// <summary>Writes an object; refuses what has no JSON form by its path in <paramref name="argument"/>.</summary>
        internal static string Write(JsonObject value, string argument)
        {
            var json = new StringBuilder();
            Value(json, value, argument + ": ", MaxDepth);
            return json.ToString();
        }

        /// <summary>What tells one device from another. Refuses what would tell nothing.</summary>
        internal static string Metadata(IReadOnlyDictionary<string, string> metadata)
        {
            if (metadata == null)
            {
                throw WhopException.InvalidArgument("metadata_json: null, which tells no device from another");
            }
            if (metadata.Count == 0)
            {
                throw WhopException.InvalidArgument(
                    "metadata_json: empty, which tells no device from another; pass \"{}\" as JSON if that is meant");
            }
            var members = new JsonObject();
            foreach (KeyValuePair<string, string> pair in metadata)
            {
                members.Add(pair.Key, pair.Value ?? throw WhopException.InvalidArgument(
                    "metadata_json: a value is null, which tells no device from another"));
            }
            return Write(members, "metadata_json");
        }

        private static void Value(StringBuilder json, object? value, string path, int depth)
        {
            if (depth == 0)
            {
                throw WhopException.InvalidArgument(path + ": nested too deeply");
            }
            switch (value)
            {
                case null: json.Append("null"); break;
                case string text: Text(json, text); break;
                case bool flag: json.Append(flag ? "true" : "false"); break;
                case double number: json.Append(Number(number, path)); break;
                case float number: json.Append(Number(number, path)); break;
                case sbyte or byte or short or ushort or int or uint or long or ulong or decimal:
                    json.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                    break;
                case IEnumerable<KeyValuePair<string, object?>> members: Object(json, members, path, depth); break;
                case IDictionary map: Object(json, Members(map, path), path, depth); break;
                case IEnumerable items: Array(json, items, path, depth); break;
                default: throw WhopException.InvalidArgument(path + ": " + value.GetType().Name + " has no JSON form");
            }
        }

        private static void Object(
            StringBuilder json, IEnumerable<KeyValuePair<string, object?>> members, string path, int depth)
        {
            char before = '{';
            foreach (KeyValuePair<string, object?> member in members)
            {
                json.Append(before);
                Text(json, member.Key);
                json.Append(':');
                Value(json, member.Value, path + (path.EndsWith(" ") ? "" : ".") + member.Key, depth - 1);
                before = ',';
            }
            json.Append(before == '{' ? "{}" : "}");
        }

        private static void Array(StringBuilder json, IEnumerable items, string path, int depth)
        {
            int count = 0;
            json.Append('[');
            foreach (object? item in items)
            {
                json.Append(count == 0 ? "" : ",");
                Value(json, item, path + "[" + count.ToString(CultureInfo.InvariantCulture) + "]", depth - 1);
                count++;
            }
            json.Append(']');
        }

        private static IEnumerable<KeyValuePair<string, object?>> Members(IDictionary map, string path)
        {
            foreach (DictionaryEntry entry in map)
            {
                string name = entry.Key as string
                    ?? throw WhopException.InvalidArgument(path + ": a name in JSON is a string");
                yield return new KeyValuePair<string, object?>(name, entry.Value);
            }
        }

        /// <summary>A text that reads back as the same number: "R" fails for a few on .NET Framework.</summary>
        private static string Number(double number, string path)
        {
            if (double.IsNaN(number) || double.IsInfinity(number))
            {
                throw WhopException.InvalidArgument(path + ": not a finite number");
            }
            string text = number.ToString("R", CultureInfo.InvariantCulture);
            return double.Parse(text, CultureInfo.InvariantCulture).Equals(number)
                ? text
                : number.ToString("G17", CultureInfo.InvariantCulture);
        }

        private static void Text(StringBuilder json, string text)
        {
            json.Append('"');
            foreach (char c in text)
            {
                if (c == '"' || c == '\\')
                {
                    json.Append('\\').Append(c);
                }
                else if (c < ' ')
                {
                    json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                }
                else
                {
                    json.Append(c);
                }
            }
            json.Append('"');
        }
    }
}
