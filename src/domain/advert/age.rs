//! Which ages and which sex does an advertisement ask for: `女18-45岁、男18-50岁,能力突出者可放宽`?
//!
//! A hard limit shuts people out, a soft one only prefers (`优先`, `左右`) or may be relaxed (`可放宽`): the two are told apart, for each sex.
//! `50岁以下，可放宽至55岁` is a soft limit of 50 and a hard one of 55. What is lawful is not decided here but by
//! [`crate::domain::posting_law`], which reads the same text.

use super::Parsed;
use super::scan::{Number, Scan};
use crate::domain::codes::Sex;

/// Numbers outside are no ages of workers.
const AGES: std::ops::RangeInclusive<i64> = 10..=80;

/// A lowest and a highest age in completed years, both included; `None` = not stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ages {
    pub min: Option<u8>,
    pub max: Option<u8>,
}

impl Ages {
    fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// The stated ends of `self`, the ends of `other` where it states none.
    fn or(self, other: Self) -> Self {
        Self { min: self.min.or(other.min), max: self.max.or(other.max) }
    }

    /// Whether both state an end differently.
    fn contradicts(self, other: Self) -> bool {
        let differ = |a: Option<u8>, b: Option<u8>| matches!((a, b), (Some(a), Some(b)) if a != b);
        differ(self.min, other.min) || differ(self.max, other.max)
    }

    /// The ages that one of the two allows.
    fn or_wider(self, other: Self) -> Self {
        Self {
            min: self.min.zip(other.min).map(|(a, b)| a.min(b)),
            max: self.max.zip(other.max).map(|(a, b)| a.max(b)),
        }
    }
}

/// The limits for one sex, or for everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// `None`: no sex is named.
    pub of: Option<Sex>,
    pub hard: Ages,
    pub soft: Ages,
}

/// A sex an advertisement asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SexWanted {
    pub sex: Sex,
    /// Preferred only.
    pub is_soft: bool,
}

/// The people an advertisement asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// In the order of the text; one for each sex named and one for everybody.
    pub ages: Vec<Limit>,
    pub sex: Option<SexWanted>,
}

/// Age limits in the terms of a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    pub ages: Ages,
    pub is_soft: bool,
    /// Nothing of the text is lost in it.
    pub is_whole: bool,
}

impl Wanted {
    /// One range for a posting: what holds for either sex, so that nobody is shut out by a limit stated for the other. Hard limits
    /// where there are any, else the soft ones.
    #[must_use]
    pub fn posted(&self) -> Posted {
        let widest = |ages: fn(&Limit) -> Ages| {
            let stated = |sex| self.ages.iter().find(|limit| limit.of == sex).map(ages);
            let everybody = stated(None).unwrap_or_default();
            match (stated(Some(Sex::Male)), stated(Some(Sex::Female))) {
                (Some(men), Some(women)) => men.or(everybody).or_wider(women.or(everybody)),
                (Some(one), None) | (None, Some(one)) if everybody.is_empty() => one,
                (Some(one), None) | (None, Some(one)) => one.or(everybody).or_wider(everybody),
                (None, None) => everybody,
            }
        };
        let (hard, soft) = (widest(|limit| limit.hard), widest(|limit| limit.soft));
        let is_soft = hard.is_empty() && !soft.is_empty();
        let only_one_kind = hard.is_empty() || soft.is_empty();
        let is_whole = only_one_kind && self.sex.is_none() && self.ages.iter().all(|limit| limit.of.is_none());
        Posted { ages: if is_soft { soft } else { hard }, is_soft, is_whole }
    }

    fn limit(&mut self, of: Option<Sex>) -> &mut Limit {
        let at = self.ages.iter().position(|limit| limit.of == of).unwrap_or(self.ages.len());
        if at == self.ages.len() {
            self.ages.push(Limit { of, ..Limit::default() });
        }
        &mut self.ages[at]
    }
}

#[derive(Clone, Copy)]
enum Word {
    Of(Sex),
    /// Both sexes, or none in particular.
    Anyone,
    /// Makes the limit beside it soft.
    Prefer,
    /// Makes every limit before it soft.
    Relax,
    Above,
    Below,
    NoLimit,
    /// Who else is meant: what is preferred then is not an age.
    Somebody,
    Filler,
}

// Wrapped by hand: one word a line would hide the structure.
#[rustfmt::skip]
const WORDS: &[(&[&str], Word)] = &[
    (&["男", "男性", "男士", "男工", "男生", "男员工", "男职工", "男同志"], Word::Of(Sex::Male)),
    (&["女", "女性", "女士", "女工", "女生", "女员工", "女职工", "女同志"], Word::Of(Sex::Female)),
    (&["男女", "男女不限", "不限男女", "性别不限", "不限性别", "男女均可", "男女皆可", "男女都可", "男女都要", "无性别要求", "男女工", "男女兼收", "男、女", "男/女"], Word::Anyone),
    (&["优先", "优先考虑", "优先录用", "为佳", "最佳", "为宜", "为主", "左右", "上下", "约", "原则上", "尽量", "最好", "一般"], Word::Prefer),
    (&["可放宽", "可适当放宽", "适当放宽", "放宽", "可酌情放宽", "酌情放宽", "可以放宽", "年龄可放宽", "年龄可适当放宽", "可放宽年龄", "可适当放宽年龄", "放宽年龄", "可放宽条件", "可放宽要求", "可放宽年龄限制"], Word::Relax),
    (&["以上", "及以上", "满", "年满", "不低于", "不小于", "至少", "起"], Word::Above),
    (&["以下", "及以下", "以内", "之内", "内", "不超过", "不大于", "不高于", "封顶"], Word::Below),
    (&["年龄不限", "不限年龄", "不限", "无", "无要求", "无年龄要求", "年龄无要求", "不作要求", "不做要求", "没有要求"], Word::NoLimit),
    (&["能力突出者", "能力突出", "能力强者", "条件优秀者", "条件优秀", "优秀者", "特别优秀者", "特别优秀", "熟手", "熟练工", "熟练者", "有经验者", "有经验", "经验丰富者", "身体好的", "身体好", "特殊情况", "特殊人才"], Word::Somebody),
    (&["年龄", "性别", "要求", "限制", "限", "仅限", "只限", "只招", "只要", "限招", "仅招", "须", "需", "应", "在", "为", "是", "之间", "的", "者", "均", "含", "均可", "可", "招", "招收", "要", "/", "|", "(", ")", ":"], Word::Filler),
];
const BREAKS: &[&str] = &[",", ";", "。", "\n", "\r"];
const YEARS: &[&str] = &["周岁", "岁", "周岁(含)", "岁(含)"];

/// Ages of the text, with where they stand.
struct Item {
    of: Option<Sex>,
    ages: Ages,
    /// One number that no word has yet made an end of.
    is_bare: bool,
    is_soft: bool,
    relaxed_to: Option<u8>,
    place: (usize, usize),
}

#[derive(Default)]
struct Reader {
    items: Vec<Item>,
    /// Sexes named without an age of their own, and whether they are only preferred.
    named: Vec<SexWanted>,
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
    /// A word before the number: which end it is, or that it is soft.
    side: Option<Word>,
    prefers: bool,
    somebody: bool,
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
        } else if let Some(word) = scan.word(WORDS) {
            reader.word(word, &mut scan);
        } else if let Some((ages, is_bare)) = ages(&mut scan) {
            reader.ages(ages, is_bare, (from, scan.place()));
        } else {
            scan.go_to(from);
            scan.skip();
        }
    }
    reader.end_clause();
    let said = reader.wanted(&mut scan);
    reader.speaks.then(|| Parsed { said, unread: scan.into_unread() })
}

/// `18-45岁`, `18岁至45周岁`, `45岁`; a number that is no age is not passed. `true`: one number only.
fn ages(scan: &mut Scan) -> Option<(Ages, bool)> {
    let low = age(scan)?;
    let has_unit = scan.any(YEARS);
    let behind = scan.place();
    if scan.to()
        && let Some(high) = age(scan)
    {
        let is_age = scan.any(YEARS) || !scan.peek().is_some_and(|c| "年名人个天元月".contains(c));
        return (is_age && low <= high).then_some((Ages { min: Some(low), max: Some(high) }, false));
    }
    scan.go_to(behind);
    // `2年经验`, `30人`: a bare number must be seen to be an age.
    let is_age = has_unit || scan.peek().is_none_or(|c| ",;、。以及内左上约\n".contains(c));
    is_age.then_some((Ages { min: Some(low), max: Some(low) }, true))
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

    fn word(&mut self, word: Word, scan: &mut Scan) {
        self.speaks |= !matches!(word, Word::Filler | Word::Somebody | Word::Prefer);
        let first = self.clause.first;
        match word {
            Word::Of(sex) => {
                self.named.extend(self.clause.alone.take());
                self.clause.of = Some(sex);
                self.clause.alone = Some(SexWanted { sex, is_soft: self.clause.prefers });
            }
            Word::Anyone => {
                self.clause.of = None;
                self.anyone = true;
            }
            Word::Prefer if self.clause.somebody => {}
            Word::Prefer => match (&mut self.clause.alone, self.items[first..].last_mut()) {
                (Some(alone), _) => alone.is_soft = true,
                (None, Some(item)) => item.is_soft = true,
                (None, None) => self.clause.prefers = true,
            },
            Word::Relax => self.relax(scan),
            Word::Above | Word::Below => match self.items[first..].last_mut().filter(|item| item.is_bare) {
                Some(item) => item.keep(word),
                None => self.clause.side = Some(word),
            },
            Word::Somebody => self.clause.somebody = true,
            Word::NoLimit | Word::Filler => {}
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
            let own: Vec<Item> = self.items.iter().filter(|item| item.of.is_none()).map(|item| item.of(sex)).collect();
            self.items.extend(own);
        }
        for item in self.items.iter_mut().filter(|item| of.is_none() || item.of == of) {
            match to.filter(|age| item.ages.max.is_some_and(|max| max < *age)) {
                Some(age) => item.relaxed_to = Some(age),
                None => item.is_soft = true,
            }
        }
    }

    fn ages(&mut self, ages: Ages, is_bare: bool, place: (usize, usize)) {
        self.speaks = true;
        self.clause.alone = None;
        let is_soft = self.clause.prefers;
        let mut item = Item { of: self.clause.of, ages, is_bare, is_soft, relaxed_to: None, place };
        if let Some(side) = self.clause.side.take().filter(|_| is_bare) {
            item.keep(side);
        }
        self.items.push(item);
    }

    /// Puts the items together; ages that are no end of anything, or contradict earlier ones, were not understood.
    fn wanted(&self, scan: &mut Scan) -> Wanted {
        let mut wanted = Wanted::default();
        for item in &self.items {
            let limit = wanted.limit(item.of);
            let (mut hard, mut soft) = (Ages::default(), Ages::default());
            match item.relaxed_to {
                Some(age) => {
                    hard = Ages { min: item.ages.min, max: Some(age) };
                    soft.max = item.ages.max;
                }
                None if item.is_soft => soft = item.ages,
                None => hard = item.ages,
            }
            if (item.is_bare && !item.is_soft) || hard.contradicts(limit.hard) || soft.contradicts(limit.soft) {
                scan.give_up(item.place);
                continue;
            }
            (limit.hard, limit.soft) = (limit.hard.or(hard), limit.soft.or(soft));
        }
        wanted.ages.retain(|limit| !(limit.hard.is_empty() && limit.soft.is_empty()));
        wanted.sex = self.sex(&wanted.ages);
        wanted
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

impl Item {
    /// Keeps the end a word names.
    fn keep(&mut self, side: Word) {
        self.is_bare = false;
        match side {
            Word::Above => self.ages.max = None,
            _ => self.ages.min = None,
        }
    }

    /// The same ages for one sex.
    const fn of(&self, sex: Sex) -> Self {
        Self { of: Some(sex), ..*self }
    }
}
