//! A signature over an answer and the request it belongs to: how it is made, and whether it holds.
//! RFC 9421. Refuses to know where keys come from and who is trusted.

use super::digest::{content_digest, fits};
use super::fields::{Component, Input, byte_sequences, inputs};
use super::pair::{Pair, PublicKey, is_signed_by, thumbprint};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderMap;

/// What every signature covers: `;req` says that a component is the request's. Scheme and host are
/// left out, since proxies change them; the key says whose answer it is. RFC 9421, section 2.4.
const COVERED: [(&str, bool); 6] = [
    ("@status", false),
    ("content-type", false),
    ("content-digest", false),
    ("@method", true),
    ("@path", true),
    ("@query", true),
];
/// The label of the node's signature among others.
const LABEL: &str = "node";
/// RFC 9421, section 3.3.6.
const ALGORITHM: &str = "ed25519";
/// How far clocks may differ, and how long an answer may be on its way, in seconds.
const SLACK: i64 = 300;
/// No signature holds longer, in seconds: an older answer may be told for a newer one.
const LONGEST: i64 = 8 * 86_400;

/// Why an answer is not taken for what it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("its answer is not signed")]
    Missing,
    #[error("its signature is not written as RFC 9421 has it")]
    Malformed,
    /// The name of the key that it says it is signed with.
    #[error("its answer is signed with another key ({0:?}) than the one that is pinned")]
    OtherKey(String),
    #[error("its signature does not cover {0}")]
    Uncovered(String),
    #[error("its signature is of another time: it was made at {created} and held until {expires}")]
    Outdated { created: i64, expires: i64 },
    #[error("its answer is not what was signed: the body was changed or packed on the way")]
    Body,
    #[error(
        "its answer is not what was signed: its head was changed, or it answers another request"
    )]
    Head,
}

/// A request and the head of its answer.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    pub method: &'a str,
    /// The path as the client asked for it.
    pub path: &'a str,
    pub query: Option<&'a str>,
    pub status: u16,
    pub headers: &'a HeaderMap,
}

/// The three headers that a signed answer has more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    pub content_digest: String,
    pub signature_input: String,
    pub signature: String,
}

impl Exchange<'_> {
    /// The value of a component; nothing where it is not there or not known. RFC 9421, sections 2.1
    /// and 2.2.
    fn value(&self, component: &Component) -> Option<String> {
        match (component.name.as_str(), component.is_of_request) {
            ("@status", false) => Some(self.status.to_string()),
            ("@method", true) => Some(self.method.to_owned()),
            ("@path", true) => Some(if self.path.is_empty() { "/" } else { self.path }.to_owned()),
            ("@query", true) => Some(format!("?{}", self.query.unwrap_or_default())),
            (name, false) if !name.starts_with('@') => field(self.headers, name),
            _ => None,
        }
    }
}

/// Signs an answer that holds for so many seconds from a moment on. `Content-Digest` need not be
/// among its headers yet.
pub fn sign(
    pair: &Pair,
    exchange: Exchange<'_>,
    body: &[u8],
    now: i64,
    age: i64,
) -> Option<Signed> {
    let digest = content_digest(body);
    let components: Vec<Component> = COVERED
        .map(|(name, is_of_request)| Component { name: name.to_owned(), is_of_request })
        .into();
    let names: Vec<String> = components.iter().map(Component::identifier).collect();
    let expires = now + age.clamp(0, LONGEST - SLACK) + SLACK;
    let text = format!(
        "({});created={now};expires={expires};keyid=\"{}\";alg=\"{ALGORITHM}\"",
        names.join(" "),
        thumbprint(&pair.public())
    );
    let value = |component: &Component| match component.name.as_str() {
        "content-digest" => Some(digest.clone()),
        _ => exchange.value(component),
    };
    let signature = pair.sign(base(&components, &text, value).ok()?.as_bytes());
    Some(Signed {
        content_digest: digest,
        signature_input: format!("{LABEL}={text}"),
        signature: format!("{LABEL}=:{}:", STANDARD.encode(signature)),
    })
}

/// Whether an answer to this request is what the owner of a key signed, and is so at a moment.
pub fn verify(
    key: &PublicKey,
    exchange: Exchange<'_>,
    body: &[u8],
    now: i64,
) -> Result<(), SignatureError> {
    let header = |name: &str| field(exchange.headers, name).ok_or(SignatureError::Missing);
    let (inputs, signatures) = (header("signature-input")?, header("signature")?);
    let inputs = inputs_of(&inputs)?;
    let input = of_key(&inputs, &thumbprint(key))?;
    for (name, is_of_request) in COVERED {
        let component = Component { name: name.to_owned(), is_of_request };
        if !input.components.contains(&component) {
            return Err(SignatureError::Uncovered(component.identifier()));
        }
    }
    let moments = input.created.zip(input.expires);
    let (created, expires) = moments.ok_or_else(|| {
        SignatureError::Uncovered("when it was made and until when it holds".to_owned())
    })?;
    if created > now + SLACK || expires < now || expires - created > LONGEST {
        return Err(SignatureError::Outdated { created, expires });
    }
    let signatures = byte_sequences(&signatures).ok_or(SignatureError::Malformed)?;
    let signature = signatures.into_iter().rfind(|(label, _)| *label == input.label);
    let (_, signature) = signature.ok_or(SignatureError::Missing)?;
    let base = base(&input.components, &input.text, |component| exchange.value(component))
        .map_err(SignatureError::Uncovered)?;
    if !is_signed_by(key, base.as_bytes(), &signature) {
        return Err(SignatureError::Head);
    }
    match fits(&header("content-digest")?, body) {
        Some(true) => Ok(()),
        Some(false) => Err(SignatureError::Body),
        None => Err(SignatureError::Malformed),
    }
}

fn inputs_of(text: &str) -> Result<Vec<Input>, SignatureError> {
    let inputs = inputs(text).ok_or(SignatureError::Malformed)?;
    let repeats = |input: &Input| inputs.iter().filter(|it| it.label == input.label).count() > 1;
    if inputs.iter().any(repeats) { Err(SignatureError::Malformed) } else { Ok(inputs) }
}

/// The signature that says it is of a key; others may have added theirs. RFC 9421, section 3.2.
fn of_key<'i>(inputs: &'i [Input], name: &str) -> Result<&'i Input, SignatureError> {
    let own = inputs.iter().find(|input| {
        let is_known = input.algorithm.as_deref().is_none_or(|it| it == ALGORITHM);
        input.key.as_deref() == Some(name) && is_known
    });
    own.ok_or_else(|| {
        let other = inputs.iter().find_map(|input| input.key.clone());
        SignatureError::OtherKey(other.unwrap_or_default())
    })
}

/// The text that is signed; the component that is not there, where one is not. RFC 9421, section 2.5.
fn base(
    components: &[Component],
    text: &str,
    value: impl Fn(&Component) -> Option<String>,
) -> Result<String, String> {
    let mut lines = String::new();
    for component in components {
        let identifier = component.identifier();
        let Some(value) = value(component) else { return Err(identifier) };
        lines += &format!("{identifier}: {value}\n");
    }
    Ok(format!("{lines}\"@signature-params\": {text}"))
}

/// All lines of a field as one value; nothing where one is not plain text. RFC 9421, section 2.1.
fn field(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(name).iter();
    let lines: Vec<&str> =
        lines.map(|line| line.to_str().ok().map(str::trim)).collect::<Option<_>>()?;
    (!lines.is_empty()).then(|| lines.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    /// RFC 9421, appendix B.1.4.
    const KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
        MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n\
        -----END PRIVATE KEY-----\n";
    const PUBLIC: &str = "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=";
    const BODY: &[u8] = b"<http://x/a> <http://x/p> 1 .";
    const NOW: i64 = 1_800_000_000;

    fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }

    fn exchange(headers: &HeaderMap) -> Exchange<'_> {
        Exchange { method: "GET", path: "/ldes", query: Some("a=b"), status: 200, headers }
    }

    fn signed(pair: &Pair, age: i64) -> HeaderMap {
        let mut headers = HeaderMap::new();
        set(&mut headers, "content-type", "application/trig");
        let more = sign(pair, exchange(&headers), BODY, NOW, age).unwrap();
        set(&mut headers, "content-digest", &more.content_digest);
        set(&mut headers, "signature-input", &more.signature_input);
        set(&mut headers, "signature", &more.signature);
        headers
    }

    /// The example of RFC 9421, appendix B.2.6.
    #[test]
    fn the_example_of_the_standard_is_signed_as_it_says() {
        let pair = Pair::read(KEY).unwrap();
        assert_eq!(STANDARD.encode(pair.public()), PUBLIC);
        let request = [
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("@method", "POST"),
            ("@path", "/foo"),
            ("@authority", "example.com"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ];
        let names = request.map(|(name, _)| format!("\"{name}\"")).join(" ");
        let text = format!("({names});created=1618884473;keyid=\"test-key-ed25519\"");
        let read = &inputs(&format!("sig-b26={text}")).unwrap()[0];
        assert_eq!(read.text, text);
        let value = |component: &Component| {
            let found = request.iter().find(|(name, _)| *name == component.name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let base = base(&read.components, &read.text, value).unwrap();
        let wanted = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";
        assert_eq!(STANDARD.encode(pair.sign(base.as_bytes())), wanted);
    }

    #[test]
    fn what_was_signed_holds_and_whatever_is_changed_does_not() {
        let pair = Pair::read(KEY).unwrap();
        let (key, headers) = (pair.public(), signed(&pair, 10));
        let holds = |headers: &HeaderMap| verify(&key, exchange(headers), BODY, NOW);
        assert_eq!(holds(&headers), Ok(()));
        assert_eq!(verify(&key, exchange(&headers), b"", NOW), Err(SignatureError::Body));
        for name in ["signature", "signature-input"] {
            let mut without = headers.clone();
            without.remove(name);
            assert_eq!(holds(&without), Err(SignatureError::Missing), "{name}");
            set(&mut without, name, "node=x");
            assert_eq!(holds(&without), Err(SignatureError::Malformed), "{name}");
        }
        let mut other = headers.clone();
        set(&mut other, "content-type", "text/html");
        assert_eq!(holds(&other), Err(SignatureError::Head));
        set(&mut other, "content-digest", &content_digest(b""));
        assert_eq!(verify(&key, exchange(&other), b"", NOW), Err(SignatureError::Head));
        for elsewhere in [
            Exchange { path: "/ldes/page/1", ..exchange(&headers) },
            Exchange { query: None, ..exchange(&headers) },
            Exchange { method: "HEAD", ..exchange(&headers) },
            Exchange { status: 203, ..exchange(&headers) },
        ] {
            assert_eq!(verify(&key, elsewhere, BODY, NOW), Err(SignatureError::Head));
        }
        let late = headers["signature-input"].to_str().unwrap().replace("expires=1", "expires=2");
        let mut longer = headers.clone();
        set(&mut longer, "signature-input", &late);
        assert!(matches!(holds(&longer), Err(SignatureError::Outdated { .. })));
    }

    #[test]
    fn a_signature_is_of_one_key_and_one_time() {
        let pair = Pair::read(KEY).unwrap();
        let other = Pair::read(&Pair::make().unwrap()).unwrap();
        let headers = signed(&pair, 10);
        let found = verify(&other.public(), exchange(&headers), BODY, NOW);
        assert_eq!(found, Err(SignatureError::OtherKey(thumbprint(&pair.public()))));
        let at = |now, age| verify(&pair.public(), exchange(&signed(&pair, age)), BODY, now);
        for (now, age) in [(NOW - SLACK, 0), (NOW + SLACK, 0), (NOW + 604_800, 604_800)] {
            assert_eq!(at(now, age), Ok(()), "{now} {age}");
        }
        for (now, age) in
            [(NOW - SLACK - 1, 0), (NOW + SLACK + 1, 0), (NOW + LONGEST + 1, i64::MAX)]
        {
            assert!(matches!(at(now, age), Err(SignatureError::Outdated { .. })), "{now} {age}");
        }
        // What is not covered could be anything.
        let text = format!("(\"@status\");created={NOW};keyid=\"{}\"", thumbprint(&pair.public()));
        let mut less = headers;
        set(&mut less, "signature-input", &format!("node={text}"));
        let found = verify(&pair.public(), exchange(&less), BODY, NOW);
        assert_eq!(found, Err(SignatureError::Uncovered("\"content-type\"".to_owned())));
    }
}
