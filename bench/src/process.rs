//! A measured program: started, asked for its CPU time and memory, ended.

use std::fmt;
use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::Result;
use crate::load::Connection;

/// Clock ticks in a second: what Linux shows to programs, whatever it counts itself (proc_pid_stat(5)).
const TICKS: u64 = 100;

/// What a process holds of the machine's memory.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Memory {
    /// All of it.
    resident_kib: u64,
    /// What is not pages of files, such as the binary's, which the kernel can drop and read again.
    own_kib: u64,
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = |kib: u64| kib as f64 / 1024.0;
        let (all, own) = (mib(self.resident_kib), mib(self.own_kib));
        write!(
            f,
            "{all:.1} MiB resident, {own:.1} MiB besides pages of the binary"
        )
    }
}

/// A running program; it ends with this value.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From its start to its first answer.
    pub(crate) start: Duration,
}

/// A port that is free now.
pub(crate) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Process {
    /// Starts a program that will listen on `address`, and waits until it answers `request` with 200.
    pub(crate) async fn start(
        mut command: Command,
        address: SocketAddr,
        request: &[u8],
        log: &Path,
    ) -> Result<Process> {
        let name = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(File::create(log)?);
        let started = Instant::now();
        let child = command
            .spawn()
            .map_err(|error| format!("{name}: {error}"))?;
        let mut process = Process {
            child,
            address,
            start: Duration::ZERO,
        };
        loop {
            if let Ok(mut connection) = Connection::open(address).await {
                connection.exchange(request, None).await.map_err(|error| {
                    let said = fs::read_to_string(log).unwrap_or_default();
                    format!("{name}: {error}\n{said}")
                })?;
                process.start = started.elapsed();
                return Ok(process);
            }
            if process.child.try_wait()?.is_some() || started.elapsed() > Duration::from_secs(30) {
                let said = fs::read_to_string(log).unwrap_or_default();
                return Err(format!("{name} does not start:\n{said}").into());
            }
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
    }

    /// What it has used so far, all its threads and its children included.
    pub(crate) fn used(&self) -> Result<Used> {
        let own = self.child.id();
        let mut used = Used::default();
        for entry in fs::read_dir("/proc")? {
            let name = entry?.file_name();
            let Some(id) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
                continue;
            };
            // One that has just ended is none of ours.
            if let Some(stat) = fs::read_to_string(format!("/proc/{id}/stat"))
                .ok()
                .and_then(|stat| Stat::parse(&stat))
                && (id == own || stat.parent == own)
            {
                used.cpu += Duration::from_millis(stat.ticks * 1000 / TICKS);
                used.switches += switches(id);
            }
        }
        Ok(used)
    }

    /// Memory that it holds.
    pub(crate) fn memory(&self) -> Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kib = |name: &str| -> Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_whitespace().next());
            Ok(number.ok_or("no figures of memory")?.parse()?)
        };
        Ok(Memory {
            resident_kib: kib("VmRSS:")?,
            own_kib: kib("RssAnon:")?,
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // nginx ends its workers by itself when it is asked to.
        let asked = Command::new("kill")
            .arg(self.child.id().to_string())
            .stderr(Stdio::null())
            .status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// What a process has used of the machine's time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Used {
    /// Time on a processor.
    pub(crate) cpu: Duration,
    /// How often a thread of it went to sleep or had to make room for another.
    pub(crate) switches: u64,
}

impl Used {
    /// What was used from then until now.
    pub(crate) fn since(self, before: Used) -> Used {
        Used {
            cpu: self.cpu.saturating_sub(before.cpu),
            switches: self.switches.saturating_sub(before.switches),
        }
    }
}

/// The context switches of all threads of a process (proc_pid_status(5)).
fn switches(id: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{id}/task"))
        .into_iter()
        .flatten()
        .flatten();
    threads
        .filter_map(|thread| fs::read_to_string(thread.path().join("status")).ok())
        .flat_map(|status| {
            let lines = status
                .lines()
                .filter_map(|line| line.split_once("ctxt_switches:"));
            lines
                .filter_map(|(_, count)| count.trim().parse::<u64>().ok())
                .collect::<Vec<_>>()
        })
        .sum()
}

/// What is read of `/proc/PID/stat`.
struct Stat {
    parent: u32,
    ticks: u64,
}

impl Stat {
    fn parse(text: &str) -> Option<Stat> {
        // The name in parentheses may hold anything.
        let mut fields = text.rsplit_once(')')?.1.split_whitespace();
        let parent = fields.nth(1)?.parse().ok()?;
        let user: u64 = fields.nth(9)?.parse().ok()?;
        let system: u64 = fields.next()?.parse().ok()?;
        Some(Stat {
            parent,
            ticks: user + system,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_hides_no_field() {
        let text = "7 (a) b (c)) S 3 7 7 0 -1 4194560 1 2 3 4 250 50 6 7 20 0 4 0 100";
        let stat = Stat::parse(text).unwrap();
        assert_eq!((stat.parent, stat.ticks), (3, 300));
    }
}
