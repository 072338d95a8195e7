//! The documented columns of the two tables, and where the value of each lands in RDF.
//! `data/template/README.md` tells the same to people; a test holds the two in step.

use super::names::{Group, fold};
use crate::vocab::{dct, fl, foaf, skos, vcard};
use oxigraph::model::NamedNodeRef;
use oxigraph::model::vocab::rdf;

/// The two tables that are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Experiences,
    Actors,
}

/// What may stand in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text in the language of this tag.
    Text(&'static str),
    /// Letters and digits of no language.
    Code,
    /// The 11 digits of an organisation's tax code; a person's has 16 characters.
    TaxCode,
    /// `dd/mm/yyyy` or `yyyy-mm-dd`.
    Date,
    /// Euro, as Italians or as programs write them.
    Amount,
    /// `sì` or `no`.
    YesNo,
    /// The name of something in a group.
    Named(Group),
    /// One of the three kinds of actors.
    ActorClass,
    Email,
    /// A web address.
    Web,
    /// The IRI of a licence, or `CC BY 4.0`.
    Licence,
}

/// What a value becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lands {
    /// A property of the record.
    Property(NamedNodeRef<'static>),
    /// A fragment `#step-1`, `#step-2`, … an `fl:Step` with its position.
    Steps,
    /// A property of the fragment `#contact`, a `vcard:Organization`.
    Contact(NamedNodeRef<'static>),
}

impl Lands {
    /// The property a finding about this column would name.
    pub fn property(self) -> NamedNodeRef<'static> {
        match self {
            Self::Property(property) | Self::Contact(property) => property,
            Self::Steps => fl::TRANSFER_STEP,
        }
    }
}

/// One column: its names, what its cells hold, and what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The Italian heading, as the template has it.
    pub heading: &'static str,
    /// The English heading, accepted as well.
    pub english: &'static str,
    /// Further headings that are accepted.
    pub aliases: &'static [&'static str],
    pub kind: Kind,
    pub lands: Lands,
    /// Whether every row must fill it.
    pub required: bool,
    /// Whether a cell may hold several values, with `|` or a new line between them.
    pub several: bool,
}

impl Column {
    const fn new(
        heading: &'static str,
        english: &'static str,
        kind: Kind,
        property: NamedNodeRef<'static>,
    ) -> Self {
        let lands = Lands::Property(property);
        Self { heading, english, aliases: &[], kind, lands, required: false, several: false }
    }

    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    const fn several(self) -> Self {
        Self { several: true, ..self }
    }

    const fn or(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    const fn landing(self, lands: Lands) -> Self {
        Self { lands, ..self }
    }

    fn is_called(&self, folded: &str) -> bool {
        let names = [self.heading, self.english];
        names.iter().chain(self.aliases).any(|name| fold(name) == folded)
    }
}

const IT: Kind = Kind::Text("it");
const EN: Kind = Kind::Text("en");
const OFFICE: Lands = Lands::Contact(vcard::FN);
const MAILBOX: Lands = Lands::Contact(vcard::HAS_EMAIL);

static EXPERIENCES: [Column; 34] = [
    Column::new("Titolo", "Title", IT, dct::TITLE).required(),
    Column::new("Titolo (inglese)", "Title (English)", EN, dct::TITLE),
    Column::new("Descrizione", "Description", IT, dct::DESCRIPTION).required(),
    Column::new("Descrizione (inglese)", "Description (English)", EN, dct::DESCRIPTION),
    Column::new("Identificativo", "Identifier", Kind::Code, dct::IDENTIFIER).or(&["ID", "Codice"]),
    Column::new("Temi", "Themes", Kind::Named(Group::Theme), dct::SUBJECT)
        .required()
        .several()
        .or(&["Tema", "Theme"]),
    Column::new("Destinatari", "Target groups", Kind::Named(Group::TargetGroup), fl::TARGET_GROUP)
        .required()
        .several()
        .or(&["Destinatario", "Target group"]),
    Column::new("Contesto e bisogno", "Context and need", IT, fl::CONTEXT)
        .or(&["Contesto", "Bisogno", "Context"]),
    Column::new("Obiettivi", "Objectives", IT, fl::OBJECTIVE)
        .several()
        .or(&["Obiettivi specifici"]),
    Column::new("Attività", "Activities", IT, fl::ACTIVITY).several(),
    Column::new("Risultati attesi", "Expected results", IT, fl::EXPECTED_RESULT).several(),
    Column::new("Risultati ottenuti", "Achieved results", IT, fl::ACHIEVED_RESULT).several(),
    Column::new("Ente capofila", "Lead actor", Kind::Named(Group::Actor), fl::LEAD_ACTOR)
        .required()
        .or(&["Capofila", "Ente"]),
    Column::new("Partner", "Partners", Kind::Named(Group::Actor), fl::PARTNER).several(),
    Column::new("Reti", "Networks", Kind::Named(Group::Network), fl::NETWORK_OF)
        .several()
        .or(&["Rete", "Network"]),
    Column::new("Territorio", "Territory", Kind::Named(Group::Territory), fl::TERRITORY_OF)
        .required()
        .several()
        .or(&["Territori", "Territories", "Comune"]),
    Column::new(
        "Livello di governo",
        "Level of government",
        Kind::Named(Group::Level),
        fl::GOVERNMENT_LEVEL,
    )
    .several()
    .or(&["Livello", "Level"]),
    Column::new("Fase", "Phase", Kind::Named(Group::Phase), fl::PHASE).required().or(&["Stato"]),
    Column::new("Data di inizio", "Start date", Kind::Date, fl::START_DATE).or(&["Inizio"]),
    Column::new("Data di fine", "End date", Kind::Date, fl::END_DATE).or(&["Fine"]),
    Column::new("Costo (euro)", "Cost (euro)", Kind::Amount, fl::BUDGET)
        .or(&["Costo", "Budget", "Cost"]),
    Column::new(
        "Fonti di finanziamento",
        "Funding sources",
        Kind::Named(Group::Funding),
        fl::FUNDING_SOURCE,
    )
    .several()
    .or(&["Fonte di finanziamento", "Funding source"]),
    Column::new("Personale", "Staff", IT, fl::STAFF),
    Column::new("Base normativa", "Legal basis", IT, fl::LEGAL_BASIS).several(),
    Column::new("Ostacoli", "Obstacles", IT, fl::OBSTACLE).several(),
    Column::new("Fattori di successo", "Success factors", IT, fl::SUCCESS_FACTOR).several(),
    Column::new("Passi per il trasferimento", "Transfer steps", IT, fl::TRANSFER_STEP)
        .several()
        .landing(Lands::Steps),
    Column::new(
        "Ripresa da",
        "Transferred from",
        Kind::Named(Group::Experience),
        fl::TRANSFERRED_FROM,
    )
    .several(),
    Column::new("Ufficio di contatto", "Contact office", IT, vcard::FN).landing(OFFICE),
    Column::new("E-mail di contatto", "Contact e-mail", Kind::Email, vcard::HAS_EMAIL)
        .landing(MAILBOX)
        .or(&["Email di contatto", "E-mail", "Email"]),
    Column::new("Pagina web", "Web page", Kind::Web, dct::SOURCE).several().or(&["Sito web"]),
    Column::new("Licenza", "Licence", Kind::Licence, dct::LICENSE).or(&["License"]),
    Column::new("Ultima revisione", "Last reviewed", Kind::Date, fl::LAST_REVIEWED),
    Column::new("Dimostrazione", "Demonstration", Kind::YesNo, fl::DEMONSTRATION),
];

static ACTORS: [Column; 9] =
    [
        Column::new("Denominazione", "Name", IT, skos::PREF_LABEL).required().or(&["Nome"]),
        Column::new("Tipo", "Type", Kind::ActorClass, rdf::TYPE).required(),
        Column::new("Territorio", "Territory", Kind::Named(Group::Territory), fl::TERRITORY_OF)
            .several()
            .or(&["Territori", "Territories", "Comune"]),
        Column::new(
            "Livello di governo",
            "Level of government",
            Kind::Named(Group::Level),
            fl::GOVERNMENT_LEVEL,
        )
        .or(&["Livello", "Level"]),
        Column::new("Codice IPA", "IPA code", Kind::Code, fl::IPA_CODE).or(&["IPA"]),
        Column::new("Codice fiscale", "Tax code", Kind::TaxCode, fl::TAX_CODE),
        Column::new("Sito web", "Web site", Kind::Web, foaf::HOMEPAGE).or(&["Website", "Sito"]),
        Column::new("Ufficio di contatto", "Contact office", IT, vcard::FN).landing(OFFICE),
        Column::new("E-mail", "Contact e-mail", Kind::Email, vcard::HAS_EMAIL)
            .landing(MAILBOX)
            .or(&["Email", "E-mail di contatto", "Email di contatto"]),
    ];

impl Form {
    /// The table most of the headings belong to; experiences where they leave it open.
    pub fn of<'a>(headings: impl Iterator<Item = &'a str> + Clone) -> Self {
        let known = |form: Self| headings.clone().filter_map(|it| form.column(it)).count();
        if known(Self::Actors) > known(Self::Experiences) {
            Self::Actors
        } else {
            Self::Experiences
        }
    }

    /// The columns, in the order of the template.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Experiences => &EXPERIENCES,
            Self::Actors => &ACTORS,
        }
    }

    /// The column that a heading names, whatever its case and accents.
    pub fn column(self, heading: &str) -> Option<&'static Column> {
        let folded = fold(heading);
        self.columns().iter().find(|column| column.is_called(&folded))
    }

    /// The column from which a record has its name.
    pub fn title(self) -> &'static Column {
        &self.columns()[0]
    }

    /// The kind of record, as it stands in its IRI.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Experiences => "esperienza",
            Self::Actors => "attore",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab;
    use oxigraph::model::NamedNode;

    const README: &str = include_str!("../../data/template/README.md");
    const FORMS: [(Form, &str); 2] = [
        (Form::Experiences, include_str!("../../data/template/esperienze.csv")),
        (Form::Actors, include_str!("../../data/template/attori.csv")),
    ];

    /// The first cells of a row of the documentation, in Italian and in English.
    fn documented(column: &Column) -> [String; 2] {
        let (it, en) = match column.kind {
            Kind::Text("it") => ("testo in italiano", "text in Italian"),
            Kind::Text(_) => ("testo in inglese", "text in English"),
            Kind::Code => ("codice", "code"),
            Kind::TaxCode => ("11 cifre", "11 digits"),
            Kind::Date => ("data", "date"),
            Kind::Amount => ("importo in euro", "amount in euro"),
            Kind::YesNo => ("sì o no", "yes or no"),
            Kind::Named(_) => ("nome conosciuto", "known name"),
            Kind::ActorClass => ("tipo di attore", "kind of actor"),
            Kind::Email => ("e-mail", "e-mail"),
            Kind::Web => ("indirizzo web", "web address"),
            Kind::Licence => ("licenza", "licence"),
        };
        let property = short(column.lands.property().into_owned());
        let property = match column.lands {
            Lands::Property(_) => format!("`{property}`"),
            Lands::Steps => format!("`{property}` → `#step-1`…"),
            Lands::Contact(_) => format!("`fl:contactPoint` → `#contact` → `{property}`"),
        };
        let [must, many] = [column.required, column.several];
        let pick = |yes: bool, words: [&'static str; 2]| words[usize::from(!yes)];
        let (heading, english) = (column.heading, column.english);
        [
            format!(
                "| {heading} | {english} | {it} | {} | {} | {property} |",
                pick(must, ["sì", "no"]),
                pick(many, ["più d'uno", "uno"])
            ),
            format!(
                "| {english} | {heading} | {en} | {} | {} | {property} |",
                pick(must, ["yes", "no"]),
                pick(many, ["several", "one"])
            ),
        ]
    }

    fn short(property: NamedNode) -> String {
        let prefixes = [
            ("fl", vocab::fl::NAMESPACE),
            ("dct", vocab::dct::NAMESPACE),
            ("skos", vocab::skos::NAMESPACE),
            ("foaf", vocab::foaf::NAMESPACE),
            ("vcard", vocab::vcard::NAMESPACE),
        ];
        prefixes
            .iter()
            .find_map(|(prefix, namespace)| {
                Some(format!("{prefix}:{}", property.as_str().strip_prefix(namespace)?))
            })
            .unwrap_or_else(|| "rdf:type".to_owned())
    }

    #[test]
    fn the_documentation_lists_the_columns_of_the_code_in_both_languages() {
        let expected: Vec<String> = [0, 1]
            .into_iter()
            .flat_map(|language| FORMS.map(|(form, _)| (language, form)))
            .flat_map(|(language, form)| {
                form.columns().iter().map(move |column| documented(column)[language].clone())
            })
            .collect();
        let found: Vec<&str> =
            README.lines().filter(|line| line.contains("| `") && line.starts_with('|')).collect();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(&expected), "{found}\nis not\n{expected}");
        }
    }

    #[test]
    fn the_templates_have_the_columns_of_the_code() {
        for (form, template) in FORMS {
            let headings: Vec<&str> = form.columns().iter().map(|column| column.heading).collect();
            let line = template.trim_start_matches('\u{FEFF}').lines().next().unwrap();
            assert_eq!(line.split(';').collect::<Vec<_>>(), headings);
            assert_eq!(Form::of(headings.iter().copied()), form);
        }
    }

    #[test]
    fn no_two_columns_of_a_table_share_a_name() {
        for (form, _) in FORMS {
            for column in form.columns() {
                let names = [column.heading, column.english];
                for name in names.iter().chain(column.aliases) {
                    assert_eq!(form.column(name), Some(column), "{name}");
                }
            }
        }
    }
}
