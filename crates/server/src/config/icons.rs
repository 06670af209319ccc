//! `icons`: pictures that clients may show beside a server and its tools.

use toolwright_document::{Cursor, Json};
use url::Url;

use super::network;
use super::reader::Reader;

/// The longest address; it travels with every list.
const MAX_BYTES: usize = 16 * 1024;

/// The most icons of a server.
const MAX_ICONS: usize = 8;

/// One icon.
#[derive(Clone, Debug)]
pub struct Icon {
    /// As the protocol writes it.
    pub json: String,
    /// Whether it is a picture itself and not an address of one; then it stands beside the server alone.
    pub inline: bool,
}

/// Reads a list of addresses, or of mappings with `src`, `mimeType`, `sizes` and `theme`.
pub(super) fn read(reader: &mut Reader<'_>, section: Cursor<'_>) -> Vec<Icon> {
    let Some(list) = reader.member(section, "icons") else {
        return Vec::new();
    };
    let entries: Vec<Cursor<'_>> = if list.is_array() {
        list.items().collect()
    } else {
        vec![list]
    };
    if entries.len() > MAX_ICONS {
        reader.mistake(list, format!("holds more than {MAX_ICONS} icons"), None);
    }
    entries
        .into_iter()
        .filter_map(|at| icon(reader, at))
        .collect()
}

fn icon(reader: &mut Reader<'_>, at: Cursor<'_>) -> Option<Icon> {
    let mut json = Json::object();
    let source = if at.is_object() {
        reader.only(
            at,
            &["src", "mimeType", "sizes", "theme"],
            &mut |_, _, _| false,
        );
        if reader.member(at, "src").is_none() {
            reader.mistake(at, "`src` is missing", None);
        }
        reader.text_of(at, "src")
    } else {
        reader.text(at)
    }?;
    let inline = source.starts_with("data:");
    if !(inline || source.starts_with("https://")) || source.len() > MAX_BYTES {
        let message = format!("must be an https: or data: address of at most {MAX_BYTES} bytes");
        reader.mistake(at.get("src").unwrap_or(at), message, None);
    }
    let named = Url::parse(&source).is_ok_and(|url| network::names_somebody(&url));
    if !inline && named {
        let help = "remove it: the address is shown to every client".to_owned();
        let at = at.get("src").unwrap_or(at);
        reader.mistake(at, network::USER_INFO, Some(help));
    }
    json.insert("src", source);
    if at.is_object() {
        if let Some(media_type) = reader.text_of(at, "mimeType") {
            json.insert("mimeType", media_type);
        }
        if let Some(sizes) = reader.texts_of(at, "sizes") {
            let sizes = sizes
                .into_iter()
                .map(|(_, size)| Json::from(size))
                .collect();
            json.insert("sizes", Json::Array(sizes));
        }
        let themes = [("light", "light"), ("dark", "dark")];
        if let Some(theme) = reader.word_of(at, "theme", &themes) {
            json.insert("theme", theme);
        }
    }
    Some(Icon {
        json: json.compact(),
        inline,
    })
}
