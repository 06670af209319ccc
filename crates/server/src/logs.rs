//! Logs on stderr: text for a person, JSON for a machine. Names of headers, never values; never arguments.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Libraries that write headers and bodies at their lower levels, which no setting turns on.
const WRITES_HEADERS: [&str; 8] = [
    "axum",
    "h2",
    "hyper",
    "hyper_util",
    "reqwest",
    "rustls",
    "tower",
    "want",
];

/// Starts logging. `RUST_LOG` chooses what is shown; by default what this program says itself.
pub(crate) fn start(quiet: bool) {
    let default = if quiet { "warn" } else { "info" };
    let mut filter =
        EnvFilter::try_from_env("RUST_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    for library in WRITES_HEADERS {
        if let Ok(directive) = format!("{library}=warn").parse() {
            filter = filter.add_directive(directive);
        }
    }
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    // A second start, as in tests, keeps the first.
    let _ = if std::io::stderr().is_terminal() {
        builder.try_init()
    } else {
        builder.json().flatten_event(true).try_init()
    };
    std::panic::set_hook(Box::new(|panic| {
        // The message may quote an argument; the place alone is enough to find the defect.
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}
