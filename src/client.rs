//! Client: the settings, and the two calls.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use once_cell::race::OnceBox;
use secrecy::{ExposeSecret, SecretString};

use crate::api::Api;
use crate::argument;
use crate::check::{
    self, Judgement, LONGEST_NAME, LONGEST_VALUE, Lookup, Membership, Proof, Question, RELEASED, Verdict,
};
use crate::defaults;
use crate::device;
use crate::error::Error;
use crate::http::{BaseUrl, Http, Proxy, Roots, RouteReport, Settings, leads_to_sandbox};
use crate::lease::{LeaseFile, PublicKeys};
use crate::pending::{ClientCalls, PendingCall};
use crate::plan::{self, Plan, PlanRequest};

/// The way to Whop with one API key, for one product. Share it between threads; it keeps connections alive.
pub struct Client {
    http: Http,
    calls: ClientCalls,
    options: Options,
    proof: Proof,
    /// Set, or found out when it is first asked for.
    device_id: OnceBox<String>,
}

/// The settings that are not about the network.
#[derive(Clone)]
struct Options {
    relay: Option<Relay>,
    api: Api,
    version_date: String,
    allow_past_due: bool,
    product_id: Option<String>,
    metadata_key: String,
    expand: Vec<&'static str>,
    allow_unknown_plan_fields: bool,
}

/// What a client holds that asks a relay in place of Whop.
#[derive(Clone)]
struct Relay {
    public_keys: PublicKeys,
    lease_file: Option<LeaseFile>,
    allow_sandbox: bool,
}

impl Client {
    /// Begins a client that asks a relay of yours in place of Whop: what is shipped holds no secret.
    ///
    /// `relay_url` is https, or plain http on this machine. `public_keys` are one to four, separated by commas, as
    /// `whop-relay keygen` prints them: whoever has the private half of one can say yes. A
    /// [product id](ClientBuilder::product_id) must be set.
    pub fn relay(relay_url: &str, public_keys: &str) -> ClientBuilder {
        ClientBuilder::relay(relay_url, public_keys)
    }

    /// Begins a client with an API key.
    ///
    /// A key `sandbox_PORT_NAME` leads to the sandbox on this machine, every other key to Whop; with a
    /// [base URL](ClientBuilder::base_url), every key leads there.
    pub fn builder(api_key: &str) -> ClientBuilder {
        ClientBuilder::new(api_key)
    }

    /// Asks whether the license entitles on this device.
    ///
    /// `license_key` is the key, or the membership's id. White space around it is dropped, and so are characters in it
    /// that nobody can see; a control character in it is refused. `metadata_json` is a JSON object that says which
    /// device this is; `None` stands for `{"hwid":"…"}` with the [device id](Self::device_id). It is stored with the
    /// first call, and every other is refused from then on, until the license is reset. So nothing in it may change
    /// from one start to the next: no time, version or host name.
    ///
    /// The current API has no call for this: the membership is looked up, judged, bound if this is the first use, and
    /// read again. Of two devices that come first at the same moment at least one is allowed, and exactly one at its
    /// next check. Values are texts of up to 500 characters, in at most 50 pairs. Names in the membership's metadata
    /// that are not among them are the seller's own: take no name from a customer. `{}` binds nothing and passes on
    /// every device.
    ///
    /// A relay takes one pair, of 1 to 256 printable ASCII characters, and binds one first use at a time. What it has
    /// signed is kept in the [lease file](ClientBuilder::lease_file), and stands in while it cannot be asked.
    ///
    /// API v2 takes what you pass byte for byte. Its guides call `{}` a reset of the binding: it is sent only when
    /// written.
    ///
    /// Takes no longer than the [timeout](ClientBuilder::timeout), retries included.
    ///
    /// # Errors
    ///
    /// An [`Error`] says that there is no answer; a refused license is a [`Verdict`].
    pub fn validate_license<'a>(
        &self,
        license_key: &str,
        metadata_json: impl Into<Option<&'a str>>,
    ) -> Result<Verdict, Error> {
        let metadata = self.metadata(metadata_json.into())?;
        let question = self.question(license_key, &metadata);
        if let Some(relay) = &self.options.relay {
            return self.at(relay).validate(&question);
        }
        match self.options.api {
            Api::Current => self.licenses()?.validate(&question),
            Api::V2 => check::v2::validate(&self.http, &question, &self.options.expand),
        }
    }

    /// Starts [`validate_license`](Self::validate_license) on a thread of its own, and returns at once. An argument that is
    /// refused makes a call that has ended.
    pub fn start_validate_license<'a>(
        self: &Arc<Self>,
        license_key: &str,
        metadata_json: impl Into<Option<&'a str>>,
    ) -> PendingCall {
        let metadata = match self.checked(license_key, metadata_json.into()) {
            Ok(metadata) => metadata.into_owned(),
            Err(error) => return PendingCall::failed(&self.calls, error),
        };
        let (client, license_key) = (self.clone(), license_key.to_owned());
        PendingCall::start(&self.calls, move || client.validate_license(&license_key, &*metadata))
    }

    /// Waits until a started call of this client has ended that was not reported here before, at most this long. Whether there is
    /// one: one thread can wait so for all of them.
    pub fn wait_any(&self, timeout: Duration) -> bool {
        self.calls.reports.wait_any(timeout)
    }

    /// Cancels all calls of this client that run now, started ones and those that other threads wait in, as a program does
    /// that quits. They end within milliseconds as [`Error::Canceled`], unless their answer is here already. Calls
    /// that begin later are not affected.
    pub fn cancel_all(&self) {
        self.calls.running.cancel_all();
    }

    /// Opens a connection to the server, or to the relay, ahead of need, and keeps it for a minute: the next check is faster by
    /// its handshakes. Sends no request. Does nothing where one is open already.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`] where none can be opened.
    pub fn connect(&self) -> Result<(), Error> {
        self.http.call()?.prepare()
    }

    /// Looks a license up: the first step of a check by the current API.
    ///
    /// # Errors
    ///
    /// As with [`validate_license`](Self::validate_license). That there is no such license is believed only of an API
    /// key to which Whop shows memberships.
    pub fn membership(&self, license_key: &str) -> Result<Lookup, Error> {
        self.licenses()?.membership(license_key)
    }

    /// Looks a license up with one request. That there is no such license is only what Whop said: to a revoked API key, or
    /// one of another company, it may say the same. For a server that proves by itself that its API key is good.
    ///
    /// # Errors
    ///
    /// As with [`validate_license`](Self::validate_license).
    pub fn membership_unproved(&self, license_key: &str) -> Result<Lookup, Error> {
        self.licenses()?.membership_unproved(license_key)
    }

    /// Judges a membership for a device, without a request: the second step.
    ///
    /// # Errors
    ///
    /// [`Error::BadResponse`] for a membership that does not say enough.
    pub fn judge<'a>(
        &self,
        membership: Membership,
        metadata_json: impl Into<Option<&'a str>>,
    ) -> Result<Judgement, Error> {
        let metadata = self.metadata(metadata_json.into())?;
        self.licenses()?.judge_json(membership, &metadata, self.options.product_id.as_deref())
    }

    /// Writes a device into a membership: the third step, for [`Judgement::FirstUse`] alone, because it overwrites. The
    /// verdict is about the membership as Whop answers that it stores it.
    ///
    /// Two first uses at the same moment may both be allowed here, and the later one stays. Let only one at a time do
    /// this, or look again.
    ///
    /// # Errors
    ///
    /// After [`Error::NoAnswer`], [`Error::ServerError`] and [`Error::BadResponse`] the device may be bound: it is not
    /// written again by itself.
    pub fn bind<'a>(&self, license_key: &str, metadata_json: impl Into<Option<&'a str>>) -> Result<Verdict, Error> {
        let metadata = self.metadata(metadata_json.into())?;
        self.licenses()?.bind(&self.question(license_key, &metadata))
    }

    /// Writes `released:` and the time in place of the device: it is free from then on, and the other metadata stays. For
    /// a seller's tool, after [`judge`](Self::judge) has said that the license is bound to this device: it overwrites.
    /// Gives the membership as Whop then has it.
    ///
    /// # Errors
    ///
    /// As with [`bind`](Self::bind).
    pub fn release<'a>(
        &self,
        license_key: &str,
        metadata_json: impl Into<Option<&'a str>>,
    ) -> Result<Membership, Error> {
        let metadata = self.metadata(metadata_json.into())?;
        self.licenses()?.release(&self.question(license_key, &metadata))
    }

    /// The newest memberships of the company, 100 at most: for a seller's tool that looks at what is stored, or wants to
    /// know whose API key it has.
    ///
    /// # Errors
    ///
    /// As with [`membership`](Self::membership).
    pub fn memberships(&self, most: u8) -> Result<Vec<Membership>, Error> {
        self.licenses()?.list(most)
    }

    /// Frees the device of a license, of whichever product, so that the next one to check is bound. For a seller's
    /// tool: it needs an API key that may change every membership. Gives the membership as Whop then has it.
    ///
    /// What goes is the value under the [metadata key](ClientBuilder::metadata_key). Whop can only clear all metadata,
    /// so that other names in it are written back with a second request.
    ///
    /// # Errors
    ///
    /// [`Error::HalfReset`] when the other names could not be written back: it holds the membership as it was.
    pub fn reset_license(&self, license_key: &str) -> Result<Lookup, Error> {
        self.refuse_relay()?;
        match self.options.api {
            Api::Current => self.licenses()?.reset(license_key, &self.options.metadata_key),
            Api::V2 => check::v2::reset(&self.http, license_key, &self.options.metadata_key),
        }
    }

    /// The id of this device: the one that was [set](ClientBuilder::device_id), else 64 hex digits that last at least
    /// as long as the operating system's installation, tell nothing of the machine, and are others for each product.
    ///
    /// # Errors
    ///
    /// [`Error::NoDeviceId`] where this machine cannot be told from others, as in a container.
    pub fn device_id(&self) -> Result<&str, Error> {
        self.device_id
            .get_or_try_init(|| device::id(self.options.product_id.as_deref()).map(Box::new))
            .map(String::as_str)
    }

    /// Where this machine keeps what its [device id](Self::device_id) is made of, such as `/etc/machine-id`: for a tool that
    /// explains a machine. An id that was [set](ClientBuilder::device_id) is not looked at.
    ///
    /// # Errors
    ///
    /// [`Error::NoDeviceId`] where this machine cannot be told from others.
    pub fn machine_identity_source() -> Result<&'static str, Error> {
        device::source()
    }

    /// How the server is reached from this machine, step by step, without asking it anything: for a tool that explains why
    /// it is not reached.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`] where a variable of the environment names a proxy that cannot be used.
    pub fn examine_route(&self) -> Result<RouteReport, Error> {
        self.http.examine()
    }

    /// Which of these permissions, such as `member:manage`, Whop grants the API key for an account (`biz_…`) or a product
    /// (`prod_…`), each with its name. Changes nothing. Whop grants nothing where the key does not see what is named.
    ///
    /// # Errors
    ///
    /// As with [`membership`](Self::membership).
    pub fn permissions(&self, resource_id: &str, names: &[&str]) -> Result<Vec<(String, bool)>, Error> {
        self.licenses()?.permissions(resource_id, names)
    }

    /// Creates a plan: the terms on which a product is sold. Needs an API key that must never be shipped to customers.
    ///
    /// Of one call comes one plan at the most. The current API takes a creation once however often it arrives, so that
    /// it is repeated within the [timeout](ClientBuilder::timeout); with API v2 it is repeated only when nothing was
    /// sent.
    ///
    /// # Errors
    ///
    /// After [`Error::NoAnswer`], [`Error::ServerError`], [`Error::BadResponse`] and [`Error::Canceled`] the plan may exist:
    /// look before you create it again.
    pub fn create_plan(&self, request: impl Into<PlanRequest>) -> Result<Plan, Error> {
        self.refuse_relay()?;
        let (request, allow_unknown) = (request.into(), self.options.allow_unknown_plan_fields);
        match self.options.api {
            Api::Current => {
                self.refuse_expand()?;
                let created = plan::current::create(&self.http, &request, allow_unknown, &self.options.version_date);
                if let Err(Error::Unauthorized(_)) = created {
                    self.proof.end();
                }
                created
            }
            Api::V2 => plan::v2::create(&self.http, &request, allow_unknown, &self.options.expand),
        }
    }

    fn question<'a>(&'a self, license_key: &'a str, metadata: &'a str) -> Question<'a> {
        Question { license_key, metadata, product_id: self.options.product_id.as_deref() }
    }

    /// The metadata, if this and the license key can be sent.
    fn checked<'a>(&self, license_key: &str, given: Option<&'a str>) -> Result<Cow<'a, str>, Error> {
        let metadata = self.metadata(given)?;
        let question = self.question(license_key, &metadata);
        match (&self.options.relay, self.options.api) {
            (Some(_), _) => check::relay::check(&question)?,
            (None, Api::Current) => {
                self.licenses()?;
                check::current::check(&question)?;
            }
            (None, Api::V2) => check::v2::check(&question)?,
        }
        Ok(metadata)
    }

    fn metadata<'a>(&self, given: Option<&'a str>) -> Result<Cow<'a, str>, Error> {
        if let Some(json) = given {
            return Ok(Cow::Borrowed(json));
        }
        let (name, device_id) = (&*self.options.metadata_key, self.device_id()?);
        if self.options.api == Api::Current {
            check::limit("metadata_key", "", name, LONGEST_NAME)?;
            check::limit("device_id", "", device_id, LONGEST_VALUE)?;
        }
        if self.options.relay.is_some() {
            check::limit_at_relay(["metadata_key", "device_id"], "", name, device_id)?;
        }
        Ok(Cow::Owned(serde_json::json!({ name: device_id }).to_string()))
    }

    fn at<'a>(&'a self, relay: &'a Relay) -> check::relay::Relay<'a> {
        check::relay::Relay {
            http: &self.http,
            public_keys: &relay.public_keys,
            lease_file: relay.lease_file.as_ref(),
            // To a proxy, `localhost` is another machine.
            allow_sandbox: relay.allow_sandbox && !self.http.has_proxy(),
            allow_past_due: self.options.allow_past_due,
        }
    }

    fn refuse_relay(&self) -> Result<(), Error> {
        match self.options.relay {
            None => Ok(()),
            Some(_) => Err(Error::argument("client", "asks a relay, which checks licenses and does nothing else")),
        }
    }

    fn licenses(&self) -> Result<check::current::Licenses<'_>, Error> {
        self.refuse_relay()?;
        if self.options.api != Api::Current {
            return Err(Error::argument("api", "only the current API has this step"));
        }
        self.refuse_expand()?;
        Ok(check::current::Licenses {
            http: &self.http,
            version_date: &self.options.version_date,
            allow_past_due: self.options.allow_past_due,
            proof: &self.proof,
        })
    }

    fn refuse_expand(&self) -> Result<(), Error> {
        match self.options.expand.is_empty() {
            true => Ok(()),
            false => Err(Error::argument("expand", "API v2 alone can expand: leave it out, or set API v2")),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("product_id", &self.options.product_id).finish_non_exhaustive()
    }
}

/// The settings of a [`Client`].
///
/// A setting that cannot be used is not forgotten: [`build`](Self::build) returns the first such error.
#[derive(Clone)]
pub struct ClientBuilder {
    settings: Settings,
    options: Options,
    device_id: Option<String>,
    refused: Option<Error>,
}

impl ClientBuilder {
    fn new(api_key: &str) -> Self {
        let api_key = check_api_key(api_key);
        let text = *api_key.as_ref().unwrap_or(&"");
        let builder = Self::asking(BaseUrl::of_api_key(text), Some(SecretString::from(text)));
        Self { refused: api_key.err(), ..builder }
    }

    fn relay(relay_url: &str, public_keys: &str) -> Self {
        let relay = BaseUrl::parse("relay_url", relay_url).and_then(|url| Ok((url, PublicKeys::parse(public_keys)?)));
        let mut builder = Self::asking(BaseUrl::of_api_key(""), None);
        builder.set(relay, |builder, (url, public_keys)| {
            let allow_sandbox = url.is_loopback();
            builder.settings.base_url = url;
            builder.options.relay = Some(Relay { public_keys, lease_file: None, allow_sandbox });
        });
        builder
    }

    fn asking(base_url: BaseUrl, api_key: Option<SecretString>) -> Self {
        Self {
            settings: Settings {
                api_key,
                base_url,
                roots: Roots::Bundled,
                proxy: Proxy::FromEnvironment,
                timeout: Duration::from_millis(defaults::TIMEOUT_MS),
                max_retries: defaults::MAX_RETRIES,
            },
            options: Options {
                relay: None,
                api: Api::Current,
                version_date: defaults::API_VERSION_DATE.into(),
                allow_past_due: defaults::ALLOW_PAST_DUE,
                product_id: None,
                metadata_key: defaults::METADATA_KEY.into(),
                expand: Vec::new(),
                allow_unknown_plan_fields: defaults::ALLOW_UNKNOWN_PLAN_FIELDS,
            },
            device_id: None,
            refused: None,
        }
    }

    /// Keeps what the relay signs in this file, allowed or denied: while the relay cannot be asked, the newest lease stands in
    /// for it until it ends. The file is this user's alone, and is replaced as a whole. For relay clients alone.
    pub fn lease_file(&mut self, path: &str) -> &mut Self {
        let file = match &self.options.relay {
            _ if path.is_empty() => Err("empty".into()),
            None => Err("for a client that asks a relay: no other answer is a lease".into()),
            Some(_) => LeaseFile::at(path),
        };
        self.set(file.map_err(|fault| Error::argument("lease_file", fault)), |builder, file| {
            if let Some(relay) = &mut builder.options.relay {
                relay.lease_file = Some(file);
            }
        })
    }

    /// Which of Whop's APIs is asked: the current one if not set.
    pub fn api(&mut self, api: Api) -> &mut Self {
        self.set(self.not_at_relay("api"), |builder, ()| builder.options.api = api)
    }

    /// The version of the current API, `YYYY-MM-DD` or `YYYY-MM-DD-n`; 2026-09-23 if not set. None before 2026-07-23,
    /// because to bind a license would drop the seller's own metadata there.
    pub fn api_version_date(&mut self, date: &str) -> &mut Self {
        self.set(check_version_date(date), |builder, date| builder.options.version_date = date)
    }

    /// With `false`, a license whose payment is overdue (`past_due`) is refused by the current API; it entitles if not
    /// set, as a grace period. API v2 decides this by itself.
    pub fn allow_past_due(&mut self, allow: bool) -> &mut Self {
        self.options.allow_past_due = allow;
        self
    }

    /// Accepts licenses of this product alone, `prod_…`. An API key is company-wide: without this, the license key of a
    /// free product of the company validates too. It is also a part of the [device id](Client::device_id): to change it
    /// later is another device to Whop.
    pub fn product_id(&mut self, product_id: &str) -> &mut Self {
        let product_id = argument::word("product_id", product_id).and_then(|id| {
            match OTHER_KINDS.iter().find(|kind| id.starts_with(**kind)) {
                Some(kind) => Err(Error::argument("product_id", format!("expected prod_…, found {kind}…"))),
                None => Ok(id.to_owned()),
            }
        });
        self.set(product_id, |builder, product_id| builder.options.product_id = Some(product_id))
    }

    /// Takes this for the [device id](Client::device_id), in place of the library's own: the id of a platform that has
    /// one, or a random one that you store. One line of up to 1024 bytes.
    pub fn device_id(&mut self, device_id: &str) -> &mut Self {
        let device_id = argument::printable("device_id", device_id).and_then(|id| match id.starts_with(RELEASED) {
            true => Err(Error::argument(
                "device_id",
                format!("begins with {RELEASED}, which stands for a device that was released"),
            )),
            false => Ok(id.to_owned()),
        });
        self.set(device_id, |builder, device_id| builder.device_id = Some(device_id))
    }

    /// Names the device id in the metadata; `hwid` if not set. For buyers whose licenses are bound under another name.
    pub fn metadata_key(&mut self, metadata_key: &str) -> &mut Self {
        let metadata_key = argument::printable("metadata_key", metadata_key).map(str::to_owned);
        self.set(metadata_key, |builder, metadata_key| builder.options.metadata_key = metadata_key)
    }

    /// Limits a whole call, name lookup and retries included: 1 ms to 10 minutes; 10 seconds if not set.
    pub fn timeout(&mut self, whole_call: Duration) -> &mut Self {
        let range = defaults::TIMEOUT_MS_RANGE;
        let checked = match u64::try_from(whole_call.as_millis()) {
            Ok(ms) if range.contains(&ms) => Ok(whole_call),
            _ => Err(Error::argument("timeout_ms", format!("expected {} to {}", range.start(), range.end()))),
        };
        self.set(checked, |builder, timeout| builder.settings.timeout = timeout)
    }

    /// How often a call is repeated when that is harmless and may help: 0 to 10; 2 if not set.
    pub fn max_retries(&mut self, retries: u32) -> &mut Self {
        let range = defaults::MAX_RETRIES_RANGE;
        let checked = match range.contains(&retries) {
            true => Ok(retries),
            false => Err(Error::argument("max_retries", format!("expected {} to {}", range.start(), range.end()))),
        };
        self.set(checked, |builder, retries| builder.settings.max_retries = retries)
    }

    /// With API v2, asks for objects in place of ids: `product`, `user`, `plan`, `promo_code`, separated by commas. Of
    /// these a plan that is created expands `product` alone.
    pub fn expand(&mut self, comma_separated: &str) -> &mut Self {
        let expand = self.not_at_relay("expand").and_then(|()| check_expand(comma_separated));
        self.set(expand, |builder, expand| builder.options.expand = expand)
    }

    /// Sends requests elsewhere than the API key says, without the `/v1` or `/v2`: to https, or to plain http on this
    /// machine.
    pub fn base_url(&mut self, url: &str) -> &mut Self {
        let url = self.not_at_relay("base_url").and_then(|()| BaseUrl::parse("base_url", url));
        self.set(url, |builder, url| builder.settings.base_url = url)
    }

    /// With `false`, an API key that leads to the sandbox by itself is refused, also with a base URL. For a program
    /// that is shipped and reads the key from a file: whoever writes `sandbox_PORT_NAME` into it could answer for Whop.
    pub fn allow_sandbox(&mut self, allow: bool) -> &mut Self {
        let leads_to_sandbox = self.settings.api_key.as_ref().is_some_and(|key| leads_to_sandbox(key.expose_secret()));
        let checked = match allow || !leads_to_sandbox {
            true => Ok(()),
            false => Err(Error::argument("api_key", "one of the sandbox, which is not allowed here")),
        };
        self.set(checked, |builder, ()| {
            if let Some(relay) = &mut builder.options.relay {
                relay.allow_sandbox = allow && builder.settings.base_url.is_loopback();
            }
        })
    }

    /// Trusts the certificates in this PEM file alone, in place of the bundled ones.
    pub fn ca_file(&mut self, pem_path: &str) -> &mut Self {
        self.set(Roots::read(pem_path), |builder, roots| builder.settings.roots = roots)
    }

    /// Goes through this proxy, or through none if empty, whatever the environment says (`https_proxy`, `HTTPS_PROXY`,
    /// `all_proxy`, `ALL_PROXY`; `no_proxy`, `NO_PROXY`). Plain http, which stays on this machine, never goes through
    /// one.
    pub fn proxy(&mut self, url_or_empty: &str) -> &mut Self {
        self.set(Proxy::parse(url_or_empty), |builder, proxy| builder.settings.proxy = proxy)
    }

    /// Lets a plan have names and values that this version does not know, for the day Whop adds one.
    pub fn allow_unknown_plan_fields(&mut self, allow: bool) -> &mut Self {
        self.options.allow_unknown_plan_fields = allow;
        self
    }

    /// The first setting that was refused, if one was.
    pub fn refused(&self) -> Option<&Error> {
        self.refused.as_ref()
    }

    /// Makes the client. No connection is made yet.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for the first setting that cannot be used.
    pub fn build(&self) -> Result<Client, Error> {
        self.build_with(ClientCalls::default())
    }

    /// Makes a client that takes over the calls of the one before, which had other settings.
    pub(crate) fn build_with(&self, calls: ClientCalls) -> Result<Client, Error> {
        match &self.refused {
            Some(error) => Err(error.clone()),
            None => Ok(Client {
                http: Http::new(self.settings.clone(), calls.running.clone()),
                calls,
                options: self.options.clone(),
                proof: Proof::new(),
                device_id: self.device_id.clone().map(|id| OnceBox::with_value(Box::new(id))).unwrap_or_default(),
            }),
        }
    }

    fn not_at_relay(&self, setting: &'static str) -> Result<(), Error> {
        match self.options.relay {
            None => Ok(()),
            Some(_) => Err(Error::argument(setting, "not for a client that asks a relay")),
        }
    }

    fn set<T>(&mut self, checked: Result<T, Error>, store: impl FnOnce(&mut Self, T)) -> &mut Self {
        match checked {
            Ok(value) => store(self, value),
            Err(error) => {
                self.refused.get_or_insert(error);
            }
        }
        self
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("product_id", &self.options.product_id).finish_non_exhaustive()
    }
}

/// A key that fits into a header, without the line break that copying leaves behind.
fn check_api_key(api_key: &str) -> Result<&str, Error> {
    let api_key = argument::word("api_key", api_key)?;
    if !api_key.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'')) {
        return Err(Error::argument("api_key", "holds a character that no API key has"));
    }
    Ok(api_key)
}

/// A date, with a number if several versions are of that day.
fn check_version_date(text: &str) -> Result<String, Error> {
    let date = argument::word("api_version_date", text)?;
    let (day, number) = date.split_at_checked("YYYY-MM-DD".len()).unwrap_or((date, ""));
    let is_day = humantime::parse_rfc3339(&format!("{day}T00:00:00Z")).is_ok();
    let digits = number.strip_prefix('-').unwrap_or_default();
    let is_number = number.is_empty() || !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match is_day && is_number {
        true if day >= FIRST_VERSION => Ok(date.to_owned()),
        true => Err(Error::argument("api_version_date", format!("expected {FIRST_VERSION} or later"))),
        false => Err(Error::argument("api_version_date", "expected YYYY-MM-DD or YYYY-MM-DD-n")),
    }
}

fn check_expand(comma_separated: &str) -> Result<Vec<&'static str>, Error> {
    let mut expand = Vec::new();
    for name in comma_separated.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match EXPANDABLE.iter().find(|known| **known == name) {
            Some(known) if expand.contains(known) => {}
            Some(known) => expand.push(*known),
            None => return Err(Error::argument("expand", format!("expected names among {}", EXPANDABLE.join(", ")))),
        }
    }
    Ok(expand)
}

const EXPANDABLE: [&str; 4] = ["product", "user", "plan", "promo_code"];
/// What the ids of other things than products begin with.
const OTHER_KINDS: [&str; 4] = ["plan_", "mem_", "user_", "biz_"];
/// The first version that merges metadata into what is stored.
const FIRST_VERSION: &str = "2026-07-23";
