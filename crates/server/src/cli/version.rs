//! `toolwright version`.

use toolwright_runtime::Toolset;

use super::out;
use crate::protocol::version::Version;

/// Prints the version; with `verbose` also what is compiled in.
pub(super) fn run(toolsets: &[&Toolset], verbose: bool) {
    let mut text = format!("toolwright {}", env!("CARGO_PKG_VERSION"));
    if verbose {
        let versions: Vec<&str> = Version::ALL
            .iter()
            .map(|version| version.as_str())
            .collect();
        text.push_str(&format!(
            "\nprotocol versions: {}\ntarget: {}-{}\n",
            versions.join(", "),
            std::env::consts::ARCH,
            std::env::consts::OS
        ));
        for toolset in toolsets {
            let tools: usize = toolset.groups.iter().map(|group| group.tools.len()).sum();
            text.push_str(&format!(
                "toolset {}: {} {}, {tools} tools\n  from {}\n  {}\n",
                toolset.name, toolset.title, toolset.version, toolset.source, toolset.digest
            ));
        }
    }
    out::say(text.trim_end());
}
