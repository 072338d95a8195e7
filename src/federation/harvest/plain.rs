//! Plain Dublin Core as statements about a record: each element becomes the term of the same name.
//! DCMI Metadata Terms, section 3; OAI-PMH 2.0, section 3.4. Refuses to know where it was listed.

use crate::vocab::{dct, harvest::DUBLIN_CORE};
use oxigraph::model::{GraphName, Literal, NamedNode, Quad};
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

/// The statements that a document makes about a record.
pub(super) fn statements(document: &str, record: &NamedNode) -> Result<Vec<Quad>, String> {
    let mut reader = NsReader::from_str(document);
    let (mut open, mut found): (Option<Open>, Vec<Quad>) = (None, Vec::new());
    loop {
        let (space, event) = reader.read_resolved_event().map_err(|error| error.to_string())?;
        let is_element =
            matches!(space, ResolveResult::Bound(name) if name.as_ref() == DUBLIN_CORE.as_bytes());
        match event {
            Event::Start(start) if is_element => {
                let language = start.try_get_attribute("xml:lang");
                let language = language.ok().flatten();
                let language = language.and_then(|it| Some(it.unescape_value().ok()?.into_owned()));
                let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
                open = Some(Open { name, language, text: String::new() });
            }
            Event::Text(text) => {
                let text = text.unescape().map_err(|error| error.to_string())?;
                open.iter_mut().for_each(|open| open.text += &text);
            }
            Event::CData(text) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                open.iter_mut().for_each(|open| open.text += &text);
            }
            Event::End(_) => found.extend(open.take().and_then(|open| open.said_of(record))),
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// An element that is being read.
struct Open {
    name: String,
    language: Option<String>,
    text: String,
}

impl Open {
    fn said_of(self, record: &NamedNode) -> Option<Quad> {
        let text = self.text.trim();
        if text.is_empty() {
            return None;
        }
        let language = self.language.unwrap_or_default();
        // A language that is none leaves the text as it is.
        let value = Literal::new_language_tagged_literal(text, language)
            .unwrap_or_else(|_| Literal::new_simple_literal(text));
        let property = NamedNode::new(format!("{}{}", dct::NAMESPACE, self.name)).ok()?;
        Some(Quad::new(record.clone(), property, value, GraphName::DefaultGraph))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_become_terms() {
        let text = "<o:dc xmlns:o='http://o' xmlns:d='http://purl.org/dc/elements/1.1/'>\
                    <d:title xml:lang='it'>Nido &amp; scuola</d:title><d:type> </d:type>\
                    <d:date>2026</d:date><o:title>x</o:title></o:dc>";
        let record = NamedNode::new_unchecked("oai:x:1");
        let said: Vec<String> =
            statements(text, &record).unwrap().iter().map(ToString::to_string).collect();
        let term = "http://purl.org/dc/terms/";
        let wanted = [
            format!("<oai:x:1> <{term}title> \"Nido & scuola\"@it"),
            format!("<oai:x:1> <{term}date> \"2026\""),
        ];
        assert_eq!(said, wanted);
    }
}
