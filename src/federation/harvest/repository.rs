//! A repository as a peer: what changed since its last answer, list by list, from where the last run
//! ended; deletions as it tells them. OAI-PMH 2.0, sections 3.5 and 4.5.

use super::ask::{Had, get, whole};
use super::door::{Door, Tick};
use super::error::HarvestError;
use super::gather::gather;
use super::item::{Item, State};
use super::list::{self, Answer, Listed};
use super::plain;
use crate::net::{Net, Url};
use crate::schema::Text;
use crate::store::VersionRow;
use crate::vocab::harvest::RDF;
use oxigraph::io::{RdfFormat, RdfParseError, RdfParser};
use oxigraph::model::{NamedNode, Quad};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

const ACCEPT: &str = "text/xml, application/xml";
/// Every repository has this format.
const PLAIN: &str = "oai_dc";
/// What formats of RDF are called, the best first.
const RDF_FORMATS: [&str; 3] = ["dcat_ap", "rdf", "dcat"];
/// No list is followed over more parts in one run; the next one goes on where it stood.
const MOST_LISTS: usize = 100_000;
/// The length of a date without a time.
const DAY: usize = 10;

/// Where the list stands.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Bookmark {
    /// The format that is asked for; empty before the first time.
    prefix: String,
    /// Whether moments are days.
    by_day: bool,
    /// Since when the list is; empty where it is from the beginning.
    from: String,
    /// When the list that is being read began.
    began: String,
    /// Where it goes on.
    token: Option<String>,
}

impl Bookmark {
    fn text(&self) -> Result<Option<String>, HarvestError> {
        Ok(Some(serde_json::to_string(self).map_err(std::io::Error::from)?))
    }

    /// The list was read to its end: next time it begins when this one did.
    fn close(&mut self) {
        self.token = None;
        self.from = std::mem::take(&mut self.began);
        if self.by_day {
            // It is what the peer sent, so maybe no moment.
            self.from = self.from.chars().take(DAY).collect();
        }
    }

    fn arguments(&self) -> Vec<(&str, &str)> {
        if let Some(token) = &self.token {
            return vec![("verb", "ListRecords"), ("resumptionToken", token)];
        }
        let mut arguments = vec![("verb", "ListRecords"), ("metadataPrefix", &self.prefix)];
        arguments.extend((!self.from.is_empty()).then_some(("from", self.from.as_str())));
        arguments
    }
}

/// Harvests a repository.
pub(super) async fn harvest(
    net: &Net,
    door: &mut Door,
    url: &Url,
    bookmark: &str,
) -> Result<(), HarvestError> {
    let mut mark: Bookmark = serde_json::from_str(bookmark).unwrap_or_default();
    if mark.prefix.is_empty() {
        let formats = ask(net, door, url, &[("verb", "ListMetadataFormats")]).await?.formats;
        mark.prefix = best(&formats).to_owned();
        let identity = ask(net, door, url, &[("verb", "Identify")]).await?;
        mark.by_day = identity.granularity.len() == DAY;
    }
    let (mut tokens, mut has_restarted) = (HashSet::new(), false);
    loop {
        let mut answer = ask(net, door, url, &mark.arguments()).await?;
        match answer.refusal.take() {
            None => {}
            Some((code, _)) if code == "noRecordsMatch" => {
                mark.began = answer.at;
                mark.close();
                return door.keep(mark.text()?).await;
            }
            // It has forgotten where it was: once more from where the list began.
            Some((code, _))
                if code == "badResumptionToken" && mark.token.is_some() && !has_restarted =>
            {
                (mark.token, has_restarted) = (None, true);
                tokens.clear();
                continue;
            }
            Some((code, words)) => {
                let detail = format!("it refuses to list its records: {code}: {words}");
                return Err(HarvestError::unexpected(detail));
            }
        }
        if mark.token.is_none() {
            mark.began = answer.at;
        }
        mark.token = answer.token;
        if let Some(token) = &mark.token
            && !tokens.insert(token.clone())
        {
            let why = format!("its list goes round: the token {token:?} comes a second time");
            return Err(HarvestError::unexpected(why));
        }
        if tokens.len() > MOST_LISTS {
            let why = format!("its list has more than {MOST_LISTS} parts");
            return Err(HarvestError::unexpected(why));
        }
        let (has_more, is_plain) = (mark.token.is_some(), mark.prefix == PLAIN);
        let items = read(door, url, answer.records, is_plain).await?;
        if !has_more {
            mark.close();
        }
        door.take(items, Tick { bookmark: mark.text()?, ..Tick::default() }).await?;
        if !has_more {
            return Ok(());
        }
    }
}

async fn ask(
    net: &Net,
    door: &mut Door,
    url: &Url,
    arguments: &[(&str, &str)],
) -> Result<Answer, HarvestError> {
    let mut url = url.clone();
    url.query_pairs_mut().extend_pairs(arguments);
    let answer = get(net, door, url, ACCEPT, Had::default()).await?;
    // Nothing was had before, so there is no 304; an empty body is no answer either.
    let body = match answer {
        Some(answer) => whole(door, answer).await?,
        None => Vec::new(),
    };
    let work = move || list::read(&String::from_utf8_lossy(&body));
    let read = tokio::task::spawn_blocking(work).await?;
    read.map_err(|why| HarvestError::unexpected(format!("its answer cannot be read: {why}")))
}

/// The format of RDF that is understood best; the plain one where there is none.
fn best(formats: &[(String, String)]) -> &str {
    let named = |wanted: &&str| formats.iter().find(|(name, _)| name == wanted);
    let by_name = RDF_FORMATS.iter().find_map(named);
    let by_space = || formats.iter().find(|(_, space)| space == RDF);
    by_name.or_else(by_space).map_or(PLAIN, |(name, _)| name)
}

/// What a list says of records: those that it holds, and those that it held under the same names.
async fn read(
    door: &Door,
    url: &Url,
    listed: Vec<Listed>,
    is_plain: bool,
) -> Result<Vec<Item>, HarvestError> {
    let mut items = Vec::new();
    for Listed { identifier, is_deleted, metadata } in listed {
        let mut before = door.dataset.log().harvested_as(door.peer(), &identifier).await?;
        // Of a record that goes by its own IRI no other name is remembered.
        if !before.contains(&identifier) {
            before.push(identifier.clone());
        }
        let now = if is_deleted {
            Vec::new()
        } else {
            let (name, graph) = (identifier.clone(), door.graph().to_owned());
            let url = url.to_string();
            let work = move || records(&name, &metadata, is_plain, &url, &graph);
            tokio::task::spawn_blocking(work).await?
        };
        let kept: HashSet<&str> = now.iter().map(|item| item.of.record.as_str()).collect();
        let is_unread = now.iter().any(|item| matches!(item.state, State::Unread(_)));
        let gone = before.into_iter().filter(|it| !is_unread && !kept.contains(it.as_str()));
        let gone: Vec<Item> = gone.map(Item::gone).collect();
        items.extend(gone.into_iter().chain(now).map(|item| Item {
            of: VersionRow { origin: identifier.clone(), ..item.of },
            state: item.state,
        }));
    }
    Ok(items)
}

/// The records of an entry. Blocking.
fn records(name: &str, metadata: &str, is_plain: bool, url: &str, graph: &str) -> Vec<Item> {
    let unread = |why: String| {
        let why =
            Text::new(format!("non si può leggere: {why}"), format!("it cannot be read: {why}"));
        vec![Item::unread(name, why)]
    };
    let quads: Vec<Result<Quad, RdfParseError>> = if is_plain {
        let Ok(record) = NamedNode::new(name) else {
            return unread("its identifier is no IRI".to_owned());
        };
        match plain::statements(metadata, &record) {
            Ok(quads) => quads.into_iter().map(Ok).collect(),
            Err(why) => return unread(why),
        }
    } else {
        let parser = RdfParser::from_format(RdfFormat::RdfXml).lenient().with_base_iri(url);
        match parser {
            Ok(parser) => parser.for_reader(metadata.as_bytes()).collect(),
            Err(error) => return unread(error.to_string()),
        }
    };
    let gathered = gather(quads.into_iter(), RdfFormat::RdfXml, name, graph);
    let items = gathered.and_then(|mut gathered| Ok(gathered.next(usize::MAX)?));
    match items {
        Ok(items) if items.is_empty() => unread("it says nothing".to_owned()),
        Ok(items) => items,
        Err(error) => unread(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_format_is_asked_for() {
        let formats = |names: &[(&str, &str)]| -> Vec<(String, String)> {
            names.iter().map(|(name, space)| ((*name).to_owned(), (*space).to_owned())).collect()
        };
        assert_eq!(best(&formats(&[("oai_dc", "x"), ("rdf", RDF), ("dcat_ap", RDF)])), "dcat_ap");
        assert_eq!(best(&formats(&[("oai_dc", "x"), ("edm", RDF)])), "edm");
        assert_eq!(best(&formats(&[("oai_dc", "x"), ("marc", "y")])), PLAIN);
    }

    #[test]
    fn a_list_is_read_on_and_begins_where_the_last_one_did() {
        let mut mark = Bookmark { prefix: "rdf".into(), ..Bookmark::default() };
        assert_eq!(mark.arguments(), [("verb", "ListRecords"), ("metadataPrefix", "rdf")]);
        mark.began = "2026-01-01T10:00:00Z".into();
        mark.token = Some("x".into());
        assert_eq!(mark.arguments(), [("verb", "ListRecords"), ("resumptionToken", "x")]);
        mark.by_day = true;
        mark.close();
        assert_eq!(mark.arguments()[2], ("from", "2026-01-01"));
    }
}
