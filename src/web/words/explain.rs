//! What the page says that tells why a statement is there, in both languages.

use serde::Serialize;

/// The words of one language.
#[derive(Debug, Serialize)]
pub struct Explain {
    /// The link from a value to its explanation.
    pub why: &'static str,
    pub why_title: &'static str,
    pub why_stated: &'static str,
    pub why_rule: &'static str,
    pub why_facts: &'static str,
    pub why_absent: &'static str,
    pub why_data: &'static str,
}

pub(super) const ITALIAN: Explain = Explain {
    why: "perché",
    why_title: "Perché c'è questo dato",
    why_stated: "Lo dichiara",
    why_rule: "Lo deduce la regola",
    why_facts: "Dai fatti",
    why_absent: "Che cosa è stato cercato e non c'è (in SPARQL)",
    why_data: "La stessa spiegazione come dati (JSON)",
};

pub(super) const ENGLISH: Explain = Explain {
    why: "why",
    why_title: "Why this statement is there",
    why_stated: "Stated by",
    why_rule: "Inferred by the rule",
    why_facts: "From the facts",
    why_absent: "What was looked for and is not there (in SPARQL)",
    why_data: "The same explanation as data (JSON)",
};
