//! A peer on the list: how it is kept, and what of it everybody may know.

use super::error::PeerError;
use super::harvest::Run;
use super::health::{Counts, Health, Problem};
use super::key::Key;
use super::kind::{Kind, Trust};
use crate::net::{Reach, Url};
use crate::store::{CheckRow, PeerRow};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

/// A peer on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    pub name: String,
    /// Where it stands: the address of a node, of an endpoint, of a stream, of a file.
    pub base: Url,
    pub kind: Kind,
    pub trust: BTreeSet<Trust>,
    pub reach: Reach,
    /// The key by which it signs, where it is pinned.
    pub key: Option<Key>,
    pub added: Timestamp,
    /// What the last check found, if there was one.
    pub health: Option<Health>,
    /// How the last harvest went, if there was one.
    pub harvest: Option<Run>,
}

impl Peer {
    /// Whether it may be used for something.
    pub fn may(&self, trust: Trust) -> bool {
        self.trust.contains(&trust)
    }

    /// Whether it answered well when it was last asked; not known before the first time.
    pub fn is_well(&self) -> Option<bool> {
        self.health.as_ref().map(|health| health.problem.is_none())
    }

    /// What whoever lists it should know.
    pub fn warning(&self) -> Option<String> {
        (self.base.scheme() == "http" && self.reach == Reach::Public).then(|| {
            format!(
                "{} is not encrypted, so what {} says can be changed on the way; use https where it \
                 has it",
                self.address(),
                self.name
            )
        })
    }

    /// An address of it; `path` begins with a slash.
    pub fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url
    }

    /// Its address as people write it; that of a node has no slash at its end.
    pub fn address(&self) -> &str {
        match self.kind {
            Kind::FamilyLab => self.base.as_str().trim_end_matches('/'),
            _ => self.base.as_str(),
        }
    }

    /// What everybody may know of it.
    pub fn public(&self) -> Value {
        let health = self.health.as_ref().map(|health| {
            let problem = health.problem.as_ref();
            let problem = problem.map(|it| json!({ "kind": it.kind.name(), "detail": it.detail }));
            json!({
                "reachable": problem.is_none(),
                "problem": problem,
                "latency_ms": health.latency.map(|latency| latency.as_millis() as u64),
                "answered": health.answered,
            })
        });
        let counts = self.health.as_ref().map(|health| health.counts).unwrap_or_default();
        json!({
            "name": self.name,
            "base": self.address(),
            "kind": self.kind.name(),
            "trust": self.trust.iter().map(|trust| trust.name()).collect::<Vec<_>>(),
            "pinned": self.key.is_some(),
            "added": self.added,
            "checked": self.health.as_ref().map(|health| health.checked),
            "health": health,
            "harvest": self.harvest.as_ref().map(Run::public),
            "counts": { "triples": counts.triples, "records": counts.records, "seq": counts.seq },
        })
    }

    /// A peer as the database keeps it.
    pub(super) fn row(&self) -> PeerRow {
        let trust: Vec<&str> = self.trust.iter().map(|trust| trust.name()).collect();
        PeerRow {
            name: self.name.clone(),
            base: self.address().to_owned(),
            kind: self.kind.name().to_owned(),
            trust: trust.join(" "),
            is_named: self.reach == Reach::Named,
            pinned: self.key.map(|key| key.to_string()).unwrap_or_default(),
            added: self.added.to_string(),
            check: None,
        }
    }

    /// The peer that a row of the database holds.
    pub(super) fn read(row: PeerRow) -> Result<Self, PeerError> {
        let wrong =
            |what: &str| PeerError::Unreadable { name: row.name.clone(), what: what.to_owned() };
        let trust = row.trust.split_whitespace().map(str::parse::<Trust>);
        let key = Some(&row.pinned).filter(|key| !key.is_empty());
        Ok(Self {
            base: row.base.parse().map_err(|_| wrong(&row.base))?,
            kind: row.kind.parse().map_err(|_| wrong(&row.kind))?,
            trust: trust.collect::<Result<_, _>>().map_err(|_| wrong(&row.trust))?,
            reach: if row.is_named { Reach::Named } else { Reach::Public },
            key: key.map(|key| key.parse()).transpose().map_err(|_| wrong(&row.pinned))?,
            added: row.added.parse().map_err(|_| wrong(&row.added))?,
            health: row.check.as_ref().map(|check| health(check, &wrong)).transpose()?,
            harvest: None,
            name: row.name,
        })
    }
}

fn health(check: &CheckRow, wrong: &dyn Fn(&str) -> PeerError) -> Result<Health, PeerError> {
    let moment = |text: &str| text.parse::<Timestamp>().map_err(|_| wrong(text));
    let problem = Some(&check.problem).filter(|problem| !problem.is_empty());
    let problem = problem.map(|kind| {
        let read = kind.parse().map_err(|()| wrong(kind));
        read.map(|kind| Problem { kind, detail: check.detail.clone() })
    });
    let answered = Some(&check.answered).filter(|answered| !answered.is_empty());
    Ok(Health {
        checked: moment(&check.checked)?,
        problem: problem.transpose()?,
        latency: check.latency.map(Duration::from_millis),
        answered: answered.map(|answered| moment(answered)).transpose()?,
        counts: Counts { triples: check.triples, records: check.records, seq: check.seq },
    })
}
