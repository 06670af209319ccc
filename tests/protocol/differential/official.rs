//! The official SDK's server with our tools.

use std::sync::Arc;

use reqwest::Client;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorData,
    ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{RoleServer, ServerHandler};
use serde_json::Value;

use crate::support::{Upstream, client};

/// It calls the same upstream.
#[derive(Clone)]
struct Official {
    tools: Arc<Vec<Tool>>,
    upstream: String,
    client: Client,
}

impl ServerHandler for Official {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        match request.and_then(|request| request.cursor) {
            None => Ok(ListToolsResult::with_all_items(self.tools.to_vec())),
            Some(_) => Err(ErrorData::invalid_params("unknown cursor", None)),
        }
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = self.tools.iter().find(|tool| tool.name == request.name) else {
            return Err(ErrorData::invalid_params("unknown tool", None));
        };
        let arguments = Value::Object(request.arguments.unwrap_or_default());
        let schema = Value::Object(tool.input_schema.as_ref().clone());
        if !jsonschema::draft202012::is_valid(&schema, &arguments) {
            return Ok(CallToolResult::error(vec![ContentBlock::text("no")]).into());
        }
        let path = match &*request.name {
            "whoami" => String::from("/whoami"),
            _ => format!("/items/{}", arguments["item_id"]),
        };
        let answer = self
            .client
            .get(format!("{}{path}", self.upstream))
            .header("x-token", "t")
            .send();
        let answer = answer
            .await
            .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        let failed = !answer.status().is_success();
        let text = answer.text().await.unwrap_or_default();
        let content = vec![ContentBlock::text(text)];
        let result = if failed {
            CallToolResult::error(content)
        } else {
            CallToolResult::success(content)
        };
        Ok(result.into())
    }
}

/// Starts it; where it listens.
pub(super) async fn official(upstream: &Upstream, tools: Vec<Value>) -> String {
    let tools = tools
        .into_iter()
        .map(|tool| serde_json::from_value(tool).unwrap())
        .collect();
    let server = Official {
        tools: Arc::new(tools),
        upstream: upstream.url(),
        client: client(),
    };
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true);
    let service = StreamableHttpService::new(
        move || Ok(server.clone()),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    let router = axum::Router::new().route_service("/mcp", service);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}
