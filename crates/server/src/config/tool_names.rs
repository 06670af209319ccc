//! Tools that a file names: as they are called here, or as LiteLLM calls them.

use toolwright_document::Cursor;
use toolwright_runtime::{Tool, Toolset};

use super::mistake::suggest;
use super::reader::Reader;

/// The tool of a server that is meant. LiteLLM's names are `operationId`s in lower case, perhaps with the server's name
/// before them; such a name is taken where it fits one tool alone, and said at start.
pub(super) fn find(
    reader: &mut Reader<'_>,
    server: &str,
    at: Cursor<'_>,
    written: &str,
    toolset: &'static Toolset,
) -> Option<&'static Tool> {
    let groups = toolset.groups.iter();
    let tools: Vec<&'static Tool> = groups.flat_map(|group| group.tools).collect();
    if let Some(exact) = tools.iter().find(|tool| tool.name == written) {
        return Some(exact);
    }
    let own = written.strip_prefix(server);
    let own = own.and_then(|rest| rest.strip_prefix('-'));
    for name in [Some(written), own].into_iter().flatten() {
        let mut fitting = tools
            .iter()
            .filter(|tool| folded(tool.name) == folded(name));
        if let (Some(tool), None) = (fitting.next(), fitting.next()) {
            reader.notes.push(format!(
                "mcp_servers.{server}: `{written}` is taken for the tool `{}`",
                tool.name
            ));
            return Some(tool);
        }
    }
    let names: Vec<&str> = tools.iter().map(|tool| tool.name).collect();
    let help = Some(suggest(written, &names));
    if at.as_str() == Some(written) {
        reader.mistake(at, "is not a tool of this server", help);
    } else {
        reader.wrong_key(at, "is not a tool of this server", help);
    }
    None
}

/// What is left of a name when words are not told apart.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}
