//! `use` lists in the order and the layout of rustfmt (style edition 2024).

use std::cmp::Ordering;

use super::expr::MAX_WIDTH;

/// `use path::{a, b};`, or nothing when there is nothing to import.
pub(crate) fn import(path: &str, mut names: Vec<&str>) -> String {
    names.sort_by(|a, b| version_order(a, b));
    names.dedup();
    if let [name] = names.as_slice() {
        return format!("use {path}::{name};\n");
    }
    let line = format!("use {path}::{{{}}};\n", names.join(", "));
    // rustfmt keeps a column free in such a list; the end of the line is counted here.
    if line.len() < MAX_WIDTH {
        return line;
    }
    let mut out = format!("use {path}::{{\n");
    let mut row = String::from("   ");
    for (at, name) in names.iter().enumerate() {
        // rustfmt counts the space after a comma, which the last name does not have.
        let space = usize::from(at + 1 < names.len());
        if row.len() + name.len() + 2 + space > MAX_WIDTH && at > 0 {
            out.push_str(&row);
            out.push('\n');
            row = String::from("   ");
        }
        row.push_str(&format!(" {name},"));
    }
    out + &row + "\n};\n"
}

/// rustfmt's version sort: upper case kinds aside, digits compare as numbers.
pub(crate) fn version_order(a: &str, b: &str) -> Ordering {
    let (left, right) = (chunks(a), chunks(b));
    for (left, right) in left.iter().zip(&right) {
        let order = match (left, right) {
            (Chunk::Number(a, _), Chunk::Number(b, _)) => a.cmp(b),
            (Chunk::Text(a), Chunk::Text(b)) => a.cmp(b),
            (Chunk::Number(_, a), Chunk::Text(b)) | (Chunk::Text(a), Chunk::Number(_, b)) => {
                a.cmp(b)
            }
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

enum Chunk<'a> {
    Number(u128, &'a str),
    Text(&'a str),
}

fn chunks(name: &str) -> Vec<Chunk<'_>> {
    let mut chunks = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let digits = rest.starts_with(|c: char| c.is_ascii_digit());
        let end = match rest.starts_with('_') {
            true => 1,
            false => rest
                .find(|c: char| c.is_ascii_digit() != digits || c == '_')
                .unwrap_or(rest.len()),
        };
        let (chunk, tail) = rest.split_at(end);
        chunks.push(match (digits, chunk.parse()) {
            (true, Ok(number)) => Chunk::Number(number, chunk),
            _ => Chunk::Text(chunk),
        });
        rest = tail;
    }
    chunks
}
