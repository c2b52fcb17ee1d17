//! Which fields have a closed list of words, what is on it, and whether a word is.

use super::field::Field;
use super::{phrase, template, words};

/// The words a person may choose for a field with a closed list; `None` for fields that take any text.
#[must_use]
pub fn choices(field: Field) -> Option<Vec<&'static str>> {
    template::choices(match field {
        Field::WishRegion => Field::Region,
        Field::WishChannel => Field::Channel,
        Field::WishShift => Field::Shift,
        Field::Disabled | Field::PartTime | Field::Underground => Field::Night,
        other => other,
    })
}

/// The words of a cell: cells of wishes hold several.
#[must_use]
pub fn of_cell(field: Field, text: &str) -> Vec<String> {
    match field {
        Field::WishRegion | Field::WishChannel | Field::WishShift => phrase::list(text),
        _ => vec![text.trim().to_owned()],
    }
}

/// Whether a word is a value of a field's closed list; `false` for fields that take any text.
#[must_use]
pub fn is_of_list(field: Field, text: &str) -> bool {
    match field {
        Field::Sex => words::sex(text).is_some(),
        Field::Relation => words::relation(text).is_some(),
        Field::Education => words::education(text).is_some(),
        Field::Health => words::health(text).is_some(),
        Field::LabourClass => words::labour_class(text).is_some(),
        Field::School => words::school(text).is_some(),
        Field::Absence => words::absence(text).is_some(),
        Field::Monitoring => words::monitoring(text).is_some(),
        Field::Region | Field::WishRegion => words::region(text).is_some(),
        Field::Channel | Field::WishChannel => words::channel(text).is_some(),
        Field::Status => words::status(text).is_some(),
        Field::Willing => words::willing(text).is_some(),
        Field::WillingToTrain => words::willing_to_train(text).is_some(),
        Field::Shift | Field::WishShift => words::shift(text).is_some(),
        Field::PayKind => words::pay_kind(text).is_some(),
        Field::EmployerKind => words::employer_kind(text).is_some(),
        Field::RuledOut => words::ruled_out(text).is_some(),
        Field::MaxGrade | Field::Grade => words::grade(text).is_some(),
        Field::Disabled
        | Field::SeekingChange
        | Field::NoForcedPosture
        | Field::PartTime
        | Field::Night
        | Field::Overtime
        | Field::ForcedPosture
        | Field::Underground
        | Field::AgeSoft => words::yes_no(text).is_some(),
        _ => false,
    }
}
