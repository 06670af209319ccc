//! Logs on stderr: text for a person, JSON for a machine. Names of headers, never values; never arguments.

use std::io::{IsTerminal as _, Write};
use std::panic::PanicHookInfo;

use tracing::level_filters::LevelFilter;
use tracing::subscriber::Subscriber;
use tracing_subscriber::filter::{FilterExt as _, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry, fmt};

/// The crates whose lines are known to hold no secret at any level. Libraries write headers and bodies at their lower
/// levels, which no setting turns on.
const OWN: [&str; 2] = ["toolwright", "toolwright_runtime"];

/// Starts logging. `RUST_LOG` chooses what is shown; by default what this program says itself.
pub(crate) fn start(quiet: bool) {
    let default = if quiet { "warn" } else { "info" };
    let chosen = EnvFilter::try_from_env("RUST_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let terminal = std::io::stderr().is_terminal();
    // A second start, as in tests, keeps the first.
    let _ = subscriber(chosen, terminal, std::io::stderr).try_init();
    std::panic::set_hook(Box::new(panicked));
}

/// The message may quote an argument; the place alone is enough to find the defect.
pub(crate) fn panicked(panic: &PanicHookInfo<'_>) {
    let place = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    tracing::error!(place, "panic");
}

/// What is written where, and how.
pub(crate) fn subscriber<W>(
    chosen: EnvFilter,
    terminal: bool,
    writer: impl for<'w> MakeWriter<'w, Writer = W> + Send + Sync + 'static,
) -> impl Subscriber + Send + Sync
where
    W: Write + 'static,
{
    let allowed = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_targets(OWN.map(|name| (name, LevelFilter::TRACE)));
    let layer = fmt::layer().with_writer(writer).with_target(false);
    let layer = match terminal {
        true => layer.boxed(),
        false => layer.json().flatten_event(true).boxed(),
    };
    Registry::default().with(layer.with_filter(chosen.and(allowed)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Page;

    /// What is logged with these directives.
    fn logged(directives: &str, terminal: bool) -> String {
        let page = Page::default();
        let writer = page.clone();
        let subscriber = subscriber(EnvFilter::new(directives), terminal, move || writer.clone());
        tracing::subscriber::with_default(subscriber, || {
            tracing::trace!(target: "hyper::proto::h1::io", "library canary");
            tracing::debug!(target: "h2::codec::framed_write", "library canary");
            tracing::info!(target: "reqwest::connect", "library canary");
            tracing::warn!(target: "hyper", "library warning");
            tracing::trace!(target: "toolwright::mcp", tool = "get_item", "own trace");
            tracing::info!(target: "toolwright::mcp", tool = "get_item", "own info");
        });
        page.text()
    }

    #[test]
    fn no_setting_lets_libraries_speak_below_warnings() {
        for directives in [
            "trace",
            "hyper=trace",
            "hyper::proto=trace,h2::codec=trace,reqwest::connect=trace",
            "hyper::proto::h1::io=trace",
            "[{canary}]=trace",
        ] {
            let text = logged(directives, false);
            assert!(!text.contains("canary"), "{directives}: {text}");
        }
        let text = logged("trace", false);
        for said in ["library warning", "own trace", "own info"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        let text = logged("info", false);
        assert!(
            text.contains("own info") && !text.contains("own trace"),
            "{text}"
        );
    }

    #[test]
    fn a_machine_reads_json_and_a_person_text() {
        for line in logged("info", false).lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(
                line["message"].is_string() && line["level"].is_string(),
                "{line}"
            );
        }
        let text = logged("info", true);
        assert!(text.contains("own info") && !text.contains('{'), "{text}");
    }
}
