//! Records of a block sorted by source, kind and year, each set written in every syntax.
//! Refuses to know where records come from and where the pieces go.

use super::blocks::{Block, Group, Piece, push_piece};
use super::counts::Tally;
use super::labels::Labels;
use super::lines::{Line, lines, push_quads, push_trig};
use super::table::Tables;
use crate::iri::{Base, KINDS};
use crate::publish::hashing::mark;
use crate::store::{Revision, Triples};
use crate::vocab::{dct, fl};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// A text is packed once it is so long, so that a large block needs little memory.
const LONG: usize = 1 << 20;

/// Under these names are counted the node's own records of no known kind, and those with addresses of
/// others, as the ontology's.
pub(super) const OTHERS: &str = "/";
pub(super) const FOREIGN: &str = "";

/// The kind of a record, if it is of one that is known.
pub(super) fn kind_of<'r>(base: &Base, record: &'r str) -> Option<&'r str> {
    let (kind, _) = record.strip_prefix(base.as_str())?.strip_prefix("/id/")?.split_once('/')?;
    KINDS.contains(&kind).then_some(kind)
}

/// The year in which an experience began: of `fl:startDate`, else of `dct:issued`; the earliest where
/// there are several, none where there is neither.
fn year_of(record: &str, triples: &Triples) -> Option<i16> {
    [fl::START_DATE, dct::ISSUED].iter().find_map(|property| {
        let own = |line: &Line<'_>| {
            Line::iri(line.subject) == Some(record)
                && Line::iri(line.predicate) == Some(property.as_str())
        };
        lines(triples).filter(own).filter_map(|line| year(line.object)).min()
    })
}

/// The year of an `xsd:date`, `xsd:dateTime` or `xsd:gYear`. XML Schema 1.1 part 2, section 3.3.
fn year(literal: &str) -> Option<i16> {
    let text = literal.strip_prefix('"')?;
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let end = digits.find(|c: char| !c.is_ascii_digit())?;
    (end >= 4).then(|| digits[..end].parse::<i16>().ok()).flatten().map(|year| sign * year)
}

/// The records elsewhere whose names the tables of these records show.
pub(super) fn named(base: &Base, tables: &Tables, page: &[Revision]) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for revision in page {
        let table = kind_of(base, &revision.key.record).and_then(|kind| tables.of(kind));
        if let (Some(table), Some(triples)) = (table, &revision.after) {
            named.extend(table.named(triples).map(str::to_owned));
        }
    }
    named
}

/// One block that is being written.
pub(super) struct Drawing {
    base: Base,
    groups: BTreeMap<Mark, Sheet>,
    tallies: BTreeMap<String, Tally>,
    named: BTreeSet<u64>,
}

/// Source graph, kind and year.
type Mark = (String, Option<String>, Option<i16>);

/// The records of one group.
struct Sheet {
    tally: Tally,
    quads: Packed,
    trig: Packed,
    table: Option<Vec<u8>>,
}

impl Drawing {
    pub fn new(base: Base) -> Self {
        let (groups, tallies) = (BTreeMap::new(), BTreeMap::new());
        Self { base, groups, tallies, named: BTreeSet::new() }
    }

    /// Adds records, in the order of their numbers; those that are gone and those taken over from
    /// peers are passed over.
    pub fn add(
        &mut self,
        page: &[Revision],
        tables: &Tables,
        labels: &Labels,
    ) -> Result<(), io::Error> {
        for revision in page {
            let Some(triples) = &revision.after else { continue };
            let (record, graph) = (revision.key.record.as_str(), revision.key.graph.as_str());
            // Who wants what a peer publishes harvests the peer.
            if self.base.peer_of(graph).is_some() {
                continue;
            }
            let kind = kind_of(&self.base, record);
            let year = kind.filter(|kind| *kind == KINDS[0]).and_then(|_| year_of(record, triples));
            let is_own =
                record.strip_prefix(self.base.as_str()).is_some_and(|it| it.starts_with("/id/"));
            let set = kind.unwrap_or(if is_own { OTHERS } else { FOREIGN });
            let tally = self.tallies.entry(set.to_owned());
            tally.or_insert_with(Tally::listing).count(lines(triples));
            let key = (graph.to_owned(), kind.map(str::to_owned), year);
            let sheet = self.groups.entry(key).or_insert_with(|| Sheet {
                tally: Tally::default(),
                quads: Packed::new("", ""),
                trig: Packed::new(&format!("<{graph}> {{\n"), "}\n"),
                table: None,
            });
            sheet.tally.count(lines(triples));
            push_quads(&mut sheet.quads.text, graph, triples);
            push_trig(&mut sheet.trig.text, triples);
            sheet.quads.pack(LONG)?;
            sheet.trig.pack(LONG)?;
            if let Some(table) = kind.and_then(|kind| tables.of(kind)) {
                let row = table.row(&self.base, &revision.key, triples, labels)?;
                sheet.table.get_or_insert_default().extend_from_slice(&row);
                self.named.extend(table.named(triples).map(mark));
            }
        }
        Ok(())
    }

    /// The block, and its pieces.
    pub fn finish(self, touched: u64) -> io::Result<(Block, Vec<u8>)> {
        let (mut groups, mut pieces) = (Vec::new(), Vec::new());
        for ((graph, kind, year), sheet) in self.groups {
            let mut packed = |mut sheet: Packed| -> io::Result<Piece> {
                sheet.pack(1)?;
                Ok(push_piece(&mut pieces, &sheet.members))
            };
            let (quads, trig) = (packed(sheet.quads)?, packed(sheet.trig)?);
            groups.push(Group {
                graph,
                kind,
                year,
                records: sheet.tally.records,
                statements: sheet.tally.statements,
                subjects: sheet.tally.subjects,
                quads,
                trig,
                table: sheet.table.map(|rows| push_piece(&mut pieces, &rows)),
            });
        }
        let named = self.named.into_iter().collect();
        Ok((Block { touched, groups, tallies: self.tallies, named }, pieces))
    }
}

/// A text in members of gzip, each of which opens and closes what it has to. RFC 1952, section 2.2.
struct Packed {
    open: String,
    close: &'static str,
    text: String,
    members: Vec<u8>,
}

impl Packed {
    fn new(open: &str, close: &'static str) -> Self {
        Self { open: open.to_owned(), close, text: String::new(), members: Vec::new() }
    }

    /// Packs the text once it is as long as this.
    fn pack(&mut self, length: usize) -> io::Result<()> {
        if self.text.len() >= length {
            let member = [self.open.as_str(), &self.text, self.close];
            self.members.extend(packed(&member)?);
            self.text.clear();
        }
        Ok(())
    }
}

/// Texts as one member of gzip, without a time, so that the same text gives the same bytes.
pub(super) fn packed(texts: &[&str]) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    for text in texts {
        packer.write_all(text.as_bytes())?;
    }
    packer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_is_that_of_the_beginning_else_of_the_publication() {
        let date =
            |property: &str, date: &str| format!("<http://x/a> <{property}> \"{date}\"^^<d> .\n");
        let year = |lines: &[String]| year_of("http://x/a", &Triples::from_lines(&lines.concat()));
        let start = |text: &str| date(fl::START_DATE.as_str(), text);
        let issued = date(dct::ISSUED.as_str(), "1999-01-01");
        assert_eq!(year(&[start("2024-02-03"), issued.clone()]), Some(2024));
        assert_eq!(year(&[start("2024-02-03"), start("2023-12-31")]), Some(2023));
        assert_eq!(year(&[start("bald"), issued.clone()]), Some(1999));
        assert_eq!(year(&[start("-0044-03-15")]), Some(-44));
        assert_eq!(year(&[start("99999-01-01")]), None);
        let part = format!("<http://x/a#b> <{}> \"2020-01-01\"^^<d> .\n", fl::START_DATE.as_str());
        assert_eq!(year(&[part]), None);
    }

    #[test]
    fn a_kind_is_one_that_is_known() {
        let base = Base::parse("http://x").unwrap();
        assert_eq!(kind_of(&base, "http://x/id/attore/a"), Some("attore"));
        for other in ["http://x/id/prova/a", "http://x/id/attore", "http://y/id/attore/a"] {
            assert_eq!(kind_of(&base, other), None, "{other}");
        }
    }
}
