//! The findings of a check, written for a terminal, for a program, or as a SHACL report.
//! Knows nothing of how they were found.

use crate::schema::finding::{Finding, Severity};
use crate::schema::text::{Language, Text};
use crate::vocab::sh;
use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{BlankNode, Literal, NamedNode, NamedNodeRef, Term, TripleRef};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// What a check of some records has found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// How many records were checked.
    pub records: u64,
    /// The records that are not taken over, by IRI.
    pub left_out: Vec<String>,
    /// What was found, sorted by record.
    pub findings: Vec<Finding>,
}

/// The JSON form: the report and its verdict.
#[derive(Serialize)]
struct Document<'a> {
    conforms: bool,
    #[serde(flatten)]
    report: &'a Report,
}

impl Report {
    /// Takes in what another check has found.
    pub fn add(&mut self, other: Self) {
        self.records += other.records;
        self.left_out.extend(other.left_out);
        self.findings.extend(other.findings);
    }

    /// Whether the records may be taken over: no violation, though there may be warnings.
    pub fn conforms(&self) -> bool {
        self.count(Severity::Violation) == 0
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Writes the report for people: a summary, then the findings by record and property.
    pub fn write_text(&self, out: &mut impl Write, language: Language) -> io::Result<()> {
        writeln!(out, "{}", self.summary().get(language))?;
        for record in self.findings.chunk_by(|a, b| a.record == b.record) {
            writeln!(out, "\n{}", record[0].record)?;
            write_record(out, record, language)?;
        }
        if !self.left_out.is_empty() {
            let heading = Text::new("Schede lasciate fuori:", "Records left out:");
            writeln!(out, "\n{}", heading.get(language))?;
            self.left_out.iter().try_for_each(|record| writeln!(out, "  {record}"))?;
        }
        Ok(())
    }

    /// The verdict in one line.
    fn summary(&self) -> Text {
        let records = count(self.records, ["scheda", "schede"], ["record", "records"]);
        let left_out = count(
            self.left_out.len() as u64,
            ["lasciata fuori", "lasciate fuori"],
            ["left out"; 2],
        );
        let levels = [Severity::Violation, Severity::Warning, Severity::Info];
        let levels = levels.map(|level| level_count(level, self.count(level) as u64));
        let list = |language| levels.each_ref().map(|level| level.get(language)).join(", ");
        Text::new(
            format!("{}: {}; {}", records.it, list(Language::Italian), left_out.it),
            format!("{}: {}; {}", records.en, list(Language::English), left_out.en),
        )
    }

    /// Writes the report as one JSON object: `conforms`, `records`, `left_out`, `findings`.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        let document = Document { conforms: self.conforms(), report: self };
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)
    }

    /// Writes a validation report graph. There `sh:conforms` is true only if nothing at all was
    /// found, warnings included; a path longer than one predicate is left to its shape.
    /// SHACL, section 3.6.
    pub fn write_shacl(&self, out: impl Write, format: RdfFormat) -> io::Result<()> {
        let serializer = RdfSerializer::from_format(format)
            .with_prefix("sh", sh::NAMESPACE)
            .expect("the namespace of SHACL is a valid IRI");
        let mut out = serializer.for_writer(out);
        let report = BlankNode::new_unchecked("validation-report");
        let conforms = Literal::from(self.findings.is_empty());
        out.serialize_triple(TripleRef::new(&report, rdf::TYPE, sh::VALIDATION_REPORT))?;
        out.serialize_triple(TripleRef::new(&report, sh::CONFORMS, &conforms))?;
        for (number, finding) in self.findings.iter().enumerate() {
            let result = BlankNode::new_unchecked(format!("validation-result-{number}"));
            out.serialize_triple(TripleRef::new(&report, sh::RESULT, &result))?;
            for (predicate, value) in statements(finding) {
                out.serialize_triple(TripleRef::new(&result, predicate, &value))?;
            }
        }
        out.finish().map(drop)
    }
}

/// `3 schede` and `3 records`, with singulars where they belong.
fn count(number: u64, it: [&str; 2], en: [&str; 2]) -> Text {
    let form = usize::from(number != 1);
    Text::new(format!("{number} {}", it[form]), format!("{number} {}", en[form]))
}

fn level_count(severity: Severity, number: u64) -> Text {
    match severity {
        Severity::Violation => count(number, ["errore", "errori"], ["error", "errors"]),
        Severity::Warning => count(number, ["avviso", "avvisi"], ["warning", "warnings"]),
        Severity::Info => count(number, ["nota", "note"], ["note", "notes"]),
    }
}

fn level(severity: Severity) -> Text {
    match severity {
        Severity::Violation => Text::new("errore", "error"),
        Severity::Warning => Text::new("avviso", "warning"),
        Severity::Info => Text::new("nota", "note"),
    }
}

/// Writes the findings of one record, a line each, with a heading for each property.
fn write_record(out: &mut impl Write, findings: &[Finding], language: Language) -> io::Result<()> {
    let places: Vec<_> = findings.iter().map(|finding| place(finding, language)).collect();
    let width = places.iter().map(|place| place.chars().count()).max().unwrap_or(0);
    let gap = if width > 0 { "  " } else { "" };
    let mut property = None;
    for (finding, place) in findings.iter().zip(&places) {
        if property != Some((&finding.path, &finding.name)) {
            property = Some((&finding.path, &finding.name));
            if !finding.name.get(language).is_empty() {
                writeln!(out, "  {}", finding.name.get(language))?;
            }
        }
        let severity = level(finding.severity);
        let message = finding.message.get(language);
        write!(out, "    {place:width$}{gap}{:7}  {message}", severity.get(language))?;
        match &finding.value {
            Some(value) => writeln!(out, "  [{}]", shortened(value))?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}

/// Where a finding stands: row and column of a table, else the fragment of a nested node.
fn place(finding: &Finding, language: Language) -> String {
    let Some(place) = &finding.place else {
        let fragment = finding.focus.strip_prefix(&finding.record);
        return fragment.unwrap_or_default().to_owned();
    };
    let word = match language {
        Language::Italian => "riga",
        Language::English => "row",
    };
    match &place.column {
        Some(column) => format!("{word} {}, {column}", place.row),
        None => format!("{word} {}", place.row),
    }
}

/// A value on one line of at most 60 characters.
fn shortened(value: &str) -> String {
    let line: String = value.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// What a report graph says of one finding, except where it belongs.
fn statements(finding: &Finding) -> Vec<(NamedNodeRef<'static>, Term)> {
    let severity = match finding.severity {
        Severity::Violation => sh::VIOLATION,
        Severity::Warning => sh::WARNING,
        Severity::Info => sh::INFO,
    };
    let message = |text: &str, tag| Literal::new_language_tagged_literal_unchecked(text, tag);
    let mut statements = vec![
        (rdf::TYPE, sh::VALIDATION_RESULT.into()),
        (sh::FOCUS_NODE, node(&finding.focus)),
        (sh::RESULT_SEVERITY, severity.into()),
        (sh::RESULT_MESSAGE, message(&finding.message.it, "it").into()),
        (sh::RESULT_MESSAGE, message(&finding.message.en, "en").into()),
    ];
    // What no shape asks for, such as that a file can be read, has a plain word here.
    for (predicate, source) in
        [(sh::SOURCE_CONSTRAINT_COMPONENT, &finding.component), (sh::SOURCE_SHAPE, &finding.shape)]
    {
        statements
            .extend(Some((predicate, node(source))).filter(|(_, source)| !source.is_literal()));
    }
    if let Some(path) = finding.path.as_deref().and_then(|path| NamedNode::new(path).ok()) {
        statements.push((sh::RESULT_PATH, path.into()));
    }
    if let Some(value) = &finding.value {
        statements.push((sh::VALUE, term(value, finding.value_type.as_deref())));
    }
    statements
}

/// The node a finding wrote as its IRI or `_:label`; a file or a row has no IRI and is a text.
fn node(written: &str) -> Term {
    if let Some(label) = written.strip_prefix("_:") {
        return BlankNode::new_unchecked(label).into();
    }
    NamedNode::new(written).map_or_else(|_| Literal::new_simple_literal(written).into(), Term::from)
}

/// The value a finding wrote.
fn term(written: &str, kind: Option<&str>) -> Term {
    let Some(kind) = kind else {
        return node(written);
    };
    match kind.strip_prefix('@') {
        Some(tag) => Literal::new_language_tagged_literal_unchecked(written, tag).into(),
        None if kind == xsd::STRING.as_str() => Literal::new_simple_literal(written).into(),
        None => Literal::new_typed_literal(written, NamedNode::new_unchecked(kind)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::finding::Place;
    use oxigraph::io::RdfParser;
    use oxigraph::model::{Graph, Triple};

    fn finding(record: &str, row: usize, value: &str) -> Finding {
        Finding {
            record: format!("https://example.org/{record}"),
            focus: format!("https://example.org/{record}#one"),
            path: Some("https://example.org/title".to_owned()),
            name: Text::new("titolo", "title"),
            value: Some(value.to_owned()),
            value_type: Some("@it".to_owned()),
            severity: Severity::Violation,
            component: format!("{}MinLengthConstraintComponent", sh::NAMESPACE),
            shape: "https://example.org/S-title".to_owned(),
            message: Text::new("Scrivere di più.", "Write more."),
            place: Some(Place { row, column: Some("Titolo".to_owned()) }),
        }
    }

    fn report() -> Report {
        let note = Finding { severity: Severity::Info, place: None, ..finding("b", 0, "due") };
        Report {
            records: 3,
            left_out: vec!["https://example.org/a".to_owned()],
            findings: vec![finding("a", 9, "uno"), finding("a", 10, "a  \n b"), note],
        }
    }

    #[test]
    fn the_text_is_grouped_aligned_and_in_one_language() {
        let text = |language| {
            let mut out = Vec::new();
            report().write_text(&mut out, language).unwrap();
            String::from_utf8(out).unwrap()
        };
        insta::assert_snapshot!(text(Language::Italian), @"
        3 schede: 2 errori, 0 avvisi, 1 nota; 1 lasciata fuori

        https://example.org/a
          titolo
            riga 9, Titolo   errore   Scrivere di più.  [uno]
            riga 10, Titolo  errore   Scrivere di più.  [a b]

        https://example.org/b
          titolo
            #one  nota     Scrivere di più.  [due]

        Schede lasciate fuori:
          https://example.org/a
        ");
        let english = text(Language::English);
        assert!(english.starts_with("3 records: 2 errors, 0 warnings, 1 note; 1 left out"));
        assert!(english.contains("row 10, Titolo  error    Write more.  [a b]"));
    }

    #[test]
    fn the_json_has_a_verdict_and_can_be_read_back() {
        let mut out = Vec::new();
        report().write_json(&mut out).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(value["conforms"], false);
        assert_eq!(value["findings"][0]["message"]["en"], "Write more.");
        assert_eq!(serde_json::from_slice::<Report>(&out).unwrap(), report());
    }

    #[test]
    fn notes_and_warnings_do_not_stop_a_record() {
        let mut report = report();
        report.findings.drain(..2);
        assert!(report.conforms());
    }

    #[test]
    fn the_graph_is_a_validation_report() {
        for format in [RdfFormat::Turtle, RdfFormat::RdfXml] {
            let mut out = Vec::new();
            report().write_shacl(&mut out, format).unwrap();
            let quads = RdfParser::from_format(format).for_slice(&out);
            let graph: Graph = quads.map(|quad| Triple::from(quad.unwrap())).collect();
            let of = |predicate| graph.triples_for_predicate(predicate).count();
            assert_eq!((of(sh::RESULT), of(sh::RESULT_MESSAGE), of(sh::RESULT_PATH)), (3, 6, 3));
            assert_eq!((of(sh::SOURCE_SHAPE), of(sh::SOURCE_CONSTRAINT_COMPONENT)), (3, 3));
            let conforms = Literal::from(false);
            assert!(graph.subject_for_predicate_object(sh::CONFORMS, &conforms).is_some());
            let value = Literal::new_language_tagged_literal_unchecked("uno", "it");
            let result = graph.subject_for_predicate_object(sh::VALUE, &value).unwrap();
            let severity = graph.object_for_subject_predicate(result, sh::RESULT_SEVERITY);
            assert_eq!(severity, Some(sh::VIOLATION.into()));
        }
    }
}
