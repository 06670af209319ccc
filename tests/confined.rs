//! Tokens for this gateway stay here, also those that admitted nobody.

use serde_json::json;

use crate::support::{Caller, Gateway, Issuer, Upstream};

#[tokio::test]
async fn row_63_another_token_for_this_gateway_does_not_travel_either() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let gateway = Gateway::start(&issuer.configuration(&upstream, ""));
    let good = issuer.token(&json!({}));
    let later = issuer.token(&json!({"jti": "later"}));
    let elsewhere = issuer.token(&json!({"aud": "https://api.example"}));
    for (token, goes_on) in [(&later, false), (&elsewhere, true)] {
        let caller = Caller::stranger(&gateway, "/data_api/mcp")
            .header("authorization", &format!("Bearer {good}"))
            .header("x-token", &format!("Bearer {token}"));
        if goes_on {
            caller.answer("whoami", json!({})).await;
            assert_eq!(
                upstream.only().header("x-token"),
                [format!("Bearer {token}")]
            );
        } else {
            let said = caller.error("whoami", json!({})).await;
            assert!(said.contains("x-token") && !said.contains(token), "{said}");
            upstream.untouched();
        }
    }
}
