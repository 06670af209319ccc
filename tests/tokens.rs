//! Callers who come with a token of an authorization server, and upstreams that take another one in exchange.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{Caller, Gateway, Issuer, Upstream, client, refused};

fn bearer(gateway: &Gateway, path: &str, token: &str) -> Caller {
    Caller::stranger(gateway, path)
        .header("authorization", &format!("Bearer {token}"))
        .header("x-token", "t")
}

async fn status(caller: &Caller) -> u16 {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    caller.post(body.to_string()).await.0.as_u16()
}

#[tokio::test]
async fn row_63_tokens_open_what_their_claims_say_and_never_travel() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let gateway = Gateway::start(&issuer.configuration(&upstream, ""));
    let good = issuer.token(&json!({}));
    bearer(&gateway, "/data_api/mcp", &good)
        .answer("whoami", json!({}))
        .await;
    let seen = upstream.only().text();
    assert!(
        !seen.contains(&good) && !seen.contains("authorization"),
        "{seen}"
    );
    // Neither by itself nor inside a header that does travel.
    let said = bearer(&gateway, "/data_api/mcp", &good)
        .header("x-mcp-auth", &good)
        .error("whoami", json!({}))
        .await;
    assert!(said.contains("x-mcp-auth"), "{said}");
    upstream.untouched();

    let broad = json!({"aud": "https://tools.example"});
    for (path, claims, expected) in [
        ("/data_api/mcp", json!({}), 200),
        ("/data_api/mcp", broad.clone(), 200),
        ("/other/mcp", json!({}), 401),
        ("/mcp", json!({}), 401),
        ("/other/mcp", broad.clone(), 403),
        ("/mcp", broad, 200),
        ("/data_api/mcp", json!({"scope": "nothing"}), 403),
        ("/data_api/mcp", json!({"iss": "https://evil.example"}), 401),
        ("/data_api/mcp", json!({"exp": 1}), 401),
        (
            "/other/mcp",
            json!({"aud": "https://tools.example/other/mcp", "scope": "others"}),
            200,
        ),
    ] {
        let caller = bearer(&gateway, path, &issuer.token(&claims));
        assert_eq!(status(&caller).await, expected, "{path} {claims}");
    }
    // A good token that gives too little says so, as RFC 6750 §3.1 wants it.
    let broad = issuer.token(&json!({"aud": "https://tools.example"}));
    for path in ["/other/mcp", "/mcp/other"] {
        let answer = bearer(&gateway, path, &broad).open("{}").await;
        assert_eq!(answer.status(), 403, "{path}");
        let challenge = answer.headers()["www-authenticate"].to_str().unwrap();
        assert!(
            challenge.contains("error=\"insufficient_scope\"")
                && challenge.contains("scope=\"data others\""),
            "{challenge}"
        );
    }
    // What is listed depends on who asks, and caches hear of it.
    let caller = bearer(&gateway, "/mcp", &broad);
    let list = caller.modern("tools/list", json!({})).await;
    assert_eq!(list["cacheScope"], "private", "{list}");
    let text = list.to_string();
    assert!(
        text.contains("data_api-whoami") && !text.contains("other-whoami"),
        "{text}"
    );
    assert!(!gateway.log().contains(&good));
}

#[tokio::test]
async fn row_62_metadata_says_where_tokens_are_made_for_each_endpoint() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let gateway = Gateway::start(&issuer.configuration(&upstream, ""));
    let none = client()
        .post(gateway.url("/data_api/mcp"))
        .send()
        .await
        .unwrap();
    let challenge = none.headers()["www-authenticate"].to_str().unwrap();
    let named = "resource_metadata=\"https://tools.example/.well-known/oauth-protected-resource/data_api/mcp\"";
    assert!(
        challenge.starts_with("Bearer ") && challenge.contains(named),
        "{challenge}"
    );
    // Nothing was shown, so nothing is wrong with it.
    assert!(!challenge.contains("error="), "{challenge}");
    for (path, resource) in [
        ("", ""),
        ("/mcp", "/mcp"),
        ("/data_api/mcp", "/data_api/mcp"),
    ] {
        let url = gateway.url(&format!("/.well-known/oauth-protected-resource{path}"));
        let answer = client().get(url).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "application/json");
        let metadata: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(
            metadata["resource"],
            format!("https://tools.example{resource}")
        );
        assert_eq!(
            metadata["authorization_servers"],
            json!(["https://issuer.example"])
        );
        assert_eq!(metadata["bearer_methods_supported"], json!(["header"]));
    }
    // A page that may call may read it as well, and ask first.
    let url = gateway.url("/.well-known/oauth-protected-resource/data_api/mcp");
    let origin = "http://localhost:6274";
    for method in [reqwest::Method::GET, reqwest::Method::OPTIONS] {
        let asked = client()
            .request(method.clone(), &url)
            .header("origin", origin);
        let answer = asked.send().await.unwrap();
        assert!(answer.status().is_success(), "{method}");
        assert_eq!(answer.headers()["access-control-allow-origin"], origin);
    }
    let nowhere = gateway.url("/.well-known/oauth-protected-resource/nowhere/mcp");
    assert_eq!(client().get(nowhere).send().await.unwrap().status(), 404);
    // Without tokens there is nothing to say about them.
    let open = Gateway::start(&crate::support::with_token(&upstream));
    let url = open.url("/.well-known/oauth-protected-resource");
    assert_eq!(client().get(url).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn row_61_a_token_that_is_not_right_in_every_way_opens_nothing() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let gateway = Gateway::start(&issuer.configuration(&upstream, ""));
    let good = issuer.token(&json!({}));
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (_, payload) = signed.split_once('.').unwrap();
    let unsigned = |header: &str| format!("{}.{payload}.", part(header));
    let other = Issuer::start().await;
    let cases = [
        ("garbage", "garbage".to_owned()),
        ("two dots and nothing", "..".to_owned()),
        ("no signature", format!("{signed}.")),
        ("a signature cut short", good[..good.len() - 2].to_owned()),
        (
            "another payload",
            format!(
                "{}.{}.{signature}",
                part(r#"{"alg":"EdDSA","kid":"k"}"#),
                part(r#"{"scope":"data"}"#)
            ),
        ),
        ("alg none", unsigned(r#"{"alg":"none"}"#)),
        ("alg None", unsigned(r#"{"alg":"None","kid":"k"}"#)),
        ("no alg", unsigned(r#"{"kid":"k"}"#)),
        (
            "a shared secret",
            issuer.signed(&json!({"alg": "HS256", "kid": "k"}), &json!({})),
        ),
        (
            "an algorithm of another kind",
            issuer.signed(&json!({"alg": "RS256", "kid": "k"}), &json!({})),
        ),
        (
            "a critical extension",
            issuer.signed(
                &json!({"alg": "EdDSA", "kid": "k", "crit": ["x"]}),
                &json!({}),
            ),
        ),
        (
            "a key of its own",
            issuer.signed(
                &json!({"alg": "EdDSA", "jwk": {"kty": "OKP"}, "kid": "mine"}),
                &json!({}),
            ),
        ),
        ("somebody else's key", other.token(&json!({}))),
        (
            "wrong aud",
            issuer.token(&json!({"aud": "https://elsewhere.example"})),
        ),
        (
            "aud of another endpoint",
            issuer.token(&json!({"aud": "https://tools.example/other/mcp"})),
        ),
        ("no aud", issuer.token(&json!({"aud": null}))),
        (
            "wrong iss",
            issuer.token(&json!({"iss": "https://evil.example"})),
        ),
        (
            "iss in a list",
            issuer.token(&json!({"iss": ["https://issuer.example"]})),
        ),
        ("expired", issuer.token(&json!({"exp": 1}))),
        ("no exp", issuer.token(&json!({"exp": null}))),
        ("exp as text", issuer.token(&json!({"exp": "9999999999"}))),
        ("not yet", issuer.token(&json!({"nbf": 9_999_999_999_u64}))),
        (
            "made tomorrow",
            issuer.token(&json!({"iat": 9_999_999_999_u64})),
        ),
    ];
    for (name, token) in cases {
        let answer = bearer(&gateway, "/data_api/mcp", &token).open("{}").await;
        assert_eq!(answer.status(), 401, "{name}");
        let challenge = answer.headers()["www-authenticate"].to_str().unwrap();
        let expected = challenge.contains("resource_metadata=")
            && challenge.contains("error=\"invalid_token\"");
        assert!(expected, "{name}: {challenge}");
        let text = answer.text();
        assert!(!text.contains(&token) || token.len() < 9, "{name}: {text}");
    }
    // Two tokens have two readings (MCP: malformed requests are 400), and one in an address is none.
    let twice =
        bearer(&gateway, "/data_api/mcp", &good).header("authorization", &format!("Bearer {good}"));
    assert_eq!(status(&twice).await, 400);
    for query in ["access_token", "token", "authorization"] {
        let path = format!("/data_api/mcp?{query}={good}");
        assert_eq!(status(&Caller::stranger(&gateway, &path)).await, 401);
    }
    upstream.untouched();
    assert!(!gateway.log().contains(&good), "{}", gateway.log());
    bearer(&gateway, "/data_api/mcp", &good)
        .answer("whoami", json!({}))
        .await;
}

#[tokio::test]
async fn row_61_keys_are_kept_rotate_and_are_asked_for_seldom() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let gateway = Gateway::start(&issuer.configuration(&upstream, ""));
    let fetched = || issuer.fetched.load(Ordering::SeqCst);
    let old = issuer.token(&json!({}));
    assert_eq!(fetched(), 0, "nothing is asked for before it is needed");
    for _ in 0..20 {
        assert_eq!(status(&bearer(&gateway, "/data_api/mcp", &old)).await, 200);
    }
    assert_eq!(fetched(), 1);
    issuer.rotate("k2");
    // Made-up key ids cost the issuer nothing, so that a new key waits a moment as well.
    for number in 0..20 {
        let made_up = issuer.signed(
            &json!({"alg": "EdDSA", "kid": format!("x{number}")}),
            &json!({}),
        );
        assert_eq!(
            status(&bearer(&gateway, "/data_api/mcp", &made_up)).await,
            401
        );
    }
    assert_eq!(fetched(), 1);
    let new = issuer.token(&json!({}));
    let caller = bearer(&gateway, "/data_api/mcp", &new);
    let deadline = Instant::now() + Duration::from_secs(60);
    while status(&caller).await != 200 {
        assert!(Instant::now() < deadline, "the new key is never fetched");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert_eq!(fetched(), 2);
    assert_eq!(
        status(&bearer(&gateway, "/data_api/mcp", &old)).await,
        401,
        "an old key is no key"
    );
    // While the issuer is down, what is known goes on to count.
    *issuer.down.lock().unwrap() = true;
    assert_eq!(status(&caller).await, 200);
}

#[tokio::test]
async fn row_61_keys_in_a_file_rotate_without_a_restart() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    let publish = async || {
        let keys = client()
            .get(format!("{}/jwks", issuer.url))
            .send()
            .await
            .unwrap();
        std::fs::write(&path, keys.text().await.unwrap()).unwrap();
    };
    publish().await;
    let configuration = issuer.configuration(&upstream, "");
    let file = format!("'file:{}'", path.display());
    let gateway = Gateway::start(&configuration.replace(&format!("{}/jwks", issuer.url), &file));
    let old = issuer.token(&json!({}));
    assert_eq!(status(&bearer(&gateway, "/data_api/mcp", &old)).await, 200);
    issuer.rotate("k2");
    let new = issuer.token(&json!({}));
    assert_eq!(status(&bearer(&gateway, "/data_api/mcp", &new)).await, 401);
    publish().await;
    assert_eq!(status(&bearer(&gateway, "/data_api/mcp", &new)).await, 200);
    assert_eq!(status(&bearer(&gateway, "/data_api/mcp", &old)).await, 401);
    // Without its file nobody is who they say they are.
    std::fs::remove_file(&path).unwrap();
    assert_eq!(status(&bearer(&gateway, "/data_api/mcp", &new)).await, 401);
}

#[tokio::test]
async fn row_61_without_the_issuers_keys_nobody_comes_in() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    *issuer.down.lock().unwrap() = true;
    let gateway = Gateway::start(&issuer.configuration(&upstream, ""));
    let caller = bearer(&gateway, "/data_api/mcp", &issuer.token(&json!({})));
    assert_eq!(status(&caller).await, 401);
}

#[tokio::test]
async fn row_15_a_header_that_tokens_come_in_is_not_passed_on() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let open = issuer.configuration(&upstream, "");
    let listed = open.replacen("[X-TOKEN]", "[X-TOKEN, Authorization]", 1);
    let (code, said) = refused(&listed);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("MUST NOT pass through"), "{said}");
    let allowed = listed.replacen(
        "    extra_headers",
        "    allow_passthrough: true\n    extra_headers",
        1,
    );
    let gateway = Gateway::start(&allowed);
    let token = issuer.token(&json!({}));
    let caller = Caller::stranger(&gateway, "/data_api/mcp")
        .header("x-token", "t")
        .header("x-toolwright-key", &token)
        .header("authorization", "Bearer mine");
    caller.answer("whoami", json!({})).await;
    assert_eq!(upstream.only().header("authorization"), ["Bearer mine"]);
    assert!(gateway.says("MUST NOT pass through"), "{}", gateway.log());
}

#[tokio::test]
async fn tokens_are_exchanged_for_each_caller() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let server = format!(
        "    auth_type: oauth2_token_exchange\n    token_url: {}/token\n    client_id: me\n    client_secret: canary\n    \
         token_endpoint_auth_method: client_secret_basic\n    resource: https://api.example\n",
        issuer.url
    );
    let configuration = issuer.configuration(&upstream, &server);
    let gateway = Gateway::start(&format!(
        "general_settings: {{master_key: sk-plain}}\n{configuration}"
    ));
    let (one, two) = (
        issuer.token(&json!({"sub": "1"})),
        issuer.token(&json!({"sub": "2"})),
    );
    for (token, sent) in [
        (&one, "exchanged-1"),
        (&two, "exchanged-2"),
        (&one, "exchanged-1"),
    ] {
        let caller = bearer(&gateway, "/data_api/mcp", token);
        caller.answer("whoami", json!({})).await;
        assert_eq!(
            upstream.only().header("authorization"),
            [format!("Bearer {sent}")]
        );
    }
    let asked = issuer.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 2);
    let grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange";
    assert!(
        asked[0].starts_with(grant) && asked[0].contains(&format!("subject_token={one}")),
        "{asked:?}"
    );
    assert!(
        asked[0].contains("resource=https%3A%2F%2Fapi.example") && !asked[0].contains("canary")
    );
    // A gateway key is no token, and goes nowhere.
    let keyed = Caller::stranger(&gateway, "/data_api/mcp").header("x-toolwright-key", "sk-plain");
    let said = keyed.error("whoami", json!({})).await;
    assert!(said.contains("token"), "{said}");
    assert_eq!(issuer.asked.lock().unwrap().len(), 2);
    upstream.untouched();
}
