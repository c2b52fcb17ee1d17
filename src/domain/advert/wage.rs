//! What does a wage text promise: `1-1.5万·13薪`, `150元/天`, `4千及以下`, `2800+提成`, `面议`?
//!
//! Invariants of a [`Wage`] that was read: it says something; `min <= max`; sums are exact in fen, never rounded; a single sum is
//! both minimum and maximum unless words open one side (`以上`, `保底`, `+提成`). A text with two sums that belong to different
//! things (`试用期2000，转正3500`) is unreadable, because neither alone is the wage. [`Wage`] prints as a text that reads as itself.

use std::fmt;

use super::Parsed;
use super::scan::{Number, Scan};
use crate::domain::codes::{PayKind, code_list};
use crate::domain::fold::fold;

/// No sum above this is believed, in fen.
const MAX_FEN: i64 = 1_000_000_000_000;
/// A sum without a unit above this is not by the month beyond doubt: `20-40万`.
const PLAINLY_MONTHLY_FEN: i64 = 5_000_000;
/// Less than this is not meant in yuan beside a sum in thousands.
const LEAST_BARE_FEN: i64 = 10_000;
/// Estimates for a month of piece work are above this, prices of a piece below.
const PIECE_PRICE_FEN: i64 = 10_000;

code_list! {
    /// What a sum of a wage text is paid for.
    Per {
        Month = "month", "月", "month";
        Day = "day", "天", "day";
        Hour = "hour", "小时", "hour";
        Year = "year", "年", "year";
        Week = "week", "周", "week";
        Piece = "piece", "件", "piece";
        Once = "once", "次", "time";
    }
}

code_list! {
    /// What a wage text promises beside its sum, without saying how much.
    Extra {
        Piecework = "piecework", "计件", "piece rates";
        Commission = "commission", "提成", "commission";
        Bonus = "bonus", "奖金", "bonus";
        Allowance = "allowance", "补贴", "allowance";
        Overtime = "overtime", "加班费", "overtime pay";
        Dividend = "dividend", "分红", "dividend";
    }
}

/// A wage as a text states it; `None`, empty and `false` = not stated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wage {
    pub min_fen: Option<i64>,
    pub max_fen: Option<i64>,
    pub per: Option<Per>,
    /// Monthly wages a year (`13薪`), 12 to 36.
    pub months: Option<u8>,
    /// In the order of [`Extra::ALL`], each once.
    pub extras: Vec<Extra>,
    /// The minimum is a base or a guarantee (底薪, 保底).
    pub is_base: bool,
    /// 左右, 约.
    pub is_about: bool,
    pub negotiable: bool,
}

/// Why a text gives no wage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unread {
    /// Not a wage text, or one that says two different things.
    Words,
    /// The lower sum is above the upper one.
    Reversed,
}

/// A wage in the terms of a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    /// `None` where no unit is stated.
    pub kind: Option<PayKind>,
    pub min_fen: Option<i64>,
    pub max_fen: Option<i64>,
    /// Nothing of the wage is lost in it.
    pub is_whole: bool,
}

#[derive(Clone, Copy)]
enum Word {
    Per(Per),
    /// When wages are paid out: the unit only where no other is stated.
    Settled(Per),
    Extra(Extra),
    Base,
    /// Opens the upper side.
    Above,
    /// Opens the lower side.
    Below,
    About,
    Negotiable,
    /// Says nothing more.
    Filler,
    /// Known, and not about the wage.
    Other,
}

// Wrapped by hand: one word a line would hide the structure.
#[rustfmt::skip]
const WORDS: &[(&[&str], Word)] = &[
    (&["/月", "/每月", "/个月", "每月", "每个月", "一个月", "一月", "/month", "/mo", "/m", "月薪", "月工资", "月收入", "月入", "月均", "按月", "月综合工资"], Word::Per(Per::Month)),
    (&["/天", "/日", "/每天", "/工作日", "每天", "每日", "一天", "一日", "/day", "/d", "日薪", "日工资", "按天", "按日"], Word::Per(Per::Day)),
    (&["/小时", "/时", "/每小时", "/h", "/hour", "/钟", "每小时", "一小时", "一个小时", "每个小时", "小时", "时薪", "小时工", "小时工资", "按小时"], Word::Per(Per::Hour)),
    (&["/年", "/每年", "每年", "一年", "/year", "/y", "年薪", "年收入", "按年"], Word::Per(Per::Year)),
    (&["/周", "/星期", "/每周", "每周", "一周", "周薪", "按周"], Word::Per(Per::Week)),
    (&["/件", "/个", "/单", "/套", "/条", "每件", "每个", "每单", "一件", "一个", "一单", "按件"], Word::Per(Per::Piece)),
    (&["/次", "/场", "/趟", "/回", "每次", "每场", "每趟", "一次", "一场", "一趟", "按次"], Word::Per(Per::Once)),
    (&["月结", "计月"], Word::Settled(Per::Month)),
    (&["日结", "天结", "计日"], Word::Settled(Per::Day)),
    (&["计时", "计时工资"], Word::Settled(Per::Hour)),
    (&["周结"], Word::Settled(Per::Week)),
    (&["次结"], Word::Settled(Per::Once)),
    (&["计件", "计件工资", "计件制", "记件", "件薪"], Word::Extra(Extra::Piecework)),
    (&["提成", "高提成", "业绩提成", "业务提成", "佣金", "抽成"], Word::Extra(Extra::Commission)),
    (&["奖金", "绩效", "绩效奖金", "绩效奖", "绩效工资", "年终奖", "年终奖金", "全勤奖", "全勤", "满勤奖", "奖励", "季度奖"], Word::Extra(Extra::Bonus)),
    (&["补贴", "补助", "津贴", "餐补", "房补", "饭补", "车补", "话补", "夜班补贴", "住房补贴", "高温补贴", "岗位补贴", "交通补贴", "工龄工资", "工龄奖"], Word::Extra(Extra::Allowance)),
    (&["加班费", "加班工资", "加班"], Word::Extra(Extra::Overtime)),
    (&["分红", "股份分红"], Word::Extra(Extra::Dividend)),
    (&["保底", "保底工资", "底薪", "无责底薪", "无责任底薪", "基本工资", "基础工资", "责任底薪"], Word::Base),
    (&["以上", "及以上", "或以上", "起", "起薪", "不低于", "不少于", "至少", "最低", "最少", "上不封顶", "高于"], Word::Above),
    (&["以下", "及以下", "或以下", "以内", "之内", "封顶", "不超过", "不高于", "最高", "至多", "最多"], Word::Below),
    (&["左右", "上下", "约", "大约", "大概", "约为", "平均"], Word::About),
    (&["面议", "可面议", "面谈", "薪资面议", "工资面议", "待遇面议", "详谈", "协商", "可议", "再议", "电议"], Word::Negotiable),
    (&["工资", "薪资", "薪酬", "待遇", "综合", "综合工资", "综合薪资", "收入", "薪水", "薪", "固定工资", "为", "是", "在", "不等", "之间", "区间", "元", "块", "块钱", "人民币", "rmb", "¥", "每人", "/人"], Word::Filler),
    (&["五险一金", "六险一金", "五险", "一金", "双休", "单休", "试用期", "到手", "税前", "税后", "实发", "包一餐", "包两餐", "包三餐", "一经录用"], Word::Other),
];

const MARKS: &[&str] =
    &[",", "、", ";", "。", ":", "(", ")", "[", "]", "【", "】", "·", "•", "|", "/", "*", "×", "\n", "\r"];
const CURRENCY: &[&str] = &["元", "块", "块钱", "圆", "元人民币", "人民币", "rmb", "元整"];
const MONTHS: &[&str] = &["薪", "个月薪", "个月薪资", "个月工资", "个月薪水"];

#[derive(Default)]
struct Draft {
    wage: Wage,
    sum: Option<(i64, i64)>,
    settled: Option<Per>,
    above: bool,
    below: bool,
}

/// The wage of a text.
///
/// # Errors
/// If the text gives no wage that could be told apart from its other words.
pub fn read(text: &str) -> Result<Parsed<Wage>, Unread> {
    let mut draft = Draft::default();
    // `元 / 月` is one unit.
    let text: Vec<String> = fold(text).split('/').map(|part| part.trim().to_owned()).collect();
    let mut scan = Scan::new(&text.join("/"));
    while let Some(c) = scan.peek() {
        if draft.months(&mut scan) {
            continue;
        }
        let from = scan.place();
        if scan.take("+") {
            draft.plus(&mut scan)?;
        } else if let Some(word) = scan.word(WORDS) {
            draft.word(word)?;
            if matches!(word, Word::Other) {
                scan.give_up_since(from);
            }
        } else if scan.any(MARKS) {
            // `/月` is a word before its stroke is a mark.
        } else if let Some(number) = scan.number() {
            draft.sum(number, &mut scan, from)?;
        } else if c.is_ascii_digit() || scan.to() {
            return Err(Unread::Words);
        } else {
            scan.skip();
        }
    }
    Ok(Parsed { said: draft.finish()?, unread: scan.into_unread() })
}

impl Draft {
    /// Passes `13薪`.
    fn months(&mut self, scan: &mut Scan) -> bool {
        let from = scan.place();
        let months = scan.number().and_then(Number::whole).and_then(|n| u8::try_from(n).ok());
        let stated = months.filter(|n| (12..=36).contains(n) && scan.any(MONTHS) && self.wage.months.is_none());
        match stated {
            Some(_) => self.wage.months = stated,
            None => scan.go_to(from),
        }
        stated.is_some()
    }

    /// After a `+`: an extra, an extra with its sum, or "and more".
    fn plus(&mut self, scan: &mut Scan) -> Result<(), Unread> {
        let from = scan.place();
        if scan.number().is_some() {
            scan.any(CURRENCY);
            let Some(Word::Extra(extra)) = scan.word(WORDS) else { return Err(Unread::Words) };
            // The extra is told, how much it is cannot be.
            scan.give_up_since(from);
            return self.word(Word::Extra(extra));
        }
        if scan.peek().is_none() || scan.any(MARKS) {
            self.above = true;
        }
        Ok(())
    }

    fn word(&mut self, word: Word) -> Result<(), Unread> {
        match word {
            Word::Per(per) if self.wage.per.is_some_and(|known| known != per) => return Err(Unread::Words),
            Word::Per(per) => self.wage.per = Some(per),
            Word::Settled(per) => self.settled = Some(per),
            Word::Extra(extra) if !self.wage.extras.contains(&extra) => self.wage.extras.push(extra),
            Word::Base => self.wage.is_base = true,
            Word::Above => self.above = true,
            Word::Below => self.below = true,
            Word::About => self.wage.is_about = true,
            Word::Negotiable => self.wage.negotiable = true,
            Word::Extra(_) | Word::Filler | Word::Other => {}
        }
        Ok(())
    }

    fn sum(&mut self, first: Number, scan: &mut Scan, from: usize) -> Result<(), Unread> {
        scan.any(CURRENCY);
        let second = if scan.to() {
            scan.any(&["¥"]);
            let second = scan.number().ok_or(Unread::Words)?;
            scan.any(CURRENCY);
            Some(second)
        } else {
            None
        };
        if self.sum.is_some() {
            // 一名, 三餐: a numeral of one character is not a second wage.
            if second.is_none() && scan.numeral_at(from) && first.whole().is_some_and(|n| n < 10) {
                scan.give_up_since(from);
                return Ok(());
            }
            return Err(Unread::Words);
        }
        let fen = |number: Number, scale: Option<i64>| {
            let fen = number.times(scale.unwrap_or(1) * 100);
            fen.filter(|fen| (0..=MAX_FEN).contains(fen)).ok_or(Unread::Words)
        };
        let own = |number: Number| fen(number, number.scale);
        let Some(second) = second else {
            let sum = own(first)?;
            self.sum = Some((sum, sum));
            return Ok(());
        };
        // `4-6千` shares its scale, `8000-1.2万` and `3千-5000` do not.
        let (mut low, mut high) = (own(first)?, own(second)?);
        match (first.scale, second.scale) {
            (None, Some(_)) => match fen(first, second.scale) {
                Ok(shared) if shared <= high => low = shared,
                // `1.2-0.8万`: too little to be meant without the scale.
                _ if low < LEAST_BARE_FEN => return Err(Unread::Reversed),
                _ => {}
            },
            (Some(_), None) if high < low => high = fen(second, first.scale)?,
            _ => {}
        }
        if low > high {
            return Err(Unread::Reversed);
        }
        self.sum = Some((low, high));
        Ok(())
    }

    fn finish(self) -> Result<Wage, Unread> {
        let mut wage = self.wage;
        wage.per = wage.per.or(self.settled);
        wage.extras.sort_unstable();
        if let Some((low, high)) = self.sum {
            let only_a_part = low == high && !self.below && (wage.is_base || !wage.extras.is_empty());
            let open = self.above || only_a_part;
            (wage.min_fen, wage.max_fen) = match (open, self.below) {
                (true, true) => return Err(Unread::Words),
                (true, false) => (Some(low), None),
                (false, true) => (None, Some(high)),
                (false, false) => (Some(low), Some(high)),
            };
        } else {
            wage.is_about = false;
        }
        wage.is_base &= wage.min_fen.is_some();
        if wage == Wage::default() { Err(Unread::Words) } else { Ok(wage) }
    }
}

impl Wage {
    /// What a posting states of the wage. Rounded down to fen, so that it never promises more. `None` where the sum has no
    /// equivalent a posting knows: the price of a piece, a sum for one time, a sum too large for a month with no unit.
    #[must_use]
    pub fn posted(&self) -> Option<Posted> {
        let by_piece = self.extras.contains(&Extra::Piecework);
        let monthly = if by_piece { PayKind::Piece } else { PayKind::Monthly };
        let has_sum = self.min_fen.or(self.max_fen).is_some();
        let (kind, times, over) = match self.per {
            Some(Per::Month) => (Some(monthly), 1, 1),
            Some(Per::Day) => (Some(PayKind::Daily), 1, 1),
            Some(Per::Hour) => (Some(PayKind::Hourly), 1, 1),
            Some(Per::Year) => (Some(PayKind::Monthly), 1, i64::from(self.months.unwrap_or(12))),
            Some(Per::Week) => (Some(PayKind::Monthly), 52, 12),
            Some(Per::Piece) if !has_sum => (Some(PayKind::Piece), 1, 1),
            Some(Per::Piece | Per::Once) => return None,
            None => {
                let sums = || self.min_fen.into_iter().chain(self.max_fen);
                let unlike_a_month = self.months.is_none() && sums().any(|fen| fen > PLAINLY_MONTHLY_FEN);
                if unlike_a_month || (by_piece && sums().any(|fen| fen < PIECE_PRICE_FEN)) {
                    return None;
                }
                (by_piece.then_some(PayKind::Piece), 1, 1)
            }
        };
        let in_unit = |fen: Option<i64>| fen.map(|fen| fen.saturating_mul(times) / over);
        let is_whole = times == over
            && self.months.is_none()
            && self.extras.iter().all(|extra| *extra == Extra::Piecework)
            && !(self.is_base || self.is_about || self.negotiable);
        // A single sum is the lowest one; a posting does not repeat it.
        let max_fen = self.max_fen.filter(|max| self.min_fen != Some(*max));
        Some(Posted { kind, min_fen: in_unit(self.min_fen), max_fen: in_unit(max_fen), is_whole })
    }
}

impl fmt::Display for Wage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yuan = |fen: i64| match (fen / 100, fen % 100) {
            (yuan, 0) => yuan.to_string(),
            (yuan, fen) => format!("{yuan}.{fen:02}"),
        };
        if self.is_base {
            f.write_str("保底")?;
        }
        let unit = self.per.map_or("", |per| per.label().zh);
        let side = match (self.min_fen, self.max_fen) {
            (Some(min), Some(max)) if min == max => (yuan(min), ""),
            (Some(min), Some(max)) => (format!("{}-{}", yuan(min), yuan(max)), ""),
            (Some(min), None) => (yuan(min), "以上"),
            (None, Some(max)) => (yuan(max), "以下"),
            (None, None) => (String::new(), ""),
        };
        match (side, self.per) {
            ((sum, _), Some(_)) if sum.is_empty() => write!(f, "按{unit}")?,
            ((sum, _), None) if sum.is_empty() => {}
            ((sum, open), Some(_)) => write!(f, "{sum}元/{unit}{open}")?,
            ((sum, open), None) => write!(f, "{sum}元{open}")?,
        }
        if self.is_about {
            f.write_str("左右")?;
        }
        if let Some(months) = self.months {
            write!(f, "·{months}薪")?;
        }
        for extra in &self.extras {
            write!(f, "+{}", extra.label().zh)?;
        }
        if self.negotiable {
            f.write_str("，面议")?;
        }
        Ok(())
    }
}
