//! A real HAProxy, which tells the relays behind it who asks.

use std::fmt::Write;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::program::{Program, tool};

pub struct Proxy {
    _program: Program,
    pub address: SocketAddr,
    _folder: TempDir,
}

impl Proxy {
    /// Starts one before these relays. None where it is not installed.
    pub fn before(relays: &[SocketAddr]) -> Option<Self> {
        let haproxy = tool("haproxy")?;
        let folder = tempfile::tempdir().unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let mut settings = SETTINGS.replace("ADDRESS", &address.to_string());
        for (number, relay) in relays.iter().enumerate() {
            writeln!(settings, "  server relay{number} {relay} check inter 500ms fall 2 rise 1").unwrap();
        }
        let file = folder.path().join("haproxy.cfg");
        fs::write(&file, settings).unwrap();
        let mut program = Program::start(Command::new(haproxy).arg("-db").arg("-q").arg("-f").arg(file));
        while TcpStream::connect(address).is_err() {
            assert!(program.is_running(), "haproxy ended at its start");
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(Self { _program: program, address, _folder: folder })
    }
}

/// A port that was free a moment ago: for programs that take no port 0.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

const SETTINGS: &str = "\
global
  maxconn 8000
  nbthread 1
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout check 2s
  timeout server 60s
  timeout http-request 10s
  retries 2
  option redispatch
frontend relay
  bind ADDRESS
  # Whatever the asker wrote there is dropped.
  http-request set-header X-Forwarded-For %[src]
  default_backend relays
backend relays
  balance roundrobin
  option httpchk GET /healthz
";
