//! YAML events to nodes. The scanning is saphyr-parser's, the bounds and the meaning are ours.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use crate::Limits;
use crate::builder::Builder;
use crate::error::Fault;
use crate::position::LineIndex;
use crate::reindent::reindent;
use crate::scalar::{Plain, resolve};
use crate::tree::{NodeKind, Tree};

pub(crate) fn parse(source: &str, lines: &LineIndex, limits: &Limits) -> Result<Tree, Fault> {
    let fault = match events(source, lines, limits, |offset| offset) {
        Ok(tree) => return Ok(tree),
        Err(fault) => fault,
    };
    if !fault.message.starts_with(INDENTATION) {
        return Err(fault);
    }
    let Some(indented) = reindent(source) else {
        return Err(fault);
    };
    let lines = LineIndex::new(&indented.text);
    // Strings are kept apart from the source, so that the tree of the one text serves the other.
    events(&indented.text, &lines, limits, |offset| {
        indented.original(offset)
    })
    .map_err(|_| fault)
}

/// How the scanner's messages about columns begin.
const INDENTATION: &str = "invalid indentation";

fn events(
    source: &str,
    lines: &LineIndex,
    limits: &Limits,
    original: impl Fn(usize) -> usize,
) -> Result<Tree, Fault> {
    let mut reader = Reader {
        limits,
        builder: Builder::new(source, limits),
        stack: Vec::new(),
        anchors: HashMap::new(),
        aliased: 0,
        documents: 0,
    };
    let mut parser = Parser::new_from_str(source);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                let offset = original(lines.offset_of_char(source, span.start.index()));
                reader.event(event, offset)?;
            }
            Err(error) => {
                let offset = original(lines.offset_of_char(source, error.marker().index()));
                return Err(Fault::syntax(offset, error.info()));
            }
        }
    }
    Ok(reader.builder.finish())
}

/// An open mapping or sequence.
struct Frame {
    /// In a mapping, whether a key comes next.
    key: Option<bool>,
    /// Values in it so far, aliases followed.
    size: usize,
    /// Levels below it so far.
    height: usize,
    anchor: usize,
    node: u32,
}

#[derive(Clone, Copy)]
struct Anchor {
    node: u32,
    size: usize,
    height: usize,
}

struct Reader<'a> {
    limits: &'a Limits,
    builder: Builder<'a>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Anchor>,
    /// Values that aliases stood for so far.
    aliased: usize,
    documents: usize,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, offset: usize) -> Result<(), Fault> {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    let message = "a second YAML document begins here; a file holds one";
                    return Err(Fault::syntax(offset, message));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_deref();
                if self.key_next() {
                    self.key(&text, style, anchor, tag, offset)?;
                } else {
                    let kind = self.kind(&text, style, tag);
                    let node = self.builder.scalar(kind, offset)?;
                    self.done(
                        Anchor {
                            node,
                            size: 1,
                            height: 0,
                        },
                        anchor,
                    );
                }
            }
            Event::Alias(id) => self.alias(id, offset)?,
            Event::MappingStart(anchor, _) => self.open(true, anchor, offset)?,
            Event::SequenceStart(anchor, _) => self.open(false, anchor, offset)?,
            Event::MappingEnd | Event::SequenceEnd => self.close(),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn key_next(&self) -> bool {
        self.stack
            .last()
            .is_some_and(|frame| frame.key == Some(true))
    }

    fn key(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        offset: usize,
    ) -> Result<(), Fault> {
        let merge_tag = |tag: &Tag| tag.is_yaml_core_schema() && tag.suffix == "merge";
        if text == "<<" && style == ScalarStyle::Plain && tag.is_none_or(merge_tag) {
            self.builder.merge_key(offset);
        } else {
            let key = self.builder.decoded(text);
            self.builder.key(key, offset);
            if anchor != 0 {
                let node = self.builder.detached(NodeKind::String(key), offset)?;
                self.anchors.insert(
                    anchor,
                    Anchor {
                        node,
                        size: 1,
                        height: 0,
                    },
                );
            }
        }
        self.value_next();
        Ok(())
    }

    fn value_next(&mut self) {
        if let Some(frame) = self.stack.last_mut() {
            frame.key = frame.key.map(|_| false);
        }
    }

    fn kind(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>) -> NodeKind {
        // `!!str` and `!` make a string of anything; other tags change nothing.
        let string =
            tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str" || is_bare(tag));
        let typed = tag.is_some_and(|tag| {
            tag.is_yaml_core_schema()
                && matches!(tag.suffix.as_str(), "int" | "float" | "bool" | "null")
        });
        if string || style != ScalarStyle::Plain && !typed {
            return NodeKind::String(self.builder.decoded(text));
        }
        match resolve(text) {
            Plain::Null => NodeKind::Null,
            Plain::Bool(value) => NodeKind::Bool(value),
            Plain::Number(number) => NodeKind::Number(self.builder.decoded(&number)),
            Plain::String => NodeKind::String(self.builder.decoded(text)),
        }
    }

    fn open(&mut self, object: bool, anchor: usize, offset: usize) -> Result<(), Fault> {
        if self.key_next() {
            return Err(Fault::syntax(
                offset,
                "a mapping or a list as a key; keys are text",
            ));
        }
        let node = self.builder.open(object, offset)?;
        self.stack.push(Frame {
            key: object.then_some(true),
            size: 1,
            height: 0,
            anchor,
            node,
        });
        Ok(())
    }

    fn close(&mut self) {
        self.builder.close();
        if let Some(frame) = self.stack.pop() {
            let Frame {
                node, size, height, ..
            } = frame;
            self.done(Anchor { node, size, height }, frame.anchor);
        }
    }

    /// A value is complete: it may be named, it counts in what holds it, and a key follows.
    fn done(&mut self, value: Anchor, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, value);
        }
        if let Some(frame) = self.stack.last_mut() {
            frame.size = frame.size.saturating_add(value.size);
            frame.height = frame.height.max(value.height + 1);
            frame.key = frame.key.map(|_| true);
        }
    }

    fn alias(&mut self, id: usize, offset: usize) -> Result<(), Fault> {
        let Some(&target) = self.anchors.get(&id) else {
            return Err(Fault::syntax(offset, "an alias inside of what it names"));
        };
        if self.key_next() {
            let key = match self.builder.node(target.node).map(|node| node.kind) {
                Some(NodeKind::String(text) | NodeKind::Number(text)) => text,
                _ => {
                    return Err(Fault::syntax(
                        offset,
                        "an alias as a key that does not name a text",
                    ));
                }
            };
            self.builder.key(key, offset);
            self.value_next();
            return Ok(());
        }
        self.aliased = self.aliased.saturating_add(target.size);
        if self.aliased > self.limits.max_alias_nodes {
            let most = self.limits.max_alias_nodes;
            return Err(Fault::limit(
                offset,
                format!("aliases stand for more than {most} values"),
            ));
        }
        if self.builder.depth() + target.height > self.limits.max_depth {
            let most = self.limits.max_depth;
            return Err(Fault::limit(
                offset,
                format!("more than {most} levels within each other"),
            ));
        }
        self.builder.attach(target.node);
        self.done(target, 0);
        Ok(())
    }
}

/// The tag `!`, which makes a string of a plain scalar (YAML 1.2.2 §6.9.1).
fn is_bare(tag: &Tag) -> bool {
    matches!(
        (tag.handle.as_str(), tag.suffix.as_str()),
        ("", "!") | ("!", "")
    )
}
