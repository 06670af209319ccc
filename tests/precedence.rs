//! Who fills a header when several could: the order of authority, strongest first.

use serde_json::json;

use crate::support::{Caller, Gateway, Upstream, data_api};

/// Lines of the server, the caller's headers, and what must arrive of one header.
struct Case {
    lines: &'static str,
    caller: &'static [(&'static str, &'static str)],
    header: &'static str,
    arrives: &'static [&'static str],
}

const STATIC: &str = "    extra_headers: [X-TOKEN]\n    static_headers:\n      x-token: operator\n";
const CALLER_FIRST: &str = "    extra_headers: [X-TOKEN]\n    static_headers:\n      x-token: operator\n    precedence: caller\n";
const BEARER: &str = "    auth_type: bearer_token\n    auth_value: operator\n";
const BEARER_LISTED: &str =
    "    auth_type: bearer_token\n    auth_value: operator\n    extra_headers: [Authorization]\n";
const NONE: &str = "    auth_type: none\n";
const CLOSED: &str =
    "    auth_type: bearer_token\n    auth_value: operator\n    caller_auth: false\n";

const CASES: &[Case] = &[
    // The operator over the caller, unless the operator says otherwise.
    Case {
        lines: STATIC,
        caller: &[("X-TOKEN", "caller")],
        header: "x-token",
        arrives: &["operator"],
    },
    Case {
        lines: STATIC,
        caller: &[],
        header: "x-token",
        arrives: &["operator"],
    },
    Case {
        lines: CALLER_FIRST,
        caller: &[("X-TOKEN", "caller")],
        header: "x-token",
        arrives: &["caller"],
    },
    Case {
        lines: CALLER_FIRST,
        caller: &[],
        header: "x-token",
        arrives: &["operator"],
    },
    // How the operator's credential is written.
    Case {
        lines: BEARER,
        caller: &[],
        header: "authorization",
        arrives: &["Bearer operator"],
    },
    Case {
        lines: "    auth_type: basic\n    authentication_token: user:pass\n",
        caller: &[],
        header: "authorization",
        arrives: &["Basic dXNlcjpwYXNz"],
    },
    Case {
        lines: "    auth_type: authorization\n    auth_value: Custom scheme\n",
        caller: &[],
        header: "authorization",
        arrives: &["Custom scheme"],
    },
    Case {
        lines: "    auth_type: token\n    auth_value: operator\n",
        caller: &[],
        header: "authorization",
        arrives: &["token operator"],
    },
    Case {
        lines: "    auth_type: api_key\n    auth_value: operator\n",
        caller: &[],
        header: "x-api-key",
        arrives: &["operator"],
    },
    Case {
        lines: "    static_headers:\n      X-Static: os.environ/STATIC_VALUE\n",
        caller: &[("x-static", "caller")],
        header: "x-static",
        arrives: &["from the environment"],
    },
    // A static header over the credential.
    Case {
        lines: "    auth_type: bearer_token\n    auth_value: weaker\n    static_headers:\n      Authorization: stronger\n",
        caller: &[],
        header: "authorization",
        arrives: &["stronger"],
    },
    // The caller's explicit upstream credential over all of them.
    Case {
        lines: NONE,
        caller: &[("x-mcp-auth", "c")],
        header: "authorization",
        arrives: &["Bearer c"],
    },
    Case {
        lines: BEARER,
        caller: &[("x-mcp-auth", "c")],
        header: "authorization",
        arrives: &["Bearer c"],
    },
    Case {
        lines: "    auth_type: api_key\n    auth_value: operator\n",
        caller: &[("x-mcp-auth", "c")],
        header: "authorization",
        arrives: &["ApiKey c"],
    },
    Case {
        lines: "    auth_type: basic\n",
        caller: &[("x-mcp-auth", "dXNlcjpwYXNz")],
        header: "authorization",
        arrives: &["Basic dXNlcjpwYXNz"],
    },
    Case {
        lines: BEARER,
        caller: &[
            ("x-mcp-auth", "weaker"),
            ("x-mcp-data_api-authorization", "As it is"),
        ],
        header: "authorization",
        arrives: &["As it is"],
    },
    Case {
        lines: BEARER_LISTED,
        caller: &[("x-mcp-auth", "c"), ("Authorization", "Bearer listed")],
        header: "authorization",
        arrives: &["Bearer c"],
    },
    // Meant for another server, or switched off.
    Case {
        lines: BEARER,
        caller: &[("x-mcp-other-authorization", "c")],
        header: "authorization",
        arrives: &["Bearer operator"],
    },
    Case {
        lines: CLOSED,
        caller: &[("x-mcp-auth", "c")],
        header: "authorization",
        arrives: &["Bearer operator"],
    },
    Case {
        lines: CLOSED,
        caller: &[("x-mcp-data_api-authorization", "c")],
        header: "authorization",
        arrives: &["Bearer operator"],
    },
    // Listed, or not.
    Case {
        lines: "    extra_headers: [Authorization]\n",
        caller: &[("Authorization", "Bearer listed")],
        header: "authorization",
        arrives: &["Bearer listed"],
    },
    Case {
        lines: NONE,
        caller: &[("Authorization", "Bearer c")],
        header: "authorization",
        arrives: &[],
    },
    Case {
        lines: "    extra_headers: ['X-*']\n",
        caller: &[("Cookie", "a=b")],
        header: "cookie",
        arrives: &[],
    },
];

#[tokio::test]
async fn the_strongest_wins() {
    let upstream = Upstream::start().await;
    for (number, case) in CASES.iter().enumerate() {
        let gateway = Gateway::start(&data_api(&upstream, case.lines));
        let mut caller = Caller::new(&gateway, "/data_api/mcp");
        for (name, value) in case.caller {
            caller = caller.header(name, value);
        }
        // Where no rule fills it, the token is the model's to give.
        let owned = case.lines.contains("X-TOKEN") || case.lines.contains("'X-*'");
        let arguments = if owned {
            json!({})
        } else {
            json!({"x-token": "model"})
        };
        caller.call("whoami", arguments).await;
        let seen = upstream.only();
        let place = format!("case {number}: {:?}\n{}", case.caller, case.lines);
        assert_eq!(seen.header(case.header), case.arrives, "{place}");
        for name in seen.names() {
            assert!(
                !name.starts_with("x-mcp") && !name.contains("litellm"),
                "{name} in {place}"
            );
        }
    }
}
