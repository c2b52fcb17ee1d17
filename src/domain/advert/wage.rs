//! What does a wage text promise: `1-1.5万·13薪`, `150元/天`, `4千及以下`, `2800+提成`, `面议`?
//!
//! Invariants of a [`Wage`] that was read: it says something; `min <= max`; sums are exact in fen, never rounded; a single sum is
//! both minimum and maximum unless words open one side (`以上`, `保底`, `+提成`). A second sum is handed back where a word says that it is
//! not the wage (`试用期2500`, `全勤200`); a text with two sums of which neither is certainly the wage is unreadable. [`Wage`] prints as a
//! text that reads as itself.

use std::fmt;

pub use super::wage_words::read;
use crate::domain::codes::{PayKind, code_list};

/// A sum without a unit outside is not by the month beyond doubt: `20-40万`, `150-200`.
const PLAINLY_MONTHLY_FEN: std::ops::RangeInclusive<i64> = 80_000..=5_000_000;
/// Estimates for a month of piece work are above this, prices of a piece below.
const PIECE_PRICE_FEN: i64 = 10_000;

code_list! {
    /// What a sum of a wage text is paid for.
    Per {
        Month = "month", "月", "month";
        HalfMonth = "half_month", "半月", "half a month";
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

impl Per {
    /// The unit of a kind of pay; piece work has none.
    #[must_use]
    pub const fn of(kind: PayKind) -> Option<Self> {
        match kind {
            PayKind::Monthly => Some(Self::Month),
            PayKind::Daily => Some(Self::Day),
            PayKind::Hourly => Some(Self::Hour),
            PayKind::Piece => None,
        }
    }

    /// Sums that somebody is paid for this, in fen.
    const fn believed_fen(self) -> std::ops::RangeInclusive<i64> {
        match self {
            Self::Month => 30_000..=100_000_000,
            Self::HalfMonth => 15_000..=50_000_000,
            Self::Day => 2_000..=300_000,
            Self::Hour => 300..=50_000,
            Self::Year => 300_000..=1_000_000_000,
            Self::Week => 10_000..=300_000,
            Self::Piece | Self::Once => 0..=i64::MAX,
        }
    }
}

impl Wage {
    /// What a posting states of the wage. Rounded down to fen, so that it never promises more. `None` where the sum has no
    /// equivalent a posting knows: the price of a piece, a sum for one time, one that nobody is paid for its unit or, without a unit,
    /// for a month.
    #[must_use]
    pub fn posted(&self) -> Option<Posted> {
        let believed = self.per.map_or(PLAINLY_MONTHLY_FEN, Per::believed_fen);
        let sums = self.min_fen.into_iter().chain(self.max_fen);
        let is_salary = self.per.is_none() && self.months.is_some();
        let is_believed = is_salary || sums.into_iter().all(|fen| believed.contains(&fen));
        self.income().filter(|_| is_believed)
    }

    /// Whether a sum stands there of which nobody knows what it is paid for.
    #[must_use]
    pub fn lacks_unit(&self) -> bool {
        self.per.is_none() && self.posted().is_none()
    }

    /// The same for what somebody gets, which may be little.
    #[must_use]
    pub fn income(&self) -> Option<Posted> {
        let by_piece = self.extras.contains(&Extra::Piecework);
        let monthly = if by_piece { PayKind::Piece } else { PayKind::Monthly };
        let has_sum = self.min_fen.or(self.max_fen).is_some();
        let (kind, times, over) = match self.per {
            Some(Per::Month) => (Some(monthly), 1, 1),
            Some(Per::HalfMonth) => (Some(monthly), 2, 1),
            Some(Per::Day) => (Some(PayKind::Daily), 1, 1),
            Some(Per::Hour) => (Some(PayKind::Hourly), 1, 1),
            Some(Per::Year) => (Some(PayKind::Monthly), 1, i64::from(self.months.unwrap_or(12))),
            Some(Per::Week) => (Some(PayKind::Monthly), 52, 12),
            Some(Per::Piece) if !has_sum => (Some(PayKind::Piece), 1, 1),
            Some(Per::Piece | Per::Once) => return None,
            None => {
                let sums = || self.min_fen.into_iter().chain(self.max_fen);
                let unlike_a_month = self.months.is_none() && sums().any(|fen| fen > *PLAINLY_MONTHLY_FEN.end());
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
