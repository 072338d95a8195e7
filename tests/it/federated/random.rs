//! Data and queries by chance: every operator of the algebra, over few terms, so that things meet.

use oxigraph::model::{BlankNode, Literal, NamedNode, NamedOrBlankNode, Term, Triple};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

const VARIABLES: [&str; 5] = ["?a", "?b", "?c", "?d", "?e"];
const NODES: usize = 4;

/// Something that has chances.
pub struct Chance(pub ChaCha8Rng);

impl Chance {
    pub fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end.max(1))
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn entity(&mut self) -> String {
        match self.below(5) {
            0 => format!("https://shared.example/c/{}", self.below(3)),
            _ => format!("https://n{}.example/id/{}", self.below(NODES), self.below(4)),
        }
    }

    fn predicate(&mut self) -> String {
        format!("https://shared.example/p{}", self.below(4))
    }

    fn class(&mut self) -> String {
        format!("https://shared.example/C{}", self.below(3))
    }

    fn literal(&mut self) -> Literal {
        match self.below(4) {
            0 => Literal::new_simple_literal(["x", "y"][self.below(2)]),
            1 => Literal::new_language_tagged_literal_unchecked("x", "it"),
            _ => Literal::from(i64::try_from(self.below(4)).expect("a small number")),
        }
    }

    pub fn triples(&mut self, count: usize) -> Vec<Triple> {
        let mut triples: Vec<Triple> = Vec::new();
        for _ in 0..count {
            let blank =
                |chance: &mut Self| BlankNode::new_unchecked(format!("b{}", chance.below(5)));
            let subject: NamedOrBlankNode = if self.one_in(10) {
                blank(self).into()
            } else {
                NamedNode::new_unchecked(self.entity()).into()
            };
            let (predicate, object): (String, Term) = match self.below(8) {
                0 | 1 => (
                    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type".to_owned(),
                    NamedNode::new_unchecked(self.class()).into(),
                ),
                2 | 3 => (self.predicate(), self.literal().into()),
                4 if self.one_in(2) => (self.predicate(), blank(self).into()),
                _ => (self.predicate(), NamedNode::new_unchecked(self.entity()).into()),
            };
            let triple = Triple::new(subject, NamedNode::new_unchecked(predicate), object);
            if !triples.contains(&triple) {
                triples.push(triple);
            }
        }
        triples
    }

    fn variable(&mut self) -> String {
        VARIABLES[self.below(VARIABLES.len())].to_owned()
    }

    fn subject(&mut self) -> String {
        match self.below(12) {
            0 => format!("<{}>", self.entity()),
            1 => "_:q".to_owned(),
            _ => self.variable(),
        }
    }

    fn object(&mut self) -> String {
        match self.below(12) {
            0 => format!("<{}>", self.entity()),
            1 => self.literal().to_string(),
            2 => "[]".to_owned(),
            _ => self.variable(),
        }
    }

    fn triple(&mut self) -> String {
        // A label may stand in one group only.
        let subject = self.subject().replace("_:q", "[]");
        if self.one_in(4) {
            return format!("{subject} a <{}> . ", self.class());
        }
        if self.one_in(16) {
            let (variable, entity) = (self.variable(), self.entity());
            let sign = ["+", "*"][self.below(2)];
            let path = format!("(<{}>|^<{}>){sign}", self.predicate(), self.predicate());
            return if self.one_in(2) {
                format!("{variable} {path} <{entity}> . ")
            } else {
                format!("<{entity}> {path} {variable} . ")
            };
        }
        let verb = match self.below(12) {
            0 => self.variable(),
            1 => format!("<{}>/<{}>", self.predicate(), self.predicate()),
            2 => format!("<{}>|^<{}>", self.predicate(), self.predicate()),
            3 => format!("<{}>+", self.predicate()),
            4 if self.one_in(2) => format!("<{}>*", self.predicate()),
            5 if self.one_in(2) => {
                // How often a pair counts the standard leaves open, and Oxigraph has it both ways.
                let (predicate, object) = (self.predicate(), self.object());
                return format!(
                    "{{ SELECT DISTINCT * {{ {subject} !(<{predicate}>|a) {object} }} }} "
                );
            }
            6 if self.one_in(2) => format!("(<{}>|<{}>)?", self.predicate(), self.predicate()),
            _ => format!("<{}>", self.predicate()),
        };
        format!("{subject} {verb} {} . ", self.object())
    }

    fn block(&mut self) -> String {
        (0..=self.below(3)).map(|_| self.triple()).collect()
    }

    fn comparison(&mut self) -> String {
        let (one, two) = (self.variable(), self.variable());
        match self.below(8) {
            0 => format!("{one} = {two}"),
            1 => format!("{one} > {}", self.below(3)),
            2 => format!("{one} IN (<{}>, {})", self.entity(), self.literal()),
            3 => format!("!BOUND({one})"),
            4 => format!("isIRI({one}) && {one} != {two}"),
            5 => format!("CONTAINS(STR({one}), \"n1\") || {two} = 1"),
            6 => format!("sameTerm({one}, {two})"),
            _ => format!("COALESCE({one}, 1) = {}", self.literal()),
        }
    }

    /// The inside of a group.
    pub fn group(&mut self, depth: usize) -> String {
        let mut text = self.block();
        if depth == 0 {
            return text;
        }
        for _ in 0..self.below(3) {
            text += &match self.below(14) {
                0 | 1 => format!("OPTIONAL {{ {} }} ", self.group(depth - 1)),
                2 => {
                    let (one, two) = (self.group(depth - 1), self.group(depth - 1));
                    format!("{{ {one} }} UNION {{ {two} }} ")
                }
                3 => format!("MINUS {{ {} }} ", self.group(depth - 1)),
                4 => format!("FILTER NOT EXISTS {{ {} }} ", self.group(depth - 1)),
                5 => format!("FILTER EXISTS {{ {} }} ", self.group(depth - 1)),
                6 | 7 => format!("FILTER ({}) ", self.comparison()),
                8 => format!(
                    "BIND (CONCAT(STR({}), \"!\") AS ?f{}) ",
                    self.variable(),
                    self.below(999_999)
                ),
                9 => format!(
                    "VALUES ({} ?v) {{ (<{}> 1) (UNDEF 2) ({} 3) }} ",
                    self.variable(),
                    self.entity(),
                    self.literal()
                ),
                10 => format!("{{ {} }} ", self.selection(depth - 1)),
                11 => format!("GRAPH ?g {{ {} }} ", self.group(depth - 1)),
                12 => {
                    let node = self.below(NODES + 1);
                    format!("GRAPH <https://n{node}.example/> {{ {} }} ", self.group(depth - 1))
                }
                _ => format!("{{ {} }} ", self.group(depth - 1)),
            };
        }
        text
    }

    fn selection(&mut self, depth: usize) -> String {
        let first = self.below(VARIABLES.len());
        let second = (first + 1 + self.below(VARIABLES.len() - 1)) % VARIABLES.len();
        let (one, two) = (VARIABLES[first], VARIABLES[second]);
        let group = self.group(depth);
        match self.below(4) {
            0 => format!("SELECT {one} (COUNT(*) AS ?n) WHERE {{ {group} }} GROUP BY {one}"),
            1 => format!("SELECT DISTINCT {one} {two} WHERE {{ {group} }}"),
            // Which blank node is the greatest is nowhere said.
            2 => format!(
                "SELECT (MAX(IF(ISBLANK({two}), 0, {two})) AS ?n) WHERE {{ {group} }} \
                 GROUP BY {one} HAVING (COUNT(*) > 1)"
            ),
            _ => format!("SELECT {one} WHERE {{ {group} }}"),
        }
    }

    pub fn query(&mut self) -> String {
        let depth = self.below(3);
        match self.below(12) {
            0 => format!("ASK {{ {} }}", self.group(depth)),
            1 => format!(
                "CONSTRUCT {{ {} <urn:p> {} }} WHERE {{ {} }}",
                self.variable(),
                self.variable(),
                self.group(depth)
            ),
            2 | 3 => self.selection(depth),
            4 => format!("SELECT DISTINCT * {{ {} }}", self.group(depth)),
            5 => format!("SELECT (COUNT(DISTINCT ?a) AS ?n) {{ {} }}", self.group(depth)),
            6 => format!("SELECT * {{ {} }} ORDER BY ?a", self.group(depth)),
            _ => format!("SELECT * {{ {} }}", self.group(depth)),
        }
    }
}
