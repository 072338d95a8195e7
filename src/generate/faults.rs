//! Faults put into the catalogue on purpose, each in a stated share of the experiences.
//! Knows which experiences are struck; how a fault is written is known where the sound value is.

use super::dice::{Chance, Stream};
use std::str::FromStr;

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    MissingTitle,
    UnknownTheme,
    DanglingActor,
    EndBeforeStart,
    NegativeCost,
    WrongDatatype,
    TwoLeads,
    OverclaimedEvidence,
    CostsDoNotAddUp,
    CyclicTransfer,
}

impl Fault {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::MissingTitle,
        Self::UnknownTheme,
        Self::DanglingActor,
        Self::EndBeforeStart,
        Self::NegativeCost,
        Self::WrongDatatype,
        Self::TwoLeads,
        Self::OverclaimedEvidence,
        Self::CostsDoNotAddUp,
        Self::CyclicTransfer,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::MissingTitle => "missing-title",
            Self::UnknownTheme => "unknown-theme",
            Self::DanglingActor => "dangling-actor",
            Self::EndBeforeStart => "end-before-start",
            Self::NegativeCost => "negative-cost",
            Self::WrongDatatype => "wrong-datatype",
            Self::TwoLeads => "two-leads",
            Self::OverclaimedEvidence => "overclaimed-evidence",
            Self::CostsDoNotAddUp => "costs-do-not-add-up",
            Self::CyclicTransfer => "cyclic-transfer",
        }
    }

    /// The names of all kinds, with commas between them.
    pub fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

/// Why a text does not ask for a fault.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FaultError {
    #[error("write KIND=SHARE, for example missing-title=0.01")]
    Form,
    #[error("there is no fault {0:?}; the kinds are {kinds}", kinds = Fault::names())]
    Kind(String),
    #[error("the share {0:?} is not a number from 0 to 1")]
    Share(String),
}

/// A kind of fault and the share of experiences that have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    pub fault: Fault,
    /// Experiences out of a million.
    pub per_million: u64,
}

impl FromStr for Share {
    type Err = FaultError;

    /// Reads `missing-title=0.01`.
    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (kind, share) = text.split_once('=').ok_or(FaultError::Form)?;
        let named = Fault::ALL.into_iter().find(|fault| fault.name() == kind);
        let fault = named.ok_or_else(|| FaultError::Kind(kind.to_owned()))?;
        let part: f64 = share.parse().map_err(|_| FaultError::Share(share.to_owned()))?;
        if !(0.0..=1.0).contains(&part) {
            return Err(FaultError::Share(share.to_owned()));
        }
        // At most a million: no digit is lost.
        Ok(Self { fault, per_million: (part * 1_000_000.0).round() as u64 })
    }
}

/// The faults of one run.
#[derive(Debug, Clone)]
pub(crate) struct Faults {
    shares: Vec<Share>,
    chance: Chance,
    /// How many experiences there will be.
    experiences: u64,
}

impl Faults {
    /// Of a kind asked for twice the last share counts.
    pub(crate) fn new(shares: &[Share], chance: Chance, experiences: u64) -> Self {
        Self { shares: shares.to_vec(), chance, experiences }
    }

    /// Whether the experience of this number has the fault. Drawn apart from all else, so that
    /// what is not struck stays as it is in a sound catalogue.
    pub(crate) fn strike(&self, fault: Fault, number: u64) -> bool {
        let asked = self.shares.iter().rev().find(|share| share.fault == fault);
        asked.is_some_and(|share| {
            let index = ((fault as u64) << 48) | number;
            self.chance.dice(Stream::Fault, index).below(1_000_000) < share.per_million
        })
    }

    /// The other of two experiences that say they come from each other.
    pub(crate) fn cycle(&self, number: u64) -> Option<u64> {
        let other = number ^ 1;
        let both = number.max(other) < self.experiences;
        (both && self.strike(Fault::CyclicTransfer, number / 2)).then_some(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_a_kind_is_read_and_anything_else_refused() {
        let share = |text: &str| text.parse::<Share>();
        let wanted = Share { fault: Fault::TwoLeads, per_million: 12_500 };
        assert_eq!(share("two-leads=0.0125"), Ok(wanted));
        assert_eq!(share("two-leads"), Err(FaultError::Form));
        assert_eq!(share("two-leads=2"), Err(FaultError::Share("2".into())));
        assert_eq!(share("two-leads=NaN"), Err(FaultError::Share("NaN".into())));
        let unknown = share("no-such=0.1").unwrap_err().to_string();
        assert!(Fault::ALL.iter().all(|fault| unknown.contains(fault.name())), "{unknown}");
    }

    #[test]
    fn a_fault_strikes_its_share_and_a_cycle_has_two_ends() {
        let shares = [Share { fault: Fault::CyclicTransfer, per_million: 100_000 }];
        let faults = Faults::new(&shares, Chance::new(1), 9_999);
        let struck: Vec<u64> =
            (0..9_999).filter(|number| faults.cycle(*number).is_some()).collect();
        assert!((800..1_200).contains(&struck.len()), "{}", struck.len());
        assert!(struck.iter().all(|number| struck.contains(&(number ^ 1))));
        assert!((0..9_999).all(|number| !faults.strike(Fault::TwoLeads, number)));
    }
}
