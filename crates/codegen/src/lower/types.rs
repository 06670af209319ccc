//! Names for the types, boxes where one holds itself, and the way into the code.

use std::collections::{BTreeMap, HashSet};

use super::order::boxed_members;
use super::shape::{Def, DefKind, Owner, Shape, Slot};
use super::shapes::Shapes;
use crate::ir::{Field, Type, TypeDef, TypeKind, Variant};
use crate::names::{Ident, Namer, Role};
use crate::render::code_span;
use crate::text::doc;

/// Columns of a doc comment's text.
const WIDTH: usize = 92;

/// The types of a toolset, named.
#[derive(Debug)]
pub(super) struct Settled {
    idents: Vec<Ident>,
    defs: Vec<Def>,
    boxed: HashSet<(usize, usize)>,
    /// Components' types in name order.
    pub shared: Vec<TypeDef>,
    /// The struct of each tool's arguments.
    pub args: Vec<Ident>,
}

/// Names all types: those of components first, then the arguments', then the inline ones; who comes later yields.
pub(super) fn settle(shapes: Shapes<'_, '_>, tools: &[String]) -> Settled {
    let defs = shapes.defs;
    let mut taken: HashSet<Ident> = HashSet::new();
    let mut namer = Namer::new(Role::Type);
    for def in defs
        .iter()
        .filter(|def| def.owner == Owner::Shared && !def.identity.contains('\0'))
    {
        namer.wish(&def.identity, &def.text);
        taken.insert(Role::Type.ident(&def.text));
    }
    let yielding = |text: &str, word: &str, taken: &HashSet<Ident>| match taken
        .contains(&Role::Type.ident(text))
    {
        true => format!("{text} {word}"),
        false => text.to_owned(),
    };
    let arguments = |tool: &str| format!("arguments of {tool}");
    let mut later = Vec::new();
    for tool in tools {
        let text = yielding(tool, "args", &taken);
        later.push(Role::Type.ident(&text));
        namer.wish(&arguments(tool), &text);
    }
    taken.extend(later);
    for def in defs.iter().filter(|def| def.owner != Owner::Shared) {
        namer.wish(&def.identity, &yielding(&def.text, "value", &taken));
    }
    let names = namer.names();
    let find = |identity: &str, text: &str| {
        names
            .get(identity)
            .cloned()
            .unwrap_or_else(|| Role::Type.ident(text))
    };
    let idents: Vec<Ident> = defs
        .iter()
        .map(|def| find(&def.identity, &def.text))
        .collect();
    let args = tools
        .iter()
        .map(|tool| find(&arguments(tool), tool))
        .collect();
    let boxed = boxed_members(&defs);
    let mut settled = Settled {
        idents,
        defs,
        boxed,
        shared: Vec::new(),
        args,
    };
    let mut shared = settled.owned(Owner::Shared);
    shared.sort_by(|a, b| a.ident.cmp(&b.ident));
    settled.shared = shared;
    settled
}

impl Settled {
    /// The inline types of a tool, in the order of their first use.
    pub(super) fn of_tool(&self, tool: usize) -> Vec<TypeDef> {
        self.owned(Owner::Tool(tool))
    }

    /// The type of a field of the arguments.
    pub(super) fn slot(&self, slot: &Slot, optional: bool) -> Type {
        let ty = match (slot.json, &slot.shape) {
            (true, Shape::Maybe(inner)) => Type::Json(Box::new(self.ty(inner).optional())),
            (true, shape) => Type::Json(Box::new(self.ty(shape))),
            (false, shape) => self.ty(shape),
        };
        if optional { ty.optional() } else { ty }
    }

    fn ty(&self, shape: &Shape) -> Type {
        match shape {
            Shape::Bool => Type::Bool,
            Shape::I64 => Type::I64,
            Shape::U64 => Type::U64,
            Shape::Integer => Type::Integer,
            Shape::Number => Type::Number,
            Shape::Text => Type::String,
            Shape::Bytes => Type::Bytes,
            Shape::File => Type::File,
            Shape::Any => Type::Any,
            Shape::Named(def) => match self.defs.get(*def).map(|def| &def.kind) {
                // Nothing is left of it that a type could say.
                Some(DefKind::Open) | None => Type::Any,
                Some(_) => self
                    .idents
                    .get(*def)
                    .cloned()
                    .map_or(Type::Any, Type::Named),
            },
            Shape::List(inner) => Type::List(Box::new(self.ty(inner))),
            Shape::Map(inner) => Type::Map(Box::new(self.ty(inner))),
            Shape::Maybe(inner) => self.ty(inner).optional(),
        }
    }

    fn owned(&self, owner: Owner) -> Vec<TypeDef> {
        let mine = self
            .defs
            .iter()
            .enumerate()
            .filter(|(_, def)| def.owner == owner);
        mine.filter_map(|(at, def)| self.definition(at, def))
            .collect()
    }

    fn definition(&self, at: usize, def: &Def) -> Option<TypeDef> {
        let ident = self.idents.get(at)?.clone();
        let kind = match &def.kind {
            DefKind::Open => return None,
            DefKind::Struct(members) => TypeKind::Struct(
                fields(members.iter().map(|member| member.wire.as_str()))
                    .into_iter()
                    .zip(members)
                    .enumerate()
                    .map(|(index, (ident, member))| {
                        let mut ty = self.ty(&member.shape);
                        if self.boxed.contains(&(at, index)) {
                            ty = match ty {
                                Type::Option(inner) => Type::Option(Box::new(Type::Boxed(inner))),
                                other => Type::Boxed(Box::new(other)),
                            };
                        }
                        Field {
                            ident,
                            wire: member.wire.clone(),
                            doc: about(member.about.as_deref(), || {
                                format!("Property `{}`.", plain(&member.wire))
                            }),
                            ty: if member.required { ty } else { ty.optional() },
                        }
                    })
                    .collect(),
            ),
            DefKind::Enum(values) => {
                let idents = variants(values.iter().map(String::as_str));
                let variant = |(ident, wire): (Ident, &String)| Variant {
                    ident,
                    wires: vec![wire.clone()],
                    holds: None,
                };
                TypeKind::Enum(idents.into_iter().zip(values).map(variant).collect())
            }
            DefKind::Union {
                tag,
                variants: list,
            } => {
                let idents = variants(
                    list.iter()
                        .map(|(tags, _)| tags.first().map_or("", String::as_str)),
                );
                let variant = |(at_variant, (ident, (wires, shape))): (
                    usize,
                    (Ident, &(Vec<String>, Shape)),
                )| {
                    let mut ty = self.ty(shape);
                    if self.boxed.contains(&(at, at_variant)) {
                        ty = Type::Boxed(Box::new(ty));
                    }
                    Variant {
                        ident,
                        wires: wires.clone(),
                        holds: Some(ty),
                    }
                };
                let variants = idents
                    .into_iter()
                    .zip(list)
                    .enumerate()
                    .map(variant)
                    .collect();
                TypeKind::Union {
                    tag: tag.clone(),
                    variants,
                }
            }
        };
        let fallback = || match &def.kind {
            DefKind::Union { tag, .. } => {
                format!("{} Told apart by `{}`.", called(def), plain(tag))
            }
            _ => called(def),
        };
        Some(TypeDef {
            ident,
            doc: about(def.about.as_deref(), fallback),
            kind,
        })
    }
}

/// What there is to say of a type that says nothing of itself: where it stands.
fn called(def: &Def) -> String {
    let mut steps = def.identity.rsplit('/');
    let (last, before) = (
        steps.next().unwrap_or_default(),
        steps.next().unwrap_or_default(),
    );
    let name = |step: &str| plain(&step.replace("~1", "/").replace("~0", "~"));
    match last {
        _ if def.component => format!("The schema `{}`.", plain(&def.text)),
        "item" if !before.is_empty() => format!("An item of `{}`.", name(before)),
        "value" if !before.is_empty() => format!("A value of `{}`.", name(before)),
        last => format!("The value of `{}`.", name(last)),
    }
}

/// Markdown about a thing; never empty.
pub(super) fn about(text: Option<&str>, fallback: impl FnOnce() -> String) -> Vec<String> {
    let lines = text.map(|text| doc(text, WIDTH)).unwrap_or_default();
    if lines.is_empty() {
        vec![fallback()]
    } else {
        lines
    }
}

/// A wire name for a code span.
pub(super) fn plain(name: &str) -> String {
    let span = code_span(name);
    span.trim_matches('"').to_owned()
}

/// Field names for these wire names, in order.
pub(super) fn fields<'a>(wires: impl Iterator<Item = &'a str>) -> Vec<Ident> {
    scope(Role::Field, wires)
}

fn variants<'a>(wires: impl Iterator<Item = &'a str>) -> Vec<Ident> {
    scope(Role::Variant, wires)
}

fn scope<'a>(role: Role, wires: impl Iterator<Item = &'a str>) -> Vec<Ident> {
    let wires: Vec<&str> = wires.collect();
    let mut namer = Namer::new(role);
    wires.iter().for_each(|wire| namer.wish(wire, wire));
    let names: BTreeMap<String, Ident> = namer.names();
    wires
        .iter()
        .map(|wire| {
            names
                .get(*wire)
                .cloned()
                .unwrap_or_else(|| role.ident(wire))
        })
        .collect()
}
