//! Every status, brought about by servers that say all they know, and by callers who put secrets in the wrong place.

use crate::support::{Act, answer};

pub const API_KEY: &str = "apik_3c7e51d0";
pub const LICENSE_KEY: &str = "KEY/0b96f4a2";
/// The part of each secret that stays the same however it is escaped: of the API key, the license key, the buyer's e-mail
/// address, the buyer's device, and the proxy's password; and that as it goes to the proxy.
pub const SECRETS: [&str; 6] = ["3c7e51d0", "0b96f4a2", "77d1ab09", "e4f0c853", "91bb26fe", TO_PROXY];
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
const PLAN: &str = r#"{"product_id":"prod_1"}"#;

/// One server, and what a validation and a creation come to.
pub struct Case {
    pub name: &'static str,
    /// What the server does, first with the validation.
    pub acts: Vec<Act>,
    pub validate: i32,
    pub create: i32,
    pub machine: Machine,
    /// Arguments of the calls: `PEER` stands for the address of the server, `NOBODY` for one where there is none, "-" for no argument.
    pub api_key: &'static str,
    pub base_url: String,
    pub proxy: String,
    pub license_key: String,
    pub metadata: &'static str,
    pub plan: &'static str,
}

/// Where the program runs.
#[derive(PartialEq, Eq)]
pub enum Machine {
    Usual,
    WithoutIdentity,
    /// The library finds no time there, which is a bug that it has to catch.
    WithoutClock,
}

fn case(name: &'static str, acts: impl Into<Vec<Act>>, validate: i32, create: i32) -> Case {
    Case {
        name,
        acts: acts.into(),
        validate,
        create,
        machine: Machine::Usual,
        api_key: API_KEY,
        base_url: "http://PEER/api".into(),
        proxy: "-".into(),
        license_key: LICENSE_KEY.into(),
        metadata: DEVICE,
        plan: PLAN,
    }
}

/// A membership with all that its buyer may not like to see printed, then a plan.
fn objects(valid: bool, product: &str) -> [Act; 2] {
    let membership = format!(
        r#"{{"id":"mem_1","valid":{valid},"status":"active","license_key":"{LICENSE_KEY}","metadata":{DEVICE},
        "email":"{ALL}","phone_number":"{ALL}","wallet_address":"{ALL}","discord":{{"username":"{ALL}"}},
        "product":{{"id":"{product}","name":"Game"}},"user":{{"id":"user_1","username":"{ALL}","email":"{ALL}"}},
        "plan":{{"id":"plan_1","description":"Game"}},"custom_fields_responses":{{"{ALL}":"{ALL}"}},
        "custom_field_responses":[{{"question":"{ALL}","answer":"{ALL}"}}],"affiliate_username":"{ALL}"}}"#
    );
    [Act::Send(answer(201, &membership)), plan()]
}

/// The same of another license than was asked for.
fn another_license() -> [Act; 2] {
    objects(true, "prod_1").map(|act| match act {
        Act::Send(bytes) => Act::Send(bytes.replace(r#""license_key":"KEY"#, r#""license_key":"YEK"#)),
        other => other,
    })
}

fn plan() -> Act {
    Act::Send(answer(200, r#"{"id":"plan_1","product":"prod_1","initial_price":"19.99"}"#))
}

/// A refusal that repeats what the server was sent: the license key with the validation alone.
fn error(status: u16, message: &str) -> [Act; 2] {
    [ALL, TO_CREATE].map(|said| {
        Act::Send(answer(status, &format!(r#"{{"error":{{"status":{status},"message":"{message} {said}"}}}}"#)))
    })
}

/// A refusal whose message names the license key alone, as a denial does.
fn denial(status: u16, message: &str) -> [Act; 2] {
    [(ALL, LICENSE_KEY), (TO_CREATE, "it")].map(|(said, key)| {
        let error = format!(r#"{{"message":"{message}: {key}","param":"{said}"}}"#);
        Act::Send(answer(status, &format!(r#"{{"error":{error},"{said}":"{said}"}}"#)))
    })
}

/// Refusals in which something stands in another writing. A creation knows nothing of the license key or the device.
fn written(ours: &str, theirs: &str) -> Vec<Act> {
    let refusal = |said| Act::Send(answer(422, &format!(r#"{{"message":"Not for {said} here"}}"#)));
    [ours, theirs].map(refusal).into()
}

fn writings() -> Vec<Case> {
    let of_validation = OF_LICENSE_KEY.iter().chain(&OF_DEVICE).map(|writing| written(writing, ""));
    let of_both = OF_API_KEY.iter().chain(&OF_ADDRESS).map(|writing| written(writing, writing));
    of_validation.chain(of_both).map(|acts| case("in another writing", acts, 203, 203)).collect()
}

fn text(status: u16, text: &str) -> [Act; 1] {
    [Act::Send(answer(status, text))]
}

fn bytes(bytes: impl Into<String>) -> [Act; 1] {
    [Act::SendAndClose(bytes.into())]
}

pub fn cases() -> Vec<Case> {
    [
        answers(),
        not_whops(),
        vec![
            case(
                "half an answer",
                bytes(format!("HTTP/1.1 201 Created\r\nContent-Length: 999\r\n\r\n{ALL}")),
                301,
                301,
            ),
            Case { base_url: "http://NOBODY/apik_3c7e51d0".into(), ..case("nobody there", [plan()], 300, 300) },
            Case {
                base_url: "https://whop.example/api".into(),
                proxy: "http://77d1ab09:91bb26fe@PEER".into(),
                ..case("proxy that refuses", bytes(format!("HTTP/1.1 407 {ALL}\r\nX: {ALL}\r\n\r\n{ALL}")), 300, 300)
            },
            Case {
                base_url: "https://whop.example/api".into(),
                proxy: "http://77d1ab09:91bb26fe@NOBODY".into(),
                ..case("proxy that is gone", [plan()], 300, 300)
            },
            Case { machine: Machine::WithoutIdentity, metadata: "-", ..case("no identity", [plan()], 305, 0) },
            Case { machine: Machine::WithoutClock, ..case("a bug", [plan()], 900, 900) },
        ],
        misplaced(),
        writings(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn answers() -> Vec<Case> {
    vec![
        case("allowed", objects(true, "prod_1"), 0, 0),
        case("not active", objects(false, "prod_1"), 101, 0),
        case("another product", objects(true, "prod_2"), 103, 0),
        case("no such license", denial(404, "No such Membership found with the provided ID"), 100, 203),
        case("another device", denial(400, "Please reset your key to use on a new machine"), 102, 203),
        case("another license", another_license(), 304, 0),
        case("not about a license", error(404, "No such route:"), 304, 203),
        case("refused", error(422, "Not for:"), 203, 203),
        case("refused in plain text", [ALL, TO_CREATE].map(|said| Act::Send(answer(400, said))), 203, 203),
        case("unknown API key", error(401, "Unknown:"), 201, 201),
        case("API key without the right", error(403, "Not for:"), 202, 202),
        case("too many requests", error(429, "Wait:"), 302, 302),
        case("trouble", error(500, "Trouble with:"), 303, 303),
    ]
}

fn not_whops() -> Vec<Case> {
    vec![
        case("a web page", text(200, &format!("<html>{ALL}")), 304, 304),
        case("text", text(201, ALL), 304, 304),
        case("a broken object", text(201, &format!(r#"{{"{ALL}""#)), 304, 304),
        case("a field given twice", text(201, &format!(r#"{{"{ALL}":0,"{ALL}":0}}"#)), 304, 304),
        case("a redirect", bytes(format!("HTTP/1.1 302 {ALL}\r\nLocation: http://{ALL}/\r\n\r\n")), 304, 304),
        case("a broken first line", bytes(format!("HTTP/1.1 {ALL}\r\n\r\n")), 304, 304),
        case("a broken header", bytes(format!("HTTP/1.1 201 Created\r\n{ALL}\r\n\r\n")), 304, 304),
        case("a broken length", bytes(format!("HTTP/1.1 201 Created\r\nContent-Length: {ALL}\r\n\r\n")), 304, 304),
        case(
            "a broken chunk",
            bytes(format!("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n{ALL}\r\n")),
            304,
            304,
        ),
    ]
}

fn misplaced() -> Vec<Case> {
    vec![
        Case { api_key: "apik 3c7e51d0", ..case("API key of two words", [plan()], 200, 200) },
        Case { base_url: format!("http://{API_KEY}@PEER/api"), ..case("API key in the URL", [plan()], 200, 200) },
        Case { base_url: format!("apik://{API_KEY}"), ..case("API key for a URL", [plan()], 200, 200) },
        Case { proxy: "ftp://user:91bb26fe@PEER".into(), ..case("proxy of a strange kind", [plan()], 200, 200) },
        Case { proxy: "http://user:91bb26fe@PEER:x".into(), ..case("proxy with a broken port", [plan()], 200, 200) },
        Case { license_key: LICENSE_KEY.repeat(99), ..case("license key without end", [plan()], 200, 0) },
        Case { metadata: "e4f0c853", ..case("metadata without braces", [plan()], 200, 0) },
        Case { metadata: r#"{"hwid":e4f0c853}"#, ..case("metadata without quotes", [plan()], 200, 0) },
        Case { metadata: r#"["e4f0c853"]"#, ..case("metadata in an array", [plan()], 200, 0) },
        Case { plan: r#"{"metadata":"apik_3c7e51d0"}"#, ..case("API key in a plan", objects(true, "prod_1"), 0, 200) },
    ]
}
