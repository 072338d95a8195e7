//! The drawings on the page of a record: how it judges itself, who works with whom, who took it
//! over. Each stands beside the same facts as a table or a list.

use super::frame::{Anchor, Frame};
use crate::overview::{Profile, Transfer, TransferTree, Web};
use crate::web::words::Words;
use askama::Template;
use std::f64::consts::TAU;

/// The radius of a score of 4, and the middle, in the profile's drawing.
const RADIUS: f64 = 120.0;
const MIDDLE: (f64, f64) = (260.0, 170.0);
/// The highest score.
const HIGHEST: f64 = 4.0;

/// One self-assessment as a drawing and a table.
#[derive(Template)]
#[template(path = "profile.html")]
pub struct ProfilePart {
    words: &'static Words,
    link: Anchor,
    date: String,
    role: String,
    role_lang: String,
    is_reviewed: bool,
    rings: Vec<String>,
    axes: Vec<Axis>,
    shape: String,
    rows: Vec<ScoreRow>,
}

struct Axis {
    x: String,
    y: String,
    label_x: String,
    label_y: String,
    anchor: &'static str,
    label: String,
}

struct ScoreRow {
    criterion: Anchor,
    value: u8,
    reason: String,
    reason_lang: String,
}

impl ProfilePart {
    /// Draws a self-assessment.
    pub fn new(frame: &Frame<'_>, profile: &Profile) -> Self {
        let count = profile.scores.len().max(3);
        let ring = |value: f64| {
            let points = (0..count).map(|place| spell(point(place, count, value)));
            points.collect::<Vec<_>>().join(" ")
        };
        let shape = profile.scores.iter().enumerate();
        let shape = shape.map(|(place, score)| spell(point(place, count, f64::from(score.value))));
        let axes = profile.scores.iter().enumerate().map(|(place, score)| {
            let (end, label) = (point(place, count, HIGHEST), point(place, count, 4.5));
            let side = label.0 - MIDDLE.0;
            Axis {
                x: format!("{:.1}", end.0),
                y: format!("{:.1}", end.1),
                label_x: format!("{:.1}", label.0),
                label_y: format!("{:.1}", label.1 + 4.0),
                anchor: match side {
                    side if side > 12.0 => "start",
                    side if side < -12.0 => "end",
                    _ => "middle",
                },
                label: short(&score.criterion.label.text),
            }
        });
        let rows = profile.scores.iter().map(|score| ScoreRow {
            criterion: frame.link(&score.criterion),
            value: score.value,
            reason: score.justification.as_ref().map_or_else(String::new, |l| l.text.clone()),
            reason_lang: super::card::lang(frame, score.justification.as_ref()),
        });
        let date = profile.date.as_deref();
        Self {
            words: frame.words,
            link: frame.link(&profile.link),
            date: date.and_then(|date| frame.words.date(date)).unwrap_or_default(),
            role: profile.role.as_ref().map_or_else(String::new, |label| label.text.clone()),
            role_lang: super::card::lang(frame, profile.role.as_ref()),
            is_reviewed: profile.is_reviewed,
            rings: [1.0, 2.0, 3.0, HIGHEST].into_iter().map(ring).collect(),
            axes: axes.collect(),
            shape: shape.collect::<Vec<_>>().join(" "),
            rows: rows.collect(),
        }
    }
}

fn point(place: usize, count: usize, value: f64) -> (f64, f64) {
    let angle = TAU * place as f64 / count as f64 - TAU / 4.0;
    let far = RADIUS * value / HIGHEST;
    (MIDDLE.0 + far * angle.cos(), MIDDLE.1 + far * angle.sin())
}

fn spell((x, y): (f64, f64)) -> String {
    format!("{x:.1},{y:.1}")
}

/// A name that fits beside an axis.
fn short(name: &str) -> String {
    if name.chars().count() <= 24 {
        return name.to_owned();
    }
    let start: String = name.chars().take(23).collect();
    format!("{}…", start.rsplit_once(' ').map_or(start.as_str(), |(words, _)| words))
}

/// A tree of transfers as nested lists.
#[derive(Template)]
#[template(path = "transfers.html")]
pub struct TreePart {
    words: &'static Words,
    link: Anchor,
    place: String,
    year: String,
    is_asked: bool,
    below: Vec<TreePart>,
}

impl TreePart {
    /// A tree and everything below it.
    pub fn new(frame: &Frame<'_>, tree: &TransferTree) -> Self {
        Self {
            words: frame.words,
            link: frame.link(&tree.link),
            place: tree.place.as_ref().map_or_else(String::new, |link| link.label.text.clone()),
            year: tree.year.clone().unwrap_or_default(),
            is_asked: tree.is_asked,
            below: tree.taken_over_by.iter().map(|tree| Self::new(frame, tree)).collect(),
        }
    }
}

/// What was kept, changed and left out in one transfer.
#[derive(Template)]
#[template(path = "transfer.html")]
pub struct ToldPart {
    words: &'static Words,
    from: Vec<Anchor>,
    date: String,
    texts: Vec<(&'static str, Vec<Anchor>)>,
}

impl ToldPart {
    /// A transfer as it is told.
    pub fn new(frame: &Frame<'_>, transfer: &Transfer) -> Self {
        let own = frame.words.record;
        let lists = [
            (own.adopted, &transfer.adopted),
            (own.adapted, &transfer.adapted),
            (own.dropped, &transfer.dropped),
            (own.support, &transfer.support),
        ];
        let texts = lists.into_iter().filter(|(_, list)| !list.is_empty()).map(|(name, list)| {
            (name, list.iter().map(|label| frame.anchor(String::new(), label)).collect())
        });
        let date = transfer.date.as_deref();
        Self {
            words: frame.words,
            from: transfer.from.iter().map(|link| frame.link(link)).collect(),
            date: date.and_then(|date| frame.words.date(date)).unwrap_or_default(),
            texts: texts.collect(),
        }
    }
}

/// Networks, actors and experiences as a drawing and a table.
#[derive(Template)]
#[template(path = "network.html")]
pub struct NetworkPart {
    key: Vec<(&'static str, &'static str)>,
    words: &'static Words,
    nodes: Vec<NodeDot>,
    links: Vec<LinkLine>,
    rows: Vec<LinkRow>,
    left_out: usize,
}

struct NodeDot {
    x: String,
    y: String,
    anchor: Anchor,
    kind: &'static str,
    label: String,
    is_asked: bool,
}

struct LinkLine {
    from: usize,
    to: usize,
    relation: &'static str,
    x1: String,
    y1: String,
    x2: String,
    y2: String,
}

struct LinkRow {
    from: Anchor,
    relation: &'static str,
    to: Anchor,
    kind: &'static str,
    level: String,
}

impl NetworkPart {
    /// Draws what is linked, around what was asked for.
    pub fn new(frame: &Frame<'_>, web: &Web) -> Self {
        let places = circles(web);
        let own = frame.words.record;
        let dots = web.nodes.iter().zip(&places).map(|(node, (x, y))| NodeDot {
            x: format!("{x:.1}"),
            y: format!("{y:.1}"),
            anchor: frame.link(&node.link),
            kind: node.kind,
            label: short(&node.link.label.text),
            is_asked: node.is_asked,
        });
        let lines = web.links.iter().map(|link| {
            let (from, to) = (places[link.from], places[link.to]);
            LinkLine {
                from: link.from,
                to: link.to,
                relation: link.relation,
                x1: format!("{:.1}", from.0),
                y1: format!("{:.1}", from.1),
                x2: format!("{:.1}", to.0),
                y2: format!("{:.1}", to.1),
            }
        });
        let rows = web.links.iter().map(|link| {
            let (from, to) = (&web.nodes[link.from], &web.nodes[link.to]);
            let levels: Vec<&str> = to.levels.iter().map(|l| l.label.text.as_str()).collect();
            LinkRow {
                from: frame.link(&from.link),
                relation: match link.relation {
                    "coordinator" => own.relation_coordinator,
                    "lead" => own.relation_lead,
                    "partner" => own.relation_partner,
                    "network" => own.relation_network,
                    _ => own.relation_member,
                },
                to: frame.link(&to.link),
                kind: crate::web::words::single(to.kind, frame.reader.language),
                level: levels.join(", "),
            }
        });
        let key = ["rete", "attore", "esperienza"].into_iter();
        let key = key.filter(|kind| web.nodes.iter().any(|node| node.kind == *kind));
        let key = key.filter_map(|kind| Some((kind, frame.words.kind(kind)?)));
        Self {
            key: key.collect(),
            words: frame.words,
            nodes: dots.collect(),
            links: lines.collect(),
            rows: rows.collect(),
            left_out: web.left_out,
        }
    }
}

/// What was asked for in the middle, what it is linked with around it, the rest outside.
fn circles(web: &Web) -> Vec<(f64, f64)> {
    let center = web.nodes.iter().position(|node| node.is_asked).unwrap_or(0);
    let near: Vec<usize> = (0..web.nodes.len())
        .filter(|node| {
            let touches = |a: usize, b: usize| a == center && b == *node;
            web.links.iter().any(|l| touches(l.from, l.to) || touches(l.to, l.from))
        })
        .collect();
    let far: Vec<usize> =
        (0..web.nodes.len()).filter(|node| *node != center && !near.contains(node)).collect();
    let mut places = vec![(400.0, 260.0); web.nodes.len()];
    for (ring, (across, down)) in [(near, (225.0, 140.0)), (far, (330.0, 225.0))] {
        let count = ring.len().max(1) as f64;
        for (place, node) in ring.into_iter().enumerate() {
            let angle = TAU * (place as f64 + 0.5) / count - TAU / 4.0;
            places[node] = (400.0 + across * angle.cos(), 260.0 + down * angle.sin());
        }
    }
    places
}
