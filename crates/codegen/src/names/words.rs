//! Text to ASCII words, and words to the two cases that Rust uses.

/// `listPets` → `list_pets`. Always `[a-z0-9_]*`; empty when the text has nothing to say.
pub fn snake(text: &str) -> String {
    words(text).join("_")
}

/// `list pets` → `ListPets`. Always `[A-Za-z0-9]*`.
pub fn camel(text: &str) -> String {
    let mut name = String::new();
    for word in words(text) {
        // Two numbers side by side would read as one: `1_0` and `10` are different names.
        let glued = name.ends_with(|c: char| c.is_ascii_digit())
            && word.starts_with(|c: char| c.is_ascii_digit());
        if glued {
            name.push('N');
        }
        let mut chars = word.chars();
        name.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(chars.as_str());
    }
    name
}

/// `list pets` → `LIST_PETS`.
pub fn upper_snake(text: &str) -> String {
    snake(text).to_ascii_uppercase()
}

/// `listPets` → `list`; empty when the text has nothing to say.
pub fn first_word(text: &str) -> String {
    words(text).into_iter().next().unwrap_or_default()
}

/// The words of a text in lower case: split at everything that is not alphanumeric, and where the case turns.
fn words(text: &str) -> Vec<String> {
    let ascii = ascii(text);
    let chars: Vec<char> = ascii.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (at, &c) in chars.iter().enumerate() {
        let before = at
            .checked_sub(1)
            .and_then(|at| chars.get(at))
            .copied()
            .unwrap_or(' ');
        let after = chars.get(at + 1).copied().unwrap_or(' ');
        if !c.is_ascii_alphanumeric() {
            flush(&mut word, &mut words);
            // A sign before a number or a name is a difference that matters (`-price`, `+1`).
            if word.is_empty() && words.is_empty() && after.is_ascii_alphanumeric() {
                match c {
                    '-' => words.push("minus".to_owned()),
                    '+' => words.push("plus".to_owned()),
                    '!' => words.push("not".to_owned()),
                    _ => {}
                }
            }
            continue;
        }
        let turns =
            c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit());
        // `HTTPServer`: the last capital belongs to the next word. `URLs` and `IDs` are one word.
        let plural = after == 's'
            && !chars
                .get(at + 2)
                .copied()
                .unwrap_or(' ')
                .is_ascii_lowercase();
        let acronym_ends = c.is_ascii_uppercase()
            && before.is_ascii_uppercase()
            && after.is_ascii_lowercase()
            && !plural;
        if turns || acronym_ends {
            flush(&mut word, &mut words);
        }
        word.push(c.to_ascii_lowercase());
    }
    flush(&mut word, &mut words);
    if words.is_empty() {
        words.extend(ascii.chars().filter_map(symbol).map(str::to_owned));
    }
    words
}

fn flush(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// Letters of other scripts in their usual Latin spelling, each a word of its own where the script has no case.
fn ascii(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else if c.is_alphanumeric() {
            let spelled = any_ascii::any_ascii_char(c);
            if c.is_uppercase() || c.is_lowercase() {
                out.push_str(spelled);
            } else {
                out.push(' ');
                out.push_str(spelled);
                out.push(' ');
            }
        } else if !crate::text::is_invisible(c) {
            out.push(' ');
        }
    }
    out
}

/// What a text that is all punctuation is called by.
fn symbol(c: char) -> Option<&'static str> {
    Some(match c {
        '*' => "star",
        '+' => "plus",
        '-' => "minus",
        '/' => "slash",
        '\\' => "backslash",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '=' => "equals",
        '<' => "less",
        '>' => "greater",
        '!' => "not",
        '?' => "question",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '^' => "caret",
        '~' => "tilde",
        '@' => "at",
        '#' => "hash",
        '$' => "dollar",
        '_' => "underscore",
        '(' | ')' => "paren",
        '[' | ']' => "bracket",
        '{' | '}' => "brace",
        '"' | '\'' | '`' => "quote",
        ' ' => "space",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        for (text, snake_case, camel_case) in [
            ("listPets", "list_pets", "ListPets"),
            ("HTTPServer", "http_server", "HttpServer"),
            ("getV1Items", "get_v1_items", "GetV1Items"),
            ("list-URLs", "list_urls", "ListUrls"),
            ("repos/get.all", "repos_get_all", "ReposGetAll"),
            ("größe", "grosse", "Grosse"),
            ("获取 user", "huo_qu_user", "HuoQuUser"),
            ("-price", "minus_price", "MinusPrice"),
            ("+1", "plus_1", "Plus1"),
            ("1.0", "1_0", "1N0"),
            (">=", "greater_equals", "GreaterEquals"),
            ("", "", ""),
            ("acc\u{200b}ess", "access", "Access"),
        ] {
            assert_eq!(snake(text), snake_case, "{text}");
            assert_eq!(camel(text), camel_case, "{text}");
        }
    }
}
