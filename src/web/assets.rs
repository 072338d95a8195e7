//! What pages are dressed in: the styles, scripts, fonts and icons that `web/build.mjs` made, or
//! the plain style sheet where the program was built without them. Knows no page.

use rust_embed::RustEmbed;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The style sheet of a program that was built without Node.
const PLAIN: &str = include_str!("../../web/styles/plain.css");
/// Its name.
const PLAIN_NAME: &str = "plain.css";

#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Built;

/// What is embedded cannot change while the program runs, so it is read once.
static NAMES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let manifest = Built::get("manifest.json");
    manifest.and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default()
});

static OUTLINES: LazyLock<Option<Outlines>> = LazyLock::new(|| {
    let file = Built::get("italy.json")?;
    serde_json::from_slice(&file.data).ok()
});

/// A file as it is sent.
pub struct Asset {
    pub body: std::borrow::Cow<'static, [u8]>,
    pub content_type: &'static str,
    /// How it is packed, where it is.
    pub coding: Option<&'static str>,
    /// Whether its name changes with its contents.
    pub hashed: bool,
}

/// The regions of Italy as a drawing.
#[derive(Debug, Deserialize)]
pub struct Outlines {
    /// The view box of the drawing.
    #[serde(rename = "box")]
    pub area: String,
    pub regions: Vec<Outline>,
}

/// The outline of one region.
#[derive(Debug, Deserialize)]
pub struct Outline {
    pub istat: String,
    pub path: String,
}

/// Whether the program has its styles and scripts.
pub fn are_built() -> bool {
    !NAMES.is_empty()
}

/// The outlines of the regions, where the program has them.
pub fn outlines() -> Option<&'static Outlines> {
    OUTLINES.as_ref()
}

/// The path of an asset below the node's address, where the program has it.
pub fn path(name: &str) -> Option<String> {
    NAMES.get(name).map(|file| format!("/assets/{file}"))
}

/// The path of a style sheet; the plain one stands in for the site's own.
pub fn style(name: &str) -> Option<String> {
    path(name).or_else(|| (name == "site.css").then(|| format!("/assets/{PLAIN_NAME}")))
}

/// Which build of the assets this is, for tags of pages.
pub fn digest() -> &'static str {
    NAMES.get("site.css").map_or("plain", String::as_str)
}

/// A file by its name, packed as the client likes best.
pub fn file(name: &str, accepted: &str) -> Option<Asset> {
    let content_type = content_type(name)?;
    if name == PLAIN_NAME {
        let body = PLAIN.as_bytes().into();
        return Some(Asset { body, content_type, coding: None, hashed: false });
    }
    let codings = [("br", "br"), ("gzip", "gz")];
    let packed = codings.into_iter().filter(|(coding, _)| takes(accepted, coding));
    for (coding, extension) in packed {
        if let Some(file) = Built::get(&format!("{name}.{extension}")) {
            let body = file.data;
            return Some(Asset { body, content_type, coding: Some(coding), hashed: true });
        }
    }
    let file = Built::get(name)?;
    Some(Asset { body: file.data, content_type, coding: None, hashed: true })
}

/// Whether Accept-Encoding names a coding without refusing it. RFC 9110, section 12.5.3.
pub fn takes(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|range| {
        let (name, weight) = range.split_once(';').unwrap_or((range, ""));
        let refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
        name.trim().eq_ignore_ascii_case(coding) && !refused
    })
}

fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_a_style_sheet_and_it_is_there() {
        let path = style("site.css").unwrap();
        let file = file(path.trim_start_matches("/assets/"), "").unwrap();
        assert!(!file.body.is_empty());
        assert_eq!(file.content_type, "text/css; charset=utf-8");
        assert!(super::file("manifest.json", "").is_none(), "only what pages use is served");
    }

    #[test]
    fn a_refused_packing_is_not_sent() {
        assert!(takes("gzip, br", "br") && takes("br;q=0.5", "br"));
        assert!(!takes("br;q=0, gzip", "br") && !takes("", "br"));
    }
}
