//! `familylab import`: files in, with a progress bar and a report.

use super::maintain::open;
use crate::app::{App, Contents};
use crate::config::Settings;
use crate::ingest::{Encoding, Guard, Input, Job, Outcome, Progress, Target, import as take_in};
use crate::schema::{Language, Severity, Shapes, ontology_file};
use crate::store::{Dataset, Header, Mode};
use anyhow::Context;
use clap::{Args, ValueEnum};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use oxigraph::io::RdfFormat;
use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// What `import` takes.
#[derive(Debug, Args)]
pub struct Import {
    /// Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD (each also gzipped), CSV, TSV or JSON
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The source everything goes to, such as comune-di-bologna; without it the files must name
    /// graphs of this node themselves
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// What relative IRIs in the files are relative to; without it they are errors
    #[arg(long, value_name = "IRI")]
    relative_to: Option<String>,
    /// Check and count, keep nothing
    #[arg(long)]
    dry_run: bool,
    /// Leave out what does not fit the shapes instead of refusing the file
    #[arg(long)]
    skip_invalid: bool,
    /// Validate nothing: for data that this program wrote
    #[arg(long)]
    trusted: bool,
    /// The encoding of tables
    #[arg(long, value_enum, default_value_t = EncodingName::Detect)]
    encoding: EncodingName,
    /// Show warnings and notes too, not only what makes a record invalid
    #[arg(long)]
    warnings: bool,
    /// How to write the report
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    report: ReportFormat,
    /// Where to write the report (default: standard output)
    #[arg(long, value_name = "FILE")]
    report_file: Option<PathBuf>,
    /// The language of the report's text
    #[arg(long, value_enum, default_value_t = Tongue::It)]
    lang: Tongue,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum EncodingName {
    Detect,
    #[value(name = "utf-8")]
    Utf8,
    #[value(name = "utf-16")]
    Utf16,
    #[value(name = "windows-1252")]
    Windows1252,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    Text,
    Json,
    Shacl,
}

/// A language of the texts.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Tongue {
    It,
    En,
}

/// Takes each file in, one change a file. Fails if any was refused; the others are kept.
pub async fn import(settings: Settings, ask: Import) -> anyhow::Result<ExitCode> {
    let (dataset, shapes) = open_for_writing(settings.clone()).await?;
    let mut all_accepted = true;
    for file in &ask.files {
        let outcome = one(&dataset, &shapes, &settings, &ask, file).await?;
        all_accepted &= outcome.accepted;
        write_report(&ask, file, &outcome)?;
    }
    dataset.close().await?;
    Ok(if all_accepted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A node's vocabularies must be there before records that refer to them.
async fn open_for_writing(settings: Settings) -> anyhow::Result<(Dataset, Arc<Shapes>)> {
    let url = settings.log_url.clone();
    if Dataset::is_bare(&settings.data, url.as_deref()).await? {
        let shapes = Shapes::parse(&ontology_file("shapes.ttl")?)?;
        return Ok((open(&settings).await?, Arc::new(shapes)));
    }
    let app = App::open(settings, Contents::Vocabulary).await?;
    Ok((app.dataset, app.shapes))
}

async fn one(
    dataset: &Dataset,
    shapes: &Arc<Shapes>,
    settings: &Settings,
    ask: &Import,
    file: &Path,
) -> anyhow::Result<Outcome> {
    let input = Input::look_at(file)?;
    let target = match &ask.source {
        Some(name) => Target::source(dataset.mode(), name)?,
        None => Target::AsWritten,
    };
    let job = Job {
        target,
        merge: *dataset.mode() == Mode::Bare,
        replace: false,
        base_iri: ask.relative_to.clone(),
        dry_run: ask.dry_run,
        skip_invalid: ask.skip_invalid,
        trusted: ask.trusted || *dataset.mode() == Mode::Bare,
        encoding: ask.encoding.into(),
        guard: Guard { literal_bytes: settings.literal_bytes, unpack_ratio: settings.unpack_ratio },
        header: Header {
            at: jiff::Timestamp::now(),
            by: "familylab import".to_owned(),
            note: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        },
        inputs: vec![input.clone()],
    };
    let (progress, start) = (Arc::new(Progress::default()), Instant::now());
    let bar = show(&progress, input.size);
    let outcome = take_in(dataset, shapes, job, &progress).await;
    bar.abort();
    let outcome = outcome.with_context(|| format!("{} was not taken in", file.display()))?;
    let seconds = start.elapsed().as_secs_f64();
    eprintln!(
        "{}: {} statements, {} records in {seconds:.1} s ({} statements a second)",
        file.display(),
        HumanCount(outcome.quads),
        HumanCount(outcome.report.records),
        HumanCount((outcome.quads as f64 / seconds.max(0.001)) as u64),
    );
    Ok(outcome)
}

/// A bar with rate and time left while the file is read, then a count of records.
fn show(progress: &Arc<Progress>, size: u64) -> tokio::task::JoinHandle<()> {
    let progress = Arc::clone(progress);
    let bar = ProgressBar::new(size);
    let style = "{bar:32} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left {msg}";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    tokio::spawn(async move {
        loop {
            bar.set_position(progress.bytes.load(Ordering::Relaxed));
            let records = progress.records.load(Ordering::Relaxed);
            if records > 0 {
                bar.set_message(format!("{} records", HumanCount(records)));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    })
}

fn write_report(ask: &Import, file: &Path, outcome: &Outcome) -> anyhow::Result<()> {
    let mut out: Box<dyn Write> = match &ask.report_file {
        Some(path) => Box::new(BufWriter::new(
            File::create(path).with_context(|| format!("cannot write {}", path.display()))?,
        )),
        None => Box::new(stdout().lock()),
    };
    match ask.report {
        ReportFormat::Json => outcome.report.write_json(&mut out)?,
        ReportFormat::Shacl => outcome.report.write_shacl(&mut out, RdfFormat::Turtle)?,
        ReportFormat::Text => {
            let mut report = outcome.report.clone();
            if !ask.warnings {
                report.findings.retain(|finding| finding.severity == Severity::Violation);
            }
            let hidden = outcome.report.findings.len() - report.findings.len();
            report.write_text(&mut out, ask.lang.into())?;
            if hidden > 0 {
                writeln!(out, "{hidden} warnings and notes; --warnings shows them.")?;
            }
            writeln!(out, "{}", verdict(ask, file, outcome))?;
        }
    }
    out.flush()?;
    Ok(())
}

fn verdict(ask: &Import, file: &Path, outcome: &Outcome) -> String {
    let (name, tally) = (file.display(), outcome.tally);
    let counts = format!("{} records written, {} unchanged", tally.put, tally.unchanged);
    match (outcome.accepted, outcome.seq) {
        (false, _) => format!(
            "{name}: refused, nothing was kept. Mend the records above, or leave them out with \
             --skip-invalid."
        ),
        (true, _) if ask.dry_run => {
            format!("{name}: would be taken in ({counts}); nothing was kept.")
        }
        (true, Some(seq)) => format!("{name}: taken in as change {seq} ({counts})."),
        (true, None) => format!("{name}: nothing changed ({counts})."),
    }
}

impl From<EncodingName> for Encoding {
    fn from(name: EncodingName) -> Self {
        match name {
            EncodingName::Detect => Self::Detect,
            EncodingName::Utf8 => Self::Utf8,
            EncodingName::Utf16 => Self::Utf16,
            EncodingName::Windows1252 => Self::Windows1252,
        }
    }
}

impl From<Tongue> for Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::It => Self::Italian,
            Tongue::En => Self::English,
        }
    }
}
