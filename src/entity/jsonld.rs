//! JSON-LD compacted with the project's context: the part of the compaction algorithm that this
//! context needs (terms, types, language maps), exact for every triple without blank nodes.

use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{LiteralRef, NamedOrBlankNodeRef, TermRef, Triple};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The namespaces and terms of a context.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// Prefix and namespace.
    prefixes: Vec<(String, String)>,
    /// The terms of each IRI.
    terms: BTreeMap<String, Vec<Definition>>,
}

#[derive(Debug)]
struct Definition {
    term: String,
    coercion: Coercion,
}

/// What a term takes for granted about its values.
#[derive(Debug, PartialEq, Eq)]
enum Coercion {
    None,
    /// `"@type": "@id"`
    Iri,
    /// `"@type"` with the IRI of a datatype
    Datatype(String),
    /// `"@container": "@language"`
    Languages,
}

#[derive(Deserialize)]
struct File {
    #[serde(rename = "@context")]
    context: BTreeMap<String, Value>,
}

impl Context {
    /// Reads a context file in which terms follow prefixes, as ours does.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let file: File = serde_json::from_str(text)?;
        let mut context = Self::default();
        for (term, value) in &file.context {
            if let Some(iri) = value.as_str().filter(|iri| iri.ends_with(['#', '/'])) {
                context.prefixes.push((term.clone(), iri.to_owned()));
            }
        }
        for (term, value) in file.context {
            let (id, coercion) = match &value {
                Value::String(id) => (id.as_str(), Coercion::None),
                Value::Object(definition) => {
                    let text = |key: &str| definition.get(key).and_then(Value::as_str);
                    let coercion = match (text("@type"), text("@container")) {
                        (Some("@id"), _) => Coercion::Iri,
                        (Some(datatype), _) => Coercion::Datatype(context.expand(datatype)),
                        (None, Some("@language")) => Coercion::Languages,
                        _ => Coercion::None,
                    };
                    (text("@id").unwrap_or_default(), coercion)
                }
                _ => continue,
            };
            if id.contains(':') && !id.ends_with(['#', '/']) {
                let definition = Definition { term, coercion };
                context.terms.entry(context.expand(id)).or_default().push(definition);
            }
        }
        Ok(context)
    }

    /// Writes triples, one object a subject, in a document that names its context by address.
    pub fn compact(mut self, triples: &[Triple], context: &str) -> Value {
        let context = self.without_mistakable(triples, context);
        let mut subjects: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
        for triple in triples {
            let NamedOrBlankNodeRef::NamedNode(subject) = triple.subject.as_ref() else { continue };
            let object = subjects
                .entry(subject.as_str())
                .or_insert_with(|| Map::from_iter([("id".to_owned(), json!(subject.as_str()))]));
            self.add(object, triple.predicate.as_str(), triple.object.as_ref());
        }
        let mut document = Map::from_iter([("@context".to_owned(), context)]);
        let mut objects: Vec<Map<String, Value>> = subjects.into_values().collect();
        if objects.len() == 1 {
            document.append(&mut objects.remove(0));
        } else {
            document.insert("@graph".to_owned(), json!(objects));
        }
        Value::Object(document)
    }

    /// Takes away the prefixes that are schemes of IRIs in the data: `geo:45,11` would be read as
    /// a name under the prefix `geo`. JSON-LD 1.1 API, section 5.2.2.
    fn without_mistakable(&mut self, triples: &[Triple], context: &str) -> Value {
        let mut off = Map::new();
        let is_scheme = |iri: &str, prefix: &str| {
            iri.strip_prefix(prefix).is_some_and(|rest| {
                rest.starts_with(':') && !rest.starts_with("://")
            })
        };
        for triple in triples {
            let object = match triple.object.as_ref() {
                TermRef::NamedNode(node) => node.as_str(),
                _ => "",
            };
            let subject = match triple.subject.as_ref() {
                NamedOrBlankNodeRef::NamedNode(node) => node.as_str(),
                NamedOrBlankNodeRef::BlankNode(_) => "",
            };
            for (prefix, _) in &self.prefixes {
                if is_scheme(subject, prefix) || is_scheme(object, prefix) {
                    off.insert(prefix.clone(), Value::Null);
                }
            }
        }
        self.prefixes.retain(|(prefix, _)| !off.contains_key(prefix));
        if off.is_empty() { json!(context) } else { json!([context, off]) }
    }

    fn add(&self, object: &mut Map<String, Value>, property: &str, value: TermRef<'_>) {
        match value {
            TermRef::NamedNode(node) if property == rdf::TYPE.as_str() => {
                push(object, "type", json!(self.key(node.as_str())));
            }
            TermRef::NamedNode(node) => match self.term(property, &Coercion::Iri) {
                Some(term) => push(object, term, json!(node.as_str())),
                None => push(object, &self.key(property), json!({"id": node.as_str()})),
            },
            TermRef::Literal(literal) => self.add_literal(object, property, literal),
            _ => {}
        }
    }

    fn add_literal(&self, object: &mut Map<String, Value>, property: &str, value: LiteralRef<'_>) {
        let text = json!(value.value());
        if let Some(tag) = value.language() {
            match self.term(property, &Coercion::Languages) {
                Some(term) => {
                    let map = object.entry(term).or_insert_with(|| json!({}));
                    let map = map.as_object_mut().expect("a language map is an object");
                    push(map, tag, text);
                }
                None => {
                    push(object, &self.key(property), json!({"@value": text, "@language": tag}));
                }
            }
        } else if value.datatype() == xsd::STRING {
            push(object, &self.key(property), text);
        } else {
            let datatype = value.datatype().as_str();
            match self.term(property, &Coercion::Datatype(datatype.to_owned())) {
                Some(term) => push(object, term, text),
                None => {
                    let datatype = self.key(datatype);
                    let value = json!({"@value": text, "@type": datatype});
                    push(object, &self.key(property), value);
                }
            }
        }
    }

    /// The term of a property that takes this for granted.
    fn term(&self, property: &str, coercion: &Coercion) -> Option<&str> {
        let definitions = self.terms.get(property)?;
        definitions
            .iter()
            .find(|definition| definition.coercion == *coercion)
            .map(|definition| definition.term.as_str())
    }

    /// A name for a property, a class or a datatype that takes nothing for granted.
    fn key(&self, property: &str) -> String {
        self.term(property, &Coercion::None)
            .map_or_else(|| self.prefixed(property), str::to_owned)
    }

    fn prefixed(&self, iri: &str) -> String {
        for (prefix, namespace) in &self.prefixes {
            // What follows `//` would be read as an authority. JSON-LD 1.1 API, section 5.2.2.
            if let Some(name) = iri.strip_prefix(namespace.as_str()).filter(|name| !name.starts_with("//")) {
                return format!("{prefix}:{name}");
            }
        }
        iri.to_owned()
    }

    fn expand(&self, name: &str) -> String {
        let prefixed = name.split_once(':').and_then(|(prefix, rest)| {
            let (_, namespace) = self.prefixes.iter().find(|(known, _)| known == prefix)?;
            Some(format!("{namespace}{rest}"))
        });
        prefixed.unwrap_or_else(|| name.to_owned())
    }
}

/// Adds a value; one stands alone, several stand in an array.
fn push(object: &mut Map<String, Value>, key: &str, value: Value) {
    match object.get_mut(key) {
        None => {
            object.insert(key.to_owned(), value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}
