//! Schemas of any dialect, read once into one graph of JSON Schema 2020-12.
//!
//! From the graph come the two views: what `inputSchema` shows ([`emit`]) and what Rust types can say
//! ([`crate::lower`]). A node is read once however often it is referred to, so its problems are reported once, and
//! the work grows with the text of the description. Reading follows a queue instead of the machine's stack.

mod allof;
mod binary;
mod cycles;
mod discriminator;
mod emit;
mod files;
mod finish;
mod intern;
mod keyword;
mod label;
mod merge;
mod numbers;
mod pattern;
mod read;
mod reader;
mod repair;

use std::collections::HashMap;

use toolwright_document::{Cursor, Json, NodeId};

pub(crate) use binary::is_binary_type;
pub use emit::{Emitted, Root, emit, emit_answer, emit_body};
pub(crate) use files::{FILE, Files};
pub use merge::{Merged, Types};
pub(crate) use numbers::whole;

use crate::load::Documents;
use crate::model::Dialect;
use crate::problem::Problems;

/// A node of a [`Graph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(u32);

/// The value of a keyword.
#[derive(Debug, Clone, PartialEq)]
pub enum Word {
    /// Plain JSON, checked.
    Json(Json),
    /// A schema.
    Schema(Id),
    /// A list of schemas.
    List(Vec<Id>),
    /// Schemas by name.
    Map(Vec<(String, Id)>),
    /// `$ref`
    Ref(Id),
}

/// A schema.
#[derive(Debug, Clone)]
pub struct Node<'d> {
    /// Where it stands, for messages.
    pub at: Cursor<'d>,
    /// Its keywords in the order of the text.
    pub words: Vec<(&'static str, Word)>,
    /// The schema `false`.
    pub never: bool,
    /// Answers alone have it; in a graph of answers, requests alone.
    pub read_only: bool,
    /// The XML object.
    pub xml: Option<Cursor<'d>>,
    /// The discriminator object.
    pub discriminator: Option<Cursor<'d>>,
    /// Whether a reference leads here, so that types and `$defs` can be called by its name.
    pub named: bool,
    /// A name of our own for it.
    pub alias: Option<&'static str>,
    /// What makes it another schema than the one that stands at its place.
    pub variant: Option<String>,
    /// The dynamic anchors that were in force where it was referred to, if there were any.
    pub scope: Option<String>,
    /// The rules it was written by.
    pub dialect: Dialect,
}

impl<'d> Node<'d> {
    fn new(at: Cursor<'d>, dialect: Dialect) -> Self {
        Self {
            at,
            words: Vec::new(),
            never: false,
            read_only: false,
            xml: None,
            discriminator: None,
            named: false,
            alias: None,
            variant: None,
            scope: None,
            dialect,
        }
    }

    /// The value of a keyword.
    pub fn word(&self, keyword: &str) -> Option<&Word> {
        self.words
            .iter()
            .find(|(name, _)| *name == keyword)
            .map(|(_, word)| word)
    }

    /// The value of a keyword that is plain JSON.
    pub fn json(&self, keyword: &str) -> Option<&Json> {
        match self.word(keyword) {
            Some(Word::Json(json)) => Some(json),
            _ => None,
        }
    }

    /// Where `$ref` leads.
    pub fn target(&self) -> Option<Id> {
        match self.word("$ref") {
            Some(Word::Ref(id)) => Some(*id),
            _ => None,
        }
    }

    fn list(&self, keyword: &str) -> &[Id] {
        match self.word(keyword) {
            Some(Word::List(ids)) => ids,
            _ => &[],
        }
    }

    fn set(&mut self, keyword: &'static str, word: Word) {
        match self.words.iter_mut().find(|(name, _)| *name == keyword) {
            Some((_, old)) => *old = word,
            None => self.words.push((keyword, word)),
        }
    }

    fn drop_word(&mut self, keyword: &str) {
        self.words.retain(|(name, _)| *name != keyword);
    }
}

/// Thirty times what the largest known descriptions need.
const MOST_NODES: usize = 300_000;

/// All schemas that tools need.
pub struct Graph<'d> {
    documents: &'d Documents,
    /// Whether the schemas are those of answers: then `writeOnly` hides, and `readOnly` does not.
    answers: bool,
    nodes: Vec<Node<'d>>,
    known: HashMap<Key, Id>,
    queue: Vec<(Id, Key, Cursor<'d>)>,
    scopes: Vec<intern::Scope>,
    patterns: HashMap<String, pattern::Verdict>,
    file: Option<Id>,
    /// Where more was asked for than is read.
    overflow: Option<Cursor<'d>>,
    finished: usize,
}

/// What makes a node: its place, the rules, whether it is a Swagger 2.0 parameter, the dynamic scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    place: NodeId,
    dialect: Dialect,
    parameter: bool,
    scope: usize,
}

impl<'d> Graph<'d> {
    /// An empty graph over these documents.
    pub fn new(documents: &'d Documents) -> Self {
        Self {
            documents,
            answers: false,
            nodes: Vec::new(),
            known: HashMap::new(),
            queue: Vec::new(),
            scopes: vec![intern::Scope::default()],
            patterns: HashMap::new(),
            file: None,
            overflow: None,
            finished: 0,
        }
    }

    /// An empty graph for the schemas of answers.
    pub fn of_answers(documents: &'d Documents) -> Self {
        Self {
            answers: true,
            ..Self::new(documents)
        }
    }

    /// A node. Ids come from this graph alone, so it is there.
    pub fn node(&self, id: Id) -> &Node<'d> {
        &self.nodes[id.0 as usize]
    }

    fn node_mut(&mut self, id: Id) -> &mut Node<'d> {
        &mut self.nodes[id.0 as usize]
    }

    /// Takes in a node that was put together.
    fn push(&mut self, node: Node<'d>) -> Id {
        let id = Id(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        id
    }

    /// Reads what was asked for, with everything it refers to, and mends what cannot be.
    pub fn settle(&mut self, problems: &mut Problems) {
        self.read_queue(problems);
        if let Some(at) = self.overflow {
            let message = format!("the description needs more than {MOST_NODES} schemas");
            problems
                .error(at, message)
                .help("leave operations out with `include` or `exclude` in toolset.toml");
        }
        let fresh: Vec<Id> = (self.finished..self.nodes.len())
            .map(|at| Id(at as u32))
            .collect();
        self.break_cycles(&fresh, problems);
        self.hide_read_only(&fresh);
        self.tag_alternatives(&fresh);
        self.finished = self.nodes.len();
    }
}

impl std::fmt::Debug for Graph<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Graph")
            .field("nodes", &self.nodes.len())
            .finish_non_exhaustive()
    }
}
