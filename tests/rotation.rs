//! Secrets in files: read again when they change, without a restart.

use std::fs;

use http::StatusCode;
use serde_json::json;

use crate::support::{Caller, Gateway, Upstream};

#[tokio::test]
async fn secrets_in_files_rotate_without_a_restart() {
    let upstream = Upstream::start().await;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (name, text) in [
        ("key", "sk-one\n"),
        ("named", "sk-named-one"),
        ("token", "one"),
        ("static", "first\n"),
    ] {
        fs::write(at(name), text).unwrap();
    }
    let path = folder.path().display();
    let gateway = Gateway::start(&format!(
        "general_settings: {{master_key: 'file:{path}/key'}}\ngateway_keys:\n  \
         named: {{key: 'file:{path}/named', servers: ['*']}}\nmcp_servers:\n  data_api:\n    url: {}\n    auth_type: bearer_token\n    \
         auth_value: file:{path}/token\n    extra_headers: [X-TOKEN]\n    static_headers: {{X-Static: 'file:{path}/static'}}\n",
        upstream.url()
    ));
    let holder = |key: &str| {
        Caller::stranger(&gateway, "/data_api/mcp")
            .header("x-toolwright-key", key)
            .header("x-token", "t")
    };
    holder("sk-one").answer("whoami", json!({})).await;
    let seen = upstream.only();
    assert_eq!(seen.header("authorization"), ["Bearer one"]);
    assert_eq!(seen.header("x-static"), ["first"]);

    holder("sk-named-one").answer("whoami", json!({})).await;
    upstream.only();
    for (name, text) in [
        ("key", "sk-two\n"),
        ("named", "sk-named-two"),
        ("token", "two"),
        ("static", "other\n"),
    ] {
        fs::write(at(name), text).unwrap();
    }
    holder("sk-named-two").answer("whoami", json!({})).await;
    upstream.only();
    // A key that has changed is kept from the upstream from then on.
    let said = holder("sk-two").header("x-mcp-auth", "sk-named-two");
    let said = said.error("whoami", json!({})).await;
    assert!(said.contains("key to this gateway"), "{said}");
    upstream.untouched();
    holder("sk-two").answer("whoami", json!({})).await;
    let seen = upstream.only();
    assert_eq!(seen.header("authorization"), ["Bearer two"]);
    assert_eq!(seen.header("x-static"), ["other"]);
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).to_string();
    for old in ["sk-one", "sk-named-one"] {
        let (status, _) = holder(old).post(list.clone()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "an old key is no key");
    }

    // Without its secret nothing is sent, and nobody is let in.
    fs::remove_file(at("token")).unwrap();
    let said = holder("sk-two").error("whoami", json!({})).await;
    assert!(
        said.contains("file") && !said.contains(&path.to_string()),
        "{said}"
    );
    fs::remove_file(at("key")).unwrap();
    let (status, _) = holder("sk-two").post(list).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    upstream.untouched();
    for secret in ["sk-one", "sk-two", "Bearer one", "Bearer two"] {
        assert!(!gateway.log().contains(secret), "{secret}");
    }
}
