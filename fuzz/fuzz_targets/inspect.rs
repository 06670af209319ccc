//! Any bytes as a description: a crate or problems that say why not, the same on a second run.
#![no_main]

use libfuzzer_sys::fuzz_target;
use toolwright_codegen::{FileError, Files, Input, compile};

struct One<'a>(&'a [u8]);

impl Files for One<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        if path == "openapi.yaml" {
            Ok(self.0.to_vec())
        } else {
            Err(FileError::NotFound)
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let input = Input {
        files: &One(data),
        entry: "openapi.yaml",
        name: "fuzz",
        source: "openapi.yaml",
        url: None,
        toolset: None,
        pins: None,
        strict: false,
    };
    let first = compile(&input);
    assert!(
        first.output.is_some() || first.report.has_errors(),
        "nothing came out and nothing says why"
    );
    assert_eq!(
        first.output,
        compile(&input).output,
        "a second run gives other bytes"
    );
});
