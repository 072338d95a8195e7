//! The fields of the index, and what each is for.
//! Knows Tantivy's options; nothing of records.

use super::analysis::{EN, IT, PLAIN};
use super::facet::FACETS;
use tantivy::schema::{
    DateOptions, Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema,
    TextFieldIndexing, TextOptions,
};

/// A change in what is indexed, or how, has another number: an older index is made again.
pub const LAYOUT: u32 = 2;

/// The fields.
#[derive(Debug, Clone)]
pub struct Fields {
    pub schema: Schema,
    /// The record's IRI, whole: by it a document is found and replaced.
    pub iri: Field,
    /// Codes and identifiers, folded: ISTAT, IPA, tax code, `dct:identifier`, the slug.
    pub code: Field,
    /// Words stemmed as Italian, those that matter more repeated.
    pub it: Field,
    /// Words stemmed as English.
    pub en: Field,
    /// Words as they are, with their places, for phrases and prefixes.
    pub plain: Field,
    /// The words of titles and names only.
    pub title: Field,
    /// One field a facet, in the order of [`FACETS`].
    pub facets: Vec<Field>,
    /// A number made of the IRI: the last word in every order.
    pub tie: Field,
    /// When it was issued or last changed.
    pub date: Field,
    /// First and last year of what it tells.
    pub year: Field,
    pub budget: Field,
    pub population: Field,
    /// Where it is, WGS84 degrees.
    pub lat: Field,
    pub long: Field,
    /// What is shown of it, as JSON; see [`super::document::Shown`].
    pub shown: Field,
    /// The other records it is linked with, for likeness.
    pub links: Field,
}

impl Fields {
    /// Lays the fields out.
    pub fn new() -> Self {
        let mut builder = Schema::builder();
        let text = |analyzer: &str, option| {
            let indexing =
                TextFieldIndexing::default().set_tokenizer(analyzer).set_index_option(option);
            TextOptions::default().set_indexing_options(indexing)
        };
        let value = || {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::Basic);
            TextOptions::default().set_indexing_options(indexing)
        };
        let number = || NumericOptions::default().set_fast().set_indexed();
        let frequencies = IndexRecordOption::WithFreqs;
        Self {
            iri: builder.add_text_field("iri", STRING | STORED),
            code: builder.add_text_field("code", value()),
            it: builder.add_text_field("it", text(IT, frequencies)),
            en: builder.add_text_field("en", text(EN, frequencies)),
            plain: builder
                .add_text_field("plain", text(PLAIN, IndexRecordOption::WithFreqsAndPositions)),
            title: builder
                .add_text_field("title", text(PLAIN, IndexRecordOption::WithFreqsAndPositions)),
            facets: FACETS
                .iter()
                .map(|facet| builder.add_text_field(facet.name(), value().set_fast("raw")))
                .collect(),
            tie: builder.add_u64_field("tie", NumericOptions::default().set_fast()),
            date: builder.add_date_field("date", DateOptions::default().set_fast().set_indexed()),
            year: builder.add_i64_field("year", number()),
            budget: builder.add_f64_field("budget", number()),
            population: builder.add_u64_field("inhabitants", number()),
            lat: builder.add_f64_field("lat", number()),
            long: builder.add_f64_field("long", number()),
            shown: builder.add_text_field("shown", STORED),
            links: builder.add_text_field("links", value()),
            schema: builder.build(),
        }
    }
}
