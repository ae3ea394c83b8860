using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace WhopLicense
{
    /// <summary>The fields of a JSON object. One that is missing, null or of another type is null.</summary>
    internal sealed class Fields
    {
        private static readonly long MinSeconds = DateTimeOffset.MinValue.ToUnixTimeSeconds();
        private static readonly long MaxSeconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

        // What Rust reads as a finite number.
        private static readonly Regex Decimal =
            new Regex(@"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant);

        private readonly IReadOnlyDictionary<string, object?> members;

        private Fields(IReadOnlyDictionary<string, object?> members) => this.members = members;

        /// <summary>The fields of an answer; none if there is no JSON object.</summary>
        internal static Fields Of(string? json) => Object(json == null ? null : JsonReader.Read(json))
            ?? new Fields(new Dictionary<string, object?>());

        internal string? String(string name) => Any(name) as string;

        internal long? Integer(string name) => Any(name) as long?;

        internal bool? Boolean(string name) => Any(name) as bool?;

        /// <summary>A number, also one that is written as a text.</summary>
        internal double? Number(string name)
        {
            object? value = Any(name);
            if (value is string text)
            {
                bool finite = Decimal.IsMatch(text)
                    && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    && !double.IsInfinity(number);
                return finite ? double.Parse(text, CultureInfo.InvariantCulture) : (double?)null;
            }
            return value is long whole ? whole : value as double?;
        }

        /// <summary>Unix seconds; a time beyond what .NET can hold becomes its first or last.</summary>
        internal static DateTimeOffset Time(long seconds) =>
            DateTimeOffset.FromUnixTimeSeconds(Math.Min(Math.Max(seconds, MinSeconds), MaxSeconds));

        internal DateTimeOffset? UnixTime(string name) =>
            Integer(name) is long seconds ? Time(seconds) : (DateTimeOffset?)null;

        /// <summary>A time as ISO 8601 writes it.</summary>
        internal DateTimeOffset? IsoTime(string name)
        {
            const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
            return DateTimeOffset.TryParse(String(name), CultureInfo.InvariantCulture, Utc, out DateTimeOffset time)
                ? time
                : (DateTimeOffset?)null;
        }

        /// <summary>An id that comes alone or within its object.</summary>
        internal string? Id(string name) => String(name) ?? Object(Any(name))?.String("id");

        internal IReadOnlyDictionary<string, object?>? Map(string name) => Object(Any(name))?.members;

        internal object? Any(string name) => members.TryGetValue(name, out object? value) ? value : null;

        internal T? Object<T>(string name, Func<Fields, T> read)
            where T : class => Object(Any(name)) is Fields fields ? read(fields) : null;

        /// <summary>The items of an array that are objects.</summary>
        internal IReadOnlyList<T> Objects<T>(string name, Func<Fields, T> read) =>
            Items(name).Select(Object).OfType<Fields>().Select(read).ToList().AsReadOnly();

        /// <summary>The items of an array that are texts.</summary>
        internal IReadOnlyList<string> Strings(string name) => Items(name).OfType<string>().ToList().AsReadOnly();

        /// <summary>The items of an array that are objects, as they are.</summary>
        internal IReadOnlyList<IReadOnlyDictionary<string, object?>> Maps(string name) =>
            Objects(name, fields => fields.members);

        private static Fields? Object(object? value) =>
            value is IReadOnlyDictionary<string, object?> members ? new Fields(members) : null;

        private IEnumerable<object?> Items(string name) => Any(name) as List<object?> ?? new List<object?>();
    }
}
