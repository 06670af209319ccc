//! Header parameters that are never arguments.

use openapiv3::APIKeyLocation;

use super::{Mistake, Spot, ToolsetFile, unmatched};
use crate::model::{Api, Location};

/// Those that `caller_headers` names, and those that carry an API key of the description: no model is asked for a
/// secret, unless `argument_headers` says so.
pub(super) fn choose(
    file: &ToolsetFile,
    api: &Api<'_>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<String> {
    let keys: Vec<&str> = api.api_keys(APIKeyLocation::Header).collect();
    let parameters = api.operations.iter().flat_map(|it| &it.parameters);
    let declared: Vec<&str> = parameters
        .filter(|parameter| parameter.location == Location::Header)
        .map(|parameter| parameter.name.as_str())
        .collect();
    let is_named =
        |list: &[&str], name: &str| list.iter().any(|own| own.eq_ignore_ascii_case(name));
    let find = |list: &[Spot<String>], name: &str| {
        list.iter()
            .any(|entry| entry.value.eq_ignore_ascii_case(name))
    };
    for header in &file.caller_headers {
        if !is_named(&declared, &header.value) {
            mistakes.push(unmatched(
                "header parameter",
                header,
                declared.iter().copied(),
            ));
        }
    }
    for header in &file.argument_headers {
        if !is_named(&declared, &header.value) {
            mistakes.push(unmatched(
                "header parameter",
                header,
                declared.iter().copied(),
            ));
        } else if find(&file.caller_headers, &header.value) {
            let message = format!("`{}` stands in `caller_headers` too", header.value);
            mistakes.push(Mistake::new(&header.span, message, None));
        } else if !is_named(&keys, &header.value) {
            let message = format!("`{}` is an argument anyway", header.value);
            let help = Some("take the entry out".to_owned());
            mistakes.push(Mistake::new(&header.span, message, help));
        }
    }
    let chosen = file
        .caller_headers
        .iter()
        .map(|header| header.value.as_str());
    let hidden = keys
        .into_iter()
        .filter(|key| !find(&file.argument_headers, key));
    chosen.chain(hidden).map(str::to_owned).collect()
}
