//! Reads the `#+` lines at the head of a query file: a small part of YAML, the one grlc reads.
//! Knows no SPARQL and no meaning of any field.
//!
//! What is understood: `field: value` lines; and `parameters:` followed by items, each a
//! `  - field: value` line and `    field: value` lines. Values are plain, on one line. What YAML
//! would read in another way (quotes, comments, a second colon) is refused, not guessed.

/// Why the head of a query file cannot be read. Lines are counted from 1.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum HeaderError {
    #[error("line {0} is not `#+ field: value`, nor part of an item of `#+ parameters:`")]
    Line(usize),
    #[error(
        "line {0} holds a value that is not plain: leave out quotes, ` #`, `: ` and a sign at the \
         beginning"
    )]
    Value(usize),
    #[error("line {0} says {1:?} a second time")]
    Repeated(usize, String),
    #[error("line {0} comes after the query has begun; keep `#+` lines at the head")]
    Late(usize),
    #[error("it lacks {0:?}")]
    Missing(&'static str),
    #[error("it says {0:?}, which means nothing here; correct or remove it")]
    Unknown(String),
}

/// Fields in the order they were written.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Takes a field out, if it is there.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let place = self.0.iter().position(|(field, _)| field == name)?;
        Some(self.0.remove(place).1)
    }

    /// Takes a field out that must be there.
    pub fn need(&mut self, name: &'static str) -> Result<String, HeaderError> {
        self.take(name).ok_or(HeaderError::Missing(name))
    }

    /// Fails if a field was not taken.
    pub fn finish(mut self) -> Result<(), HeaderError> {
        self.0.pop().map_or(Ok(()), |(field, _)| Err(HeaderError::Unknown(field)))
    }

    fn add(&mut self, number: usize, line: &str) -> Result<(), HeaderError> {
        let (field, value) = line.split_once(": ").ok_or(HeaderError::Line(number))?;
        if field.is_empty() || field.contains(char::is_whitespace) {
            return Err(HeaderError::Line(number));
        }
        let value = value.trim();
        if !is_plain(value) {
            return Err(HeaderError::Value(number));
        }
        if self.0.iter().any(|(other, _)| other == field) {
            return Err(HeaderError::Repeated(number, field.to_owned()));
        }
        self.0.push((field.to_owned(), value.to_owned()));
        Ok(())
    }
}

/// What the head of a query file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Header {
    pub fields: Fields,
    pub parameters: Vec<Fields>,
}

/// Splits a query file into what its head says and the SPARQL after it.
pub fn read_header(file: &str) -> Result<(Header, String), HeaderError> {
    let mut header = Header::default();
    let mut query = String::new();
    let mut in_list = false;
    for (number, line) in (1..).zip(file.lines()) {
        let Some(line) = line.strip_prefix("#+") else {
            query.push_str(line);
            query.push('\n');
            continue;
        };
        let line = line.trim_end();
        if !query.trim().is_empty() {
            return Err(HeaderError::Late(number));
        } else if line == " parameters:" {
            in_list = true;
        } else if let Some(first) = line.strip_prefix("   - ").filter(|_| in_list) {
            let mut parameter = Fields::default();
            parameter.add(number, first)?;
            header.parameters.push(parameter);
        } else if let Some(next) = line.strip_prefix("     ").filter(|_| in_list) {
            header.parameters.last_mut().ok_or(HeaderError::Line(number))?.add(number, next)?;
        } else {
            in_list = false;
            header.fields.add(number, line.strip_prefix(' ').ok_or(HeaderError::Line(number))?)?;
        }
    }
    Ok((header, query.trim_start().to_owned()))
}

/// Whether YAML reads the text as itself. YAML 1.2, section 7.3.3.
fn is_plain(value: &str) -> bool {
    let quoted_or_sign = |c: char| "\"'`-?:,[]{}#&*!|>%@".contains(c);
    !(value.is_empty()
        || value.starts_with(quoted_or_sign)
        || value.ends_with(':')
        || value.contains(": ")
        || value.contains(" #"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_and_the_query_keeps_its_own_comments() {
        let file = "#+ summary: Two words\n#+ parameters:\n#+   - name: tema\n#+     type: iri\n\
                    #+   - name: anno\n#+ description@it: Così\n\n# why\nASK {}\n";
        let (mut header, query) = read_header(file).unwrap();
        assert_eq!(header.fields.take("summary").as_deref(), Some("Two words"));
        assert_eq!(header.fields.take("description@it").as_deref(), Some("Così"));
        assert_eq!(header.parameters.len(), 2);
        assert_eq!(header.parameters[0].take("type").as_deref(), Some("iri"));
        assert_eq!(query, "# why\nASK {}\n");
    }

    #[test]
    fn what_yaml_would_read_in_another_way_is_refused() {
        for value in ["\"x\"", "a: b", "a #b", "[a]", "- a", "a:"] {
            assert_eq!(
                read_header(&format!("#+ summary: {value}")),
                Err(HeaderError::Value(1)),
                "{value}"
            );
        }
    }

    #[test]
    fn a_line_that_is_no_field_or_comes_twice_or_late_is_refused_with_its_number() {
        assert_eq!(read_header("#+ summary"), Err(HeaderError::Line(1)));
        assert_eq!(read_header("#+   - name: tema"), Err(HeaderError::Line(1)));
        assert_eq!(read_header("#+ parameters:\n#+     name: tema"), Err(HeaderError::Line(2)));
        assert_eq!(read_header("#+ a: b\n#+ a: c"), Err(HeaderError::Repeated(2, "a".to_owned())));
        assert_eq!(read_header("ASK {}\n#+ a: b"), Err(HeaderError::Late(2)));
    }
}
