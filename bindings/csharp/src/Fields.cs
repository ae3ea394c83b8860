using System;
using System.Collections.Generic;
using System.Globalization;

namespace WhopLicense
{
    /// <summary>Reads the fields of one JSON object of a response by their names.</summary>
    internal readonly struct Fields
    {
        private static readonly long MinSeconds = DateTimeOffset.MinValue.ToUnixTimeSeconds();
        private static readonly long MaxSeconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

        private readonly ResponseHandle response;
        private readonly string path;

        internal Fields(ResponseHandle response, string path = "")
        {
            this.response = response;
            this.path = path;
        }

        internal string? String(string name) => At(name).Text();

        internal long? Integer(string name) =>
            Native.whop_response_integer(response, Pointer(name), out long value) == 1 ? value : (long?)null;

        internal double? Number(string name) =>
            Native.whop_response_number(response, Pointer(name), out double value) == 1 ? value : (double?)null;

        internal bool? Boolean(string name) =>
            Native.whop_response_boolean(response, Pointer(name), out int value) == 1 ? value != 0 : (bool?)null;

        /// <summary>Unix seconds; a time beyond what .NET can hold becomes its first or last.</summary>
        internal DateTimeOffset? Time(string name)
        {
            long? seconds = Integer(name);
            return seconds == null
                ? (DateTimeOffset?)null
                : DateTimeOffset.FromUnixTimeSeconds(Math.Min(Math.Max(seconds.Value, MinSeconds), MaxSeconds));
        }

        /// <summary>An id that comes alone or, expanded, within its object.</summary>
        internal string? Id(string name) => String(name) ?? At(name).String("id");

        internal Fields At(string name) => new Fields(response, path + "/" + name);

        /// <summary>The value itself, if it is a string.</summary>
        internal string? Text() => Utf8.Decode(Native.whop_response_string(response, Utf8.Encode(path, nameof(path))!));

        /// <summary>
        /// The items of an array. Nothing tells how many there are: they end before the first that cannot be read.
        /// </summary>
        internal IReadOnlyList<T> List<T>(string name, Func<Fields, T?> read)
            where T : class
        {
            var items = new List<T>();
            while (read(At(name).At(items.Count.ToString(CultureInfo.InvariantCulture))) is T item)
            {
                items.Add(item);
            }
            return items.AsReadOnly();
        }

        internal IReadOnlyList<string> Strings(string name) => List(name, item => item.Text());

        private byte[] Pointer(string name) => Utf8.Encode(path + "/" + name, nameof(name))!;
    }
}
