//! Who wins where several fill one header.

use http::HeaderMap;
use toolwright_runtime::prelude::*;
use toolwright_runtime::{AuthType, HeaderPolicyBuilder, Precedence};

use crate::headers::{policy, received};
use crate::support::sent;

#[test]
fn the_order_of_authority() {
    let forward = |b: &mut HeaderPolicyBuilder| {
        b.forward("X-Token")
            .unwrap()
            .forward("Authorization")
            .unwrap();
    };
    let fixed = |b: &mut HeaderPolicyBuilder| {
        b.static_header("X-Token", &"operator".into()).unwrap();
        b.static_header("Authorization", &"static".into()).unwrap();
    };
    let bearer = |b: &mut HeaderPolicyBuilder| {
        b.auth_type(AuthType::BearerToken)
            .credential(&"credential".into())
            .unwrap();
    };
    let by_caller = |b: &mut HeaderPolicyBuilder| {
        b.precedence(Precedence::Caller);
    };
    type Step<'a> = &'a dyn Fn(&mut HeaderPolicyBuilder);
    type Row<'a> = (
        Vec<Step<'a>>,
        &'a [(&'a str, &'a str)],
        &'static str,
        &'a [&'a str],
    );
    let all = [
        ("x-token", "caller"),
        ("Authorization", "caller"),
        ("x-mcp-auth", "explicit"),
    ];
    let own = [
        ("x-mcp-data_api-authorization", "verbatim"),
        ("x-mcp-auth", "explicit"),
    ];
    let none: [(&str, &str); 0] = [];
    let rows: Vec<Row<'_>> = vec![
        (vec![], &none, "X-Token", &["model"]),
        (vec![], &all, "X-Token", &["model"]),
        (vec![&forward], &all, "X-Token", &["caller"]),
        (vec![&forward], &none, "X-Token", &[]),
        (vec![&fixed], &all, "X-Token", &["operator"]),
        (vec![&fixed, &forward], &all, "X-Token", &["operator"]),
        (
            vec![&fixed, &forward, &by_caller],
            &all,
            "X-Token",
            &["caller"],
        ),
        (
            vec![&fixed, &forward, &by_caller],
            &none,
            "X-Token",
            &["operator"],
        ),
        (vec![], &none, "Authorization", &[]),
        (vec![], &all, "Authorization", &["Bearer explicit"]),
        (
            vec![&fixed, &forward, &bearer],
            &all,
            "Authorization",
            &["Bearer explicit"],
        ),
        (
            vec![&fixed, &forward, &bearer],
            &own,
            "Authorization",
            &["verbatim"],
        ),
        (
            vec![&fixed, &forward, &bearer],
            &all[..2],
            "Authorization",
            &["static"],
        ),
        (
            vec![&forward, &bearer],
            &all[..2],
            "Authorization",
            &["Bearer credential"],
        ),
        (
            vec![&forward, &bearer, &by_caller],
            &all[..2],
            "Authorization",
            &["caller"],
        ),
        (
            vec![&forward, &bearer, &by_caller],
            &all,
            "Authorization",
            &["Bearer explicit"],
        ),
        (vec![&forward], &all[..2], "Authorization", &["caller"]),
    ];
    for (index, (rules, caller, name, expected)) in rows.into_iter().enumerate() {
        let policy = policy(|builder| rules.iter().for_each(|rule| rule(builder)));
        assert_eq!(
            received(&policy, caller, name).unwrap(),
            expected,
            "row {index}"
        );
    }
}

#[test]
fn credentials_are_written_by_their_kind() {
    let rows = [
        (AuthType::ApiKey, "k", "X-API-Key", "k", "ApiKey c"),
        (
            AuthType::BearerToken,
            "k",
            "Authorization",
            "Bearer k",
            "Bearer c",
        ),
        (
            AuthType::BearerToken,
            "bearer k",
            "Authorization",
            "bearer k",
            "Bearer c",
        ),
        (
            AuthType::Basic,
            "user:pass",
            "Authorization",
            "Basic dXNlcjpwYXNz",
            "Basic c",
        ),
        (
            AuthType::Basic,
            "dXNlcjpwYXNz",
            "Authorization",
            "Basic dXNlcjpwYXNz",
            "Basic c",
        ),
        (
            AuthType::Authorization,
            "Custom k",
            "Authorization",
            "Custom k",
            "Bearer c",
        ),
        (AuthType::Token, "k", "Authorization", "token k", "Bearer c"),
    ];
    for (auth, secret, name, operator, caller) in rows {
        let policy = policy(|b| {
            b.auth_type(auth).credential(&secret.into()).unwrap();
        });
        assert_eq!(
            received(&policy, &[], name).unwrap(),
            [operator],
            "{auth:?}"
        );
        let explicit = received(&policy, &[("x-mcp-auth", "c")], "Authorization").unwrap();
        assert_eq!(explicit, [caller], "{auth:?}");
    }
    let off = policy(|b| {
        b.caller_auth(false);
    });
    assert!(
        received(&off, &[("x-mcp-auth", "c")], "Authorization")
            .unwrap()
            .is_empty()
    );
    assert!(policy(|_| {}).owns("authorization") && !off.owns("authorization"));
}

#[test]
fn an_api_key_goes_where_its_scheme_says() {
    let send = |place| {
        let policy = policy(|b| {
            b.auth_type(AuthType::ApiKey)
                .api_key(place, "key")
                .credential(&"s e=c".into())
                .unwrap();
        });
        let bag = policy.fill(&HeaderMap::new(), None).unwrap();
        Request::get("/x?f=1", &bag)
            .query("key", &String::from("model"))
            .cookie("key", &String::from("model"))
            .header("key", &String::from("model"))
            .build()
            .unwrap()
    };
    assert_eq!(send(Place::Query).target(), "/x?f=1&key=s%20e%3Dc");
    assert_eq!(sent(&send(Place::Cookie), "cookie"), ["key=s%20e=c"]);
    assert_eq!(sent(&send(Place::Header), "key"), ["s e=c"]);
}

#[test]
fn threat_6_a_model_sets_no_framing() {
    let bag = policy(|_| {}).fill(&HeaderMap::new(), None).unwrap();
    let value = String::from("evil");
    let request = Request::get("/", &bag)
        .header("Host", &value)
        .header("Content-Length", &value)
        .header("Transfer-Encoding", &value)
        .header("Connection", &value)
        .header("Authorization", &value)
        .header("X-Fine", &value)
        .build()
        .unwrap();
    let values = request
        .headers()
        .iter()
        .filter(|(_, value)| *value == "evil");
    assert_eq!(
        values.map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["x-fine"]
    );
}

/// Swagger 2.0 has no rule against `Accept` and `Content-Type` as parameters.
#[test]
fn a_declared_content_type_describes_the_body() {
    let bag = policy(|_| {}).fill(&HeaderMap::new(), None).unwrap();
    let tar = String::from("application/x-tar");
    let request = || {
        Request::post("/", &bag)
            .header("Content-type", &tar)
            .header("accept", &tar)
    };
    let with_body = request().text(&String::from("x")).build().unwrap();
    assert_eq!(sent(&with_body, "content-type"), ["application/x-tar"]);
    assert_eq!(sent(&with_body, "accept"), ["application/x-tar"]);
    let without = request().build().unwrap();
    assert!(sent(&without, "content-type").is_empty());
    let error = Request::post("/", &bag)
        .header("Content-Type", &String::from("tar"))
        .build()
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`Content-Type` must be a media type"),
        "{error}"
    );
}
