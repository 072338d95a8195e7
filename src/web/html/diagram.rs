//! A class of the ontology as a drawing: its box in the middle, what points to it on the left,
//! what it points to on the right. Draws; knows nothing of where the outline comes from.

use crate::schema::{Language, Outline, Property};
use askama::Template;

/// Sizes in the units of the drawing.
const LINE: usize = 18;
const LETTER: usize = 7;
const PADDING: usize = 12;
const ROW: usize = 58;
const GAP: usize = 190;
const SIDE: usize = 190;

#[derive(Template)]
#[template(path = "diagram.svg", escape = "html")]
struct Drawing {
    tag: &'static str,
    title: String,
    width: usize,
    height: usize,
    middle: Frame,
    label: String,
    class: String,
    lines: Vec<Line>,
    arrows: Vec<Arrow>,
}

struct Frame {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
}

impl Frame {
    fn center(&self) -> usize {
        self.x + self.width / 2
    }
}

struct Line {
    x: usize,
    y: usize,
    text: String,
    term: String,
}

struct Arrow {
    from: usize,
    to: usize,
    y: usize,
    text: String,
    frame: Frame,
    label: String,
    class: String,
}

/// One class as SVG 1.1, self-contained, with a title for those who do not see it.
pub fn diagram(outline: &Outline, language: Language) -> askama::Result<String> {
    let lines: Vec<(String, String)> = outline
        .values
        .iter()
        .map(|value| (told(value, language), format!("{} · {}", value.term, value.kind)))
        .collect();
    let longest = lines.iter().map(|(text, term)| letters(text).max(letters(term))).max();
    let title = outline.label.get(language).to_owned();
    let inner = (longest.unwrap_or(0).max(letters(&title)).max(14) + 1) * LETTER;
    let rows = outline.links.len().max(outline.inverse.len());
    let has_left = !outline.inverse.is_empty();
    let has_right = !outline.links.is_empty();
    let middle = Frame {
        x: PADDING + if has_left { SIDE + GAP } else { 0 },
        y: PADDING,
        width: inner + 2 * PADDING,
        height: (LINE * 3 + lines.len() * (2 * LINE - 2) + PADDING).max(rows * ROW + LINE),
    };
    let side = |property: &Property, place: usize, is_left: bool| {
        let y = middle.y + LINE + place * ROW;
        let right = middle.x + middle.width;
        let x = if is_left { PADDING } else { right + GAP };
        let (from, to) = if is_left { (PADDING + SIDE, middle.x) } else { (right, right + GAP) };
        Arrow {
            from,
            to,
            y: y + 20,
            text: told(property, language),
            frame: Frame { x, y, width: SIDE, height: 40 },
            label: property.called.get(language).to_owned(),
            class: property.kind.clone(),
        }
    };
    let left = outline.inverse.iter().enumerate().map(|(place, one)| side(one, place, true));
    let right = outline.links.iter().enumerate().map(|(place, one)| side(one, place, false));
    let arrows: Vec<Arrow> = left.chain(right).collect();
    let lines = (0..).zip(lines).map(|(place, (text, term))| Line {
        x: middle.x + PADDING,
        y: middle.y + LINE * 4 + place * (2 * LINE - 2),
        text,
        term,
    });
    let drawing = Drawing {
        tag: if language == Language::Italian { "it" } else { "en" },
        width: middle.x + middle.width + PADDING + if has_right { GAP + SIDE } else { 0 },
        height: middle.height + 2 * PADDING,
        lines: lines.collect(),
        arrows,
        label: title.clone(),
        class: outline.class.clone(),
        title,
        middle,
    };
    drawing.render()
}

/// A property's name and how many values it takes: nothing said is any number.
fn told(property: &Property, language: Language) -> String {
    let count = match (property.least, property.most) {
        (0, None) => String::new(),
        (least, None) => format!(" {least}..*"),
        (least, Some(most)) if least == most => format!(" {most}"),
        (least, Some(most)) => format!(" {least}..{most}"),
    };
    format!("{}{count}", property.name.get(language))
}

fn letters(text: &str) -> usize {
    text.chars().count()
}
