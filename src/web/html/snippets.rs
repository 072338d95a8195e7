//! Programs that send a query: for a shell, Python, R and JavaScript, each ready to run. The
//! scripts of the SPARQL page fill the same templates in the same way.

/// A snippet with its query in it, and the templates it is made from.
pub struct Snippet {
    /// The name of its language on the page.
    pub name: &'static str,
    /// The extension of its language, by which scripts know how to quote.
    pub kind: &'static str,
    pub text: String,
    /// The template for a SELECT, and the one for any other query.
    pub rows: String,
    pub other: String,
}

/// Name, extension, and the templates for a SELECT and for any other query.
const TEMPLATES: [(&str, &str, &str, &str); 4] = [
    (
        "curl",
        "sh",
        include_str!("../../../web/templates/snippets/rows.sh"),
        include_str!("../../../web/templates/snippets/text.sh"),
    ),
    (
        "Python",
        "py",
        include_str!("../../../web/templates/snippets/rows.py"),
        include_str!("../../../web/templates/snippets/text.py"),
    ),
    (
        "R",
        "r",
        include_str!("../../../web/templates/snippets/rows.r"),
        include_str!("../../../web/templates/snippets/text.r"),
    ),
    (
        "JavaScript",
        "js",
        include_str!("../../../web/templates/snippets/rows.js"),
        include_str!("../../../web/templates/snippets/text.js"),
    ),
];

/// What kind of answer a query has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    Rows,
    Truth,
    Graph,
}

/// The snippets for a query that is sent to an endpoint.
pub fn snippets(endpoint: &str, query: &str, reply: Reply) -> Vec<Snippet> {
    let accept = if reply == Reply::Graph { "text/turtle" } else { "text/csv" };
    let fill = |(name, kind, rows, other): (&'static str, &'static str, &str, &str)| {
        let [rows, other] =
            [rows, other].map(|text| text.trim_end().replace("{endpoint}", endpoint));
        let template = if reply == Reply::Rows { &rows } else { &other };
        let text = template.replace("{accept}", accept);
        let text = text.replacen("{query}", &quoted(kind, query.trim()), 1);
        Snippet { name, kind, text, rows, other }
    };
    TEMPLATES.into_iter().map(fill).collect()
}

/// A query as it stands inside the quotes of a language.
fn quoted(kind: &str, query: &str) -> String {
    match kind {
        "sh" => query.replace('\'', "'\\''"),
        "py" => {
            let text = query.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
            match text.strip_suffix('"') {
                Some(rest) => format!("{rest}\\\""),
                None => text,
            }
        }
        "js" => query.replace('\\', "\\\\").replace('`', "\\`").replace("${", "\\${"),
        _ => query.replace('\\', "\\\\").replace('\'', "\\'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_keeps_its_quotes_and_backslashes_in_every_language() {
        let query = r#"SELECT ?s { ?s ?p 'it\'s', """a "b" `${c}`""" }"#;
        assert_eq!(quoted("sh", "it's"), "it'\\''s");
        assert!(quoted("py", query).contains(r#"'it\\'s', \"\"\"a"#));
        assert!(quoted("js", query).contains("\\`\\${c}\\`"));
        assert!(quoted("r", query).contains(r"\'it\\\'s\'"));
        assert_eq!(quoted("py", "a\""), "a\\\"");
        for snippet in snippets("http://localhost/sparql", query, Reply::Graph) {
            let left = ["{endpoint}", "{query}", "{accept}"];
            assert!(left.iter().all(|place| !snippet.text.contains(place)), "{}", snippet.text);
        }
    }
}
