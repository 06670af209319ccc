//! The packages that go into the binary, as cargo resolves them.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use toolwright_document::Json;

use crate::console::{Failure, Result};
use crate::workspace::Workspace;

/// One package.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// `crates.io`, `local`, or the address of another registry or repository.
    pub(crate) source: String,
    /// An SPDX expression.
    pub(crate) licence: Option<String>,
    pub(crate) folder: PathBuf,
    /// SHA-256 of the package as its registry serves it.
    pub(crate) checksum: Option<String>,
    /// Places in [`Graph::packages`].
    pub(crate) dependencies: BTreeSet<usize>,
}

/// All of them, by name and version.
#[derive(Debug)]
pub(crate) struct Graph {
    pub(crate) packages: Vec<Package>,
    /// The package that the binary is made of.
    pub(crate) root: usize,
    /// The binary's name.
    pub(crate) binary: String,
}

impl Graph {
    /// The graph below the first binary of the workspace's default members.
    pub(crate) fn read(workspace: &Workspace) -> Result<Self> {
        let text = cargo(
            workspace,
            &["metadata", "--format-version", "1", "--locked"],
        )?;
        let metadata =
            Json::parse(&text).map_err(|error| Failure::new(format!("cargo metadata: {error}")))?;
        let (root, binary) = root(&metadata)
            .ok_or_else(|| Failure::new("no default member of the workspace has a binary"))?;
        let chosen = chosen(workspace, &name_of(&metadata, &root).unwrap_or_default())?;
        let checksums = checksums(workspace);
        let mut found: BTreeMap<(String, String, String), Package> = BTreeMap::new();
        for package in list(&metadata, "packages") {
            let (name, version) = (text_of(package, "name"), text_of(package, "version"));
            if !chosen.contains(&(name.clone(), version.clone())) {
                continue;
            }
            let id = text_of(package, "id");
            let manifest = PathBuf::from(text_of(package, "manifest_path"));
            let entry = Package {
                source: source(package.get("source").and_then(Json::as_str)),
                licence: package
                    .get("license")
                    .and_then(Json::as_str)
                    .map(str::to_owned),
                folder: manifest.parent().map(PathBuf::from).unwrap_or_default(),
                checksum: checksums.get(&(name.clone(), version.clone())).cloned(),
                dependencies: BTreeSet::new(),
                name: name.clone(),
                version: version.clone(),
            };
            found.insert((name, version, id), entry);
        }
        let places: BTreeMap<String, usize> = found
            .keys()
            .enumerate()
            .map(|(at, (_, _, id))| (id.clone(), at))
            .collect();
        let mut packages: Vec<Package> = found.into_values().collect();
        link(&metadata, &places, &mut packages);
        let root = places
            .get(&root)
            .copied()
            .ok_or_else(|| Failure::new("cargo tree does not name the binary's package"))?;
        Ok(Self {
            packages,
            root,
            binary,
        })
    }
}

/// Edges of the kinds that end up in the binary or take part in its build.
fn link(metadata: &Json, places: &BTreeMap<String, usize>, packages: &mut [Package]) {
    let nodes = metadata
        .get("resolve")
        .map(|resolve| list(resolve, "nodes"))
        .unwrap_or_default();
    for node in nodes {
        let Some(at) = places.get(&text_of(node, "id")) else {
            continue;
        };
        for edge in list(node, "deps") {
            let kinds = list(edge, "dep_kinds").iter();
            let counts = kinds
                .map(|kind| kind.get("kind").and_then(Json::as_str))
                .any(|kind| kind != Some("dev"));
            if let Some(to) = places.get(&text_of(edge, "pkg")).filter(|_| counts)
                && let Some(package) = packages.get_mut(*at)
            {
                package.dependencies.insert(*to);
            }
        }
    }
}

/// Names and versions that a build of this package needs, with its features and no others.
fn chosen(workspace: &Workspace, root: &str) -> Result<BTreeSet<(String, String)>> {
    let arguments = [
        "tree",
        "--locked",
        "-p",
        root,
        "-e",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ];
    let text = cargo(workspace, &arguments)?;
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let name = words.next()?.to_owned();
        Some((name, words.next()?.strip_prefix('v')?.to_owned()))
    };
    Ok(text.lines().filter_map(line).collect())
}

fn root(metadata: &Json) -> Option<(String, String)> {
    let members = list(metadata, "workspace_default_members")
        .iter()
        .filter_map(Json::as_str);
    let packages = list(metadata, "packages");
    members.into_iter().find_map(|id| {
        let package = packages
            .iter()
            .find(|package| text_of(package, "id") == id)?;
        let is_binary = |target: &&Json| {
            list(target, "kind")
                .iter()
                .any(|kind| kind.as_str() == Some("bin"))
        };
        let binary = list(package, "targets").iter().find(is_binary)?;
        Some((id.to_owned(), text_of(binary, "name")))
    })
}

fn name_of(metadata: &Json, id: &str) -> Option<String> {
    let package = list(metadata, "packages")
        .iter()
        .find(|package| text_of(package, "id") == id)?;
    Some(text_of(package, "name"))
}

/// SHA-256 sums that Cargo.lock has on record.
fn checksums(workspace: &Workspace) -> BTreeMap<(String, String), String> {
    let text = std::fs::read_to_string(workspace.root().join("Cargo.lock")).unwrap_or_default();
    let lock: toml::Table = toml::from_str(&text).unwrap_or_default();
    let packages = lock.get("package").and_then(toml::Value::as_array);
    let read = |package: &toml::Value| {
        let text = |key: &str| {
            package
                .get(key)
                .and_then(toml::Value::as_str)
                .map(str::to_owned)
        };
        Some(((text("name")?, text("version")?), text("checksum")?))
    };
    packages.into_iter().flatten().filter_map(read).collect()
}

fn source(source: Option<&str>) -> String {
    match source {
        None => "local".to_owned(),
        Some(source)
            if source.contains("github.com/rust-lang/crates.io-index")
                || source.contains("index.crates.io") =>
        {
            "crates.io".to_owned()
        }
        Some(source) => source.to_owned(),
    }
}

fn list<'j>(json: &'j Json, key: &str) -> &'j [Json] {
    json.get(key).and_then(Json::as_array).unwrap_or_default()
}

fn text_of(json: &Json, key: &str) -> String {
    json.get(key)
        .and_then(Json::as_str)
        .unwrap_or_default()
        .to_owned()
}

pub(super) fn cargo(workspace: &Workspace, arguments: &[&str]) -> Result<String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(arguments)
        .current_dir(workspace.root())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    let done = command
        .output()
        .map_err(|error| Failure::new(format!("cargo: {error}")))?;
    if !done.status.success() {
        return Err(Failure::new(format!(
            "`cargo {}` failed",
            arguments.join(" ")
        )));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
