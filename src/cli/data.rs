//! `familylab query`, `dump` and `generate`: data out, and data to try things on.

use super::maintain::{open, stated};
use crate::config::Settings;
use crate::generate::{self, Ground, Territory};
use crate::iri::{Base, source_name};
use crate::media::{
    GRAPHS, Kind, Media, N_QUADS, RESULTS_TSV, SOLUTIONS, TRIG, TURTLE, by_extension,
};
use crate::query::{Ask, Form, write};
use crate::schema::{Language, data_file, outlines, vocabulary};
use crate::store::{Mode, View};
use crate::vocab::skos;
use crate::web::diagram;
use anyhow::{Context, bail};
use clap::Args;
use flate2::Compression;
use flate2::write::GzEncoder;
use indicatif::{ProgressBar, ProgressStyle};
use oxigraph::io::RdfSerializer;
use oxigraph::model::{GraphName, NamedOrBlankNode};
use oxigraph::sparql::CancellationToken;
use std::fs::Permissions;
use std::io::{BufWriter, IntoInnerError, Read, Write, stdin, stdout};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What `query` takes.
#[derive(Debug, Args)]
pub struct Query {
    /// The query, or - to read it from standard input
    query: String,
    /// json, xml, csv, tsv; ttl, nt, rdf, jsonld for CONSTRUCT and DESCRIBE
    #[arg(long)]
    format: Option<String>,
}

/// Runs a query on the data folder; no node may be using it.
pub async fn query(settings: Settings, ask: Query) -> anyhow::Result<ExitCode> {
    let mut text = ask.query;
    if text == "-" {
        text.clear();
        stdin().read_to_string(&mut text)?;
    }
    let answer = Ask { query: text, ..Ask::default() }.parse()?;
    let (offers, default): (&[Media], Media) = match answer.form {
        Form::Results => (&SOLUTIONS, RESULTS_TSV),
        Form::Graph => (&GRAPHS, TURTLE),
    };
    let media = match ask.format {
        None => default,
        Some(extension) => by_extension(&extension, offers).with_context(|| {
            let names: Vec<&str> = offers.iter().map(|media| media.extension).collect();
            format!("{extension:?} cannot hold this answer; use one of {}", names.join(", "))
        })?,
    };
    let dataset = open(&settings).await?;
    tokio::task::spawn_blocking(move || {
        let mut out = BufWriter::new(stdout().lock());
        let results = answer.evaluate(&dataset, CancellationToken::new())?;
        write(results, media, &mut out)?;
        Ok(out.flush()?)
    })
    .await?
    .map(|()| ExitCode::SUCCESS)
}

/// What `dump` takes.
#[derive(Debug, Args)]
pub struct Dump {
    /// The file to write: .nq or .trig, also .gz; one source also .nt, .ttl, .rdf, .jsonld
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Only this source
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
}

/// Writes the graph beside the file and renames it, so that nobody reads half a dump.
pub async fn dump(settings: Settings, ask: Dump) -> anyhow::Result<ExitCode> {
    let name = ask.out.to_string_lossy().into_owned();
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    let extension = plain.rsplit_once('.').map_or("", |(_, extension)| extension);
    let offers: &[Media] = if ask.source.is_some() { &GRAPHS } else { &[N_QUADS, TRIG] };
    let Some(Kind::Rdf(format)) = by_extension(extension, offers).map(|media| media.kind) else {
        let names: Vec<&str> = offers.iter().map(|media| media.extension).collect();
        bail!("{name} cannot hold this dump; use one of .{}", names.join(", ."));
    };
    let dataset = open(&settings).await?;
    let graph = match (&ask.source, dataset.mode()) {
        (None, _) => None,
        (Some(source), Mode::Node(base)) => Some(base.graph(source)),
        (Some(iri), Mode::Bare) => Some(crate::iri::absolute(iri)?),
    };
    let packed = plain != name;
    let count = tokio::task::spawn_blocking(move || {
        write_beside(&ask.out, packed, |out| {
            let mut writer = RdfSerializer::from_format(format).for_writer(out);
            let mut count = 0_u64;
            // Without a source, what was stated: the rest follows from it.
            let (view, wanted) = match graph {
                Some(graph) => {
                    (View::whole(dataset.read().0.clone()), Some(GraphName::from(graph)))
                }
                None => (stated(&dataset), None),
            };
            for quad in view.quads(None, None, None, wanted.as_ref()) {
                let quad = quad?;
                if wanted.is_some() {
                    writer.serialize_triple(quad.as_ref())?;
                } else {
                    writer.serialize_quad(&quad)?;
                }
                count += 1;
            }
            writer.finish()?;
            Ok(count)
        })
    })
    .await??;
    eprintln!("{name}: {count} statements");
    Ok(ExitCode::SUCCESS)
}

/// Draws each class of the ontology, in both languages.
pub fn diagrams(out: &Path) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(out)?;
    for outline in outlines()? {
        for (language, tag) in [(Language::Italian, "it"), (Language::English, "en")] {
            let file = out.join(format!("{}.{tag}.svg", outline.class));
            std::fs::write(&file, diagram(&outline, language)?)
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What `generate` takes.
#[derive(Debug, Args)]
pub struct Generate {
    /// How many experiences
    experiences: u64,
    /// Same seed, same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The N-Quads file to write, also .gz
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The source it says it comes from
    #[arg(long, default_value = generate::Ask::SOURCE)]
    source: String,
    #[arg(long, value_name = "KIND=SHARE", help = faults_help())]
    faults: Vec<generate::Share>,
}

fn faults_help() -> String {
    let kinds = generate::Fault::names();
    format!("Put a fault into a share of the experiences, again for each kind: {kinds}")
}

/// Makes a synthetic catalogue on the real territory.
pub fn generate(settings: &Settings, ask: &Generate) -> anyhow::Result<ExitCode> {
    let base = Base::parse(&settings.base_url)?;
    let ground = ground(&base)?;
    let job = generate::Ask {
        experiences: ask.experiences,
        seed: ask.seed,
        base,
        source: source_name(&ask.source)?.to_owned(),
        faults: ask.faults.clone(),
    };
    let bar = ProgressBar::new(ask.experiences);
    let style = "{bar:32} {pos}/{len} experiences, {per_sec}, {eta} left";
    bar.set_style(ProgressStyle::with_template(style)?);
    let packed = ask.out.extension().is_some_and(|extension| extension == "gz");
    let counts = write_beside(&ask.out, packed, |mut out| {
        let tick = |done: u64| {
            if done.is_multiple_of(1000) {
                bar.set_position(done);
            }
        };
        Ok(generate::generate(&job, &ground, &mut out, tick)?)
    })?;
    bar.finish_and_clear();
    eprintln!(
        "{}: {} experiences, {} actors, {} networks, {} self-assessments, {} other records, \
         {} statements",
        ask.out.display(),
        counts.experiences,
        counts.actors,
        counts.networks,
        counts.assessments,
        counts.others,
        counts.quads
    );
    Ok(ExitCode::SUCCESS)
}

fn ground(base: &Base) -> anyhow::Result<Ground> {
    let (mut themes, mut targets) = (Vec::new(), Vec::new());
    for quad in vocabulary(base)? {
        if quad.predicate != skos::IN_SCHEME {
            continue;
        }
        let NamedOrBlankNode::NamedNode(node) = quad.subject else { continue };
        match node.as_str().strip_prefix(&base.id()).and_then(|rest| rest.split('/').next()) {
            Some("tema") => themes.push(node.into_string()),
            Some("destinatario") => targets.push(node.into_string()),
            _ => {}
        }
    }
    themes.sort_unstable();
    targets.sort_unstable();
    let territory = Territory {
        regions: &data_file("territory/regions.csv")?,
        provinces: &data_file("territory/provinces.csv")?,
        municipalities: &data_file("territory/municipalities.csv")?,
    };
    Ok(Ground::read(base, territory, &themes, &targets)?)
}

/// Writes a file beside its place and puts it there once it is whole and on disk.
fn write_beside<T>(
    path: &Path,
    packed: bool,
    fill: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let failed = || format!("cannot write {}", path.display());
    // Removed when it is dropped on the way; readable by others as any new file is.
    let beside = tempfile::Builder::new()
        .prefix(".familylab-")
        .suffix(".part")
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .with_context(failed)?;
    let mut out = BufWriter::with_capacity(1 << 20, beside);
    let result = if packed {
        let mut packer = GzEncoder::new(&mut out, Compression::default());
        let result = fill(&mut packer)?;
        packer.finish().with_context(failed)?;
        result
    } else {
        fill(&mut out)?
    };
    let beside = out.into_inner().map_err(IntoInnerError::into_error).with_context(failed)?;
    beside.as_file().sync_all().with_context(failed)?;
    beside.persist(path).with_context(failed)?;
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_could_not_be_filled_leaves_nothing_and_spoils_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.nq");
        let fill = |text: &'static str| {
            write_beside(&path, false, |out| Ok(out.write_all(text.as_bytes())?))
        };
        fill("uno").unwrap();
        let failed = write_beside(&path, true, |out| -> anyhow::Result<()> {
            out.write_all(b"due")?;
            bail!("no more")
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "uno");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
