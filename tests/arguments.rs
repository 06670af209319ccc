//! Arguments are checked before anything is sent, and arrive as they were meant.

use serde_json::{Value, json};

use crate::support::{Caller, Gateway, Upstream, with_token};

#[tokio::test]
async fn the_token_as_an_argument_goes_nowhere() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    for caller in [
        Caller::new(&gateway, "/data_api/mcp"),
        Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t"),
    ] {
        for name in ["x-token", "X-TOKEN", "x_token"] {
            let said = caller
                .error("get_item", json!({"item_id": 7, name: "value-canary"}))
                .await;
            assert!(said.contains(name), "{said}");
            assert!(!said.contains("canary"), "{said}");
        }
    }
    upstream.untouched();
    assert!(!gateway.log().contains("canary"));
}

#[tokio::test]
async fn wrong_arguments_are_named_all_at_once_and_nothing_is_sent() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t");
    let cases: &[(&str, Value, &[&str])] = &[
        ("get_item", json!({}), &["item_id"]),
        ("get_item", json!({"item_id": "seven"}), &["item_id"]),
        ("get_item", json!({"item_id": 0}), &["item_id"]),
        ("get_item", json!({"item_id": 7.5}), &["item_id"]),
        ("get_item", json!({"item_id": null}), &["item_id"]),
        (
            "get_item",
            json!({"item_id": 7, "item": 1, "q": 5}),
            &["item", "q"],
        ),
        (
            "get_item",
            json!({"item_id": 7, "q": "x".repeat(51)}),
            &["q"],
        ),
        (
            "list_items",
            json!({"limit": 0, "order": "size", "minimum_price": 0}),
            &["limit", "order", "minimum_price"],
        ),
        (
            "list_items",
            json!({"tag": ["a", 1], "limt": 5}),
            &["tag", "limt", "limit"],
        ),
        (
            "create_item",
            json!({"body": {"name": ""}}),
            &["body", "name", "price"],
        ),
        (
            "create_item",
            json!({"body": {"name": "a", "price": {"amount": -1, "currency": "GBP"}}}),
            &["amount", "currency"],
        ),
        (
            "create_item",
            json!({"body": {"name": "a", "price": {"amount": 1}, "kind": "thing"}}),
            &["kind"],
        ),
        ("create_item", json!({"body": []}), &["body"]),
        ("create_item", json!({}), &["body"]),
    ];
    for (tool, arguments, named) in cases {
        let said = caller.error(tool, arguments.clone()).await;
        for name in *named {
            assert!(said.contains(name), "{tool} {arguments}: {said}");
        }
    }
    upstream.untouched();
}

#[tokio::test]
async fn arguments_arrive_where_they_belong() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t");
    for (tool, arguments, method, target) in [
        ("get_item", json!({"item_id": 7}), "GET", "/items/7"),
        (
            "get_item",
            json!({"item_id": 7, "q": ""}),
            "GET",
            "/items/7?q=",
        ),
        (
            "get_item",
            json!({"item_id": 7, "q": null}),
            "GET",
            "/items/7",
        ),
        (
            "get_item",
            json!({"item_id": 7, "q": "a&b=c#d e+ü"}),
            "GET",
            "/items/7?q=a%26b%3Dc%23d%20e%2B%C3%BC",
        ),
        ("list_items", json!({}), "GET", "/items"),
        (
            "list_items",
            json!({"tag": ["a,b", "c"], "order": "-price", "minimum_price": 0.5, "limit": 100}),
            "GET",
            "/items?tag=a%2Cb&tag=c&order=-price&minimum_price=0.5&limit=100",
        ),
        (
            "delete_item",
            json!({"item_id": 12345}),
            "DELETE",
            "/items/12345",
        ),
        (
            "supplier_items",
            json!({"supplier": "A/B 100%"}),
            "GET",
            "/suppliers/A%2FB%20100%25/items",
        ),
    ] {
        caller.answer(tool, arguments.clone()).await;
        let seen = upstream.only();
        assert_eq!(
            (seen.method.as_str(), seen.target.as_str()),
            (method, target),
            "{tool} {arguments}"
        );
        assert_eq!(seen.body, "");
    }
}

#[tokio::test]
async fn a_body_arrives_as_it_was_written() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t");
    // Numbers keep their text, members their order, and unknown members their place.
    let body = r#"{"price":{"currency":"EUR","amount":12345678901234567890.10},"name":"\u00fc \"x\"","zz":{"b":1,"a":[0,false,""]},"dimensions":null,"in_stock":false}"#;
    let call = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"create_item","arguments":{{"body":{body}}}}}}}"#
    );
    let (status, text) = caller.post(call).await;
    assert_eq!(status, 200, "{text}");
    let seen = upstream.only();
    assert_eq!(seen.method, "POST");
    assert_eq!(seen.header("content-type"), ["application/json"]);
    assert_eq!(seen.body, body);
    // Left out and null are different things.
    for body in [
        r#"{"description":null}"#,
        r#"{"description":"","in_stock":false}"#,
        "{}",
    ] {
        let arguments = json!({"item_id": 7, "body": serde_json::from_str::<Value>(body).unwrap()});
        caller.answer("update_item", arguments).await;
        let seen = upstream.only();
        assert_eq!((seen.method.as_str(), seen.body.as_str()), ("PATCH", body));
    }
}
