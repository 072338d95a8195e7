//! A short text in the two languages every message has.
//! Knows nothing of shapes; other languages are not kept.

use oxigraph::model::LiteralRef;
use serde::{Deserialize, Serialize};

/// The languages messages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Italian,
    English,
}

/// One text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Text {
    pub it: String,
    pub en: String,
}

impl Text {
    /// The same idea, said twice.
    pub fn new(it: impl Into<String>, en: impl Into<String>) -> Self {
        Self { it: it.into(), en: en.into() }
    }

    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Italian => &self.it,
            Language::English => &self.en,
        }
    }
}

/// What a shapes graph says in one place, in the languages it happens to use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wording {
    it: Option<String>,
    en: Option<String>,
    untagged: Option<String>,
}

impl Wording {
    /// Takes one value of `sh:name` or `sh:message`; the first in a language stays.
    pub(crate) fn add(&mut self, literal: LiteralRef<'_>) {
        let tag = literal.language().map(|tag| tag.split('-').next().unwrap_or(tag));
        let slot = match tag {
            Some("it") => &mut self.it,
            Some("en") => &mut self.en,
            Some(_) => return,
            None => &mut self.untagged,
        };
        slot.get_or_insert_with(|| literal.value().to_owned());
    }

    /// Both languages, a missing one taken from `otherwise`.
    pub(crate) fn complete(&self, otherwise: impl FnOnce() -> Text) -> Text {
        let it = self.it.as_ref().or(self.untagged.as_ref());
        let en = self.en.as_ref().or(self.untagged.as_ref());
        match (it, en) {
            (Some(it), Some(en)) => Text::new(it, en),
            (Some(it), None) => Text::new(it, otherwise().en),
            (None, Some(en)) => Text::new(otherwise().it, en),
            (None, None) => otherwise(),
        }
    }

    /// Both languages, a missing one repeated from the other; none if nothing was said.
    pub(crate) fn either(&self) -> Option<Text> {
        let any = self.it.as_ref().or(self.en.as_ref()).or(self.untagged.as_ref())?.clone();
        let en = self.en.as_ref().unwrap_or(&any).clone();
        Some(self.complete(|| Text { it: any, en }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::Literal;

    fn wording(values: &[(&str, Option<&str>)]) -> Wording {
        let mut wording = Wording::default();
        for (value, tag) in values {
            let literal = match tag {
                Some(tag) => Literal::new_language_tagged_literal(*value, *tag).unwrap(),
                None => Literal::new_simple_literal(*value),
            };
            wording.add(literal.as_ref());
        }
        wording
    }

    #[test]
    fn a_missing_language_is_filled_from_what_is_generic() {
        let generic = || Text::new("generico", "generic");
        let only_italian = wording(&[("proprio", Some("it-IT")), ("eigen", Some("de"))]);
        assert_eq!(only_italian.complete(generic), Text::new("proprio", "generic"));
        assert_eq!(wording(&[("x", None)]).complete(generic), Text::new("x", "x"));
        assert_eq!(wording(&[("eigen", Some("de"))]).complete(generic), generic());
    }

    #[test]
    fn a_name_in_one_language_serves_both() {
        assert_eq!(wording(&[("title", Some("en"))]).either(), Some(Text::new("title", "title")));
        let both = wording(&[("title", Some("en")), ("titolo", Some("it"))]);
        assert_eq!(both.either(), Some(Text::new("titolo", "title")));
        assert_eq!(wording(&[]).either(), None);
    }
}
