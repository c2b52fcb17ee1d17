//! A vacancy in the words of schema.org's `JobPosting` (JSON-LD), as search engines and job portals read it.
//!
//! What the posting does not say is left out: a portal shows a guess as a fact. Pay by the piece has no unit in the vocabulary, so it
//! stands in the description. Terms: <https://schema.org/JobPosting>.

use serde_json::{Value, json};

use super::Vacancy;
use crate::domain::codes::{Channel, PayKind};

/// The document of a vacancy.
#[must_use]
pub fn job_posting(vacancy: &Vacancy) -> Value {
    let fields = &vacancy.fields;
    let mut document = json!({
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "identifier": {"@type": "PropertyValue", "name": vacancy.employer, "value": fields.code.clone().unwrap_or_else(|| vacancy.id.to_string())},
        "url": format!("/vacancies/{}", vacancy.id),
        "title": fields.title,
        "description": fields.description.as_ref().unwrap_or(&fields.title),
        "datePosted": fields.valid_from.to_string(),
        "totalJobOpenings": vacancy.places,
        "hiringOrganization": {"@type": "Organization", "name": vacancy.employer},
        "jobLocation": place(vacancy),
        "inLanguage": "zh-CN",
        "directApply": false,
    });
    let mut say = |name: &str, value: Option<Value>| {
        if let (Some(document), Some(value)) = (document.as_object_mut(), value) {
            document.insert(name.to_owned(), value);
        }
    };
    // The last day is a day to come: until its midnight, China Standard Time.
    say("validThrough", fields.valid_until.map(|day| json!(format!("{day}T23:59:59+08:00"))));
    say("jobStartDate", fields.start_on.map(|day| json!(day.to_string())));
    say("employmentType", (fields.channel == Channel::Flexible).then(|| json!("PART_TIME")));
    say("baseSalary", salary(vacancy));
    say("workHours", fields.shift.map(|shift| json!(shift.label().zh)));
    let skills: Vec<&str> = fields.skills.iter().map(|skill| &*skill.name).collect();
    say("skills", (!skills.is_empty()).then(|| json!(skills)));
    let months = fields.experience_months.filter(|months| *months > 0);
    say(
        "experienceRequirements",
        months.map(|months| json!({"@type": "OccupationalExperienceRequirements", "monthsOfExperience": months})),
    );
    let credential = |name: &String| json!({"@type": "EducationalOccupationalCredential", "name": name});
    let needed: Vec<Value> = fields.certificates.iter().map(credential).collect();
    say("qualifications", (!needed.is_empty()).then(|| json!(needed)));
    document
}

/// Where the work is: what the posting says, else where the employer is.
fn place(vacancy: &Vacancy) -> Value {
    let mut address = json!({"@type": "PostalAddress", "addressCountry": "CN"});
    if let Some(address) = address.as_object_mut() {
        let street = vacancy.fields.place.as_ref().or(vacancy.address.as_ref());
        let parts = [("streetAddress", street), ("addressRegion", vacancy.fields.province.as_ref())];
        address.extend(parts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), json!(text?)))));
    }
    json!({"@type": "Place", "address": address})
}

/// Yuan in the posting's unit of time; of one figure it is both the least and the most, unless the other end is open.
fn salary(vacancy: &Vacancy) -> Option<Value> {
    let fields = &vacancy.fields;
    let unit = match fields.pay_kind? {
        PayKind::Monthly => "MONTH",
        PayKind::Daily => "DAY",
        PayKind::Hourly => "HOUR",
        PayKind::Piece => return None,
    };
    let mut value = json!({"@type": "QuantitativeValue", "unitText": unit});
    let ends = [("minValue", fields.pay_min_fen), ("maxValue", fields.pay_max_fen)];
    if ends.iter().all(|(_, fen)| fen.is_none()) {
        return None;
    }
    if let Some(value) = value.as_object_mut() {
        value.extend(ends.into_iter().filter_map(|(name, fen)| Some((name.to_owned(), yuan(fen?)))));
    }
    Some(json!({"@type": "MonetaryAmount", "currency": "CNY", "value": value}))
}

/// Whole yuan as an integer, so that 3,800 is not written 3800.0.
fn yuan(fen: i64) -> Value {
    if fen % 100 == 0 {
        json!(fen / 100)
    } else {
        serde_json::Number::from_f64(fen as f64 / 100.0).map_or(Value::Null, Value::Number)
    }
}
