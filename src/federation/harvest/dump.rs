//! A file of RDF as a peer: had once, read to its end, taken in record by record; what it does not hold
//! any more is gone. A catalogue of a portal is one of these. DCAT 3, section 6.

use super::super::look::file_syntax;
use super::ask::{Had, file};
use super::door::Door;
use super::error::HarvestError;
use super::gather::{GatherError, Gathered, gather};
use super::whole::{BATCH, Whole};
use crate::net::{Answer, Net, Url, header};
use crate::store::hex;
use flate2::read::MultiGzDecoder;
use oxigraph::io::{RdfFormat, RdfParser};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};
use std::sync::Arc;

const ACCEPT: &str = "application/n-quads, application/n-triples, application/trig;q=0.9, \
                      text/turtle;q=0.9, application/rdf+xml;q=0.8, application/ld+json;q=0.7, \
                      */*;q=0.1";
/// How a packed file begins. RFC 1952, section 2.3.1.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// No file is longer once it is unpacked.
const LARGEST: u64 = 16 << 30;

/// What is remembered of the file that was taken in last.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Bookmark {
    etag: String,
    modified: String,
    digest: String,
}

/// Harvests a file, unless it is the one that was had.
pub(super) async fn harvest(
    net: &Net,
    door: &mut Door,
    url: &Url,
    bookmark: &str,
) -> Result<(), HarvestError> {
    let before: Bookmark = serde_json::from_str(bookmark).unwrap_or_default();
    let had = Had { etag: &before.etag, modified: &before.modified };
    let Some(answer) = file(net, door, url.clone(), ACCEPT, had).await? else { return Ok(()) };
    let syntax = file_syntax(&answer).map_err(HarvestError::Problem)?;
    let value = |name| answer.header(name).unwrap_or_default().to_owned();
    let (etag, modified) = (value(header::ETAG), value(header::LAST_MODIFIED));
    let (body, digest) = fetch(door, answer).await?;
    let is_same = digest == before.digest;
    let after = Bookmark { etag, modified, digest };
    let after = serde_json::to_string(&after).map_err(std::io::Error::from)?;
    if is_same {
        return door.keep(Some(after)).await;
    }
    let (graph, name) = (door.graph().to_owned(), url.to_string());
    let work = move || read(body, syntax, &name, &graph);
    let mut gathered = tokio::task::spawn_blocking(work).await??;
    door.declared = Arc::new(std::mem::take(&mut gathered.declared));
    let mut whole = Whole::new(!gathered.lines.is_empty());
    whole.take(door, std::mem::take(&mut gathered.lines)).await?;
    loop {
        let work = move || gathered.next(BATCH).map(|items| (gathered, items));
        let read = tokio::task::spawn_blocking(work).await?;
        let (rest, items) = read.map_err(|error| HarvestError::from(GatherError::from(error)))?;
        gathered = rest;
        if items.is_empty() {
            break;
        }
        whole.take(door, items).await?;
    }
    whole.end(door).await?;
    door.keep(Some(after)).await
}

/// The file, and the hash of what came.
async fn fetch(door: &mut Door, mut answer: Answer) -> Result<(File, String), HarvestError> {
    let (mut file, mut digest) = (tempfile::tempfile()?, Sha256::new());
    while let Some(chunk) = answer.chunk().await? {
        door.run.counts.bytes += chunk.len() as u64;
        digest.update(&chunk);
        let work = move || file.write_all(&chunk).map(|()| file);
        file = tokio::task::spawn_blocking(work).await??;
    }
    Ok((file, hex(&digest.finalize())))
}

fn read(
    mut file: File,
    syntax: RdfFormat,
    url: &str,
    graph: &str,
) -> Result<Gathered, HarvestError> {
    file.rewind()?;
    let mut magic = Vec::new();
    Read::by_ref(&mut file).take(GZIP.len() as u64).read_to_end(&mut magic)?;
    file.rewind()?;
    let file = BufReader::new(file);
    let inner: Box<dyn Read> =
        if magic == GZIP { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut inner = inner.take(LARGEST);
    let parser = RdfParser::from_format(syntax).lenient().with_base_iri(url);
    let parser = parser.map_err(|error| HarvestError::unexpected(error.to_string()))?;
    let gathered = gather(parser.for_reader(&mut inner), syntax, url, graph)?;
    if inner.limit() == 0 {
        return Err(HarvestError::unexpected(format!("its file unpacks to {LARGEST} bytes")));
    }
    Ok(gathered)
}
