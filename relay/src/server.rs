//! Takes connections, and ends them: each has its limits, and none outlasts the stop.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::connections::{Connection, Connections};
use crate::limits::{BODY, HANDSHAKE_TIME, HEAD, HEAD_TIME, WRITE_TIME};

/// The certificate that is shown, which may change.
pub(crate) type Certificate = Arc<ArcSwap<ServerConfig>>;

/// One place where requests are taken.
pub(crate) struct Server {
    pub listener: TcpListener,
    pub certificate: Option<Certificate>,
    pub router: Router,
    pub connections: Connections,
}

/// From where a request came, among its extensions.
#[derive(Clone)]
pub(crate) struct Peer {
    pub address: IpAddr,
    pub connection: Arc<Connection>,
}

/// Takes an address.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A relay that was stopped a moment ago must not keep its successor from starting.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

impl Server {
    /// Serves until the stop. Connections end as tasks of the tracker.
    pub async fn run(self, stop: CancellationToken, tasks: TaskTracker) {
        loop {
            let accepted = tokio::select! {
                () = stop.cancelled() => return,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => self.take(stream, peer.ip(), &stop, &tasks),
                // No file is left, or a client has gone again. To try at once would keep the processor busy.
                Err(error) => {
                    tracing::warn!(%error, "cannot take a connection");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    fn take(&self, stream: TcpStream, address: IpAddr, stop: &CancellationToken, tasks: &TaskTracker) {
        let Some(connection) = self.connections.admit() else {
            metrics::counter!("whop_relay_connections_refused_total").increment(1);
            return;
        };
        // Answers are small, and must not wait for more.
        drop(stream.set_nodelay(true));
        let peer = Peer { address, connection: Arc::new(connection) };
        let (router, stop) = (self.router.clone(), stop.clone());
        let certificate = self.certificate.as_ref().map(|certificate| certificate.load_full());
        tasks.spawn(async move {
            let mut stream = TimeoutStream::new(stream);
            stream.set_write_timeout(Some(WRITE_TIME));
            let stream = Box::pin(stream);
            match certificate {
                None => serve(stream, router, peer, stop).await,
                Some(config) => {
                    if let Ok(Ok(stream)) = timeout(HANDSHAKE_TIME, TlsAcceptor::from(config).accept(stream)).await {
                        serve(stream, router, peer, stop).await;
                    }
                }
            }
        });
    }
}

/// Serves a connection until the client, its limits or the stop end it.
async fn serve<S>(stream: S, router: Router, peer: Peer, stop: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let connection = Arc::clone(&peer.connection);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer.clone());
        router.clone().oneshot(request)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_header_size(HEAD).max_buf_size(HEAD + BODY);
    let mut serving = pin!(builder.serve_connection(TokioIo::new(stream), service));
    // What a client does wrong is no news: its end of the connection is all that there is to it.
    tokio::select! {
        _ = serving.as_mut() => return,
        () = connection.gives_way() => return,
        () = stop.cancelled() => serving.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = serving => {}
        () = connection.gives_way() => {}
    }
}

/// The most connections that the system holds until they are taken.
const WAITING: u32 = 4096;
const PAUSE: Duration = Duration::from_millis(50);
