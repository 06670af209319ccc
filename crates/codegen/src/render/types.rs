//! Structs and enums: tokens, laid out by prettyplease.
//!
//! For items without expressions prettyplease writes what rustfmt would, but for the lines that it breaks too early ([`joined`])
//! and those that rustfmt breaks in another place ([`broken`]).

use proc_macro2::TokenStream;
use quote::quote;

use super::expr::{MAX_WIDTH, width};
use crate::ir::{Field, Struct, Type, TypeDef, TypeKind, Variant};
use crate::names::Ident;
use crate::text::literal;

/// The arguments of a tool.
pub(crate) fn arguments(out: &mut String, function: &Ident, args: &Struct) {
    let about = [format!("Arguments of [`{}`].", function.bare())];
    let (docs, name, fields) = (
        docs(&about),
        tokens(args.ident.as_str()),
        args.fields.iter().map(field),
    );
    item(
        out,
        quote!(#docs #[derive(Debug, Args)] pub struct #name { #(#fields,)* }),
    );
}

/// A struct, an enum or a union.
pub(crate) fn definition(out: &mut String, def: &TypeDef) {
    let (docs, name) = (docs(&def.doc), tokens(def.ident.as_str()));
    let text = match &def.kind {
        TypeKind::Struct(fields) => {
            let fields = fields.iter().map(field);
            quote!(#docs #[derive(Debug, Args)] pub struct #name { #(#fields,)* })
        }
        TypeKind::Enum(variants) => {
            let variants = variants.iter().map(variant);
            quote!(#docs #[derive(Debug, Args)] pub enum #name { #(#variants,)* })
        }
        TypeKind::Union { tag, variants } => {
            let (tag, variants) = (tokens(&literal(tag)), variants.iter().map(variant));
            quote!(#docs #[derive(Debug, Args)] #[args(tag = #tag)] pub enum #name { #(#variants,)* })
        }
    };
    item(out, text);
}

fn field(field: &Field) -> TokenStream {
    let renamed = (field.wire != field.ident.bare()).then(|| attribute(&field.wire));
    let (docs, name, ty) = (
        docs(&field.doc),
        tokens(field.ident.as_str()),
        tokens(&ty(&field.ty)),
    );
    quote!(#docs #renamed pub #name: #ty)
}

fn variant(variant: &Variant) -> TokenStream {
    let spans: Vec<String> = variant
        .wires
        .iter()
        .take(10)
        .map(|wire| format!("`{}`", code_span(wire)))
        .collect();
    let (docs, name) = (docs(&[spans.join(" or ")]), tokens(variant.ident.as_str()));
    let names = variant.wires.iter().map(|wire| attribute(wire));
    let held = variant
        .holds
        .as_ref()
        .map(|held| tokens(&ty(held)))
        .map(|held| quote!((#held)));
    quote!(#docs #(#names)* #name #held)
}

fn attribute(wire: &str) -> TokenStream {
    let wire = tokens(&literal(wire));
    quote!(#[args(name = #wire)])
}

/// `/// line` for each line.
fn docs(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    });
    quote!(#(#[doc = #lines])*)
}

/// Names, types and literals come as texts that are settled: [`Ident`] and [`literal`] see to that they are one token.
fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap_or_default()
}

fn item(out: &mut String, tokens: TokenStream) {
    match syn::parse2::<syn::File>(tokens) {
        Ok(file) => joined(&prettyplease::unparse(&file))
            .iter()
            .for_each(|line| out.push_str(&broken(line))),
        // Not reached: every part is a token of its kind. A file that says so does not compile.
        Err(error) => out.push_str(&format!("compile_error!({:?});\n", error.to_string())),
    }
}

/// The lines of an item, each type and attribute on one of them: prettyplease breaks them earlier than rustfmt.
fn joined(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        match lines.last_mut() {
            Some(last) if open => {
                if line.trim_start().starts_with(['>', ')']) && last.ends_with(',') {
                    last.pop();
                }
                last.push_str(line.trim_start());
            }
            _ => lines.push(line.to_owned()),
        }
        let last = lines.last().map(String::as_str).unwrap_or_default();
        let start = last.trim_start();
        let is_field = start.starts_with("pub ") && last.contains(": ");
        let is_type = is_field && last.matches('<').count() > last.matches('>').count();
        let is_variant =
            !start.starts_with(['/', '#']) && last.matches('(').count() > last.matches(')').count();
        open = is_type || is_variant || (start.starts_with("#[args(") && !last.ends_with(")]"));
    }
    lines
}

/// A line as rustfmt leaves it, with its end.
fn broken(line: &str) -> String {
    if width(line) > MAX_WIDTH && !line.trim_start().starts_with("///") {
        if let Some(inner) = line
            .strip_prefix("    #[args(")
            .and_then(|rest| rest.strip_suffix(")]"))
        {
            return format!("    #[args(\n        {inner}\n    )]\n");
        }
        if let Some((name, ty)) = line
            .strip_prefix("    pub ")
            .and_then(|rest| rest.split_once(": "))
        {
            return format!("    pub {name}:\n        {ty}\n");
        }
        if let Some((name, ty)) = line
            .strip_suffix("),")
            .and_then(|rest| rest.split_once('('))
        {
            return format!("{name}(\n        {ty},\n    ),\n");
        }
    }
    format!("{line}\n")
}

/// A string literal inside a code span, whatever is in it.
pub(crate) fn code_span(text: &str) -> String {
    literal(&crate::text::one_line(text, 60)).replace('`', "'")
}

/// A type as it is written.
pub(crate) fn ty(ty: &Type) -> String {
    match ty {
        Type::Bool => "bool".to_owned(),
        Type::I64 => "i64".to_owned(),
        Type::U64 => "u64".to_owned(),
        Type::Integer => "Integer".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::Bytes => "Bytes".to_owned(),
        Type::File => "File".to_owned(),
        Type::Any => "Json".to_owned(),
        Type::Named(ident) => ident.to_string(),
        Type::List(inner) => format!("Vec<{}>", self::ty(inner)),
        Type::Map(inner) => format!("Map<{}>", self::ty(inner)),
        Type::Option(inner) => format!("Option<{}>", self::ty(inner)),
        Type::Boxed(inner) => format!("Box<{}>", self::ty(inner)),
        Type::Json(inner) => match inner.as_ref() {
            Type::Any | Type::Json(_) => self::ty(inner),
            inner => format!("Json<{}>", self::ty(inner)),
        },
    }
}
