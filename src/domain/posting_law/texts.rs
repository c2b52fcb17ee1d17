//! What does one text of a posting say that it must not?

use std::sync::LazyLock;

use super::lawful::LAWFUL;
use super::matcher::{Index, Part, Persons, Reading, match_at};
use super::patterns::{ACROSS, RAW, SEX, SEX_ACROSS, SexPattern, TEXT, TextPattern};
use super::words::{MEN, WOMEN};
use super::{LawFinding, LawLevel, LawRule, PostingFacts, PostingField};
use crate::domain::work_limits::forbidden_to_women;

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
    blank_lawful(&mut reading, &tables.lawful);
    let across = reading.without_breaks();
    report(&tables.text, &reading, field, findings);
    report(&tables.across, &across, field, findings);
    sex(&[(&tables.sex, &reading), (&tables.sex_across, &across)], field, posting, findings);
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

/// Limits of sex. Asking for men is allowed where a stated fact puts the work on the women's forbidden list; different ages for the
/// two sexes, both of them wanted, are only shown.
fn sex(
    searches: &[(&Table<SexPattern>, &Reading<'_>)],
    field: PostingField,
    posting: &PostingFacts<'_>,
    findings: &mut Vec<LawFinding>,
) {
    let mut by_age = [None, None];
    let mut limits: Vec<(bool, String)> = Vec::new();
    for (table, reading) in searches {
        for (names_men, persons) in [(true, MEN), (false, WOMEN)] {
            // Matches come in the order of the text, so one number tells what is already understood.
            let mut taken_to = 0;
            for (pattern, range) in table.matches(reading.chars(), persons) {
                if names_men && is_inside_female(reading.chars(), range.0) {
                    continue;
                }
                // Words already understood as a refusal or as an age are not read again as a wish.
                if range.0 < taken_to {
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
