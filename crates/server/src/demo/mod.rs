//! `toolwright demo`: a data API, the gateway in front of it, and the calls that show what reaches the API.

mod api;
mod client;
mod page;
mod story;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use toolwright_runtime::Toolset;

use self::api::Shelf;
use self::page::Page;
use self::story::Story;
use crate::cli::serve;
use crate::config::{self, Bounds};
use crate::http::{Serving, bind, respond, routed};
use crate::logs;

/// The gateway key of the demo.
const KEY: &str = "sk-demo";

/// The caller's own token.
const TOKEN: &str = "tok-of-alice";

/// Runs the demo; with `once` it ends after the calls.
///
/// # Errors
/// Where something cannot be started, or a proof does not hold.
pub(crate) fn run(
    toolsets: &'static [&'static Toolset],
    listen: Option<SocketAddr>,
    once: bool,
) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the runtime does not start: {error}"))?;
    runtime.block_on(play(toolsets, listen, once))
}

async fn play(
    toolsets: &'static [&'static Toolset],
    listen: Option<SocketAddr>,
    once: bool,
) -> Result<(), String> {
    let mut page = Page::new();
    let shelf = Shelf::default();
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let upstream = open(any_port).await?;
    let api = upstream.address;
    let serving = match listen {
        Some(address) => open(address).await?,
        None if once => open(any_port).await?,
        // 4000 is what the documentation shows, where it is free.
        None => match bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 4000))).await {
            Ok(serving) => serving,
            Err(_) => open(any_port).await?,
        },
    };
    let gateway = serving.address;
    let yaml = format!(
        "general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\nmcp_servers:\n  data_api:\n    url: http://{api}\n    \
         auth_type: none\n    extra_headers:\n      - X-TOKEN\n"
    );
    let environment = |name: &str| (name == "LITELLM_MASTER_KEY").then(|| KEY.to_owned());
    let config = config::read(
        "demo.yaml",
        yaml.as_bytes(),
        &environment,
        toolsets,
        Some(gateway),
    )
    .map_err(|mistakes| mistakes.to_string())?;
    let bounds = config.bounds;
    let app = serve::app(config, &serving)?;
    tokio::spawn(upstream.run(
        routed(api::router(&shelf)),
        api_bounds(bounds),
        std::future::pending(),
    ));
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let stop = async move {
        if once {
            let _ = ended.await;
        } else {
            serve::stop().await;
        }
    };
    let respond = move |request| respond(Arc::clone(&app), request);
    let running = tokio::spawn(serving.run(respond, bounds, stop));

    page.title("A caller's header reaches the API, and nothing else of the caller does");
    page.lines(&format!(
        "http://{api}  a small data API; every operation demands X-TOKEN\nhttp://{gateway}  the gateway in front of it"
    ));
    page.labelled("configured by", &yaml);
    let story = Story {
        gateway,
        shelf: &shelf,
    };
    story.tell(&mut page).await?;
    if once {
        page.verdict()?;
        drop(end);
    } else {
        invite(&page, gateway);
        logs::start(false);
    }
    running
        .await
        .map_err(|error| format!("the gateway failed: {error}"))
}

async fn open(address: SocketAddr) -> Result<Serving, String> {
    let bound = bind(address).await;
    bound.map_err(|error| format!("cannot listen on {address}: {error}"))
}

/// The API drops what is open at once: the gateway in front of it has drained by then.
fn api_bounds(bounds: Bounds) -> Bounds {
    Bounds {
        drain: std::time::Duration::ZERO,
        ..bounds
    }
}

/// What to copy.
fn invite(page: &Page, gateway: SocketAddr) {
    let url = format!("http://{gateway}/data_api/mcp");
    page.title("Now you");
    page.labelled(
        "curl",
        &format!(
            "curl -s -X POST {url} \\\n  -H \"x-litellm-api-key: Bearer {KEY}\" \\\n  \
             -H \"Content-Type: application/json\" -H \"Accept: application/json, text/event-stream\" \\\n  \
             -H \"X-TOKEN: {TOKEN}\" \\\n  \
             -d '{{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\",\"id\":1,\"params\":{{\"name\":\"get_item\",\"arguments\":{{\"item_id\":7}}}}}}'"
        ),
    );
    page.labelled(
        "Claude Code",
        &format!(
            "claude mcp add --transport http data_api {url} \\\n  --header \"x-litellm-api-key: Bearer {KEY}\" --header \"X-TOKEN: {TOKEN}\""
        ),
    );
    page.labelled(
        "Cursor, in .cursor/mcp.json (Claude Desktop takes the same through mcp-remote)",
        &format!(
            "{{\"mcpServers\": {{\"data_api\": {{\"url\": \"{url}\",\n  \
             \"headers\": {{\"x-litellm-api-key\": \"Bearer {KEY}\", \"X-TOKEN\": \"{TOKEN}\"}}}}}}}}"
        ),
    );
    page.labelled(
        "MCP Inspector",
        &format!(
            "npx @modelcontextprotocol/inspector --cli {url} --transport http \\\n  \
             --header \"x-litellm-api-key: Bearer {KEY}\" --header \"X-TOKEN: {TOKEN}\" --method tools/list"
        ),
    );
    page.title("Serving until Ctrl-C. Each call is one line below.");
}

#[cfg(test)]
mod tests {
    #[test]
    fn its_proofs_hold() {
        assert_eq!(super::run(crate::testing::TOOLSETS, None, true), Ok(()));
    }
}
