//! What repositories write as XML, as far as looks and harvests read it alike. Knows no protocol.

use quick_xml::events::BytesStart;

/// The value of an attribute of an element; nothing where it is absent or no XML.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    Some(attribute.unescape_value().ok()?.into_owned())
}
