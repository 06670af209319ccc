//! A list of tools as pages of JSON text, made once.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::protocol::twin::Twin;

/// One page, and its compressed form, made when it is first asked for.
#[derive(Debug)]
pub struct Page {
    /// The JSON text.
    pub text: Bytes,
    twin: OnceLock<Option<Arc<Twin>>>,
}

impl Page {
    /// The compressed form, where that is worth it.
    pub fn twin(&self) -> Option<Arc<Twin>> {
        self.twin
            .get_or_init(|| Twin::new(&self.text).map(Arc::new))
            .clone()
    }
}

/// The pages of one list.
#[derive(Debug)]
pub(super) struct Pages {
    pages: Vec<Page>,
    cursors: HashMap<String, usize>,
}

impl Pages {
    /// Puts entries on pages of about `budget` bytes. `members` follow the list in every page's result.
    pub(super) fn new(entries: &[String], budget: usize, members: &str) -> Pages {
        let mut groups: Vec<Vec<&str>> = vec![Vec::new()];
        let mut size = 0;
        for entry in entries {
            if size + entry.len() > budget && size > 0 {
                groups.push(Vec::new());
                size = 0;
            }
            size += entry.len() + 1;
            if let Some(group) = groups.last_mut() {
                group.push(entry);
            }
        }
        let fingerprint = fingerprint(entries);
        let cursor = |index: usize| format!("{index}-{fingerprint:016x}");
        let last = groups.len() - 1;
        let pages = groups
            .iter()
            .enumerate()
            .map(|(index, group)| {
                let mut page = format!("{{\"tools\":[{}]", group.join(","));
                if index < last {
                    page.push_str(&format!(",\"nextCursor\":\"{}\"", cursor(index + 1)));
                }
                page.push_str(members);
                page.push('}');
                Page {
                    text: Bytes::from(page),
                    twin: OnceLock::new(),
                }
            })
            .collect();
        Pages {
            pages,
            cursors: (1..=last).map(|index| (cursor(index), index)).collect(),
        }
    }

    /// The first page, or the one that a cursor names; `None` for a cursor that this list never gave out.
    pub(super) fn page(&self, cursor: Option<&str>) -> Option<&Page> {
        let index = match cursor {
            None => 0,
            Some(cursor) => *self.cursors.get(cursor)?,
        };
        self.pages.get(index)
    }
}

/// Tells lists apart, the same on every machine (FNV-1a, 64 bits). It guards against mix-ups, not against forgery:
/// a guessed cursor shows nothing that a caller may not see.
fn fingerprint(entries: &[String]) -> u64 {
    let bytes = entries
        .iter()
        .flat_map(|entry| entry.bytes().chain([b'\n']));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_entry_is_on_one_page_in_order() {
        let entries: Vec<String> = (0..1000).map(|number| number.to_string()).collect();
        let pages = Pages::new(&entries, 100, ",\"more\":1");
        let (mut cursor, mut found, mut walked) = (None, Vec::new(), 0);
        loop {
            let page: Value =
                serde_json::from_slice(&pages.page(cursor.as_deref()).unwrap().text).unwrap();
            assert_eq!(page["more"], 1);
            found.extend(
                page["tools"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(Value::to_string),
            );
            walked += 1;
            match page.get("nextCursor") {
                Some(next) => cursor = next.as_str().map(str::to_owned),
                None => break,
            }
        }
        assert_eq!(found, entries);
        assert!(walked > 10);
        for forged in ["", "0", "1", "1-0000000000000000", "x"] {
            assert!(pages.page(Some(forged)).is_none(), "{forged}");
        }
    }

    #[test]
    fn row_47_twenty_thousand_entries_are_walked_by_many_at_once_in_one_order() {
        let entries: Vec<String> = (0..20_000)
            .map(|number| format!("{{\"name\":\"tool_{number}\"}}"))
            .collect();
        let walk = |pages: &Pages| {
            let (mut cursor, mut found, mut walked) = (None::<String>, Vec::new(), 0);
            loop {
                let page = pages.page(cursor.as_deref()).unwrap();
                let page: Value = serde_json::from_slice(&page.text).unwrap();
                let tools = page["tools"].as_array().unwrap();
                found.extend(tools.iter().map(Value::to_string));
                walked += 1;
                cursor = page["nextCursor"].as_str().map(str::to_owned);
                if cursor.is_none() {
                    return (found, walked);
                }
            }
        };
        let pages = Pages::new(&entries, 30_000, "");
        std::thread::scope(|scope| {
            let walkers: Vec<_> = (0..8).map(|_| scope.spawn(|| walk(&pages))).collect();
            for walker in walkers {
                let (found, walked) = walker.join().unwrap();
                assert!(found == entries && walked > 10, "{walked} pages");
            }
        });
        // Made again from the same tools it is the same to the byte; made from others its cursors are others.
        let again = Pages::new(&entries, 30_000, "");
        assert!(
            pages
                .pages
                .iter()
                .zip(&again.pages)
                .all(|(one, other)| one.text == other.text)
        );
        let fewer = Pages::new(&entries[1..], 30_000, "");
        let unknown = |cursor: &String| fewer.page(Some(cursor)).is_none();
        assert!(pages.cursors.keys().all(unknown));
    }

    #[test]
    fn a_list_without_entries_has_one_page() {
        let pages = Pages::new(&[], 100, "");
        assert_eq!(pages.page(None).unwrap().text, "{\"tools\":[]}");
    }
}
