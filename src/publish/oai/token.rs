//! Resumption tokens: everything that is needed to go on with a list stands in them, so they survive a
//! restart and never expire. OAI-PMH 2.0, section 3.5.

use super::ask::{Format, Listing};
use super::set::Set;
use crate::publish::hashing::mark;
use crate::store::Place;

/// What the first part of a token says; another way of writing them gets another one.
const VERSION: &str = "1";

/// Where a list goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub listing: Listing,
    pub format: Format,
    pub set: Option<Set>,
    /// The change whose state is listed.
    pub snapshot: u64,
    /// The last change whose records are listed.
    pub until: u64,
    /// The place of the last record that was told.
    pub after: Place,
    /// How many records have been told.
    pub count: u64,
}

impl Token {
    /// The token as a text of letters, digits, dots, hyphens and underscores, which need no escape in
    /// an address. `seal` names the state of the log that is listed: a token of another log, or one
    /// that lost a letter, does not fit.
    pub fn write(&self, seal: &str) -> String {
        let payload = self.payload();
        let check = mark(&format!("{seal} {payload}"));
        format!("{payload}.{check:016x}")
    }

    /// Reads a token that was not changed, as far as can be told without the seal, and gives what has
    /// to be compared with it.
    pub fn read(text: &str) -> Option<Self> {
        let (payload, _) = text.rsplit_once('.')?;
        let mut fields = payload.split('.');
        let mut next = || fields.next();
        if next()? != VERSION {
            return None;
        }
        let listing = Listing::read(next()?)?;
        let format = Format::read(next()?)?;
        let set = match next()? {
            "all" => None,
            spec => Some(Set::read(&spec.replacen('_', ":", 1))?),
        };
        let mut number = || next()?.parse::<u64>().ok();
        let token = Self {
            listing,
            format,
            set,
            snapshot: number()?,
            until: number()?,
            after: Place { seq: number()?, position: i64::try_from(number()?).ok()? },
            count: number()?,
        };
        let is_ordered = token.after.seq <= token.until && token.until <= token.snapshot;
        // Only what would be written the same way is a token: no zeros before a number, no more fields.
        (is_ordered && token.count > 0 && token.payload() == payload).then_some(token)
    }

    fn payload(&self) -> String {
        let Self { snapshot, until, after, count, .. } = self;
        let set =
            self.set.as_ref().map_or_else(|| "all".to_owned(), |set| set.spec().replace(':', "_"));
        format!(
            "{VERSION}.{}.{}.{set}.{snapshot}.{until}.{}.{}.{count}",
            self.listing.name(),
            self.format.prefix(),
            after.seq,
            after.position
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn token() -> Token {
        Token {
            listing: Listing::Records,
            format: Format::DublinCore,
            set: Set::read("source:comune-di-parma"),
            snapshot: 900,
            until: 800,
            after: Place { seq: 70, position: 6 },
            count: 300,
        }
    }

    proptest! {
        #[test]
        fn every_token_is_read_again(
            snapshot in 0..u64::MAX, until in 0..u64::MAX, seq in 0..u64::MAX,
            position in 0..i64::MAX, count in 1..u64::MAX, which in 0..6usize, flags in 0..4u8,
        ) {
            let mut bounds = [snapshot, until, seq];
            bounds.sort_unstable();
            let [seq, until, snapshot] = bounds;
            let specs = ["all", "kind", "source", "kind:rete", "source:territory", "source:a-b-3"];
            let token = Token {
                listing: if flags & 1 == 0 { Listing::Records } else { Listing::Identifiers },
                format: if flags & 2 == 0 { Format::DublinCore } else { Format::Rdf },
                set: Set::read(specs[which]),
                after: Place { seq, position },
                snapshot, until, count,
            };
            let text = token.write("seal");
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)));
            prop_assert_eq!(Token::read(&text), Some(token.clone()));
            prop_assert_eq!(Token::read(&text).unwrap().write("seal"), text.clone());
            prop_assert_ne!(token.write("other seal"), text);
        }

        #[test]
        fn no_text_breaks_the_reading_and_none_but_a_token_is_one(text in "\\PC{0,60}|[0-9a-z._-]{0,80}") {
            if let Some(token) = Token::read(&text) {
                prop_assert!(token.write("seal") != text);
            }
        }

        #[test]
        fn a_letter_less_or_another_letter_makes_it_none(at in 0..60usize, letter in "[0-9a-z._-]") {
            let whole = token().write("seal");
            let at = at % whole.len();
            let mut changed = whole.clone();
            changed.replace_range(at..=at, &letter);
            let mut shorter = whole.clone();
            shorter.remove(at);
            for text in [changed, shorter] {
                let is_whole = Token::read(&text).is_some_and(|token| token.write("seal") == text);
                prop_assert_eq!(is_whole, text == whole, "{}", text);
            }
        }
    }

    #[test]
    fn numbers_have_one_way_of_being_written() {
        let good = "1.ListRecords.oai_dc.all.9.8.7.6.100.0";
        assert!(Token::read(good).is_some());
        for wrong in [
            "1.ListRecords.oai_dc.all.09.8.7.6.100.0",
            "1.ListRecords.oai_dc.all.+9.8.7.6.100.0",
            "1.ListRecords.oai_dc.all.9.8.7.6.0.0",
            "1.ListRecords.oai_dc.all.8.9.7.6.100.0",
            "1.ListRecords.oai_dc.all.9.7.8.6.100.0",
            "1.ListRecords.oai_dc.all.9.8.7.6.0",
            "1.ListRecords.oai_dc.all.9.8.7.6.100.5.0",
            "2.ListRecords.oai_dc.all.9.8.7.6.100.0",
            "1.ListSets.oai_dc.all.9.8.7.6.100.0",
            "1.ListRecords.marc.all.9.8.7.6.100.0",
            "1.ListRecords.oai_dc.kind:rete.9.8.7.6.100.0",
            "1.ListRecords.oai_dc.x.9.8.7.6.100.0",
            "1.ListRecords.oai_dc.all.9.8.7.-6.100.0",
            "1.ListRecords.oai_dc.all.99999999999999999999.8.7.6.100.0",
        ] {
            assert_eq!(Token::read(wrong), None, "{wrong}");
        }
    }
}
