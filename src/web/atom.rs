//! Atom feeds as text. RFC 4287, with deleted entries (RFC 6721) and pages (RFC 5005).
//! Knows no search and no log.

use super::found::escaped;
use crate::vocab::{ATOM, TOMBSTONES};

/// A feed, or a page of one.
pub struct Feed {
    pub id: String,
    pub title: String,
    pub language: &'static str,
    pub updated: String,
    /// Relations and where they lead; `self` among them.
    pub links: Vec<(&'static str, String)>,
    pub entries: Vec<Entry>,
}

/// One entry.
pub enum Entry {
    /// A record as it is.
    Record(Record),
    /// A record that was deleted, and when.
    Deleted { iri: String, at: String },
}

/// What a feed says of a record.
pub struct Record {
    pub iri: String,
    /// Where people read it.
    pub page: String,
    pub kind: String,
    pub title: String,
    pub summary: String,
    pub updated: String,
    /// The language of the title, where it is not that of the feed.
    pub language: Option<String>,
}

impl Feed {
    /// The feed as XML.
    pub fn write(&self) -> String {
        let mut feed = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
             <feed xmlns=\"{ATOM}\" xmlns:at=\"{TOMBSTONES}\" xml:lang=\"{}\">\n<id>{}</id>\n\
             <title>{}</title>\n<updated>{}</updated>\n<author><name>FamilyLab</name></author>\n",
            self.language,
            escaped(&self.id),
            escaped(&self.title),
            escaped(&self.updated),
        );
        for (rel, address) in &self.links {
            feed.push_str(&format!("<link rel=\"{rel}\" href=\"{}\"/>\n", escaped(address)));
        }
        for entry in &self.entries {
            feed.push_str(&match entry {
                Entry::Record(record) => record.write(),
                Entry::Deleted { iri, at } => format!(
                    "<at:deleted-entry ref=\"{}\" when=\"{}\"/>\n",
                    escaped(iri),
                    escaped(at)
                ),
            });
        }
        feed.push_str("</feed>\n");
        feed
    }
}

impl Record {
    fn write(&self) -> String {
        let language = self
            .language
            .as_deref()
            .map_or_else(String::new, |language| format!(" xml:lang=\"{}\"", escaped(language)));
        format!(
            "<entry>\n<id>{}</id>\n<title{language}>{}</title>\n<updated>{}</updated>\n\
             <link rel=\"alternate\" href=\"{}\"/>\n<category term=\"{}\"/>\n\
             <summary>{}</summary>\n</entry>\n",
            escaped(&self.iri),
            escaped(&self.title),
            escaped(&self.updated),
            escaped(&self.page),
            escaped(&self.kind),
            escaped(&self.summary),
        )
    }
}
