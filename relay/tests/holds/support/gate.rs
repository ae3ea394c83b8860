//! Stands before the sandbox as the way to Whop: notes what passes, and breaks when it is told to.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{DATE, HOST};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// What is done to a membership. Whop counts each for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    Read,
    List,
    Update,
}

/// What the way to Whop does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Open,
    /// Every connection ends without an answer.
    Away,
    /// 429, with a wait of so many seconds.
    TooMany(u32),
}

/// On which side of Whop a request is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Whop has not seen it, and never will.
    Before,
    /// Whop has done it, and nobody knows.
    After,
}

/// A request that came as far as the gate.
#[derive(Clone, Debug)]
pub struct Passed {
    pub asked: Instant,
    /// None while there is no answer.
    pub answered: Option<(Instant, u16)>,
    pub operation: Operation,
    /// The last part of the path: a license key or an id.
    pub id: String,
}

/// The way to one sandbox.
pub struct Gate {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    sandbox: String,
    client: Client<HttpConnector, Full<Bytes>>,
    passed: Mutex<Vec<Passed>>,
    way: Mutex<Way>,
    hold: Mutex<Option<Hold>>,
    /// By how much Whop's clock is ahead of this machine's.
    ahead: Mutex<Duration>,
}

struct Hold {
    operation: Operation,
    side: Side,
    reached: oneshot::Sender<()>,
    release: oneshot::Receiver<()>,
}

/// A request that is going to be held. Dropping it lets the request go on, or end for good if Whop has not seen it.
pub struct Held {
    reached: Option<oneshot::Receiver<()>>,
    _release: oneshot::Sender<()>,
}

impl Held {
    /// Waits until the request is there.
    pub async fn reached(&mut self) {
        if let Some(reached) = self.reached.take() {
            reached.await.unwrap();
        }
    }
}

impl Gate {
    pub async fn before(sandbox: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            sandbox: format!("127.0.0.1:{sandbox}"),
            client: Client::builder(TokioExecutor::new()).build_http(),
            passed: Mutex::default(),
            way: Mutex::new(Way::Open),
            hold: Mutex::default(),
            ahead: Mutex::default(),
        });
        let task = tokio::spawn(serve(listener, shared.clone()));
        Self { address, shared, task }
    }

    /// What stands where `https://api.whop.com/api` would.
    pub fn base_url(&self) -> String {
        format!("http://{}/api", self.address)
    }

    pub fn set(&self, way: Way) {
        *lock(&self.shared.way) = way;
    }

    /// Holds the next request of that operation.
    pub fn hold(&self, operation: Operation, side: Side) -> Held {
        let (reached, told) = oneshot::channel();
        let (let_go, release) = oneshot::channel();
        *lock(&self.shared.hold) = Some(Hold { operation, side, reached, release });
        Held { reached: Some(told), _release: let_go }
    }

    /// Lets time pass at Whop, which tells it in each answer.
    pub fn forward(&self, by: Duration) {
        *lock(&self.shared.ahead) += by;
    }

    /// All that came since the start.
    pub fn passed(&self) -> Vec<Passed> {
        lock(&self.shared.passed).clone()
    }

    /// When each request of that operation came.
    pub fn times(&self, operation: Operation) -> Vec<Instant> {
        let passed = lock(&self.shared.passed);
        passed.iter().filter(|passed| passed.operation == operation).map(|passed| passed.asked).collect()
    }

    pub fn count(&self) -> usize {
        lock(&self.shared.passed).len()
    }

    /// How often Whop said 429.
    pub fn refused(&self) -> usize {
        let is_429 = |passed: &&Passed| matches!(passed.answered, Some((_, 429)));
        lock(&self.shared.passed).iter().filter(is_429).count()
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = shared.clone();
        if *lock(&shared.way) == Way::Away {
            continue;
        }
        tokio::spawn(connection(stream, shared));
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| pass(request, shared.clone()));
    // One that was ended by order is no fault.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn pass(request: Request<Incoming>, shared: Arc<Shared>) -> io::Result<Response<Full<Bytes>>> {
    let operation = operation(&request);
    let id = request.uri().path().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let number = {
        let mut passed = lock(&shared.passed);
        passed.push(Passed { asked: Instant::now(), answered: None, operation, id });
        passed.len() - 1
    };
    let way = *lock(&shared.way);
    let answer = match way {
        Way::Away => Err(io::ErrorKind::ConnectionAborted.into()),
        Way::TooMany(seconds) => Ok(too_many(seconds)),
        Way::Open => forward(request, operation, &shared).await,
    };
    if let Ok(answer) = &answer {
        lock(&shared.passed)[number].answered = Some((Instant::now(), answer.status().as_u16()));
    }
    answer
}

/// The sandbox does what it is asked even when the relay that asked is gone, as Whop does.
async fn forward(
    request: Request<Incoming>,
    operation: Operation,
    shared: &Arc<Shared>,
) -> io::Result<Response<Full<Bytes>>> {
    let hold = lock(&shared.hold).take_if(|hold| hold.operation == operation);
    let (hold, gone) = match hold {
        Some(Hold { side: Side::Before, reached, release, .. }) => {
            let _ = reached.send(());
            let _ = release.await;
            (None, true)
        }
        hold => (hold, false),
    };
    if gone {
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    let answer = tokio::spawn(to_sandbox(request, shared.clone())).await??;
    if let Some(Hold { reached, release, .. }) = hold {
        let _ = reached.send(());
        let _ = release.await;
    }
    Ok(answer)
}

async fn to_sandbox(request: Request<Incoming>, shared: Arc<Shared>) -> io::Result<Response<Full<Bytes>>> {
    let (mut head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let path = head.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    head.uri = format!("http://{}{path}", shared.sandbox).parse::<Uri>().map_err(io::Error::other)?;
    head.headers.remove(HOST);
    let request = Request::from_parts(head, Full::new(body));
    let answer = shared.client.request(request).await.map_err(io::Error::other)?;
    let (mut head, body) = answer.into_parts();
    let date = httpdate::fmt_http_date(SystemTime::now() + *lock(&shared.ahead));
    head.headers.insert(DATE, date.parse().map_err(io::Error::other)?);
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    Ok(Response::from_parts(head, Full::new(body)))
}

fn too_many(seconds: u32) -> Response<Full<Bytes>> {
    let message = format!("Too many requests. Try again in {seconds} seconds.");
    let body = serde_json::json!({ "error": { "type": "rate_limit_exceeded", "message": message } }).to_string();
    let answer = Response::builder().status(429).header("content-type", "application/json");
    answer.body(Full::new(body.into())).unwrap()
}

fn operation(request: &Request<Incoming>) -> Operation {
    match *request.method() {
        Method::PATCH => Operation::Update,
        _ if request.uri().path().trim_end_matches('/').ends_with("/memberships") => Operation::List,
        _ => Operation::Read,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
