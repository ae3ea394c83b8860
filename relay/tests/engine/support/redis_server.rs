//! A Redis of one test.

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use redis::Connection;

pub struct RedisServer {
    folder: tempfile::TempDir,
    port: u16,
    process: Option<Child>,
}

impl RedisServer {
    pub fn start() -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut server = Self { folder: tempfile::tempdir().unwrap(), port, process: None };
        server.come_back();
        server
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub fn connection(&self) -> Connection {
        redis::Client::open(self.url()).unwrap().get_connection_with_timeout(Duration::from_secs(5)).unwrap()
    }

    pub fn run<T: redis::FromRedisValue>(&self, command: &[&str]) -> T {
        let mut connection = self.connection();
        redis::cmd(command[0]).arg(&command[1..]).query(&mut connection).unwrap()
    }

    pub fn keys(&self, pattern: &str) -> Vec<String> {
        self.run(&["KEYS", pattern])
    }

    /// As if nobody had asked Whop for a while.
    pub fn refill(&self) {
        for operation in ["read", "bind", "list"] {
            let key = format!("whop-relay:limit:{operation}");
            self.run::<()>(&["HSET", &key, "leases", "7.5", "strangers", "2.5"]);
        }
    }

    /// Stops, as a machine that is busy, or goes on.
    pub fn pause(&self, is_paused: bool) {
        let signal = if is_paused { "-STOP" } else { "-CONT" };
        let process = self.process.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &process]).status().unwrap().success());
    }

    /// Without a word, and without what it had.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    pub fn come_back(&mut self) {
        let process = Command::new("redis-server")
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .arg("--dir")
            .arg(self.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.process = Some(process);
        let began = Instant::now();
        let client = redis::Client::open(self.url()).unwrap();
        while client.get_connection_with_timeout(Duration::from_secs(1)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(20), "redis-server does not start");
            // There is no other signal of its being there.
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}
