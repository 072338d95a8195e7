//! Follows a stream of changes: from the entrance to every page that is new or may have grown, the
//! earliest first. Linked Data Event Streams, section 2. Refuses to know what becomes of the members.

use super::ask::{Had, page, signed};
use super::door::{Door, Tick};
use super::error::HarvestError;
use super::member::Paths;
use super::page::{Page, read};
use crate::federation::peer::Peer;
use crate::media::rdf_format;
use crate::net::{Net, Origin, Url, header};
use crate::store::PageRow;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// Syntaxes in which one broken line spoils no other come first, then those with named graphs.
const ACCEPT: &str = "application/n-quads, application/trig;q=0.9, text/turtle;q=0.8, \
                      application/n-triples;q=0.8, application/ld+json;q=0.5";
/// No more pages of a stream are asked for in one run. The next one goes on: it does not ask again for
/// those that were closed.
const MOST_PAGES: usize = 100_000;
/// No stream has more pages.
const MOST_LINKS: usize = 1_000_000;

/// What is remembered of a stream as such.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Bookmark {
    paths: Paths,
    /// By what the entrance calls itself, where that is another address than the one it was had at.
    own: Option<String>,
}

/// Harvests a stream.
pub(super) async fn harvest(
    net: &Net,
    door: &mut Door,
    (peer, entrance): (&Peer, &Url),
    bookmark: &str,
) -> Result<(), HarvestError> {
    let pages = door.dataset.log().harvest_pages(door.peer()).await?;
    let bookmark = serde_json::from_str(bookmark).unwrap_or_default();
    let mut walk = Walk { net, peer, entrance: entrance.as_str(), pages, bookmark };
    let mut open = vec![entrance.to_string()];
    let mut seen: HashSet<String> = open.iter().cloned().collect();
    let mut asked = 0;
    while let Some(url) = open.pop() {
        let links = match walk.pages.get(&url) {
            Some(row) if row.is_closed => row.links.clone(),
            _ if asked == MOST_PAGES => return Err(too_long(MOST_PAGES)),
            _ => {
                asked += 1;
                walk.visit(door, &url).await?
            }
        };
        let new: Vec<&str> = links.lines().filter(|link| seen.insert((*link).to_owned())).collect();
        if seen.len() > MOST_LINKS {
            return Err(too_long(MOST_LINKS));
        }
        open.extend(new.into_iter().rev().map(str::to_owned));
    }
    Ok(())
}

fn too_long(pages: usize) -> HarvestError {
    HarvestError::unexpected(format!("its stream has more than {pages} pages"))
}

struct Walk<'a> {
    net: &'a Net,
    peer: &'a Peer,
    entrance: &'a str,
    pages: HashMap<String, PageRow>,
    bookmark: Bookmark,
}

impl Walk<'_> {
    /// Reads a page unless it is what it was, takes its members in, and tells where it leads.
    async fn visit(&mut self, door: &mut Door, url: &str) -> Result<String, HarvestError> {
        let known = self.pages.get(url);
        let etag = known.map_or("", |row| row.etag.as_str());
        let had = Had { etag, ..Had::default() };
        let address: Url = url.parse().map_err(|_| {
            HarvestError::unexpected(format!("its stream leads to {url:?}, which is no address"))
        })?;
        // Nobody may send this node to ask somebody else.
        let listed = self.entrance.parse().ok().and_then(|entrance: Url| Origin::of(&entrance));
        if Origin::of(&address) != listed {
            return Err(HarvestError::unexpected(format!(
                "its stream leads to {url}, which is not of the host that is listed; list the \
                 stream by the address that it has there"
            )));
        }
        let asked = (self.peer, address.clone());
        let Some(answer) = page(self.net, door, asked, ACCEPT, had).await? else {
            let known = known.ok_or_else(|| {
                let why = "says that it has not changed, and was never read";
                HarvestError::unexpected(format!("{url} {why}"))
            })?;
            return Ok(known.links.clone());
        };
        let etag = answer.header(header::ETAG).unwrap_or_default().to_owned();
        let media = answer.media().unwrap_or_default().to_owned();
        let format = rdf_format(&media).ok_or_else(|| {
            HarvestError::unexpected(format!("{url} is {media:?}, which is no syntax of RDF"))
        })?;
        let body = signed(door, (self.peer, &address), answer).await?;
        let (graph, paths) = (door.graph().to_owned(), self.bookmark.paths.clone());
        let name = url.to_owned();
        let work = move || read(&body, format, &name, paths, &graph);
        let found = tokio::task::spawn_blocking(work).await?;
        let found = found
            .map_err(|why| HarvestError::unexpected(format!("{url} cannot be read: {why}")))?;
        self.take(door, url, etag, found).await
    }

    async fn take(
        &mut self,
        door: &mut Door,
        url: &str,
        etag: String,
        page: Page,
    ) -> Result<String, HarvestError> {
        self.bookmark.paths = page.paths;
        if url == self.entrance {
            self.bookmark.own = page.own.filter(|own| own != url);
        }
        let links: Vec<String> = page.links.iter().map(|link| self.place(link)).collect();
        let row = PageRow {
            url: url.to_owned(),
            etag,
            is_closed: page.is_closed,
            links: links.join("\n"),
        };
        door.number = door.number.max(page.number);
        let bookmark = serde_json::to_string(&self.bookmark).map_err(std::io::Error::from)?;
        let links = row.links.clone();
        door.take(page.items, Tick { page: Some(row), bookmark: Some(bookmark) }).await?;
        Ok(links)
    }

    /// Where a page is had: below the address that was listed, whatever the stream calls itself.
    fn place(&self, link: &str) -> String {
        let below = self.bookmark.own.as_ref().and_then(|own| link.strip_prefix(own.as_str()));
        match below.filter(|rest| rest.is_empty() || rest.starts_with(['/', '?'])) {
            Some(rest) => format!("{}{rest}", self.entrance),
            None => link.to_owned(),
        }
    }
}
