use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
};
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

/// The modulus of a key that has been thrown away, and what it signed until the year 2100.
const RSA: &str = "pO_GdVGEaBFJqyv8NcyGgJYbL8VYf2a9pfFjxkjeJfXJPyH4Hu73h5fCuAKiC_Q7FL8tHX1E5B4lKsf4Rv7RA1qSmezSpakYf_hoUFi3oBs2kOhf9yHATuIJMGivbCUiBGfGP_GVirWhOWfz_ja3oXgxlBX0jpwY30aUFCelx_x0LsPNiHFe0uMede-vG-vtu7qj7sQHQaQM6giv-7IoDGiiHxH-UZs6Gi1fcRhzOhsJB5Isk-Xo40UzDRcTQr-pIZW_TwmbGHlCNddkaT-BiJ-vQfXLfAQSh_BUtMCbQWH2-hj9Y2X-_HFrroxJBdefoihomyH3NhT52a57GmgfpQ";
const RS256: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHR0cHM6Ly90b29scy5leGFtcGxlIiwiZXhwIjo0MTAyNDQ0ODAwLCJzY29wZSI6InRvb2xzIn0.WLG-viRqkF9N-S4g-0mhd6KBW63enveFwNdf3XwDJefJeaVcAUt1zK4Tr4uvUQ3YVo1BbUnET7HFCDvtmdgaZo5TZre6TLuRbb17tPY9vAd4XIx2F7c0IcuZ4nBYFjE7sVXmZTTowe8Q1c7SkGa1PPr5TSEOQai5_Y5MAbc45OIWlQJ07OaFi8GcQyvhVFg8m4HcwssEMf8CsHmYTXnf68kL24m3TPV10htZ8iydUDijCRGn7wcYH5nGwokF0CadACbglcQiymgYB3uQEDT1ElL3UpcutDOjGC5h16GQUstX3IBIrPOQR-gM_h9--y_4jPQ5ckwiAVzABxBQT_gp8g";
const PS256: &str = "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHR0cHM6Ly90b29scy5leGFtcGxlIiwiZXhwIjo0MTAyNDQ0ODAwLCJzY29wZSI6InRvb2xzIn0.V0RsBUqGyHkDmiewfK-5lZcidHtmvhEq0WwFjP-GljLe2zo6Ed8AIgU40Su8J_ZaTNOPgraW3acu7ITsjopoaYsKnDGqwqf3tBEi3bpKiLYKdFDNon-fP3A98933_UCx5-04J3RMGXex9U0gXk-zdcz-MQAJSpqmWs9VsZBSpLpvirVG_OfTS_lQez8XbnNEB_-rtLZcDNvXsuyASGJhaGirhS2tLFtuirytOj431HIeNv7WdVMvOQn5bRAv6LCggY_yQufcSr55lAH-lcD8o723Pdo7kpBJdkZWlOtSRfzA9edXcPNxHGlNOPoIamf1p5wyGzcalL70wb75ZD0-Zg";

#[tokio::test]
async fn rsa_and_elliptic_curves_verify_by_their_own_algorithms_alone() {
    let issuer = Issuer::new();
    let random = SystemRandom::new();
    let how = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let document = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(how, document.as_ref(), &random).unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let set = json!({"keys": [
        {"kty": "RSA", "n": RSA, "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y)},
        {"kty": "EC", "crv": "P-256", "x": encode(x), "y": "AA"},
    ]});
    std::fs::write(issuer.folder.path().join("jwks.json"), set.to_string()).unwrap();
    let mut jwt = issuer.jwt();
    let signed = format!(
        "{}.{}",
        encode(br#"{"alg":"ES256"}"#),
        encode(claims().to_string().as_bytes())
    );
    let signature = pair.sign(&random, signed.as_bytes()).unwrap();
    let es256 = format!("{signed}.{}", encode(signature.as_ref()));
    let tokens = [
        (Algorithm::Rs256, RS256),
        (Algorithm::Ps256, PS256),
        (Algorithm::Es256, &es256),
    ];
    for (allowed, _) in tokens {
        jwt.algorithms = vec![allowed];
        for (own, token) in tokens {
            let admitted = jwt.admit(token, "/a/mcp").await.is_ok();
            assert_eq!(admitted, own == allowed, "{own:?} {allowed:?}");
        }
        let (_, token) = tokens.iter().find(|(own, _)| *own == allowed).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes[7] ^= 1;
        let forged = format!("{signed}.{}", encode(&bytes));
        assert_eq!(
            jwt.admit(&forged, "/a/mcp").await.unwrap_err(),
            Refused::Invalid
        );
    }
}

#[tokio::test]
async fn row_61_keys_that_cannot_be_fetched_any_more_end_with_their_time() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let issuer = Issuer::new();
    let set = std::fs::read_to_string(issuer.folder.path().join("jwks.json")).unwrap();
    static DOWN: AtomicBool = AtomicBool::new(false);
    let (url, _) = crate::testing::upstream(move |_| {
        let status = if DOWN.load(Ordering::SeqCst) {
            503
        } else {
            200
        };
        let answer = axum::response::Response::builder().status(status);
        answer.body(set.clone().into()).unwrap()
    })
    .await;
    let pace = keys::Pace {
        fresh: Duration::ZERO,
        last: Duration::from_millis(500),
        pause: Duration::ZERO,
    };
    let mut jwt = issuer.jwt();
    let document = toolwright_runtime::Document::new(url.parse().unwrap()).unwrap();
    jwt.keys = KeySet::paced(document, pace);
    let good = issuer.token(&json!({"alg": "EdDSA", "kid": "one"}), &claims());
    let admitted = jwt.admit(&good, "/a/mcp").await;
    assert!(admitted.is_ok(), "{admitted:?}");
    DOWN.store(true, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(600)).await;
    let refused = jwt.admit(&good, "/a/mcp").await;
    assert_eq!(refused.unwrap_err(), Refused::Invalid);
    // And it comes back by itself.
    DOWN.store(false, Ordering::SeqCst);
    assert!(jwt.admit(&good, "/a/mcp").await.is_ok());
}
