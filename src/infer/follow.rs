//! Keeps the graph of what is inferred up to date: after each change the records it may concern
//! are looked at again; after a large one, all. Readers and writers go on meanwhile.

use super::affected::{Affected, Finder};
use super::evaluate::infer;
use super::rule::{InferError, Rule, Rules};
use crate::store::{Dataset, Step, View};
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term, Triple, vocab::rdf};
use oxigraph::sparql::CancellationToken;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// More changed or affected records than this are not looked at one by one.
const MOST: usize = 3000;
/// How many quads change at once while everything is looked at: writers wait so long.
const AT_ONCE: usize = 5000;
const PAGE: i64 = 500;
/// How long to wait before trying again what failed.
const PAUSE: Duration = Duration::from_secs(5);

/// The rules and where they are run.
#[derive(Clone)]
pub struct Inference {
    rules: Arc<Rules>,
    dataset: Dataset,
    graph: NamedNode,
}

/// What is to change in the graph of what is inferred.
#[derive(Default)]
struct Difference {
    added: Vec<Quad>,
    removed: Vec<Quad>,
}

impl Inference {
    /// Rules that write into `graph`, which no source may be.
    pub fn new(rules: Arc<Rules>, dataset: Dataset, graph: NamedNode) -> Self {
        if let Ok(Some((through, digest))) = dataset.graph().inferred()
            && digest == rules.digest
            && through <= dataset.applied()
        {
            dataset.set_inferred(through);
        }
        Self { rules, dataset, graph }
    }

    /// The rules.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Everything that was stated.
    pub fn stated(&self) -> View<'static> {
        View::without(self.dataset.read().0.clone(), self.graph.clone())
    }

    /// Follows the changes until it is stopped.
    pub async fn follow(self, stop: CancellationToken) {
        loop {
            match self.catch_up(&stop).await {
                Ok(()) => self.dataset.changed_since(self.dataset.inferred()).await,
                Err(_) if stop.is_cancelled() => return,
                Err(error) => {
                    tracing::error!(%error, "what follows from the data could not be inferred");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Runs the rules for the changes since the last time; for all records if that is not known.
    pub async fn catch_up(&self, stop: &CancellationToken) -> Result<(), InferError> {
        while self.dataset.inferred() < self.dataset.applied() {
            let (through, head) = (self.dataset.inferred(), self.dataset.applied());
            let steps = if through == 0 { None } else { self.steps(through, head).await? };
            match steps {
                Some(steps) => self.some(steps, head, stop).await?,
                None => self.all(head, stop).await?,
            }
        }
        Ok(())
    }

    /// Runs every rule for every record, whatever was known.
    pub async fn start_over(&self, stop: &CancellationToken) -> Result<(), InferError> {
        self.all(self.dataset.applied(), stop).await?;
        self.catch_up(stop).await
    }

    /// What changed after one change up to another, if it is not too much.
    async fn steps(&self, after: u64, until: u64) -> Result<Option<Vec<Step>>, InferError> {
        let mut steps = Vec::new();
        for seq in after + 1..=until {
            let mut position = 0;
            loop {
                let page = self.dataset.log().steps(seq, position, PAGE).await?;
                let Some(last) = page.last() else { break };
                position = last.position;
                steps.extend(page);
                if steps.len() > MOST {
                    return Ok(None);
                }
            }
        }
        Ok(Some(steps))
    }

    async fn some(
        &self,
        steps: Vec<Step>,
        head: u64,
        stop: &CancellationToken,
    ) -> Result<(), InferError> {
        let (this, token) = (self.clone(), stop.clone());
        let look = move || this.difference(&steps, &token);
        match tokio::task::spawn_blocking(look).await?? {
            Some(Difference { added, removed }) => {
                metrics::counter!("familylab_rule_runs_total", "of" => "some").increment(1);
                let through = Some((head, self.rules.digest.clone()));
                Ok(self.dataset.infer(added, removed, through).await?)
            }
            None => self.all(head, stop).await,
        }
    }

    /// What these steps change in what is inferred, record by record.
    fn difference(
        &self,
        steps: &[Step],
        stop: &CancellationToken,
    ) -> Result<Option<Difference>, InferError> {
        let view = self.stated();
        let mut finder = Finder::new(&self.rules, &view, self.graph.as_str());
        let Affected::Records(records) = finder.find(steps, MOST)? else { return Ok(None) };
        let mut difference = Difference::default();
        for record in records {
            let mut wanted = HashSet::new();
            let classes = finder.classes_of(&record)?;
            for rule in self.rules.rules.iter().filter(|rule| !rule.about.is_disjoint(classes)) {
                infer(rule, &view, Some(&record), stop, |triple| {
                    wanted.insert(triple.in_graph(self.graph.clone()));
                    Ok(())
                })?;
            }
            let subject = NamedOrBlankNode::from(record);
            for quad in self.inferred(Some(&subject)) {
                let quad = quad?;
                // What somebody states need not be inferred any more.
                if is_stated(&view, &quad)? || !wanted.remove(&quad) {
                    difference.removed.push(quad);
                }
            }
            for quad in wanted {
                if !is_stated(&view, &quad)? {
                    difference.added.push(quad);
                }
            }
        }
        Ok(Some(difference))
    }

    /// Runs every rule for every record: what is new goes in a few thousand at a time, then what
    /// no rule gave goes out.
    async fn all(&self, head: u64, stop: &CancellationToken) -> Result<(), InferError> {
        metrics::counter!("familylab_rule_runs_total", "of" => "all").increment(1);
        let start = Instant::now();
        let (sender, mut parts) = tokio::sync::mpsc::channel(1);
        let (this, token) = (self.clone(), stop.clone());
        let work = tokio::task::spawn_blocking(move || this.everything(&token, &sender));
        let mut count = 0;
        while let Some(Difference { added, removed }) = parts.recv().await {
            count += added.len() + removed.len();
            self.dataset.infer(added, removed, None).await?;
        }
        work.await??;
        self.dataset.infer(vec![], vec![], Some((head, self.rules.digest.clone()))).await?;
        let took_ms = start.elapsed().as_millis();
        tracing::info!(changed = count, took_ms, "all rules were run for all records");
        Ok(())
    }

    fn everything(
        &self,
        stop: &CancellationToken,
        parts: &tokio::sync::mpsc::Sender<Difference>,
    ) -> Result<(), InferError> {
        let view = self.stated();
        let mut kept = HashSet::new();
        let mut part = Difference::default();
        // Nobody receives any more only where writing failed, and that is told there.
        let send = |part: &mut Difference, most: usize| {
            if part.added.len() + part.removed.len() > most {
                let _ = parts.blocking_send(std::mem::take(part));
            }
        };
        for rule in &self.rules.rules {
            infer(rule, &view, None, stop, |triple| {
                let quad = triple.in_graph(self.graph.clone());
                // A link to a record that is gone infers nothing of it.
                if is_about(&view, rule, &quad.subject)?
                    && !is_stated(&view, &quad)?
                    && kept.insert(fingerprint(&quad))
                    && !self.dataset.read().0.contains(&quad)?
                {
                    part.added.push(quad);
                    send(&mut part, AT_ONCE);
                }
                Ok(())
            })?;
        }
        send(&mut part, 0);
        for quad in self.inferred(None) {
            let quad = quad?;
            if !kept.contains(&fingerprint(&quad)) {
                part.removed.push(quad);
                send(&mut part, AT_ONCE);
            }
        }
        send(&mut part, 0);
        Ok(())
    }

    /// What is inferred now, of one record or of all.
    fn inferred(
        &self,
        subject: Option<&NamedOrBlankNode>,
    ) -> impl Iterator<Item = Result<Quad, oxigraph::store::StorageError>> + use<> {
        let graph = GraphName::from(self.graph.clone());
        View::whole(self.dataset.read().0.clone()).quads(subject, None, None, Some(&graph))
    }
}

/// Whether a rule infers anything of records such as this one.
pub(super) fn is_about(
    view: &View<'_>,
    rule: &Rule,
    record: &NamedOrBlankNode,
) -> Result<bool, InferError> {
    for class in &rule.about {
        let class = Term::from(class.clone());
        let mut is_one = view.quads(Some(record), Some(&rdf::TYPE.into()), Some(&class), None);
        if is_one.next().transpose()?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether some source states it too.
fn is_stated(view: &View<'_>, quad: &Quad) -> Result<bool, InferError> {
    let object: &Term = &quad.object;
    let mut same = view.quads(Some(&quad.subject), Some(&quad.predicate), Some(object), None);
    Ok(same.next().transpose()?.is_some())
}

/// Sixteen bytes for a quad, so that millions can be told apart in little memory.
fn fingerprint(quad: &Quad) -> (u64, u64) {
    let triple = Triple::from(quad.clone());
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, &triple).hash(&mut hasher);
        hasher.finish()
    };
    (half(0), half(1))
}
