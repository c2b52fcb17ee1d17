//! Reading working time: the words of rest, shifts and days, and how numbers and clock times beside them are meant.

use super::Parsed;
use super::scan::{Number, Scan, plain};
use super::shift::{DAY, Rest, Times, WorkTime};
use super::weekdays::weekday;
use crate::domain::codes::Shift;
use crate::domain::posting_law::clock_range;

#[derive(Clone, Copy)]
enum Word {
    /// Names one of several shifts.
    Label,
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
    (&["长白班", "白班", "常白班", "日班", "长日班", "正常班", "行政班", "纯白班"], Shift::Day),
    (&["两班倒", "二班倒", "两班制", "二班制", "两班轮换", "两班轮倒", "白夜两班倒", "白夜班倒", "两班", "三班两倒", "四班两倒", "两班两倒"], Shift::TwoShift),
    (&["三班倒", "三班制", "三班轮换", "三班轮倒", "早中晚三班", "早中晚三班倒", "三班", "三班三倒", "四班三倒", "四班三运转"], Shift::ThreeShift),
    (&["夜班", "长夜班", "固定夜班", "纯夜班", "晚班", "大夜班"], Shift::Night),
    (&["弹性时间", "弹性", "弹性工作", "弹性工作制", "灵活", "时间灵活", "自由安排", "时间自由", "灵活安排", "弹性上班"], Shift::Flexible),
];

// Wrapped by hand: one word a line would hide the structure.
#[rustfmt::skip]
const WORDS: &[(&[&str], Word)] = &[
    (&["早班", "中班"], Word::Label),
    (&["单休", "周休一天", "一周休一天", "周单休"], Word::Rest(Rest::Week(1))),
    (&["双休", "周休二日", "周末双休", "周休两天", "双休制"], Word::Rest(Rest::Week(2))),
    (&["大小周", "单双休", "大小休", "单双周", "大小礼拜", "单双休轮换"], Word::Rest(Rest::Alternate)),
    (&["轮休", "轮流休息", "调休", "排班", "排休"], Word::Rest(Rest::Rotating)),
    (&["无休", "无休息日", "全年无休"], Word::Rest(Rest::Week(0))),
    (&["每天", "每日", "天天"], Word::EveryDay),
    (&["每周", "一周", "每星期", "每周工作", "一周工作", "周工作", "每周上班", "每周上", "一周上", "周工时"], Word::OfWeek),
    (&["周休", "每周休息", "每周休", "一周休息", "一周休", "每星期休息"], Word::RestOfWeek),
    (&["月休", "每月休息", "每月休", "一个月休息", "一个月休", "月休息", "每月公休", "每个月休息"], Word::RestOfMonth),
    (&["午休", "中午休息", "中间休息", "休息", "吃饭", "用餐", "就餐", "午餐", "午饭", "中途休息", "含吃饭", "午间休息"], Word::Break),
    (&["休", "公休"], Word::FreeBefore),
    (&["不上夜班", "无夜班", "没有夜班", "不用上夜班", "不倒班", "无倒班"], Word::Night(false)),
    (&["有夜班", "需上夜班", "能上夜班", "能倒班", "上夜班"], Word::Night(true)),
    (&["不加班", "无加班", "没有加班", "不用加班", "很少加班", "偶尔加班"], Word::Overtime(false)),
    (&["加班", "有加班", "需加班", "能加班", "加班多", "需要加班"], Word::Overtime(true)),
    (&["上班时间", "工作时间", "上班", "下班", "工作", "时间", "作息", "作息时间", "上午", "下午", "早上", "晚上", "中午", "工时", "制", "工作制", "班次", "班", "为", "是", "左右", "约", "含", "和", "及", "或", "/", "|", ",", "、", ";", "。", ":", "(", ")", "[", "]", "\n", "\r"], Word::Filler),
];

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
}

/// The working time of a text; `None` if it says nothing of it.
#[must_use]
pub fn read(text: &str) -> Option<Parsed<WorkTime>> {
    let mut scan = Scan::new(&joined(text));
    let mut reader = Reader::default();
    while let Some(c) = scan.peek() {
        let from = scan.place();
        if reader.clock(&mut scan) || reader.turn(&mut scan) || reader.weekdays(&mut scan) {
            reader.of = None;
        } else if let Some(shift) = scan.word(SHIFTS) {
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
    let said = reader.finish();
    (said != WorkTime::default()).then(|| Parsed { said, unread: scan.into_unread() })
}

/// The plain text without the white space beside dashes and colons: `8:00 - 17:30` is one piece.
fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            ' ' if out.ends_with([' ', '-', ':']) => continue,
            '-' | ':' => out.truncate(out.trim_end_matches(' ').len()),
            _ => {}
        }
        out.push(c);
    }
    out
}

impl Reader {
    fn word(&mut self, word: Word, first: char) {
        match word {
            Word::Rest(rest) => self.said.rest = self.said.rest.or(Some(rest)),
            Word::EveryDay => self.said.every_day = true,
            Word::Night(is) => self.said.night = Some(is),
            Word::Overtime(is) => self.said.overtime = Some(is),
            Word::OfWeek | Word::RestOfWeek | Word::RestOfMonth | Word::Break | Word::FreeBefore => {
                self.of = Some(word);
            }
            Word::Filler if ",;、。\n".contains(first) => self.of = None,
            Word::Label | Word::Filler => {}
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

    /// `12小时制`, `8-10小时`, and the numbers of days a word before asks for.
    fn number(&mut self, scan: &mut Scan) -> bool {
        let Some(low) = scan.number() else { return false };
        let high = if scan.to() { scan.number() } else { Some(low) };
        let Some(high) = high else { return false };
        scan.take("个");
        let half = if scan.take("半") { 30 } else { 0 };
        let minutes = |number: Number, of: i64| number.times(of).and_then(|n| u16::try_from(n + half).ok());
        if scan.any(&["小时", "h", "钟头", "小时制", "小时工作制", "hour", "hours"]) {
            let (Some(low), Some(high)) = (minutes(low, 60), minutes(high, 60)) else { return false };
            let behind = scan.place();
            let is_break = matches!(self.of, Some(Word::Break)) || matches!(scan.word(WORDS), Some(Word::Break));
            let in_day = low > 0 && low <= high && high <= DAY;
            match self.of {
                _ if is_break && high < DAY => self.said.break_minutes = Some(high),
                Some(Word::OfWeek) if high <= 7 * DAY => {
                    scan.go_to(behind);
                    self.said.week_minutes = Some(high);
                }
                _ if in_day && self.said.day_minutes.is_none() => {
                    scan.go_to(behind);
                    self.said.day_minutes = Some((low, high));
                    scan.any(&["/天", "/日", "每天", "/班"]);
                }
                _ => return false,
            }
            return true;
        }
        if matches!(self.of, Some(Word::Break)) && scan.any(&["分钟", "分"]) {
            self.said.break_minutes = minutes(high, 1);
            return self.said.break_minutes.is_some();
        }
        let has_unit = scan.any(&["天", "日"]);
        let rest = match self.of {
            Some(Word::OfWeek) if has_unit => small(high, 7).map(|days| Rest::Week(7 - days)),
            Some(Word::RestOfWeek) if has_unit => small(low, 7).map(Rest::Week),
            Some(Word::RestOfMonth) => small(low, 31).map(Rest::Month),
            _ => None,
        };
        self.said.rest = self.said.rest.or(rest);
        rest.is_some()
    }

    fn finish(mut self) -> WorkTime {
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
