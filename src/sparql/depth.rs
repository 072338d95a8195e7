//! How deeply a query or an update may be nested: parser and evaluator call themselves once a
//! level, and a stack that overflows ends the whole program. Knows tokens, not the grammar.

/// Deeper than anybody writes, and a small part of what the program's threads have room for.
pub const MOST: usize = 1000;

/// Keywords that hang the next part of a group from the one before.
const LINKS: [&str; 8] =
    ["BIND", "FILTER", "GRAPH", "MINUS", "OPTIONAL", "SERVICE", "UNION", "VALUES"];

/// What one pair of brackets holds so far.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Keywords that chain patterns.
    links: usize,
    /// Operators since the last full stop, semicolon or comma, across which none reaches.
    operators: usize,
}

/// Whether parsing a text might go deeper than [`MOST`] levels: counted, from above, by the
/// brackets that are open at once and what is chained inside each.
pub fn is_too_deep(text: &str) -> bool {
    let (mut outer, mut depth): (Vec<Level>, usize) = (Vec::new(), 0);
    let mut here = Level::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '"' | '\'' => after_string(rest, c),
            '<' => after_iri(after).unwrap_or(after),
            '#' => after.split_once('\n').map_or("", |(_, rest)| rest),
            '_' | 'A'..='Z' | 'a'..='z' => {
                let (word, rest) = word(rest);
                here.links += usize::from(LINKS.iter().any(|link| link.eq_ignore_ascii_case(word)));
                rest
            }
            _ => {
                match c {
                    '{' | '(' | '[' => {
                        depth += 1 + here.links + here.operators;
                        outer.push(std::mem::take(&mut here));
                    }
                    '}' | ')' | ']' => {
                        here = outer.pop().unwrap_or_default();
                        depth = depth.saturating_sub(1 + here.links + here.operators);
                    }
                    '.' | ';' | ',' if after.starts_with(char::is_whitespace) => here.operators = 0,
                    '!' | '|' | '&' | '/' | '^' | '*' | '+' | '-' | '=' | '>' => {
                        here.operators += 1;
                    }
                    _ => {}
                }
                after
            }
        };
        if depth + here.links + here.operators > MOST {
            return true;
        }
    }
    false
}

/// A keyword or the name before or after a colon, and what follows it.
fn word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'));
    text.split_at(end.unwrap_or(text.len()))
}

/// What follows a string; it ends with the text where it is never closed.
fn after_string(text: &str, quote: char) -> &str {
    let long: String = std::iter::repeat_n(quote, 3).collect();
    let mark = if text.starts_with(&long) { &long[..] } else { &long[..1] };
    let mut rest = &text[mark.len()..];
    loop {
        let Some(place) = rest.find(['\\', quote]) else { return "" };
        let found = &rest[place..];
        if let Some(after) = found.strip_prefix(mark) {
            return after;
        }
        // A backslash with what it escapes, or a lone quotation mark in a long string.
        let length = found.chars().take(1 + usize::from(found.starts_with('\\')));
        rest = &found[length.map(char::len_utf8).sum()..];
    }
}

/// What follows an IRI, if one stands after `<`. SPARQL 1.1, section 19.8, rule 139.
fn after_iri(text: &str) -> Option<&str> {
    let end = text.find(|c: char| c <= ' ' || "<>\"{}|^`\\".contains(c))?;
    text[end..].strip_prefix('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nests_and_chains_are_too_deep_in_every_form() {
        let many = MOST + 1;
        for (open, middle, close) in [
            ("{", "?s ?p ?o", "}"),
            ("FILTER(", "1", ")"),
            ("!", "1", ""),
            ("1-", "1", ""),
            ("1 -1 ", "", ""),
            ("<a>/", "<b>", ""),
            ("?a = ?b || ", "true", ""),
            ("{ ?s ?p ?o } UNION ", "{}", ""),
            ("OPTIONAL { ?s ?p ?o } ", "", ""),
            ("optional { ?s ?p 'a\\'{' . } . ", "", ""),
            ("[ <p> ", "1", "]"),
            ("# {\n{", "", "}"),
        ] {
            let text = format!("{}{middle}{}", open.repeat(many), close.repeat(many));
            assert!(is_too_deep(&text), "{open}");
        }
    }

    #[test]
    fn long_lists_are_not_deep() {
        for part in [
            "(1 2 3)",
            "?s ?p -1 , -2 ; <p> +3 .\n",
            "<http://example.org/a/b/c> ",
            "\"((({{{\" '''[[[ '!' \\''''",
            "# ((((\n",
            "ex:a-b ex:c ex:d-e .\n",
            "GRAPH-like ",
        ] {
            assert!(!is_too_deep(&part.repeat(10 * MOST)), "{part}");
        }
    }
}
