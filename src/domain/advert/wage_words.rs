//! Reading a wage: the words beside sums, and which sum is the wage.

use super::Parsed;
use super::scan::{Number, Scan};
use super::wage::{Extra, Per, Unread, Wage};
use super::wage_table::{COUNTED, CURRENCY, MARKS, MONTHS, WORDS, WORKS, Word};
use crate::domain::fold::fold;

/// No sum above this is believed, in fen.
const MAX_FEN: i64 = 1_000_000_000_000;
/// Less than this is not meant in yuan beside a sum in thousands.
const LEAST_BARE_FEN: i64 = 10_000;
/// A number from here on is a sum and no count of days.
const LEAST_SUM: i64 = 100;

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
    if counted {
        scan.any(&["/天", "/日", "/周", "/月", "/班"]);
    } else {
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
