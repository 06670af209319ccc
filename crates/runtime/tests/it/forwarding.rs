//! Which of the caller's headers an entry passes on.

use crate::headers::{policy, received};
use crate::support::inbound;

#[test]
fn what_a_glob_leaves_out_goes_on_where_it_is_named() {
    let policy = policy(|b| {
        for name in ["Accept", "x-forwarded-*", "If-None-Match"] {
            b.forward(name).unwrap();
        }
    });
    let caller = [
        ("accept", "text/csv"),
        ("x-forwarded-for", "a"),
        ("x-forwarded-proto", "https"),
        ("if-none-match", "1"),
        ("if-match", "2"),
    ];
    let bag = policy.fill(&inbound(&caller), None).unwrap();
    let mut names: Vec<_> = bag.names().collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "accept",
            "if-none-match",
            "x-forwarded-for",
            "x-forwarded-proto"
        ]
    );
}

#[test]
fn an_empty_header_that_is_addressed_to_the_server_counts_for_nothing() {
    let policy = policy(|b| {
        b.forward("X-Token").unwrap();
    });
    let caller = [("x-mcp-data_api-x-token", ""), ("x-token", "t")];
    assert_eq!(received(&policy, &caller, "x-token").unwrap(), ["t"]);
}
