//! Lists that are counted whole and shown in parts.

use crate::pages::desk::Desk;
use crate::pages::words::Words;

/// Rows of a list shown at once.
pub const ROWS: usize = 50;

/// Which part of a list is shown.
pub struct Part {
    /// Rows before it.
    pub skipped: usize,
    pub shown: usize,
    pub total: usize,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// The page the reader asked for, from 1.
pub fn asked(desk: &Desk) -> usize {
    desk.query("page").and_then(|text| text.parse().ok()).unwrap_or(1)
}

impl Part {
    /// A page that is not there is the last one.
    pub fn new(words: &Words, total: usize, size: usize, page: usize) -> Self {
        let page = page.clamp(1, total.div_ceil(size).max(1));
        let skipped = (page - 1) * size;
        let to = |page: usize| words.varied("page", &page.to_string());
        Self {
            skipped,
            shown: size.min(total - skipped),
            total,
            before: (page > 1).then(|| to(page - 1)),
            after: (skipped + size < total).then(|| to(page + 1)),
        }
    }

    /// The part's rows.
    pub fn cut<T>(&self, rows: Vec<T>) -> Vec<T> {
        rows.into_iter().skip(self.skipped).take(self.shown).collect()
    }

    pub const fn is_whole(&self) -> bool {
        self.before.is_none() && self.after.is_none()
    }

    /// "第 51–100 条，共 206 条".
    pub fn said(&self, words: &Words) -> String {
        let (from, to, total) = (self.skipped + 1, self.skipped + self.shown, self.total);
        if words.is_english() {
            format!("{from} to {to} of {total}")
        } else {
            format!("第 {from}–{to} 条，共 {total} 条")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Lang;

    #[test]
    fn parts_cover_a_list_once() {
        let words = Words::new(Lang::Zh, "/coverage/households?state=uncovered&page=9");
        let part = |page| Part::new(&words, 120, 50, page);
        let rows = |page| part(page).cut((0..120).collect::<Vec<usize>>());
        assert_eq!([rows(1), rows(2), rows(3)].concat(), (0..120).collect::<Vec<usize>>());
        assert_eq!(part(9).skipped, 100, "what is not there is the last");
        assert_eq!(part(0).skipped, 0);
        assert_eq!(part(2).before.as_deref(), Some("/coverage/households?state=uncovered&page=1"));
        assert_eq!((part(3).after, part(3).said(&words)), (None, "第 101–120 条，共 120 条".to_owned()));
        let none = Part::new(&words, 0, 50, 1);
        assert!(none.is_whole() && none.cut(Vec::<u8>::new()).is_empty());
    }
}
