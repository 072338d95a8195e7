//! The few forms of structured fields that signatures need, read strictly: whatever is written in
//! another way than the one RFC 9651 gives is no signature. Refuses to know what they mean.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What is signed: a field, or a derived component, of the answer or of its request. RFC 9421,
/// section 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Component {
    pub name: String,
    /// Whether it is the request's.
    pub is_of_request: bool,
}

impl Component {
    /// Its identifier as it stands in the list and in the base. RFC 9421, section 2.
    pub fn identifier(&self) -> String {
        format!("\"{}\"{}", self.name, if self.is_of_request { ";req" } else { "" })
    }
}

/// A member of `Signature-Input`. RFC 9421, section 4.1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Input {
    pub label: String,
    pub components: Vec<Component>,
    pub created: Option<i64>,
    pub expires: Option<i64>,
    pub key: Option<String>,
    pub algorithm: Option<String>,
    /// The list with its parameters as it was written, which is how it is signed.
    pub text: String,
}

/// The members of `Signature-Input`; nothing where the text is no such field.
pub(super) fn inputs(text: &str) -> Option<Vec<Input>> {
    let mut reader = Reader { rest: text };
    let mut found = Vec::new();
    loop {
        let label = reader.key()?;
        reader.take('=')?;
        let start = reader.rest;
        let mut input = Input { label, components: reader.components()?, ..Input::default() };
        reader.parameters(&mut input)?;
        input.text = start[..start.len() - reader.rest.len()].to_owned();
        found.push(input);
        if !reader.goes_on()? {
            return Some(found);
        }
    }
}

/// The members of a dictionary of byte sequences, such as `Signature` or `Content-Digest`.
pub(super) fn byte_sequences(text: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let mut reader = Reader { rest: text };
    let mut found = Vec::new();
    loop {
        let name = reader.key()?;
        reader.take('=')?;
        found.push((name, reader.bytes()?));
        if !reader.goes_on()? {
            return Some(found);
        }
    }
}

/// What is left of a text.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn take(&mut self, letter: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(letter)?;
        Some(())
    }

    fn has(&mut self, letter: char) -> bool {
        self.take(letter).is_some()
    }

    /// The letters up to the first that does not fit.
    fn while_fits(&mut self, fits: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(|letter| !fits(letter)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken.to_owned()
    }

    /// RFC 9651, section 4.2.3.3.
    fn key(&mut self) -> Option<String> {
        let starts = self.rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '*');
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.*".contains(c);
        starts.then(|| self.while_fits(fits))
    }

    /// RFC 9651, section 4.2.5; no name of a component needs an escaped letter.
    fn string(&mut self) -> Option<String> {
        self.take('"')?;
        let fits = |c: char| (' '..='~').contains(&c) && !"\"\\".contains(c);
        let text = self.while_fits(fits);
        self.take('"')?;
        Some(text)
    }

    /// RFC 9651, section 4.2.4: at most fifteen digits.
    fn integer(&mut self) -> Option<i64> {
        let digits = self.while_fits(|c| c.is_ascii_digit());
        let is_plain = digits.len() < 16 && (digits == "0" || !digits.starts_with('0'));
        digits.parse().ok().filter(|_| is_plain)
    }

    /// RFC 9651, section 4.2.7.
    fn bytes(&mut self) -> Option<Vec<u8>> {
        self.take(':')?;
        let text = self.while_fits(|c| c != ':');
        self.take(':')?;
        STANDARD.decode(text).ok()
    }

    /// An inner list of strings. RFC 9651, section 4.2.1.2.
    fn components(&mut self) -> Option<Vec<Component>> {
        self.take('(')?;
        let mut found: Vec<Component> = Vec::new();
        while !self.has(')') {
            if !found.is_empty() {
                self.take(' ')?;
            }
            let name = self.string()?;
            let is_of_request = self.has(';');
            if is_of_request && self.key()? != "req" {
                return None;
            }
            let component = Component { name, is_of_request };
            // None stands there twice. RFC 9421, section 2.
            if found.contains(&component) {
                return None;
            }
            found.push(component);
        }
        Some(found)
    }

    /// RFC 9421, section 2.3.
    fn parameters(&mut self, input: &mut Input) -> Option<()> {
        let mut known: Vec<String> = Vec::new();
        while self.has(';') {
            let name = self.key()?;
            self.take('=')?;
            match name.as_str() {
                "created" => input.created = Some(self.integer()?),
                "expires" => input.expires = Some(self.integer()?),
                "keyid" => input.key = Some(self.string()?),
                "alg" => input.algorithm = Some(self.string()?),
                "nonce" | "tag" => drop(self.string()?),
                _ => return None,
            }
            if known.contains(&name) {
                return None;
            }
            known.push(name);
        }
        Some(())
    }

    /// Whether another member follows. RFC 9651, section 4.2.2.
    fn goes_on(&mut self) -> Option<bool> {
        let blank = [' ', '\t'];
        self.rest = self.rest.trim_start_matches(blank);
        if self.rest.is_empty() {
            return Some(false);
        }
        self.take(',')?;
        self.rest = self.rest.trim_start_matches(blank);
        Some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_and_kept_as_it_was_written() {
        let list = r#"("@status" "@path";req);created=1618884473;keyid="a";alg="ed25519""#;
        let found = inputs(&format!("a=(), node={list}")).unwrap();
        assert_eq!((found.len(), found[0].text.as_str()), (2, "()"));
        let input = &found[1];
        assert_eq!((input.label.as_str(), input.text.as_str()), ("node", list));
        let names: Vec<String> = input.components.iter().map(Component::identifier).collect();
        assert_eq!(names, ["\"@status\"", "\"@path\";req"]);
        assert_eq!((input.created, input.expires), (Some(1_618_884_473), None));
        assert_eq!(input.key.as_deref().zip(input.algorithm.as_deref()), Some(("a", "ed25519")));
    }

    #[test]
    fn what_is_written_otherwise_is_refused() {
        for wrong in [
            "",
            "node",
            "node=",
            "Node=()",
            "node=(",
            "node=( )",
            r#"node=("a"  "b")"#,
            r#"node=("a" "a")"#,
            r#"node=("a";bs)"#,
            r#"node=("a";req;req)"#,
            r#"node=("a\"")"#,
            "node=();created=01",
            "node=();created=1234567890123456",
            "node=();created=1;created=1",
            "node=();created",
            "node=();other=1",
            "node=(),",
            "node=() x",
        ] {
            assert_eq!(inputs(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn byte_sequences_are_base64_between_colons() {
        let found = byte_sequences("a=:AQI=:,b=::").unwrap();
        assert_eq!(found, [("a".to_owned(), vec![1, 2]), ("b".to_owned(), vec![])]);
        for wrong in ["", "a=AQI=", "a=:AQI", "a=:A*:", "a=:AQI=:;x"] {
            assert_eq!(byte_sequences(wrong), None, "{wrong}");
        }
    }
}
