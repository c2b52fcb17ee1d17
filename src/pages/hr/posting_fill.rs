//! A posting's terms as the fields of a form before anybody types; [`super::posting_fields`] reads them again.

use super::posting_fields::{HOURS, SKILLS};
use crate::app::postings::PostingFields;
use crate::domain::codes::{PayKind, Region, Shift};
use crate::pages::form::Form;
use crate::pages::hours;
use crate::pages::posting_words::yuan;

/// The fields of a form that say what a posting says.
pub fn fill(fields: &PostingFields) -> Form {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| pairs.push((name.to_owned(), value));
    put("employer_id", fields.employer_id.to_string());
    put("title", fields.title.clone());
    put("channel", fields.channel.code().to_owned());
    put("headcount", fields.headcount.to_string());
    put("valid_from", fields.valid_from.to_string());
    let texts = [
        ("code", &fields.code),
        ("description", &fields.description),
        ("place", &fields.place),
        ("province", &fields.province),
        ("special_hours_approval", &fields.special_hours_approval),
        ("note", &fields.note),
    ];
    for (name, text) in texts {
        put(name, text.clone().unwrap_or_default());
    }
    let numbers = [
        ("physical_grade", fields.physical_grade),
        ("load_kg", fields.load_kg),
        ("lifts_per_hour", fields.lifts_per_hour),
        ("age_min", fields.age_min),
        ("age_max", fields.age_max),
        ("experience_months", fields.experience_months),
        ("training_days", fields.training_days),
        ("commute_minutes", fields.commute_minutes),
    ];
    for (name, number) in numbers {
        put(name, number.map(|number| number.to_string()).unwrap_or_default());
    }
    let told = [
        ("night_work", fields.night_work),
        ("overtime", fields.overtime),
        ("forced_posture", fields.forced_posture),
        ("underground_mine", fields.underground_mine),
    ];
    for (name, told) in told {
        put(name, told.map_or("", |told| if told { "yes" } else { "no" }).to_owned());
    }
    put("pay_kind", fields.pay_kind.map_or("", PayKind::code).to_owned());
    put("pay_min", fields.pay_min_fen.map(yuan).unwrap_or_default());
    put("pay_max", fields.pay_max_fen.map(yuan).unwrap_or_default());
    put("shift", fields.shift.map_or("", Shift::code).to_owned());
    put("region", fields.region.map_or("", Region::code).to_owned());
    put("age_is_soft", if fields.age_is_soft { "yes" } else { "" }.to_owned());
    put("start_on", fields.start_on.map(|day| day.to_string()).unwrap_or_default());
    put("valid_until", fields.valid_until.map(|day| day.to_string()).unwrap_or_default());
    put("certificates", fields.certificates.join("\n"));
    for (row, skill) in fields.skills.iter().take(SKILLS).enumerate() {
        put(&format!("skill_{row}"), skill.name.clone());
        put(&format!("importance_{row}"), skill.importance.code().to_owned());
        put(&format!("level_{row}"), skill.level.to_string());
    }
    if let Some(hazards) = &fields.hazards {
        put("hazards_known", if hazards.is_empty() { "none" } else { "some" }.to_owned());
        for (kind, grade) in hazards {
            put("hazard", kind.code().to_owned());
            put(&format!("grade_{}", kind.code()), grade.map(|grade| grade.to_string()).unwrap_or_default());
        }
    }
    pairs.extend(hours::fill(&fields.hours, HOURS));
    Form::new(pairs)
}
