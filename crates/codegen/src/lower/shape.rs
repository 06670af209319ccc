//! Types to be, before they are named.

use toolwright_document::Json;

use crate::schema::{Merged, Word, whole};

/// A type to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    Bool,
    I64,
    U64,
    Integer,
    Number,
    Text,
    Bytes,
    File,
    Any,
    Named(usize),
    List(Box<Shape>),
    Map(Box<Shape>),
    /// Or `null`.
    Maybe(Box<Shape>),
}

impl Shape {
    pub(super) fn present(&self) -> &Shape {
        match self {
            Shape::Maybe(inner) => inner.present(),
            other => other,
        }
    }

    pub(super) fn maybe(self, nullable: bool) -> Shape {
        match (&self, nullable) {
            (Shape::Maybe(_) | Shape::Any, _) | (_, false) => self,
            (_, true) => Shape::Maybe(Box::new(self)),
        }
    }

    /// Whether it is written without parts. An enum is; [`Shapes`] alone tells it from a struct.
    pub(super) fn is_scalar(&self) -> bool {
        use Shape::{Bool, Bytes, I64, Integer, Number, Text, U64};
        matches!(
            self.present(),
            Bool | I64 | U64 | Integer | Number | Text | Bytes
        )
    }
}

/// Whose type it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// A component's: in `types.rs`.
    Shared,
    /// Of the tool with this number.
    Tool(usize),
}

/// A type that has a name.
#[derive(Debug)]
pub(super) struct Def {
    pub owner: Owner,
    /// What tells it from all others.
    pub identity: String,
    /// What it would like to be called by.
    pub text: String,
    /// Whether it is a schema that others refer to.
    pub component: bool,
    pub about: Option<String>,
    pub kind: DefKind,
}

#[derive(Debug)]
pub(super) enum DefKind {
    /// Waits in the queue.
    Open,
    Struct(Vec<Member>),
    Enum(Vec<String>),
    Union {
        tag: String,
        variants: Vec<(Vec<String>, Shape)>,
    },
}

#[derive(Debug)]
pub(super) struct Member {
    pub wire: String,
    pub about: Option<String>,
    pub required: bool,
    pub shape: Shape,
}

/// The type of a field of the arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// Beside its JSON text.
    pub json: bool,
    pub shape: Shape,
}

/// What an inline type is called by: the path to it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub owner: Owner,
    pub identity: String,
    pub text: String,
}

impl Place {
    pub(super) fn below(&self, name: &str) -> Place {
        Place {
            owner: self.owner,
            identity: format!(
                "{}/{}",
                self.identity,
                name.replace('~', "~0").replace('/', "~1")
            ),
            text: format!("{} {name}", self.text),
        }
    }
}

/// Formats and bounds that fit a machine's integers; all others keep their text.
pub(super) fn integer(merged: &Merged<'_, '_>) -> Shape {
    let format = merged.text("format").unwrap_or_default();
    let bound = |keyword| {
        merged.all(keyword).find_map(|word| match word {
            Word::Json(Json::Number(text)) => whole(text),
            _ => None,
        })
    };
    let low = bound("minimum").or_else(|| bound("exclusiveMinimum"));
    let high = bound("maximum").or_else(|| bound("exclusiveMaximum"));
    let fits = |bound: Option<i128>| bound.is_some_and(|bound| i64::try_from(bound).is_ok());
    match format {
        "int8" | "int16" | "int32" | "int64" => Shape::I64,
        "uint8" | "uint16" | "uint32" | "uint64" if low.is_none_or(|low| low >= 0) => Shape::U64,
        _ if fits(low) && fits(high) => Shape::I64,
        _ => Shape::Integer,
    }
}

impl Def {
    /// The path to what is in it.
    pub(super) fn place(&self) -> Place {
        Place {
            owner: self.owner,
            identity: self.identity.clone(),
            text: self.text.clone(),
        }
    }
}
