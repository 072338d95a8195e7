//! Answers as XML, element by element in the order that the schema of the protocol wants. OAI-PMH 2.0,
//! section 3.2. Knows what is told, nothing of where it came from.

use super::ask::Format;
use super::dublin;
use super::item::Item;
use super::moment::stamp;
use super::names::Names;
use super::rdf;
use super::refusal::Refusal;
use super::set::Set;
use super::xml::Xml;
use crate::iri::{Base, spelled};
use crate::publish::catalog::{Catalog, Entry};
use crate::vocab::dct;
use crate::vocab::harvest::{
    OAI_DC, OAI_DC_SCHEMA, OAI_PMH, OAI_PMH_SCHEMA, RDF, SCHEMA_INSTANCE, XML_SCHEMA,
};
use jiff::Timestamp;
use oxigraph::model::{Literal, Term};

/// What a request is answered with.
pub enum Told {
    Refused(Vec<Refusal>),
    /// The moment before which nothing was changed.
    Identify(Timestamp),
    Formats,
    /// The sets and what they are called.
    Sets(Vec<(Set, String)>),
    Headers(Vec<Item>, Option<Turn>),
    Records(Written, Option<Turn>),
    Record(Written),
}

/// Records with the format they are written in, and the names it needs.
pub struct Written {
    pub items: Vec<Item>,
    pub format: Format,
    pub names: Names,
}

/// The end of a page of a list that has more than one.
pub struct Turn {
    /// How many records came before the page.
    pub cursor: u64,
    /// Where the list goes on; nothing on its last page.
    pub token: Option<String>,
}

/// Writes answers of one repository.
pub struct Writer<'w> {
    pub base: &'w Base,
    pub catalog: &'w Catalog,
}

impl Writer<'_> {
    /// What stands between the date of an answer and its end. `arguments` are those of the request
    /// where it was understood.
    pub fn content(&self, arguments: &[(String, String)], told: &Told) -> String {
        let mut xml = Xml::new();
        let attributes: Vec<(&str, &str)> =
            arguments.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        xml.leaf("request", &attributes, &self.address());
        match told {
            Told::Refused(refusals) => {
                for Refusal { code, text } in refusals {
                    xml.leaf("error", &[("code", code.name())], text);
                }
            }
            Told::Identify(earliest) => self.identify(&mut xml, *earliest),
            Told::Formats => self.formats(&mut xml),
            Told::Sets(sets) => self.sets(&mut xml, sets),
            Told::Headers(items, turn) => {
                xml.open("ListIdentifiers", &[]);
                items.iter().for_each(|item| header(&mut xml, item));
                turned(&mut xml, turn.as_ref());
                xml.close("ListIdentifiers");
            }
            Told::Records(written, turn) => {
                xml.open("ListRecords", &[]);
                self.records(&mut xml, written);
                turned(&mut xml, turn.as_ref());
                xml.close("ListRecords");
            }
            Told::Record(written) => {
                xml.open("GetRecord", &[]);
                self.records(&mut xml, written);
                xml.close("GetRecord");
            }
        }
        xml.finish()
    }

    fn address(&self) -> String {
        self.base.join("/oai")
    }

    /// OAI-PMH 2.0, section 4.2. The administrator's address is that of the catalogue: the settings
    /// name it, and a node that has none does not start.
    fn identify(&self, xml: &mut Xml, earliest: Timestamp) {
        let who = self.catalog.who();
        let mail = who.mail.strip_prefix("mailto:").unwrap_or(&who.mail);
        xml.open("Identify", &[]);
        xml.leaf("repositoryName", &[], &format!("FamilyLab, {}", who.name));
        xml.leaf("baseURL", &[], &self.address());
        xml.leaf("protocolVersion", &[], "2.0");
        xml.leaf("adminEmail", &[], mail);
        xml.leaf("earliestDatestamp", &[], &stamp(earliest));
        xml.leaf("deletedRecord", &[], "persistent");
        xml.leaf("granularity", &[], "YYYY-MM-DDThh:mm:ssZ");
        xml.close("Identify");
    }

    fn formats(&self, xml: &mut Xml) {
        xml.open("ListMetadataFormats", &[]);
        for format in Format::ALL {
            let own = self.rdf_schema_address();
            let (schema, namespace) = match format {
                Format::DublinCore => (OAI_DC_SCHEMA, OAI_DC),
                Format::Rdf => (own.as_str(), RDF),
            };
            xml.open("metadataFormat", &[]);
            xml.leaf("metadataPrefix", &[], format.prefix());
            xml.leaf("schema", &[], schema);
            xml.leaf("metadataNamespace", &[], namespace);
            xml.close("metadataFormat");
        }
        xml.close("ListMetadataFormats");
    }

    fn sets(&self, xml: &mut Xml, sets: &[(Set, String)]) {
        xml.open("ListSets", &[]);
        for (set, name) in sets {
            xml.open("set", &[]);
            xml.leaf("setSpec", &[], &set.spec());
            xml.leaf("setName", &[], name);
            if let Some([italian, english]) = set.description() {
                xml.open("setDescription", &[]);
                dublin::describe(xml, &[("it", italian), ("en", english)]);
                xml.close("setDescription");
            }
            xml.close("set");
        }
        xml.close("ListSets");
    }

    fn records(&self, xml: &mut Xml, written: &Written) {
        // RDF/XML lets no attribute stand on its own root, so the schema is named around it. RDF 1.1
        // XML Syntax, section 7.2.9.
        let schema = format!("{RDF} {}", self.rdf_schema_address());
        for item in &written.items {
            xml.open("record", &[]);
            header(xml, item);
            if item.statements.is_some() {
                match written.format {
                    Format::DublinCore => {
                        xml.open("metadata", &[]);
                        let licence = &self.catalog.who().licence;
                        dublin::write(xml, self.base, item, &written.names, licence);
                    }
                    Format::Rdf => {
                        xml.open("metadata", &[("xsi:schemaLocation", &schema)]);
                        xml.written(&self.rdf(item));
                    }
                }
                xml.close("metadata");
            }
            xml.close("record");
        }
    }

    /// The statements of a record as they are, and beside them its document as a dataset, which is what
    /// readers of DCAT-AP look for.
    fn rdf(&self, item: &Item) -> String {
        let mut titles: Vec<Literal> = dublin::named_by(item).cloned().collect();
        if titles.is_empty() {
            titles.push(Literal::new_simple_literal(spelled(&item.slug)));
        }
        let descriptions: Vec<Literal> = dublin::described_by(item).cloned().collect();
        let licences = item.values(dct::LICENSE).filter_map(|licence| match licence {
            Term::NamedNode(node) => Some(node.as_str().to_owned()),
            _ => None,
        });
        let licences: Vec<String> = licences.collect();
        let entry = self.catalog.entry(&Entry {
            record: &item.identifier,
            titles: &titles,
            descriptions: &descriptions,
            modified: &item.at.to_string(),
            licences: &licences,
        });
        let own = item.statements.iter().flatten().cloned();
        rdf::element(&own.chain(entry).collect::<Vec<_>>())
    }

    fn rdf_schema_address(&self) -> String {
        self.base.join("/oai/rdf.xsd")
    }
}

/// A whole answer.
pub fn document(date: Timestamp, content: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <OAI-PMH xmlns=\"{OAI_PMH}\" xmlns:xsi=\"{SCHEMA_INSTANCE}\" \
         xsi:schemaLocation=\"{OAI_PMH} {OAI_PMH_SCHEMA}\">\n\
         <responseDate>{}</responseDate>\n{content}\n</OAI-PMH>\n",
        stamp(date)
    )
}

/// The XML schema of RDF/XML inside an answer: one element, in which anything may stand. Others have
/// written none for the format, and the protocol wants one.
pub fn rdf_schema() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <xs:schema xmlns:xs=\"{XML_SCHEMA}\" targetNamespace=\"{RDF}\" \
         elementFormDefault=\"qualified\">\n\
         <xs:element name=\"RDF\">\n<xs:complexType>\n<xs:sequence>\n\
         <xs:any minOccurs=\"0\" maxOccurs=\"unbounded\" processContents=\"skip\"/>\n\
         </xs:sequence>\n</xs:complexType>\n</xs:element>\n</xs:schema>\n"
    )
}

fn header(xml: &mut Xml, item: &Item) {
    let deleted: &[_] = if item.statements.is_none() { &[("status", "deleted")] } else { &[] };
    xml.open("header", deleted);
    xml.leaf("identifier", &[], &item.identifier);
    xml.leaf("datestamp", &[], &stamp(item.at));
    for set in item.sets() {
        xml.leaf("setSpec", &[], &set.spec());
    }
    xml.close("header");
}

/// The end of a page; a list of one page has none. Section 3.5.
fn turned(xml: &mut Xml, turn: Option<&Turn>) {
    if let Some(Turn { cursor, token }) = turn {
        let cursor = cursor.to_string();
        let token = token.as_deref().unwrap_or_default();
        xml.leaf("resumptionToken", &[("cursor", &cursor)], token);
    }
}
