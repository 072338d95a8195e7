//! The facet values of every document of a segment, laid out in memory so that counting a match
//! costs a few nanoseconds. Values have one number in the whole index.

use super::error::SearchError;
use super::facet::{FACETS, Facet};
use super::fields::Fields;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use tantivy::{DocId, SegmentReader, columnar};

/// The values of one facet, each with its number.
#[derive(Debug, Default)]
pub struct Values {
    numbers: HashMap<String, u32>,
    texts: Vec<String>,
}

/// The values of all facets of one index. They only grow, and go with the index.
#[derive(Debug)]
pub struct Dictionary(Vec<RwLock<Values>>);

impl Default for Dictionary {
    fn default() -> Self {
        Self(FACETS.iter().map(|_| RwLock::default()).collect())
    }
}

impl Dictionary {
    /// The number of a value, if any document ever had it.
    pub fn number(&self, facet: Facet, value: &str) -> Option<u32> {
        let values = self.0[facet.place()].read().unwrap_or_else(PoisonError::into_inner);
        values.numbers.get(value).copied()
    }

    /// The value behind a number.
    pub fn value(&self, facet: Facet, number: u32) -> Option<String> {
        let values = self.0[facet.place()].read().unwrap_or_else(PoisonError::into_inner);
        values.texts.get(number as usize).cloned()
    }

    /// How many values there are.
    pub fn len(&self, facet: Facet) -> usize {
        self.0[facet.place()].read().unwrap_or_else(PoisonError::into_inner).texts.len()
    }

    /// The first value that ends so behind `/` or `#`.
    pub fn ending(&self, facet: Facet, end: &str) -> Option<String> {
        let values = self.0[facet.place()].read().unwrap_or_else(PoisonError::into_inner);
        let ends = |value: &&String| {
            value.strip_suffix(end).is_some_and(|start| start.ends_with(['/', '#']))
        };
        values.texts.iter().find(ends).cloned()
    }

    fn intern(&self, facet: Facet, texts: &[String]) -> Vec<u32> {
        let mut values = self.0[facet.place()].write().unwrap_or_else(PoisonError::into_inner);
        let mut numbers = Vec::with_capacity(texts.len());
        for text in texts {
            let number = match values.numbers.get(text) {
                Some(number) => *number,
                None => {
                    let number = u32::try_from(values.texts.len()).unwrap_or(u32::MAX);
                    values.texts.push(text.clone());
                    values.numbers.insert(text.clone(), number);
                    number
                }
            };
            numbers.push(number);
        }
        numbers
    }
}

/// The values of one facet by document.
#[derive(Debug)]
pub struct Column {
    /// Where the values of each document begin; one more than there are documents.
    starts: Vec<u32>,
    values: Vec<u32>,
}

impl Column {
    /// The numbers of the values a document has.
    pub fn of(&self, document: DocId) -> &[u32] {
        let document = document as usize;
        &self.values[self.starts[document] as usize..self.starts[document + 1] as usize]
    }
}

/// The facets of one segment, and where its records are.
pub struct SegmentColumns {
    facets: Vec<Column>,
    /// Latitude and longitude; nothing where no record of the segment has them.
    place: Option<(columnar::Column<f64>, columnar::Column<f64>)>,
}

impl SegmentColumns {
    /// Reads them; takes about a second for a million documents.
    pub fn read(
        reader: &SegmentReader,
        fields: &Fields,
        dictionary: &Dictionary,
    ) -> Result<Self, SearchError> {
        let mut columns = Vec::with_capacity(FACETS.len());
        for facet in FACETS {
            let name = fields.schema.get_field_name(fields.facets[facet.place()]);
            let documents = reader.max_doc();
            let mut column = Column { starts: vec![0], values: Vec::new() };
            if let Some(strings) = reader.fast_fields().str(name)? {
                let mut texts = Vec::with_capacity(strings.num_terms());
                let mut stream = strings.dictionary().stream()?;
                while stream.advance() {
                    texts.push(String::from_utf8_lossy(stream.key()).into_owned());
                }
                let numbers = dictionary.intern(facet, &texts);
                for document in 0..documents {
                    let ordinals = strings.term_ords(document);
                    column.values.extend(ordinals.map(|ordinal| numbers[ordinal as usize]));
                    column.starts.push(place(column.values.len()));
                }
            } else {
                column.starts.resize(documents as usize + 1, 0);
            }
            columns.push(column);
        }
        let fast = reader.fast_fields();
        let place = fast.column_opt("lat")?.zip(fast.column_opt("long")?);
        Ok(Self { facets: columns, place })
    }

    /// The column of a facet.
    pub fn facet(&self, facet: Facet) -> &Column {
        &self.facets[facet.place()]
    }

    /// The latitude and longitude of a document.
    pub fn place(&self, document: DocId) -> Option<(f64, f64)> {
        let (lat, long) = self.place.as_ref()?;
        lat.first(document).zip(long.first(document))
    }
}

/// Neither a segment nor a dictionary holds four thousand million values.
pub fn place(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
