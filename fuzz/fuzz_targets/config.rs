//! Any bytes as a configuration: settings or mistakes, each with its place, and never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use toolwright::config;

fuzz_target!(|data: &[u8]| {
    // A configuration may name files, and any file of this machine may be one that never ends.
    let names_files = data
        .windows(4)
        .any(|window| window.eq_ignore_ascii_case(b"file"));
    if names_files {
        return;
    }
    let environment = |name: &str| (name == "SET").then(|| "value-of-the-variable".to_owned());
    if let Err(mistakes) =
        config::read("fuzz.yaml", data, &environment, build_specs::TOOLSETS, None)
    {
        assert!(!mistakes.list.is_empty(), "refused, and nothing says why");
        let text = mistakes.to_string();
        assert!(
            !text.contains("value-of-the-variable"),
            "a secret is in a mistake: {text}"
        );
    }
});
