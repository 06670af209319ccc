//! `cargo xtask new`: a workspace of one's own, which adopts Toolwright without forking it.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::TempDir;
use url::Url;

use super::Add;
use crate::console::{Console, Failure, Result};
use crate::name::Name;
use crate::workspace::Workspace;

/// Writes a workspace with one example description, its own `cargo xtask`, and CI.
#[derive(Debug, Args)]
pub struct New {
    /// The folder; it must not exist, or be empty
    pub dir: PathBuf,
    /// Where Toolwright comes from: a folder, or the URL of a git repository [default: this workspace]
    #[arg(long, value_name = "DIR|URL")]
    pub toolwright: Option<String>,
}

/// Path and text of every file that is written as it stands, but for `{{…}}`.
const FILES: [(&str, &str); 11] = [
    ("README.md", include_str!("../../templates/README.md")),
    ("Cargo.toml", include_str!("../../templates/Cargo.toml")),
    ("src/main.rs", include_str!("../../templates/main.rs")),
    (
        "xtask/Cargo.toml",
        include_str!("../../templates/xtask.toml"),
    ),
    (
        "xtask/src/main.rs",
        include_str!("../../templates/xtask.rs"),
    ),
    (
        ".cargo/config.toml",
        include_str!("../../templates/config.toml"),
    ),
    (
        ".github/workflows/ci.yml",
        include_str!("../../templates/ci.yml"),
    ),
    (
        ".gitattributes",
        "# Digests are taken over bytes: no checkout may change a line end.\nbuild-specs/** -text\n",
    ),
    (".gitignore", "/target\n"),
    (EXAMPLE, include_str!("../../templates/notes.yaml")),
    (
        "toolwright.yaml",
        include_str!("../../templates/toolwright.yaml"),
    ),
];

const EXAMPLE: &str = "specs/notes.yaml";

/// Names of packages that are in the graph already, or that Rust keeps for itself.
const TAKEN: [&str; 9] = [
    "alloc",
    "build-specs",
    "build_specs",
    "core",
    "proc_macro",
    "std",
    "test",
    "toolwright",
    "xtask",
];

impl New {
    pub(super) fn run(&self, workspace: &Workspace, console: &mut Console<'_>) -> Result<()> {
        let dir = std::path::absolute(&self.dir).map_err(|error| at(&self.dir, &error))?;
        if dir.exists() && !fs::read_dir(&dir).is_ok_and(|mut entries| entries.next().is_none()) {
            return Err(
                Failure::new(format!("{} is there already", self.dir.display()))
                    .help("name a new folder"),
            );
        }
        let origin = self.origin(workspace)?;
        let name = package(&dir);
        let parent = dir.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(parent).map_err(|error| at(parent, &error))?;
        // Beside its place until it is complete.
        let staging =
            TempDir::with_prefix_in(".new-", parent).map_err(|error| at(parent, &error))?;
        let root = staging.path().join("workspace");
        for (path, text) in FILES {
            let text = text
                .replace("{{name}}", &name)
                .replace("{{server}}", &origin.package("crates/server"))
                .replace("{{runtime}}", &origin.package("crates/runtime"))
                .replace("{{xtask}}", &origin.package("xtask"));
            write(&root.join(path), text.as_bytes())?;
        }
        // The versions that Toolwright was tested with.
        if let Ok(lock) = fs::read(workspace.root().join("Cargo.lock")) {
            write(&root.join("Cargo.lock"), &lock)?;
        }
        fs::create_dir_all(root.join("build-specs")).map_err(|error| at(&root, &error))?;
        self.example(&root, console)?;
        if dir.exists() {
            fs::remove_dir(&dir).map_err(|error| at(&dir, &error))?;
        }
        fs::rename(&root, &dir).map_err(|error| at(&dir, &error))?;
        console.note(format_args!(
            "wrote {}\nnext: cd there; cargo xtask add NAME FILE-OR-URL; cargo run -- check; README.md says more",
            self.dir.display()
        ));
        Ok(())
    }

    /// Compiles the example in.
    fn example(&self, root: &Path, console: &mut Console<'_>) -> Result<()> {
        let add = Add {
            name: "notes".parse::<Name>().map_err(Failure::new)?,
            spec: root.join(EXAMPLE).display().to_string(),
            url: None,
            source: Some(EXAMPLE.to_owned()),
            root: None,
            toolset: None,
            strict: false,
            allow_remote: false,
            allow_private: false,
        };
        let mut quiet = Vec::new();
        let mut told = Vec::new();
        let done = add.run(
            &Workspace::at(root)?,
            &mut Console::new(&mut quiet, &mut told),
        );
        if done.is_err() {
            console.warn(String::from_utf8_lossy(&told).trim_end());
        }
        done
    }

    fn origin(&self, workspace: &Workspace) -> Result<Origin> {
        let Some(given) = &self.toolwright else {
            return Origin::folder(workspace.root());
        };
        match Url::parse(given) {
            Ok(url) if url.scheme().len() > 1 => Ok(Origin::Git(url)),
            _ => Origin::folder(Path::new(given)),
        }
    }
}

/// Where the packages of Toolwright are.
enum Origin {
    Folder(PathBuf),
    Git(Url),
}

impl Origin {
    fn folder(path: &Path) -> Result<Self> {
        let root = path.canonicalize().map_err(|error| at(path, &error))?;
        match root.join("crates/server/Cargo.toml").is_file() {
            true => Ok(Self::Folder(root)),
            false => Err(
                Failure::new(format!("{} does not hold Toolwright", path.display()))
                    .help("name its folder or its git repository: --toolwright DIR|URL"),
            ),
        }
    }

    /// The place of a package as a manifest has it.
    fn package(&self, path: &str) -> String {
        match self {
            Self::Folder(root) => {
                let place = root.join(path).display().to_string();
                format!("path = {}", toml::Value::String(place))
            }
            Self::Git(url) => format!("git = {}", toml::Value::String(url.to_string())),
        }
    }
}

/// A package name like that of the folder.
fn package(dir: &Path) -> String {
    let file = dir.file_name().unwrap_or_default().to_string_lossy();
    let name = Name::from_file(&file.replace('.', "-"))
        .as_str()
        .to_ascii_lowercase();
    match TAKEN.contains(&name.as_str()) || is_keyword(&name) {
        true => format!("{name}-gateway"),
        false => name,
    }
}

/// Words that cargo refuses as names of packages.
fn is_keyword(name: &str) -> bool {
    const WORDS: [&str; 38] = [
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
        "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "if", "impl", "in",
        "let", "loop", "macro", "match", "mod", "move", "mut", "pub", "ref", "return", "static",
        "struct", "trait", "type", "use", "while",
    ];
    WORDS.contains(&name)
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(|error| at(parent, &error))?;
    fs::write(path, content).map_err(|error| at(path, &error))
}

fn at(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}
