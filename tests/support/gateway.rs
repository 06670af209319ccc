//! The built binary as a child process.

use std::fs;
use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The gateway's own key, which must never travel.
pub(crate) const KEY: &str = "sk-gateway-canary";

/// The binary of the package that is tested.
const BINARY: &str = match (
    option_env!("CARGO_BIN_EXE_toolwright"),
    option_env!("CARGO_BIN_EXE_secured"),
) {
    (Some(path), _) | (None, Some(path)) => path,
    (None, None) => panic!("there is no binary to test"),
};

/// A running gateway; it ends with the test.
pub(crate) struct Gateway {
    child: Child,
    address: SocketAddr,
    log: Arc<Mutex<String>>,
    _folder: TempDir,
}

impl Gateway {
    /// Starts with a configuration, to which the address is added. It says all that it could say about a call, so
    /// that a secret in it would be found.
    pub(crate) fn start(configuration: &str) -> Self {
        Self::launch(configuration, "trace", None)
    }

    /// The same, as quiet as an operator runs it.
    pub(crate) fn start_quiet(configuration: &str) -> Self {
        Self::launch(configuration, "warn", None)
    }

    /// The same, with so many file descriptors at most.
    pub(crate) fn start_with_files(configuration: &str, files: u32) -> Self {
        Self::launch(configuration, "warn", Some(files))
    }

    fn launch(configuration: &str, level: &str, files: Option<u32>) -> Self {
        let address = free_address();
        let (mut command, folder) = command(&format!("listen: {address}\n{configuration}"));
        if let Some(files) = files {
            command = limited(&command, files);
        }
        command.env("RUST_LOG", level);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::default();
        follow(child.stdout.take().unwrap(), &log);
        follow(child.stderr.take().unwrap(), &log);
        let mut gateway = Self {
            child,
            address,
            log,
            _folder: folder,
        };
        gateway.wait_until_it_listens();
        gateway
    }

    /// The address of one of its paths.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its address.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Everything that it has written so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Whether it writes a text, now or soon: what it has written arrives here by way of a thread.
    pub(crate) fn says(&self, text: &str) -> bool {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !self.log().contains(text) {
            if Instant::now() > deadline {
                return false;
            }
            thread::sleep(Duration::from_millis(10));
        }
        true
    }

    /// Asks it to stop, as an init system does.
    pub(crate) fn terminate(&self) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits until it has ended by itself; its exit code.
    pub(crate) fn ended(mut self) -> Option<i32> {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < deadline, "it does not end");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn wait_until_it_listens(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(self.address).is_err() {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the gateway ended with {status}:\n{}", self.log());
            }
            assert!(
                Instant::now() < deadline,
                "the gateway does not listen:\n{}",
                self.log()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts with a configuration that must be refused; how it ended, and what it said.
pub(crate) fn refused(configuration: &str) -> (Option<i32>, String) {
    let (mut command, _folder) = command(configuration);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("it started:\n{configuration}");
        }
        thread::sleep(Duration::from_millis(5));
    }
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().unwrap();
    let said = [stdout, stderr].concat();
    (status.code(), String::from_utf8(said).unwrap())
}

pub(super) fn command(configuration: &str) -> (Command, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("toolwright.yaml");
    fs::write(&file, configuration).unwrap();
    let mut command = Command::new(BINARY);
    command
        .arg("--config")
        .arg(&file)
        .current_dir(folder.path())
        .stdin(Stdio::null());
    command
        .env("LITELLM_MASTER_KEY", KEY)
        .env("STATIC_VALUE", "from the environment");
    // A proxy that nobody runs: a gateway that listens to its environment reaches no upstream.
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env(name, "http://127.0.0.1:9");
    }
    command.env_remove("NO_PROXY").env_remove("no_proxy");
    (command, folder)
}

/// The same command with fewer file descriptors; a shell sets the limit and then becomes it.
fn limited(command: &Command, files: u32) -> Command {
    let mut limited = Command::new("sh");
    let script = format!("ulimit -n {files} && exec \"$0\" \"$@\"");
    limited.args(["-c", &script]).arg(command.get_program());
    limited.args(command.get_args()).stdin(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        limited.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
}

pub(crate) fn follow(mut stream: impl Read + Send + 'static, log: &Arc<Mutex<String>>) {
    let log = Arc::clone(log);
    thread::spawn(move || {
        let mut buffer = [0; 64 << 10];
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            let text = String::from_utf8_lossy(&buffer[..count]).into_owned();
            log.lock().unwrap().push_str(&text);
        }
    });
}
