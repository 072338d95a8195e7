//! The kinds of reasons for which a record is taken down: the one thing that everybody is told of it.

use super::error::TakedownError;
use std::str::FromStr;

/// Why a record was taken down, in a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Class {
    /// It told of a person.
    PersonalData,
    /// A court or an authority ordered it.
    Order,
    /// It was somebody else's to publish.
    Rights,
    /// It was wrong, and nobody could set it right.
    Wrong,
    #[default]
    Other,
}

impl Class {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::PersonalData, Self::Order, Self::Rights, Self::Wrong, Self::Other];

    /// Its name, the same on the command line, in JSON and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::PersonalData => "personal-data",
            Self::Order => "order",
            Self::Rights => "rights",
            Self::Wrong => "wrong",
            Self::Other => "other",
        }
    }
}

impl FromStr for Class {
    type Err = TakedownError;

    fn from_str(text: &str) -> Result<Self, TakedownError> {
        let found = Self::ALL.into_iter().find(|class| class.name() == text);
        found.ok_or_else(|| TakedownError::Class {
            asked: text.to_owned(),
            known: Self::ALL.map(Self::name).join(", "),
        })
    }
}
