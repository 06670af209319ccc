//! Headers that are addressed to one server, `x-mcp-{server}-{header}`, must not be read by another.

use toolwright_document::Cursor;

use super::ServerConfig;
use super::reader::Reader;

/// Reports servers between whose headers a caller could not tell.
pub(super) fn check(reader: &mut Reader<'_>, section: Cursor<'_>, servers: &[ServerConfig]) {
    for (number, server) in servers.iter().enumerate() {
        let at = section.get(&server.name).unwrap_or(section);
        let name = server.name.to_ascii_lowercase();
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
