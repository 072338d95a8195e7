//! A look at a repository: whether it says who it is, and how many records it lists. OAI-PMH 2.0,
//! sections 3.5 and 4.

use super::super::health::{Counts, Problem};
use super::ask::{Told, get};
use crate::federation::markup::attribute;
use crate::net::{Net, Url};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

const ACCEPT: &str = "text/xml, application/xml";
const IDENTIFY: &str = "Identify";
/// Every repository has this format.
const LIST: [(&str, &str); 2] = [("verb", "ListIdentifiers"), ("metadataPrefix", "oai_dc")];

pub(super) async fn look(net: &Net, base: &Url) -> Result<Told, Problem> {
    let answer = get(net, asking(base, &[("verb", IDENTIFY)]), ACCEPT).await?;
    let took = answer.took;
    let told = Reply::read(&answer.whole().await?)?;
    if let Some(refusal) = told.refusal {
        return Err(Problem::unexpected(format!("it refuses to say who it is: {refusal}")));
    }
    if !told.identifies || told.version != "2.0" {
        return Err(Problem::unexpected("it does not answer Identify as OAI-PMH 2.0 wants it"));
    }
    // A long list is well all the same; only its beginning is read.
    let records = match get(net, asking(base, &LIST), ACCEPT).await {
        Ok(answer) => {
            let reply = answer.whole().await.ok();
            reply.and_then(|body| Reply::read(&body).ok()).and_then(|reply| reply.records())
        }
        Err(_) => None,
    };
    Ok(Told { took, counts: Counts { records, ..Counts::default() } })
}

fn asking(base: &Url, pairs: &[(&str, &str)]) -> Url {
    let mut url = base.clone();
    url.query_pairs_mut().extend_pairs(pairs);
    url
}

/// What is looked at in an answer.
#[derive(Debug, Default)]
struct Reply {
    is_protocol: bool,
    identifies: bool,
    version: String,
    refusal: Option<String>,
    /// How many headers it lists, and whether that is all.
    headers: u64,
    is_list: bool,
    has_more: bool,
    size: Option<u64>,
}

impl Reply {
    fn read(body: &[u8]) -> Result<Self, Problem> {
        let broken = |error: quick_xml::Error| {
            Problem::unexpected(format!("its answer is no XML that can be read: {error}"))
        };
        let (mut reply, mut inside) = (Self::default(), Vec::new());
        let mut reader = Reader::from_reader(body);
        loop {
            match reader.read_event().map_err(broken)? {
                Event::Start(start) => {
                    inside.push(local(&start));
                    reply.element(inside.len(), &start);
                }
                Event::Empty(start) => reply.element(inside.len() + 1, &start),
                Event::End(_) => {
                    inside.pop();
                }
                Event::Text(text) => {
                    let text = text.unescape().map_err(broken)?;
                    reply.text(inside.last().map_or("", String::as_str), &text);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        if !reply.is_protocol {
            return Err(Problem::unexpected("its answer is not one of OAI-PMH"));
        }
        Ok(reply)
    }

    fn element(&mut self, depth: usize, start: &BytesStart<'_>) {
        match (depth, local(start).as_str()) {
            (1, "OAI-PMH") => self.is_protocol = true,
            (2, IDENTIFY) => self.identifies = true,
            (2, "ListIdentifiers") => self.is_list = true,
            (2, "error") => {
                let code = attribute(start, "code").unwrap_or_else(|| "error".to_owned());
                self.refusal = Some(code);
            }
            (3, "header") if attribute(start, "status").as_deref() != Some("deleted") => {
                self.headers += 1;
            }
            (3, "resumptionToken") => {
                self.size = attribute(start, "completeListSize").and_then(|size| size.parse().ok());
            }
            _ => {}
        }
    }

    fn text(&mut self, element: &str, text: &str) {
        match element {
            "protocolVersion" => self.version = text.trim().to_owned(),
            "resumptionToken" => self.has_more |= !text.trim().is_empty(),
            _ => {}
        }
    }

    /// How many records the repository lists: as it says, or as many as there are where it lists
    /// all at once.
    fn records(&self) -> Option<u64> {
        if self.refusal.as_deref() == Some("noRecordsMatch") {
            return Some(0);
        }
        let counted = (self.is_list && !self.has_more).then_some(self.headers);
        self.size.or(counted)
    }
}

fn local(start: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(start.local_name().as_ref()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_counted_where_it_is_whole_and_believed_where_it_is_not() {
        let list = |inside: &str| {
            let text = format!(
                "<o:OAI-PMH xmlns:o='x'><o:ListIdentifiers>{inside}</o:ListIdentifiers></o:OAI-PMH>"
            );
            Reply::read(text.as_bytes()).unwrap().records()
        };
        let two = "<o:header/><o:header status='deleted'/><o:header><o:identifier/></o:header>";
        assert_eq!(list(two), Some(2));
        assert_eq!(list(&format!("{two}<o:resumptionToken>x</o:resumptionToken>")), None);
        let told = "<o:resumptionToken completeListSize='70'>x</o:resumptionToken>";
        assert_eq!(list(&format!("{two}{told}")), Some(70));
        let nothing = "<OAI-PMH><error code='noRecordsMatch'/></OAI-PMH>";
        assert_eq!(Reply::read(nothing.as_bytes()).unwrap().records(), Some(0));
        assert!(Reply::read(b"<html><body>OAI-PMH</body></html>").is_err());
        assert!(Reply::read(b"<OAI-PMH></x>").is_err());
    }
}
