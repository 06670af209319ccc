//! `jwt`: what can never let anybody in is a mistake.

use super::super::tests::mistakes;

const KEY: &str = r#"{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]}"#;

/// A file with one key set, and these lines among `jwt`.
fn jwt(set: &str, lines: &str, rule: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    std::fs::write(&path, set).unwrap();
    let yaml = format!(
        "mcp_servers:\n  data_api: {{url: http://a}}\njwt:\n  issuer: https://i.local\n  rules: [{{{rule}, servers: ['*']}}]\n  \
         jwks: file:{}\n{lines}",
        path.display()
    );
    (folder, yaml)
}

const PUBLIC: &str = "  public_url: https://g.local\n";

#[test]
fn a_key_set_without_a_usable_key_is_a_mistake() {
    for (set, lines, expected) in [
        ("nothing", "", "6:9: jwt.jwks: is no key set … RFC 7517"),
        ("[]", "", "6:9: jwt.jwks: is no key set"),
        (r#"{"keys": []}"#, "", "6:9: jwt.jwks: holds no public key"),
        (
            r#"{"keys": [{"kty": "oct", "k": "AA"}]}"#,
            "",
            "6:9: jwt.jwks: holds no public key",
        ),
        (
            KEY,
            "  algorithms: [RS256]\n",
            "6:9: jwt.jwks: holds no public key",
        ),
        (
            KEY,
            "  algorithms: []\n",
            "7:15: jwt.algorithms: is empty … RS256",
        ),
    ] {
        let (_folder, yaml) = jwt(set, &format!("{lines}{PUBLIC}"), "scope: a");
        mistakes(&yaml, &[expected]);
    }
}

#[test]
fn addresses_are_urls_without_user_info() {
    for (lines, expected) in [
        (
            "  authorization_servers: [foo, https://b.local]\n  public_url: https://g.local\n",
            "7:27: jwt.authorization_servers[0]: is not an absolute URL … https://HOST",
        ),
        (
            "  public_url: https://u:canary@g.local\n",
            "7:15: jwt.public_url: holds a user name or password | remove it",
        ),
    ] {
        let (_folder, yaml) = jwt(KEY, lines, "scope: a");
        mistakes(&yaml, &[expected]);
    }
    let (_folder, yaml) = jwt(KEY, PUBLIC, "scope: a");
    assert!(super::super::tests::load(&yaml).is_ok());
}

#[test]
fn a_rule_is_for_one_kind_of_token() {
    for (rule, expected) in [
        (
            "scope: a b",
            "5:19: jwt.rules[0].scope: is no scope … one word",
        ),
        (
            "claim: scope, value: a b",
            "5:33: jwt.rules[0].value: is no scope",
        ),
        (
            "scope: a, claim: b, value: c",
            "5:22: jwt.rules[0].claim: cannot stand beside `scope` … keep one",
        ),
        (
            "scope: a, value: c",
            "5:22: jwt.rules[0].value: cannot stand beside `scope`",
        ),
        (
            "claim: b",
            "5:11: jwt.rules[0]: does not say which tokens … claim: NAME",
        ),
    ] {
        let (_folder, yaml) = jwt(KEY, PUBLIC, rule);
        mistakes(&yaml, &[expected]);
    }
}
