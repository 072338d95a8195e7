//! Texts with places for what is only known at the time.

/// A text with its `{places}` filled.
pub fn told(text: &str, values: &[(&str, String)]) -> String {
    values
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}
