//! How many people does an advertisement look for: `10-15人`, `若干`, `3名`, `20人以上`, `男3女5`, `10人（男5女5）`?

use super::Parsed;
use super::scan::{Number, Scan};

/// More places than any posting has.
const MOST: i64 = 100_000;

/// Places as a text states them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Headcount {
    /// `None`: only an upper number is stated, or none at all.
    pub min: Option<u32>,
    /// `None`: open (`20人以上`), or no number is stated.
    pub max: Option<u32>,
    /// 左右, 约.
    pub is_about: bool,
    /// More than one, and no number: 若干, 数名.
    pub is_several: bool,
    /// The places are counted by sex; what the law says of that is not said here.
    pub by_sex: bool,
    /// Some of the places are told apart: `5名（含2名学徒）`.
    pub has_parts: bool,
}

impl Headcount {
    /// The places that are certain.
    #[must_use]
    pub fn least(self) -> Option<u32> {
        self.min.or(self.max)
    }

    /// Whether one exact number is stated.
    #[must_use]
    pub fn is_number(self) -> bool {
        self.min.is_some() && self.min == self.max && !(self.is_about || self.is_several)
    }

    /// Whether one exact number is stated and nothing else.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self.is_number() && !(self.by_sex || self.has_parts)
    }
}

#[derive(Clone, Copy)]
enum Word {
    Sex,
    Both,
    Each,
    /// A part of the places follows.
    Including,
    Several,
    Above,
    Below,
    About,
    Filler,
}

// Wrapped by hand: one word a line would hide the structure.
#[rustfmt::skip]
const WORDS: &[(&[&str], Word)] = &[
    (&["男", "男工", "男士", "男性", "男生", "女", "女工", "女士", "女性", "女生"], Word::Sex),
    (&["男女不限", "不限男女", "性别不限"], Word::Filler),
    (&["男女", "男女工"], Word::Both),
    (&["各"], Word::Each),
    (&["含", "其中", "包括", "包含", "内含"], Word::Including),
    (&["若干", "若干名", "若干人", "数名", "多名", "数人", "多人", "几名", "几个", "几人", "批量", "大量", "不限", "人数不限", "名额不限"], Word::Several),
    (&["以上", "及以上", "起", "余", "多", "不少于", "至少", "不低于", "+"], Word::Above),
    (&["以下", "及以下", "以内", "之内", "不超过", "至多", "最多"], Word::Below),
    (&["左右", "上下", "约", "大约", "大概"], Word::About),
    (&["名", "人", "位", "个", "名额", "员", "岗位", "招", "招聘", "招收", "急招", "诚招", "急聘", "需", "需要", "共", "共计", "合计", "总计", "人数", "工人", "员工", "普工", ",", "、", ";", "。", ":", "(", ")", "\n"], Word::Filler),
];
const PEOPLE: &[&str] = &["名", "人", "位", "名额"];
const OTHERS: &[&str] = &["对", "组", "班", "条", "台", "家", "户"];
const PER: &[&str] = &["/班", "/组", "/线", "/台", "/机", "/天", "/日", "/周", "/月", "/年"];
const SEXES: &[&str] = &["男", "男工", "男性", "女", "女工", "女性"];

#[derive(Default)]
struct Reader {
    /// The places that are of no part.
    total: Option<(u32, u32)>,
    /// The places of each sex, added up.
    of_sexes: Option<(u32, u32)>,
    n_sexes: usize,
    /// A sex was named, and its number has not come yet.
    waits: bool,
    both: bool,
    each: bool,
    above: bool,
    below: bool,
    said: Headcount,
}

/// The headcount of a text; `None` if it states nothing.
#[must_use]
pub fn read(text: &str) -> Option<Parsed<Headcount>> {
    let mut scan = Scan::new(text);
    let mut reader = Reader::default();
    while scan.peek().is_some() {
        let from = scan.place();
        if let Some(word) = scan.word(WORDS) {
            if !reader.word(word, &mut scan) {
                scan.give_up_since(from);
            }
        } else if let Some(places) = range(&mut scan) {
            if !reader.places(places, &mut scan) {
                scan.give_up_since(from);
            }
        } else {
            scan.go_to(from);
            scan.skip();
        }
    }
    let said = reader.finish()?;
    (said.least().is_some() || said.is_several).then(|| Parsed { said, unread: scan.into_unread() })
}

/// The places that are certain. `-5`, `1e5`: a number of which a part was not understood is none.
#[must_use]
pub fn certain(read: &Parsed<Headcount>) -> Option<u32> {
    let is_number_left = |words: &String| words.contains(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.'));
    if read.unread.iter().any(is_number_left) { None } else { read.said.least() }
}

impl Reader {
    /// `false`: not understood.
    fn word(&mut self, word: Word, scan: &mut Scan) -> bool {
        match word {
            Word::Sex => {
                (self.waits, self.n_sexes) = (true, self.n_sexes + 1);
            }
            Word::Both => self.both = true,
            Word::Each => self.each = true,
            Word::Including => return self.part(scan),
            Word::Several => self.said.is_several = true,
            Word::Above => self.above = true,
            Word::Below => self.below = true,
            Word::About => self.said.is_about = true,
            Word::Filler => {}
        }
        true
    }

    /// `含2名学徒`, `其中夫妻工5对`: a part of the places named before, up to the end of the clause. `其中男5女5` is read on.
    fn part(&mut self, scan: &mut Scan) -> bool {
        let Some((_, most)) = self.total else { return false };
        scan.any(&["有", "招", ":"]);
        let from = scan.place();
        if scan.any(SEXES) {
            scan.go_to(from);
            return true;
        }
        let mut n_numbers = 0;
        while scan.peek().is_some_and(|c| !",;。)\n".contains(c)) {
            let at = scan.place();
            match range(scan) {
                Some((_, part)) if part <= most => n_numbers += 1,
                Some(_) => return false,
                None => scan.go_to(at + 1),
            }
        }
        self.said.has_parts = true;
        n_numbers <= 1
    }

    /// Places of a sex named before or behind, of both, or of everybody; `false` if they are of nothing known.
    fn places(&mut self, (low, high): (u32, u32), scan: &mut Scan) -> bool {
        let at = scan.place();
        let is_named_behind = !self.waits && !scan.take("男女") && scan.any(SEXES);
        if is_named_behind {
            self.n_sexes += 1;
        } else {
            scan.go_to(at);
        }
        if self.waits || is_named_behind {
            self.waits = false;
            let (least, most) = self.of_sexes.unwrap_or_default();
            self.of_sexes = Some((least.saturating_add(low), most.saturating_add(high)));
            return self.n_sexes <= 2;
        }
        let is_first = self.total.is_none() && self.of_sexes.is_none() && (self.both || !self.each);
        if is_first {
            self.total = Some((low, high));
        }
        // `男女各5人，共10人`.
        let is_sum = self.both || self.of_sexes.is_some();
        is_first || (is_sum && self.stated() == Some((low, high)))
    }

    /// The places of everybody.
    fn stated(&self) -> Option<(u32, u32)> {
        let times = if self.both && self.each { 2 } else { 1 };
        let (low, high) = self.total.or(self.of_sexes)?;
        Some((low.saturating_mul(times), high.saturating_mul(times)))
    }

    /// `None` if the parts are more than the whole.
    fn finish(self) -> Option<Headcount> {
        let stated = self.stated();
        if matches!((stated, self.of_sexes), (Some((_, most)), Some((least, _))) if least > most) {
            return None;
        }
        Some(Headcount {
            min: stated.filter(|_| !self.below).map(|(low, _)| low),
            max: stated.filter(|_| !self.above).map(|(_, high)| high),
            by_sex: self.n_sexes > 0 || (self.both && self.each),
            ..self.said
        })
    }
}

/// `10-15人`; `None` where something else is counted: `5对`, `5个班组`, `8人/班`.
fn range(scan: &mut Scan) -> Option<(u32, u32)> {
    let places = |number: Number| number.whole().filter(|n| (0..=MOST).contains(n)).and_then(|n| u32::try_from(n).ok());
    let low = places(scan.number()?)?;
    let mut are_people = scan.any(PEOPLE);
    scan.take("个");
    let high = if scan.to() { places(scan.number()?)? } else { low };
    are_people |= scan.any(PEOPLE);
    scan.take("个");
    let behind = scan.place();
    let are_others = scan.any(PER) || (!are_people && scan.any(OTHERS));
    scan.go_to(behind);
    (low <= high && !are_others).then_some((low, high))
}
