//! Words and figures as a page shows them, in the reader's language. Both languages stand side by side in the templates, so a
//! sentence that lacks one does not compile. Arguments are `impl Borrow` because a template passes fields by reference and
//! results of expressions by value.

use std::borrow::Borrow;

use actix_web::HttpRequest;
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use percent_encoding::utf8_percent_encode;

use super::links::UNRESERVED;
use crate::domain::text::{Label, Lang};

/// The language of a page and the way to the same page in the other one.
#[derive(Clone, Debug)]
pub struct Words {
    lang: Lang,
    /// Address of the page, without the language.
    address: String,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Words {
    #[must_use]
    pub fn new(lang: Lang, address: impl Into<String>) -> Self {
        Self { lang, address: address.into() }
    }

    /// The words of a request's page: English by `lang=en` in the address, and the way to the same page in the other language
    /// keeps the rest of the query.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let kept: Vec<&str> = request.query_string().split('&').filter(|pair| is_kept(pair)).collect();
        let path = request.path();
        let address = if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) };
        Self { lang: asked(request), address }
    }

    #[must_use]
    pub const fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        if self.is_english() { en } else { zh }
    }

    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// Another page in the same language.
    #[must_use]
    pub fn to(&self, path: &str) -> String {
        if self.is_english() { in_english(path) } else { path.to_owned() }
    }

    /// Another page in the same language, with a word to it.
    #[must_use]
    pub fn with_word(&self, path: &str, word: &str) -> String {
        self.to(&format!("{path}?{word}"))
    }

    /// A moment (UTC) as a clock in China shows it.
    #[must_use]
    pub fn moment(&self, utc: impl Borrow<NaiveDateTime>) -> String {
        let here = *utc.borrow() + TimeDelta::hours(8);
        here.format("%Y-%m-%d %H:%M").to_string()
    }

    #[must_use]
    pub const fn is_english(&self) -> bool {
        matches!(self.lang, Lang::En)
    }

    /// The value of `lang` and `Content-Language`.
    #[must_use]
    pub const fn tag(&self) -> &'static str {
        self.lang.tag()
    }

    #[must_use]
    pub const fn other_tag(&self) -> &'static str {
        self.say("en", "zh-CN")
    }

    /// This page in this language.
    #[must_use]
    pub fn here(&self) -> String {
        self.to(&self.address)
    }

    /// This page in the other language.
    #[must_use]
    pub fn there(&self) -> String {
        if self.is_english() { self.address.clone() } else { in_english(&self.address) }
    }

    /// This page in this language, with another value of a parameter.
    #[must_use]
    pub fn varied(&self, name: &str, value: &str) -> String {
        let without = self.clone().without(name);
        let sign = if without.address.contains('?') { '&' } else { '?' };
        self.to(&format!("{}{sign}{name}={}", without.address, utf8_percent_encode(value, UNRESERVED)))
    }

    /// The words of this page without a parameter in its address.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        if let Some((path, query)) = self.address.split_once('?') {
            let others: Vec<&str> = query.split('&').filter(|pair| pair.split('=').next() != Some(name)).collect();
            self.address = if others.is_empty() { path.to_owned() } else { format!("{path}?{}", others.join("&")) };
        }
        self
    }

    /// A label in this language.
    #[must_use]
    pub const fn label(&self, label: Label) -> &'static str {
        label.get(self.lang)
    }

    /// A count with a comma at every thousand, as both languages write it in reports.
    #[must_use]
    pub fn number(&self, n: impl Borrow<u64>) -> String {
        let digits = n.borrow().to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text
    }

    /// Basis points as percent with two decimals, as the API and the command line give them. They were rounded down: 100.00
    /// stands only where nobody is left.
    #[must_use]
    pub fn percent(&self, basis_points: impl Borrow<u32>) -> String {
        let basis_points = *basis_points.borrow();
        format!("{}.{:02}", basis_points / 100, basis_points % 100)
    }

    /// [`Words::percent`], or a dash where there was nothing to count.
    #[must_use]
    pub fn rate(&self, basis_points: impl Borrow<Option<u32>>) -> String {
        basis_points.borrow().map_or_else(|| "—".to_owned(), |points| self.percent(points))
    }

    /// Suitability, kept of 10,000, as points of 100: exact, so that parts add up on every page, and without zeros at the end.
    #[must_use]
    pub fn score(&self, points: impl Borrow<u16>) -> String {
        let points = *points.borrow();
        match (points / 100, points % 100) {
            (whole, 0) => whole.to_string(),
            (whole, rest) if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
            (whole, rest) => format!("{whole}.{rest:02}"),
        }
    }

    /// [`Words::score`] of a sum's mean or of a stored figure; a dash for what is none.
    #[must_use]
    pub fn mean_score(&self, points: Option<i64>) -> String {
        points.and_then(|points| u16::try_from(points).ok()).map_or_else(|| "—".to_owned(), |points| self.score(points))
    }

    /// The month of a day.
    #[must_use]
    pub fn month(&self, day: impl Borrow<NaiveDate>) -> String {
        let day = day.borrow();
        if self.is_english() {
            format!("{} {}", MONTHS[day.month0() as usize], day.year())
        } else {
            format!("{} 年 {} 月", day.year(), day.month())
        }
    }

    #[must_use]
    pub fn date(&self, date: impl Borrow<NaiveDate>) -> String {
        let date = date.borrow();
        if self.is_english() {
            format!("{} {} {}", date.day(), MONTHS[date.month0() as usize], date.year())
        } else {
            format!("{} 年 {} 月 {} 日", date.year(), date.month(), date.day())
        }
    }
}

/// An address with the language in it.
fn in_english(address: &str) -> String {
    let (address, place) = address.split_once('#').map_or((address, None), |(address, place)| (address, Some(place)));
    let sign = if address.contains('?') { '&' } else { '?' };
    match place {
        Some(place) => format!("{address}{sign}lang=en#{place}"),
        None => format!("{address}{sign}lang=en"),
    }
}

/// The reader's choice: English by `lang=en`, Chinese in every other case. Anything else in the query is ignored, since people
/// pass on addresses with additions of their messengers.
pub(super) fn asked(request: &HttpRequest) -> Lang {
    let asked = request.query_string().split('&').find_map(|pair| pair.strip_prefix("lang="));
    asked.map(Lang::from_tag).unwrap_or_default()
}

/// What of a query belongs to the page itself: not the language, and not the word about what happened before.
fn is_kept(pair: &str) -> bool {
    !pair.is_empty() && !pair.starts_with("lang=") && !pair.starts_with("done=")
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn figures_read_as_in_a_report() {
        let zh = Words::new(Lang::Zh, "/");
        for (n, text) in [(0_u64, "0"), (999, "999"), (1_000, "1,000"), (18_379, "18,379"), (1_234_567, "1,234,567")] {
            assert_eq!(zh.number(n), text);
        }
        for (points, text) in [(0, "0.00"), (9_442, "94.42"), (9_999, "99.99"), (10_000, "100.00"), (7, "0.07")] {
            assert_eq!(zh.percent(points), text);
        }
        assert_eq!(zh.rate(None), "—");
        for (points, text) in [(0, "0"), (7, "0.07"), (9_625, "96.25"), (5_250, "52.5"), (8_500, "85"), (10_000, "100")]
        {
            assert_eq!(zh.score(points), text);
        }
        assert_eq!((zh.mean_score(Some(7_512)), zh.mean_score(None)), ("75.12".to_owned(), "—".to_owned()));
    }

    #[test]
    fn the_switch_leads_to_the_other_language_and_back() {
        let (zh, en) = (Words::new(Lang::Zh, "/"), Words::new(Lang::En, "/"));
        assert_eq!((zh.here().as_str(), zh.there().as_str()), ("/", "/?lang=en"));
        assert_eq!((en.here().as_str(), en.there().as_str()), ("/?lang=en", "/"));
        let asked = TestRequest::with_uri("/coverage?by=grid&done=x&lang=en").to_http_request();
        assert_eq!(Words::of(&asked).there(), "/coverage?by=grid");
        assert_eq!(Words::of(&asked).here(), "/coverage?by=grid&lang=en");
        assert_eq!(en.to("/households/3#visits"), "/households/3?lang=en#visits");
        let sorted = Words::new(Lang::En, "/coverage?by=grid&sort=rate");
        assert_eq!(sorted.varied("sort", "a&b"), "/coverage?by=grid&sort=a%26b&lang=en");
        assert_eq!(sorted.clone().without("by").here(), "/coverage?sort=rate&lang=en");
        assert_eq!(sorted.without("by").without("sort").here(), "/coverage?lang=en");
        assert_eq!(zh.varied("page", "2"), "/?page=2");
        let day = NaiveDate::from_ymd_opt(2026, 11, 3).unwrap();
        assert_eq!((zh.date(day).as_str(), en.date(day).as_str()), ("2026 年 11 月 3 日", "3 November 2026"));
    }
}
