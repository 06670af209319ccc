use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::json;
use toolwright_runtime::Source;

use super::*;

struct Issuer {
    pair: Ed25519KeyPair,
    folder: tempfile::TempDir,
}

impl Issuer {
    fn new() -> Issuer {
        let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(pair.as_ref()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let issuer = Issuer { pair, folder };
        issuer.publish();
        issuer
    }

    fn publish(&self) {
        let x = URL_SAFE_NO_PAD.encode(self.pair.public_key());
        let set = json!({"keys": [
            {"kty": "oct", "k": "c2VjcmV0"},
            {"kty": "OKP", "crv": "Ed25519", "kid": "one", "use": "sig", "x": x},
        ]});
        std::fs::write(self.folder.path().join("jwks.json"), set.to_string()).unwrap();
    }

    fn jwt(&self) -> Jwt {
        let source = Source::file(self.folder.path().join("jwks.json")).unwrap();
        let rule = |claim: &str, value: &str| Rule {
            claim: claim.to_owned(),
            value: value.to_owned(),
            scope: Scope::everything(),
        };
        Jwt {
            issuer: "https://issuer.example".to_owned(),
            audiences: vec![],
            algorithms: vec![Algorithm::EdDsa],
            keys: KeySet::file(source),
            public_url: "https://tools.example".to_owned(),
            authorization_servers: vec!["https://issuer.example".to_owned()],
            rules: vec![rule("scope", "tools"), rule("groups", "staff")],
        }
    }

    fn token(&self, header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature = self.pair.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    now.as_secs()
}

fn claims() -> Value {
    json!({"iss": "https://issuer.example", "aud": "https://tools.example/a/mcp", "exp": now() + 600,
           "iat": now(), "scope": "openid tools"})
}

/// Valid claims, one of them replaced.
fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

#[tokio::test]
async fn row_61_what_cannot_be_checked_is_refused() {
    let issuer = Issuer::new();
    let jwt = issuer.jwt();
    let header = json!({"alg": "EdDSA", "kid": "one", "typ": "at+jwt"});
    let good = issuer.token(&header, &claims());
    let caller = jwt.admit(&good, "/a/mcp").await.unwrap();
    assert!(
        caller.by_token && caller.name == "jwt rules 0",
        "{caller:?}"
    );
    for claims in [
        with("aud", json!(["x", "https://tools.example"])),
        with("groups", json!(["staff"])),
        with("nbf", json!(now())),
        json!({"iss": "https://issuer.example", "aud": "https://tools.example", "exp": now() + 9, "groups": "staff"}),
    ] {
        let token = issuer.token(&header, &claims);
        assert!(jwt.admit(&token, "/a/mcp").await.is_ok(), "{claims}");
    }
    for claims in [
        with("iss", json!("https://issuer.example/")),
        with("iss", json!(null)),
        with("aud", json!("https://tools.example/b/mcp")),
        with("aud", json!([])),
        with("aud", json!(null)),
        with("exp", json!(now() - 60)),
        with("exp", json!(null)),
        with("exp", json!("9999999999")),
        with("nbf", json!(now() + 600)),
        with("iat", json!(now() + 600)),
    ] {
        let token = issuer.token(&header, &claims);
        let refused = jwt.admit(&token, "/a/mcp").await.unwrap_err();
        assert_eq!(refused, Refused::Invalid, "{claims}");
    }
    for header in [
        json!({"alg": "none"}),
        json!({"alg": "HS256", "kid": "one"}),
        json!({"alg": "RS256", "kid": "one"}),
        json!({"alg": "EdDSA", "kid": "other"}),
        json!({"alg": "eddsa", "kid": "one"}),
        json!({"alg": "EdDSA", "kid": "one", "crit": ["x"]}),
        json!({"kid": "one"}),
        json!([]),
    ] {
        let token = issuer.token(&header, &claims());
        let refused = jwt.admit(&token, "/a/mcp").await.unwrap_err();
        assert_eq!(refused, Refused::Invalid, "{header}");
    }
    let (signed, _) = good.rsplit_once('.').unwrap();
    let other = Issuer::new().token(&header, &claims());
    for text in [
        "",
        "..",
        "a.b.c",
        signed,
        &format!("{signed}."),
        &other,
        &format!("{good}.x"),
    ] {
        assert_eq!(
            jwt.admit(text, "/a/mcp").await.unwrap_err(),
            Refused::Invalid
        );
    }
    let poor = issuer.token(&header, &with("scope", json!("openid toolset")));
    let refused = jwt.admit(&poor, "/a/mcp").await.unwrap_err();
    assert_eq!(refused, Refused::Insufficient);
    // For another endpoint.
    assert_eq!(
        jwt.admit(&good, "/b/mcp").await.unwrap_err(),
        Refused::Invalid
    );
    // Without keys nobody is who they say they are.
    std::fs::remove_file(issuer.folder.path().join("jwks.json")).unwrap();
    assert_eq!(
        jwt.admit(&good, "/a/mcp").await.unwrap_err(),
        Refused::Invalid
    );
}

#[test]
fn metadata_names_resource_and_servers() {
    let metadata: Value = serde_json::from_str(&Issuer::new().jwt().metadata("/a/mcp")).unwrap();
    assert_eq!(metadata["resource"], "https://tools.example/a/mcp");
    assert_eq!(
        metadata["authorization_servers"],
        json!(["https://issuer.example"])
    );
    assert_eq!(metadata["scopes_supported"], json!(["tools"]));
}
