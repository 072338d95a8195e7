//! `familylab import`: files in, with a progress bar and a report.

use super::maintain::open;
use crate::app::{App, Contents};
use crate::config::Settings;
use crate::ingest::{
    BatchError, Encoding, Guard, Input, Job, Outcome, Progress, Target, import as take_in,
};
use crate::schema::{Finding, Language, Report, Severity, Shapes, Text, ontology_file};
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
    let mut out: Box<dyn Write + Send> = match &ask.report_file {
        Some(path) => Box::new(BufWriter::new(
            File::create(path).with_context(|| format!("cannot write {}", path.display()))?,
        )),
        None => Box::new(stdout()),
    };
    let (dataset, shapes) = open_for_writing(settings.clone()).await?;
    let target = match &ask.source {
        Some(name) => Target::source(dataset.mode(), name)?,
        None => Target::AsWritten,
    };
    let mut all_accepted = true;
    let mut whole = Report::default();
    let mut files = ask.files.iter();
    while let Some(file) = files.next() {
        let job = job(&dataset, &settings, &ask, &target, file);
        let error = match one(&dataset, &shapes, file, job).await {
            Ok(outcome) => {
                all_accepted &= outcome.accepted;
                if ask.report == ReportFormat::Text {
                    write_text(&mut out, &ask, file, &outcome)?;
                }
                whole.add(outcome.report);
                continue;
            }
            Err(error) => error,
        };
        all_accepted = false;
        let text = format!("{} was not taken in: {error}", file.display());
        eprintln!("familylab: {text}");
        tell(&mut out, &ask, &mut whole, file, text)?;
        if is_for_every_file(&error) {
            for file in files.by_ref() {
                let text = format!("{} was not tried", file.display());
                tell(&mut out, &ask, &mut whole, file, text)?;
            }
        }
    }
    match ask.report {
        ReportFormat::Json => whole.write_json(&mut out)?,
        ReportFormat::Shacl => whole.write_shacl(&mut out, RdfFormat::Turtle)?,
        ReportFormat::Text => {}
    }
    out.flush()?;
    dataset.close().await?;
    Ok(if all_accepted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether the next file would fail for the same reason.
fn is_for_every_file(error: &BatchError) -> bool {
    error.is_disk_full()
        || matches!(error, BatchError::Dataset(_) | BatchError::Storage(_) | BatchError::Shipped(_))
}

/// Puts into the report what became of a file that could not be read, or was not.
fn tell(
    out: &mut impl Write,
    ask: &Import,
    whole: &mut Report,
    file: &Path,
    text: String,
) -> anyhow::Result<()> {
    if ask.report == ReportFormat::Text {
        writeln!(out, "{text}")?;
    }
    let name = file.display().to_string();
    whole.findings.push(Finding {
        record: name.clone(),
        focus: name,
        path: None,
        name: Text::new("file", "file"),
        value: None,
        value_type: None,
        severity: Severity::Violation,
        component: "file".to_owned(),
        shape: "file".to_owned(),
        message: Text::new(text.clone(), text),
        place: None,
    });
    Ok(())
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

/// What is to be done with one file; what is in it is not looked at yet.
fn job(dataset: &Dataset, settings: &Settings, ask: &Import, target: &Target, file: &Path) -> Job {
    Job {
        target: target.clone(),
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
        inputs: Vec::new(),
    }
}

async fn one(
    dataset: &Dataset,
    shapes: &Arc<Shapes>,
    file: &Path,
    mut job: Job,
) -> Result<Outcome, BatchError> {
    let input = Input::look_at(file)?;
    let (progress, start) = (Arc::new(Progress::default()), Instant::now());
    let bar = show(&progress, input.size);
    job.inputs = vec![input];
    let outcome = take_in(dataset, shapes, job, &progress).await;
    bar.abort();
    let outcome = outcome?;
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

fn write_text(
    out: &mut impl Write,
    ask: &Import,
    file: &Path,
    outcome: &Outcome,
) -> anyhow::Result<()> {
    let mut report = outcome.report.clone();
    if !ask.warnings {
        report.findings.retain(|finding| finding.severity == Severity::Violation);
    }
    let hidden = outcome.report.findings.len() - report.findings.len();
    report.write_text(out, ask.lang.into())?;
    if hidden > 0 {
        writeln!(out, "{hidden} warnings and notes; --warnings shows them.")?;
    }
    writeln!(out, "{}", verdict(ask, file, outcome))?;
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
