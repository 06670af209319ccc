//! Pieces of JSON text.

/// Appends a JSON string.
pub fn string(text: &mut Vec<u8>, value: &str) {
    // Writing to a vector cannot fail, nor can a string fail to be JSON.
    let _ = serde_json::to_writer(text, value);
}

/// A JSON string.
pub fn quoted(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

/// A JSON text without the white space between its tokens.
pub fn compact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut inside, mut escaped) = (false, false);
    for character in text.chars() {
        if inside {
            out.push(character);
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => inside = false,
                _ => {}
            }
        } else if !character.is_ascii_whitespace() {
            inside = character == '"';
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_inside_strings_stays() {
        assert_eq!(
            compact("{ \"a b\" :\n [1, \"\\\" \\\\\"] }"),
            r#"{"a b":[1,"\" \\"]}"#
        );
    }
}
