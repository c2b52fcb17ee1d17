//! How is a posting's text read, so that spacing, script and look-alikes hide nothing?
//!
//! A text becomes characters that each remember their place in the original: width, case, script and invisible characters are
//! folded away ([`crate::domain::fold`]), sentence marks become [`BREAK`], all other separators vanish (between two digits
//! `.` and `:` stay, anything else leaves one `-`). Patterns are short sequences of alternatives with bounded gaps, looked up
//! by first character, so reading is linear in the text.
//!
//! White space hides nothing, but it separates statements: a wording that breaks a rule is found across it, a wording that
//! excuses another is not. So the reading has a second face, [`Reading::spaced`], with a [`SOFT`] break for white space between
//! words; what is blanked there is blanked in both.

use std::collections::HashMap;

use super::words::{ANSWERED, EXEMPT, NO};
use crate::domain::fold::{fold, is_invisible};

/// End of a clause; only a pattern that names it goes across.
pub const BREAK: char = '|';
/// White space between two words, in the spaced face only. Letters set apart (`男 女 不 限`) are no words.
pub const SOFT: char = ' ';
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
    /// None of these words follows, be it after a soft break.
    Not(&'static [&'static str]),
    /// None of these words ends here, be it before a soft break.
    NotAfter(&'static [&'static str]),
    /// These parts do not match here, be it after a soft break.
    Unless(&'static [Self]),
    /// A word of [`NO`] that is one: not the end of a number (`3000`) or of another word (`食宿全免`).
    No,
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
    /// The characters with soft breaks between words.
    spaced: Vec<char>,
    /// Which of `chars` each of `spaced` is; a soft break has that of the character after it.
    origins: Vec<usize>,
}

impl<'a> Reading<'a> {
    pub fn new(original: &'a str) -> Self {
        let mut reading =
            Self { original, chars: Vec::new(), places: Vec::new(), spaced: Vec::new(), origins: Vec::new() };
        let mut separators = Separators::default();
        let mut after_space = Vec::new();
        for (at, c) in original.char_indices() {
            if is_invisible(c) {
                continue;
            }
            let place = (at, at + c.len_utf8());
            for c in symbols(c).map_or_else(|| fold(c.encode_utf8(&mut [0; 4])), str::to_owned).chars() {
                if is_break(c) {
                    reading.push(BREAK, place);
                } else if c.is_alphanumeric() {
                    if separators.any && c.is_ascii_digit() && reading.ends_with_digit() {
                        reading.push(separators.between_digits(), place);
                    }
                    reading.push(c, place);
                } else {
                    separators.add(c);
                    continue;
                }
                after_space.resize(reading.chars.len(), false);
                if let Some(last) = after_space.last_mut() {
                    *last = separators.space;
                }
                separators = Separators::default();
            }
        }
        reading.space_out(&after_space);
        reading
    }

    fn push(&mut self, c: char, place: (usize, usize)) {
        self.chars.push(c);
        self.places.push(place);
    }

    /// Makes the spaced face.
    fn space_out(&mut self, after_space: &[bool]) {
        let spaced_at = |at: usize| after_space.get(at) == Some(&true);
        let is_word = |c: Option<&char>| c.is_some_and(|c| !c.is_ascii() && *c != BREAK);
        let ends = |c: Option<&char>| c.is_none_or(|c| *c == BREAK);
        for at in 0..self.chars.len() {
            let before = at.checked_sub(1).and_then(|at| self.chars.get(at));
            if spaced_at(at) && is_word(before) && is_word(self.chars.get(at)) {
                let alone_before = spaced_at(at - 1) || ends(at.checked_sub(2).and_then(|at| self.chars.get(at)));
                let alone_after = spaced_at(at + 1) || ends(self.chars.get(at + 1));
                if !(alone_before && alone_after) {
                    self.spaced.push(SOFT);
                    self.origins.push(at);
                }
            }
            self.spaced.push(self.chars[at]);
            self.origins.push(at);
        }
    }

    fn ends_with_digit(&self) -> bool {
        self.chars.last().is_some_and(char::is_ascii_digit)
    }

    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// The face lawful wording is looked for in.
    pub fn spaced(&self) -> &[char] {
        &self.spaced
    }

    /// The same text without [`BREAK`], for words split by sentence marks.
    pub fn without_breaks(&self) -> Self {
        let kept = |(c, place): (&char, &(usize, usize))| (*c != BREAK).then_some((*c, *place));
        let (chars, places) = self.chars.iter().zip(&self.places).filter_map(kept).unzip();
        Self { original: self.original, chars, places, spaced: Vec::new(), origins: Vec::new() }
    }

    /// Takes lawful wording out of the reading; the range is one of the spaced face.
    pub fn blank(&mut self, range: (usize, usize)) {
        self.spaced[range.0..range.1].fill(BLANK);
        for origin in &self.origins[range.0..range.1] {
            self.chars[*origin] = BLANK;
        }
    }

    /// The original words behind a match, cut to what fits in a message.
    pub fn excerpt(&self, (from, to): (usize, usize)) -> String {
        let places = &self.places[from..to];
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return String::new() };
        self.original.get(first.0..last.1).unwrap_or_default().chars().take(40).collect()
    }
}

/// What stood between two characters that are kept.
#[derive(Clone, Copy, Debug, Default)]
struct Separators {
    any: bool,
    space: bool,
    first: Option<char>,
    /// Something else than white space after the first.
    more: bool,
}

impl Separators {
    fn add(&mut self, c: char) {
        self.any = true;
        self.space |= c.is_whitespace();
        if self.first.is_none() {
            self.first = Some(c);
        } else {
            self.more |= !c.is_whitespace();
        }
    }

    /// A decimal point, the number of a list and the colon of a time are kept apart from a range.
    const fn between_digits(self) -> char {
        match self.first {
            Some('.') if !self.more => '.',
            Some(':') if !self.more && !self.space => ':',
            _ => '-',
        }
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
            .take_while(|length| {
                *length == 0 || chars.get(at + length - 1).is_some_and(|c| ![BREAK, BLANK, SOFT].contains(c))
            })
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
            let follows = |at: usize| list.iter().any(|word| after(chars, at, word).is_some());
            if after_soft(chars, at, follows) { None } else { match_at(chars, at, rest, persons) }
        }
        Part::NotAfter(list) => {
            let end = if at > 0 && chars[at - 1] == SOFT { at - 1 } else { at };
            let stands_before = list.iter().any(|word| ends_with(&chars[..end], word));
            if stands_before { None } else { match_at(chars, at, rest, persons) }
        }
        Part::Unless(parts) => {
            let follows = |at: usize| match_at(chars, at, parts, persons).is_some();
            if after_soft(chars, at, follows) { None } else { match_at(chars, at, rest, persons) }
        }
        Part::No => NO
            .iter()
            .filter(|word| is_negation(&chars[..at], word))
            .find_map(|word| after(chars, at, word).and_then(|end| match_at(chars, end, rest, persons))),
    }
}

fn after_soft(chars: &[char], at: usize, holds: impl Fn(usize) -> bool) -> bool {
    holds(at) || (chars.get(at) == Some(&SOFT) && holds(at + 1))
}

/// Whether a word of [`NO`] that follows `before` says no. `3000` says nothing, nor does `食宿全免`, `经验无` or `不得不交`.
fn is_negation(before: &[char], word: &str) -> bool {
    let ends = |words: &[&str]| words.iter().any(|word| ends_with(before, word));
    let in_number =
        |more: &str| before.last().is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | ':') || more.contains(*c));
    match word {
        "0" => !in_number("") && !ends(ANSWERED),
        "零" => !in_number("一二两三四五六七八九十百千万") && !ends(ANSWERED),
        "无" | "没有" | "不要求" | "不看" | "不问" | "不查" => !ends(ANSWERED),
        "免" | "免交" | "免收" | "免缴" => !ends(EXEMPT),
        word if word.starts_with('不') => !ends(&["不得", "不能", "不可", "不会", "无不", "并非"]),
        _ => true,
    }
}

fn ends_with(chars: &[char], word: &str) -> bool {
    let mut rest = chars.iter().rev();
    word.chars().rev().all(|c| rest.next() == Some(&c))
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
                    Part::Start | Part::End | Part::Gap(_) | Part::Not(_) | Part::NotAfter(_) | Part::Unless(_) => {
                        continue;
                    }
                    Part::No => add(NO),
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
