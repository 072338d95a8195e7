//! Reads one value of a cell: a date, an amount, a name, an address.
//! Knows neither rows nor records.

use super::columns::Kind;
use super::encoding::garbled;
use super::names::{Names, Unknown, fold};
use super::row::TableError;
use crate::{iri, vocab};
use jiff::civil::Date;
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, Term};
use unicode_normalization::UnicodeNormalization;

/// What is wrong with a cell or its row; [`Problem::italian`] says it in Italian.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error("this cell must be filled")]
    Required,
    #[error("only one value can stand here")]
    OnlyOne,
    #[error("this column is already filled in this row, under {0:?}")]
    Twice(String),
    #[error("this column is not known")]
    Column(Vec<String>),
    #[error("the letters are broken: save the file again as \"CSV UTF-8\", or name its encoding")]
    Garbled,
    #[error("the tax code of an organisation has 11 digits: format the column as text")]
    TaxCode,
    #[error("this is not a date: write 31/12/2024 or 2024-12-31")]
    Date,
    #[error("this is not an amount in euro: write 12500 or 12.500,00")]
    Amount,
    #[error("write yes or no")]
    YesNo,
    #[error("write pubblica amministrazione, terzo settore or privato sociale")]
    ActorClass,
    #[error("this is not an e-mail address")]
    Email,
    #[error("this is not a web address: it begins with https:// and has no spaces")]
    Web(Vec<String>),
    #[error("this is not a licence: write CC BY 4.0, or the address of the licence")]
    Licence,
    #[error("a name needs at least one letter or digit")]
    Nameless,
    #[error("row {0} already has this name: give each row its own Identificativo")]
    SameName(usize),
    #[error("{}", unknown_english(.0))]
    Unknown(Unknown),
    #[error(transparent)]
    Table(#[from] TableError),
}

impl Problem {
    /// The same sentence in Italian.
    pub fn italian(&self) -> String {
        let fixed = match self {
            Self::Required => "questa cella va compilata",
            Self::OnlyOne => "qui può stare un solo valore",
            Self::Twice(heading) => {
                return format!("questa colonna è già compilata nella riga, come «{heading}»");
            }
            Self::Column(_) => "questa colonna non è conosciuta",
            Self::Garbled => {
                "le lettere sono guaste: salvare di nuovo il file come «CSV UTF-8», oppure \
                 indicarne la codifica"
            }
            Self::TaxCode => {
                "il codice fiscale di un ente ha 11 cifre: dare alla colonna il formato testo"
            }
            Self::Date => "non è una data: scrivere 31/12/2024 oppure 2024-12-31",
            Self::Amount => "non è un importo in euro: scrivere 12500 oppure 12.500,00",
            Self::YesNo => "scrivere sì oppure no",
            Self::ActorClass => {
                "scrivere pubblica amministrazione, terzo settore o privato sociale"
            }
            Self::Email => "non è un indirizzo e-mail",
            Self::Web(_) => "non è un indirizzo web: comincia con https:// e non ha spazi",
            Self::Licence => {
                "non è una licenza: scrivere CC BY 4.0, oppure l'indirizzo della licenza"
            }
            Self::Nameless => "un nome ha almeno una lettera o una cifra",
            Self::SameName(row) => {
                return format!(
                    "la riga {row} ha già questo nome: dare a ogni riga un proprio Identificativo"
                );
            }
            Self::Unknown(Unknown::Name { .. }) => "questo nome non è conosciuto",
            Self::Unknown(Unknown::Several { .. }) => {
                "questo nome è di più cose: scrivere il codice o l'indirizzo di una"
            }
            Self::Table(error) => return error.italian(),
        };
        fixed.to_owned()
    }

    /// What could be written instead.
    pub fn suggestions(&self) -> Vec<String> {
        match self {
            Self::Unknown(Unknown::Name { near, .. }) => near.clone(),
            Self::Unknown(Unknown::Several { candidates, .. }) => {
                candidates.iter().map(|it| format!("{} <{}>", it.name, it.iri)).collect()
            }
            Self::Column(near) | Self::Web(near) => near.clone(),
            _ => Vec::new(),
        }
    }
}

fn unknown_english(unknown: &Unknown) -> &'static str {
    match unknown {
        Unknown::Name { .. } => "this name is not known",
        Unknown::Several { .. } => {
            "this is the name of several things: write the code or the address of one"
        }
    }
}

/// Reads one trimmed value that is not empty.
pub(crate) fn read(kind: Kind, text: &str, names: &Names) -> Result<Term, Problem> {
    if garbled(text) {
        return Err(Problem::Garbled);
    }
    match kind {
        Kind::Text(language) => {
            let text: String = text.nfc().collect();
            Ok(Literal::new_language_tagged_literal_unchecked(text, language).into())
        }
        Kind::Code => Ok(Literal::new_simple_literal(text).into()),
        Kind::TaxCode => tax_code(text).map(|code| Literal::new_simple_literal(code).into()),
        Kind::Date => date(text).map(|date| typed(&date.to_string(), xsd::DATE)),
        Kind::Amount => amount(text).map(|euro| typed(&euro, xsd::DECIMAL)).ok_or(Problem::Amount),
        Kind::YesNo => yes_no(text).map(|yes| typed(&yes.to_string(), xsd::BOOLEAN)),
        Kind::Named(group) => {
            let iri = names.find(group, text).map_err(Problem::Unknown)?;
            Ok(NamedNode::new_unchecked(iri).into())
        }
        Kind::ActorClass => actor_class(text).map(|class| class.into_owned().into()),
        Kind::Email => email(text).map(Term::from).ok_or(Problem::Email),
        Kind::Web => web(text).map(Term::from),
        Kind::Licence => licence(text).map(Term::from).ok_or(Problem::Licence),
    }
}

fn typed(text: &str, datatype: NamedNodeRef<'_>) -> Term {
    Literal::new_typed_literal(text, datatype).into()
}

/// A person's code, which has letters, must not become public.
fn tax_code(text: &str) -> Result<&str, Problem> {
    let sound = text.len() == 11 && text.bytes().all(|c| c.is_ascii_digit());
    if sound { Ok(text) } else { Err(Problem::TaxCode) }
}

fn date(text: &str) -> Result<Date, Problem> {
    let parts = |separator| text.split(separator).collect::<Vec<_>>();
    let ((&[day, month, year], _) | (_, &[year, month, day])) =
        (parts('/').as_slice(), parts('-').as_slice())
    else {
        return Err(Problem::Date);
    };
    let number = |part: &str, digits: [usize; 2]| {
        let plain = digits.contains(&part.len()) && part.bytes().all(|c| c.is_ascii_digit());
        plain.then(|| part.parse::<i16>().ok()).flatten().ok_or(Problem::Date)
    };
    let small = |part| number(part, [1, 2]).map(|number| number as i8);
    Date::new(number(year, [4, 4])?, small(month)?, small(day)?).map_err(|_| Problem::Date)
}

/// Reads `12.500,00`, `12500.00`, `€ 12.500` and `12 500,5`; refuses `12,500`, which is unclear.
fn amount(text: &str) -> Option<String> {
    let plain = text.to_lowercase().replace("euro", "").replace("eur", "").replace('€', "");
    let plain: String = plain.split_whitespace().collect();
    let (whole, cents, mark) = match plain.rfind([',', '.']) {
        None => (plain.as_str(), "", ','),
        Some(at) => {
            let (whole, rest) = plain.split_at(at);
            let mark = if rest.starts_with(',') { ',' } else { '.' };
            let groups = mark == '.' && rest.len() == 4 && !whole.contains(',');
            if groups { (plain.as_str(), "", ',') } else { (whole, &rest[1..], mark) }
        }
    };
    let digits = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    let mut groups = whole.split(if mark == ',' { '.' } else { ',' });
    let first = groups.next().filter(|group| digits(group) && !group.is_empty())?;
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.is_empty() || first.len() <= 3;
    if !grouped || !rest.iter().all(|group| group.len() == 3 && digits(group)) {
        return None;
    }
    if !digits(cents) || cents.len() > 2 {
        return None;
    }
    let joined = format!("{first}{}", rest.concat());
    let whole = joined.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let cents = cents.trim_end_matches('0');
    Some(if cents.is_empty() { whole.to_owned() } else { format!("{whole}.{cents}") })
}

fn yes_no(text: &str) -> Result<bool, Problem> {
    match fold(text).as_str() {
        "si" | "s" | "yes" | "y" | "true" | "vero" | "x" => Ok(true),
        "no" | "n" | "false" | "falso" => Ok(false),
        _ => Err(Problem::YesNo),
    }
}

fn actor_class(text: &str) -> Result<NamedNodeRef<'static>, Problem> {
    match fold(text).as_str() {
        "pubblica amministrazione" | "public administration" | "pa" => {
            Ok(vocab::fl::PUBLIC_ADMINISTRATION)
        }
        "terzo settore" | "third sector" => Ok(vocab::fl::THIRD_SECTOR_ORGANIZATION),
        "privato sociale" | "private social" => Ok(vocab::fl::PRIVATE_SOCIAL_ORGANIZATION),
        _ => Err(Problem::ActorClass),
    }
}

fn email(text: &str) -> Option<NamedNode> {
    let address = text.strip_prefix("mailto:").unwrap_or(text);
    let (mailbox, host) = address.split_once('@')?;
    let spelled = |c: char| c.is_ascii_alphanumeric() || "._+-'&".contains(c);
    let domain =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let sound = !mailbox.is_empty() && mailbox.chars().all(spelled);
    let hosted = host.contains('.') && host.split('.').all(domain);
    if sound && hosted { iri::absolute(&format!("mailto:{address}")).ok() } else { None }
}

fn web(text: &str) -> Result<NamedNode, Problem> {
    if let Some(node) = address(text) {
        return Ok(node);
    }
    let completed = format!("https://{text}");
    let bare = text.contains('.') && !text.contains(':') && address(&completed).is_some();
    Err(Problem::Web(if bare { vec![completed] } else { Vec::new() }))
}

fn address(text: &str) -> Option<NamedNode> {
    let node = oxiri::Iri::parse(text).ok()?;
    let web = matches!(node.scheme(), "http" | "https");
    let hosted = node.authority().is_some_and(|host| !host.is_empty());
    if web && hosted { iri::absolute(text).ok() } else { None }
}

fn licence(text: &str) -> Option<NamedNode> {
    match fold(text).as_str() {
        "cc by 4 0" | "cc by" => Some(NamedNode::new_unchecked(vocab::LICENCE_CC_BY)),
        _ => address(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::names::Group;

    /// The value as N-Triples writes it, or the problem in English.
    fn told(kind: Kind, text: &str) -> String {
        let mut names = Names::default();
        names.add(Group::Phase, "In corso", "https://x.example/phases#running");
        read(kind, text, &names).map_or_else(
            |problem| problem.to_string(),
            |term| match term {
                Term::Literal(literal) => literal.value().to_owned(),
                term => term.to_string(),
            },
        )
    }

    #[test]
    fn a_date_is_read_as_italians_and_as_programs_write_it() {
        for text in ["05/03/2024", "5/3/2024", "2024-03-05"] {
            assert_eq!(told(Kind::Date, text), "2024-03-05");
        }
        for wrong in ["31/02/2024", "5/3/24", "marzo 2024", "2024", "2024/03/05", "+5/3/2024"] {
            assert!(told(Kind::Date, wrong).contains("not a date"), "{wrong}");
        }
    }

    #[test]
    fn an_amount_is_read_with_either_decimal_sign() {
        for text in ["12.500,00", "12500.00", "€ 12.500", "12500", "12 500 euro", "12,500.00"] {
            assert_eq!(told(Kind::Amount, text), "12500", "{text}");
        }
        assert_eq!(told(Kind::Amount, "1.234.567,80 €"), "1234567.8");
        assert_eq!(told(Kind::Amount, "0,50"), "0.5");
        for wrong in ["12,500", "1.25.000", "-5", "mille", "12.5.0", "1,2,3", "€", "1234.567.000"]
        {
            assert!(told(Kind::Amount, wrong).contains("not an amount"), "{wrong}");
        }
    }

    #[test]
    fn addresses_are_checked_and_a_forgotten_scheme_is_suggested() {
        assert_eq!(told(Kind::Email, "famiglia@comune.re.it"), "<mailto:famiglia@comune.re.it>");
        for wrong in ["famiglia", "a@b", "a b@c.it", "a@b@c.it", "@c.it"] {
            assert!(told(Kind::Email, wrong).contains("not an e-mail"), "{wrong}");
        }
        assert_eq!(told(Kind::Web, "https://x.example/a"), "<https://x.example/a>");
        for wrong in ["www.x.example", "ftp://x.example", "https://x.example/a b", "https://"] {
            assert!(told(Kind::Web, wrong).contains("not a web address"), "{wrong}");
        }
        let suggestions = web("www.x.example").unwrap_err().suggestions();
        assert_eq!(suggestions, ["https://www.x.example"]);
    }

    #[test]
    fn words_from_a_closed_list_are_read_in_both_languages() {
        assert_eq!(told(Kind::YesNo, "SÌ"), "true");
        assert_eq!(told(Kind::YesNo, "no"), "false");
        assert!(told(Kind::YesNo, "forse").contains("yes or no"));
        assert_eq!(told(Kind::ActorClass, "Terzo settore"), told(Kind::ActorClass, "third sector"));
        assert!(told(Kind::ActorClass, "azienda").contains("terzo settore"));
        assert_eq!(told(Kind::Licence, "CC-BY 4.0"), format!("<{}>", vocab::LICENCE_CC_BY));
        assert!(told(Kind::Licence, "libera").contains("not a licence"));
        assert_eq!(
            told(Kind::Named(Group::Phase), "in corso"),
            "<https://x.example/phases#running>"
        );
        assert!(told(Kind::Named(Group::Phase), "boh").contains("not known"));
    }

    #[test]
    fn text_is_composed_codes_are_kept_and_broken_letters_are_refused() {
        assert_eq!(told(Kind::Text("it"), "citta\u{300}"), "città");
        assert_eq!(told(Kind::Code, "00123"), "00123");
        assert_eq!(told(Kind::TaxCode, "00162210348"), "00162210348");
        for wrong in ["162210348", "RSSMRA80A01G337X"] {
            assert!(told(Kind::TaxCode, wrong).contains("11 digits"), "{wrong}");
        }
        assert!(told(Kind::Text("it"), "cittÃ\u{a0} unita").contains("broken"));
    }
}
