//! `toolwright stdio`.

use toolwright_runtime::Toolset;

use super::serve::stop;
use super::{Common, End, load};
use crate::config::Purpose;
use crate::gateway::Gateway;
use crate::logs;
use crate::stdio::{self, Offer};

/// Serves the client at the other end of standard input and output. `servers` names those that are offered; none stands
/// for all of them.
pub(super) fn run(
    common: &Common,
    toolsets: &'static [&'static Toolset],
    servers: &[String],
) -> Result<(), End> {
    let mut config = load::config(common, toolsets, Purpose::Stdio(servers))?;
    for name in servers {
        if !config.servers.iter().any(|server| server.name == *name) {
            let known: Vec<&str> = config
                .servers
                .iter()
                .map(|server| server.name.as_str())
                .collect();
            return Err(End::Mistake(format!(
                "the configuration has no server `{name}`; it has {}",
                known.join(", ")
            )));
        }
    }
    if !servers.is_empty() {
        config
            .servers
            .retain(|server| servers.contains(&server.name));
    }
    logs::start(true);
    let headers = config
        .servers
        .iter_mut()
        .map(|server| {
            let headers = std::mem::take(&mut server.stdio_headers);
            (server.name.clone(), headers)
        })
        .collect();
    let offer = Offer {
        gateway: Gateway::new(config).map_err(End::Mistake)?,
        server: match servers {
            [only] => Some(only.clone()),
            _ => None,
        },
        headers,
    };
    for note in &offer.gateway.notes {
        tracing::warn!("{note}");
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| End::Failure(format!("the runtime does not start: {error}")))?;
    let (input, output) = (tokio::io::stdin(), tokio::io::stdout());
    let served = runtime.block_on(stdio::serve(offer, input, output, stop()));
    // A read of standard input cannot be called back; the process does not wait for it.
    runtime.shutdown_background();
    served.map_err(|error| End::Failure(format!("standard input cannot be read: {error}")))
}
