//! LiteLLM's keys: each is supported, named as ignored, or refused with its reason, as docs/from-litellm.md says.

use std::fs;
use std::path::Path;

use crate::support::{Gateway, Upstream, data_api, refused};

/// The rows of the table of server keys: the keys of a row, and what becomes of them.
fn table() -> Vec<(Vec<String>, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/from-litellm.md");
    let text = fs::read_to_string(root).unwrap();
    let section = text.split("## Keys of a server").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let mut cells = row.trim_matches('|').split('|').map(str::trim);
        let names = cells.next().unwrap().split(", ");
        let names = names.map(|name| name.trim_matches('`').replace('*', "region_name"));
        (names.collect(), cells.next().unwrap().to_owned())
    })
    .collect()
}

#[tokio::test]
async fn every_key_of_the_table_is_treated_as_it_says() {
    let rows = table();
    let of = |what: &str| -> Vec<String> {
        let rows = rows.iter().filter(|(_, here)| here == what);
        rows.flat_map(|(names, _)| names.clone()).collect()
    };
    let (supported, ignored, refusals) = (of("supported"), of("ignored"), of("refused"));
    assert!(supported.len() > 20 && ignored.len() > 5 && refusals.len() > 15);
    for key in &refusals {
        let (code, said) = refused(&format!(
            "mcp_servers:\n  data_api:\n    url: http://a\n    {key}: x\n"
        ));
        assert_eq!(code, Some(2), "{key}: {said}");
        assert!(
            said.contains("is a key of LiteLLM that is not supported"),
            "{key}: {said}"
        );
    }
    for key in &supported {
        let (_, said) = refused(&format!(
            "mcp_servers:\n  x:\n    spec: none\n    {key}: x\n"
        ));
        assert!(
            !said.contains(&format!("x.{key}: is not a key")),
            "{key}: {said}"
        );
        assert!(!said.contains("is not supported"), "{key}: {said}");
    }
    let upstream = Upstream::start().await;
    let lines: String = ignored
        .iter()
        .map(|key| format!("    {key}: x\n"))
        .collect();
    let gateway = Gateway::start(&data_api(&upstream, &lines));
    for key in &ignored {
        assert!(
            gateway.says(&format!("data_api.{key} has no meaning")),
            "{key}"
        );
    }
}
