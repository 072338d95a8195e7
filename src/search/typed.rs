//! What a person types, read as a query: words, "phrases", -without, OR, field:value, prefix*,
//! ranges. Nothing typed is an error: what is no syntax is words.

use super::facet::Facet;

/// One thing a result must, or must not, have.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// Words in any order.
    Words(String),
    /// Words one after the other.
    Phrase(String),
    /// The beginning of a word.
    Prefix(String),
    /// Words in the title.
    Title(String),
    /// A value of a facet, by what it is called or by its IRI.
    Facet(Facet, String),
    Year(Span),
    Budget(Span),
    Population(Span),
    /// A record by its IRI.
    Iri(String),
}

/// From one number to another, both included; open where one is missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub from: Option<f64>,
    pub to: Option<f64>,
}

/// A clause, asked for or ruled out.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub negative: bool,
    pub clause: Clause,
}

/// What was typed: every group must match by one of its items.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Typed {
    pub groups: Vec<Vec<Item>>,
    /// Names before a colon that are no fields.
    pub unknown_fields: Vec<String>,
}

/// What a field's name stands for.
enum Named {
    Facet(Facet),
    Title,
    Year,
    Budget,
    Population,
}

fn named(name: &str) -> Option<Named> {
    Some(match super::analysis::fold(name).as_str() {
        "kind" | "tipo" => Named::Facet(Facet::Kind),
        "territory" | "territorio" | "place" | "luogo" | "comune" | "provincia" | "regione" => {
            Named::Facet(Facet::Territory)
        }
        "theme" | "tema" | "temi" => Named::Facet(Facet::Theme),
        "target" | "destinatari" | "recipients" => Named::Facet(Facet::Target),
        "level" | "livello" => Named::Facet(Facet::Level),
        "actor-type" | "ente" | "body" => Named::Facet(Facet::ActorType),
        "phase" | "fase" => Named::Facet(Facet::Phase),
        "evidence" | "evidenza" => Named::Facet(Facet::Evidence),
        "network" | "rete" => Named::Facet(Facet::Network),
        "actor" | "attore" => Named::Facet(Facet::Actor),
        "funding" | "finanziamento" | "fondo" => Named::Facet(Facet::Funding),
        "language" | "lingua" => Named::Facet(Facet::Language),
        "source" | "fonte" => Named::Facet(Facet::Source),
        "title" | "titolo" => Named::Title,
        "year" | "anno" | "anni" => Named::Year,
        "cost" | "costo" | "budget" | "spesa" => Named::Budget,
        "population" | "popolazione" | "abitanti" => Named::Population,
        _ => return None,
    })
}

/// Reads what was typed.
pub fn read(text: &str) -> Typed {
    let mut typed = Typed::default();
    let mut joins = false;
    for piece in pieces(text) {
        if matches!(piece, "OR" | "|") {
            joins = !typed.groups.is_empty();
            continue;
        }
        let Some(item) = item(piece, &mut typed.unknown_fields) else { continue };
        match typed.groups.last_mut().filter(|_| joins) {
            Some(group) => group.push(item),
            None => typed.groups.push(vec![item]),
        }
        joins = false;
    }
    typed.groups = gathered(typed.groups);
    typed
}

impl Typed {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

/// Single words that stand side by side are asked for together.
fn gathered(groups: Vec<Vec<Item>>) -> Vec<Vec<Item>> {
    let mut all: Vec<Vec<Item>> = Vec::new();
    for group in groups {
        if let ([Item { negative: false, clause: Clause::Words(words) }], Some(last)) =
            (group.as_slice(), all.last_mut())
            && let [Item { negative: false, clause: Clause::Words(before) }] = last.as_mut_slice()
        {
            before.push(' ');
            before.push_str(words);
        } else {
            all.push(group);
        }
    }
    all
}

/// Cuts at white space, but not inside quotes that are closed.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let mut end = rest.len();
        let mut quoted = false;
        for (place, c) in rest.char_indices() {
            if is_quote(c) {
                let closes = rest[place + c.len_utf8()..].contains(is_quote);
                quoted = !quoted && closes;
            } else if c.is_whitespace() && !quoted {
                end = place;
                break;
            }
        }
        pieces.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    pieces
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '«' | '»' | '„')
}

fn item(piece: &str, unknown: &mut Vec<String>) -> Option<Item> {
    let (negative, rest) = match piece.strip_prefix(['-', '−']) {
        Some(rest) if !rest.is_empty() => (true, rest),
        _ => (false, piece),
    };
    let has_words = |text: &str| text.chars().any(char::is_alphanumeric);
    let clause = clause(rest, unknown)?;
    let words = match &clause {
        Clause::Words(text) | Clause::Phrase(text) | Clause::Prefix(text) | Clause::Title(text) => {
            has_words(text)
        }
        _ => true,
    };
    words.then_some(Item { negative, clause })
}

fn clause(text: &str, unknown: &mut Vec<String>) -> Option<Clause> {
    if text.contains("://") || text.starts_with("urn:") {
        return Some(Clause::Iri(text.trim_matches(['<', '>']).to_owned()));
    }
    if let Some((name, value)) = text.split_once(':')
        && !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || c == '-')
    {
        let value = unquoted(value);
        match named(name) {
            Some(_) if value.trim().is_empty() => return None,
            Some(Named::Facet(facet)) => return Some(Clause::Facet(facet, value)),
            Some(Named::Title) => return Some(Clause::Title(value)),
            Some(Named::Year) => {
                return Some(span(&value).map_or(Clause::Words(value), Clause::Year));
            }
            Some(Named::Budget) => {
                return Some(span(&value).map_or(Clause::Words(value), Clause::Budget));
            }
            Some(Named::Population) => {
                return Some(span(&value).map_or(Clause::Words(value), Clause::Population));
            }
            None => {
                unknown.push(name.to_owned());
                return Some(Clause::Words(format!("{name} {value}")));
            }
        }
    }
    if text.chars().next().is_some_and(is_quote)
        && text.chars().filter(|c| is_quote(*c)).count() > 1
    {
        return Some(Clause::Phrase(unquoted(text)));
    }
    if let Some(start) = text.strip_suffix('*')
        && start.chars().filter(|c| c.is_alphanumeric()).count() > 1
        && start.chars().all(char::is_alphanumeric)
    {
        return Some(Clause::Prefix(start.to_owned()));
    }
    Some(Clause::Words(unquoted(text)))
}

fn unquoted(text: &str) -> String {
    text.replace(is_quote, " ").trim().to_owned()
}

/// `2018..2022`, `2018..`, `..2022`, `>2018`, `>=2018`, `<10.000`, `2020`.
fn span(text: &str) -> Option<Span> {
    let number = |text: &str| -> Option<f64> {
        let plain: String =
            text.chars().filter(|c| !matches!(c, '€' | ' ' | '.' | '\u{a0}')).collect();
        plain.replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
    };
    if let Some((from, to)) = text.split_once("..") {
        let (from, to) = (from.trim(), to.trim());
        let span = Span { from: number(from), to: number(to) };
        let read = |text: &str, number: Option<f64>| text.is_empty() || number.is_some();
        let any = span.from.is_some() || span.to.is_some();
        return (any && read(from, span.from) && read(to, span.to)).then_some(span);
    }
    if let Some(least) = text.strip_prefix(">=").or_else(|| text.strip_prefix('>')) {
        return Some(Span { from: Some(number(least)?), to: None });
    }
    if let Some(most) = text.strip_prefix("<=").or_else(|| text.strip_prefix('<')) {
        return Some(Span { from: None, to: Some(number(most)?) });
    }
    let exact = number(text)?;
    Some(Span { from: Some(exact), to: Some(exact) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(text: &str) -> Item {
        let mut typed = read(text);
        assert_eq!(typed.groups.len(), 1, "{text}: {typed:?}");
        typed.groups.remove(0).remove(0)
    }

    #[test]
    fn each_piece_of_syntax_is_read() {
        assert_eq!(one("asilo nido").clause, Clause::Words("asilo nido".to_owned()));
        assert_eq!(one("\"asilo nido\"").clause, Clause::Phrase("asilo nido".to_owned()));
        assert_eq!(one("micro*").clause, Clause::Prefix("micro".to_owned()));
        assert!(one("-privato").negative);
        assert_eq!(one("titolo:\"il nido\"").clause, Clause::Title("il nido".to_owned()));
        assert_eq!(
            one("tema:\"affido e adozione\"").clause,
            Clause::Facet(Facet::Theme, "affido e adozione".to_owned())
        );
        assert_eq!(
            one("costo:10.000..50.000").clause,
            Clause::Budget(Span { from: Some(10_000.0), to: Some(50_000.0) })
        );
        assert_eq!(one("anno:>2020").clause, Clause::Year(Span { from: Some(2020.0), to: None }));
        let either = read("nido OR tata");
        assert_eq!(either.groups.len(), 1);
        assert_eq!(either.groups[0].len(), 2);
    }

    #[test]
    fn what_is_no_syntax_is_words() {
        assert_eq!(read("foo:bar").unknown_fields, ["foo"]);
        assert_eq!(one("\"asilo nido").clause, Clause::Words("asilo nido".to_owned()));
        assert_eq!(one("anno:boh").clause, Clause::Words("boh".to_owned()));
        for nothing in ["", "  ", "- * \" \"", "OR", "| |", "tema:", "!?.,"] {
            assert!(read(nothing).is_empty(), "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn nothing_typed_is_an_error(text in "\\PC{0,200}") {
            read(&text);
        }

        #[test]
        fn nothing_made_of_syntax_is_an_error(text in "[-\"*:.a-z0-9|<>OR «»]{0,80}") {
            read(&text);
        }
    }
}
