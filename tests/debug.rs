//! What a caller hears about its headers, where that is allowed.

use serde_json::json;

use crate::support::{Caller, Gateway, Upstream, data_api};

#[tokio::test]
async fn a_caller_may_ask_what_becomes_of_its_headers_where_that_is_allowed() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN, X-Static, Authorization, {name: X-A, rename: X-Out}, {name: X-B, rename: X-Out}]\n    \
                 static_headers: {X-Static: canary}\n";
    for allowed in [true, false] {
        let lines = format!("{lines}    debug_headers: {allowed}\n");
        let gateway = Gateway::start(&data_api(&upstream, &lines));
        let caller = Caller::new(&gateway, "/data_api/mcp")
            .header("x-token", "canary")
            .header("x-static", "canary")
            .header("x-other", "canary")
            .header("te", "trailers")
            .header("x-a", "canary")
            .header("x-b", "canary")
            .header("authorization", "Bearer canary")
            .header("x-mcp-auth", "canary")
            .header("x-mcp-data_api-authorization", "canary")
            .header("x-mcp-data_api-x-token", "canary")
            .header("x-toolwright-debug", "headers");
        let call = json!({"name": "get_item", "arguments": {"item_id": 500}});
        let answer = caller.ask("tools/call", call).await;
        let told = &answer["result"]["_meta"]["toolwright/headers"];
        assert_eq!(told.is_object(), allowed, "{answer}");
        assert!(!answer.to_string().contains("canary"), "{answer}");
        if allowed {
            for (name, verdict) in [
                ("x-token", "hidden: x-mcp-data_api-x-token is stronger"),
                ("x-mcp-data_api-x-token", "forwarded as x-token"),
                ("x-a", "forwarded as x-out"),
                ("x-b", "hidden: an entry above fills x-out"),
                (
                    "authorization",
                    "hidden: x-mcp-data_api-authorization is stronger",
                ),
                (
                    "x-mcp-auth",
                    "hidden: x-mcp-data_api-authorization is stronger",
                ),
                ("x-mcp-data_api-authorization", "read as the credential"),
                ("x-static", "hidden"),
                ("x-other", "ignored"),
                ("te", "refused"),
                ("x-litellm-api-key", "refused"),
            ] {
                let said = told[name].as_str().unwrap_or_default();
                assert!(said.starts_with(verdict), "{name}: {said}");
            }
        }
        upstream.take();
    }
}
