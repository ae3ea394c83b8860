//! Connections that do nothing, or too slowly, or too much: the memory stays within bounds, and customers are served.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use super::seconds;
use crate::support::{Customer, Keys, Relay, Said, Whop, ask, figure, percentile, raise_open_files};

pub struct Size {
    idle: u32,
    /// Of each kind of attack.
    each: u32,
    /// How long a connection may go on, in seconds.
    patience: u64,
}

impl Size {
    pub const QUICK: Self = Self { idle: 1000, each: 20, patience: 3 };
    pub const DEEP: Self = Self { idle: 10_000, each: 200, patience: 60 };
}

#[derive(Clone, Copy, Debug)]
enum Attack {
    SlowHeader,
    SlowBody,
    LargeBody,
    EndlessChunks,
    HeaderFlood,
    LongHeader,
    /// Asks and never reads.
    Deaf,
}

const ATTACKS: [Attack; 7] = [
    Attack::SlowHeader,
    Attack::SlowBody,
    Attack::LargeBody,
    Attack::EndlessChunks,
    Attack::HeaderFlood,
    Attack::LongHeader,
    Attack::Deaf,
];
const LARGE: usize = 100 << 20;

pub async fn run(size: Size) {
    assert!(raise_open_files() >= u64::from(size.idle) + 3000, "ulimit -n {} at least", size.idle + 3000);
    let whop = Whop::start().await;
    let keys = Arc::new(Keys::new(&whop));
    let relay = Relay::start(&whop, &keys, &[]);
    let to = relay.address;
    let customer = Customer::bound(&whop, &keys, 1);
    assert_eq!(ask(to, &keys, &customer).await.unwrap(), Said::Allowed);
    let (before, _) = relay.program.memory();

    // The good customer, from before to after.
    let stop = Arc::new(AtomicBool::new(false));
    let good = tokio::spawn(good(to, keys.clone(), customer, stop.clone()));

    let began = Instant::now();
    let mut idle = Vec::new();
    for number in 0..size.idle {
        idle.push(open(to, number).await.unwrap());
    }
    let opened = began.elapsed();
    let with_idle = relay.program.memory().0;

    let patience = Duration::from_secs(size.patience);
    for (number, attack) in ATTACKS.into_iter().enumerate() {
        relay.program.forget_most_memory();
        let (taken, mut attackers) = (Arc::new(AtomicU64::new(0)), JoinSet::new());
        for each in 0..size.each {
            let (from, taken) = (20_000 + 1000 * number as u32 + each, taken.clone());
            attackers.spawn(async move {
                let began = Instant::now();
                let ended = tokio::time::timeout(patience, one(attack, to, from, &taken)).await.is_ok();
                (ended, began.elapsed())
            });
        }
        let all = attackers.join_all().await;
        let ended = all.iter().filter(|(ended, _)| *ended).count();
        let longest = all.iter().map(|(_, time)| *time).max().unwrap_or_default();
        figure(
            &format!("{attack:?}, {} at once beside {} idle", size.each, size.idle),
            "memory bounded",
            format!(
                "{ended} ended by the relay, the last after {}; {:.0} KiB sent by each; at most {:.0} MiB",
                seconds(longest),
                taken.load(Ordering::Relaxed) as f64 / 1024.0 / f64::from(size.each),
                relay.program.memory().1
            ),
        );
        assert!(relay.program.memory().1 < 256.0, "{attack:?}: {:?} MiB", relay.program.memory());
    }
    let mut closed = 0;
    for stream in &mut idle {
        let longest = patience.saturating_sub(began.elapsed()).max(Duration::from_millis(1));
        closed +=
            usize::from(matches!(tokio::time::timeout(longest, stream.read(&mut [0; 1])).await, Ok(Ok(0) | Err(_))));
    }
    stop.store(true, Ordering::Relaxed);
    let mut times = good.await.unwrap();
    figure(
        &format!("{} idle connections", size.idle),
        "memory bounded",
        format!(
            "opened in {}, {before:.0} MiB before, {with_idle:.0} MiB with them, {closed} closed by the relay within {}",
            seconds(opened),
            seconds(began.elapsed())
        ),
    );
    figure(
        "a customer meanwhile, each time over a new connection",
        "served",
        format!(
            "{} times, none refused, p99 {}, longest {}",
            times.len(),
            seconds(percentile(99.0, &mut times)),
            seconds(percentile(100.0, &mut times))
        ),
    );
}

async fn good(to: SocketAddr, keys: Arc<Keys>, customer: Customer, stop: Arc<AtomicBool>) -> Vec<Duration> {
    let mut times = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let began = Instant::now();
        assert_eq!(ask(to, &keys, &customer).await.unwrap(), Said::Allowed, "a customer beside the attack");
        times.push(began.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    times
}

async fn open(to: SocketAddr, number: u32) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((Ipv4Addr::from_bits(0x7f40_0001 + number % 1000), 0).into())?;
    socket.connect(to).await
}

/// Goes on until the relay ends the connection.
async fn one(attack: Attack, to: SocketAddr, number: u32, taken: &AtomicU64) {
    let Ok(stream) = open(to, number).await else { return };
    let (mut read, mut write) = stream.into_split();
    let sent = async {
        let head = "POST /v2/memberships/KEY/validate_license HTTP/1.1\r\nHost: relay\r\n";
        let json = "Content-Type: application/json\r\n";
        let mut send = async |bytes: &[u8]| -> bool {
            let is_sent = write.write_all(bytes).await.is_ok();
            taken.fetch_add(if is_sent { bytes.len() as u64 } else { 0 }, Ordering::Relaxed);
            is_sent
        };
        let slowly = Duration::from_millis(200);
        if !send(head.as_bytes()).await {
            return;
        }
        match attack {
            Attack::SlowHeader => {
                send(b"X-Slow: ").await;
                while send(b"x").await {
                    tokio::time::sleep(slowly).await;
                }
            }
            Attack::SlowBody => {
                send(format!("{json}Content-Length: 60\r\n\r\n").as_bytes()).await;
                while send(b" ").await {
                    tokio::time::sleep(slowly * 10).await;
                }
            }
            Attack::LargeBody => {
                send(format!("{json}Content-Length: {LARGE}\r\n\r\n").as_bytes()).await;
                for _ in 0..LARGE >> 16 {
                    if !send(&[b' '; 1 << 16]).await {
                        return;
                    }
                }
            }
            Attack::EndlessChunks => {
                send(format!("{json}Transfer-Encoding: chunked\r\n\r\n").as_bytes()).await;
                let chunk = [&b"4000\r\n"[..], &[b' '; 0x4000], b"\r\n"].concat();
                for _ in 0..LARGE >> 14 {
                    if !send(&chunk).await {
                        return;
                    }
                }
            }
            Attack::HeaderFlood => {
                for line in 0..1 << 20 {
                    if !send(format!("X-Line-{line}: {line}\r\n").as_bytes()).await {
                        return;
                    }
                }
            }
            Attack::LongHeader => {
                send(b"X-Long: ").await;
                for _ in 0..LARGE >> 12 {
                    if !send(&[b'x'; 1 << 12]).await {
                        return;
                    }
                }
            }
            Attack::Deaf => {
                let request = format!("{json}Content-Length: 2\r\n\r\n{{}}{head}");
                for _ in 0..1 << 20 {
                    if !send(request.as_bytes()).await {
                        return;
                    }
                }
            }
        }
    };
    let ended = async {
        if matches!(attack, Attack::Deaf) {
            return std::future::pending().await;
        }
        let mut buffer = [0; 4096];
        while read.read(&mut buffer).await.is_ok_and(|length| length > 0) {}
    };
    tokio::select! {
        () = sent => {}
        () = ended => {}
    }
}
