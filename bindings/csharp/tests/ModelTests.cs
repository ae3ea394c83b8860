using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WhopLicense.Tests
{
    /// <summary>Every field of the facts is read, and what Whop sends otherwise than declared is null.</summary>
    internal sealed class ModelTests
    {
        private static readonly Dictionary<string, string> OfMembership = new Dictionary<string, string>
        {
            ["id"] = "\"mem_1\"",
            ["license_key"] = "\"K\"",
            ["valid"] = "true",
        };

        private static readonly Dictionary<string, string> OfPlan = new Dictionary<string, string>
        {
            ["id"] = "\"plan_1\"",
        };

        private static readonly TestCaseData[] Models =
        {
            new TestCaseData(WhopApi.Current, typeof(Membership), OfMembership),
            new TestCaseData(WhopApi.Current, typeof(Plan), OfPlan),
            new TestCaseData(WhopApi.V2, typeof(V2Membership), OfMembership),
            new TestCaseData(WhopApi.V2, typeof(V2Plan), OfPlan),
        };

        [TestCaseSource(nameof(Models))]
        public void EveryFieldOfTheFactsIsRead(WhopApi api, Type type, Dictionary<string, string> known)
        {
            Dictionary<string, string> values = new Facts(api).Values(type.Name.Replace("V2", ""));
            foreach (string name in known.Keys.Where(values.ContainsKey).ToArray())
            {
                values[name] = known[name];
            }
            AssertWhole(Read(api, type, Facts.Object(values)), known.Values);
            // An id that may come expanded is two properties: itself and the object.
            PropertyInfo[] properties = type.GetProperties();
            bool isExpandable(PropertyInfo one) => properties.Any(other => other.Name == one.Name + "Id");
            int expandable = api == WhopApi.V2 ? properties.Count(isExpandable) : 0;
            Assert.That(properties.Length - expandable, Is.EqualTo(values.Count));
        }

        [TestCaseSource(nameof(Models))]
        public void WhatIsMissingNullOrOfAnotherTypeIsNull(WhopApi api, Type type, Dictionary<string, string> known)
        {
            IReadOnlyList<string> names = new Facts(api).Names(type.Name.Replace("V2", ""));
            foreach (string value in new[] { "null", "[[7]]" })
            {
                Dictionary<string, string> values = names.ToDictionary(
                    name => name, name => known.TryGetValue(name, out string? needed) ? needed : value);
                AssertEmpty(Read(api, type, Facts.Object(values)), known, value);
            }
            AssertEmpty(Read(api, type, Facts.Object(known)), known, "missing");
        }

        [Test]
        public void TheSampleOfTheCurrentApiIsRead()
        {
            var m = (Membership)Read(WhopApi.Current, typeof(Membership), @"{
                ""id"":""mem_1"",""license_key"":""K"",""status"":""completed"",""user_id"":""user_x"",
                ""product_id"":""prod_x"",""plan_id"":""plan_x"",""phone_number"":null,""member"":null,
                ""cancel_at_period_end"":false,""current_period_end"":null,""metadata"":{""hwid"":""3f0c"",""n"":1.5},
                ""created_at"":""2026-09-16T00:04:36.958Z"",""recommended_action"":""prose"",
                ""account"":{""id"":""biz_x"",""title"":""Shop"",""route"":""shop"",""logo_url"":null},
                ""initial_price"":{""amount"":""10.00"",""currency"":""usd"",""decimals"":2,""display_decimals"":2}}");
            Assert.That(m.Status, Is.EqualTo("completed"));
            Assert.That(m.CreatedAt, Is.EqualTo(new DateTimeOffset(2026, 9, 16, 0, 4, 36, 958, TimeSpan.Zero)));
            Assert.That(m.CreatedAt!.Value.Offset, Is.EqualTo(TimeSpan.Zero));
            Assert.That(m.CancelAtPeriodEnd, Is.False);
            var metadata = new Dictionary<string, object?> { ["hwid"] = "3f0c", ["n"] = 1.5 };
            Assert.That(m.Metadata, Is.EquivalentTo(metadata));
            Assert.That(m.Member, Is.Null);
            Assert.That(m.Account!.Title, Is.EqualTo("Shop"));
            Assert.That(m.InitialPrice!.Amount, Is.EqualTo("10.00"));
        }

        [Test]
        public void TheSampleOfApiV2IsRead()
        {
            var m = (V2Membership)Read(WhopApi.V2, typeof(V2Membership), @"{
                ""id"":""mem_1"",""valid"":true,""product"":""prod_x"",""status"":""completed"",
                ""user"":{""id"":""user_x"",""username"":""neo"",""email"":""user@example.com""},
                ""plan"":{""id"":""plan_x"",""renewal_price"":""0.0"",""initial_price"":""19.99""},
                ""cancel_at_period_end"":false,""payment_processor"":""free"",""metadata"":{""hwid"":""3f0c""},
                ""quantity"":1,""wallet_address"":null,""custom_fields_responses"":{},""discord"":null,
                ""nft_tokens"":[""n1"",2],""expires_at"":4102444800,""renewal_period_start"":null,
                ""created_at"":1683649445,""access_pass"":""prod_x""}");
            Assert.That(m.ProductId, Is.EqualTo("prod_x"));
            Assert.That(m.Product, Is.Null);
            Assert.That(m.UserId, Is.EqualTo("user_x"));
            Assert.That(m.User!.Username, Is.EqualTo("neo"));
            Assert.That(m.Plan!.RenewalPrice, Is.EqualTo(0.0));
            Assert.That(m.Plan.InitialPrice, Is.EqualTo(19.99));
            Assert.That(m.NftTokens, Is.EqualTo(new object[] { "n1", 2L }));
            Assert.That(m.CustomFieldsResponses, Is.Empty);
            Assert.That(m.CreatedAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1683649445)));
            Assert.That(m.ExpiresAt, Is.EqualTo(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        }

        [Test]
        public void AListGoesOnAfterItemsOfAnotherType()
        {
            var m = (V2Membership)Read(WhopApi.V2, typeof(V2Membership), @"{""id"":""mem_1"",""valid"":true,
                ""custom_field_responses"":[7,null,{""question"":""a""},[],""x"",{""question"":""b""}],
                ""plan"":{""id"":""plan_1"",""accepted_payment_methods"":[null,""card"",{},1.5,""cash""]}}");
            Assert.That(m.CustomFieldResponses.Select(one => one.Question), Is.EqualTo(new[] { "a", "b" }));
            Assert.That(m.Plan!.AcceptedPaymentMethods, Is.EqualTo(new[] { "card", "cash" }));
        }

        [TestCase(long.MaxValue, 9999)]
        [TestCase(253402300800, 9999)]
        [TestCase(long.MinValue, 1)]
        public void ATimeBeyondTheCalendarIsItsEnd(long seconds, int year)
        {
            string answer = "{\"id\":\"mem_1\",\"valid\":true,\"expires_at\":" + seconds + "}";
            LicenseResult result = Check(WhopApi.V2, answer);
            Assert.That(result.V2Membership!.ExpiresAt!.Value.Year, Is.EqualTo(year));
            Assert.That(result.ExpiresAt!.Value.Year, Is.EqualTo(year));
        }

        [TestCase("\\u00e9\\ud834\\udd1e\\n\\\"\\\\\\/\\b\\f\\t\\r", "é𝄞\n\"\\/\b\f\t\r")]
        [TestCase("𝄞🎮\u2028", "𝄞🎮\u2028")]
        public void TextsAreReadAsTheyWereMeant(string json, string text)
        {
            IReadOnlyDictionary<string, object?> read = Metadata(
                " {\"" + json + "\" :\t[ \"" + json + "\" , {} ]\r\n} ");
            Assert.That(read.Keys.Single(), Is.EqualTo(text));
            Assert.That(((IEnumerable)read[text]!).Cast<object>().First(), Is.EqualTo(text));
        }

        [TestCase("0", 0L)]
        [TestCase("-0", 0L)]
        [TestCase("9223372036854775807", long.MaxValue)]
        [TestCase("9223372036854775808", 9223372036854775808.0)]
        [TestCase("-1.5E-3", -0.0015)]
        [TestCase("1e3", 1000.0)]
        [TestCase("1e-999", 0.0)]
        public void NumbersAreReadAsTheyWereMeant(string json, object number)
        {
            Assert.That(Metadata("{\"n\":" + json + "}")["n"], Is.EqualTo(number));
        }

        [TestCase("{\"n\":1e999}")]
        [TestCase("{\"n\":\"\\ud834\"}")]
        [TestCase("{\"n\":\"\\u00\"}")]
        [TestCase("{\"n\":01}")]
        [TestCase("{\"n\":1,}")]
        [TestCase("{\"n\":NaN}")]
        public void WhatIsNoJsonIsNoAnswer(string metadata)
        {
            LicenseResult result = Check(WhopApi.Current, Peer.Membership(WhopApi.Current, metadata));
            Assert.That(result.Status, Is.EqualTo(WhopStatus.BadResponse));
        }

        [TestCase(100, WhopStatus.Ok)]
        [TestCase(20000, WhopStatus.BadResponse)]
        public void WhatIsNestedDeeplyIsReadOrRefusedAndNeverACrash(int depth, WhopStatus status)
        {
            string deep = new string('[', depth) + new string(']', depth);
            LicenseResult result = Check(
                WhopApi.Current, Peer.Membership(WhopApi.Current, "{\"deep\":" + deep + "}"));
            Assert.That(result.Status, Is.EqualTo(status));
        }

        /// <summary>No property is null or empty, and each text stands in the property of its own name.</summary>
        private static void AssertWhole(object read, IEnumerable<string> known)
        {
            PropertyInfo[] properties = read.GetType().GetProperties();
            foreach (PropertyInfo property in properties)
            {
                string at = read.GetType().Name + "." + property.Name;
                object? value = property.GetValue(read);
                Assert.That(value, Is.Not.Null, at);
                if (value is string text)
                {
                    // The id of what came expanded is the text of that object's field.
                    string name = Regex.Replace(property.Name, "(?<=[a-z0-9])(?=[A-Z])", "_").ToLowerInvariant();
                    string[] expected = { name, name.Replace("_id", ""), "id" };
                    Assert.That(expected.Contains(text) || known.Contains("\"" + text + "\""), at + ": " + text);
                }
                else if (value is IEnumerable items)
                {
                    Assert.That(items, Is.Not.Empty, at);
                }
                IEnumerable<object> within = value is IEnumerable many ? many.Cast<object>() : new[] { value! };
                foreach (object one in within.Where(one => one.GetType().Assembly == typeof(WhopClient).Assembly))
                {
                    AssertWhole(one, known);
                }
            }
        }

        private static void AssertEmpty(object read, Dictionary<string, string> known, string value)
        {
            foreach (PropertyInfo property in read.GetType().GetProperties())
            {
                // One that is declared as any JSON is of no other type.
                bool isKnown = known.ContainsKey(property.Name.ToLowerInvariant().Replace("licensekey", "license_key"));
                if (!isKnown && property.PropertyType != typeof(object))
                {
                    Assert.That(property.GetValue(read), Is.Null.Or.Empty, property.Name + ": " + value);
                }
            }
        }

        private static object Read(WhopApi api, Type type, string answer)
        {
            if (type == typeof(Plan) || type == typeof(V2Plan))
            {
                CreatedPlan created = Create(api, answer);
                return (object?)created.Plan ?? created.V2Plan!;
            }
            LicenseResult result = Check(api, answer);
            return (object?)result.Membership ?? result.V2Membership!;
        }

        private static IReadOnlyDictionary<string, object?> Metadata(string json) =>
            Check(WhopApi.Current, Peer.Membership(WhopApi.Current, json)).Membership!.Metadata!;

        private static LicenseResult Check(WhopApi api, string answer)
        {
            using var peer = new Peer();
            using WhopClient client = peer.Client(api);
            Task<LicenseResult> check = client.TryValidateLicenseAsync("K", "{}");
            peer.Receive();
            peer.Answer(answer);
            return check.Result;
        }

        private static CreatedPlan Create(WhopApi api, string answer)
        {
            using var peer = new Peer();
            using WhopClient client = peer.Client(api);
            Task<CreatedPlan> create = client.CreatePlanAsync("{}");
            peer.Receive();
            peer.Answer(answer);
            return create.Result;
        }
    }
}
