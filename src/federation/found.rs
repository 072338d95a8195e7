//! What several nodes found, as one list: ranks are fused, records that several nodes know are one,
//! facets are summed. Trusts no word of a peer, and asks none.

use crate::iri::KINDS;
use crate::net::{Origin, Url};
use crate::schema::Text;
use crate::search::{FACETS, MOST_HITS};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::HashMap;

/// How much the first ranks differ from later ones: reciprocal rank fusion as it was proposed by
/// Cormack, Clarke and Büttcher, SIGIR 2009.
const FLATNESS: f64 = 60.0;

/// Nothing has more names elsewhere.
const MOST_NAMES: usize = 20;
/// The kinds of records that nodes share but for the address before them.
pub(super) const SHARED: [&str; 3] = ["tema", "destinatario", "territorio"];
/// The kind of what is no record: ontology, schemes, shapes and questionnaires.
const SHIPPED: &str = "altro";
/// No facet of a peer has more values that count here.
const MOST_VALUES: usize = 200;

/// Whether an IRI leads to the web; a peer may write anything.
pub(super) fn is_web(iri: &str) -> bool {
    iri.parse().is_ok_and(|url: Url| Origin::of(&url).is_some())
}

/// What a node answers to a search, as far as others need it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Page {
    pub total: u64,
    pub hits: Vec<Hit>,
    #[serde(default)]
    facets: Vec<Facet>,
}

/// One result of a node.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Hit {
    pub iri: String,
    pub kind: String,
    pub title: String,
    #[serde(default)]
    pub titles: Value,
    /// HTML whose only elements are `mark`.
    #[serde(default)]
    pub snippet: String,
    /// Empty where it is not known.
    #[serde(default)]
    pub snippet_language: String,
    #[serde(default)]
    pub demonstration: bool,
    #[serde(default)]
    pub distance_km: Option<f64>,
    /// The IRIs that others have for the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    same_as: Vec<String>,
}

/// One facet of a node.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Facet {
    pub facet: String,
    pub label: Text,
    pub values: Vec<Count>,
}

/// How often a value occurs.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Count {
    pub value: String,
    pub label: Text,
    pub count: u64,
    #[serde(default)]
    pub selected: bool,
    #[serde(default)]
    pub broader: Option<String>,
}

/// A result with the nodes that know it, the one that ranks it best first.
#[derive(Debug, Clone, Serialize)]
pub struct Fused {
    #[serde(flatten)]
    pub hit: Hit,
    pub score: f64,
    pub nodes: Vec<String>,
}

/// In what order the results of all nodes come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fusion {
    /// By the ranks that the nodes give.
    Ranks,
    /// By distance, which all nodes measure alike.
    Distance,
}

/// What a result goes by: its IRI, or for what all nodes share what they call it.
fn key(hit: &Hit) -> &str {
    if hit.is_shared() { short(&hit.iri) } else { &hit.iri }
}

/// One list of what nodes found, each by its name. What the first of them knows is told in its words,
/// and what is said to be the same as another result is told as that one.
pub fn fuse(pages: &[(String, Page)], order: Fusion) -> Vec<Fused> {
    let mut fused: Vec<Fused> = Vec::new();
    let (mut places, mut claims) = (HashMap::new(), HashMap::new());
    let longest = pages.iter().map(|(_, page)| page.hits.len()).max().unwrap_or(0);
    // Rank by rank, so that a record stands with the node that ranks it best.
    for rank in 0..longest {
        for (number, (node, page)) in pages.iter().enumerate() {
            let Some(hit) = page.hits.get(rank) else { continue };
            let score = 1.0 / (FLATNESS + rank as f64 + 1.0);
            let key = key(hit);
            let mut others = hit.same_as.iter().map(String::as_str);
            let known = places.get(key).copied();
            let known = known.or_else(|| others.find_map(|other| places.get(other).copied()));
            // Who says that it is another one takes the place of none: that one's words count.
            let claimed = claims.get(key).copied().filter(|_| known.is_none());
            let Some(place) = known.or(claimed) else {
                places.insert(key, fused.len());
                claims.extend(hit.same_as.iter().map(|other| (other.as_str(), fused.len())));
                fused.push(Fused { hit: hit.clone(), score, nodes: vec![node.clone()] });
                continue;
            };
            let told: &mut Fused = &mut fused[place];
            if told.nodes.contains(node) {
                continue;
            }
            let is_of_first = pages.first().is_some_and(|(first, _)| told.nodes.contains(first));
            if number == 0 || claimed.is_some() && !is_of_first {
                places.insert(key, place);
                told.hit = hit.clone();
            }
            // That every node has what all have says nothing for it: its best rank counts alone.
            if !hit.is_everywhere() {
                told.score += score;
            }
            told.nodes.push(node.clone());
        }
    }
    match order {
        Fusion::Ranks => fused.sort_by(|a, b| b.score.total_cmp(&a.score)),
        Fusion::Distance => fused.sort_by(|a, b| {
            let far = |fused: &Fused| fused.hit.distance_km.unwrap_or(f64::INFINITY);
            far(a).total_cmp(&far(b))
        }),
    }
    fused
}

/// The facets of all nodes, the counts of each value summed.
pub fn sum(pages: &[(String, Page)]) -> Vec<Facet> {
    let mut facets: Vec<Facet> = Vec::new();
    for own in pages.iter().flat_map(|(_, page)| &page.facets) {
        let place = facets.iter().position(|facet| facet.facet == own.facet);
        let place = place.unwrap_or_else(|| {
            facets.push(Facet { values: Vec::new(), ..own.clone() });
            facets.len() - 1
        });
        for count in &own.values {
            add(&mut facets[place].values, count);
        }
    }
    for facet in &mut facets {
        facet.values.sort_by_key(|count| Reverse(count.count));
    }
    facets
}

fn add(values: &mut Vec<Count>, count: &Count) {
    let value = short(&count.value);
    match values.iter_mut().find(|known| known.value == value) {
        Some(known) => {
            known.count = known.count.saturating_add(count.count);
            known.selected |= count.selected;
        }
        None => values.push(Count {
            value: value.to_owned(),
            broader: count.broader.as_deref().map(|above| short(above).to_owned()),
            ..count.clone()
        }),
    }
}

/// What a thing is called on every node: `tema/affido` for `https://node.example/id/tema/affido`.
/// Nodes share their vocabularies but for the address before them.
pub fn short(iri: &str) -> &str {
    let Some((_, rest)) = iri.split_once("/id/") else { return iri };
    let kind = rest.split('/').next().unwrap_or_default();
    if KINDS.contains(&kind) { rest } else { iri }
}

impl Hit {
    /// Whether it is of a kind that nodes share.
    fn is_shared(&self) -> bool {
        SHARED.contains(&self.kind.as_str())
    }

    /// Whether every node has it: what is shared, and the files that come with the program.
    fn is_everywhere(&self) -> bool {
        self.is_shared() || self.kind == SHIPPED
    }
}

impl Page {
    /// The page without what a peer must not bring in: addresses that are none of the web, and
    /// elements in a snippet other than its marks.
    pub fn checked(mut self) -> Self {
        self.hits.truncate(MOST_HITS);
        self.facets.truncate(FACETS.len());
        self.facets.iter_mut().for_each(|facet| facet.values.truncate(MOST_VALUES));
        self.hits.retain(|hit| is_web(&hit.iri));
        for hit in &mut self.hits {
            hit.snippet = only_marked(&hit.snippet);
            hit.same_as.truncate(MOST_NAMES);
            hit.same_as.retain(|iri| is_web(iri));
        }
        self
    }
}

/// A snippet whose only elements are `mark`.
fn only_marked(snippet: &str) -> String {
    let plain = |text: &str| text.replace('<', "&lt;").replace('>', "&gt;");
    let mut parts = snippet.split("<mark>");
    let mut safe = plain(parts.next().unwrap_or_default());
    for part in parts {
        match part.split_once("</mark>") {
            Some((inside, after)) => {
                safe += &format!("<mark>{}</mark>{}", plain(inside), plain(after));
            }
            None => safe += &plain(part),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(iris: &[&str]) -> Page {
        let hit = |iri: &&str| json!({ "iri": iri, "kind": "esperienza", "title": iri });
        let hits: Vec<Value> = iris.iter().map(hit).collect();
        serde_json::from_value(json!({ "total": hits.len(), "hits": hits })).unwrap()
    }

    #[test]
    fn what_two_nodes_rank_well_comes_before_what_one_ranks_first() {
        let pages = [
            ("a".to_owned(), page(&["http://a/1", "http://x/both", "http://a/3"])),
            ("b".to_owned(), page(&["http://b/1", "http://x/both"])),
        ];
        let fused = fuse(&pages, Fusion::Ranks);
        let iris: Vec<&str> = fused.iter().map(|fused| fused.hit.iri.as_str()).collect();
        assert_eq!(iris, ["http://x/both", "http://a/1", "http://b/1", "http://a/3"]);
        assert_eq!(fused[0].nodes, ["a", "b"]);
    }

    #[test]
    fn the_same_place_of_two_nodes_is_one_result_of_its_best_rank_in_the_words_of_the_first() {
        let place = |node: &str| {
            let mut page =
                page(&[&format!("http://{node}/x"), &format!("http://{node}/id/territorio/bari")]);
            page.hits[1].kind = "territorio".to_owned();
            page
        };
        let mut other = place("b");
        other.hits.swap(0, 1);
        let fused = fuse(&[("a".to_owned(), place("a")), ("b".to_owned(), other)], Fusion::Ranks);
        assert_eq!(fused.len(), 3);
        let [first, place, last] = &fused[..] else { unreachable!() };
        assert_eq!((first.hit.iri.as_str(), last.hit.iri.as_str()), ("http://a/x", "http://b/x"));
        assert_eq!(place.hit.iri, "http://a/id/territorio/bari");
        assert_eq!(
            (&place.nodes[..], place.score),
            (&["b".to_owned(), "a".to_owned()][..], first.score)
        );
    }

    #[test]
    fn what_comes_with_every_node_is_no_better_for_that() {
        let shipped = |first: &str| {
            let mut page = page(&[first, "https://w3id.org/familylab/ontology"]);
            page.hits[1].kind = SHIPPED.to_owned();
            page
        };
        let pages = ["http://a/1", "http://b/1"].map(|iri| (iri.to_owned(), shipped(iri)));
        let fused = fuse(&pages, Fusion::Ranks);
        let kinds: Vec<&str> = fused.iter().map(|fused| fused.hit.kind.as_str()).collect();
        assert_eq!(kinds, ["esperienza", "esperienza", SHIPPED]);
        assert_eq!(fused[2].nodes.len(), 2);
    }

    #[test]
    fn what_is_said_to_be_another_result_is_told_as_that_one_whoever_comes_first() {
        let claiming = |iris: &[&str]| {
            let mut page = page(iris);
            page.hits[0].same_as = vec!["http://b/1".to_owned()];
            page
        };
        let (own, b) = (page(&["http://own/1"]), page(&["http://b/2", "http://b/1"]));
        let c = claiming(&["http://c/1", "http://c/2"]);
        for others in [[("b", &b), ("c", &c)], [("c", &c), ("b", &b)]] {
            let mut pages = vec![("own".to_owned(), own.clone())];
            pages.extend(others.map(|(name, page)| (name.to_owned(), page.clone())));
            let fused = fuse(&pages, Fusion::Ranks);
            assert_eq!(fused[0].hit.iri, "http://b/1", "two nodes know it: {fused:?}");
            assert!(fused.iter().all(|fused| fused.hit.iri != "http://c/1"));
        }
        let own = [("own".to_owned(), claiming(&["http://own/1"])), ("b".to_owned(), b)];
        let fused = fuse(&own, Fusion::Ranks);
        assert_eq!((fused[0].hit.iri.as_str(), fused[0].nodes.len()), ("http://own/1", 2));
    }

    #[test]
    fn the_same_theme_of_two_nodes_is_one_value() {
        let facet = |node: &str, count: u64| {
            let label = json!({ "it": "Affido", "en": "Foster care" });
            let value = format!("http://{node}/id/tema/affido");
            let values = json!([{ "value": value, "label": label, "count": count }]);
            let facets = json!([{ "facet": "theme", "label": label, "values": values }]);
            serde_json::from_value(json!({ "total": 1, "hits": [], "facets": facets })).unwrap()
        };
        let facets = sum(&[("a".to_owned(), facet("a", 2)), ("b".to_owned(), facet("b", 3))]);
        assert_eq!(facets[0].values.len(), 1);
        assert_eq!(
            (facets[0].values[0].value.as_str(), facets[0].values[0].count),
            ("tema/affido", 5)
        );
        assert_eq!(short("https://other.example/id/else/x"), "https://other.example/id/else/x");
    }

    #[test]
    fn a_peer_brings_in_no_script() {
        let mut odd = page(&["javascript:alert(1)", "https://a.example/1"]);
        odd.hits[1].snippet =
            "a <mark>b<img src=x></mark> <script>c</script> <mark>d &lt;".to_owned();
        let odd = odd.checked();
        assert_eq!(odd.hits.len(), 1);
        let safe = "a <mark>b&lt;img src=x&gt;</mark> &lt;script&gt;c&lt;/script&gt; d &lt;";
        assert_eq!(odd.hits[0].snippet, safe);
    }
}
