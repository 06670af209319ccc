//! Where the gateway connects to: public addresses alone, where that is asked for.

use serde_json::json;

use crate::support::{Caller, Gateway, KEY, Upstream, refused};

#[test]
fn row_10_private_addresses_in_a_url_start_nothing() {
    for url in [
        "http://127.0.0.1:1",
        "http://[::1]:1",
        "http://169.254.169.254",
        "http://[fd00::1]",
        "http://[::ffff:127.0.0.1]:1",
        "http://2130706433",
        "http://0x7f.1",
        "http://10.0.0.1",
    ] {
        let (code, said) = refused(&format!(
            "mcp_servers:\n  data_api: {{url: '{url}', deny_private: true}}\n"
        ));
        assert_eq!(code, Some(2), "{url}: {said}");
        assert!(said.contains("deny_private"), "{url}: {said}");
    }
}

#[tokio::test]
async fn row_10_a_name_that_leads_to_a_private_address_is_not_connected_to() {
    let upstream = Upstream::start().await;
    let url = upstream.url().replace("127.0.0.1", "localhost");
    let gateway = Gateway::start(&format!(
        "general_settings: {{master_key: {KEY}}}\nmcp_servers:\n  open: {{url: '{url}', spec: data_api, extra_headers: [X-TOKEN]}}\n  \
         closed: {{url: '{url}', spec: data_api, extra_headers: [X-TOKEN], deny_private: true}}\n"
    ));
    let caller =
        |server: &str| Caller::new(&gateway, &format!("/{server}/mcp")).header("x-token", "canary");
    let said = caller("closed").error("whoami", json!({})).await;
    assert!(
        said.contains("deny_private") && !said.contains("127.0.0.1"),
        "{said}"
    );
    upstream.untouched();
    caller("open").answer("whoami", json!({})).await;
    upstream.only();
}
