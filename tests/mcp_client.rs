//! The official Rust client, as an agent's host would use it.

use std::collections::HashMap;

use http::{HeaderName, HeaderValue};
use rmcp::model::{
    CallToolRequestParams, ClientCapabilities, ClientConfig, Implementation, ProtocolVersion,
};
use rmcp::service::{RoleClient, RunningService};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{ClientLifecycleMode, ClientServiceExt, ServiceExt};
use serde_json::json;

use crate::support::{
    Gateway, KEY, MODERN, Process, Upstream, VERSIONS, client, configuration, overheard,
    overheard_pipes, with_token,
};

async fn transport(
    gateway: &Gateway,
    headers: &[(&'static str, &str)],
) -> StreamableHttpClientTransport<reqwest::Client> {
    let url = overheard(gateway).await;
    let headers: HashMap<_, _> = headers
        .iter()
        .map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            )
        })
        .collect();
    let config = StreamableHttpClientTransportConfig::with_uri(format!("{url}/data_api/mcp"))
        .custom_headers(headers);
    StreamableHttpClientTransport::with_client(client(), config)
}

#[tokio::test]
async fn the_official_client_lists_and_calls() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let key = format!("Bearer {KEY}");
    let headers = [
        ("x-litellm-api-key", key.as_str()),
        ("x-token", "token-1"),
        ("x-decoy", "canary"),
    ];
    let service = ().serve(transport(&gateway, &headers).await).await.unwrap();

    let tools = service.list_all_tools().await.unwrap();
    assert_eq!(tools.len(), 7);
    let get_item = tools.iter().find(|tool| tool.name == "get_item").unwrap();
    let properties = get_item.input_schema["properties"].as_object().unwrap();
    assert_eq!(properties.keys().collect::<Vec<_>>(), ["item_id", "q"]);

    let call = CallToolRequestParams::new("get_item")
        .with_arguments(json!({"item_id": 7}).as_object().unwrap().clone());
    let result = service.call_tool(call).await.unwrap();
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let seen = upstream.only();
    assert_eq!(
        (seen.target.as_str(), seen.header("x-token")),
        ("/items/7", vec!["token-1"])
    );
    assert!(!seen.text().contains("canary") && !seen.text().contains(KEY));

    let call = CallToolRequestParams::new("get_item")
        .with_arguments(json!({"item_id": "x"}).as_object().unwrap().clone());
    let result = service.call_tool(call).await.unwrap();
    assert_eq!(result.is_error, Some(true), "{result:?}");
    upstream.untouched();
    service.cancel().await.unwrap();
}

#[tokio::test]
async fn the_official_client_is_refused_without_the_key() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    assert!(
        ().serve(transport(&gateway, &[("x-token", "t")]).await)
            .await
            .is_err()
    );
    upstream.untouched();
}

/// How the client comes to a version.
fn lifecycle(version: &'static str) -> (ClientConfig, ClientLifecycleMode) {
    let spoken: ProtocolVersion = serde_json::from_value(json!(version)).unwrap();
    let mode = match version {
        MODERN => ClientLifecycleMode::Discover {
            preferred_versions: vec![spoken.clone()],
        },
        _ => ClientLifecycleMode::Initialize,
    };
    let mut config = ClientConfig::new(
        ClientCapabilities::default(),
        Implementation::new("test", "1"),
    );
    config.protocol_version = spoken;
    (config, mode)
}

async fn exercise(
    service: RunningService<RoleClient, ClientConfig>,
    version: &str,
    upstream: &Upstream,
    token: &str,
) {
    if version != MODERN {
        let info = service.peer_info().unwrap();
        assert_eq!(json!(info.protocol_version), version);
    }
    assert_eq!(service.list_all_tools().await.unwrap().len(), 7);
    for (arguments, failed) in [
        (json!({"item_id": 7}), false),
        (json!({"item_id": "x"}), true),
    ] {
        let call = CallToolRequestParams::new("get_item")
            .with_arguments(arguments.as_object().unwrap().clone());
        let result = service.call_tool(call).await.unwrap();
        assert_eq!(
            result.is_error == Some(true),
            failed,
            "{version}: {result:?}"
        );
    }
    assert_eq!(upstream.only().header("x-token"), [token]);
    service.cancel().await.unwrap();
}

#[tokio::test]
async fn row_44_the_official_client_speaks_every_version_over_both_transports() {
    let upstream = Upstream::start().await;
    let configuration = configuration(&upstream, "");
    let gateway = Gateway::start_quiet(&configuration);
    let key = format!("Bearer {KEY}");
    let headers = [
        ("x-litellm-api-key", key.as_str()),
        ("x-token", "of-the-caller"),
    ];
    for version in VERSIONS {
        let (config, mode) = lifecycle(version);
        let service = config.serve_with_lifecycle(transport(&gateway, &headers).await, mode);
        exercise(service.await.unwrap(), version, &upstream, "of-the-caller").await;

        let (config, mode) = lifecycle(version);
        let (_process, input, output) = Process::start(&configuration, Some("data_api"));
        let service = config.serve_with_lifecycle(overheard_pipes(input, output), mode);
        exercise(service.await.unwrap(), version, &upstream, "token-1").await;
    }
}
