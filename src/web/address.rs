//! Where the node shows a resource: the addresses of documents, in each format and language.
//! Pure text; knows nothing of what is shown there.

use super::language::Reader;
use crate::iri::{Base, record_of};
use crate::media::{Kind, Media};
use oxigraph::model::{NamedOrBlankNode, Term, Triple};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// What cannot stand in a URI though it may stand in an IRI; percent signs stay as they are.
const IRI: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}');
/// What is encoded in the value of a parameter.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where the pages of each kind of record stand.
pub const PLACES: [(&str, &str); 14] = [
    ("esperienza", "/esperienze"),
    ("attore", "/attori"),
    ("rete", "/reti"),
    ("territorio", "/territori"),
    ("tema", "/temi"),
    ("destinatario", "/destinatari"),
    ("valutazione", "/valutazioni"),
    ("modello", "/modelli"),
    ("percorso", "/percorsi"),
    ("competenza", "/competenze"),
    ("risorsa", "/saperi"),
    ("notizia", "/notizie"),
    ("evento", "/eventi"),
    ("raccolta", "/raccolte"),
];
/// Pages that stand among those of records: a record of that name has its page below `/doc/` only.
const TAKEN: [&str; 2] = ["simili", "confronta"];

/// The page about a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The path below the node's address, without an extension, as a URI.
    path: String,
    /// The path of the page for people, where it is another one.
    page: Option<String>,
    /// The resource, where the path does not say which one it is.
    iri: Option<String>,
}

impl Document {
    /// The document about a resource: below `/doc/` for this node's records, in its own place for
    /// ontology, shapes and vocabularies, `/doc?iri=…` for everything else.
    pub fn about(base: &Base, iri: &str) -> Self {
        let record = record_of(iri);
        let local = base.document(record);
        let path = local.as_deref().and_then(|address| address.strip_prefix(base.as_str()));
        match path {
            Some(path) if path.starts_with("/id/") && path.len() > 4 && !path.contains('?') => {
                let page = page_of(&path[4..]).map(|path| encode(&path));
                let path = encode(&path[4..]);
                Self { path: format!("/doc/{path}"), page, iri: None }
            }
            Some(path)
                if matches!(path, "/ontology" | "/shapes" | "/shapes/dcat-ap_it")
                    || path
                        .strip_prefix("/vocabulary/")
                        .is_some_and(|name| !name.contains('/')) =>
            {
                Self { path: encode(path), page: None, iri: None }
            }
            _ => Self::of_any(iri),
        }
    }

    /// The document about any IRI, fragments included, under `/doc?iri=…`.
    pub fn of_any(iri: &str) -> Self {
        Self { path: "/doc".to_owned(), page: None, iri: Some(iri.to_owned()) }
    }

    /// A version of a record of this node.
    pub fn version(base: &Base, iri: &str, seq: u64) -> Option<Self> {
        let path = iri.strip_prefix(base.as_str())?;
        Some(Self { path: format!("{}/v/{seq}", encode(path)), page: None, iri: None })
    }

    /// The address of the document in a format; that of a page in the reader's language.
    pub fn data(&self, base: &Base, media: Media, reader: Option<Reader>) -> String {
        let prefix = reader.filter(|_| media.kind == Kind::Html).map_or("", Reader::prefix);
        match &self.iri {
            Some(_) => format!("{}&format={}", self.document(base, prefix), media.extension),
            None => format!("{}.{}", self.document(base, prefix), media.extension),
        }
    }

    /// The address under which every client finds the format it likes.
    pub fn any(&self, base: &Base) -> String {
        self.document(base, "")
    }

    /// The address of everything the node states, as a page.
    pub fn statements(&self, base: &Base, reader: Reader) -> String {
        self.document(base, reader.prefix())
    }

    /// The address of the page for people.
    pub fn page(&self, base: &Base, reader: Reader) -> String {
        match &self.page {
            Some(page) => format!("{}{}{page}", root(base), reader.prefix()),
            None => self.document(base, reader.prefix()),
        }
    }

    fn document(&self, base: &Base, prefix: &str) -> String {
        let (root, path) = (root(base), &self.path);
        match &self.iri {
            Some(iri) => format!("{root}{prefix}{path}?iri={}", utf8_percent_encode(iri, VALUE)),
            None => format!("{root}{prefix}{path}"),
        }
    }
}

/// The path of the page about a record, from the part of its IRI below `/id/`.
fn page_of(path: &str) -> Option<String> {
    let (kind, slug) = path.split_once('/')?;
    let place = place(kind)?;
    let is_free = !slug.is_empty() && !slug.contains('/') && !TAKEN.contains(&slug);
    is_free.then(|| format!("{place}/{slug}"))
}

/// Where the pages of a kind of record stand.
pub fn place(kind: &str) -> Option<&'static str> {
    PLACES.into_iter().find(|(name, _)| *name == kind).map(|(_, place)| place)
}

/// The kind of record whose pages stand at or below a path.
pub fn kind_at(path: &str) -> Option<&'static str> {
    let below = |place: &str| {
        path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    PLACES.into_iter().find(|(_, place)| below(place)).map(|(kind, _)| kind)
}

/// The address of the page about a resource, for a reader, with the fragment it is in.
pub fn page(base: &Base, iri: &str, reader: Reader) -> String {
    let document = Document::about(base, iri);
    let address = document.page(base, reader);
    match iri.split_once('#') {
        Some((_, fragment)) if document.iri.is_none() => format!("{address}#{}", encode(fragment)),
        _ => address,
    }
}

/// The page that tells why a statement is there, for a reader.
pub fn why(base: &Base, statement: &Triple, reader: Reader) -> String {
    let subject = match &statement.subject {
        NamedOrBlankNode::NamedNode(node) => node.as_str(),
        NamedOrBlankNode::BlankNode(node) => node.as_str(),
    };
    let object = match &statement.object {
        Term::NamedNode(node) => node.as_str().to_owned(),
        other => other.to_string(),
    };
    let parts = [subject, statement.predicate.as_str(), &object];
    let [subject, predicate, object] = parts.map(|part| utf8_percent_encode(part, VALUE));
    let query = format!("subject={subject}&predicate={predicate}&object={object}");
    format!("{}{}/explain?{query}", root(base), reader.prefix())
}

/// The path under which the public address puts the node, often nothing.
pub fn root(base: &Base) -> &str {
    let address = base.as_str();
    let host = address.find("://").map_or(0, |scheme| scheme + 3);
    address[host..].find('/').map_or("", |slash| &address[host + slash..])
}

/// The whole address of a path that begins with what [`root`] gives.
pub fn whole(base: &Base, path: &str) -> String {
    format!("{}{path}", base.as_str().strip_suffix(root(base)).unwrap_or(base.as_str()))
}

/// An IRI as a URI. RFC 3987, section 3.1.
pub fn encode(iri: &str) -> String {
    utf8_percent_encode(iri, IRI).to_string()
}

/// The IRIs a URI may stand for: itself, and itself with its non-ASCII characters decoded.
/// RFC 3987, section 3.2.
pub fn decode(uri: &str) -> Vec<String> {
    let bytes = uri.as_bytes();
    let (mut decoded, mut place) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(place) {
        let digits = bytes.get(place + 1..place + 3).filter(|_| byte == b'%');
        let code = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .filter(|code| !code.is_ascii());
        decoded.push(code.unwrap_or(byte));
        place += if code.is_some() { 3 } else { 1 };
    }
    let mut iris = vec![uri.to_owned()];
    iris.extend(String::from_utf8(decoded).ok().filter(|iri| iri != uri));
    iris
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{HTML, TURTLE};
    use crate::schema::Language;

    fn base() -> Base {
        Base::parse("http://n.example/nodo").unwrap()
    }

    #[test]
    fn every_resource_has_one_document() {
        let reader = Reader { language: Language::English };
        let page = |iri| page(&base(), iri, reader);
        assert_eq!(page("http://n.example/nodo/id/rete/x#a"), "/nodo/en/reti/x#a");
        assert_eq!(
            page("http://n.example/nodo/id/esperienza/simili"),
            "/nodo/en/doc/esperienza/simili"
        );
        assert_eq!(page("http://n.example/nodo/id/altro/x"), "/nodo/en/doc/altro/x");
        assert_eq!(page("https://w3id.org/familylab/ontology#Actor"), "/nodo/en/ontology#Actor");
        let shape = "https://w3id.org/familylab/shapes/dcat-ap_it#DatasetShape";
        assert_eq!(page(shape), "/nodo/en/shapes/dcat-ap_it#DatasetShape");
        assert_eq!(
            page("http://b.example/è#x"),
            "/nodo/en/doc?iri=http%3A%2F%2Fb.example%2F%C3%A8%23x"
        );
        let document = Document::about(&base(), "http://n.example/nodo/id/rete/x");
        assert_eq!(document.data(&base(), TURTLE, Some(reader)), "/nodo/doc/rete/x.ttl");
        assert_eq!(document.data(&base(), HTML, Some(reader)), "/nodo/en/doc/rete/x.html");
        assert_eq!(document.any(&base()), "/nodo/doc/rete/x");
    }

    #[test]
    fn every_kind_has_a_place() {
        for kind in crate::iri::KINDS {
            assert!(super::place(kind).is_some(), "{kind}");
        }
    }

    #[test]
    fn an_address_with_accents_and_spaces_is_read_both_ways() {
        assert_eq!(decode("Citt%C3%A0%20alta"), ["Citt%C3%A0%20alta", "Città%20alta"]);
        assert_eq!(decode("a%"), ["a%"]);
        assert_eq!(encode("Città%20alta"), "Citt%C3%A0%20alta");
    }
}
