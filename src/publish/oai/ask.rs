//! What a harvester asks: a verb and its arguments, as strictly as the protocol wants them read.
//! OAI-PMH 2.0, sections 3.1 and 4. Knows nothing of what is there.

use super::moment::Moment;
use super::refusal::{Code, Refusal};
use super::set::Set;
use crate::iri::absolute;

/// The verbs with the arguments that each must have and may have.
const VERBS: [(&str, &[&str], &[&str]); 6] = [
    ("Identify", &[], &[]),
    ("ListMetadataFormats", &[], &["identifier"]),
    ("ListSets", &[], &["resumptionToken"]),
    ("ListIdentifiers", LISTED, LIST),
    ("ListRecords", LISTED, LIST),
    ("GetRecord", &["identifier", "metadataPrefix"], &[]),
];
const LISTED: &[&str] = &["metadataPrefix"];
const LIST: &[&str] = &["from", "until", "set", "resumptionToken"];
/// How much of what was sent is repeated in a sentence.
const REPEATED: usize = 80;

/// What a list tells of each record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    Identifiers,
    Records,
}

impl Listing {
    /// The verb.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identifiers => "ListIdentifiers",
            Self::Records => "ListRecords",
        }
    }

    /// The list that a verb asks for.
    pub fn read(verb: &str) -> Option<Self> {
        [Self::Identifiers, Self::Records].into_iter().find(|listing| listing.name() == verb)
    }
}

/// How a record is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    DublinCore,
    Rdf,
}

impl Format {
    pub const ALL: [Self; 2] = [Self::DublinCore, Self::Rdf];

    /// The prefix by which it is asked for.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::DublinCore => "oai_dc",
            Self::Rdf => "dcat_ap",
        }
    }

    /// The format that a prefix stands for.
    pub fn read(prefix: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.prefix() == prefix)
    }
}

/// Which records a list is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    pub format: Format,
    pub set: Option<Set>,
    pub from: Option<Moment>,
    pub until: Option<Moment>,
}

/// A request that can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    Identify,
    Formats { identifier: Option<String> },
    Sets,
    List(Listing, Selection),
    Resume(Listing, String),
    Record { identifier: String, format: Format },
}

/// Reads the arguments of a request, in whatever order they came.
pub fn read(arguments: &[(String, String)]) -> Result<Request, Vec<Refusal>> {
    let (verb, required, optional) = verb(arguments).map_err(|refusal| vec![refusal])?;
    let given = Given(arguments);
    let mut wrong = given.misplaced(verb, required, optional);
    // A token stands for all the arguments of the first request. Section 3.5.
    let token = given.one("resumptionToken");
    if token.is_some() && given.0.len() > 2 && wrong.is_empty() {
        let text = "resumptionToken goes with no other argument than the verb";
        wrong.push(Refusal::new(Code::BadArgument, text));
    }
    if token.is_none() {
        wrong.extend(required.iter().filter(|name| given.one(name).is_none()).map(|name| {
            let text = format!("{verb} needs the argument {name}");
            Refusal::new(Code::BadArgument, text)
        }));
    }
    wrong.extend(given.malformed());
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let identifier = given.one("identifier").map(str::to_owned);
    match (verb, token, identifier) {
        ("Identify", ..) => Ok(Request::Identify),
        ("ListMetadataFormats", _, identifier) => Ok(Request::Formats { identifier }),
        ("ListSets", None, _) => Ok(Request::Sets),
        ("GetRecord", _, Some(identifier)) => {
            let format = given.format().map_err(|refusal| vec![refusal])?;
            Ok(Request::Record { identifier, format })
        }
        (verb, token, _) => match (Listing::read(verb), token) {
            (Some(listing), Some(token)) => Ok(Request::Resume(listing, token.to_owned())),
            (Some(listing), None) => Ok(Request::List(listing, given.selection()?)),
            // The sets come all at once, so no token for more of them was ever given out.
            (None, _) => Err(vec![Refusal::token()]),
        },
    }
}

/// The verb, and what it takes.
fn verb(
    arguments: &[(String, String)],
) -> Result<(&'static str, &'static [&'static str], &'static [&'static str]), Refusal> {
    let mut verbs = arguments.iter().filter(|(name, _)| name == "verb").map(|(_, verb)| verb);
    let names = VERBS.map(|(name, ..)| name).join(", ");
    let refused = |what: String| Refusal::new(Code::BadVerb, format!("{what}; use one of {names}"));
    let Some(verb) = verbs.next() else {
        return Err(refused("the argument verb is missing".to_owned()));
    };
    if verbs.next().is_some() {
        return Err(refused("the argument verb stands more than once".to_owned()));
    }
    let known = VERBS.into_iter().find(|(name, ..)| name == verb);
    known.ok_or_else(|| refused(format!("there is no verb {:?}", shortened(verb))))
}

struct Given<'g>(&'g [(String, String)]);

impl<'g> Given<'g> {
    fn one(&self, name: &str) -> Option<&'g str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Arguments that the verb does not take, or that stand more than once.
    fn misplaced(&self, verb: &str, required: &[&str], optional: &[&str]) -> Vec<Refusal> {
        let taken: Vec<&str> = required.iter().chain(optional).copied().collect();
        let mut wrong = Vec::new();
        for (at, (name, _)) in self.0.iter().enumerate() {
            let is_again = self.0[..at].iter().any(|(other, _)| other == name);
            let text = if is_again {
                format!("the argument {:?} stands more than once", shortened(name))
            } else if name == "verb" || taken.contains(&name.as_str()) {
                continue;
            } else if taken.is_empty() {
                format!("{verb} takes no argument {:?}, nor any other", shortened(name))
            } else {
                let taken = taken.join(", ");
                format!("{verb} takes no argument {:?}; it takes {taken}", shortened(name))
            };
            wrong.push(Refusal::new(Code::BadArgument, text));
        }
        // One is enough to know what is wrong; a request may hold thousands.
        wrong.truncate(1);
        wrong
    }

    /// Arguments whose values have not the form they must have.
    fn malformed(&self) -> Vec<Refusal> {
        let mut wrong = Vec::new();
        let mut refuse = |text: String| wrong.push(Refusal::new(Code::BadArgument, text));
        for name in ["from", "until"] {
            if let Some(text) = self.one(name)
                && Moment::read(text).is_none()
            {
                refuse(format!(
                    "{name} is {:?}; write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ",
                    shortened(text)
                ));
            }
        }
        if let (Some(from), Some(until)) = (self.moment("from"), self.moment("until")) {
            if from.is_day != until.is_day {
                refuse("from and until must both be days, or both be seconds".to_owned());
            } else if until.first < from.first {
                refuse("until lies before from; exchange them".to_owned());
            }
        }
        for (name, is_path) in [("metadataPrefix", false), ("set", true)] {
            if let Some(text) = self.one(name).filter(|text| !is_spec(text, is_path)) {
                refuse(format!(
                    "{name} is {:?}; it has letters, digits and -_.!~*'() only{}",
                    shortened(text),
                    if is_path { ", with a colon between its parts" } else { "" }
                ));
            }
        }
        if let Some(text) = self.one("identifier").filter(|text| !is_address(text)) {
            refuse(format!("the identifier {:?} is no URI", shortened(text)));
        }
        wrong
    }

    fn moment(&self, name: &str) -> Option<Moment> {
        Moment::read(self.one(name)?)
    }

    fn format(&self) -> Result<Format, Refusal> {
        let prefix = self.one("metadataPrefix").unwrap_or_default();
        Format::read(prefix).ok_or_else(|| {
            let known = Format::ALL.map(Format::prefix).join(", ");
            let text =
                format!("records are not written as {:?}, but as {known}", shortened(prefix));
            Refusal::new(Code::CannotDisseminateFormat, text)
        })
    }

    fn selection(&self) -> Result<Selection, Vec<Refusal>> {
        let set = self.one("set").map(|spec| {
            Set::read(spec).ok_or_else(|| {
                let text = format!("there is no set {:?}; ListSets tells all", shortened(spec));
                Refusal::new(Code::NoRecordsMatch, text)
            })
        });
        let (from, until) = (self.moment("from"), self.moment("until"));
        match (self.format(), set.transpose()) {
            (Ok(format), Ok(set)) => Ok(Selection { format, set, from, until }),
            (format, set) => Err(format.err().into_iter().chain(set.err()).collect()),
        }
    }
}

/// Whether a text is one word of the protocol, or several with colons between them. OAI-PMH 2.0,
/// section 3.4 and the schema of the answers, which repeat it.
fn is_spec(text: &str, is_path: bool) -> bool {
    let is_word = |word: &str| {
        let is_sign = |c| matches!(c, '-' | '_' | '.' | '!' | '~' | '*' | '\'' | '(' | ')');
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || is_sign(c))
    };
    if is_path { text.split(':').all(is_word) } else { is_word(text) }
}

/// Whether a text could be an address, whole or from the root on: what the answers may repeat as one.
fn is_address(text: &str) -> bool {
    let whole = if text.contains(':') { text.to_owned() } else { format!("urn:x:{text}") };
    !text.is_empty() && absolute(&whole).is_ok()
}

fn shortened(text: &str) -> String {
    text.chars().take(REPEATED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Result<Request, Vec<Code>> {
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (name.to_owned(), value.to_owned())
        });
        let arguments: Vec<_> = pairs.collect();
        read(&arguments).map_err(|refusals| refusals.iter().map(|refusal| refusal.code).collect())
    }

    #[test]
    fn what_is_whole_is_read_in_any_order() {
        assert_eq!(asked("verb=Identify"), Ok(Request::Identify));
        let list = asked("set=kind:rete&metadataPrefix=oai_dc&verb=ListRecords&from=2024-01-01");
        let Ok(Request::List(Listing::Records, selection)) = list else { panic!("{list:?}") };
        assert_eq!(selection.set, Set::kind("rete"));
        assert!(selection.from.is_some() && selection.until.is_none());
        let resumed = asked("verb=ListIdentifiers&resumptionToken=x");
        assert_eq!(resumed, Ok(Request::Resume(Listing::Identifiers, "x".to_owned())));
        let record = asked("verb=GetRecord&identifier=http://x/à&metadataPrefix=dcat_ap");
        assert!(matches!(record, Ok(Request::Record { format: Format::Rdf, .. })));
        let same = "verb=ListRecords&metadataPrefix=oai_dc&from=2024-01-01&until=2024-01-01";
        assert!(asked(same).is_ok());
    }

    #[test]
    fn what_is_wrong_is_told_by_the_code_of_the_protocol() {
        let list = "verb=ListRecords&metadataPrefix=oai_dc";
        for (query, code) in [
            ("", Code::BadVerb),
            ("verb=", Code::BadVerb),
            ("verb=identify", Code::BadVerb),
            ("verb=Identify&verb=Identify", Code::BadVerb),
            ("verb=Identify&x=1", Code::BadArgument),
            ("verb=ListSets&resumptionToken=x", Code::BadResumptionToken),
            ("verb=ListRecords", Code::BadArgument),
            ("verb=ListRecords&metadataPrefix=marc", Code::CannotDisseminateFormat),
            ("verb=ListRecords&metadataPrefix=a%20b c", Code::BadArgument),
            ("verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc", Code::BadArgument),
            ("verb=GetRecord&identifier=http://x/a", Code::BadArgument),
            ("verb=GetRecord&metadataPrefix=oai_dc", Code::BadArgument),
            ("verb=GetRecord&metadataPrefix=oai_dc&identifier=a\"b", Code::BadArgument),
            ("verb=GetRecord&metadataPrefix=oai_dc&identifier=a&identifier=a", Code::BadArgument),
            ("verb=ListMetadataFormats&identifier=", Code::BadArgument),
        ] {
            assert_eq!(asked(query), Err(vec![code]), "{query}");
        }
        for (rest, code) in [
            ("&from=2024", Code::BadArgument),
            ("&until=", Code::BadArgument),
            ("&from=2024-01-01&until=2024-01-01T00:00:00Z", Code::BadArgument),
            ("&from=2024-01-02&until=2024-01-01", Code::BadArgument),
            ("&set=", Code::BadArgument),
            ("&set=kind::rete", Code::BadArgument),
            ("&set=kind:x", Code::NoRecordsMatch),
            ("&metadataPrefix=oai_dc", Code::BadArgument),
            ("&identifier=http://x/a", Code::BadArgument),
        ] {
            assert_eq!(asked(&format!("{list}{rest}")), Err(vec![code]), "{rest}");
        }
    }
}
