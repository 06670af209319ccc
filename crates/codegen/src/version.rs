//! The readers of the versions: each fills [`crate::model`] from its own notation.
//!
//! Reading is lenient and goes piece by piece. A piece that cannot be used (a parameter without a name, a reference
//! that leads nowhere) is reported and left out, and everything around it stays. All such problems are warnings, and
//! errors under `--strict`, with these exceptions:
//!
//! - always errors: a file that cannot be read, no or an unsupported version, `paths` of a wrong type, and a path or
//!   a method that occurs twice (half of the API would be gone);
//! - errors when nothing whole remains: what an operation needs for its request can be *wrong in the description
//!   itself* (a reference within the files that leads nowhere, in a circle or out of the root folder; a header name
//!   that HTTP does not allow; parameters that are no list). An API of which some operation is free of that is
//!   worth serving, and the warnings say what is missing. When no operation is, or when no operation could be read
//!   at all, the same problems are errors. A reference to the network or to a file that is not there says nothing
//!   against the description, and leaves an operation as it is without the piece.

mod openapi3;
mod operation;
mod parameters;
mod paths;
mod reader;
mod root;
mod security;
mod servers;
mod swagger2;
mod template;

use toolwright_document::Cursor;

use crate::load::Documents;
use crate::model::Api;
use crate::problem::Problems;
use reader::{Edition, Reader};
pub(crate) use template::meant;

const SUPPORTED: &str = "supported are Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2";

/// Reads a description of any supported version. `None` when it is no description, or of no supported version; the
/// reason is among the problems then.
pub fn read_api<'d>(documents: &'d Documents, problems: &mut Problems) -> Option<Api<'d>> {
    let root = documents.entry();
    let (format, edition) = edition(root, problems)?;
    let mut reader = Reader::new(documents, problems, edition);
    let mut api = reader.root(root, format);
    reader.paths(root, &mut api);
    api.security_schemes.append(&mut reader.referred);
    reader.judge();
    reader.check_references();
    Some(api)
}

/// The version that the document states.
fn edition(root: Cursor<'_>, problems: &mut Problems) -> Option<(String, Edition)> {
    if !root.is_object() {
        let message = format!(
            "this is no OpenAPI document: it holds {}",
            reader::article(root)
        );
        problems.error(root, message).help(SUPPORTED);
        return None;
    }
    let Some((key, node)) = ["openapi", "swagger"]
        .iter()
        .find_map(|key| Some((*key, root.get(key)?)))
    else {
        let message =
            "this is no OpenAPI document: it has neither an `openapi` nor a `swagger` field";
        problems.error(root, message).help(SUPPORTED);
        return None;
    };
    let version = node.as_text().unwrap_or_default().trim();
    let edition = match (
        key,
        version.split('.').take(2).collect::<Vec<_>>().as_slice(),
    ) {
        ("swagger", ["2", "0"] | ["2"]) => Edition::V2,
        ("openapi", ["3", "0"]) => Edition::V30,
        ("openapi", ["3", "1"]) => Edition::V31,
        ("openapi", ["3", "2"]) => Edition::V32,
        _ => {
            let message = format!("the version {key} `{version}` is not supported");
            problems.error(node, message).help(SUPPORTED);
            return None;
        }
    };
    Some((version.to_owned(), edition))
}
