//! `/metrics`: counters in Prometheus' text format. No label holds anything of a caller.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::gateway::{Counters, Gateway};

/// Name, meaning, and where the number is.
type Metric = (&'static str, &'static str, fn(&Counters) -> &AtomicU64);

const METRICS: [Metric; 3] = [
    (
        "toolwright_calls_total",
        "Tool calls that came to an end.",
        |counters| &counters.calls,
    ),
    (
        "toolwright_calls_failed_total",
        "Tool calls whose result was an error.",
        |counters| &counters.failed,
    ),
    (
        "toolwright_answers_undescribed_total",
        "Successful answers that did not fit the output schema of their tool.",
        |counters| &counters.undescribed,
    ),
];

/// All counters of all servers.
pub(super) fn text(gateway: &Gateway) -> String {
    let mut text = String::new();
    for (name, help, counter) in METRICS {
        text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} counter\n"));
        for server in &gateway.servers {
            // A server's name has no character that a label would have to escape.
            let count = counter(&server.counters).load(Ordering::Relaxed);
            text.push_str(&format!("{name}{{server=\"{}\"}} {count}\n", server.name));
        }
    }
    text
}
