//! What an update changed, in words that give no personal data away.

use chrono::NaiveDate;

use crate::domain::resident_id::mask;
use crate::domain::text::{Label, Text};

/// One value of one record that a row changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub sheet: String,
    pub row: u32,
    /// What kind of record: resident, household, job, posting …
    pub record: Label,
    /// Which one: a masked ID number, or a code.
    pub key: String,
    pub field: Label,
    /// Masked where it is personal; `None` = was unknown.
    pub before: Option<Text>,
    pub after: Option<Text>,
}

pub const fn label(zh: &'static str, en: &'static str) -> Label {
    Label { zh, en }
}

/// The changes of one record, before it is known where they are told.
#[derive(Debug, Default)]
pub struct Log(pub Vec<(Label, Option<Text>, Option<Text>)>);

impl Log {
    /// Puts `given` into `slot` if it says something new.
    pub fn set<T: PartialEq>(&mut self, field: Label, slot: &mut Option<T>, given: Option<T>, show: fn(&T) -> Text) {
        if given.is_some() && *slot != given {
            self.0.push((field, slot.as_ref().map(show), given.as_ref().map(show)));
            *slot = given;
        }
    }

    /// The same for a value that is never unknown.
    pub fn put<T: PartialEq>(&mut self, field: Label, slot: &mut T, given: Option<T>, show: fn(&T) -> Text) {
        if let Some(given) = given.filter(|given| given != slot) {
            self.0.push((field, Some(show(slot)), Some(show(&given))));
            *slot = given;
        }
    }

    /// A change with the values to show.
    pub fn show(&mut self, field: Label, before: Option<Text>, after: Option<Text>) {
        self.0.push((field, before, after));
    }

    /// A change of what nobody is shown, with whether there was something before and after.
    pub fn hide(&mut self, field: Label, before: bool, after: bool) {
        self.show(field, before.then(|| hidden(&())), after.then(|| hidden(&())));
    }

    /// A change of which only the field is told.
    pub fn note(&mut self, field: Label) {
        self.show(field, None, None);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Personal text: at most its last two characters.
#[expect(clippy::ptr_arg, reason = "called with the `&T` of `Log::set`, and T is String")]
pub fn masked(text: &String) -> Text {
    let text = mask(text);
    Text::new(text.clone(), text)
}

/// The items of a list, joined; `None` for an empty one.
pub fn listed(items: impl IntoIterator<Item = Text>) -> Option<Text> {
    let (zh, en): (Vec<String>, Vec<String>) = items.into_iter().map(|item| (item.zh, item.en)).unzip();
    (!zh.is_empty()).then(|| Text::new(zh.join("、"), en.join(", ")))
}

/// Health and capacity are not shown at all.
pub fn hidden<T>(_: &T) -> Text {
    Text::new("***", "***")
}

#[expect(clippy::ptr_arg, reason = "called with the `&T` of `Log::set`, and T is String")]
pub fn open(text: &String) -> Text {
    Text::new(text.clone(), text.clone())
}

pub fn number(number: &i64) -> Text {
    Text::new(number.to_string(), number.to_string())
}

pub fn date(date: &NaiveDate) -> Text {
    Text::new(date.to_string(), date.to_string())
}

pub fn yes_no(value: &bool) -> Text {
    if *value { Text::new("是", "yes") } else { Text::new("否", "no") }
}

/// Shows a value of a code list by its name.
macro_rules! coded {
    () => {
        |value| $crate::domain::text::Text::from(value.label())
    };
}
pub(super) use coded;
