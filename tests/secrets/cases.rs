//! Every status, brought about by servers that say all they know, and by callers who put secrets in the wrong place.

use whop_license::Api;

use crate::at_relay;
use crate::support::{Act, answer};

pub const API_KEY: &str = "apik_3c7e51d0";
pub const LICENSE_KEY: &str = "KEY/0b96f4a2";
/// The part of each secret that stays the same however it is escaped: of the API key, the license key, the buyer's e-mail
/// address, the buyer's device, what the seller has stored beside it, and the proxy's password; and that as it goes to the
/// proxy.
pub const SECRETS: [&str; 7] = ["3c7e51d0", "0b96f4a2", "77d1ab09", "e4f0c853", "5ad8e6b1", "91bb26fe", TO_PROXY];
/// The user's name and password, in Base64.
pub const TO_PROXY: &str = "NzdkMWFiMDk6OTFiYjI2ZmU=";

/// What servers say: the two keys, the license key as it stood in the path, and the address.
const ALL: &str = "apik_3c7e51d0 KEY/0b96f4a2 KEY%2F0b96f4a2 buyer.77d1ab09@example.com";
const TO_CREATE: &str = "apik_3c7e51d0 buyer.77d1ab09@example.com";
/// The license key as somebody may write it who repeats it: encoded in all ways, cut, spaced, with what is not seen.
pub const OF_LICENSE_KEY: [&str; 16] = [
    "KEY0b96f4a2",
    "key+0B96F4A2",
    "KEY / 0b96 f4a2",
    "K.E.Y.0.b.9.6.f.4.a.2",
    "%4B%45%59%2F%30%62%39%36%66%34%61%32",
    "KEY%252f0b96f4a2",
    "&#75;&#69;&#89;&#47;&#48;&#98;&#57;&#54;&#102;&#52;&#97;&#50;",
    "KEY&#x2f;0b96f&#x34;a2",
    "KEY&amp;sol;0b9&amp;#54;f4a2",
    r"KEY\\u002f0b96\\x664a2",
    "K\u{301}EY/0b96f\u{301}4a2",
    "\u{ff2b}\u{ff25}\u{ff39}/0b96f4a\u{ff12}",
    "KEY/0b96\u{200b}f4\u{ad}a2",
    "KEY/0b96f",
    "Y/0b96f4a2",
    "S0VZLzBiOTZmNGEy",
];
pub const OF_API_KEY: [&str; 6] = [
    "APIK-3C7E51D0",
    "apik%5F3c7e%351d0",
    "apik&lowbar;3c7e51&#100;0",
    "apik_3c7e51",
    "YXBpa18zYzdlNTFkMA==",
    "6170696b5f33633765353164",
];
pub const OF_DEVICE: [&str; 3] = ["E4F0-C853", "%65%34f0c85%33", "&#101;4f0 c853"];
pub const OF_ADDRESS: [&str; 8] = [
    "buyer.77d1ab09%40example.com",
    "buyer.77d1ab09%2540example.com",
    "buyer.77d1ab09&#64;example.com",
    "buyer.77d1ab09&commat;example.com",
    "buyer.77d1ab09\u{ff20}example.com",
    "buyer.77d1ab09 @ example.com",
    "mailto:buyer.77d1ab09@example.com?x",
    "<buyer.77d1ab09@example.com>,",
];
pub const DEVICE: &str = r#"{"hwid":"e4f0c853"}"#;
/// What is stored with the membership, in part by the seller.
const BOUND: &str = r#"{"hwid":"e4f0c853","note":"5ad8e6b1"}"#;
const BOUND_ELSEWHERE: &str = r#"{"hwid":"c853e4f0","note":"5ad8e6b1"}"#;
const UNBOUND: &str = r#"{"note":"5ad8e6b1"}"#;
const PLAN: &str = r#"{"product_id":"prod_1"}"#;

/// One server, and what a validation, a creation and a reset come to.
pub struct Case {
    pub name: &'static str,
    pub way: Way,
    /// What the server does with one request after the other; the last with all that follow.
    pub acts: Vec<Act>,
    /// The statuses of a validation, a creation and a reset.
    pub statuses: [i32; 3],
    pub machine: Machine,
    /// Arguments of the calls: `PEER` stands for the address of the server, `NOBODY` for one where there is none, "-" for no argument.
    pub key: &'static str,
    pub url: String,
    pub proxy: String,
    pub license_key: String,
    pub metadata: &'static str,
    pub plan: &'static str,
}

/// Who is asked.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// Whop, with an API key.
    Api(Api),
    /// A relay, with public keys.
    Relay,
}

/// Where the program runs.
#[derive(PartialEq, Eq)]
pub enum Machine {
    Usual,
    WithoutIdentity,
    /// The library finds no time there, which is a bug that it has to catch.
    WithoutClock,
}

fn case(name: &'static str, api: Api, acts: impl Into<Vec<Act>>, statuses: [i32; 3]) -> Case {
    Case {
        name,
        way: Way::Api(api),
        acts: acts.into(),
        statuses,
        machine: Machine::Usual,
        key: API_KEY,
        url: "http://PEER/api".into(),
        proxy: "-".into(),
        license_key: LICENSE_KEY.into(),
        metadata: DEVICE,
        plan: PLAN,
    }
}

/// A membership with all that its buyer may not like to see printed.
struct Membership {
    api: Api,
    is_active: bool,
    product: &'static str,
    license_key: &'static str,
    metadata: &'static str,
}

impl Membership {
    fn new(api: Api) -> Self {
        Self { api, is_active: true, product: "prod_1", license_key: LICENSE_KEY, metadata: BOUND }
    }

    fn act(&self) -> Act {
        let Self { api, is_active, product, license_key, metadata } = self;
        let status = if *is_active { "active" } else { "expired" };
        let of_api = match api {
            Api::Current => format!(
                r#""product_id":"{product}","plan_id":"plan_1","user_id":"user_1","current_period_end":null,
                "member":{{"id":"mber_1","name":"{ALL}","email":"{ALL}"}},"cancellation_reason":"{ALL}",
                "affiliate":{{"id":"affl_1","username":"{ALL}"}},"manage_url":"{ALL}","recommended_action":"{ALL}""#
            ),
            Api::V2 => format!(
                r#""product":{{"id":"{product}","name":"Game"}},"plan":{{"id":"plan_1","description":"Game"}},
                "valid":{is_active},"wallet_address":"{ALL}","discord":{{"username":"{ALL}"}},
                "custom_fields_responses":{{"{ALL}":"{ALL}"}},"affiliate_username":"{ALL}""#
            ),
        };
        let fields = format!(
            r#"{{"id":"mem_1","status":"{status}","license_key":"{license_key}","metadata":{metadata},{of_api},
            "email":"{ALL}","phone_number":"{ALL}","user":{{"id":"user_1","username":"{ALL}","email":"{ALL}"}},
            "custom_field_responses":[{{"question":"{ALL}","answer":"{ALL}"}}]}}"#
        );
        Act::Send(answer(200, &fields))
    }
}

fn plan(api: Api) -> Act {
    let product = if api == Api::V2 { r#""prod_1""# } else { r#"{"id":"prod_1","title":"Game"}"# };
    Act::Send(answer(200, &format!(r#"{{"id":"plan_1","product":{product},"initial_price":"19.99"}}"#)))
}

/// A list of memberships, which proves the API key to be good.
fn list() -> Act {
    Act::Send(answer(200, &format!(r#"{{"data":[{{"id":"mem_2","license_key":"{ALL}","phone_number":"{ALL}"}}]}}"#)))
}

/// The membership is read, a plan is created, and the membership is read, cleared and written back without the device.
fn shown(membership: &Membership) -> [Act; 5] {
    let after = |metadata| Membership { metadata, ..*membership }.act();
    [membership.act(), plan(membership.api), membership.act(), after("{}"), after(UNBOUND)]
}

fn refusal(status: u16, message: &str, said: &str) -> Act {
    Act::Send(answer(status, &format!(r#"{{"error":{{"status":{status},"message":"{message} {said}"}}}}"#)))
}

/// A refusal that repeats what the server was sent: the license key not with the creation.
fn error(status: u16, message: &str) -> [Act; 3] {
    [ALL, TO_CREATE, ALL].map(|said| refusal(status, message, said))
}

/// A refusal whose message names the license key alone, as a denial does.
fn denial(status: u16, message: &str, (said, key): (&str, &str)) -> Act {
    let error = format!(r#"{{"message":"{message}: {key}","param":"{said}"}}"#);
    Act::Send(answer(status, &format!(r#"{{"error":{error},"{said}":"{said}"}}"#)))
}

/// Refusals in which something stands in another writing. A creation knows nothing of the license key, and neither that nor
/// a reset of the device.
fn written(in_validation: &str, in_creation: &str, in_reset: &str) -> Vec<Act> {
    let refusal = |said| Act::Send(answer(422, &format!(r#"{{"message":"Not for {said} here"}}"#)));
    [in_validation, in_creation, in_reset].map(refusal).into()
}

fn writings(api: Api) -> Vec<Case> {
    let of_license = OF_LICENSE_KEY.iter().map(|writing| written(writing, "", writing));
    let of_device = OF_DEVICE.iter().map(|writing| written(writing, "", ""));
    let of_all = OF_API_KEY.iter().chain(&OF_ADDRESS).map(|writing| written(writing, writing, writing));
    let acts = of_license.chain(of_device).chain(of_all);
    acts.map(|acts| case("in another writing", api, acts, [203; 3])).collect()
}

fn text(status: u16, text: &str) -> [Act; 1] {
    [Act::Send(answer(status, text))]
}

fn bytes(bytes: impl Into<String>) -> [Act; 1] {
    [Act::SendAndClose(bytes.into())]
}

/// What is asked over either API, and of a relay.
pub fn cases() -> Vec<Case> {
    let of = |api| [answers(api), not_whops(api), no_answers(api), misplaced(api), writings(api)];
    let of_both = [Api::Current, Api::V2].map(of).into_iter().flatten();
    of_both.chain([denials_of_current(), denials_of_v2(), later_requests(), at_relay::cases()]).flatten().collect()
}

fn answers(api: Api) -> Vec<Case> {
    let membership = || Membership::new(api);
    let of_another = Membership { license_key: "YEK/0b96f4a2", ..membership() };
    vec![
        case("allowed", api, shown(&membership()), [0; 3]),
        case("not active", api, shown(&Membership { is_active: false, ..membership() }), [101, 0, 0]),
        case("another product", api, shown(&Membership { product: "prod_2", ..membership() }), [103, 0, 0]),
        case("another license", api, shown(&of_another), [304, 0, 304]),
        case("refused", api, error(422, "Not for:"), [203; 3]),
        case("refused in plain text", api, [ALL, TO_CREATE, ALL].map(|said| Act::Send(answer(400, said))), [203; 3]),
        case("unknown API key", api, error(401, "Unknown:"), [201; 3]),
        case("API key without the right", api, error(403, "Not for:"), [202; 3]),
        case("too many requests", api, error(429, "Wait:"), [302; 3]),
        case("trouble", api, error(500, "Trouble with:"), [303; 3]),
    ]
}

const NO_SUCH: &str = "No such Membership found with the provided ID";
const OF_LICENSE: (&str, &str) = (ALL, LICENSE_KEY);
const OF_PLAN: (&str, &str) = (TO_CREATE, "it");

/// Proof of the API key is asked for with a 404, and a creation that gets one goes another way.
fn denials_of_current() -> Vec<Case> {
    let api = Api::Current;
    let [missing, no_route] = [denial(404, NO_SUCH, OF_LICENSE), denial(404, NO_SUCH, OF_PLAN)];
    let unproved = |list: Act| {
        let [missing, no_route] = [missing.clone(), no_route.clone()];
        [missing.clone(), list.clone(), no_route.clone(), no_route, missing, list]
    };
    let [route, plan_route, _] = error(404, "No such route:");
    let elsewhere = Membership { metadata: BOUND_ELSEWHERE, ..Membership::new(api) };
    vec![
        case("no such license", api, unproved(list()), [100, 203, 100]),
        case("an API key that sees nothing", api, unproved(refusal(404, "No:", ALL)), [304, 203, 304]),
        case("an API key that may not list", api, unproved(refusal(403, "No:", ALL)), [202, 203, 202]),
        case("another device", api, shown(&elsewhere), [102, 0, 0]),
        case("not about a license", api, [route.clone(), plan_route.clone(), plan_route, route], [304, 203, 304]),
    ]
}

fn denials_of_v2() -> Vec<Case> {
    let api = Api::V2;
    let denials = |status, message| [OF_LICENSE, OF_PLAN, OF_LICENSE].map(|of| denial(status, message, of));
    let gone = error(404, "No such route:");
    vec![
        case("no such license", api, denials(404, NO_SUCH), [100, 304, 100]),
        case("another device", api, denials(400, "Please reset your key to use on a new machine"), [102, 203, 203]),
        case("not about a license", api, gone, [304; 3]),
    ]
}

/// What goes wrong after the first request of a call, by the current API.
fn later_requests() -> Vec<Case> {
    let api = Api::Current;
    let [bound, unbound] = [BOUND, UNBOUND].map(|metadata| Membership { metadata, ..Membership::new(api) }.act());
    let of_another = Membership { license_key: "YEK/0b96f4a2", ..Membership::new(api) }.act();
    let empty = Membership { metadata: "{}", ..Membership::new(api) }.act();
    // A first use, a creation, and a reset: the last answer is the one to write back what the seller had stored.
    let met = |written: &Act, written_back: &Act| {
        let (bound, unbound) = (bound.clone(), unbound.clone());
        vec![unbound, written.clone(), plan(api), bound, empty.clone(), written_back.clone()]
    };
    let both = |act: &Act| met(act, act);
    let first_use =
        [unbound.clone(), bound.clone(), bound.clone(), plan(api), bound.clone(), empty.clone(), unbound.clone()];
    let never_stored =
        [unbound.clone(), unbound.clone(), unbound.clone(), plan(api), bound.clone(), refusal(422, "No:", STORED)];
    let half = Act::SendAndClose(format!("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{ALL}"));
    vec![
        case("first use", api, first_use, [0; 3]),
        case("device that is not stored", api, never_stored, [304, 0, 203]),
        case("write that is refused", api, both(&refusal(422, "Not for:", STORED)), [203, 0, 301]),
        case("write without the right", api, both(&refusal(403, "Not for:", STORED)), [202, 0, 301]),
        case("write to what is gone", api, both(&refusal(404, "Not for:", STORED)), [304, 0, 301]),
        case("write that is answered about another license", api, both(&of_another), [304, 0, 301]),
        case("write with half an answer", api, both(&half), [301, 0, 301]),
    ]
}

/// All, and what is stored with the membership.
const STORED: &str = "apik_3c7e51d0 KEY/0b96f4a2 KEY%2F0b96f4a2 buyer.77d1ab09@example.com e4f0c853 5ad8e6b1";

fn not_whops(api: Api) -> Vec<Case> {
    let chunked = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n";
    [
        ("a web page", text(200, &format!("<html>{ALL}"))),
        ("text", text(201, ALL)),
        ("a broken object", text(201, &format!(r#"{{"{ALL}""#))),
        ("a field given twice", text(201, &format!(r#"{{"{ALL}":0,"{ALL}":0}}"#))),
        ("a redirect", bytes(format!("HTTP/1.1 302 {ALL}\r\nLocation: http://{ALL}/\r\n\r\n"))),
        ("a broken first line", bytes(format!("HTTP/1.1 {ALL}\r\n\r\n"))),
        ("a broken header", bytes(format!("HTTP/1.1 201 Created\r\n{ALL}\r\n\r\n"))),
        ("a broken length", bytes(format!("HTTP/1.1 201 Created\r\nContent-Length: {ALL}\r\n\r\n"))),
        ("a broken chunk", bytes(format!("{chunked}{ALL}\r\n"))),
    ]
    .map(|(name, acts)| case(name, api, acts, [304; 3]))
    .into()
}

fn no_answers(api: Api) -> Vec<Case> {
    let half = bytes(format!("HTTP/1.1 201 Created\r\nContent-Length: 999\r\n\r\n{ALL}"));
    let refusing_proxy = bytes(format!("HTTP/1.1 407 {ALL}\r\nX: {ALL}\r\n\r\n{ALL}"));
    let membership = Membership::new(api).act();
    let through = |proxy: &str, case| Case { url: "https://whop.example/api".into(), proxy: proxy.into(), ..case };
    vec![
        case("half an answer", api, half, [301; 3]),
        Case { url: "http://NOBODY/apik_3c7e51d0".into(), ..case("nobody there", api, [membership.clone()], [300; 3]) },
        through("http://77d1ab09:91bb26fe@PEER", case("proxy that refuses", api, refusing_proxy, [300; 3])),
        through("http://77d1ab09:91bb26fe@NOBODY", case("proxy that is gone", api, [membership.clone()], [300; 3])),
        Case {
            machine: Machine::WithoutIdentity,
            metadata: "-",
            ..case("no identity", api, [plan(api), membership.clone()], [305, 0, 304])
        },
        Case { machine: Machine::WithoutClock, ..case("a bug", api, [membership], [900; 3]) },
    ]
}

fn misplaced(api: Api) -> Vec<Case> {
    let unsent = |name| case(name, api, [plan(api)], [200; 3]);
    let license_key = LICENSE_KEY.repeat(99);
    let unvalidated =
        |name, metadata| Case { metadata, ..case(name, api, [plan(api), Membership::new(api).act()], [200, 0, 304]) };
    let uncreated = case("API key in a plan", api, [Membership::new(api).act()], [0, 200, 304]);
    vec![
        Case { key: "apik 3c7e51d0", ..unsent("API key of two words") },
        Case { url: format!("http://{API_KEY}@PEER/api"), ..unsent("API key in the URL") },
        Case { url: format!("apik://{API_KEY}"), ..unsent("API key for a URL") },
        Case { proxy: "ftp://user:91bb26fe@PEER".into(), ..unsent("proxy of a strange kind") },
        Case { proxy: "http://user:91bb26fe@PEER:x".into(), ..unsent("proxy with a broken port") },
        Case { license_key, ..case("license key without end", api, [plan(api)], [200, 0, 200]) },
        unvalidated("metadata without braces", "e4f0c853"),
        unvalidated("metadata without quotes", r#"{"hwid":e4f0c853}"#),
        unvalidated("metadata in an array", r#"["e4f0c853"]"#),
        Case { plan: r#"{"metadata":"apik_3c7e51d0"}"#, ..uncreated },
    ]
}
