//! What named queries are about, as their heads say it: the headings under which they are listed.

use crate::schema::Text;

/// A heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Experiences,
    Transfer,
    Networks,
    Evaluation,
    Costs,
    Territories,
}

/// Every heading, in the order in which pages list them.
pub const SUBJECTS: [Subject; 6] = [
    Subject::Experiences,
    Subject::Transfer,
    Subject::Networks,
    Subject::Evaluation,
    Subject::Costs,
    Subject::Territories,
];

impl Subject {
    /// The name a query's head uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Experiences => "experiences",
            Self::Transfer => "transfer",
            Self::Networks => "networks",
            Self::Evaluation => "evaluation",
            Self::Costs => "costs",
            Self::Territories => "territories",
        }
    }

    /// The heading a query's head names.
    pub fn parse(name: &str) -> Option<Self> {
        SUBJECTS.into_iter().find(|subject| subject.name() == name)
    }

    /// What it is called on pages.
    pub fn label(self) -> Text {
        let (it, en) = match self {
            Self::Experiences => ("Trovare esperienze", "Finding experiences"),
            Self::Transfer => (
                "Trasferire: modelli, percorsi, competenze",
                "Transferring: models, paths, competences",
            ),
            Self::Networks => ("Enti, partner e reti", "Bodies, partners and networks"),
            Self::Evaluation => ("Risultati, evidenze, ostacoli", "Results, evidence, obstacles"),
            Self::Costs => ("Costi e finanziamenti", "Costs and funding"),
            Self::Territories => ("Territori", "Territories"),
        };
        Text::new(it, en)
    }
}
