//! Functions, constants and the table of tools.

use std::fmt::Write as _;

use super::expr::{Expr, MAX_WIDTH, width};
use crate::ir::{self, Args, Call, Tool, XmlDef};
use crate::names::Ident;

/// `/// line` for each line.
pub(crate) fn doc(out: &mut String, indent: usize, lines: &[String]) {
    let pad = " ".repeat(indent);
    for line in lines {
        let space = if line.is_empty() { "" } else { " " };
        let _ = writeln!(out, "{pad}///{space}{line}");
    }
}

/// A `pub const` or `pub static` with its value.
pub(crate) fn constant(out: &mut String, head: &str, value: &Expr) {
    let used = width(head) + 3;
    let _ = writeln!(out, "{head} = {};", value.lay_out(0, used, 1));
}

/// The table of tools.
pub(crate) fn table(out: &mut String, tools: &[Tool]) {
    let placed = |list: &[ir::Placed]| {
        Expr::Slice(
            list.iter()
                .map(|placed| {
                    let fields = vec![
                        ("name", Expr::text(&placed.name)),
                        ("argument", Expr::text(&placed.argument)),
                    ];
                    Expr::Struct("Placed".to_owned(), fields)
                })
                .collect(),
        )
    };
    let row = |tool: &Tool| {
        let call = match tool.args {
            Args::None => call(&tool.function, "headers, _", &["headers"]),
            Args::Fields(_) | Args::Body(_) => call(
                &tool.function,
                "headers, args",
                &["headers", "args.decode()?"],
            ),
        };
        let endpoint = format!("{} {}", tool.method, tool.template);
        let mut fields = vec![
            ("name", Expr::text(&tool.name)),
            ("endpoint", Expr::text(&endpoint)),
        ];
        let others = [
            ("security", security(&tool.security)),
            ("headers", placed(&tool.headers)),
            ("cookies", placed(&tool.cookies)),
            ("keys", placed(&tool.keys)),
            ("caller_headers", caller_headers(&tool.caller_headers)),
        ];
        let plain = others.iter().any(|(_, value)| value.is_empty());
        fields.extend(others.into_iter().filter(|(_, value)| !value.is_empty()));
        fields.push(("call", call));
        if plain {
            fields.push(("..", Expr::atom("Tool::PLAIN")));
        }
        Expr::Struct("Tool".to_owned(), fields)
    };
    doc(
        out,
        0,
        &["The tools of this tag, in the order of the description.".to_owned()],
    );
    constant(
        out,
        "pub const TOOLS: &[Tool]",
        &Expr::Slice(tools.iter().map(row).collect()),
    );
}

/// Alternatives of names.
fn security(alternatives: &[Vec<String>]) -> Expr {
    let names = |names: &Vec<String>| names.iter().map(|name| Expr::text(name)).collect();
    let alternatives = alternatives.iter().map(names).map(Expr::Slice);
    Expr::Slice(alternatives.collect())
}

fn caller_headers(headers: &[(String, bool)]) -> Expr {
    let header = |(name, required): &(String, bool)| {
        let fields = vec![
            ("name", Expr::text(name)),
            ("required", Expr::atom(required.to_string())),
        ];
        Expr::Struct("CallerHeader".to_owned(), fields)
    };
    Expr::Slice(headers.iter().map(header).collect())
}

fn call(function: &Ident, params: &'static str, args: &[&str]) -> Expr {
    let args = args.iter().map(|arg| Expr::atom(*arg)).collect();
    Expr::Closure(params, Box::new(Expr::Call(function.to_string(), args)))
}

/// The function of a tool.
pub(crate) fn function(out: &mut String, tool: &Tool) {
    doc(out, 0, &tool.doc);
    let mut params = vec!["headers: &HeaderBag".to_owned()];
    match &tool.args {
        Args::None => {}
        Args::Fields(args) => params.push(format!("args: {}", args.ident)),
        Args::Body(body) => params.push(format!("body: {}", super::types::ty(body))),
    }
    let line = format!(
        "pub fn {}({}) -> Result<Request> {{",
        tool.function,
        params.join(", ")
    );
    if width(&line) <= MAX_WIDTH {
        let _ = writeln!(out, "{line}");
    } else {
        let _ = writeln!(
            out,
            "pub fn {}(\n    {},\n) -> Result<Request> {{",
            tool.function,
            params.join(",\n    ")
        );
    }
    let _ = writeln!(out, "    {}\n}}", body(tool).lay_out(4, 4, 0));
}

fn body(tool: &Tool) -> Expr {
    let known = match tool.method.as_str() {
        "GET" => Some("get"),
        "PUT" => Some("put"),
        "POST" => Some("post"),
        "DELETE" => Some("delete"),
        "OPTIONS" => Some("options"),
        "HEAD" => Some("head"),
        "PATCH" => Some("patch"),
        "TRACE" => Some("trace"),
        _ => None,
    };
    let mut args = vec![Expr::text(&tool.template), Expr::atom("headers")];
    if known.is_none() {
        args.insert(0, Expr::text(&tool.method));
    }
    let root = Expr::Call(format!("Request::{}", known.unwrap_or("new")), args);
    let mut calls: Vec<(&'static str, Vec<Expr>)> = tool
        .calls
        .iter()
        .map(|call| (call.method, values(call)))
        .collect();
    calls.push(("build", Vec::new()));
    Expr::Chain(Box::new(root), calls)
}

fn values(call: &Call) -> Vec<Expr> {
    let value = |value: &ir::Expr| match value {
        ir::Expr::Text(text) => Expr::text(text),
        ir::Expr::Argument(field) => Expr::atom(format!("&args.{field}")),
        ir::Expr::Fixed(text) => Expr::atom(text.clone()),
        ir::Expr::Static(name) => Expr::atom(format!("&{name}")),
    };
    call.values.iter().map(value).collect()
}

/// How a value is written as XML.
pub(crate) fn xml(out: &mut String, def: &XmlDef) {
    let some = |text: &String| Expr::Call("Some".to_owned(), vec![Expr::text(text)]);
    let pair = |(name, ident): &(String, Ident)| {
        Expr::Call(
            String::new(),
            vec![Expr::text(name), Expr::atom(format!("&{ident}"))],
        )
    };
    let mut fields = Vec::new();
    fields.extend(def.name.as_deref().map(|name| ("name", Expr::text(name))));
    fields.extend(def.namespace.as_ref().map(|text| ("namespace", some(text))));
    fields.extend(def.prefix.as_ref().map(|text| ("prefix", some(text))));
    let flags = [
        ("attribute", def.attribute),
        ("wrapped", def.wrapped),
        ("text", def.text),
        ("cdata", def.cdata),
        ("inline", def.inline),
    ];
    fields.extend(
        flags
            .into_iter()
            .filter(|(_, flag)| *flag)
            .map(|(name, _)| (name, Expr::atom("true"))),
    );
    if !def.properties.is_empty() {
        fields.push((
            "properties",
            Expr::Slice(def.properties.iter().map(pair).collect()),
        ));
    }
    if !def.first_items.is_empty() {
        let none = || "&XmlHints::NONE".to_owned();
        let first = def.first_items.iter().map(|ident| {
            Expr::atom(
                ident
                    .as_ref()
                    .map_or_else(none, |ident| format!("&{ident}")),
            )
        });
        fields.push(("first_items", Expr::Slice(first.collect())));
    }
    fields.extend(def.items.as_ref().map(|ident| {
        (
            "items",
            Expr::Call("Some".to_owned(), vec![Expr::atom(format!("&{ident}"))]),
        )
    }));
    fields.push(("..", Expr::atom("XmlHints::NONE")));
    constant(
        out,
        &format!("static {}: XmlHints", def.ident),
        &Expr::Struct("XmlHints".to_owned(), fields),
    );
}
