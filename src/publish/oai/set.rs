//! The sets of the repository: records by kind and by source. OAI-PMH 2.0, section 2.6.
//! Knows their names and specs, not what is in them.

use crate::iri::{KINDS, RESERVED_SOURCES, source_name, spelled};

/// A set. Its members never leave it: what a source has published once stays in the source's set,
/// deleted or told by others only, so that whoever harvests one set is told of every end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Set {
    /// All kinds.
    Kinds,
    Kind(&'static str),
    /// All sources.
    Sources,
    Source(String),
}

/// The kinds of records: the name of all of them, and of one in Italian and in English.
const WORDS: [(&str, &str, [&str; 2]); 14] = [
    ("esperienza", "Esperienze", ["Esperienza", "Experience"]),
    ("attore", "Attori", ["Attore", "Actor"]),
    ("rete", "Reti", ["Rete", "Network"]),
    ("territorio", "Territori", ["Territorio", "Territory"]),
    ("tema", "Temi", ["Tema", "Theme"]),
    ("destinatario", "Destinatari", ["Destinatari", "Target group"]),
    ("valutazione", "Autovalutazioni", ["Autovalutazione", "Self-assessment"]),
    ("modello", "Modelli di attuazione", ["Modello di attuazione", "Implementation model"]),
    ("percorso", "Percorsi di attuazione", ["Percorso di attuazione", "Implementation path"]),
    ("competenza", "Competenze", ["Competenza", "Competence"]),
    ("risorsa", "Risorse di conoscenza", ["Risorsa di conoscenza", "Knowledge resource"]),
    ("notizia", "Notizie", ["Notizia", "News item"]),
    ("evento", "Eventi", ["Evento", "Event"]),
    ("raccolta", "Raccolte", ["Raccolta", "Collection"]),
];
/// What the sources that are the node's own are called.
const OWN: [(&str, &str); 2] = [("vocabulary", "Vocabolari"), ("territory", "Territorio")];

impl Set {
    /// Reads a spec that could be that of a set here.
    pub fn read(spec: &str) -> Option<Self> {
        match spec.split_once(':') {
            None if spec == "kind" => Some(Self::Kinds),
            None if spec == "source" => Some(Self::Sources),
            Some(("kind", kind)) => Self::kind(kind),
            Some(("source", source)) => {
                let is_own = RESERVED_SOURCES.contains(&source);
                let is_name = is_own || source_name(source).is_ok();
                is_name.then(|| Self::Source(source.to_owned()))
            }
            _ => None,
        }
    }

    /// The set of a kind.
    pub fn kind(kind: &str) -> Option<Self> {
        KINDS.into_iter().find(|known| *known == kind).map(Self::Kind)
    }

    /// The spec as it is written.
    pub fn spec(&self) -> String {
        match self {
            Self::Kinds => "kind".to_owned(),
            Self::Kind(kind) => format!("kind:{kind}"),
            Self::Sources => "source".to_owned(),
            Self::Source(source) => format!("source:{source}"),
        }
    }

    /// What the set is called; a source may have a better name.
    pub fn name(&self) -> String {
        match self {
            Self::Kinds => "Schede per tipo".to_owned(),
            Self::Kind(kind) => {
                let words = WORDS.iter().find(|(known, ..)| known == kind);
                words.map_or_else(|| spelled(kind), |(_, name, _)| (*name).to_owned())
            }
            Self::Sources => "Schede per fonte".to_owned(),
            Self::Source(source) => {
                let own = OWN.iter().find(|(known, _)| known == source);
                own.map_or_else(|| spelled(source), |(_, name)| (*name).to_owned())
            }
        }
    }

    /// What harvesters should know of the set, in Italian and in English.
    pub fn description(&self) -> Option<[&'static str; 2]> {
        match self {
            Self::Sources => Some([
                "Le schede che ciascuna fonte pubblica o ha pubblicato. Una scheda resta nell’insieme \
                 della sua fonte anche quando è cancellata.",
                "The records that each source publishes or has published. A record stays in the set \
                 of its source after it was deleted too.",
            ]),
            _ => None,
        }
    }
}

/// What one record of a kind is called, in Italian and in English.
pub fn single(kind: &str) -> Option<[&'static str; 2]> {
    WORDS.iter().find(|(known, ..)| *known == kind).map(|(_, _, single)| *single)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_words_and_every_spec_is_read_again() {
        for kind in KINDS {
            let set = Set::kind(kind).unwrap();
            assert!(single(kind).is_some() && set.name() != spelled(kind) || kind == "notizia");
            assert_eq!(Set::read(&set.spec()), Some(set));
        }
        for spec in ["kind", "source", "source:territory", "source:comune-di-parma"] {
            assert_eq!(Set::read(spec).unwrap().spec(), spec);
        }
        for wrong in ["", "kind:", "kind:x", "kinds", "source:A", "source:a:b", "kind:rete:x", ":"]
        {
            assert_eq!(Set::read(wrong), None, "{wrong}");
        }
    }
}
