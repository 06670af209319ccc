//! `toolwright serve`.

use std::sync::Arc;

use toolwright_runtime::Toolset;

use super::{Common, End, load};
use crate::config::{Config, Purpose};
use crate::http::guard::Guard;
use crate::http::{App, Serving, bind, respond, respond_apart};
use crate::logs;

/// Serves until Ctrl-C or SIGTERM.
pub(super) fn run(common: &Common, toolsets: &'static [&'static Toolset]) -> Result<(), End> {
    let config = load::config(common, toolsets, Purpose::Serve)?;
    logs::start(false);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| End::Failure(format!("the runtime does not start: {error}")))?;
    runtime.block_on(serve(config))
}

async fn serve(config: Config) -> Result<(), End> {
    let bounds = config.bounds;
    let address = config.listen;
    let cannot = |address, error: &std::io::Error| {
        End::Failure(format!("cannot listen on {address}: {error}"))
    };
    let serving = bind(address)
        .await
        .map_err(|error| cannot(address, &error))?;
    let metrics = match config.metrics_listen {
        None => None,
        Some(address) => Some(
            bind(address)
                .await
                .map_err(|error| cannot(address, &error))?,
        ),
    };
    let hosts = config.allowed_hosts.clone();
    let app = app(config, &serving).map_err(End::Mistake)?;
    announce(&app, &serving);
    let counters = async {
        if let Some(metrics) = metrics {
            let (address, gateway) = (metrics.address, Arc::clone(&app.gateway));
            tracing::info!("http://{address}/metrics shows the counters");
            let guard = Guard::new(address.ip().is_loopback(), hosts, Vec::new());
            let guard = Arc::new(guard);
            let respond =
                move |request| respond_apart(Arc::clone(&gateway), Arc::clone(&guard), request);
            metrics.run(respond, bounds, stop()).await;
        }
    };
    let respond = {
        let app = Arc::clone(&app);
        move |request| respond(Arc::clone(&app), request)
    };
    tokio::join!(serving.run(respond, bounds, stop()), counters);
    tracing::info!("stopped");
    Ok(())
}

/// The gateway behind a listener.
pub(crate) fn app(config: Config, serving: &Serving) -> Result<Arc<App>, String> {
    let guard = Guard::new(
        serving.address.ip().is_loopback(),
        config.allowed_hosts.clone(),
        config.allowed_origins.clone(),
    );
    App::new(config, guard).map(Arc::new)
}

fn announce(app: &App, serving: &Serving) {
    for note in &app.gateway.notes {
        tracing::warn!("{note}");
    }
    if !app.gateway.private {
        tracing::warn!(
            "no gateway key is set (general_settings.master_key or gateway_keys): whoever can reach this loopback address may call every tool"
        );
    }
    let address = serving.address;
    for server in &app.gateway.servers {
        let (server, tools) = (&server.name, server.tools.len());
        tracing::info!("http://{address}/{server}/mcp serves {tools} tools");
    }
    tracing::info!("http://{address}/mcp serves all of them; listening");
}

/// Ready when the process is asked to end.
pub(crate) async fn stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    () = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}
