//! Reading who is asked for: the words beside ages, and whom and what they belong to.

use super::Parsed;
use super::age::{Ages, Limit, SexWanted, Wanted};
use super::age_table::{BREAKS, WORDS, Word, YEARS};
use super::scan::{Number, Scan};
use crate::domain::codes::Sex;

/// Numbers outside are no ages of workers.
const AGES: std::ops::RangeInclusive<i64> = 10..=80;

/// Ages of the text, with where they stand.
#[derive(Clone, Copy)]
struct Item {
    of: Option<Sex>,
    ages: Ages,
    /// One number that no word has yet made an end of.
    is_bare: bool,
    /// Over and under: which it was, and the number outside.
    outside: Option<(Word, u8)>,
    is_soft: bool,
    /// Somebody in particular is meant.
    of_somebody: bool,
    is_rejected: bool,
    relaxed_to: Option<u8>,
    place: (usize, usize),
}

#[derive(Default)]
struct Reader {
    items: Vec<Item>,
    /// Sexes named without an age of their own, and whether they are only preferred.
    named: Vec<SexWanted>,
    /// Sexes of any age.
    unlimited: Vec<Sex>,
    anyone: bool,
    /// Whether anything was said about age or sex.
    speaks: bool,
    clause: Clause,
}

/// What the clause has said so far.
#[derive(Default)]
struct Clause {
    /// Number of the first of its items.
    first: usize,
    of: Option<Sex>,
    /// The sex named last, as long as no age follows.
    alone: Option<SexWanted>,
    /// A word before the number: which end it is.
    side: Option<Word>,
    prefers: bool,
    /// Where a word began that says who is not wanted, and that words not understood have followed it.
    rejects: Option<(usize, bool)>,
    somebody: bool,
    /// Words that were not understood, since the last age or sex.
    unknown: bool,
}

/// What a text asks for; `None` where it says nothing about age or sex, not even that neither matters.
#[must_use]
pub fn read(text: &str) -> Option<Parsed<Wanted>> {
    let mut scan = Scan::new(text);
    let mut reader = Reader::default();
    while scan.peek().is_some() {
        let from = scan.place();
        if scan.any(BREAKS) {
            reader.end_clause();
        } else if scan.take("、") {
            reader.clause.side = None;
        } else if let Some(word) = scan.word(WORDS).filter(|word| is_said(*word, from, &mut scan)) {
            reader.word(word, from, &mut scan);
        } else if let Some((ages, is_bare)) = ages(&mut scan, from) {
            reader.ages(ages, is_bare, (from, scan.place()));
        } else {
            scan.go_to(from);
            scan.skip();
            (reader.clause.unknown, reader.clause.side) = (true, None);
            reader.clause.rejects = reader.clause.rejects.map(|(from, _)| (from, true));
        }
    }
    reader.end_clause();
    let said = reader.wanted(&mut scan);
    reader.speaks.then(|| Parsed { said, unread: scan.into_unread() })
}

/// Not `别超过`, of which only the end is a word, and not the 无 of `无纹身`.
fn is_said(word: Word, from: usize, scan: &mut Scan) -> bool {
    let before = from.checked_sub(1).and_then(|at| scan.chars().get(at));
    match word {
        Word::Over | Word::Under => !before.is_some_and(|c| "不别勿莫未没".contains(*c)),
        Word::None => scan.peek().is_none_or(|c| ",;。、)\n\r".contains(c)),
        _ => true,
    }
}

/// `18-45岁`, `18岁至45周岁`, `45岁`; a number that is no age is not passed. `true`: one number only.
fn ages(scan: &mut Scan, from: usize) -> Option<(Ages, bool)> {
    scan.go_to(from);
    let low = age(scan)?;
    let has_unit = scan.any(YEARS);
    let behind = scan.place();
    if scan.to()
        && let Some(high) = age(scan)
    {
        let is_age = scan.any(YEARS) || !scan.peek().is_some_and(|c| "年名人个天元月公斤千米厘c件小分%".contains(c));
        return (is_age && low <= high).then_some((Ages { min: Some(low), max: Some(high) }, false));
    }
    scan.go_to(behind);
    // `2年经验`, `30人`: a bare number must be seen to be an age.
    let is_age = has_unit || scan.peek().is_none_or(|c| ",;、。以及或内左上约不()+/男女\n".contains(c));
    is_age.then_some((Ages { min: Some(low), max: Some(low) }, true))
}

fn number_follows(scan: &mut Scan) -> bool {
    let at = scan.place();
    scan.any(&[":", "为", "是", "年龄", "(", "到"]);
    let follows = scan.number().is_some();
    scan.go_to(at);
    follows
}

fn age(scan: &mut Scan) -> Option<u8> {
    let age = scan.number().and_then(Number::whole).filter(|age| AGES.contains(age))?;
    u8::try_from(age).ok()
}

impl Reader {
    fn end_clause(&mut self) {
        self.named.extend(self.clause.alone.take());
        self.clause = Clause { first: self.items.len(), ..Clause::default() };
    }

    fn word(&mut self, word: Word, from: usize, scan: &mut Scan) {
        self.speaks |= !matches!(word, Word::Filler | Word::Somebody | Word::Prefer | Word::Reject);
        let first = self.clause.first;
        match word {
            Word::Of(sex) => {
                self.named.extend(self.clause.alone.take());
                self.clause.of = Some(sex);
                let wanted = if self.clause.rejects.is_some() { other(sex) } else { sex };
                self.clause.alone = Some(SexWanted { sex: wanted, is_soft: self.clause.prefers });
                (self.clause.somebody, self.clause.unknown) = (false, false);
            }
            Word::Anyone => {
                self.clause.of = None;
                self.anyone = true;
            }
            Word::Prefer if self.clause.somebody || self.clause.unknown => {}
            Word::Prefer => match (&mut self.clause.alone, self.items[first..].last_mut()) {
                (Some(alone), _) => alone.is_soft = true,
                (None, Some(item)) => item.is_soft = true,
                (None, None) => self.clause.prefers = true,
            },
            Word::Relax => self.relax(scan),
            Word::Above | Word::Below => self.side(word),
            Word::AtLeast | Word::AtMost | Word::Over | Word::Under if number_follows(scan) => {
                self.clause.side = Some(word);
            }
            Word::AtLeast | Word::AtMost | Word::Over | Word::Under => self.side(word),
            Word::Reject => {
                let ends = scan.peek().is_none_or(|c| BREAKS.iter().any(|mark| mark.starts_with(c)) || c == ')');
                self.reject((from, scan.place()), ends);
            }
            Word::NoLimit | Word::AnyAge => self.no_limit(word),
            Word::Somebody => self.clause.somebody = true,
            Word::None | Word::Filler => {}
        }
    }

    /// Which end the number before is. `男60女55以下` says it for both sexes.
    fn side(&mut self, word: Word) {
        let first = self.clause.first;
        let Some(of) = self.items[first..].last().filter(|item| item.is_bare).map(|item| item.of) else { return };
        let n_bare = self.items.iter().rev().take_while(|item| item.is_bare).count();
        for (i, item) in self.items.iter_mut().rev().take(n_bare.min(2)).enumerate() {
            if i == 0 || (item.of.is_some() && of.is_some() && item.of != of) {
                item.keep(word);
            }
        }
    }

    /// `60岁以上勿扰`, `谢绝60岁以上`: ages that are open to one side are those not wanted, whatever stands between. `18-45岁不要学生` says
    /// nothing of the ages.
    fn reject(&mut self, (from, to): (usize, usize), ends: bool) {
        let is_near = ends && !self.clause.unknown && !self.clause.somebody;
        let n_items = self.items.len();
        let mut any = false;
        for (i, item) in self.items.iter_mut().enumerate().skip(self.clause.first) {
            if item.is_open() || (is_near && i + 1 == n_items) {
                (item.is_rejected, any) = (true, true);
                item.place.1 = to;
            }
        }
        match &mut self.clause.alone {
            Some(alone) if is_near => alone.sex = other(alone.sex),
            _ if !any => self.clause.rejects = Some((from, false)),
            _ => {}
        }
    }

    /// `男不限，女50岁以下`; `优秀者年龄不限` makes the limits before it soft.
    fn no_limit(&mut self, word: Word) {
        if let Some(alone) = self.clause.alone {
            self.unlimited.push(alone.sex);
        } else if word == Word::AnyAge || self.clause.somebody {
            self.items.iter_mut().for_each(|item| item.is_soft = true);
        }
    }

    /// `可放宽`, `可放宽至55岁`: of the sex the clause names if it has no ages itself, else of everybody before.
    fn relax(&mut self, scan: &mut Scan) {
        let from = scan.place();
        _ = scan.to();
        let to = age(scan);
        match to {
            Some(_) => _ = scan.any(YEARS) && scan.any(&["以下", "以内"]),
            None => scan.go_to(from),
        }
        let of = self.clause.alone.take().map(|alone| alone.sex);
        if let Some(sex) = of
            && !self.items.iter().any(|item| item.of == Some(sex))
        {
            // Only this sex's limits are relaxed: it gets its own.
            let of_everybody = self.items.iter().filter(|item| item.of.is_none());
            let own: Vec<Item> = of_everybody.map(|item| Item { of: Some(sex), ..*item }).collect();
            self.items.extend(own);
        }
        for item in self.items.iter_mut().filter(|item| of.is_none() || item.of == of) {
            match to.filter(|age| item.ages.max.is_some_and(|max| max < *age)) {
                Some(age) => item.relaxed_to = Some(age),
                None => item.is_soft = true,
            }
        }
    }

    fn ages(&mut self, ages: Ages, is_bare: bool, (from, to): (usize, usize)) {
        self.speaks = true;
        self.clause.alone = None;
        let rejects = self.clause.rejects.filter(|(_, is_far)| is_bare || !is_far);
        let mut item = Item {
            of: self.clause.of,
            ages,
            is_bare,
            outside: None,
            is_soft: self.clause.prefers,
            of_somebody: self.clause.somebody,
            is_rejected: rejects.is_some(),
            relaxed_to: None,
            place: (rejects.map_or(from, |(before, _)| before), to),
        };
        if let Some(side) = self.clause.side.take().filter(|_| is_bare) {
            item.keep(side);
        }
        self.items.push(item);
        (self.clause.somebody, self.clause.unknown) = (false, false);
    }

    /// Puts the items together; ages that are no end of anything, are not wanted or contradict each other were not understood.
    fn wanted(&self, scan: &mut Scan) -> Wanted {
        let mut wanted = Wanted::default();
        let mut not_known: Vec<Option<Sex>> = Vec::new();
        for at in 0..self.items.len() {
            let item = self.in_brackets(at, scan).turned();
            let limit = wanted.limit(item.of);
            let (hard, soft) = item.limits();
            if item.is_bare && !item.is_soft && !item.is_rejected && limit.has_end(item.ages) {
                // `45岁以内（含45）`.
            } else if (item.is_bare && !item.is_soft) || item.is_rejected {
                scan.give_up(item.place);
                not_known.push(item.of);
            } else if !hard.contradicts(limit.hard) && !soft.contradicts(limit.soft) {
                (limit.hard, limit.soft) = (limit.hard.or(hard), limit.soft.or(soft));
            } else if item.of_somebody {
                (limit.hard, limit.soft) =
                    (hard.or_wider(limit.hard).or(limit.hard), limit.soft.or(limit.hard.unlike(hard)));
            } else {
                let all = self.items.iter().filter(|other| other.of == item.of && !other.is_bare);
                all.for_each(|item| scan.give_up(item.place));
                *limit = Limit { of: item.of, ..Limit::default() };
                not_known.push(item.of);
                break;
            }
        }
        for sex in &self.unlimited {
            wanted.limit(Some(*sex));
        }
        let is_said = |of: Option<Sex>| not_known.contains(&of) || of.is_some_and(|sex| self.unlimited.contains(&sex));
        wanted.ages.retain(|limit| !(limit.hard.is_empty() && limit.soft.is_empty()) || is_said(limit.of));
        wanted.sex = self.sex(&wanted.ages);
        wanted
    }

    /// `18-55(女50)`: behind a range for everybody, in brackets, one number for a sex is its own upper end.
    fn in_brackets(&self, at: usize, scan: &Scan) -> Item {
        let item = self.items[at];
        let range = at.checked_sub(1).and_then(|before| self.items.get(before)).filter(|range| {
            let is_of_everybody = range.of.is_none() && !range.is_bare && !range.is_rejected;
            is_of_everybody && range.ages.min < item.ages.min && item.ages.min < range.ages.max
        });
        match range {
            Some(range)
                if item.is_bare
                    && item.of.is_some()
                    && !item.is_rejected
                    && scan.chars().get(range.place.1) == Some(&'(') =>
            {
                Item { ages: Ages { min: None, max: item.ages.min }, is_bare: false, ..item }
            }
            _ => item,
        }
    }

    /// The one sex that is asked for: named alone, or the only one that ages are given for.
    fn sex(&self, ages: &[Limit]) -> Option<SexWanted> {
        let for_everybody = self.anyone || ages.iter().any(|limit| limit.of.is_none());
        let limited = ages.iter().filter_map(|limit| limit.of).filter(|_| !for_everybody);
        let limited = limited.map(|sex| SexWanted { sex, is_soft: false });
        let all: Vec<SexWanted> = self.named.iter().copied().chain(limited).collect();
        let first = *all.first()?;
        let is_only = !self.anyone && all.iter().all(|other| other.sex == first.sex);
        is_only.then(|| SexWanted { is_soft: all.iter().all(|other| other.is_soft), ..first })
    }
}

const fn other(sex: Sex) -> Sex {
    match sex {
        Sex::Male => Sex::Female,
        Sex::Female => Sex::Male,
    }
}

impl Item {
    /// Keeps the end a word names.
    fn keep(&mut self, side: Word) {
        let age = self.ages.min;
        let kept = match side {
            Word::Above | Word::AtLeast => Ages { min: age, max: None },
            Word::Below | Word::AtMost => Ages { min: None, max: age },
            Word::Over => Ages { min: age.map(|age| age + 1), max: None },
            _ => Ages { min: None, max: age.map(|age| age - 1) },
        };
        if [kept.min, kept.max].into_iter().flatten().all(|age| AGES.contains(&i64::from(age))) {
            (self.ages, self.is_bare) = (kept, false);
            self.outside = age.filter(|_| matches!(side, Word::Over | Word::Under)).map(|age| (side, age));
        }
    }

    const fn is_open(&self) -> bool {
        self.ages.min.is_some() != self.ages.max.is_some()
    }

    /// Who is under 18 is not wanted: 18 and above are.
    fn turned(&self) -> Self {
        match self.outside.filter(|_| self.is_rejected) {
            Some((Word::Under, age)) => Self { ages: Ages { min: Some(age), max: None }, is_rejected: false, ..*self },
            Some((_, age)) => Self { ages: Ages { min: None, max: Some(age) }, is_rejected: false, ..*self },
            None => *self,
        }
    }

    /// Hard and soft.
    fn limits(&self) -> (Ages, Ages) {
        let none = Ages::default();
        match self.relaxed_to {
            Some(age) => (Ages { min: self.ages.min, max: Some(age) }, Ages { min: None, max: self.ages.max }),
            None if self.is_soft => (none, self.ages),
            None => (self.ages, none),
        }
    }
}

impl Limit {
    /// Whether a single age is one of its ends.
    fn has_end(&self, age: Ages) -> bool {
        let ends = [self.hard.min, self.hard.max, self.soft.min, self.soft.max];
        age.min.is_some() && ends.contains(&age.min)
    }
}
