//! Reading a wage: the words beside sums, and which sum is the wage.

use super::Parsed;
use super::scan::{Number, Scan};
use super::wage::{Extra, Per, Unread, Wage};
use crate::domain::fold::fold;

/// No sum above this is believed, in fen.
const MAX_FEN: i64 = 1_000_000_000_000;
/// Less than this is not meant in yuan beside a sum in thousands.
const LEAST_BARE_FEN: i64 = 10_000;
/// A number from here on is a sum and no count of days.
const LEAST_SUM: i64 = 100;

#[derive(Clone, Copy)]
enum Word {
    Per(Per),
    /// When wages are paid out: the unit only where no other is stated.
    Settled(Per),
    Extra(Extra),
    Base,
    /// Opens the upper side.
    Above,
    /// Opens the upper side of one sum; a range says it is an estimate.
    Uncapped,
    /// Opens the lower side.
    Below,
    About,
    Negotiable,
    /// The wage of the trial follows.
    Trial,
    /// Says nothing more.
    Filler,
    /// Known, and not about the wage.
    Other,
}

// Wrapped by hand: one word a line would hide the structure.
#[rustfmt::skip]
const WORDS: &[(&[&str], Word)] = &[
    (&["/月", "/每月", "/个月", "每月", "每个月", "一个月", "一月", "/month", "/mo", "/m", "月薪", "月工资", "月收入", "月入", "月均", "按月", "月综合工资", "月综合"], Word::Per(Per::Month)),
    (&["/半月", "/半个月", "每半月", "每半个月", "半月薪", "半个月", "按半月"], Word::Per(Per::HalfMonth)),
    (&["/天", "/日", "/每天", "/工作日", "/工", "一个工", "每个工", "个工", "每天", "每日", "一天", "一日", "/day", "/d", "日薪", "日工资", "按天", "按日"], Word::Per(Per::Day)),
    (&["/小时", "/时", "/每小时", "/h", "/hour", "/钟", "/个小时", "每小时", "一小时", "一个小时", "每个小时", "小时", "时薪", "小时工", "小时工资", "按小时"], Word::Per(Per::Hour)),
    (&["/年", "/每年", "每年", "一年", "/year", "/y", "年薪", "年收入", "按年"], Word::Per(Per::Year)),
    (&["/周", "/星期", "/每周", "每周", "一周", "周薪", "按周"], Word::Per(Per::Week)),
    (&["/件", "/个", "/单", "/套", "/条", "/双", "/只", "/打", "/箱", "/吨", "/斤", "/公斤", "/千克", "/kg", "/米", "/平米", "/平方", "/亩", "/床", "/台", "/车", "/筐", "/袋", "/盒", "/块", "/片", "/张", "/根", "/支", "/对", "/副", "每件", "每个", "每单", "每套", "每条", "每双", "每只", "每吨", "每斤", "每米", "每箱", "每打", "一件", "一个", "一单", "一双", "一吨", "一套", "一条", "按件"], Word::Per(Per::Piece)),
    (&["/次", "/场", "/趟", "/回", "每次", "每场", "每趟", "一次", "一场", "一趟", "按次"], Word::Per(Per::Once)),
    (&["月结", "计月"], Word::Settled(Per::Month)),
    (&["日结", "天结", "计日"], Word::Settled(Per::Day)),
    (&["计时", "计时工资"], Word::Settled(Per::Hour)),
    (&["周结"], Word::Settled(Per::Week)),
    (&["次结"], Word::Settled(Per::Once)),
    (&["计件", "计件工资", "计件制", "记件", "件薪", "计件提成", "计件结算"], Word::Extra(Extra::Piecework)),
    (&["提成", "高提成", "业绩提成", "业务提成", "佣金", "抽成"], Word::Extra(Extra::Commission)),
    (&["奖金", "绩效", "绩效奖金", "绩效奖", "绩效工资", "年终奖", "年终奖金", "年底双薪", "全勤奖", "全勤", "满勤奖", "满勤", "全勤奖金", "奖励", "季度奖", "产量奖", "质量奖", "效益奖", "生产奖"], Word::Extra(Extra::Bonus)),
    (&["补贴", "补助", "津贴", "餐补", "房补", "饭补", "车补", "话补", "夜补", "夜班补贴", "夜班补助", "夜班津贴", "住房补贴", "生活补贴", "伙食补贴", "高温补贴", "岗位补贴", "岗位津贴", "岗位工资", "技能工资", "交通补贴", "车费补贴", "工龄工资", "工龄奖", "工龄补贴"], Word::Extra(Extra::Allowance)),
    (&["加班费", "加班工资", "加班"], Word::Extra(Extra::Overtime)),
    (&["分红", "股份分红"], Word::Extra(Extra::Dividend)),
    (&["保底", "保底工资", "底薪", "无责底薪", "无责任底薪", "基本工资", "基础工资", "责任底薪"], Word::Base),
    (&["以上", "及以上", "或以上", "起", "起薪", "不低于", "不少于", "至少", "最低", "最少", "高于"], Word::Above),
    (&["上不封顶", "不封顶"], Word::Uncapped),
    (&["以下", "及以下", "或以下", "以内", "之内", "封顶", "不超过", "不高于", "最高", "至多", "最多"], Word::Below),
    (&["左右", "上下", "约", "大约", "大概", "约为", "平均"], Word::About),
    (&["面议", "可面议", "面谈", "薪资面议", "工资面议", "待遇面议", "详谈", "协商", "可议", "再议", "电议"], Word::Negotiable),
    (&["试用期", "试用", "试工期", "实习期", "学徒期", "培训期", "见习期"], Word::Trial),
    (&["工资", "薪资", "薪酬", "待遇", "综合", "综合工资", "综合薪资", "综合收入", "收入", "薪水", "薪", "固定工资", "转正", "转正后", "转正工资", "转正薪资", "为", "是", "在", "可达", "不等", "之间", "区间", "元", "块", "块钱", "人民币", "rmb", "¥", "每人", "/人"], Word::Filler),
    (&["五险一金", "六险一金", "五险", "一金", "双休", "单休", "大小周", "上六休一", "做六休一", "上五休二", "做五休二", "多劳多得", "包工作餐", "社保", "无试用期", "没有试用期", "到手", "税前", "税后", "实发", "包一餐", "包两餐", "包三餐", "包吃", "包住", "包吃住", "包食宿", "食宿", "一经录用", "半月结", "半月一结", "日清", "不拖欠", "不拖欠工资"], Word::Other),
    (&["试用期后", "试用期过后", "试用期满", "试用期满后", "试用期结束后", "过试用期", "过了试用期"], Word::Filler),
];

const MARKS: &[&str] =
    &[",", "、", ";", "。", ":", "(", ")", "[", "]", "【", "】", "·", "•", "|", "/", "*", "×", "\n", "\r"];
const CURRENCY: &[&str] = &["元", "块", "块钱", "圆", "元人民币", "人民币", "rmb", "元整"];
const MONTHS: &[&str] = &["薪", "个月薪", "个月薪资", "个月工资", "个月薪水"];
/// What follows a number that is no sum.
const COUNTED: &[&str] =
    &["小时", "个小时", "h", "天", "个工作日", "个月", "名", "人", "位", "岁", "周岁", "%", "点", "餐", "号", "班"];
/// `每天8小时` and `每天工作` are no wage of a day.
const WORKS: &[&str] = &["工作", "上班", "休息", "休", "出勤", "上", "加班", "满勤"];

#[derive(Default)]
struct Draft {
    wage: Wage,
    sum: Option<(i64, i64)>,
    settled: Option<Per>,
    above: bool,
    below: bool,
    /// Where it says that there is no upper end.
    uncapped: Option<(usize, usize)>,
    /// A trial was named without its wage: the next sum may be that.
    trial_is_open: bool,
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
            draft.word(word, from, &mut scan)?;
        } else if scan.any(MARKS) {
            // `/月` is a word before its stroke is a mark.
            if c == '/' && unit_unknown(&mut scan) {
                return Err(Unread::Words);
            }
        } else if let Some(number) = scan.number() {
            draft.sum(number, &mut scan, from)?;
        } else if c.is_ascii_digit() || c == '每' || scan.to() {
            return Err(Unread::Words);
        } else {
            scan.skip();
        }
    }
    let said = draft.finish(&mut scan)?;
    Ok(Parsed { said, unread: scan.into_unread() })
}

/// `1000元/季`, `100元/8小时`: the sum is for something that is not known.
fn unit_unknown(scan: &mut Scan) -> bool {
    let from = scan.place();
    let rest = || scan.chars().iter().skip(from);
    if rest().next().is_some_and(|c| c.is_ascii_digit() || scan.numeral_at(from)) {
        return true;
    }
    let length = rest().take_while(|c| !c.is_whitespace() && !",、;。()+/\n".contains(**c)).count();
    let is_word = scan.word(WORDS).is_some();
    scan.go_to(from);
    (1..=2).contains(&length) && !is_word
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
        // `+五险` is no five of anything.
        if scan.word(WORDS).is_some() {
            scan.go_to(from);
            return Ok(());
        }
        if scan.number().is_some() {
            scan.any(CURRENCY);
            let Some(Word::Extra(extra)) = scan.word(WORDS) else { return Err(Unread::Words) };
            // The extra is told, how much it is cannot be.
            scan.give_up_since(from);
            self.extra(extra);
            return Ok(());
        }
        if scan.peek().is_none() || scan.any(MARKS) {
            self.above = true;
        }
        Ok(())
    }

    fn extra(&mut self, extra: Extra) {
        if !self.wage.extras.contains(&extra) {
            self.wage.extras.push(extra);
        }
    }

    fn word(&mut self, word: Word, from: usize, scan: &mut Scan) -> Result<(), Unread> {
        match word {
            Word::Per(_) if !scan.stands_at(from, '/') && is_work(scan) => scan.give_up_since(from),
            Word::Per(per) if self.wage.per.is_some_and(|known| known != per) => return Err(Unread::Words),
            Word::Per(per) => self.wage.per = Some(per),
            Word::Settled(per) => self.settled = Some(per),
            Word::Extra(extra) => {
                self.extra(extra);
                // `全勤奖200元`: the extra is told, how much it is cannot be.
                if extra != Extra::Piecework && amount(scan) {
                    scan.give_up_since(from);
                }
            }
            Word::Base => self.wage.is_base = true,
            Word::Above => self.above = true,
            Word::Uncapped => self.uncapped = Some((from, scan.place())),
            Word::Below => self.below = true,
            Word::About => self.wage.is_about = true,
            Word::Negotiable => self.wage.negotiable = true,
            Word::Trial => self.trial(from, scan),
            Word::Other => scan.give_up_since(from),
            Word::Filler => {}
        }
        Ok(())
    }

    /// `试用期2500元/月`: what is said of a trial, up to the end of its clause, is not the wage.
    fn trial(&mut self, from: usize, scan: &mut Scan) {
        let mut says_wage = false;
        while let Some(c) = scan.peek() {
            let at = scan.place();
            let ends = ",;、。)]】\n".contains(c) || scan.take("转正");
            scan.go_to(at);
            if ends {
                break;
            }
            match scan.number() {
                Some(number) => says_wage |= number.whole().is_some_and(|n| n >= LEAST_SUM),
                None => {
                    says_wage |= matches!(c, '%' | '折' | '同');
                    scan.go_to(at + 1);
                }
            }
        }
        scan.give_up_since(from);
        self.trial_is_open = !says_wage && self.sum.is_none();
    }

    fn sum(&mut self, first: Number, scan: &mut Scan, from: usize) -> Result<(), Unread> {
        let mut has_currency = scan.any(CURRENCY);
        let second = if scan.to() {
            scan.any(&["¥"]);
            let second = scan.number().ok_or(Unread::Words)?;
            has_currency |= scan.any(CURRENCY);
            Some(second)
        } else {
            None
        };
        if !has_currency && is_counted(scan) {
            scan.give_up_since(from);
            return Ok(());
        }
        if self.sum.is_some() {
            // 一名, 三餐: a numeral of one character is not a second wage; nor is 200元全勤奖.
            let is_count = second.is_none() && scan.numeral_at(from) && first.whole().is_some_and(|n| n < 10);
            let at = scan.place();
            let extra = match scan.word(WORDS) {
                Some(Word::Extra(extra)) if extra != Extra::Piecework => Some(extra),
                _ => None,
            };
            if extra.is_none() {
                scan.go_to(at);
            }
            extra.into_iter().for_each(|extra| self.extra(extra));
            return if is_count || extra.is_some() {
                scan.give_up_since(from);
                Ok(())
            } else {
                Err(Unread::Words)
            };
        }
        if self.trial_is_open {
            return Err(Unread::Words);
        }
        self.sum = Some(range(first, second)?);
        Ok(())
    }

    fn finish(self, scan: &mut Scan) -> Result<Wage, Unread> {
        let mut wage = self.wage;
        wage.per = wage.per.or(self.settled);
        wage.extras.sort_unstable();
        if let Some((low, high)) = self.sum {
            if let Some(words) = self.uncapped.filter(|_| low < high) {
                scan.give_up(words);
            }
            let only_a_part = low == high && !self.below && (wage.is_base || !wage.extras.is_empty());
            let open = self.above || only_a_part || (self.uncapped.is_some() && low == high);
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

/// The sum or range of one or two numbers, in fen.
fn range(first: Number, second: Option<Number>) -> Result<(i64, i64), Unread> {
    let fen = |number: Number, scale: Option<i64>| {
        let fen = number.times(scale.unwrap_or(1) * 100);
        fen.filter(|fen| (0..=MAX_FEN).contains(fen)).ok_or(Unread::Words)
    };
    let own = |number: Number| fen(number, number.scale);
    let Some(second) = second else {
        let sum = own(first)?;
        return Ok((sum, sum));
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
    if low > high { Err(Unread::Reversed) } else { Ok((low, high)) }
}

/// Passes how much an extra is: `200`, `：200-300元/月`.
fn amount(scan: &mut Scan) -> bool {
    let from = scan.place();
    scan.any(&[":", "为", "每月", "每天"]);
    let stands = scan.number().is_some() && {
        scan.any(CURRENCY);
        !scan.to() || scan.number().is_some()
    };
    if !stands {
        scan.go_to(from);
        return false;
    }
    scan.any(CURRENCY);
    let behind = scan.place();
    if !scan.take("%") && !matches!(scan.word(WORDS), Some(Word::Per(_))) {
        scan.go_to(behind);
    }
    true
}

/// Passes the word that makes the number before it no sum, unless a longer word begins there: `天` but not `天结`.
fn is_counted(scan: &mut Scan) -> bool {
    let from = scan.place();
    let word = scan.word(WORDS).map_or(from, |_| scan.place());
    scan.go_to(from);
    let counted = scan.any(COUNTED) && scan.place() >= word;
    if !counted {
        scan.go_to(from);
    }
    counted
}

/// Passes what is done in a time, so that it is not what a wage is paid for: `每天8小时`, `每月休4天`.
fn is_work(scan: &mut Scan) -> bool {
    let from = scan.place();
    let works = scan.any(WORKS);
    let behind = scan.place();
    let counted = scan.number().is_some() && (!scan.to() || scan.number().is_some()) && is_counted(scan);
    if !counted {
        scan.go_to(if works { behind } else { from });
    }
    works || counted
}
