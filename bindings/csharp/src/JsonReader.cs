using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace WhopLicense
{
    /// <summary>Reads JSON that the native library has taken: it is correct, and not nested deeply.</summary>
    /// <remarks>Objects are dictionaries, arrays lists, whole numbers that fit longs, other numbers doubles.</remarks>
    internal sealed class JsonReader
    {
        private readonly string json;
        private int at;

        private JsonReader(string json) => this.json = json;

        internal static object? Read(string json) => new JsonReader(json).Value();

        private object? Value()
        {
            switch (Next())
            {
                case '{': return Object();
                case '[': return Array();
                case '"': return Text();
                case 't': return Word("true", true);
                case 'f': return Word("false", false);
                case 'n': return Word("null", null);
                default: return Number();
            }
        }

        /// <summary>The next character that is no blank; it stays the next.</summary>
        private char Next()
        {
            while (json[at] == ' ' || json[at] == '\t' || json[at] == '\r' || json[at] == '\n')
            {
                at++;
            }
            return json[at];
        }

        private Dictionary<string, object?> Object()
        {
            var members = new Dictionary<string, object?>();
            at++;
            while (Next() != '}')
            {
                at += json[at] == ',' ? 1 : 0;
                Next();
                string name = Text();
                Next();
                at++;
                members[name] = Value();
            }
            at++;
            return members;
        }

        private List<object?> Array()
        {
            var items = new List<object?>();
            at++;
            while (Next() != ']')
            {
                at += json[at] == ',' ? 1 : 0;
                items.Add(Value());
            }
            at++;
            return items;
        }

        private string Text()
        {
            var text = new StringBuilder();
            for (at++; json[at] != '"'; at++)
            {
                text.Append(json[at] == '\\' ? Escaped() : json[at]);
            }
            at++;
            return text.ToString();
        }

        private char Escaped()
        {
            switch (json[++at])
            {
                case 'b': return '\b';
                case 'f': return '\f';
                case 'n': return '\n';
                case 'r': return '\r';
                case 't': return '\t';
                case 'u':
                    at += 4;
                    string code = json.Substring(at - 3, 4);
                    return (char)int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                default: return json[at];
            }
        }

        private object? Word(string word, object? value)
        {
            at += word.Length;
            return value;
        }

        private object Number()
        {
            int start = at;
            while (at < json.Length && "+-.0123456789eE".IndexOf(json[at]) >= 0)
            {
                at++;
            }
            string text = json.Substring(start, at - start);
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
                ? whole
                : (object)double.Parse(text, CultureInfo.InvariantCulture);
        }
    }
}
