//! A look at a file of RDF: whether its beginning, unpacked, holds a statement. Only the beginning is
//! fetched. RFC 9110, section 14.2.

use super::super::health::{Counts, Problem};
use super::ask::{Told, request};
use crate::media::rdf_format;
use crate::net::{Answer, Net, Url, header};
use flate2::read::MultiGzDecoder;
use oxigraph::io::{RdfFormat, RdfParser};
use std::io::Read;

/// So much is fetched, and so much is unpacked of it.
const BEGINNING: usize = 64 << 10;
/// How a packed file begins. RFC 1952, section 2.3.1.
const GZIP: [u8; 2] = [0x1f, 0x8b];

pub(super) async fn look(net: &Net, base: &Url) -> Result<Told, Problem> {
    let range = header::HeaderValue::from_static("bytes=0-65535");
    let plain = header::HeaderValue::from_static("identity");
    let asked = request(base.clone()).accept("*/*");
    let asked = asked.header(header::RANGE, range).header(header::ACCEPT_ENCODING, plain);
    let answer = net.send(asked).await?;
    let (took, syntax) = (answer.took, syntax(&answer)?);
    let body = answer.first(BEGINNING).await?;
    let work = move || holds_rdf(&body, syntax);
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Problem::unexpected("what it sent could not be read"))??;
    Ok(Told { took, counts: Counts::default() })
}

/// The syntax by the media type, else by the name of the file without what it is packed in.
pub(in super::super) fn syntax(answer: &Answer) -> Result<RdfFormat, Problem> {
    let media = answer.media().unwrap_or_default();
    let path = answer.url().path();
    let name = path.strip_suffix(".gz").unwrap_or(path);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let syntax = rdf_format(media).or_else(|| RdfFormat::from_extension(extension?));
    syntax.ok_or_else(|| {
        Problem::unexpected(format!("neither {media:?} nor its name is that of a file of RDF"))
    })
}

fn holds_rdf(body: &[u8], syntax: RdfFormat) -> Result<(), Problem> {
    let (mut text, mut is_cut) = (body.to_vec(), body.len() >= BEGINNING);
    if body.starts_with(&GZIP) {
        text.clear();
        let mut unpacked = MultiGzDecoder::new(body).take(BEGINNING as u64);
        // A cut file unpacks up to the cut.
        let whole = unpacked.read_to_end(&mut text).is_ok();
        is_cut |= !whole || text.len() >= BEGINNING;
    }
    // Its parser may want to see the end before it says anything.
    if matches!(syntax, RdfFormat::JsonLd { .. }) && is_cut {
        let begins = text.iter().find(|byte| !byte.is_ascii_whitespace());
        let is_json = matches!(begins, Some(b'{' | b'['));
        return is_json.then_some(()).ok_or_else(|| Problem::unexpected("it is no JSON"));
    }
    match RdfParser::from_format(syntax).for_slice(&text).next() {
        Some(Ok(_)) => Ok(()),
        None if !is_cut => Ok(()),
        Some(Err(error)) => {
            Err(Problem::unexpected(format!("it is not {}: {error}", syntax.name())))
        }
        None => Err(Problem::unexpected("its beginning holds no statement")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    #[test]
    fn the_beginning_of_a_file_says_whether_it_is_rdf() {
        let line = "<http://a.example/s> <http://a.example/p> \"x\" .\n";
        let long = line.repeat(BEGINNING / line.len() + 2);
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(long.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let is_rdf = |body: &[u8]| holds_rdf(body, RdfFormat::NTriples).is_ok();
        assert!(is_rdf(line.as_bytes()) && is_rdf(&long.as_bytes()[..BEGINNING]));
        assert!(is_rdf(&packed) && is_rdf(&packed[..packed.len() / 2]));
        assert!(is_rdf(b""), "an empty file is an empty graph");
        assert!(!is_rdf(b"<html>") && !is_rdf(&packed[2..]));
        let json = RdfFormat::JsonLd { profile: Default::default() };
        assert!(holds_rdf(format!("[{}", " ".repeat(BEGINNING)).as_bytes(), json).is_ok());
        assert!(holds_rdf("x".repeat(BEGINNING).as_bytes(), json).is_err());
    }
}
