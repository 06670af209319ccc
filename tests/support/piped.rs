//! The built binary as a child process that is spoken to over standard input and output.

use std::os::fd::OwnedFd;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::time::{sleep, timeout};

use super::gateway::{command, follow};
use super::record::Session;

/// How long anything may take before the test has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// The process behind the pipes; it ends with the test.
pub(crate) struct Process {
    child: Child,
    log: Arc<Mutex<String>>,
    _folder: TempDir,
}

impl Process {
    /// Starts with a configuration, for one server or for all, and says all that it could say on standard error.
    pub(crate) fn start(configuration: &str, server: Option<&str>) -> (Self, Sender, Receiver) {
        let (mut command, folder) = command(configuration);
        command.arg("stdio").env("RUST_LOG", "trace");
        if let Some(server) = server {
            command.args(["--server", server]);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::default();
        follow(child.stderr.take().unwrap(), &log);
        let input = OwnedFd::from(child.stdin.take().unwrap());
        let output = OwnedFd::from(child.stdout.take().unwrap());
        let process = Self {
            child,
            log,
            _folder: folder,
        };
        let input = Sender::from_owned_fd(input).unwrap();
        (process, input, Receiver::from_owned_fd(output).unwrap())
    }

    /// Everything that it has written to standard error so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Whether it writes a text there, now or soon: what it has written arrives here by way of a thread.
    pub(crate) async fn says(&self, text: &str) -> bool {
        let deadline = Instant::now() + PATIENCE;
        while !self.log().contains(text) && Instant::now() < deadline {
            sleep(Duration::from_millis(5)).await;
        }
        self.log().contains(text)
    }

    /// Its number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ends by itself.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "it goes on:\n{}", self.log());
            sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client that speaks line by line, and so can also speak wrongly.
pub(crate) struct Piped {
    pub(crate) process: Process,
    pub(crate) input: Option<Sender>,
    output: Lines<BufReader<Receiver>>,
    /// For the validator; whoever writes to `input` tells it.
    pub(crate) session: Session,
}

impl Piped {
    /// A client of one server, or of all.
    pub(crate) fn start(configuration: &str, server: Option<&str>) -> Self {
        let (process, input, output) = Process::start(configuration, server);
        Self {
            process,
            input: Some(input),
            output: BufReader::new(output).lines(),
            session: Session::default(),
        }
    }

    /// Sends bytes as they are.
    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        self.session.asks(&String::from_utf8_lossy(bytes));
        let input = self.input.as_mut().unwrap();
        timeout(PATIENCE, input.write_all(bytes))
            .await
            .unwrap()
            .unwrap();
    }

    /// Sends a line.
    pub(crate) async fn say(&mut self, line: &str) {
        self.write(format!("{line}\n").as_bytes()).await;
    }

    /// The next line, which must be a message, and is kept for the validator; nothing at the end.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        let line = timeout(PATIENCE, self.output.next_line()).await;
        let line = line.unwrap_or_else(|_| panic!("silence:\n{}", self.process.log()));
        let line = line.unwrap()?;
        let message: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        self.session.hears(&line, &message);
        Some(message)
    }

    /// The next message.
    pub(crate) async fn hear(&mut self) -> Value {
        self.next().await.unwrap()
    }

    /// The answer to a line.
    pub(crate) async fn answer(&mut self, line: &str) -> Value {
        self.say(line).await;
        self.hear().await
    }

    /// Settles a version by a handshake; the answer to it.
    pub(crate) async fn initialize(&mut self, version: &str) -> Value {
        let params = json!({"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
        let request =
            json!({"jsonrpc": "2.0", "id": "handshake", "method": "initialize", "params": params});
        let answer = self.answer(&request.to_string()).await;
        self.say(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
            .await;
        answer
    }

    /// Closes the input; what is still said, and how the process ends.
    pub(crate) async fn close(mut self) -> (Vec<Value>, ExitStatus) {
        drop(self.input.take());
        let mut rest = Vec::new();
        while let Some(message) = self.next().await {
            rest.push(message);
        }
        (rest, self.process.ended().await)
    }
}
