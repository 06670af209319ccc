//! How a command shows what changes: for a person, for a pull request, for a script.

use clap::Args;
use toolwright_codegen::diff::Format;

/// The format of an answer.
#[derive(Debug, Clone, Copy, Args)]
pub struct Shown {
    /// How the change is shown: text, markdown or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// The same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl Shown {
    pub(crate) fn format(self) -> Format {
        match self.json {
            true => Format::Json,
            false => self.format,
        }
    }
}
