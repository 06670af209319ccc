//! `/metrics`: counters, gauges, and what was built, in Prometheus' text format. No label holds anything of a caller.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::about;
use crate::gateway::{Counters, Gateway};

/// Name, kind, meaning, and where the number is.
type Metric = (
    &'static str,
    &'static str,
    &'static str,
    fn(&Counters) -> &AtomicU64,
);

const METRICS: [Metric; 5] = [
    (
        "toolwright_calls_total",
        "counter",
        "Tool calls that came to an end.",
        |counters| &counters.calls,
    ),
    (
        "toolwright_calls_failed_total",
        "counter",
        "Tool calls whose result was an error.",
        |counters| &counters.failed,
    ),
    (
        "toolwright_calls_cancelled_total",
        "counter",
        "Tool calls that ended because nobody waited for them any more.",
        |counters| &counters.cancelled,
    ),
    (
        "toolwright_calls_in_flight",
        "gauge",
        "Tool calls under way.",
        |counters| &counters.in_flight,
    ),
    (
        "toolwright_answers_undescribed_total",
        "counter",
        "Successful answers that did not fit the output schema of their tool.",
        |counters| &counters.undescribed,
    ),
];

/// All numbers of all servers, and what they were built from.
pub(super) fn text(gateway: &Gateway) -> String {
    let mut text = built(gateway);
    for (name, kind, help, counter) in METRICS {
        text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
        for server in &gateway.servers {
            // A server's name has no character that a label would have to escape.
            let count = counter(&server.counters).load(Ordering::Relaxed);
            text.push_str(&format!("{name}{{server=\"{}\"}} {count}\n", server.name));
        }
    }
    text
}

/// Numbers that are always 1: what matters are their labels, which change with the binary.
fn built(gateway: &Gateway) -> String {
    let mut text = format!(
        "# HELP toolwright_build_info What the binary was built from.\n# TYPE toolwright_build_info gauge\n\
         toolwright_build_info{{version={},commit={}}} 1\n\
         # HELP toolwright_toolset_info The description that the tools of a server were made from.\n\
         # TYPE toolwright_toolset_info gauge\n",
        label(about::VERSION),
        label(about::commit().unwrap_or_default())
    );
    for server in &gateway.servers {
        let toolset = server.toolset;
        text.push_str(&format!(
            "toolwright_toolset_info{{server={},toolset={},version={},digest={},generator={}}} 1\n",
            label(&server.name),
            label(toolset.name),
            label(toolset.version),
            label(toolset.digest),
            label(toolset.generator)
        ));
    }
    text
}

/// The value of a label (Prometheus text format 0.0.4: `\`, `"` and line ends are escaped).
fn label(value: &str) -> String {
    let value = value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("\"{value}\"")
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn a_label_cannot_be_left() {
        assert_eq!(label("a\\\"b\n"), "\"a\\\\\\\"b\\n\"");
    }
}
