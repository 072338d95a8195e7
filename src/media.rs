//! Media types: what the node can write, what it can read, and which one a client likes best.
//! Knows nothing of HTTP frameworks or of what is written.

use oxigraph::io::RdfFormat;
use sparesults::QueryResultsFormat;

/// One way of writing an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Media {
    /// What it is.
    pub kind: Kind,
    /// The file extension, without a dot.
    pub extension: &'static str,
    /// The media type to send, with its charset where text needs one.
    pub content_type: &'static str,
    /// The media types by which a client may ask for it.
    pub names: &'static [&'static str],
    /// What it is called on a page.
    pub label: &'static str,
}

/// The syntaxes behind the media types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Html,
    Rdf(RdfFormat),
    Results(QueryResultsFormat),
    /// Something that only its own writer knows, such as a list of search results.
    Listing,
}

/// HTML pages.
pub const HTML: Media = Media {
    kind: Kind::Html,
    extension: "html",
    content_type: "text/html; charset=utf-8",
    names: &["text/html", "application/xhtml+xml"],
    label: "HTML",
};
/// Turtle 1.1.
pub const TURTLE: Media = Media {
    kind: Kind::Rdf(RdfFormat::Turtle),
    extension: "ttl",
    content_type: "text/turtle; charset=utf-8",
    names: &["text/turtle", "application/x-turtle"],
    label: "Turtle",
};
/// N-Triples 1.1.
pub const N_TRIPLES: Media = Media {
    kind: Kind::Rdf(RdfFormat::NTriples),
    extension: "nt",
    content_type: "application/n-triples",
    names: &["application/n-triples", "text/plain"],
    label: "N-Triples",
};
/// RDF 1.1 XML syntax.
pub const RDF_XML: Media = Media {
    kind: Kind::Rdf(RdfFormat::RdfXml),
    extension: "rdf",
    content_type: "application/rdf+xml",
    names: &["application/rdf+xml", "application/xml", "text/xml"],
    label: "RDF/XML",
};
/// JSON-LD 1.1.
pub const JSON_LD: Media = Media {
    kind: Kind::Rdf(RdfFormat::JsonLd { profile: oxigraph::io::JsonLdProfileSet::empty() }),
    extension: "jsonld",
    content_type: "application/ld+json",
    names: &["application/ld+json", "application/json"],
    label: "JSON-LD",
};
/// N-Quads 1.1.
pub const N_QUADS: Media = Media {
    kind: Kind::Rdf(RdfFormat::NQuads),
    extension: "nq",
    content_type: "application/n-quads",
    names: &["application/n-quads"],
    label: "N-Quads",
};
/// TriG 1.1.
pub const TRIG: Media = Media {
    kind: Kind::Rdf(RdfFormat::TriG),
    extension: "trig",
    content_type: "application/trig",
    names: &["application/trig"],
    label: "TriG",
};
/// SPARQL 1.1 Query Results JSON Format.
pub const RESULTS_JSON: Media = Media {
    kind: Kind::Results(QueryResultsFormat::Json),
    extension: "json",
    content_type: "application/sparql-results+json",
    names: &["application/sparql-results+json", "application/json"],
    label: "JSON",
};
/// SPARQL Query Results XML Format.
pub const RESULTS_XML: Media = Media {
    kind: Kind::Results(QueryResultsFormat::Xml),
    extension: "xml",
    content_type: "application/sparql-results+xml",
    names: &["application/sparql-results+xml", "application/xml", "text/xml"],
    label: "XML",
};
/// SPARQL 1.1 Query Results CSV.
pub const RESULTS_CSV: Media = Media {
    kind: Kind::Results(QueryResultsFormat::Csv),
    extension: "csv",
    content_type: "text/csv; charset=utf-8",
    names: &["text/csv"],
    label: "CSV",
};
/// SPARQL 1.1 Query Results TSV.
pub const RESULTS_TSV: Media = Media {
    kind: Kind::Results(QueryResultsFormat::Tsv),
    extension: "tsv",
    content_type: "text/tab-separated-values; charset=utf-8",
    names: &["text/tab-separated-values"],
    label: "TSV",
};

/// How a solution sequence or a truth value can be written, the preferred one first.
pub const SOLUTIONS: [Media; 4] = [RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV];
/// How solutions can be read from elsewhere, as an Accept header: what shows whether it is whole.
pub const SOLUTIONS_TO_READ: &str =
    "application/sparql-results+json, application/sparql-results+xml;q=0.8";
/// How a graph can be written, the preferred one first.
pub const GRAPHS: [Media; 6] = [TURTLE, N_TRIPLES, RDF_XML, JSON_LD, N_QUADS, TRIG];
/// How a described resource can be written, the preferred one first.
pub const DESCRIPTIONS: [Media; 5] = [HTML, TURTLE, N_TRIPLES, RDF_XML, JSON_LD];

/// Picks the format a client likes best; `None` when it accepts none of them, the first offer
/// when it says nothing. RFC 9110, section 12.5.1.
pub fn negotiate(accept: Option<&str>, offers: &[Media]) -> Option<Media> {
    let Some(accept) = accept.filter(|header| !header.trim().is_empty()) else {
        return offers.first().copied();
    };
    let ranges: Vec<Range> = accept.split(',').filter_map(Range::parse).collect();
    let mut best: Option<((u16, usize), Media)> = None;
    for offer in offers {
        // Among equals a type the client named comes before one it only allows, then our order.
        let weights = offer.names.iter().filter_map(|name| weight(&ranges, name));
        // What is said of a type itself outweighs what a range says of another name for it.
        let best_name = weights.max_by_key(|(quality, exactness)| (*exactness, *quality));
        let (quality, exactness) = best_name.unwrap_or((0, 0));
        if quality > 0 && best.is_none_or(|(rank, _)| (quality, exactness) > rank) {
            best = Some(((quality, exactness), *offer));
        }
    }
    best.map(|(_, media)| media)
}

/// The offer with this file extension.
pub fn by_extension(extension: &str, offers: &[Media]) -> Option<Media> {
    offers.iter().find(|media| media.extension == extension).copied()
}

/// The RDF syntax a Content-Type names; parameters such as the charset are passed over.
pub fn rdf_format(content_type: &str) -> Option<RdfFormat> {
    RdfFormat::from_media_type(content_type)
}

/// A quality for one media type under the most specific range that covers it, in thousandths,
/// and how specific that range is (2 for the exact type, 1 for `type/*`, 0 for `*/*`).
fn weight(ranges: &[Range], name: &str) -> Option<(u16, usize)> {
    let (group, _) = name.split_once('/')?;
    let find = |wanted: &str| ranges.iter().find(|range| range.name == wanted);
    if let Some(range) = find(name) {
        return Some((range.quality, 2));
    }
    if let Some(range) = find(&format!("{group}/*")) {
        return Some((range.quality, 1));
    }
    find("*/*").map(|range| (range.quality, 0))
}

struct Range {
    name: String,
    quality: u16,
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next()?.to_ascii_lowercase();
        let quality = parts
            .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
            .map_or(Some(1.0), |value| value.trim().parse::<f32>().ok())?;
        name.contains('/')
            .then_some(Self { name, quality: (quality.clamp(0.0, 1.0) * 1000.0) as u16 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_s_weights_decide_then_its_words_then_our_order() {
        let pick = |accept| negotiate(accept, &DESCRIPTIONS).map(|media| media.extension);
        assert_eq!(pick(None), Some("html"));
        assert_eq!(pick(Some("*/*")), Some("html"));
        assert_eq!(pick(Some("text/turtle")), Some("ttl"));
        assert_eq!(pick(Some("text/html;q=0.5, application/rdf+xml")), Some("rdf"));
        assert_eq!(pick(Some("application/ld+json, */*;q=0.1")), Some("jsonld"));
        assert_eq!(pick(Some("text/html;q=0, */*")), Some("ttl"));
        assert_eq!(pick(Some("image/png")), None);
        assert_eq!(pick(Some("text/*")), Some("html"));
        assert_eq!(pick(Some("application/n-triples, */*")), Some("nt"));
    }

    #[test]
    fn a_browser_gets_html() {
        let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
        assert_eq!(negotiate(Some(accept), &DESCRIPTIONS), Some(HTML));
    }
}
