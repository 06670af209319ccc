//! Expressions, laid out as rustfmt would.
//!
//! prettyplease breaks expressions by rules of its own, so what it makes of them is not what `cargo fmt` leaves alone.
//! Generated code needs half a dozen forms; these are rustfmt's rules for them (default settings, style edition 2024).

/// The longest line.
pub(crate) const MAX_WIDTH: usize = 100;
/// The longest list of arguments or elements on one line, and the longest chain of calls.
const LIST_WIDTH: usize = 60;
/// The longest list of struct fields on one line.
const FIELDS_WIDTH: usize = 18;

/// An expression. Text from descriptions enters as [`crate::text::literal`] only.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    /// Anything that is never broken.
    Atom(String),
    /// `callee(args)`
    Call(String, Vec<Expr>),
    /// `root.a(…).b(…)`
    Chain(Box<Expr>, Vec<(&'static str, Vec<Expr>)>),
    /// `Path { name: value }`; the name `..` is the rest, and comes last.
    Struct(String, Vec<(&'static str, Expr)>),
    /// `&[a, b]`
    Slice(Vec<Expr>),
    /// `|params| body`
    Closure(&'static str, Box<Expr>),
}

impl Expr {
    pub(crate) fn atom(text: impl Into<String>) -> Self {
        Self::Atom(text.into())
    }

    pub(crate) fn text(value: &str) -> Self {
        Self::Atom(crate::text::literal(value))
    }

    /// Whether it is a list without elements.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Slice(items) if items.is_empty())
    }

    /// On one line, or nothing when a part of it never is.
    fn flat(&self) -> Option<String> {
        match self {
            Self::Atom(text) => Some(text.clone()),
            Self::Call(callee, args) => Some(format!("{callee}({})", list(args, LIST_WIDTH)?)),
            Self::Chain(root, calls) => {
                let mut line = root.flat()?;
                for (name, args) in calls {
                    line.push_str(&format!(".{name}({})", list(args, LIST_WIDTH)?));
                }
                (calls.len() == 1 || width(&line) <= LIST_WIDTH).then_some(line)
            }
            Self::Struct(path, fields) => {
                let mut parts = Vec::new();
                for (name, value) in fields {
                    let colon = if *name == ".." { "" } else { ": " };
                    parts.push(format!("{name}{colon}{}", value.flat()?));
                }
                let inner = parts.join(", ");
                (width(&inner) <= FIELDS_WIDTH).then(|| format!("{path} {{ {inner} }}"))
            }
            Self::Slice(items) => Some(format!("&[{}]", list(items, LIST_WIDTH)?)),
            Self::Closure(params, body) => Some(format!("|{params}| {}", body.flat()?)),
        }
    }

    /// The text, where the first line has `used` columns before it and `tail` columns after it, and further lines
    /// are indented by at least `indent`.
    pub(crate) fn lay_out(&self, indent: usize, used: usize, tail: usize) -> String {
        if let Some(flat) = self.flat()
            && used + width(&flat) + tail <= MAX_WIDTH
        {
            return flat;
        }
        let inner = indent + 4;
        let pad = " ".repeat(inner);
        let end = " ".repeat(indent);
        let rows = |items: &[Expr]| -> String {
            items
                .iter()
                .map(|item| format!("{pad}{},\n", item.lay_out(inner, inner, 1)))
                .collect()
        };
        match self {
            Self::Atom(text) => text.clone(),
            Self::Call(callee, args) => format!("{callee}(\n{}{end})", rows(args)),
            Self::Chain(root, calls) => {
                let mut text = root.lay_out(indent, used, 0);
                // Calls after a root that takes several lines stand below its closing bracket.
                let step = if text.contains('\n') { indent } else { inner };
                for (at, (name, args)) in calls.iter().enumerate() {
                    let tail = if at + 1 == calls.len() { tail } else { 0 };
                    let call =
                        Self::Call(format!(".{name}"), args.clone()).lay_out(step, step, tail);
                    text.push_str(&format!("\n{}{call}", " ".repeat(step)));
                }
                text
            }
            Self::Struct(path, fields) => {
                let mut text = format!("{path} {{\n");
                for (name, value) in fields {
                    let value = value.lay_out(inner, inner + name.len() + 2, 1);
                    match *name {
                        ".." => text.push_str(&format!("{pad}..{value}\n")),
                        name => text.push_str(&format!("{pad}{name}: {value},\n")),
                    }
                }
                text + &end + "}"
            }
            Self::Slice(items) => match items.as_slice() {
                // A single element that takes several lines hugs the brackets.
                [item @ Self::Struct(..)] => {
                    format!("&[{}]", item.lay_out(indent, used + 2, tail + 1))
                }
                _ => format!("&[\n{}{end}]", rows(items)),
            },
            Self::Closure(params, body) => format!(
                "|{params}| {{\n{pad}{}\n{end}}}",
                body.lay_out(inner, inner, 0)
            ),
        }
    }
}

fn list(items: &[Expr], limit: usize) -> Option<String> {
    // A single text may take all of the line.
    if let [Expr::Atom(text)] = items {
        return Some(text.clone());
    }
    let mut parts = Vec::new();
    for item in items {
        parts.push(item.flat()?);
    }
    let inner = parts.join(", ");
    (width(&inner) <= limit).then_some(inner)
}

/// Columns that `text` takes on a screen.
pub(crate) fn width(text: &str) -> usize {
    match text.is_ascii() {
        true => text.len(),
        false => unicode_width::UnicodeWidthStr::width(text),
    }
}
