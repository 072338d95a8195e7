//! Who publishes the catalogue, from the settings, and what is wrong with these.
//! Knows the lists that ship with the program, nothing of datasets.

use super::error::CatalogError;
use super::graph::Graph;
use crate::config::{CatalogSettings, Settings, SiteSettings};
use crate::iri::{absolute, slug};
use crate::vocab::{LICENCES, PUBLISHER_TYPES, vcard};
use oxigraph::model::Term;

/// The publisher of the catalogue, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    pub name: String,
    pub slug: String,
    /// The code that identifiers of datasets begin with.
    pub code: String,
    /// The IRI of what kind of publisher it is.
    pub kind: String,
    pub contact: String,
    /// The mail address as an IRI.
    pub mail: String,
    /// The telephone number as an IRI.
    pub phone: Option<String>,
    pub url: Option<String>,
    pub homepage: Option<String>,
    /// The IRI of the licence.
    pub licence: String,
}

impl Who {
    /// Reads the settings; `contact` is the IRI of the contact point among what ships.
    pub fn read(settings: &Settings, shipped: &Graph, contact: &str) -> Result<Self, CatalogError> {
        let CatalogSettings { publisher_type, licence, .. } = &settings.catalog;
        let own = &settings.catalog;
        let mut wrong = Vec::new();
        let name = own.administration.as_ref().unwrap_or(&settings.site.administration).trim();
        if name.is_empty() {
            wrong.push(
                "the name of the administration is missing: set `administration` below `[catalog]` \
                 or `[site]`"
                    .to_owned(),
            );
        }
        let is_other = name != SiteSettings::default().administration;
        let code = own.ipa_code.trim();
        if code.is_empty() || (is_other && code == CatalogSettings::OWN_CODE) {
            wrong.push(format!(
                "the IPA code of {name:?} is missing: set `ipa_code` below `[catalog]` to its code \
                 on indicepa.gov.it, or to its tax code if it is a private body"
            ));
        } else if !code.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')) {
            wrong.push(format!(
                "`ipa_code` below `[catalog]` is {code:?}: a code has letters, digits, `_`, `-` only"
            ));
        }
        let mail = mail(settings, shipped, contact, is_other).unwrap_or_else(|sentence| {
            wrong.push(sentence);
            String::new()
        });
        let kind = choice(shipped, PUBLISHER_TYPES, publisher_type, "publisher_type", &mut wrong);
        let licence = choice(shipped, LICENCES, licence, "licence", &mut wrong);
        let url = address(own.contact_url.as_deref(), "contact_url", &mut wrong);
        let homepage = address(own.homepage.as_deref(), "homepage", &mut wrong);
        let phone = phone(own.contact_phone.as_deref(), &mut wrong);
        if !wrong.is_empty() {
            return Err(CatalogError::Settings(wrong));
        }
        let contact = own.contact_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        Ok(Self {
            contact: contact.unwrap_or(name).to_owned(),
            name: name.to_owned(),
            slug: slug(name),
            code: code.to_owned(),
            kind,
            mail,
            phone,
            url,
            homepage,
            licence,
        })
    }
}

/// The mail address as an IRI, or what to do where there is none.
fn mail(
    settings: &Settings,
    shipped: &Graph,
    contact: &str,
    is_other: bool,
) -> Result<String, String> {
    let set = settings.catalog.contact_mail.as_ref().or(settings.site.contact.as_ref());
    let Some(mail) = set.map(|mail| mail.trim()).filter(|mail| !mail.is_empty()) else {
        let own = shipped.values(contact, vcard::HAS_EMAIL).first().filter(|_| !is_other);
        return match own {
            Some(Term::NamedNode(own)) => Ok(own.as_str().to_owned()),
            _ => Err("the mail address for questions on the data is missing: set `contact_mail` \
                      below `[catalog]`, or `contact` below `[site]`"
                .to_owned()),
        };
    };
    let iri = format!("mailto:{mail}");
    let parts = mail.split_once('@').filter(|(who, host)| !who.is_empty() && host.contains('.'));
    match absolute(&iri) {
        Ok(iri) if parts.is_some() => Ok(iri.into_string()),
        _ => Err(format!("{mail:?} is no mail address: correct `contact_mail` below `[catalog]`")),
    }
}

/// The IRI of a name among those that ship, or what there is to choose from.
fn choice(
    shipped: &Graph,
    namespace: &str,
    name: &str,
    setting: &str,
    wrong: &mut Vec<String>,
) -> String {
    let iri =
        if name.starts_with(namespace) { name.to_owned() } else { format!("{namespace}{name}") };
    let names = shipped.subjects().filter_map(|(subject, _)| subject.strip_prefix(namespace));
    // The scheme itself stands below the same address; its name is a version number.
    let names: Vec<&str> =
        names.filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())).collect();
    if !names.iter().any(|known| iri.strip_prefix(namespace) == Some(known)) {
        wrong.push(format!(
            "`{setting}` below `[catalog]` is {name:?}: choose one of {}",
            names.join(", ")
        ));
    }
    iri
}

fn address(value: Option<&str>, setting: &str, wrong: &mut Vec<String>) -> Option<String> {
    let value = value.map(str::trim).filter(|value| !value.is_empty())?;
    let is_web = value.starts_with("https:") || value.starts_with("http:");
    match absolute(value) {
        Ok(iri) if is_web => Some(iri.into_string()),
        _ => {
            wrong.push(format!(
                "`{setting}` below `[catalog]` is {value:?}: give a whole web address"
            ));
            None
        }
    }
}

/// A telephone number as an IRI. RFC 3966, section 3.
fn phone(value: Option<&str>, wrong: &mut Vec<String>) -> Option<String> {
    let value = value.map(str::trim).filter(|value| !value.is_empty())?;
    let digits: String = value.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '/')).collect();
    if digits.strip_prefix('+').is_some_and(|rest| {
        (4..=15).contains(&rest.len()) && rest.chars().all(|c| c.is_ascii_digit())
    }) {
        return Some(format!("tel:{digits}"));
    }
    wrong.push(format!(
        "`contact_phone` below `[catalog]` is {value:?}: write it with the country, as +39 06 123456"
    ));
    None
}
