//! A named query with values in the place of its parameters, as a text that can be read, changed
//! and run by itself. Works on words of SPARQL; a parameter without a value stays a variable.

use super::catalogue::NamedQuery;
use crate::sparql::tokens;
use oxigraph::model::{Term, Variable};

impl NamedQuery {
    /// The query's text for some values, as [`Self::bind`] gives them.
    pub fn filled(&self, values: &[(Variable, Term)]) -> String {
        let value = |word: &str| {
            let name = word.strip_prefix(['?', '$'])?;
            values.iter().find(|(variable, _)| variable.as_str() == name).map(|(_, term)| term)
        };
        let words = tokens(&self.text);
        let word = |place: usize| words.get(place).map(|range| &self.text[range.clone()]);
        let (mut filled, mut copied, mut place) = (String::new(), 0, 0);
        while let Some(range) = words.get(place) {
            // A term cannot stand in BOUND, and always is.
            let in_bound = word(place).is_some_and(|name| name.eq_ignore_ascii_case("BOUND"))
                && word(place + 1) == Some("(")
                && word(place + 3) == Some(")");
            let asked = if in_bound { word(place + 2) } else { word(place) };
            let Some(term) = asked.and_then(value) else {
                place += 1;
                continue;
            };
            filled.push_str(&self.text[copied..range.start]);
            let last = if in_bound { place + 3 } else { place };
            if in_bound {
                filled.push_str("true");
            } else {
                filled.push_str(&term.to_string());
            }
            copied = words.get(last).map_or(self.text.len(), |range| range.end);
            place = last + 1;
        }
        filled.push_str(&self.text[copied..]);
        filled
    }
}
