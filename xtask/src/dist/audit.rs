//! The dependency list inside the binary, in the format of cargo-auditable: JSON, compressed with zlib, in the
//! section `.dep-v0`. Scanners read it from a binary that they know nothing else about.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use toolwright_document::Json;

use super::Graph;
use crate::console::{Failure, Result};

/// Adds the section.
pub(crate) fn embed(graph: &Graph, binary: &Path) -> Result<()> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let packed = encoder
        .write_all(list(graph).compact().as_bytes())
        .and_then(|()| encoder.finish());
    let packed = packed.map_err(|error| Failure::new(format!("zlib: {error}")))?;
    let section = binary.with_extension("dep-v0");
    fs::write(&section, packed)
        .map_err(|error| Failure::new(format!("{}: {error}", section.display())))?;
    let mut objcopy = Command::new("objcopy");
    objcopy
        .arg("--enable-deterministic-archives")
        .arg(format!("--add-section=.dep-v0={}", section.display()))
        .arg("--set-section-flags=.dep-v0=readonly,noload")
        .arg(binary)
        .stdin(Stdio::null());
    let done = objcopy.status();
    let _ = fs::remove_file(&section);
    match done {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("objcopy failed: {status}"))),
        Err(error) => Err(Failure::new(format!("objcopy: {error}"))
            .help("it puts the dependency list into the binary; install binutils")),
    }
}

fn list(graph: &Graph) -> Json {
    let packages = graph.packages.iter().enumerate().map(|(at, package)| {
        let mut json = Json::object()
            .with("name", package.name.as_str())
            .with("version", package.version.as_str())
            .with("source", package.source.as_str());
        if !package.dependencies.is_empty() {
            json.insert(
                "dependencies",
                package.dependencies.iter().copied().collect::<Json>(),
            );
        }
        if at == graph.root {
            json.insert("root", true);
        }
        json
    });
    Json::object().with("packages", packages.collect::<Json>())
}
