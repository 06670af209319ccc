use super::*;

fn check(guard: &Guard, uri: &str, pairs: &[(&str, &[u8])]) -> Result<Option<String>, Denied> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(
            http::HeaderName::from_bytes(name.as_bytes()).unwrap(),
            http::HeaderValue::from_bytes(value).unwrap(),
        );
    }
    guard
        .check(&uri.parse().unwrap(), &headers)
        .map(|origin| origin.map(str::to_owned))
}

#[test]
fn hosts_on_a_loopback_bind() {
    let guard = Guard::new(
        true,
        vec!["tools.example".into(), "other.example:8443".into()],
        vec![],
    );
    for (host, expected) in [
        ("127.0.0.1:4000", Ok(None)),
        ("localhost", Ok(None)),
        ("LOCALHOST:1", Ok(None)),
        ("[::1]:4000", Ok(None)),
        ("127.9.9.9", Ok(None)),
        ("tools.example", Ok(None)),
        ("tools.example:9", Ok(None)),
        ("other.example:8443", Ok(None)),
        ("other.example", Err(Denied::ForeignHost)),
        ("evil.example", Err(Denied::ForeignHost)),
        ("localhost.evil.example", Err(Denied::ForeignHost)),
        ("127.0.0.1.evil.example", Err(Denied::ForeignHost)),
        ("0.0.0.0", Err(Denied::ForeignHost)),
        ("127.0.0.1/?x#", Err(Denied::MalformedHost)),
        ("user@localhost", Err(Denied::MalformedHost)),
        ("localhost:port", Err(Denied::MalformedHost)),
        ("localhost:99999", Err(Denied::MalformedHost)),
        ("[::1", Err(Denied::MalformedHost)),
        ("", Err(Denied::MalformedHost)),
    ] {
        assert_eq!(
            check(&guard, "/mcp", &[("host", host.as_bytes())]),
            expected,
            "{host}"
        );
    }
}

#[test]
fn exactly_one_host() {
    let guard = Guard::new(true, vec![], vec![]);
    let local: (&str, &[u8]) = ("host", b"localhost:4000");
    assert_eq!(check(&guard, "/mcp", &[]), Err(Denied::MalformedHost));
    assert_eq!(
        check(&guard, "/mcp", &[local, local]),
        Err(Denied::MalformedHost)
    );
    assert_eq!(
        check(&guard, "http://localhost:4000/mcp", &[local]),
        Ok(None)
    );
    assert_eq!(check(&guard, "http://localhost:4000/mcp", &[]), Ok(None));
    assert_eq!(
        check(&guard, "http://evil.example/mcp", &[local]),
        Err(Denied::MalformedHost)
    );
}

#[test]
fn origins() {
    let local = Guard::new(true, vec![], vec!["https://app.example".into()]);
    let public = Guard::new(false, vec![], vec!["https://app.example".into()]);
    for (origin, on_loopback, elsewhere) in [
        (&b"https://app.example"[..], true, true),
        (b"http://localhost:6274", true, false),
        (b"http://127.0.0.1", true, false),
        (b"https://[::1]:1", true, false),
        (b"http://app.example", false, false),
        (b"https://app.example:8443", false, false),
        (b"https://evil.example", false, false),
        (b"http://localhost.evil.example", false, false),
        (b"null", false, false),
        (b"localhost", false, false),
        (b"file://", false, false),
        (b"\xff", false, false),
    ] {
        let of = |guard: &Guard| {
            let headers = [("host", &b"localhost"[..]), ("origin", origin)];
            check(guard, "/mcp", &headers).is_ok()
        };
        assert_eq!(
            (of(&local), of(&public)),
            (on_loopback, elsewhere),
            "{origin:?}"
        );
    }
    let two = [
        ("host", &b"localhost"[..]),
        ("origin", b"http://localhost"),
        ("origin", b"http://localhost"),
    ];
    assert_eq!(check(&local, "/mcp", &two), Err(Denied::ForeignOrigin));
}

#[test]
fn a_public_bind_answers_any_host_unless_some_are_named() {
    let any = Guard::new(false, vec![], vec![]);
    let some = Guard::new(false, vec!["tools.example".into()], vec![]);
    let of = |guard| check(guard, "/mcp", &[("host", b"else.example")]);
    assert_eq!(of(&any), Ok(None));
    assert_eq!(of(&some), Err(Denied::ForeignHost));
}
