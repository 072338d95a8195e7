//! The named queries that ship with the program: what each asks, and binding its parameters.
//! Runs nothing, and knows no address or page under which queries are offered.

use super::parameter::{Kind, Parameter, ParameterError};
use super::subject::Subject;
use crate::iri::{Base, KINDS};
use crate::schema::Text;
use crate::sparql::{Fields, HeaderError, read_header};
use oxigraph::model::{Term, Variable};
use oxigraph::sparql::SparqlSyntaxError;
use rust_embed::RustEmbed;
use spargebra::SparqlParser;
use std::collections::{BTreeMap, BTreeSet};

/// Why a shipped query cannot be used. Each is a mistake in the program, not of its user.
#[derive(Debug, thiserror::Error)]
#[error("queries/{file}: {reason}")]
pub struct CatalogueError {
    pub file: String,
    #[source]
    pub reason: Reason,
}

/// What is wrong with a query file.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    #[error("{0}")]
    Header(#[from] HeaderError),
    #[error("it is not UTF-8")]
    Encoding(#[from] std::string::FromUtf8Error),
    #[error("it is not SPARQL 1.1: {0}")]
    Syntax(#[from] SparqlSyntaxError),
    #[error("{0:?} cannot name a parameter: use letters and digits, and each name once")]
    Name(String),
    #[error("{0:?} is no kind of parameter: use iri, string, integer, decimal, date or lang")]
    Kind(String),
    #[error("{0:?} is no subject of a named query")]
    Subject(String),
    #[error("{0:?} is no kind of record, or its parameter takes no IRI")]
    Among(String),
    #[error("`required` is true or left out, and goes without a default")]
    Required,
    #[error("the header and the query disagree on {0}; both must have it")]
    Variable(Variable),
    #[error("{0} is a parameter and is selected too; BIND it to another variable and select that")]
    Selected(Variable),
    #[error("a default does not fit: {0}")]
    Default(#[from] ParameterError),
}

/// A query with a name, a description and parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedQuery {
    /// The name of its file without the extension.
    pub name: String,
    pub summary: Text,
    pub description: Text,
    pub subject: Subject,
    pub parameters: Vec<Parameter>,
    /// The SPARQL, without the header.
    pub text: String,
    /// The whole file.
    pub source: String,
}

/// The named queries by name.
#[derive(Debug, Clone)]
pub struct Catalogue(BTreeMap<String, NamedQuery>);

#[derive(RustEmbed)]
#[folder = "queries/"]
struct Files;

impl Catalogue {
    /// The queries that ship inside the program.
    pub fn shipped() -> Result<Self, CatalogueError> {
        let files = Files::iter().filter(|file| file.ends_with(".rq"));
        let read = |file: std::borrow::Cow<'static, str>| {
            let name = file.trim_end_matches(".rq");
            let data = Files::get(&file).map(|file| file.data.into_owned()).unwrap_or_default();
            String::from_utf8(data)
                .map_err(Reason::from)
                .and_then(|text| NamedQuery::read(name, &text))
                .map(|query| (name.to_owned(), query))
                .map_err(|reason| CatalogueError { file: file.into_owned(), reason })
        };
        files.map(read).collect::<Result<_, _>>().map(Self)
    }

    /// The queries in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &NamedQuery> {
        self.0.values()
    }

    /// The query of a name.
    pub fn get(&self, name: &str) -> Option<&NamedQuery> {
        self.0.get(name)
    }
}

impl NamedQuery {
    /// Turns values, as name and text, into what the query's variables stand for.
    ///
    /// Records of this node may be written `kind/slug`. A parameter without a value takes its
    /// default; one without a default is left out, and its variable stays free.
    pub fn bind(
        &self,
        values: &[(String, String)],
        base: &Base,
    ) -> Result<Vec<(Variable, Term)>, ParameterError> {
        let mut given = BTreeMap::new();
        for (name, value) in values {
            if !self.parameters.iter().any(|parameter| parameter.name == *name) {
                return Err(self.unknown(name));
            }
            if given.insert(name.as_str(), value.as_str()).is_some() {
                return Err(ParameterError::Repeated { name: name.clone() });
            }
        }
        let mut bound = Vec::new();
        for parameter in &self.parameters {
            let value = given.get(parameter.name.as_str()).copied();
            if let Some(term) = parameter.bind(value, base)? {
                bound.push((parameter.variable(), term));
            }
        }
        Ok(bound)
    }

    fn unknown(&self, name: &str) -> ParameterError {
        let names = || self.parameters.iter().map(|parameter| parameter.name.as_str());
        let likeness = |other: &str| strsim::jaro_winkler(&name.to_lowercase(), other);
        let near = names().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        let advice = match near.filter(|near| likeness(near) >= 0.8) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("{} takes {}", self.name, names().collect::<Vec<_>>().join(", ")),
        };
        ParameterError::Unknown { name: name.to_owned(), advice }
    }

    fn read(name: &str, file: &str) -> Result<Self, Reason> {
        let (mut header, text) = read_header(file)?;
        let query = Self {
            name: name.to_owned(),
            summary: both(&mut header.fields, ["summary@it", "summary"])?,
            description: both(&mut header.fields, ["description@it", "description"])?,
            subject: subject(&mut header.fields)?,
            parameters: header.parameters.into_iter().map(parameter).collect::<Result<_, _>>()?,
            text,
            source: file.to_owned(),
        };
        header.fields.finish()?;
        query.check()?;
        Ok(query)
    }

    /// Header and query must speak of the same variables, and defaults fit their parameters.
    fn check(&self) -> Result<(), Reason> {
        let mut names = BTreeSet::new();
        for Parameter { name, .. } in &self.parameters {
            let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
            if !plain || !names.insert(name) {
                return Err(Reason::Name(name.clone()));
            }
        }
        let declared: BTreeSet<_> = self.parameters.iter().map(Parameter::variable).collect();
        let used = marked_variables(&self.text);
        if let Some(variable) = declared.symmetric_difference(&used).next() {
            return Err(Reason::Variable(variable.clone()));
        }
        if let spargebra::Query::Select { pattern, .. } =
            SparqlParser::new().parse_query(&self.text)?
        {
            let mut selected = None;
            pattern.on_in_scope_variable(|variable| {
                selected = selected.take().or_else(|| declared.get(variable).cloned());
            });
            selected.map_or(Ok(()), |variable| Err(Reason::Selected(variable)))?;
        }
        let base = Base::parse("http://localhost").expect("the address is written here");
        for parameter in self.parameters.iter().filter(|parameter| !parameter.required) {
            parameter.bind(None, &base)?;
        }
        Ok(())
    }
}

/// A text in both languages.
fn both(fields: &mut Fields, [it, en]: [&'static str; 2]) -> Result<Text, HeaderError> {
    Ok(Text::new(fields.need(it)?, fields.need(en)?))
}

fn subject(fields: &mut Fields) -> Result<Subject, Reason> {
    let name = fields.need("subject")?;
    Subject::parse(&name).ok_or(Reason::Subject(name))
}

fn parameter(mut fields: Fields) -> Result<Parameter, Reason> {
    let kind = fields.need("type")?;
    let kind = Kind::parse(&kind).ok_or(Reason::Kind(kind))?;
    let among = fields.take("among");
    if let Some(name) =
        among.as_ref().filter(|name| kind != Kind::Iri || !KINDS.contains(&name.as_str()))
    {
        return Err(Reason::Among(name.clone()));
    }
    let parameter = Parameter {
        name: fields.need("name")?,
        kind,
        among,
        default: fields.take("default"),
        required: match fields.take("required").as_deref() {
            None => false,
            Some("true") => true,
            Some(_) => return Err(Reason::Required),
        },
        summary: both(&mut fields, ["summary@it", "summary"])?,
    };
    if parameter.required && parameter.default.is_some() {
        return Err(Reason::Required);
    }
    fields.finish()?;
    Ok(parameter)
}

/// The variables of a query that are named like parameters, with `_` first.
fn marked_variables(text: &str) -> BTreeSet<Variable> {
    let name = |rest: &str| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        rest[..end.unwrap_or(rest.len())].to_owned()
    };
    let names = text.split(['?', '$']).skip(1).filter(|rest| rest.starts_with('_')).map(name);
    names.map(Variable::new_unchecked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "#+ summary: s\n#+ summary@it: s\n#+ description: d\n#+ description@it: d\n\
                        #+ subject: costs\n";

    fn read(rest: &str) -> Result<NamedQuery, Reason> {
        NamedQuery::read("prova", &format!("{HEAD}{rest}"))
    }

    fn two_parameters() -> NamedQuery {
        read(
            "#+ parameters:\n#+   - name: tema\n#+     type: iri\n#+     required: true\n\
             #+     summary: s\n#+     summary@it: s\n#+   - name: anni\n#+     type: integer\n\
             #+     default: 3\n#+     summary: s\n#+     summary@it: s\n\
             SELECT ?e { ?e ?p ?_tema_iri ; ?q ?_anni_integer }",
        )
        .unwrap()
    }

    fn bind(values: &[(&str, &str)]) -> Result<Vec<(Variable, Term)>, ParameterError> {
        let values: Vec<_> =
            values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        two_parameters().bind(&values, &Base::parse("http://localhost:7070").unwrap())
    }

    fn message(values: &[(&str, &str)]) -> String {
        bind(values).unwrap_err().to_string()
    }

    #[test]
    fn the_shipped_queries_are_sound_and_described_in_both_languages() {
        let catalogue = Catalogue::shipped().unwrap();
        assert_eq!(catalogue.iter().count(), 24);
        for query in catalogue.iter() {
            assert_eq!(catalogue.get(&query.name), Some(query));
            assert_ne!(query.summary.it, query.summary.en, "{}", query.name);
        }
    }

    #[test]
    fn values_become_terms_and_defaults_stand_in() {
        let bound = bind(&[("tema", "tema/nidi")]).unwrap();
        let shown: Vec<_> = bound.iter().map(|(name, term)| format!("{name} {term}")).collect();
        let number = "\"3\"^^<http://www.w3.org/2001/XMLSchema#integer>";
        let expected = [
            "?_tema_iri <http://localhost:7070/id/tema/nidi>".to_owned(),
            format!("?_anni_integer {number}"),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn an_unknown_parameter_is_answered_with_the_near_one_or_with_all() {
        assert_eq!(
            message(&[("tena", "x")]),
            "there is no parameter \"tena\"; did you mean \"tema\"?"
        );
        assert_eq!(
            message(&[("zzz", "x")]),
            "there is no parameter \"zzz\"; prova takes tema, anni"
        );
    }

    #[test]
    fn a_missing_repeated_or_malformed_value_is_told_with_what_to_write() {
        assert!(
            message(&[("tema", " ")]).starts_with("the parameter \"tema\" is missing; add tema=")
        );
        let twice = [("tema", "tema/a"), ("tema", "tema/b")];
        assert_eq!(message(&twice), "the parameter \"tema\" is given more than once; keep one");
        assert_eq!(
            message(&[("tema", "tema/a"), ("anni", "tre")]),
            "\"tre\" does not fit the parameter \"anni\"; write a whole number, such as 2"
        );
    }

    #[test]
    fn a_query_whose_header_and_variables_disagree_is_refused() {
        assert!(matches!(read("ASK { ?s ?p ?_x_iri }"), Err(Reason::Variable(_))));
        let head = "#+ parameters:\n#+   - name: x\n#+     type: iri\n#+     summary: s\n\
                    #+     summary@it: s\n";
        assert!(matches!(read(&format!("{head}ASK {{ ?s ?p ?o }}")), Err(Reason::Variable(_))));
        assert!(read(&format!("{head}ASK {{ ?s ?p ?__x_iri }}")).is_ok());
        let selected = format!("{head}SELECT * {{ ?s ?p ?__x_iri }}");
        assert!(matches!(read(&selected), Err(Reason::Selected(_))));
        assert!(matches!(read(&head.replace("type: iri", "type: number")), Err(Reason::Kind(_))));
    }
}
