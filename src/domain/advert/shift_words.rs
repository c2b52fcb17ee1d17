//! Reading working time: the words of rest, shifts and days, and how numbers and clock times beside them are meant.

use super::Parsed;
use super::scan::{Number, Scan};
use super::shift::{DAY, Rest, Times, WorkTime};
use super::shift_clock::written_out;
use super::weekdays::weekday;
use crate::domain::codes::Shift;
use crate::domain::posting_law::{clock_range, take_turns};

#[derive(Clone, Copy)]
enum Word {
    /// Names one of several shifts.
    Label,
    /// Known, and says nothing of the hours: 全职, 倒班.
    Open,
    Rest(Rest),
    EveryDay,
    /// A number of hours or days of a week follows.
    OfWeek,
    /// A number of days of rest a week follows.
    RestOfWeek,
    RestOfMonth,
    /// Hours or times of a break.
    Break,
    FreeBefore,
    Night(bool),
    Overtime(bool),
    Filler,
}

// Wrapped by hand: one word a line would hide the structure.
#[rustfmt::skip]
const SHIFTS: &[(&[&str], Shift)] = &[
    (&["长白班", "白班", "常白班", "日班", "长日班", "正常班", "行政班", "纯白班", "固定白班", "白班制", "常日班"], Shift::Day),
    (&["两班倒", "二班倒", "两班制", "二班制", "两班轮换", "两班轮倒", "白夜两班倒", "白夜班倒", "两班", "三班两倒", "四班两倒", "两班两倒", "2班倒", "2班制", "3班2倒", "4班2倒", "两班轮", "两班轮流", "两班轮班", "两班运转", "白夜班", "白夜轮班", "白夜班轮换", "白夜班轮流", "白夜班轮班", "白夜班对倒", "白晚班轮换", "早晚班轮换", "早晚两班倒", "早晚班倒", "对班", "对班倒", "对倒"], Shift::TwoShift),
    (&["三班倒", "三班制", "三班轮换", "三班轮倒", "早中晚三班", "早中晚三班倒", "三班", "三班三倒", "四班三倒", "四班三运转", "3班倒", "3班制", "4班3倒", "早中晚班轮换", "早中夜三班", "早中夜三班倒", "三班轮流", "三班轮班", "三班运转", "四班三转"], Shift::ThreeShift),
    (&["夜班", "长夜班", "固定夜班", "纯夜班", "晚班", "大夜班", "固定晚班", "长晚班"], Shift::Night),
    (&["弹性时间", "弹性", "弹性工作", "弹性工作制", "灵活", "时间灵活", "自由安排", "时间自由", "灵活安排", "弹性上班", "上班时间自由", "时间不固定", "上下班自由", "自由上下班"], Shift::Flexible),
];

// Wrapped by hand: one word a line would hide the structure.
#[rustfmt::skip]
const WORDS: &[(&[&str], Word)] = &[
    (&["早班", "中班", "a班", "b班", "c班"], Word::Label),
    (&["全职", "全日制", "全日制用工", "非全日制", "兼职", "长期", "长期工", "短期", "短期工", "临时工", "居家", "居家办公", "居家就业", "在家", "在家办公", "在家做", "计时", "计时制", "计件", "计件制", "倒班", "倒班制", "需倒班", "可倒班", "轮班", "轮班制", "排班制", "综合工时", "综合工时制", "综合计算工时", "综合计算工时制", "不定时", "不定时工作制", "标准工时", "标准工时制", "按公司安排", "服从安排", "听从安排", "按厂里安排", "根据订单安排", "按订单安排", "另算", "另计", "另付", "坐班", "一月一倒", "一周一倒", "半月一倒", "两周一倒", "每月一倒", "每周一倒", "月倒", "周倒", "法定节假日", "法定节假日休息", "国家法定节假日", "国家法定节假日休息", "节假日休息", "法定假休息", "法定假日休息", "包吃", "包住", "包吃住", "包食宿", "提供食宿", "包工作餐", "五险", "五险一金", "社保", "缴纳社保", "买社保", "多劳多得"], Word::Open),
    (&["单休", "单休制", "周休一天", "一周休一天", "周单休", "周末单休", "周休1天"], Word::Rest(Rest::Week(1))),
    (&["双休", "周休二日", "周末双休", "周休两天", "双休制"], Word::Rest(Rest::Week(2))),
    (&["大小周", "单双休", "大小休", "单双周", "大小礼拜", "单双休轮换"], Word::Rest(Rest::Alternate)),
    (&["轮休", "轮流休息", "调休", "排班", "排休", "轮班休息"], Word::Rest(Rest::Rotating)),
    (&["无休", "无休息日", "全年无休"], Word::Rest(Rest::Week(0))),
    (&["每天", "每日", "天天"], Word::EveryDay),
    (&["每周", "一周", "每星期", "每周工作", "一周工作", "周工作", "每周上班", "每周上", "一周上", "周工时"], Word::OfWeek),
    (&["周休", "每周休息", "每周休", "一周休息", "一周休", "每星期休息"], Word::RestOfWeek),
    (&["月休", "每月休息", "每月休", "一个月休息", "一个月休", "月休息", "每月公休", "每个月休息"], Word::RestOfMonth),
    (&["午休", "中午休息", "中间休息", "休息", "吃饭", "用餐", "就餐", "午餐", "午饭", "中途休息", "含吃饭", "午间休息", "中间吃饭", "中途吃饭", "吃饭休息", "含用餐", "含午休", "含休息"], Word::Break),
    (&["休", "公休"], Word::FreeBefore),
    (&["不上夜班", "无夜班", "没有夜班", "不用上夜班", "不倒班", "无倒班"], Word::Night(false)),
    (&["有夜班", "需上夜班", "能上夜班", "能倒班", "上夜班"], Word::Night(true)),
    (&["不加班", "无加班", "没有加班", "不用加班", "很少加班", "偶尔加班"], Word::Overtime(false)),
    (&["加班", "有加班", "需加班", "能加班", "加班多", "需要加班", "加班费", "有加班费", "加班工资"], Word::Overtime(true)),
    (&["上班时间", "工作时间", "上班", "下班", "工作", "时间", "作息", "作息时间", "上午", "下午", "早上", "晚上", "中午", "中间", "中途", "工时", "制", "工作制", "班次", "班", "每班", "为", "是", "左右", "约", "含", "和", "及", "或", "/", "|", ",", "、", ";", "。", ":", "(", ")", "[", "]", "\n", "\r"], Word::Filler),
];

const HOURS: &[&str] = &["小时", "h", "钟头", "小时制", "小时工作制", "hour", "hours"];

/// More minutes than one person's day has: named shifts stand beside each other.
const LONGEST_DAY: u32 = 12 * 60;

/// The shift a whole text names.
#[must_use]
pub fn named(text: &str) -> Option<Shift> {
    SHIFTS.iter().find(|(words, _)| words.contains(&text)).map(|(_, shift)| *shift)
}

#[derive(Default)]
struct Reader {
    said: WorkTime,
    shifts: Vec<Shift>,
    breaks: Vec<Times>,
    /// The days the next times are of, and whether times have used them.
    days: Vec<u8>,
    days_used: bool,
    /// What the next number, time or day is about.
    of: Option<Word>,
    /// A known word was there, though it may say nothing of the hours.
    speaks: bool,
    n_labels: usize,
}

/// The working time of a text; `None` if it says nothing of it. 全职 and the like are understood, and leave everything open.
#[must_use]
pub fn read(text: &str) -> Option<Parsed<WorkTime>> {
    let mut scan = Scan::new(&written_out(text));
    let mut reader = Reader::default();
    while let Some(c) = scan.peek() {
        let from = scan.place();
        if reader.clock(&mut scan) || reader.turn(&mut scan) || reader.weekdays(&mut scan) {
            reader.of = None;
        } else if let Some(shift) = scan.word(SHIFTS) {
            reader.n_labels += usize::from(matches!(shift, Shift::Day | Shift::Night));
            let named = scan.place();
            if scan.chars().get(from..named).is_some_and(|word| word.contains(&'夜')) {
                reader.said.night = reader.said.night.or(Some(true));
            }
            reader.shifts.push(shift);
        } else if let Some(word) = scan.word(WORDS) {
            reader.word(word, c);
        } else if reader.number(&mut scan) {
            reader.of = None;
        } else {
            scan.go_to(from);
            scan.skip();
        }
    }
    let speaks = reader.speaks;
    let said = reader.finish();
    (speaks || said != WorkTime::default()).then(|| Parsed { said, unread: scan.into_unread() })
}

impl Reader {
    fn word(&mut self, word: Word, first: char) {
        match word {
            Word::Rest(rest) => self.said.rest = self.said.rest.or(Some(rest)),
            Word::EveryDay => self.said.every_day = true,
            Word::Night(is) => self.said.night = Some(is),
            Word::Overtime(is) => {
                (self.said.overtime, self.of) = (Some(is), Some(word));
            }
            Word::Open => self.speaks = true,
            Word::OfWeek | Word::RestOfWeek | Word::RestOfMonth | Word::Break | Word::FreeBefore => {
                self.of = Some(word);
            }
            Word::Filler if ",;、。\n".contains(first) => self.of = None,
            Word::Label => self.n_labels += 1,
            Word::Filler => {}
        }
    }

    /// `8:00-17:30`, `早8点到晚9点`; `12:00-13:00午休` is a break.
    fn clock(&mut self, scan: &mut Scan) -> bool {
        let at = scan.place();
        let Some(((from, to), end)) = clock_range(scan.chars(), at) else { return false };
        let minute = |minutes: u32| u16::try_from(minutes).ok();
        let to = if to > u32::from(DAY) { to - u32::from(DAY) } else { to };
        let (Some(from), Some(to)) = (minute(from), minute(to)) else { return false };
        if from == to || from >= DAY {
            return false;
        }
        scan.go_to(end);
        let is_break = matches!(self.of, Some(Word::Break)) || {
            let named = matches!(scan.word(WORDS), Some(Word::Break)) && scan.number().is_none();
            if !named {
                scan.go_to(end);
            }
            named
        };
        let times = Times { days: self.days.clone(), from, to };
        if is_break {
            self.breaks.push(times);
        } else {
            self.said.times.push(times);
            self.days_used = true;
        }
        true
    }

    /// `做六休一`, `上5天休2天`.
    fn turn(&mut self, scan: &mut Scan) -> bool {
        let at = scan.place();
        let mut turn = || -> Option<(u8, u8)> {
            scan.any(&["做", "上", "干", "工作"]);
            let on = small(scan.number()?, 31)?;
            scan.take("天");
            scan.any(&["休", "休息"]).then_some(())?;
            let off = small(scan.number()?, 31)?;
            scan.take("天");
            Some((on, off))
        };
        match turn() {
            Some((on, off)) if on + off == 7 => self.said.rest = Some(Rest::Week(off)),
            Some((on, off)) if on > 0 => self.said.rest = Some(Rest::Cycle { on, off }),
            _ => {
                scan.go_to(at);
                return false;
            }
        }
        true
    }

    /// `周一至周五`, `周六日`, `周日休息`.
    fn weekdays(&mut self, scan: &mut Scan) -> bool {
        let at = scan.place();
        let Some(days) = days(scan) else {
            scan.go_to(at);
            return false;
        };
        if matches!(self.of, Some(Word::FreeBefore))
            || scan.any(&["休", "休息", "公休", "放假", "单休", "双休", "不上班"])
        {
            self.said.free_days.extend(days);
        } else {
            if self.days_used {
                self.days.clear();
                self.days_used = false;
            }
            self.days.extend(days);
        }
        true
    }

    /// `12小时制`, `8-10小时`, `8+2小时`, and the numbers of days a word before asks for.
    fn number(&mut self, scan: &mut Scan) -> bool {
        let Some(low) = scan.number() else { return false };
        let high = if scan.to() { scan.number() } else { Some(low) };
        let more = if scan.take("+") { scan.number() } else { None };
        let Some(high) = high else { return false };
        scan.take("个");
        let half = if scan.take("半") { 30 } else { 0 };
        let minutes = |number: Number, of: i64| number.times(of).and_then(|n| u16::try_from(n + half).ok());
        let ends =
            |scan: &mut Scan| scan.peek().is_none_or(|c| ",;、。\n".contains(c)) || scan.any(&["制", "工作制", "模式"]);
        if scan.any(HOURS) || (more.is_some() && ends(scan)) {
            let (Some(low), Some(high)) = (minutes(low, 60), minutes(high, 60)) else { return false };
            let Some(more) = more.map_or(Some(0), |more| minutes(more, 60)) else { return false };
            // 8+2: the usual hours and the overtime.
            self.said.overtime = self.said.overtime.or((more > 0).then_some(true));
            return self.hours((low.saturating_add(more), high.saturating_add(more)), scan);
        }
        if matches!(self.of, Some(Word::Break)) && scan.any(&["分钟", "分"]) {
            self.said.break_minutes = minutes(high, 1);
            return self.said.break_minutes.is_some();
        }
        more.is_none() && self.days((low, high), scan)
    }

    /// Minutes told as hours: of a break, of overtime, of a week or of a day.
    fn hours(&mut self, (low, high): (u16, u16), scan: &mut Scan) -> bool {
        let behind = scan.place();
        let is_break = matches!(self.of, Some(Word::Break)) || matches!(scan.word(WORDS), Some(Word::Break));
        if is_break && high < DAY {
            self.said.break_minutes = Some(high);
            return true;
        }
        scan.go_to(behind);
        match self.of {
            Some(Word::Overtime(_)) => true,
            Some(Word::OfWeek) if high <= 7 * DAY => {
                self.said.week_minutes = Some(high);
                true
            }
            _ if low > 0 && low <= high && high <= DAY && self.said.day_minutes.is_none() => {
                self.said.day_minutes = Some((low, high));
                scan.any(&["/天", "/日", "每天", "/班"]);
                true
            }
            _ => false,
        }
    }

    /// Days of work of a week (`六天制`, `5天8小时`) or of rest.
    fn days(&mut self, (low, high): (Number, Number), scan: &mut Scan) -> bool {
        let has_unit = scan.any(&["天", "日"]);
        let before_hours = has_unit && self.of.is_none() && hours_follow(scan);
        // 一天8小时.
        if before_hours && high.whole() == Some(1) {
            return true;
        }
        let is_of_week = matches!(self.of, Some(Word::OfWeek))
            || ((before_hours || (has_unit && scan.any(&["制", "工作制"]))) && high.whole() >= Some(4));
        let rest = match self.of {
            _ if is_of_week && has_unit => small(high, 7).map(|days| Rest::Week(7 - days)),
            Some(Word::RestOfWeek) if has_unit => small(low, 7).map(Rest::Week),
            Some(Word::RestOfMonth) => small(low, 31).map(Rest::Month),
            _ => None,
        };
        self.said.rest = self.said.rest.or(rest);
        rest.is_some()
    }

    fn finish(mut self) -> WorkTime {
        self.take_turns();
        // A rota says more than the names of its shifts; day and night without one leave open who works when.
        let rota = self.shifts.iter().find(|shift| !matches!(shift, Shift::Day | Shift::Night));
        let is_one = self.shifts.windows(2).all(|two| two[0] == two[1]);
        self.said.shift = rota.or(self.shifts.first().filter(|_| is_one)).copied();
        if self.shifts.contains(&Shift::Night) {
            self.said.night = self.said.night.or(Some(true));
        }
        if !self.days_used && !self.days.is_empty() {
            self.said.free_days.extend((1..=7).filter(|day| !self.days.contains(day)));
        }
        for pause in std::mem::take(&mut self.breaks) {
            self.take_out(&pause);
        }
        self.said.free_days.sort_unstable();
        self.said.free_days.dedup();
        self.said
    }
}

impl Reader {
    /// Times of one day that nobody works all of are those of shifts.
    fn take_turns(&mut self) {
        let times = &self.said.times;
        let spans: Vec<(u32, u32)> = times.iter().map(|times| (times.from.into(), times.until())).collect();
        let one_day = times.windows(2).all(|two| two[0].days == two[1].days);
        let total: u32 = spans.iter().map(|(from, to)| to - from).sum();
        let are_named = self.n_labels == spans.len() && total > LONGEST_DAY;
        if one_day && (take_turns(&spans) || are_named) {
            self.shifts.extend(match spans.len() {
                2 => Some(Shift::TwoShift),
                3 => Some(Shift::ThreeShift),
                _ => None,
            });
        }
    }

    /// Cuts a break out of the times around it; one that lies in none is kept as minutes.
    fn take_out(&mut self, pause: &Times) {
        let is_around = |times: &Times| times.from < pause.from && pause.from < pause.to && pause.to < times.to;
        let mut rest: Vec<Times> = Vec::new();
        for times in self.said.times.iter_mut().filter(|times| is_around(times)) {
            rest.push(Times { from: pause.to, ..times.clone() });
            times.to = pause.from;
        }
        if rest.is_empty() {
            let before = self.said.break_minutes.unwrap_or(0);
            self.said.break_minutes = Some(before.saturating_add(pause.minutes()));
        }
        self.said.times.append(&mut rest);
    }
}

/// `8小时` of `5天8小时`.
fn hours_follow(scan: &mut Scan) -> bool {
    let at = scan.place();
    let follow = scan.number().is_some() && scan.any(HOURS);
    scan.go_to(at);
    follow
}

fn small(number: Number, most: i64) -> Option<u8> {
    number.whole().filter(|n| (0..=most).contains(n)).and_then(|n| u8::try_from(n).ok())
}

fn days(scan: &mut Scan) -> Option<Vec<u8>> {
    if scan.take("工作日") {
        return Some((1..=5).collect());
    }
    if scan.any(&["周末", "双休日"]) {
        return Some(vec![6, 7]);
    }
    let prefix = |scan: &mut Scan| scan.any(&["周", "星期", "礼拜", "每周", "每星期"]);
    let day = |scan: &mut Scan| {
        let place = scan.place();
        let day = scan.peek().filter(|c| !c.is_ascii_digit()).and_then(|c| weekday(&c.to_string()));
        // 每周六天, 周日一天: a number of days.
        let is_number = scan.chars().get(place + 1).is_some_and(|c| matches!(c, '天' | '个'));
        let day = day.filter(|_| !is_number)?;
        scan.go_to(place + 1);
        Some(day)
    };
    if !prefix(scan) {
        return None;
    }
    let mut days = vec![day(scan)?];
    loop {
        let at = scan.place();
        let last = days.last().copied()?;
        if scan.to() {
            _ = prefix(scan);
            let to = day(scan).filter(|to| *to > last)?;
            days.extend(last + 1..=to);
        } else if scan.any(&["、", ",", "和", "及"])
            && prefix(scan)
            && let Some(next) = day(scan)
        {
            days.push(next);
        } else {
            scan.go_to(at);
            match day(scan) {
                Some(next) => days.push(next),
                None => {
                    scan.go_to(at);
                    return Some(days);
                }
            }
        }
    }
}
