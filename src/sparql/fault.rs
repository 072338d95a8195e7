//! Where a SPARQL text is wrong. The parser tells how far it looked, keywords included that it
//! looked for in vain, which is not where the mistake is. That is found by parsing beginnings of
//! the text: the last one that could still become SPARQL ends where the mistake begins.

use super::token::tokens;
use oxigraph::sparql::SparqlSyntaxError;
use std::fmt;

/// Longer texts are not looked through for the place.
const LONGEST: usize = 64 << 10;
/// More letters than any keyword has: looking for one never reaches the end of a text padded so.
const PADDING: usize = 40;

/// A text that is not SPARQL.
#[derive(Debug)]
pub struct Wrong {
    pub source: SparqlSyntaxError,
    /// Where, if the mistake is at a place.
    pub fault: Option<Fault>,
}

/// A place in a SPARQL text, counted from 1 as editors do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub line: usize,
    pub column: usize,
    /// What stands there; nothing where the text ends too early.
    pub found: String,
    /// What the parser has to say of it, where that is a sentence.
    pub reason: Option<String>,
}

impl fmt::Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(Fault { line, column, found, reason }) = &self.fault else {
            return self.source.fmt(formatter);
        };
        write!(formatter, "line {line}, column {column}: ")?;
        match (reason, found.as_str()) {
            (Some(reason), _) => formatter.write_str(reason),
            (None, "") => formatter.write_str("the text ends before it is complete"),
            (None, found) => write!(formatter, "`{found}` cannot stand here"),
        }
    }
}

impl std::error::Error for Wrong {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl Wrong {
    /// Finds the place of a mistake; `parse` reads a text as it was read when that failed.
    pub fn find<T>(
        text: &str,
        source: SparqlSyntaxError,
        parse: impl Fn(&str) -> Result<T, SparqlSyntaxError>,
    ) -> Self {
        let fault = (text.len() <= LONGEST).then(|| fault(text, &parse)).flatten();
        Self { source, fault }
    }
}

fn fault<T>(text: &str, parse: &dyn Fn(&str) -> Result<T, SparqlSyntaxError>) -> Option<Fault> {
    let tokens = tokens(text);
    // None: it could go on. Otherwise what the parser says.
    let complaint = |end: usize| -> Option<String> {
        let padded = format!("{}\n{}", &text[..end], " ".repeat(PADDING));
        let message = parse(&padded).err()?.to_string();
        let (place, expected) = message.strip_prefix("error at ")?.split_once(": expected ")?;
        let last = padded.matches('\n').count() + 1;
        (place != format!("{last}:{}", PADDING + 1)).then(|| expected.to_owned())
    };
    let first = tokens.partition_point(|token| complaint(token.end).is_none());
    let Some(token) = tokens.get(first) else {
        let (line, column) = place(text, text.trim_end().len());
        return Some(Fault { line, column, found: String::new(), reason: None });
    };
    let (line, column) = place(text, token.start);
    // Most of what the parser expects is a list of keywords it tried; a sentence is a reason.
    let is_sentence = |words: &String| words.contains(' ') && !words.starts_with("one of");
    let reason = complaint(token.end).filter(is_sentence);
    Some(Fault { line, column, found: text[token.clone()].to_owned(), reason })
}

fn place(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use spargebra::SparqlParser;

    fn find(query: &str) -> Fault {
        let parse = |text: &str| SparqlParser::new().parse_query(text);
        Wrong::find(query, parse(query).unwrap_err(), parse).fault.unwrap()
    }

    #[track_caller]
    fn check(query: &str, line: usize, column: usize, found: &str) {
        let fault = find(query);
        assert_eq!((fault.line, fault.column, fault.found.as_str()), (line, column, found));
    }

    #[test]
    fn a_mistake_is_found_where_it_is() {
        check("SELECT *\nWHER { ?s ?p ?o }", 2, 1, "WHER");
        check("SELECT ?s { ?s ?p ?o ?x }", 1, 22, "?x");
        check("# è qui\nSELECT ?s {\n  ?s a \"à\" ; ; } }", 3, 18, "}");
        check("SELECT ?s { ?s ?p ?o FILTER (?o > ) }", 1, 35, ")");
        check("SELCT ?s { ?s ?p ?o }", 1, 1, "SELCT");
        check("SELECT ?s { ?s ex:a ?o }", 1, 16, "ex:a");
        check("SELECT ?s { ?s ?p 'x }", 1, 19, "'x }");
    }

    #[test]
    fn a_text_that_is_not_complete_is_wrong_at_its_end() {
        check("SELECT ?s { ?s ?p ?o\n", 1, 21, "");
        check("SELECT ?s", 1, 10, "");
    }

    #[test]
    fn what_the_parser_says_in_words_is_passed_on() {
        let fault = find("SELECT ?s ?n { ?s ?p ?o } GROUP BY ?s");
        assert!(fault.reason.is_some() || fault.found.is_empty(), "{fault:?}");
    }
}
