//! Identifiers that Rust accepts, and scopes in which they are unique.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::hash8;
use super::words::{camel, snake, upper_snake};

/// A valid Rust identifier (raw where it is a keyword). Only this module makes them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ident(String);

impl Ident {
    /// As it stands in the code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without `r#`.
    pub fn bare(&self) -> &str {
        self.0.strip_prefix("r#").unwrap_or(&self.0)
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an identifier is for: its case, and the names that it must keep clear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A function: `headers` and `args` are the parameters of the closure that calls it.
    Function,
    /// A struct or enum beside those of the prelude.
    Type,
    /// A variant of an enum.
    Variant,
    /// A field.
    Field,
    /// A module and its file.
    Module,
    /// A static.
    Static,
}

/// Rust keywords of edition 2024, strict and reserved.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Beyond this a name is cut: `Option<Json<Vec<…>>>` of it has to fit on a line.
const LONGEST: usize = 64;

/// Keywords that cannot be raw.
const NEVER_RAW: &[&str] = &["self", "super", "crate", "Self"];

/// Type names that generated code, the prelude or the derive rely on.
const TAKEN_TYPES: &[&str] = &[
    "Any",
    "Args",
    "Arguments",
    "Box",
    "Bytes",
    "Cookie",
    "Debug",
    "Decode",
    "Default",
    "Encode",
    "Err",
    "Error",
    "File",
    "Group",
    "HeaderBag",
    "Integer",
    "Into",
    "Json",
    "Map",
    "Number",
    "None",
    "Object",
    "Ok",
    "Option",
    "Placed",
    "Request",
    "Result",
    "SecurityScheme",
    "Self",
    "Some",
    "String",
    "Style",
    "Tool",
    "Toolset",
    "Value",
    "Vec",
    "Xml",
    "XmlHints",
];

/// Module names that are roots of other paths, or file names that Cargo or Windows read otherwise.
const TAKEN_MODULES: &[&str] = &[
    "alloc",
    "aux",
    "bin",
    "build",
    "con",
    "core",
    "lib",
    "main",
    "nul",
    "prn",
    "proc_macro",
    "std",
    "test",
    "toolwright_runtime",
    "tests",
    "types",
    "mod",
];

impl Role {
    /// The identifier that `text` is called by in this role, were it alone.
    pub fn ident(self, text: &str) -> Ident {
        let name = match self {
            Role::Type | Role::Variant => camel(text),
            Role::Static => upper_snake(text),
            Role::Function | Role::Field | Role::Module => snake(text),
        };
        // An unspeakable text still has a spelling of its own.
        let name = match name.is_empty() {
            false => name,
            true if text.is_empty() => self.cased("empty"),
            true => self.cased(&format!("x{}", hash8(text))),
        };
        self.legal(super::shorten(name, text, LONGEST))
    }

    fn cased(self, text: &str) -> String {
        match self {
            Role::Type | Role::Variant => camel(text),
            Role::Static => text.to_ascii_uppercase(),
            Role::Function | Role::Field | Role::Module => text.to_owned(),
        }
    }

    /// `name` moved clear of keywords, of digits in front, and of the names that are taken.
    fn legal(self, name: String) -> Ident {
        let mut name = match self {
            Role::Type | Role::Variant => name.replace('_', ""),
            _ => name,
        };
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            let front = match self {
                Role::Type | Role::Variant | Role::Static => "N",
                Role::Function | Role::Field | Role::Module => "n",
            };
            name.insert_str(0, front);
        }
        match self {
            Role::Function
                if matches!(
                    name.as_str(),
                    "headers" | "args" | "self" | "super" | "crate"
                ) =>
            {
                name.push_str("_tool");
            }
            Role::Type if TAKEN_TYPES.contains(&name.as_str()) => name.push_str("Type"),
            Role::Module
                if TAKEN_MODULES.contains(&name.as_str()) || NEVER_RAW.contains(&name.as_str()) =>
            {
                name.push_str("_tag");
            }
            _ if NEVER_RAW.contains(&name.as_str()) => name.push('_'),
            _ => {}
        }
        match KEYWORDS.contains(&name.as_str()) {
            true => Ident(format!("r#{name}")),
            false => Ident(name),
        }
    }

    /// As [`Role::ident`], with a hash of `identity` at the end.
    fn hashed(self, text: &str, identity: &str) -> Ident {
        let plain = self.ident(text);
        let hash = hash8(identity);
        let name = match self {
            Role::Type | Role::Variant => format!("{}H{hash}", plain.bare()),
            Role::Static => format!("{}_{}", plain.bare(), hash.to_ascii_uppercase()),
            Role::Function | Role::Field | Role::Module => format!("{}_{hash}", plain.bare()),
        };
        self.legal(name)
    }
}

/// Hands out identifiers of one scope. Ask for all names first, then take them: a clash changes all its members.
#[derive(Debug)]
pub struct Namer {
    role: Role,
    wishes: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Namer {
    /// An empty scope.
    pub fn new(role: Role) -> Self {
        Self {
            role,
            wishes: BTreeMap::new(),
            taken: BTreeSet::new(),
        }
    }

    /// A name that nobody may get.
    pub fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// `identity` would like to be called by `text`. Asking twice for one identity is asking once.
    pub fn wish(&mut self, identity: &str, text: &str) {
        self.wishes
            .entry(identity.to_owned())
            .or_insert_with(|| text.to_owned());
    }

    /// The names, by identity.
    pub fn names(self) -> BTreeMap<String, Ident> {
        let mut askers: BTreeMap<Ident, Vec<&String>> = BTreeMap::new();
        for (identity, text) in &self.wishes {
            askers
                .entry(self.role.ident(text))
                .or_default()
                .push(identity);
        }
        let mut names = BTreeMap::new();
        let alone = |ident: &Ident, askers: &[&String]| {
            askers.len() == 1 && !self.taken.contains(ident.bare())
        };
        let mut used: BTreeSet<String> = askers
            .iter()
            .filter(|(ident, who)| alone(ident, who))
            .map(|(ident, _)| ident.0.clone())
            .collect();
        for (ident, identities) in &askers {
            for identity in identities {
                let text = self.wishes.get(*identity).map_or("", String::as_str);
                let mut name = ident.clone();
                if !alone(ident, identities) {
                    // Nothing but a collision of hashes takes more than one round.
                    let mut spelling = (*identity).clone();
                    name = self.role.hashed(text, &spelling);
                    while used.contains(&name.0) || self.taken.contains(name.bare()) {
                        spelling.push('\'');
                        name = self.role.hashed(text, &spelling);
                    }
                    used.insert(name.0.clone());
                }
                names.insert((*identity).clone(), name);
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keywords_digits_and_taken_names_are_moved_aside() {
        for (role, text, expected) in [
            (Role::Field, "type", "r#type"),
            (Role::Field, "self", "self_"),
            (Role::Field, "2fa", "n2fa"),
            (Role::Field, "+1", "plus_1"),
            (Role::Field, "", "empty"),
            (Role::Function, "headers", "headers_tool"),
            (Role::Function, "gen", "r#gen"),
            (Role::Type, "Tool", "ToolType"),
            (Role::Type, "3d model", "N3dModel"),
            (Role::Variant, "self", "Self_"),
            (Role::Variant, "1080p", "N1080p"),
            (Role::Module, "types", "types_tag"),
            (Role::Module, "main", "main_tag"),
            (Role::Module, "crate", "crate_tag"),
        ] {
            assert_eq!(role.ident(text).as_str(), expected, "{role:?} {text}");
        }
    }

    #[test]
    fn every_member_of_a_clash_changes() {
        let mut namer = Namer::new(Role::Variant);
        for text in ["asc", "ASC", "desc"] {
            namer.wish(text, text);
        }
        let names = namer.names();
        assert_eq!(names["desc"].as_str(), "Desc");
        assert!(
            names["asc"].as_str().starts_with("AscH") && names["ASC"].as_str().starts_with("AscH")
        );
        assert_ne!(names["asc"], names["ASC"]);
    }

    proptest! {
        #[test]
        fn names_are_identifiers_unique_and_free_of_order(mut texts in prop::collection::vec(".{0,12}", 0..12)) {
            for role in [Role::Function, Role::Type, Role::Variant, Role::Field, Role::Module, Role::Static] {
                let ask = |texts: &[String]| {
                    let mut namer = Namer::new(role);
                    texts.iter().for_each(|text| namer.wish(text, text));
                    namer.names()
                };
                let names = ask(&texts);
                let distinct: BTreeSet<_> = names.values().collect();
                prop_assert_eq!(distinct.len(), names.len());
                for name in names.values() {
                    prop_assert!(syn::parse_str::<syn::Ident>(name.as_str()).is_ok(), "{}", name);
                }
                texts.reverse();
                prop_assert_eq!(ask(&texts), names);
            }
        }
    }
}
