//! The settings of a node: what they are called, what they default to, and where each value in
//! force came from. Plain data; what the values mean is decided by those who ask for them.

mod catalog;

pub use catalog::CatalogSettings;

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Environment variables begin with this; `FAMILYLAB_ADMIN_TOKEN` sets `admin_token`.
const PREFIX: &str = "FAMILYLAB_";
/// The file read when none is named, if it is there.
const FILE: &str = "familylab.toml";

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration file {0} cannot be read")]
    Missing(PathBuf),
    #[error("wrong setting: {0}")]
    Wrong(#[from] Box<figment::Error>),
}

/// Everything that can be set. Times are in seconds, sizes in bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The data folder.
    pub data: PathBuf,
    /// Where the node listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The public address, in which all identifiers begin.
    pub base_url: String,
    /// The database of the log; `log.sqlite` in the data folder where absent.
    pub log_url: Option<String>,
    /// What a client must show to write; nobody may write where absent.
    pub admin_token: Option<String>,
    /// How long one query may take.
    pub query_timeout: f64,
    /// How many queries may run at once; others wait, then are refused.
    pub query_concurrency: usize,
    /// How long a query waits for its turn.
    pub query_wait: f64,
    /// The longest query text.
    pub query_bytes: usize,
    /// How many new short addresses of queries may be made in a minute.
    pub links_per_minute: u32,
    /// The longest update text.
    pub update_bytes: usize,
    /// The largest body of a graph upload.
    pub upload_bytes: usize,
    /// How long reading `min-seq` waits for a change.
    pub min_seq_wait: f64,
    /// The longest literal an import takes.
    pub literal_bytes: usize,
    /// How many times its own size a compressed file may unpack to.
    pub unpack_ratio: u64,
    /// How long running requests may go on after a stop signal.
    pub stop_wait: f64,
    /// How long to wait after exporting files before changes are exported again.
    pub export_pause: f64,
    /// How long to wait before a peer is looked at again; 0 looks at none.
    pub peer_pause: f64,
    /// How old a peer's summary may be: so late federated answers may show what is new at a peer;
    /// with 0 each query asks for all summaries first.
    pub summary_age: f64,
    /// The same for endpoints, which are counted and cannot say whether that is still true; with 0
    /// none is counted.
    pub foreign_summary_age: f64,
    /// How long to wait before a peer is harvested again; 0 harvests none by itself.
    pub harvest_pause: f64,
    /// The file with the node's private key; one in the data folder, made at the first start, where
    /// absent.
    pub signing_key: Option<PathBuf>,
    /// What counts how much in a search.
    pub search: SearchWeights,
    /// What counts how much for likeness.
    pub related: RelatedWeights,
    /// What pages say of the administration that runs the node.
    pub site: SiteSettings,
    /// What portals are told of who publishes the data.
    pub catalog: CatalogSettings,
    /// `text` for people, `json` for machines.
    pub log_format: LogFormat,
    /// Which log messages to write, as `tracing` filters: `info`, `familylab=debug`.
    pub log_level: String,
}

/// Who runs the node, as its pages say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SiteSettings {
    /// The name of the administration.
    pub administration: String,
    /// Its own site.
    pub administration_url: String,
    /// The mail address for questions on the site, its accessibility, personal data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Where the program's source code is.
    pub source_code: String,
}

impl Default for SiteSettings {
    fn default() -> Self {
        let [administration, administration_url, source_code] = SITE.map(str::to_owned);
        Self { administration, administration_url, contact: None, source_code }
    }
}

/// The administration the program was written for; another one names itself.
const SITE: [&str; 3] = [
    "Dipartimento per le politiche della famiglia",
    "https://www.famiglia.governo.it/",
    "https://github.com/dipartimento-famiglia/familylab",
];

/// What counts how much in a search, beside how often and how rarely words occur.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SearchWeights {
    /// The share of the words that must match, from 0 (one is enough) to 1 (all).
    pub enough: f32,
    /// A word as it was typed, not only its stem.
    pub exact: f32,
    /// A word in the title or another name.
    pub title: f32,
    /// A code or identifier.
    pub code: f32,
    /// A stem in the language that is not the reader's.
    pub other_language: f32,
    /// Words side by side.
    pub nearness: f32,
    /// A record that has the concept that words name.
    pub concept: f32,
    /// A record in the place that words name.
    pub place: f32,
    /// Another name of that concept.
    pub synonym: f32,
    /// A name of a narrower concept.
    pub narrower: f32,
    /// A record that has a related concept.
    pub related_concept: f32,
    /// A record of the kind that a word names.
    pub kind: f32,
    /// What the whole score of a record of the kind that a word names is multiplied with.
    pub named_kind: f32,
    /// What the whole score of a kind of record is multiplied with; 1 where it is not listed.
    pub kinds: BTreeMap<String, f32>,
}

impl Default for SearchWeights {
    fn default() -> Self {
        Self {
            enough: 0.25,
            exact: 0.6,
            title: 0.9,
            code: 1.5,
            other_language: 0.7,
            nearness: 1.2,
            concept: 1.0,
            place: 6.0,
            synonym: 0.4,
            narrower: 0.15,
            related_concept: 0.2,
            kind: 0.8,
            named_kind: 1.4,
            kinds: KINDS.map(|(kind, weight)| (kind.to_owned(), weight)).into(),
        }
    }
}

/// What counts how much for likeness; each signal is between 0 and 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RelatedWeights {
    /// Likeness of the texts.
    pub text: f64,
    /// Themes in common, the rarer the more.
    pub themes: f64,
    /// Recipients in common, the rarer the more.
    pub recipients: f64,
    /// Inhabitants of the same order, nearness, the same province.
    pub territory: f64,
    /// Networks in common.
    pub networks: f64,
    /// Actors in common.
    pub actors: f64,
    /// One was taken over from the other.
    pub transfer: f64,
    /// How well its effects are shown.
    pub evidence: f64,
}

impl Default for RelatedWeights {
    fn default() -> Self {
        Self {
            text: 3.0,
            themes: 3.0,
            recipients: 1.0,
            territory: 0.8,
            networks: 1.0,
            actors: 0.5,
            transfer: 3.0,
            evidence: 0.3,
        }
    }
}

/// Kinds that seldom are what somebody looks for: they say little by themselves.
const KINDS: [(&str, f32); 6] = [
    ("altro", 0.4),
    ("attore", 0.8),
    ("destinatario", 0.6),
    ("tema", 0.7),
    ("territorio", 0.6),
    ("valutazione", 0.5),
];

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: PathBuf::from("familylab-data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 7070)),
            base_url: "http://localhost:7070".to_owned(),
            log_url: None,
            admin_token: None,
            query_timeout: 60.0,
            query_concurrency: std::thread::available_parallelism().map_or(4, |n| n.get() * 4),
            query_wait: 10.0,
            query_bytes: 1 << 20,
            links_per_minute: 60,
            update_bytes: 16 << 20,
            upload_bytes: 256 << 20,
            min_seq_wait: 10.0,
            literal_bytes: 16 << 20,
            unpack_ratio: 200,
            stop_wait: 10.0,
            export_pause: 60.0,
            peer_pause: 300.0,
            summary_age: 30.0,
            foreign_summary_age: 3600.0,
            harvest_pause: 3600.0,
            signing_key: None,
            search: SearchWeights::default(),
            related: RelatedWeights::default(),
            site: SiteSettings::default(),
            catalog: CatalogSettings::default(),
            log_format: LogFormat::Text,
            log_level: "info".to_owned(),
        }
    }
}

/// What the command line sets; what is absent is left to the environment and the file.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Flags {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_url: Option<String>,
}

/// A setting in force, for people to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    pub name: String,
    /// The value; secrets are masked.
    pub value: String,
    /// Where it came from.
    pub source: String,
}

impl Settings {
    /// Reads defaults, then the file, then the environment, then flags: the last one wins.
    pub fn read(file: Option<&Path>, flags: &Flags) -> Result<(Self, Vec<InForce>), ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        match file {
            Some(path) if !path.is_file() => return Err(ConfigError::Missing(path.to_owned())),
            Some(path) => figment = figment.merge(Toml::file_exact(path)),
            None if Path::new(FILE).is_file() => figment = figment.merge(Toml::file_exact(FILE)),
            None => {}
        }
        // FAMILYLAB_CONFIG names the file, FAMILYLAB_TEST_… is for tests: neither is a setting.
        let env =
            Env::prefixed(PREFIX).filter(|name| name != "config" && !name.starts_with("test_"));
        let figment = figment.merge(env).merge(Serialized::defaults(flags));
        let settings: Self = figment.extract().map_err(Box::new)?;
        let in_force = settings.in_force(&figment);
        Ok((settings, in_force))
    }

    /// The time limit of one query.
    pub fn query_timeout(&self) -> Duration {
        Duration::from_secs_f64(self.query_timeout.clamp(0.001, 1e6))
    }

    /// How old summaries of nodes and of endpoints may be.
    pub fn summary_ages(&self) -> [Duration; 2] {
        [self.summary_age, self.foreign_summary_age]
            .map(|seconds| Duration::from_secs_f64(seconds.clamp(0.0, 1e6)))
    }

    fn in_force(&self, figment: &Figment) -> Vec<InForce> {
        let Ok(serde_json::Value::Object(values)) = serde_json::to_value(self) else {
            return Vec::new();
        };
        let mut in_force = Vec::new();
        for (name, value) in values {
            let value = match value {
                serde_json::Value::Null => "(not set)".to_owned(),
                serde_json::Value::String(text) => masked(&name, text),
                other => other.to_string(),
            };
            in_force.push(InForce { source: source_of(figment, &name), name, value });
        }
        in_force
    }
}

/// Hides what must not be shown: the token, and the password in a database address.
fn masked(name: &str, value: String) -> String {
    if name == "admin_token" {
        return "********".to_owned();
    }
    match (value.find("://"), value.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            let user = &value[scheme + 3..at];
            let user = user.split_once(':').map_or(user, |(user, _)| user);
            format!("{}://{user}:********{}", &value[..scheme], &value[at..])
        }
        _ => value,
    }
}

fn source_of(figment: &Figment, name: &str) -> String {
    let Some(metadata) = figment.find_metadata(name) else { return "default".to_owned() };
    if metadata.name.contains("environment") {
        return format!("environment variable {PREFIX}{}", name.to_ascii_uppercase());
    }
    if let Some(path) = metadata.source.as_ref().and_then(|source| source.file_path()) {
        return format!("file {}", path.display());
    }
    if metadata.name.contains("Flags") { "command line" } else { "default" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_and_tokens_are_never_shown() {
        assert_eq!(masked("admin_token", "abc".to_owned()), "********");
        let url = "postgres://user:secret@db/log".to_owned();
        assert_eq!(masked("log_url", url), "postgres://user:********@db/log");
        assert_eq!(masked("base_url", "http://x:7070".to_owned()), "http://x:7070");
    }

    #[test]
    fn each_value_says_where_it_came_from() {
        let flags = Flags { base_url: Some("http://a".to_owned()), ..Flags::default() };
        let (settings, in_force) = Settings::read(None, &flags).unwrap();
        assert_eq!(settings.base_url, "http://a");
        let source = |name: &str| {
            in_force.iter().find(|line| line.name == name).map(|line| line.source.as_str())
        };
        assert_eq!(source("base_url"), Some("command line"));
        assert_eq!(source("query_bytes"), Some("default"));
    }
}
