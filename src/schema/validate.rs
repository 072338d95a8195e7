//! Checks a batch of triples against shapes and says what is wrong, in both languages.
//! Knows nothing of where the batch comes from or of how findings are shown.

use crate::iri::{record_of, record_of_subject};
use crate::schema::engine::Checker;
use crate::schema::finding::{Finding, Severity};
use crate::schema::shapes::Shapes;
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{NamedNode, Term, Triple};
use rudof_rdf::rdf_core::SHACLPath;
use rudof_rdf::rdf_core::term::Object;
use rudof_rdf::rdf_impl::{OxigraphInMemory, OxigraphInMemoryError};
use shacl::validator::engine::{Engine, Validate};
use shacl::validator::nodes::FocusNodes;
use shacl::validator::report::ValidationResult;
use std::collections::HashSet;

/// Why a batch could not be checked at all.
#[derive(Debug, thiserror::Error)]
pub enum ValidateError {
    #[error("the batch could not be checked against the shapes")]
    Engine(#[from] Box<shacl::error::ValidationError>),
    #[error("the batch could not be held in memory")]
    Graph(#[from] Box<OxigraphInMemoryError>),
}

/// Checks a batch. `known` are facts (node, class) about nodes the batch refers to but does not
/// describe; they count for `sh:class` and are not checked themselves. Triples with
/// `rdfs:subClassOf` may be part of the batch. Findings come sorted, each once.
///
/// # Errors
/// When the engine cannot read a term, such as a language tag that was never valid.
pub fn validate(
    shapes: &Shapes,
    triples: impl IntoIterator<Item = Triple>,
    known: impl IntoIterator<Item = (NamedNode, NamedNode)>,
) -> Result<Vec<Finding>, ValidateError> {
    let mut graph = OxigraphInMemory::new();
    let mut records = HashSet::new();
    let mut last = None;
    for triple in triples {
        graph
            .add_triple_ref(&triple.subject, &triple.predicate, &triple.object)
            .map_err(Box::new)?;
        if last.as_ref() != Some(&triple.subject) {
            records.insert(record_of_subject(triple.subject.as_ref()));
            last = Some(triple.subject);
        }
    }
    for (node, class) in known {
        graph.add_triple_ref(&node, rdf::TYPE, &class).map_err(Box::new)?;
    }
    let mut findings = findings(shapes, &graph, |node| is_within(&records, node))?;
    findings.retain(|finding| records.contains(&finding.record));
    Ok(findings)
}

/// Checks a whole graph: every target of the shapes, be it a literal or an IRI of which the graph
/// says nothing (SHACL 1.0, section 2.1.3). Findings come sorted, each once.
///
/// # Errors
/// As of [`validate`].
pub fn validate_graph(
    shapes: &Shapes,
    triples: impl IntoIterator<Item = Triple>,
) -> Result<Vec<Finding>, ValidateError> {
    let mut graph = OxigraphInMemory::new();
    for triple in triples {
        graph
            .add_triple_ref(&triple.subject, &triple.predicate, &triple.object)
            .map_err(Box::new)?;
    }
    findings(shapes, &graph, |_| true)
}

/// What is wrong with the targets that are wanted, sorted, each once.
fn findings(
    shapes: &Shapes,
    graph: &OxigraphInMemory,
    is_wanted: impl Fn(&Term) -> bool,
) -> Result<Vec<Finding>, ValidateError> {
    let results = results(shapes, graph, is_wanted)?;
    let mut findings: Vec<_> = results.iter().map(|result| finding(shapes, result)).collect();
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    findings.dedup();
    Ok(findings)
}

/// Runs every shape that has targets over those of its targets that are wanted.
fn results(
    shapes: &Shapes,
    graph: &OxigraphInMemory,
    is_wanted: impl Fn(&Term) -> bool,
) -> Result<Vec<ValidationResult>, ValidateError> {
    let mut engine = Checker::new();
    let mut results = Vec::new();
    for (_, shape) in shapes.compiled().iter_with_targets() {
        let targets = engine.focus_nodes(graph, shape.targets()).map_err(Box::new)?;
        let targets: FocusNodes<OxigraphInMemory> =
            targets.into_iter().filter(|node| is_wanted(node)).collect();
        let outcome = shape
            .validate(graph, &mut engine, Some(&targets), Some(shape), shapes.compiled())
            .map_err(Box::new)?;
        results.extend(outcome.into_parts().0);
    }
    Ok(results)
}

/// Whether a node belongs to one of the batch's records.
fn is_within(records: &HashSet<String>, node: &Term) -> bool {
    match node {
        Term::NamedNode(node) => records.contains(record_of(node.as_str())),
        Term::BlankNode(node) => records.contains(&node.to_string()),
        _ => false,
    }
}

/// The order of findings: by record, property and value, and then by all else that tells two
/// apart, so that the same batch always gives the same list.
fn order(finding: &Finding) -> impl Ord + '_ {
    let Finding { record, focus, path, value, value_type, component, shape, .. } = finding;
    (record, path, value, focus, value_type, component, shape)
}

/// Puts one of the engine's results into words.
fn finding(shapes: &Shapes, result: &ValidationResult) -> Finding {
    let focus = described(result.focus_node()).0;
    let path = result.path().map(SHACLPath::to_string);
    let component = described(result.constraint_component()).0;
    let shape = result.source().map(|source| described(source).0).unwrap_or_default();
    let (value, value_type) = result.value().map(described).unzip();
    Finding {
        record: record_of(&focus).to_owned(),
        name: shapes.name(&shape, path.as_deref()),
        message: shapes.message(&shape, &component),
        severity: severity(result.severity()),
        value_type: value_type.flatten(),
        place: None,
        focus,
        path,
        value,
        component,
        shape,
    }
}

/// A term as a finding writes it, and what it is if it is a literal.
fn described(term: &Object) -> (String, Option<String>) {
    match Term::from(term.clone()) {
        Term::NamedNode(node) => (node.into_string(), None),
        Term::Literal(literal) => match literal.destruct() {
            (value, _, Some(language), ..) => (value, Some(format!("@{language}"))),
            (value, Some(datatype), ..) => (value, Some(datatype.into_string())),
            (value, ..) => (value, Some(xsd::STRING.as_str().to_owned())),
        },
        other => (other.to_string(), None),
    }
}

/// The three severities of SHACL 1.0; what is less grave than `sh:Info` counts as it, a severity
/// of someone's own as a violation.
fn severity(severity: &shacl::types::Severity) -> Severity {
    use shacl::types::Severity as Given;
    match severity {
        Given::Violation | Given::Generic(_) => Severity::Violation,
        Given::Warning => Severity::Warning,
        Given::Info | Given::Debug | Given::Trace => Severity::Info,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::io::{RdfFormat, RdfParser};

    const PREFIXES: &str = "@prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix ex: <https://example.org/> . ";

    fn triples(turtle: &str) -> Vec<Triple> {
        RdfParser::from_format(RdfFormat::Turtle)
            .for_slice(&format!("{PREFIXES}{turtle}"))
            .map(|quad| quad.unwrap().into())
            .collect()
    }

    fn check(shapes: &str, data: &str, known: &[(&str, &str)]) -> Vec<Finding> {
        let shapes = Shapes::parse(&format!("{PREFIXES}{shapes}")).unwrap();
        let node = |name: &str| NamedNode::new_unchecked(format!("https://example.org/{name}"));
        let known = known.iter().map(|(entity, class)| (node(entity), node(class)));
        validate(&shapes, triples(data), known).unwrap()
    }

    /// A record `ex:r` whose property `ex:p` is under one constraint.
    fn one(constraint: &str, values: &str) -> Vec<Finding> {
        let shapes = format!(
            "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:S-p .
             ex:S-p sh:path ex:p ; {constraint} ."
        );
        let known = [("known", "K"), ("other", "L"), ("both", "K"), ("both", "L")];
        check(&shapes, &format!("ex:r a ex:C {values} ."), &known)
    }

    /// A constraint, values it takes, values it refuses, and the component it is refused by.
    const CASES: [(&str, &str, &str, &str); 28] = [
        ("sh:minCount 2", "; ex:p 1, 2", "; ex:p 1", "MinCount"),
        ("sh:minCount 1", "; ex:p 1", "", "MinCount"),
        ("sh:maxCount 1", "; ex:p 1", "; ex:p 1, 2", "MaxCount"),
        ("sh:datatype xsd:integer", "; ex:p 1", "; ex:p 'x'", "Datatype"),
        ("sh:datatype xsd:integer", "; ex:p 1", "; ex:p 'x'^^xsd:integer", "Datatype"),
        ("sh:datatype xsd:decimal", "; ex:p 1.5", "; ex:p '1,5'^^xsd:decimal", "Datatype"),
        (
            "sh:datatype xsd:date",
            "; ex:p '2024-02-29'^^xsd:date",
            "; ex:p '2023-02-29'^^xsd:date",
            "Datatype",
        ),
        ("sh:datatype rdf:langString", "; ex:p 'x'@it", "; ex:p 'x'", "Datatype"),
        ("sh:class ex:K", "; ex:p ex:known", "; ex:p ex:other", "Class"),
        ("sh:class ex:K", "; ex:p ex:known", "; ex:p ex:nowhere", "Class"),
        ("sh:nodeKind sh:IRI", "; ex:p ex:a", "; ex:p 'a'", "NodeKind"),
        ("sh:in ( ex:a 'b'@it 3 )", "; ex:p ex:a, 'b'@it, 3", "; ex:p 'b'", "In"),
        ("sh:pattern '^[0-9]{6}$'", "; ex:p '048017'", "; ex:p '48017'", "Pattern"),
        ("sh:pattern '^a' ; sh:flags 'i'", "; ex:p 'Abc'", "; ex:p 'bc'", "Pattern"),
        ("sh:minLength 3", "; ex:p 'abc'@it", "; ex:p 'àè'@it", "MinLength"),
        ("sh:maxLength 3", "; ex:p 'àèì'", "; ex:p 'abcd'", "MaxLength"),
        ("sh:minInclusive 0", "; ex:p 0, 0.0, 7", "; ex:p -0.5", "MinInclusive"),
        ("sh:minInclusive 0", "; ex:p 4", "; ex:p 'four'", "MinInclusive"),
        ("sh:maxInclusive 4", "; ex:p 4", "; ex:p 5", "MaxInclusive"),
        ("sh:languageIn ( 'it' 'en' )", "; ex:p 'x'@en-GB", "; ex:p 'x'@de", "LanguageIn"),
        ("sh:uniqueLang true", "; ex:p 'a'@it, 'a'@en", "; ex:p 'a'@it, 'b'@it", "UniqueLang"),
        ("sh:hasValue ex:a", "; ex:p ex:a, ex:b", "; ex:p ex:b", "HasValue"),
        (
            "sh:lessThanOrEquals ex:end",
            "; ex:p '2024-01-01'^^xsd:date ; ex:end '2024-01-01'^^xsd:date",
            "; ex:p '2024-01-02'^^xsd:date ; ex:end '2024-01-01'^^xsd:date",
            "LessThanOrEquals",
        ),
        (
            "sh:or ( [ sh:class ex:K ] [ sh:datatype xsd:string ] )",
            "; ex:p ex:known, 'x'",
            "; ex:p ex:other",
            "Or",
        ),
        (
            "sh:qualifiedValueShape [ sh:class ex:K ] ; sh:qualifiedMinCount 1",
            "; ex:p ex:known, ex:other",
            "; ex:p ex:other",
            "QualifiedMinCount",
        ),
        (
            "sh:qualifiedValueShape [ sh:languageIn ( 'it' ) ] ; sh:qualifiedMaxCount 1",
            "; ex:p 'a'@it, 'a'@en",
            "; ex:p 'a'@it, 'b'@it",
            "QualifiedMaxCount",
        ),
        (
            "sh:or ( [ sh:maxLength 3 ] [ sh:datatype xsd:date ] )",
            "; ex:p 'àèì', '2024-01-01'^^xsd:date",
            "; ex:p '2024-01-32'^^xsd:date",
            "Or",
        ),
        ("sh:not [ sh:class ex:L ]", "; ex:p ex:known", "; ex:p ex:both", "Not"),
    ];

    #[test]
    fn each_constraint_passes_and_fails_for_its_own_reason() {
        for (constraint, good, bad, component) in CASES {
            assert_eq!(one(constraint, good), [], "{constraint} with {good}");
            let found = one(constraint, bad);
            let components: Vec<_> = found.iter().map(|f| f.component.as_str()).collect();
            let expected = format!("{}{component}ConstraintComponent", crate::vocab::sh::NAMESPACE);
            assert_eq!(components, [expected], "{constraint} with {bad}");
            assert_eq!(found[0].record, "https://example.org/r");
            assert_eq!(found[0].path.as_deref(), Some("https://example.org/p"));
            assert_eq!(found[0].shape, "https://example.org/S-p");
            assert!(!found[0].message.it.is_empty() && !found[0].message.en.is_empty());
        }
    }

    #[test]
    fn known_nodes_count_as_values_but_are_not_checked() {
        let shapes = "ex:S a sh:NodeShape ; sh:targetClass ex:C ;
            sh:property [ sh:path ex:p ; sh:class ex:C ] , [ sh:path ex:q ; sh:minCount 1 ] .";
        let data = "ex:r a ex:C ; ex:p ex:known ; ex:q 1 .";
        assert_eq!(check(shapes, data, &[("known", "C")]), []);
        let nested = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property
            [ sh:path ex:p ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ] .";
        assert_eq!(check(nested, "ex:r a ex:C ; ex:p ex:known .", &[("known", "C")]), []);
    }

    #[test]
    fn subclasses_in_the_batch_are_followed() {
        let shapes = "ex:S a sh:NodeShape ; sh:targetClass ex:C ;
            sh:property [ sh:path ex:q ; sh:minCount 1 ] .";
        let found = check(shapes, "ex:r a ex:D . ex:D rdfs:subClassOf ex:C .", &[]);
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_finding_names_record_property_value_severity_and_what_to_do() {
        let shapes = "ex:S a sh:NodeShape ; sh:targetClass ex:Score ; sh:property ex:S-v .
            ex:S-v sh:path ex:v ; sh:name 'voto'@it , 'mark'@en ; sh:severity sh:Warning ;
                sh:datatype xsd:date ; sh:message 'Scrivere una data.'@it , 'Write a date.'@en .";
        let data = "ex:r ex:score <https://example.org/r#one> , <https://example.org/r#two> .
            <https://example.org/r#two> a ex:Score ; ex:v '31/12/2024'^^xsd:date .
            <https://example.org/r#one> a ex:Score ; ex:v 'ieri'@it .";
        let found = check(shapes, data, &[]);
        assert_eq!(found.len(), 2);
        let first = &found[0];
        assert_eq!(first.record, "https://example.org/r");
        assert_eq!(first.focus, "https://example.org/r#two");
        assert_eq!((first.name.it.as_str(), first.name.en.as_str()), ("voto", "mark"));
        assert_eq!(first.message.it, "Scrivere una data.");
        assert_eq!(first.message.en, "Write a date.");
        assert_eq!(first.severity, Severity::Warning);
        assert_eq!(first.value.as_deref(), Some("31/12/2024"));
        assert_eq!(first.value_type.as_deref(), Some(xsd::DATE.as_str()));
        assert_eq!(found[1].value_type.as_deref(), Some("@it"));
    }

    #[test]
    fn strange_terms_do_not_stop_the_engine() {
        for value in ["_:b", "'NaN'^^xsd:double", "'x'^^ex:own", "<<( ex:a ex:b ex:c )>>"] {
            for constraint in ["sh:minInclusive 1", "sh:lessThanOrEquals ex:q", "sh:in ( 1 )"] {
                one(constraint, &format!("; ex:p {value} ; ex:q {value}, 3"));
            }
        }
    }
}
