//! Keys to the gateway, which no upstream sees.

use crate::headers::policy;
use crate::support::inbound;

#[test]
fn the_gateway_key_never_goes_on() {
    let policy = policy(|b| {
        b.forward("Authorization")
            .unwrap()
            .forward("X-Token")
            .unwrap();
    });
    for (name, value) in [
        ("authorization", "Bearer gateway-key"),
        ("x-token", "gateway-key"),
        ("x-token", "a-gateway-key-b"),
        ("x-mcp-auth", "gateway-key"),
        ("authorization", "Basic dXNlcjpnYXRld2F5LWtleQ=="),
        ("authorization", "Basic dXNlcjpnYXRld2F5LWtleQ"),
        ("x-token", "k=Z2F0ZXdheS1rZXk; a"),
        ("x-token", "k=gateway%2Dkey"),
    ] {
        let error = policy
            .fill(&inbound(&[(name, value)]), Some("gateway-key"))
            .unwrap_err();
        assert!(
            error.message().contains(name) && !error.to_string().contains("gateway-key"),
            "{error}"
        );
    }
    assert!(
        policy
            .fill(&inbound(&[("x-token", "other")]), Some(""))
            .is_ok()
    );
}

#[test]
fn no_word_of_a_value_is_a_key_of_somebody_else() {
    let policy = policy(|b| {
        b.forward("Authorization")
            .unwrap()
            .forward("Cookie")
            .unwrap();
    });
    let is_key = |word: &str| word == "other-key" || word == "key=odd";
    for (value, passes) in [
        ("Bearer other-key", false),
        ("Bearer  other-key", false),
        ("other-key", false),
        ("key=odd", false),
        ("Digest a=\"other-key\", b", false),
        // `user:other-key`, and alone.
        ("Basic dXNlcjpvdGhlci1rZXk=", false),
        ("Bearer b3RoZXIta2V5", false),
        ("Bearer other%2Dkey", false),
        ("Bearer another-key", true),
        ("Bearer other-keys", true),
        ("Basic dXNlcjpwYXNz", true),
    ] {
        for name in ["authorization", "x-mcp-data_api-authorization", "cookie"] {
            let inbound = inbound(&[(name, value)]);
            let bag = policy.fill_guarded("a", &inbound, Some("gateway-key"), &is_key);
            assert_eq!(bag.is_ok(), passes, "{name}: {value}");
            if let Err(error) = bag {
                let said = error.to_string();
                assert!(said.contains(name) && !said.contains("other"), "{said}");
            }
        }
    }
}
