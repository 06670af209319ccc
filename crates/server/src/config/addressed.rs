//! What callers address to one server, or select by its name, must not mean another.

use toolwright_document::Cursor;

use super::ServerConfig;
use super::reader::Reader;

/// Reports servers between whose headers a caller could not tell.
pub(super) fn check(reader: &mut Reader<'_>, section: Cursor<'_>, servers: &[ServerConfig]) {
    for (number, server) in servers.iter().enumerate() {
        let at = section.get(&server.name).unwrap_or(section);
        let name = server.name.to_ascii_lowercase();
        for group in &server.access_groups {
            if servers.iter().any(|other| other.name == *group) {
                let message = format!("is in the group `{group}`, which is the name of a server");
                let help = "a selection of that name would mean the server alone: rename the group";
                reader.wrong_key(at, message, Some(help.to_owned()));
            }
        }
        for other in servers.iter().take(number) {
            if other.name.eq_ignore_ascii_case(&name) {
                let message = format!(
                    "differs from `{}` in case alone, and the headers that callers address to one would reach both",
                    other.name
                );
                reader.wrong_key(at, message, None);
            }
        }
        for other in servers {
            // `x-mcp-a-b-authorization` is for `a-b`, although `a` may list `b-authorization`.
            let longer = other.name.to_ascii_lowercase();
            let rest = longer.strip_prefix(&name);
            let Some(rest) = rest.and_then(|rest| rest.strip_prefix('-')) else {
                continue;
            };
            let start = format!("{rest}-");
            for header in server.policy.forwarded_names() {
                if header.starts_with(&start) {
                    let message = format!(
                        "forwards `{header}`, and x-mcp-{name}-{header} would be addressed to `{}` as well",
                        other.name
                    );
                    let help = "rename one of the two servers".to_owned();
                    reader.wrong_key(at, message, Some(help));
                }
            }
        }
    }
}
