//! How is a posting's text read, so that spacing, script and look-alikes hide nothing?
//!
//! A text becomes characters that each remember their place in the original: width, case, script and invisible characters are
//! folded away ([`crate::domain::fold`]), sentence marks become [`BREAK`], all other separators vanish (between two digits
//! one `-` stays). Patterns are short sequences of alternatives with bounded gaps, looked up by first character, so reading is
//! linear in the text.

use std::collections::HashMap;

use crate::domain::fold::{fold, is_invisible};

/// End of a clause; only a pattern that names it goes across.
pub const BREAK: char = '|';
/// In place of lawful wording that no pattern may use.
pub const BLANK: char = '\u{25a1}';

/// One piece of a pattern.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// One of these words.
    Is(&'static [&'static str]),
    /// One of these words, or nothing.
    Maybe(&'static [&'static str]),
    /// Up to this many characters of the same clause.
    Gap(usize),
    /// A word for the person wanted, from the list the search is for; the flag admits slang, pinyin and English.
    Person { loose: bool },
    /// A digit.
    Digit,
    /// The beginning of a clause.
    Start,
    /// The end of a clause.
    End,
    /// None of these words follows.
    Not(&'static [&'static str]),
}

/// The words [`Part::Person`] stands for: for men, for women.
#[derive(Clone, Copy, Debug)]
pub struct Persons {
    pub plain: &'static [&'static str],
    pub loose: &'static [&'static str],
}

/// A text ready to be searched.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    original: &'a str,
    chars: Vec<char>,
    /// Byte range of the original behind each character.
    places: Vec<(usize, usize)>,
}

impl<'a> Reading<'a> {
    pub fn new(original: &'a str) -> Self {
        let mut reading = Self { original, chars: Vec::new(), places: Vec::new() };
        let mut pending = false;
        for (at, c) in original.char_indices() {
            if is_invisible(c) {
                continue;
            }
            let place = (at, at + c.len_utf8());
            for c in symbols(c).map_or_else(|| fold(c.encode_utf8(&mut [0; 4])), str::to_owned).chars() {
                if is_break(c) {
                    reading.push(BREAK, place);
                } else if c.is_alphanumeric() {
                    let between_digits = pending && c.is_ascii_digit() && reading.ends_with_digit();
                    if between_digits {
                        reading.push('-', place);
                    }
                    reading.push(c, place);
                } else {
                    pending = true;
                    continue;
                }
                pending = false;
            }
        }
        reading
    }

    fn push(&mut self, c: char, place: (usize, usize)) {
        self.chars.push(c);
        self.places.push(place);
    }

    fn ends_with_digit(&self) -> bool {
        self.chars.last().is_some_and(char::is_ascii_digit)
    }

    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// The same text without [`BREAK`], for words split by sentence marks.
    pub fn without_breaks(&self) -> Self {
        let kept = |(c, place): (&char, &(usize, usize))| (*c != BREAK).then_some((*c, *place));
        let (chars, places) = self.chars.iter().zip(&self.places).filter_map(kept).unzip();
        Self { original: self.original, chars, places }
    }

    /// Takes lawful wording out of the reading.
    pub fn blank(&mut self, range: (usize, usize)) {
        self.chars[range.0..range.1].fill(BLANK);
    }

    /// The original words behind a match, cut to what fits in a message.
    pub fn excerpt(&self, (from, to): (usize, usize)) -> String {
        let places = &self.places[from..to];
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return String::new() };
        self.original.get(first.0..last.1).unwrap_or_default().chars().take(40).collect()
    }
}

/// Pictures that stand for a word.
const fn symbols(c: char) -> Option<&'static str> {
    match c {
        '♂' | '\u{1f468}' | '\u{1f466}' | '\u{1f6b9}' => Some("男"),
        '♀' | '\u{1f469}' | '\u{1f467}' | '\u{1f6ba}' => Some("女"),
        _ => None,
    }
}

/// Marks after which another statement begins. The colon is none: it joins a name and its value.
const fn is_break(c: char) -> bool {
    matches!(
        c,
        '。' | '，'
            | '、'
            | '；'
            | '！'
            | '？'
            | ','
            | ';'
            | '!'
            | '?'
            | '\n'
            | '\r'
            | '|'
            | '('
            | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '<'
            | '>'
            | '【'
            | '】'
            | '《'
            | '》'
            | '「'
            | '」'
            | '『'
            | '』'
            | '“'
            | '”'
            | '"'
    )
}

/// Where `parts` end when they begin at `at`; the longest alternatives are not preferred, any will do.
pub fn match_at(chars: &[char], at: usize, parts: &[Part], persons: Persons) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else { return Some(at) };
    let words = |words: &[&str]| {
        words.iter().find_map(|word| after(chars, at, word).and_then(|end| match_at(chars, end, rest, persons)))
    };
    match *part {
        Part::Is(list) => words(list),
        Part::Maybe(list) => words(list).or_else(|| match_at(chars, at, rest, persons)),
        Part::Person { loose } => words(persons.plain).or_else(|| if loose { words(persons.loose) } else { None }),
        Part::Gap(most) => (0..=most)
            .take_while(|length| *length == 0 || chars.get(at + length - 1).is_some_and(|c| *c != BREAK && *c != BLANK))
            .find_map(|length| match_at(chars, at + length, rest, persons)),
        Part::Digit => {
            chars.get(at).filter(|c| c.is_ascii_digit()).and_then(|_| match_at(chars, at + 1, rest, persons))
        }
        Part::Start => {
            let starts = at == 0 || chars[at - 1] == BREAK;
            if starts { match_at(chars, at, rest, persons) } else { None }
        }
        Part::End => {
            let ends = chars.get(at).is_none_or(|c| *c == BREAK);
            if ends { match_at(chars, at, rest, persons) } else { None }
        }
        Part::Not(list) => {
            let follows = list.iter().any(|word| after(chars, at, word).is_some());
            if follows { None } else { match_at(chars, at, rest, persons) }
        }
    }
}

/// The place after `word` if it stands at `at`.
fn after(chars: &[char], at: usize, word: &str) -> Option<usize> {
    let mut end = at;
    for c in word.chars() {
        if chars.get(end) != Some(&c) {
            return None;
        }
        end += 1;
    }
    Some(end)
}

/// Patterns by the characters they can begin with.
#[derive(Debug, Default)]
pub struct Index(HashMap<char, Vec<usize>>);

impl Index {
    /// Every pattern must begin with something that is not empty, after any [`Part::Start`] and [`Part::Maybe`].
    pub fn new<'p>(patterns: impl Iterator<Item = &'p [Part]>, persons: &[Persons]) -> Self {
        let mut index: HashMap<char, Vec<usize>> = HashMap::new();
        for (number, parts) in patterns.enumerate() {
            let mut firsts: Vec<char> = Vec::new();
            for part in parts {
                let mut add = |words: &[&str]| firsts.extend(words.iter().filter_map(|word| word.chars().next()));
                match *part {
                    Part::Start | Part::End | Part::Gap(_) | Part::Not(_) => continue,
                    Part::Maybe(words) => {
                        add(words);
                        continue;
                    }
                    Part::Is(words) => add(words),
                    Part::Digit => firsts.extend('0'..='9'),
                    Part::Person { loose } => {
                        for persons in persons {
                            add(persons.plain);
                            add(if loose { persons.loose } else { &[] });
                        }
                    }
                }
                break;
            }
            firsts.sort_unstable();
            firsts.dedup();
            for first in firsts {
                index.entry(first).or_default().push(number);
            }
        }
        Self(index)
    }

    /// The patterns worth trying at a character, in the order of the table.
    pub fn at(&self, c: char) -> &[usize] {
        self.0.get(&c).map_or(&[], Vec::as_slice)
    }
}
