//! The words of a SPARQL text: strings, IRIs, names, signs. Knows no grammar, and takes what is no
//! word of SPARQL as a sign.

use std::ops::Range;

/// Signs of two characters.
const PAIRS: [&str; 6] = ["&&", "||", "!=", "<=", ">=", "^^"];

/// Where each word is, in order; spaces and comments are none.
pub fn tokens(text: &str) -> Vec<Range<usize>> {
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match c {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            _ if c.is_whitespace() => c.len_utf8(),
            _ => word(rest, c),
        };
        if c != '#' && !c.is_whitespace() {
            tokens.push(at..at + length);
        }
        at += length;
    }
    tokens
}

fn word(rest: &str, first: char) -> usize {
    match first {
        '"' | '\'' => string(rest, first),
        '<' => iri(rest).unwrap_or_else(|| sign(rest)),
        '?' | '$' | '@' => 1 + run(&rest[1..]),
        _ if is_name(first) => run(rest),
        _ => sign(rest),
    }
}

fn string(rest: &str, quote: char) -> usize {
    let long: String = [quote; 3].iter().collect();
    let (open, is_long) = if rest.starts_with(&long) { (3, true) } else { (1, false) };
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(open) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' if !is_long => return at,
            _ if is_long && rest[at..].starts_with(&long) => return at + 3,
            _ if !is_long && c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// SPARQL 1.1, section 19.8, rule 139.
fn iri(rest: &str) -> Option<usize> {
    let end = rest[1..].find(|c: char| c <= ' ' || "<>\"{}|^`\\".contains(c))? + 1;
    rest[end..].starts_with('>').then_some(end + 1)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == ':'
}

/// A name may hold dots, hyphens and escapes, but does not end in a dot.
fn run(rest: &str) -> usize {
    let mut escaped = false;
    let end = rest.find(|c: char| {
        let inside = escaped || is_name(c) || matches!(c, '-' | '.' | '%' | '\\');
        escaped = c == '\\' && !escaped;
        !inside
    });
    rest[..end.unwrap_or(rest.len())].trim_end_matches('.').len()
}

fn sign(rest: &str) -> usize {
    let pair = PAIRS.iter().any(|pair| rest.starts_with(pair));
    if pair { 2 } else { rest.chars().next().map_or(0, char::len_utf8) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_its_words() {
        let text = "SELECT ?s # no\n{ ?s <http://a.b/> ex:x.y . FILTER(?a<?b && 'it\\'s'@it != \"\"\"a\n\"b\"\"\") }";
        let words: Vec<&str> = tokens(text).into_iter().map(|range| &text[range]).collect();
        let expected = [
            "SELECT",
            "?s",
            "{",
            "?s",
            "<http://a.b/>",
            "ex:x.y",
            ".",
            "FILTER",
            "(",
            "?a",
            "<",
            "?b",
            "&&",
            "'it\\'s'",
            "@it",
            "!=",
            "\"\"\"a\n\"b\"\"\"",
            ")",
            "}",
        ];
        assert_eq!(words, expected);
        assert_eq!(tokens("? ?"), [0..1, 2..3]);
    }
}
