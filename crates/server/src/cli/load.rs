//! Finds and reads the configuration file.

use std::path::Path;

use toolwright_runtime::Toolset;

use super::{Common, End};
use crate::config::{self, Config, Purpose};

/// The file that is read unless the command line names another.
pub(super) const DEFAULT: &str = "toolwright.yaml";

/// Whether there is a configuration to read: one is named, or the default one exists.
pub(super) fn exists(common: &Common) -> bool {
    common.config.is_some() || Path::new(DEFAULT).exists()
}

/// Reads the configuration.
pub(super) fn config(
    common: &Common,
    toolsets: &[&'static Toolset],
    purpose: Purpose<'_>,
) -> Result<Config, End> {
    let path = common.config.as_deref().unwrap_or(Path::new(DEFAULT));
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| {
        End::Mistake(if error.kind() == std::io::ErrorKind::NotFound {
            absent(&name, toolsets)
        } else {
            format!("{name} cannot be read: {error}")
        })
    })?;
    let environment = |name: &str| std::env::var(name).ok();
    config::read_for(
        purpose,
        &name,
        &bytes,
        &environment,
        toolsets,
        common.listen,
    )
    .map_err(|mistakes| End::Mistake(mistakes.to_string()))
}

fn absent(name: &str, toolsets: &[&'static Toolset]) -> String {
    let first = toolsets.first().map_or("NAME", |toolset| toolset.name);
    let names: Vec<&str> = toolsets.iter().map(|toolset| toolset.name).collect();
    let compiled = if names.is_empty() {
        "nothing yet; cargo xtask add NAME SPEC compiles an API in".to_owned()
    } else {
        names.join(", ")
    };
    format!(
        "{name} is not there, so there is nothing to serve.\n\
         \n\
         Write it, for example:\n\
         \n\
         \x20   general_settings:\n\
         \x20     master_key: os.environ/TOOLWRIGHT_KEY   # what callers of this gateway must know\n\
         \x20   mcp_servers:\n\
         \x20     {first}:\n\
         \x20       url: http://127.0.0.1:8080\n\
         \x20       extra_headers:\n\
         \x20         - X-TOKEN                            # goes from the caller to the API\n\
         \n\
         Every key is in docs/configuration.md. Compiled in: {compiled}.\n\
         To see it work without writing anything: toolwright demo"
    )
}
