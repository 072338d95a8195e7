//! Sentences made from the templates of `phrases.txt` and the words of the lexicon.
//! Knows how to speak of a scene, not what a record is made of.

use super::dice::Dice;
use super::grammar::{Determiner, determine, determiner};
use super::lexicon::{Lexicon, List, Noun, Shelf, position};
use super::part::{PARTS, Part, SECTIONS};

const PHRASES: &str = include_str!("phrases.txt");

/// What a sentence may name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// The field whose words are used.
    pub(crate) field: usize,
    /// The words of the field that every sentence comes back to, as places in its lists.
    pub(crate) subject: [usize; 3],
    /// The name of the place.
    pub(crate) place: &'a str,
    /// "There".
    pub(crate) within: &'a str,
    /// The year in which it began.
    pub(crate) year: i16,
}

/// A list of the general shelf, or the list at the same place of every field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    General(usize),
    Field(usize),
}

#[derive(Debug)]
enum Piece {
    Said(&'static str),
    /// The ending that agrees with the last noun.
    Ending,
    Noun {
        kind: Determiner,
        plural: bool,
        list: Source,
        adjectives: Option<usize>,
    },
    Plain(Source),
    /// An English word after "a" or "an".
    English(Source),
    Number(i64, i64),
    Place,
    Within,
    Year,
}

type Template = Vec<Piece>;

/// Everything there is to say.
#[derive(Debug)]
pub(crate) struct Phrasebook {
    lexicon: Lexicon,
    sections: [Vec<Template>; PARTS],
}

impl Phrasebook {
    /// Reads the templates that are part of the program.
    pub(crate) fn new(lexicon: Lexicon) -> Self {
        let sections = SECTIONS.map(|name| {
            let head = format!("\n= {name}\n");
            let (_, rest) = PHRASES.split_once(&head).expect("phrases.txt has every section");
            let lines = rest.lines().take_while(|line| !line.starts_with("= "));
            lines.filter(|line| !line.is_empty()).map(|line| template(line, &lexicon)).collect()
        });
        Self { lexicon, sections }
    }

    /// The words.
    pub(crate) fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Draws what a scene in this field is about: a service, a need, the people concerned.
    pub(crate) fn subject(&self, field: usize, dice: &mut Dice) -> [usize; 3] {
        let lists = &self.lexicon.field(field).nouns;
        std::array::from_fn(|at| lists[at].draw(dice))
    }

    /// One text on its own.
    pub(crate) fn text(&self, part: Part, scene: Scene<'_>, dice: &mut Dice) -> String {
        let mut text = String::with_capacity(400);
        self.say(part, scene, dice, &mut text);
        text
    }

    /// Adds one sentence to the text, with a capital.
    pub(crate) fn say(&self, part: Part, scene: Scene<'_>, dice: &mut Dice, text: &mut String) {
        let start = text.len();
        let template = dice.pick(&self.sections[part as usize]);
        let mut sentence =
            Sentence { phrasebook: self, scene, used: Vec::new(), agreed: (false, false) };
        sentence.all(template, dice, text);
        capitalise(text, start);
    }
}

/// A sentence on its way.
struct Sentence<'a> {
    phrasebook: &'a Phrasebook,
    scene: Scene<'a>,
    /// Words already drawn, so that none comes twice.
    used: Vec<(Source, usize)>,
    /// Gender and number of the last noun: feminine, plural.
    agreed: (bool, bool),
}

impl Sentence<'_> {
    fn all(&mut self, template: &[Piece], dice: &mut Dice, text: &mut String) {
        template.iter().for_each(|piece| self.write(piece, dice, text));
    }

    fn write(&mut self, piece: &Piece, dice: &mut Dice, text: &mut String) {
        match piece {
            Piece::Said(said) => text.push_str(said),
            Piece::Ending => text.push(match self.agreed {
                (false, false) => 'o',
                (true, false) => 'a',
                (false, true) => 'i',
                (true, true) => 'e',
            }),
            Piece::Noun { kind, plural, list, adjectives } => {
                self.noun(*kind, *plural, *list, *adjectives, dice, text);
            }
            Piece::Plain(source) => text.push_str(self.plain(*source, dice)),
            Piece::English(source) => {
                let word = self.plain(*source, dice);
                let vowel = word.starts_with(['a', 'e', 'i', 'o', 'u']);
                text.extend([if vowel { "an " } else { "a " }, word]);
            }
            Piece::Number(low, high) => text.push_str(&dice.between(*low, *high).to_string()),
            Piece::Place => text.push_str(self.scene.place),
            Piece::Within => text.push_str(self.scene.within),
            Piece::Year => text.push_str(&self.scene.year.to_string()),
        }
    }

    fn plain(&mut self, source: Source, dice: &mut Dice) -> &'static str {
        let list = plain(self.phrasebook.lexicon(), self.scene.field, source);
        list.words[self.fresh(source, list, dice)]
    }

    fn noun(
        &mut self,
        kind: Determiner,
        plural: bool,
        source: Source,
        adjectives: Option<usize>,
        dice: &mut Dice,
        text: &mut String,
    ) {
        let lexicon = self.phrasebook.lexicon();
        let list = nouns(lexicon, self.scene.field, source);
        let noun = &list.words[self.fresh(source, list, dice)];
        let form = if plural { noun.plural } else { noun.singular };
        determine(kind, form, noun.feminine, plural, text);
        text.push_str(form);
        self.agreed = (noun.feminine, plural);
        if let Some(at) = adjectives {
            let list = &lexicon.general.adjectives[at];
            text.push(' ');
            text.push_str(list.words[list.draw(dice)].form(noun.feminine, plural));
        }
    }

    /// A word that this sentence does not have yet; of a list of the field, its subject first.
    fn fresh<T>(&mut self, source: Source, list: &List<T>, dice: &mut Dice) -> usize {
        let mut at = match source {
            Source::Field(list_at) if !self.used.iter().any(|(used, _)| *used == source) => {
                self.scene.subject[list_at] % list.words.len()
            }
            _ => list.draw(dice),
        };
        // One step more than the words there are: a short list may have to repeat itself.
        for _ in 0..list.words.len() {
            if !self.used.contains(&(source, at)) {
                break;
            }
            at = (at + 1) % list.words.len();
        }
        self.used.push((source, at));
        at
    }
}

fn shelf(lexicon: &Lexicon, field: usize, source: Source) -> (&Shelf, usize) {
    match source {
        Source::General(at) => (&lexicon.general, at),
        Source::Field(at) => (lexicon.field(field), at),
    }
}

fn nouns(lexicon: &Lexicon, field: usize, source: Source) -> &List<Noun> {
    let (shelf, at) = shelf(lexicon, field, source);
    &shelf.nouns[at]
}

fn plain(lexicon: &Lexicon, field: usize, source: Source) -> &List<&'static str> {
    let (shelf, at) = shelf(lexicon, field, source);
    &shelf.plain[at]
}

/// Reads a line of `phrases.txt`.
fn template(line: &'static str, lexicon: &Lexicon) -> Template {
    let mut pieces = Vec::new();
    for part in line.split_inclusive(']') {
        let (said, slot) = part.split_once('[').unwrap_or((part, ""));
        for (at, said) in said.split('~').enumerate() {
            if at > 0 {
                pieces.push(Piece::Ending);
            }
            pieces.push(Piece::Said(said));
        }
        if let Some(slot) = slot.strip_suffix(']') {
            pieces.push(slot_of(slot, lexicon));
        }
    }
    pieces
}

fn slot_of(slot: &str, lexicon: &Lexicon) -> Piece {
    let words: Vec<&str> = slot.split(' ').collect();
    match words.as_slice() {
        ["dove"] => Piece::Within,
        ["luogo"] => Piece::Place,
        ["anno"] => Piece::Year,
        ["n", low, high] => {
            let number = |text: &str| text.parse().expect("phrases.txt has numbers after n");
            Piece::Number(number(low), number(high))
        }
        [name] => Piece::Plain(source(name, lexicon, |shelf| &shelf.plain)),
        ["a", name] => Piece::English(source(name, lexicon, |shelf| &shelf.plain)),
        [kind, name, rest @ ..] => {
            let (kind, plural) =
                determiner(kind).expect("phrases.txt has a determiner first in every noun slot");
            let adjectives = rest.first().map(|name| {
                position(&lexicon.general.adjectives, name).expect("words.txt has the adjectives")
            });
            let list = source(name, lexicon, |shelf| &shelf.nouns);
            Piece::Noun { kind, plural, list, adjectives }
        }
        [] => Piece::Said(""),
    }
}

fn source<T>(name: &str, lexicon: &Lexicon, lists: impl Fn(&Shelf) -> &Vec<List<T>>) -> Source {
    position(lists(&lexicon.general), name)
        .map(Source::General)
        .or_else(|| position(lists(lexicon.field(0)), name).map(Source::Field))
        .expect("words.txt or fields.txt has every list that phrases.txt names")
}

/// Makes the letter at `start` a capital.
fn capitalise(text: &mut String, start: usize) {
    let Some(first) = text[start..].chars().next() else { return };
    let capital: String = first.to_uppercase().collect();
    text.replace_range(start..start + first.len_utf8(), &capital);
}

#[cfg(test)]
mod tests {
    use super::super::dice::{Chance, Stream};
    use super::*;

    const SCENE: Scene<'_> =
        Scene { field: 0, subject: [0; 3], place: "Bari", within: "a Bari", year: 2019 };

    #[test]
    fn a_template_agrees_in_gender_number_and_article() {
        let lexicon = Lexicon::new();
        let line = "[il operatore] è stat~; [i utente] sono stat~ a [luogo] nel [anno]";
        let book = Phrasebook {
            sections: std::array::from_fn(|_| vec![template(line, &lexicon)]),
            lexicon,
        };
        let mut dice = Chance::new(3).dice(Stream::Setting, 0);
        for _ in 0..50 {
            let mut said = String::new();
            book.say(Part::Title, SCENE, &mut dice, &mut said);
            let wrong = [
                ("La ", "o;"),
                ("Lo ", "a;"),
                ("Il ", "a;"),
                (" gli ", "e "),
                (" i ", "e "),
                (" le ", "i "),
            ];
            let has = |sign: &str| said.starts_with(sign) || said.contains(sign);
            for (article, ending) in wrong {
                assert!(!(has(article) && has(&format!("stat{ending}"))), "{said}");
            }
            assert!(said.ends_with(" a Bari nel 2019"), "{said}");
        }
    }

    #[test]
    fn every_section_speaks_in_every_field() {
        let book = Phrasebook::new(Lexicon::new());
        let mut dice = Chance::new(3).dice(Stream::Setting, 1);
        for field in 0..17 {
            for (at, templates) in book.sections.iter().enumerate() {
                assert!(templates.len() > 1, "{}", SECTIONS[at]);
                let scene = Scene { field, ..SCENE };
                for template in templates {
                    let mut said = String::new();
                    Sentence { phrasebook: &book, scene, used: Vec::new(), agreed: (false, false) }
                        .all(template, &mut dice, &mut said);
                    assert!(said.len() > 4 && !said.contains(['[', ']', '~']), "{said}");
                    assert!(!said.contains("  ") && said.len() < 900, "{said}");
                }
            }
        }
    }
}
