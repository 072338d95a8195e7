//! The settings of the catalogue of data: who publishes it, whom to write to, under which licence.
//! Plain data; whether they make a valid catalogue is found out where it is made.

use serde::{Deserialize, Serialize};

/// Who publishes the data, as portals are told. What is absent comes from `[site]`, or ships with
/// the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CatalogSettings {
    /// The name of the administration; that of `[site]` where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub administration: Option<String>,
    /// Its code in the index of public administrations (IPA), or the tax code of a private body.
    pub ipa_code: String,
    /// What it is: `NationalAuthority`, `RegionalAuthority`, `LocalAuthority` …
    pub publisher_type: String,
    /// Whom questions on the data go to; the administration where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    /// The mail address for questions on the data; that of `[site]` where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_mail: Option<String>,
    /// The telephone number for questions on the data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_phone: Option<String>,
    /// The page for questions on the data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_url: Option<String>,
    /// The page about the data; the node's own front page where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// The licence, by its name in the Italian vocabulary of licences.
    pub licence: String,
}

impl CatalogSettings {
    /// The code of the administration the program was written for.
    pub const OWN_CODE: &str = "pcm";
}

impl Default for CatalogSettings {
    fn default() -> Self {
        Self {
            administration: None,
            ipa_code: Self::OWN_CODE.to_owned(),
            publisher_type: "NationalAuthority".to_owned(),
            contact_name: None,
            contact_mail: None,
            contact_phone: None,
            contact_url: None,
            homepage: None,
            licence: "A21_CCBY40".to_owned(),
        }
    }
}
