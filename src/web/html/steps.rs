//! The plan of a federated query as a picture and as a table with the same facts. Draws; knows
//! nothing of how plans are made.

use super::frame::Frame;
use super::nodes::Nodes;
use crate::engine::{Explanation, Report, StepExplanation};
use crate::vocab::PREFIXES;
use crate::web::words::{FederationWords, told};
use askama::Template;

/// Sizes in the units of the drawing.
const WIDTH: usize = 540;
const INDENT: usize = 30;
const LINE: usize = 19;
const PADDING: usize = 12;
const GAP: usize = 14;
const MARGIN: usize = 4;
/// So many letters fit into a line of a box.
const LETTERS: usize = 68;
/// Deeper steps stand no further in.
const DEEPEST: usize = 10;

/// A plan; written out, it is HTML.
#[derive(Template)]
#[template(path = "steps.html")]
pub struct PlanPart {
    own: &'static FederationWords,
    is_run: bool,
    width: usize,
    height: usize,
    boxes: Vec<StepBox>,
    rows: Vec<StepRow>,
    pruned: Vec<PrunedRow>,
    residual: String,
}

struct StepBox {
    x: usize,
    y: usize,
    height: usize,
    /// From where its line comes: the box that takes its rows.
    from: Option<(usize, usize)>,
    is_fetch: bool,
    is_missing: bool,
    title: String,
    lines: Vec<BoxLine>,
}

struct BoxLine {
    y: usize,
    text: String,
    is_code: bool,
    is_missing: bool,
}

struct StepRow {
    number: usize,
    does: &'static str,
    pattern: String,
    nodes: String,
    missing: String,
    expected: String,
    came: String,
    requests: String,
    ms: String,
}

struct PrunedRow {
    node: String,
    pattern: String,
    reason: String,
}

impl StepBox {
    fn width(&self) -> usize {
        WIDTH
    }

    /// Where the text of the box begins.
    fn text(&self) -> usize {
        self.x + PADDING
    }

    /// Where the line of a box meets it.
    fn middle(&self) -> usize {
        self.y + PADDING + LINE / 2
    }
}

impl PlanPart {
    /// Draws a plan; with the report of its query where it was run.
    pub fn new(
        frame: &Frame<'_>,
        own: &'static FederationWords,
        nodes: &Nodes<'_>,
        plan: &Explanation,
        report: Option<&Report>,
    ) -> Self {
        let failed = report.iter().flat_map(|report| &report.sources);
        let failed = failed.filter(|source| source.failed.is_some());
        let failed: Vec<&str> = failed.map(|source| source.node.as_str()).collect();
        let mut drawing = Drawing {
            frame,
            own,
            nodes,
            failed,
            number: 0,
            y: MARGIN,
            boxes: Vec::new(),
            rows: Vec::new(),
        };
        let root = drawing.place(None, 0, own.answer.to_owned(), Vec::new());
        for fragment in &plan.fragments {
            drawing.step(fragment, root, 1);
        }
        let Drawing { y, boxes, mut rows, .. } = drawing;
        rows.sort_by_key(|row| row.number);
        let right = boxes.iter().map(|one| one.x).max().unwrap_or(0) + WIDTH + MARGIN;
        let pruned = plan.pruned.iter().map(|pruned| PrunedRow {
            node: nodes.name(&pruned.node),
            pattern: shortened(&pruned.pattern),
            reason: pruned.reason.clone(),
        });
        Self {
            own,
            is_run: report.is_some(),
            width: right,
            height: y - GAP + MARGIN,
            boxes,
            rows,
            pruned: pruned.collect(),
            residual: plan.residual.clone(),
        }
    }
}

/// A plan while it is drawn.
struct Drawing<'a> {
    frame: &'a Frame<'a>,
    own: &'static FederationWords,
    nodes: &'a Nodes<'a>,
    failed: Vec<&'a str>,
    /// The number of the step that ended last.
    number: usize,
    /// Where the next box begins.
    y: usize,
    boxes: Vec<StepBox>,
    rows: Vec<StepRow>,
}

impl Drawing<'_> {
    /// Puts a box below the others, linked with the one that takes its rows.
    fn place(
        &mut self,
        above: Option<usize>,
        depth: usize,
        title: String,
        lines: Vec<(String, bool, bool)>,
    ) -> usize {
        let x = MARGIN + depth.min(DEEPEST) * INDENT;
        let from = above.map(|above| {
            let above = &self.boxes[above];
            (above.x + PADDING, above.y + above.height)
        });
        let y = self.y;
        let height = 2 * PADDING + LINE * (lines.len() + 1);
        let lines = (2..).zip(lines).map(|(place, (text, is_code, is_missing))| BoxLine {
            y: y + PADDING - 5 + place * LINE,
            text: cut(&text),
            is_code,
            is_missing,
        });
        let lines = lines.collect();
        let (is_fetch, is_missing) = (false, false);
        self.boxes.push(StepBox { x, y, height, from, is_fetch, is_missing, title, lines });
        self.y += height + GAP;
        self.boxes.len() - 1
    }

    /// Draws a step and those it takes its rows from.
    fn step(&mut self, step: &StepExplanation, above: usize, depth: usize) {
        let does = self.own.operator(step.operator);
        let pattern = step.pattern.as_deref().map(shortened).unwrap_or_default();
        let nodes = self.nodes.names(&step.sources);
        let failed = step.sources.iter().filter(|node| self.failed.contains(&node.as_str()));
        let missing = self.nodes.names(failed);
        let expected = self.number(&format!("{:.0}", step.estimated_rows));
        let (came, requests, ms) = match &step.done {
            Some(done) => (
                self.number(&done.rows.to_string()),
                self.number(&done.requests.to_string()),
                done.ended_ms.map(|ms| self.number(&ms.to_string())).unwrap_or_default(),
            ),
            None => Default::default(),
        };
        let mut lines = Vec::new();
        if !pattern.is_empty() {
            lines.push((pattern.clone(), true, false));
        }
        if !nodes.is_empty() {
            lines.push((told(self.own.box_asked, &[("nodes", nodes.clone())]), false, false));
        }
        if !missing.is_empty() {
            lines.push((told(self.own.box_missing, &[("nodes", missing.clone())]), false, true));
        }
        let mut rows = told(self.own.box_expected, &[("rows", expected.clone())]);
        if step.done.is_some() {
            let values = [("rows", came.clone()), ("requests", requests.clone())];
            rows = format!("{rows} · {}", told(self.own.box_came, &values));
        }
        lines.push((rows, false, false));
        let place = self.place(Some(above), depth, String::new(), lines);
        for input in &step.inputs {
            self.step(input, place, depth + 1);
        }
        self.number += 1;
        let drawn = &mut self.boxes[place];
        drawn.title = format!("{} · {does}", self.number);
        drawn.is_fetch = !step.sources.is_empty();
        drawn.is_missing = !missing.is_empty();
        let number = self.number;
        self.rows.push(StepRow {
            number,
            does,
            pattern,
            nodes,
            missing,
            expected,
            came,
            requests,
            ms,
        });
    }

    fn number(&self, text: &str) -> String {
        self.frame.words.number(text).unwrap_or_else(|| "∞".to_owned())
    }
}

/// A pattern with the prefixes that pages of this node write.
fn shortened(pattern: &str) -> String {
    let mut parts = pattern.split('<');
    let mut short = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let known = part.split_once('>').and_then(|(iri, rest)| {
            let local =
                |(name, start): (&'static str, &str)| Some((name, iri.strip_prefix(start)?));
            let (name, local) = PREFIXES.into_iter().filter_map(local).find(|(_, local)| {
                local.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
            })?;
            Some(format!("{name}:{local}{rest}"))
        });
        short += &known.unwrap_or_else(|| format!("<{part}"));
    }
    short.replace(" rdf:type ", " a ").replace(" .?", " . ?")
}

/// A text that fits into a box.
fn cut(text: &str) -> String {
    if text.chars().count() <= LETTERS {
        return text.to_owned();
    }
    let start: String = text.chars().take(LETTERS - 1).collect();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_written_with_prefixes_where_there_are_some() {
        let pattern = "?e <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> \
                       <https://w3id.org/familylab/ontology#Experience> .?e <http://x.example/p> \"<b>\"";
        assert_eq!(shortened(pattern), "?e a fl:Experience . ?e <http://x.example/p> \"<b>\"");
        assert_eq!(cut(&"x".repeat(100)).chars().count(), LETTERS);
    }
}
