//! The server with lists that the compiler wrote, and nothing behind their tools: whoever only wants to see what
//! `tools/list` says need not build the code beside them. LISTED is a folder of what `cargo xtask inspect --emit` writes;
//! the lists of LISTED/NAME/src/*.json are the toolset NAME. Everything else is the server's own.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Deserialize;
use toolwright_runtime::{Group, Tool, Toolset};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    Ok(toolwright::main(toolsets()?))
}

/// As the server wants them: until the process ends.
fn toolsets() -> Result<&'static [&'static Toolset], Box<dyn Error>> {
    let folder = std::env::var_os("LISTED").ok_or("LISTED names no folder")?;
    let mut toolsets = Vec::new();
    for folder in within(Path::new(&folder))? {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let mut groups = Vec::new();
        for file in within(&folder.join("src"))? {
            if file
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                groups.push(group(&file).map_err(|error| format!("{}: {error}", file.display()))?);
            }
        }
        toolsets.push(&*Box::leak(Box::new(Toolset {
            name: name.into_owned().leak(),
            groups: groups.leak(),
            ..Toolset::PLAIN
        })));
    }
    Ok(toolsets.leak())
}

fn group(file: &Path) -> Result<Group, Box<dyn Error>> {
    #[derive(Deserialize)]
    struct Listed {
        name: String,
    }
    let list: &'static str = fs::read_to_string(file)?.leak();
    let listed: Vec<Listed> = serde_json::from_str(list)?;
    let tools = listed.into_iter().map(|listed| Tool {
        name: listed.name.leak(),
        endpoint: "GET /",
        ..Tool::PLAIN
    });
    let tag = file.file_stem().unwrap_or_default().to_string_lossy();
    Ok(Group {
        tag: tag.into_owned().leak(),
        tools: tools.collect::<Vec<_>>().leak(),
        list,
    })
}

/// What is in a folder, in the order of the names.
fn within(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}
