//! Why a request of a harvester has no other answer. OAI-PMH 2.0, section 3.6.
//! Knows no HTTP: to that, a refusal is an answer like any other.

/// The codes of the protocol that this repository gives. It has sets, and every record is in every
/// format, so `noSetHierarchy` and `noMetadataFormats` never come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    BadVerb,
    BadArgument,
    BadResumptionToken,
    CannotDisseminateFormat,
    IdDoesNotExist,
    NoRecordsMatch,
}

impl Code {
    /// The code as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::BadVerb => "badVerb",
            Self::BadArgument => "badArgument",
            Self::BadResumptionToken => "badResumptionToken",
            Self::CannotDisseminateFormat => "cannotDisseminateFormat",
            Self::IdDoesNotExist => "idDoesNotExist",
            Self::NoRecordsMatch => "noRecordsMatch",
        }
    }

    /// Whether the request was understood, so that the answer may repeat its arguments. Section 3.2.
    pub fn is_understood(self) -> bool {
        !matches!(self, Self::BadVerb | Self::BadArgument)
    }
}

/// A code, and a sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: Code,
    pub text: String,
}

impl Refusal {
    pub fn new(code: Code, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    /// What is said of any token that was not given out here, or not like this.
    pub fn token() -> Self {
        let text = "this resumption token was not given out by this repository for this verb, or is \
                    not whole; begin the list again without a token";
        Self::new(Code::BadResumptionToken, text)
    }
}
