//! The readers of the versions: each fills [`crate::model`] from its own notation.

use crate::load::Documents;
use crate::model::Api;
use crate::problem::Problems;

/// Reads a description of any supported version. `None` when it is no description, or of no supported version; the
/// reason is among the problems then.
pub fn read_api<'d>(documents: &'d Documents, problems: &mut Problems) -> Option<Api<'d>> {
    let _ = (documents, problems);
    None
}
