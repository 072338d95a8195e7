//! Namespaces of what crawlers and readers of feeds fetch. IRIs and nothing else.

/// Deleted entries of Atom feeds. RFC 6721, section 3.
pub const TOMBSTONES: &str = "http://purl.org/atompub/tombstones/1.0";
/// Sitemaps, protocol 0.9.
pub const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
/// The links inside sitemaps.
pub const XHTML: &str = "http://www.w3.org/1999/xhtml";
