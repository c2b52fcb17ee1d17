//! What does one text of a posting say that it must not?

use std::sync::LazyLock;

use super::lawful::LAWFUL;
use super::matcher::{BREAK, Index, Part, Persons, Reading, match_at};
use super::patterns::{ACROSS, RAW, SEX, SEX_ACROSS, SexPattern, TEXT, TextPattern};
use super::words::{MEN, SUFFIX, WOMEN};
use super::{LawFinding, LawLevel, LawRule, PostingFacts, PostingField};
use crate::domain::work_limits::forbidden_to_women;

/// A number outside is no limit of age.
const WORKING_AGES: std::ops::RangeInclusive<u8> = 16..=70;

/// A table of patterns with its index by first character.
struct Table<P: 'static> {
    patterns: &'static [P],
    parts: fn(&P) -> &'static [Part],
    index: Index,
}

impl<P> Table<P> {
    fn new(patterns: &'static [P], parts: fn(&P) -> &'static [Part]) -> Self {
        Self { patterns, parts, index: Index::new(patterns.iter().map(parts), &[MEN, WOMEN]) }
    }

    /// Every match in the order of the text; at one place in the order of the table.
    fn matches(&self, chars: &[char], persons: Persons) -> Vec<(&'static P, (usize, usize))> {
        let mut found = Vec::new();
        for (at, c) in chars.iter().enumerate() {
            for number in self.index.at(*c) {
                let pattern = &self.patterns[*number];
                if let Some(end) = match_at(chars, at, (self.parts)(pattern), persons) {
                    found.push((pattern, (at, end)));
                }
            }
        }
        found
    }
}

struct Tables {
    raw: Table<TextPattern>,
    lawful: Table<&'static [Part]>,
    text: Table<TextPattern>,
    across: Table<TextPattern>,
    sex: Table<SexPattern>,
    sex_across: Table<SexPattern>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    raw: Table::new(RAW, |pattern| pattern.parts),
    lawful: Table::new(LAWFUL, |parts| parts),
    text: Table::new(TEXT, |pattern| pattern.parts),
    across: Table::new(ACROSS, |pattern| pattern.parts),
    sex: Table::new(SEX, |pattern| pattern.parts),
    sex_across: Table::new(SEX_ACROSS, |pattern| pattern.parts),
});

pub fn check(field: PostingField, text: &str, posting: &PostingFacts<'_>, findings: &mut Vec<LawFinding>) {
    let tables = &*TABLES;
    let mut reading = Reading::new(text);
    report(&tables.raw, &reading, field, findings);
    let both = [ages_of_both(reading.chars()), ages_of_both(reading.without_breaks().chars())];
    blank_lawful(&mut reading, &tables.lawful);
    let across = reading.without_breaks();
    report(&tables.text, &reading, field, findings);
    report(&tables.across, &across, field, findings);
    let [both, both_across] = &both;
    let searches = [(&tables.sex, &reading, both.as_slice()), (&tables.sex_across, &across, both_across.as_slice())];
    sex(&searches, field, posting, findings);
    super::columns::ages_in_text(&reading, field, findings);
}

/// Earlier rows of the table win: a blanked character matches nothing any more.
fn blank_lawful(reading: &mut Reading<'_>, table: &Table<&'static [Part]>) {
    let mut found = table.matches(reading.spaced(), MEN);
    let row = |parts: &&'static [Part]| table.patterns.iter().position(|other| std::ptr::eq(*other, *parts));
    found.sort_by_key(|(parts, (from, _))| (row(parts), *from));
    for (parts, (from, _)) in found {
        if let Some(end) = match_at(reading.spaced(), from, parts, MEN) {
            reading.blank((from, end));
        }
    }
}

/// One finding for each rule and level, at its first place.
fn report(table: &Table<TextPattern>, reading: &Reading<'_>, field: PostingField, findings: &mut Vec<LawFinding>) {
    for (pattern, range) in table.matches(reading.chars(), MEN) {
        let known = |f: &LawFinding| f.field == field && f.rule == pattern.rule && f.level == pattern.level;
        if !findings.iter().any(known) {
            findings.push(LawFinding::new(pattern.level, pattern.rule, field, reading.excerpt(range)));
        }
    }
}

/// A table, what it is looked for in, and where ages of both sexes stand there.
type SexSearch<'a> = (&'a Table<SexPattern>, &'a Reading<'a>, &'a [(usize, usize)]);

/// Limits of sex. Asking for men is allowed where a stated fact puts the work on the women's forbidden list; different ages for the
/// two sexes, both of them wanted, are only shown.
fn sex(searches: &[SexSearch<'_>], field: PostingField, posting: &PostingFacts<'_>, findings: &mut Vec<LawFinding>) {
    let mut by_age = [None, None];
    let mut limits: Vec<(bool, String)> = Vec::new();
    for (table, reading, both) in searches {
        if let Some(range) = both.first() {
            by_age = [Some(reading.excerpt(*range)), Some(reading.excerpt(*range))];
        }
        for (names_men, persons) in [(true, MEN), (false, WOMEN)] {
            // Matches come in the order of the text, so one number tells what is already understood.
            let mut taken_to = 0;
            for (pattern, range) in table.matches(reading.chars(), persons) {
                if names_men && is_inside_female(reading.chars(), range.0) {
                    continue;
                }
                // Words already understood as a refusal or as an age are not read again as a wish.
                if range.0 < taken_to || both.iter().any(|(from, to)| range.0 < *to && *from < range.1) {
                    continue;
                }
                if pattern.by_age {
                    by_age[usize::from(names_men)].get_or_insert_with(|| reading.excerpt(range));
                } else {
                    let wants_men = names_men != pattern.excludes;
                    if !limits.iter().any(|(men, _)| *men == wants_men) {
                        limits.push((wants_men, reading.excerpt(range)));
                    }
                }
                if pattern.by_age || pattern.excludes {
                    taken_to = taken_to.max(range.1);
                }
            }
        }
    }
    match by_age {
        [Some(_), Some(excerpt)] => findings.push(LawFinding::new(LawLevel::Warn, LawRule::Sex, field, excerpt)),
        [Some(excerpt), None] => limits.push((false, excerpt)),
        [None, Some(excerpt)] => limits.push((true, excerpt)),
        [None, None] => {}
    }
    let proven = forbidden_to_women(&posting.work).is_some();
    for wants_men in [true, false] {
        let Some((_, excerpt)) = limits.iter().find(|(men, _)| *men == wants_men) else { continue };
        let (level, rule) =
            if wants_men && proven { (LawLevel::Allow, LawRule::SexByLaw) } else { (LawLevel::Block, LawRule::Sex) };
        findings.push(LawFinding::new(level, rule, field, excerpt.as_str()));
    }
}

/// `male` and `men` inside `female` and `women`.
fn is_inside_female(chars: &[char], at: usize) -> bool {
    chars.get(at) == Some(&'m') && at > 0 && chars[at - 1].is_ascii_alphabetic() && {
        let before: String = chars[at.saturating_sub(2)..at].iter().collect();
        before == "fe" || before == "wo"
    }
}

/// Where ages for both sexes stand beside each other, so that both are wanted: `女18-45岁、男18-50岁`, `年龄要求：男55女50`.
fn ages_of_both(chars: &[char]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let both = age_of_sex(chars, at).and_then(|first| {
            let next = first.end + usize::from(chars.get(first.end) == Some(&BREAK));
            let second = age_of_sex(chars, next).filter(|second| second.of != first.of)?;
            let before: String = chars[at.saturating_sub(6)..at].iter().collect();
            let is_age = first.is_age || second.is_age || before.contains("年龄");
            (is_age && !before.contains("人数")).then_some((at, second.end))
        });
        at = both.map_or(at + 1, |(_, end)| end);
        found.extend(both);
    }
    found
}

struct AgeOfSex {
    of: char,
    end: usize,
    /// Words or a range show that the number is no count.
    is_age: bool,
}

/// `女18-45岁`, `男职工60以下`, `男55`, `男不限`.
fn age_of_sex(chars: &[char], at: usize) -> Option<AgeOfSex> {
    let of = *chars.get(at).filter(|c| matches!(c, '男' | '女'))?;
    let word = |at: usize, words: &[&str]| {
        let stands = |word: &&&str| word.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c));
        words.iter().find(stands).map_or(at, |word| at + word.chars().count())
    };
    let number = |at: usize| {
        let digits: String = chars.get(at..)?.iter().take_while(|c| c.is_ascii_digit()).collect();
        let is_age = digits.parse::<u8>().is_ok_and(|age| WORKING_AGES.contains(&age));
        is_age.then_some(at + digits.len())
    };
    let behind = word(at + 1, SUFFIX);
    let any = word(behind, &["年龄不限", "不限年龄", "不限"]);
    if any > behind {
        return Some(AgeOfSex { of, end: any, is_age: false });
    }
    let first = number(word(behind, &["年龄", "在"]))?;
    let second = chars.get(first).filter(|c| **c == '-').and_then(|_| number(first + 1));
    let end = second.unwrap_or(first);
    let behind = word(word(end, &["周岁", "岁"]), &["以下", "以内", "以上", "之间", "内"]);
    let is_count = chars.get(end).is_some_and(|c| matches!(c, '名' | '人' | '个' | '位'));
    (!is_count).then_some(AgeOfSex { of, end: behind, is_age: behind > end || second.is_some() })
}
