//! Who may say what about a header.

use toolwright_runtime::prelude::*;
use toolwright_runtime::{
    AuthType, Fault, Forward, HeaderPolicy, HeaderPolicyBuilder, Required, Secret,
};

use crate::support::{inbound, sent};

pub(crate) fn policy(rules: impl FnOnce(&mut HeaderPolicyBuilder)) -> HeaderPolicy {
    let mut builder = HeaderPolicy::builder("data_api");
    rules(&mut builder);
    builder.build()
}

/// What the upstream receives under `name` when the model says `model`.
pub(crate) fn received(
    policy: &HeaderPolicy,
    caller: &[(&str, &str)],
    name: &'static str,
) -> Result<Vec<String>> {
    let bag = policy.fill(&inbound(caller), Some("gateway-key"))?;
    let request = Request::get("/", &bag)
        .header(name, &String::from("model"))
        .build()?;
    Ok(sent(&request, name))
}

#[test]
fn threat_14_only_listed_headers_travel() {
    let policy = policy(|b| {
        b.forward("X-A")
            .unwrap()
            .forward("x-tenant-*")
            .unwrap()
            .forward("Cookie")
            .unwrap();
    });
    let mut caller: Vec<(String, String)> = (0..57)
        .map(|i| (format!("x-other-{i}"), String::from("v")))
        .collect();
    for (name, value) in [
        ("x-a", "1"),
        ("X-Tenant-Id", "2"),
        ("cookie", "a=1"),
        ("x_a", "no"),
        ("authorization", "no"),
    ] {
        caller.push((name.to_owned(), value.to_owned()));
    }
    let caller: Vec<_> = caller
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let bag = policy.fill(&inbound(&caller), None).unwrap();
    let names: Vec<_> = bag.names().collect();
    assert_eq!(names, ["x-a", "x-tenant-id", "cookie"]);
    assert!(policy.forwards("X-TENANT-ANY") && policy.owns("x-a") && !policy.owns("x_a"));
}

#[test]
fn globs_do_not_cover_credentials_and_reserved_names() {
    let policy = policy(|b| {
        b.forward("*").unwrap();
    });
    let caller = [
        ("authorization", "1"),
        ("cookie", "2"),
        ("host", "3"),
        ("mcp-session-id", "4"),
        ("x-mcp-auth", "5"),
        ("content-md5", "6"),
        ("x-litellm-api-key", "7"),
        ("proxy-authorization", "8"),
        ("te", "9"),
        ("x-fine", "10"),
        ("accept", "text/event-stream"),
        ("origin", "http://localhost"),
        ("forwarded", "for=a"),
        ("x-forwarded-for", "a"),
        ("range", "bytes=0-1"),
        ("if-none-match", "\"1\""),
        ("last-event-id", "1"),
        ("user-agent", "client"),
    ];
    let bag = policy.fill(&inbound(&caller), None).unwrap();
    // `x-mcp-auth` speaks for itself, as `Authorization`.
    assert_eq!(bag.names().collect::<Vec<_>>(), ["authorization", "x-fine"]);
    assert_eq!(
        received(&policy, &caller, "Authorization").unwrap(),
        ["Bearer 5"]
    );
}

#[test]
fn reserved_names_are_refused_with_a_reason() {
    let mut builder = HeaderPolicy::builder("data_api");
    for name in [
        "Host",
        "content-length",
        "Content-Type",
        "Transfer-Encoding",
        "TE",
        "Trailer",
        "Connection",
        "Keep-Alive",
        "Upgrade",
        "Expect",
        "Proxy-Authorization",
        "Mcp-Session-Id",
        "x-mcp-auth",
        "X-LiteLLM-Api-Key",
        "x-toolwright-key",
        "Proxy-*",
        "Accept-Encoding",
        "x-mcp-*",
    ] {
        let error = builder.forward(name).err().unwrap();
        assert_eq!(error.fault(), Fault::Gateway);
        assert!(
            error.message().contains(name) && error.message().contains(": it ")
                || error.message().contains(": the "),
            "{error}"
        );
        if !name.ends_with('*') {
            assert!(builder.static_header(name, &"v".into()).is_err(), "{name}");
        }
    }
    for name in ["a b", "", "ü", "a*b", "**"] {
        assert!(builder.forward(name).is_err(), "{name}");
    }
    assert!(
        builder
            .static_header("X-Ok", &"line\nbreak".into())
            .is_err()
    );
}

#[test]
fn entry_options() {
    let entry = |change: fn(&mut Forward)| {
        let mut forward = Forward::from("X-Token");
        change(&mut forward);
        policy(|b| {
            b.forward(forward).unwrap();
        })
    };
    let required = entry(|f| f.required = Required::Always);
    let error = received(&required, &[], "X-Token").unwrap_err();
    assert!(
        error.fault() == Fault::Caller && error.message().contains("`X-Token` is required"),
        "{error}"
    );

    let renamed = entry(|f| f.rename = Some(String::from("Authorization")));
    assert!(renamed.owns("authorization") && !renamed.owns("x-token"));
    assert_eq!(
        received(&renamed, &[("x-token", "t")], "Authorization").unwrap(),
        ["t"]
    );

    let prefixed = entry(|f| f.prefix = Some(String::from("Bearer ")));
    assert_eq!(
        received(&prefixed, &[("x-token", "t")], "X-Token").unwrap(),
        ["Bearer t"]
    );

    let limited = entry(|f| f.tools = vec![String::from("get_*")]);
    let names = |tool| {
        let bag = limited
            .fill_for(tool, &inbound(&[("x-token", "t")]), None)
            .unwrap();
        bag.names().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!((names("get_item").len(), names("list_items").len()), (1, 0));
    assert!(limited.owns_for("get_item", "X-Token") && !limited.owns_for("list_items", "X-Token"));

    let mut builder = HeaderPolicy::builder("s");
    let bad = |change: fn(&mut Forward)| {
        let mut forward = Forward::from("X-T*");
        change(&mut forward);
        forward
    };
    assert!(
        builder
            .forward(bad(|f| f.required = Required::Always))
            .is_err()
    );
    assert!(
        builder
            .forward(bad(|f| f.rename = Some(String::from("X"))))
            .is_err()
    );
    assert!(
        builder
            .forward(bad(|f| f.prefix = Some(String::from("a\n"))))
            .is_err()
    );
}

#[test]
fn a_header_addressed_to_this_server_counts_for_it() {
    let policy = policy(|b| {
        b.forward("X-Token").unwrap();
    });
    let caller = [
        ("x-token", "all"),
        ("x-mcp-data_api-x-token", "mine"),
        ("x-mcp-data_api-x-other", "no"),
    ];
    assert_eq!(received(&policy, &caller, "X-Token").unwrap(), ["mine"]);
    assert_eq!(
        policy
            .fill(&inbound(&caller), None)
            .unwrap()
            .names()
            .count(),
        1
    );
}

#[test]
fn several_values_keep_number_and_order() {
    let policy = policy(|b| {
        b.forward("X-Many").unwrap().forward("Cookie").unwrap();
    });
    let caller = [
        ("x-many", "2"),
        ("x-many", "1"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
    ];
    assert_eq!(received(&policy, &caller, "X-Many").unwrap(), ["2", "1"]);
    assert_eq!(received(&policy, &caller, "Cookie").unwrap(), ["a=1; b=2"]);
}

#[test]
fn threat_19_duplicate_credentials_are_refused() {
    let policy = policy(|b| {
        b.forward("Authorization").unwrap();
    });
    for name in [
        "authorization",
        "x-mcp-auth",
        "x-mcp-data_api-authorization",
    ] {
        let error = policy
            .fill(&inbound(&[(name, "canary-a"), (name, "canary-b")]), None)
            .unwrap_err();
        assert!(
            error.message().contains(name) && error.message().contains("came twice"),
            "{error}"
        );
        assert!(!error.to_string().contains("canary"));
    }
}

#[test]
fn an_empty_value_is_none_where_one_is_needed() {
    let entry = |name: &str, required, prefix: Option<&str>| Forward {
        required,
        prefix: prefix.map(str::to_owned),
        ..Forward::from(name)
    };
    let policy = policy(|b| {
        b.forward(entry("X-Plain", Required::AsCredential, None))
            .unwrap();
        b.forward(entry("X-Scheme", Required::AsCredential, Some("Bearer ")))
            .unwrap();
    });
    let empty = [("x-plain", ""), ("x-scheme", "")];
    let bag = policy.fill(&inbound(&empty), None).unwrap();
    assert_eq!(bag.names().collect::<Vec<_>>(), ["x-plain"]);
    let policy = self::policy(|b| {
        b.forward(entry("X-Plain", Required::Always, None)).unwrap();
    });
    let error = policy.fill(&inbound(&empty), None).unwrap_err();
    assert!(error.message().contains("`X-Plain` is required"), "{error}");
    // Nor is nothing a credential that goes before the operator's.
    let policy = self::policy(|b| {
        b.auth_type(AuthType::BearerToken)
            .credential(&Secret::new("operator"))
            .unwrap();
    });
    let explicit = [("x-mcp-data_api-authorization", ""), ("x-mcp-auth", "")];
    let sent = received(&policy, &explicit, "Authorization").unwrap();
    assert_eq!(sent, ["Bearer operator"]);
}

#[test]
fn threat_20_what_connection_nominates_stays_here() {
    let policy = policy(|b| {
        b.forward("X-Key").unwrap().forward("X-Other").unwrap();
    });
    let caller = [
        ("connection", "close, X-KEY"),
        ("x-key", "1"),
        ("x-other", "2"),
    ];
    assert_eq!(
        policy
            .fill(&inbound(&caller), None)
            .unwrap()
            .names()
            .collect::<Vec<_>>(),
        ["x-other"]
    );
}

#[test]
fn values_that_no_upstream_may_see_are_refused() {
    let policy = policy(|b| {
        b.forward("X-Token").unwrap();
    });
    for value in ["canary-ü", "canary\tx"] {
        let error = policy
            .fill(&inbound(&[("x-token", value)]), None)
            .unwrap_err();
        assert!(
            error.message().contains("`x-token`") && !error.to_string().contains("canary"),
            "{error}"
        );
    }
}

#[test]
fn threat_23_nothing_shows_a_value() {
    let policy = policy(|b| {
        b.static_header("X-Static", &Secret::new("canary-1"))
            .unwrap();
        b.auth_type(AuthType::BearerToken)
            .credential(&Secret::new("canary-2"))
            .unwrap();
        b.forward("X-Token").unwrap();
    });
    let bag = policy
        .fill(&inbound(&[("x-token", "canary-3")]), None)
        .unwrap();
    let request = Request::get("/", &bag)
        .header("x-m", &String::from("canary-4"))
        .build()
        .unwrap();
    let shown = format!(
        "{policy:?} {bag:?} {request:?} {:?} {}",
        Secret::new("canary-5"),
        Secret::new("canary-6")
    );
    assert!(!shown.contains("canary"), "{shown}");
    assert!(shown.contains("x-token") && shown.contains("***"));
    for (name, value) in request.headers() {
        assert!(
            value.is_sensitive() || ["accept", "user-agent"].contains(&name.as_str()),
            "{name}"
        );
    }
}

#[test]
fn names_that_two_can_fill_are_known() {
    let policy = policy(|b| {
        b.static_header("X-A", &"v".into())
            .unwrap()
            .static_header("X-B", &"v".into())
            .unwrap();
        b.forward("x-a").unwrap().forward("X-C").unwrap();
    });
    assert_eq!(policy.contested(), ["x-a"]);
}
