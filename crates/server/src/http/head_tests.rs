use super::*;

/// Feeds bytes in pieces of a size; what the server would read.
fn feed(text: &str, size: usize) -> String {
    let mut inspector = Inspector::new();
    let mut read = Vec::new();
    for piece in text.as_bytes().chunks(size) {
        let passed = inspector.feed(piece);
        read.extend_from_slice(&piece[..passed]);
        if passed < piece.len() {
            break;
        }
    }
    String::from_utf8(read).unwrap()
}

const NEXT: &str = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

#[test]
fn plain_requests_pass_untouched() {
    for text in [
        NEXT.to_owned(),
        format!("\r\n\r\n{NEXT}"),
        format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe\n\nx{NEXT}{NEXT}"),
        format!(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n{NEXT}"
        ),
        format!(
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\nC: d\r\n\r\n{NEXT}"
        ),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\n\n\0anything: at all".to_owned(),
    ] {
        for size in [1, 2, 7, 10_000] {
            assert_eq!(feed(&text, size), text, "{text:?} by {size}");
        }
    }
}

#[test]
fn ambiguous_requests_are_spoiled() {
    let chunks = "0\r\n\r\n";
    for text in [
        format!(
            "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"
        ),
        format!(
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n{chunks}"
        ),
        format!("POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n{chunks}"),
        format!("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n{chunks}"),
        format!(
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"
        ),
        format!("POST / HTTP/1.1\r\nTransfer-Encoding : chunked\r\n\r\n{chunks}"),
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na".to_owned(),
        "POST / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\na".to_owned(),
        "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\na".to_owned(),
        "POST / HTTP/1.1\r\nContent-Length:\r\n\r\na".to_owned(),
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\na".to_owned(),
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\nHost: a\n\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: a\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n".to_owned(),
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n".to_owned(),
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\nab".to_owned(),
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc".to_owned(),
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n".to_owned(),
    ] {
        for size in [1, 3, 10_000] {
            // The request before it is whole, the one after it is not there.
            let read = feed(&format!("{NEXT}{text}{NEXT}"), size);
            assert!(read.starts_with(NEXT), "{text:?} by {size}");
            assert!(
                !read[NEXT.len()..].contains("/healthz"),
                "{text:?} by {size}"
            );
        }
    }
}

#[test]
fn a_head_is_open_until_its_last_byte() {
    let mut inspector = Inspector::new();
    assert!(!inspector.in_head());
    inspector.feed(b"GET / HTTP/1.1\r\nHost: a\r\n\r");
    assert!(inspector.in_head());
    inspector.feed(b"\n");
    assert!(!inspector.in_head());
}
