use super::*;

fn refused(body: &[u8]) -> (i32, Option<String>) {
    match parse(body) {
        Err(malformed) => (
            malformed.refusal.code.number(),
            malformed.id.map(str::to_owned),
        ),
        Ok(body) => panic!("accepted: {body:?}"),
    }
}

#[test]
fn a_request_is_borrowed_and_its_id_kept() {
    for id in [
        "1",
        "-5",
        "\"a\"",
        "123456789012345678901234567890",
        "\"\\u0041\"",
        "\"\"",
    ] {
        let body = format!(
            r#" {{"jsonrpc":"2.0","method":"tools/call","id":{id},"params":{{"name":"a","arguments":{{"n":1.0}},"extra":1}}}} "#
        );
        match parse(body.as_bytes()) {
            Ok(Body::One(Message::Request(request))) => {
                assert_eq!(request.id, id);
                assert_eq!(request.method, "tools/call");
                let arguments = request.params.arguments.map(RawValue::get);
                assert_eq!(arguments, Some(r#"{"n":1.0}"#));
            }
            other => panic!("{id}: {other:?}"),
        }
    }
}

#[test]
fn what_is_not_one_message_is_refused_with_the_exact_code() {
    let deep = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"a","params":{}1{}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let one = Some("1".to_owned());
    for (body, code, id) in [
        ("", -32700, None),
        ("{", -32700, None),
        ("nonsense", -32700, None),
        ("\u{feff}{}", -32700, None),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"ping"} x"#,
            -32700,
            None,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"ping"}{}"#,
            -32700,
            None,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"\ud800"}"#,
            -32700,
            None,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"a","params":{"name":"\udc00"}}"#,
            -32700,
            None,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#,
            -32600,
            None,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}"#,
            -32600,
            None,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"m\u0065thod":"a","method":"b"}"#,
            -32600,
            None,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"a","params":{},"params":{}}"#,
            -32600,
            None,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"a","params":{"name":"a","name":"b"}}"#,
            -32600,
            one.clone(),
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{},"_meta":{}}}"#,
            -32600,
            one.clone(),
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"a","params":"text"}"#,
            -32600,
            one.clone(),
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"a","params":[1,2,3,4,5]}"#,
            -32602,
            one.clone(),
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"Method":"a"}"#,
            -32600,
            one.clone(),
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":5}"#,
            -32600,
            one.clone(),
        ),
        (r#"{"jsonrpc":"2.0","id":1}"#, -32600, one.clone()),
        (
            r#"{"jsonrpc":"1.0","id":1,"method":"a"}"#,
            -32600,
            one.clone(),
        ),
        (r#"{"id":1,"method":"a"}"#, -32600, one.clone()),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"a","result":{}}"#,
            -32600,
            one,
        ),
        (r#"{"jsonrpc":"2.0","id":null,"method":"a"}"#, -32600, None),
        (r#"{"jsonrpc":"2.0","id":1.5,"method":"a"}"#, -32600, None),
        (r#"{"jsonrpc":"2.0","id":1e3,"method":"a"}"#, -32600, None),
        (r#"{"jsonrpc":"2.0","id":{},"method":"a"}"#, -32600, None),
        (r#"{"jsonrpc":"2.0","id":true,"method":"a"}"#, -32600, None),
        ("5", -32600, None),
        ("null", -32600, None),
        ("\"text\"", -32600, None),
        ("[]", -32600, None),
        (deep.as_str(), -32600, None),
    ] {
        assert_eq!(
            refused(body.as_bytes()),
            (code, id),
            "{}",
            &body[..body.len().min(120)]
        );
    }
    assert_eq!(
        refused(b"{\"jsonrpc\":\"2.0\",\"id\":\"\xff\"}"),
        (-32700, None)
    );
}

#[test]
fn notifications_and_answers_are_told_apart() {
    assert!(matches!(
        parse(br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#),
        Ok(Body::One(Message::Notification { .. }))
    ));
    assert!(matches!(
        parse(br#"{"jsonrpc":"2.0","id":1,"result":{}}"#),
        Ok(Body::One(Message::Response))
    ));
}

#[test]
fn a_batch_refuses_its_members_one_by_one() {
    let body = br#"[{"jsonrpc":"2.0","id":1,"method":"ping"}, 7, {"jsonrpc":"2.0","method":"notifications/x"}]"#;
    match parse(body) {
        Ok(Body::Batch(items)) => {
            assert!(matches!(items[0], Ok(Message::Request(_))));
            assert!(items[1].is_err());
            assert!(matches!(items[2], Ok(Message::Notification { .. })));
        }
        other => panic!("{other:?}"),
    }
    let many = format!("[{}]", vec!["1"; MAX_BATCH + 1].join(","));
    assert_eq!(refused(many.as_bytes()).0, -32600);
}

#[test]
fn meta_is_read_strictly() {
    let parse_meta = |meta: &str| {
        let text = format!(r#"{{"_meta":{meta}}}"#);
        let params: Params<'_> = serde_json::from_str(&text).unwrap();
        params.meta().map(|_| ()).map_err(|refusal| refusal.code)
    };
    assert_eq!(parse_meta("{}"), Ok(()));
    assert_eq!(parse_meta("null"), Err(Code::InvalidMeta));
    assert_eq!(parse_meta("\"x\""), Err(Code::InvalidMeta));
    assert_eq!(
        parse_meta(
            r#"{"io.modelcontextprotocol/protocolVersion":"a","io.modelcontextprotocol/protocolVersion":"b"}"#
        ),
        Err(Code::InvalidRequest)
    );
}
