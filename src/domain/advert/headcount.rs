//! How many people does an advertisement look for: `10-15人`, `若干`, `3名`, `20人以上`, `男3女5`?

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
}

impl Headcount {
    /// The places that are certain.
    #[must_use]
    pub fn least(self) -> Option<u32> {
        self.min.or(self.max)
    }

    /// Whether one exact number is stated and nothing else.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self.min.is_some() && self.min == self.max && !(self.is_about || self.is_several || self.by_sex)
    }
}

#[derive(Clone, Copy)]
enum Word {
    Sex,
    Both,
    Each,
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
    (&["若干", "若干名", "若干人", "数名", "多名", "数人", "多人", "几名", "几个", "几人", "批量", "大量", "不限", "人数不限", "名额不限"], Word::Several),
    (&["以上", "及以上", "起", "余", "多", "不少于", "至少", "不低于", "+"], Word::Above),
    (&["以下", "及以下", "以内", "之内", "不超过", "至多", "最多"], Word::Below),
    (&["左右", "上下", "约", "大约", "大概"], Word::About),
    (&["名", "人", "位", "个", "名额", "员", "招", "招聘", "招收", "急招", "需", "需要", "共", "共计", "合计", "人数", "工人", "员工", ",", "、", ";", "。", ":", "(", ")", "\n"], Word::Filler),
];

/// The headcount of a text; `None` if it states nothing.
#[must_use]
pub fn read(text: &str) -> Option<Parsed<Headcount>> {
    let mut said = Headcount::default();
    let mut scan = Scan::new(text);
    let (mut above, mut below, mut both, mut each) = (false, false, false, false);
    // A number of one sex is added to that of the other; any other second number is not understood.
    let mut of_sex = 0;
    while scan.peek().is_some() {
        let from = scan.place();
        if let Some(word) = scan.word(WORDS) {
            match word {
                Word::Sex => of_sex += 1,
                Word::Both => both = true,
                Word::Each => each = true,
                Word::Several => said.is_several = true,
                Word::Above => above = true,
                Word::Below => below = true,
                Word::About => said.is_about = true,
                Word::Filler => {}
            }
            continue;
        }
        let Some((low, high)) = range(&mut scan) else {
            scan.go_to(from);
            scan.skip();
            continue;
        };
        match (said.min, said.max) {
            (None, None) => (said.min, said.max) = (Some(low), Some(high)),
            (Some(min), Some(max)) if of_sex == 2 => {
                (said.min, said.max) = (Some(min.saturating_add(low)), Some(max.saturating_add(high)));
            }
            _ => scan.give_up_since(from),
        }
    }
    said.by_sex = of_sex > 0 || (both && each);
    let times = if both && each { 2 } else { 1 };
    said.min = said.min.filter(|_| !below).map(|n| n.saturating_mul(times));
    said.max = said.max.filter(|_| !above).map(|n| n.saturating_mul(times));
    (said.least().is_some() || said.is_several).then(|| Parsed { said, unread: scan.into_unread() })
}

fn range(scan: &mut Scan) -> Option<(u32, u32)> {
    let places = |number: Number| number.whole().filter(|n| (0..=MOST).contains(n)).and_then(|n| u32::try_from(n).ok());
    let low = places(scan.number()?)?;
    scan.any(&["名", "人", "位", "个"]);
    let high = if scan.to() { places(scan.number()?)? } else { low };
    (low <= high).then_some((low, high))
}
