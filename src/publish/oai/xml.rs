//! XML as it is written here. Knows the syntax of XML 1.0 and nothing of what is told in it.

use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};

/// Elements being written.
pub struct Xml(Writer<Vec<u8>>);

/// Attributes by name.
pub type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Xml {
    pub fn new() -> Self {
        Self(Writer::new(Vec::new()))
    }

    /// Begins an element, on a line of its own.
    pub fn open(&mut self, name: &str, attributes: Attributes<'_>) {
        self.line();
        self.event(Event::Start(start(name, attributes)));
    }

    pub fn close(&mut self, name: &str) {
        self.line();
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element that holds nothing but a text.
    pub fn leaf(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.line();
        self.event(Event::Start(start(name, attributes)));
        // A bare carriage return would be read as a line feed. XML 1.0, section 2.11.
        let escaped = escape(text).replace('\r', "&#13;");
        self.event(Event::Text(BytesText::from_escaped(escaped)));
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// Elements that are written already.
    pub fn written(&mut self, elements: &str) {
        self.line();
        self.0.get_mut().extend_from_slice(elements.as_bytes());
    }

    /// Everything that was written, without what XML cannot hold.
    pub fn finish(self) -> String {
        let text = String::from_utf8(self.0.into_inner()).expect("only text was written");
        if text.chars().all(is_allowed) {
            text
        } else {
            text.replace(|c| !is_allowed(c), "\u{FFFD}")
        }
    }

    fn line(&mut self) {
        let bytes = self.0.get_mut();
        if !bytes.is_empty() {
            bytes.push(b'\n');
        }
    }

    fn event(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("writing to memory cannot fail");
    }
}

fn start<'a>(name: &'a str, attributes: Attributes<'a>) -> BytesStart<'a> {
    BytesStart::new(name).with_attributes(attributes.iter().copied())
}

/// Whether a character may stand in XML, escaped or not. XML 1.0, section 2.2.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_marked_and_the_rest_is_escaped() {
        let mut xml = Xml::new();
        xml.open("a", &[("b", "\"<&>'")]);
        xml.leaf("c", &[], "x\u{0}\u{8}\u{FFFF}\r\n<è>&");
        xml.close("a");
        let expected = "<a b=\"&quot;&lt;&amp;&gt;&apos;\">\n\
             <c>x\u{FFFD}\u{FFFD}\u{FFFD}&#13;\n&lt;è&gt;&amp;</c>\n</a>";
        assert_eq!(xml.finish(), expected);
    }
}
