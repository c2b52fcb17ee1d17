//! A posting's terms as somebody typed them; [`super::posting_fill`] is the way back.
//!
//! Invariant: what cannot be read is a fault at its field and counts as not said, so that the rest can be checked all the same; what
//! was filled in from a posting and is sent back unchanged gives the same posting.

use chrono::NaiveDate;

use super::posting_acts::MOST_PLACES;
use crate::app::error::{FieldCode, FieldError};
use crate::app::postings::{AskedSkill, PostingFields};
use crate::domain::codes::{Channel, Hazard, Importance, PayKind, Region, Shift};
use crate::domain::week::Span;
use crate::pages::form::Form;
use crate::pages::hours;

/// Rows of working hours and of skills a form has.
pub const HOURS: usize = 6;
pub const SKILLS: usize = 8;
const LINE: usize = 200;
const CODE: usize = 64;
const PARAGRAPH: usize = 4_000;
const MOST_CERTIFICATES: usize = 50;
/// Largest pay, in yuan.
const MOST_YUAN: i64 = 1_000_000_000;

/// A form being read, with what is wrong in it.
struct Reader<'f> {
    form: &'f Form,
    faults: Vec<FieldError>,
}

impl Reader<'_> {
    fn fault(&mut self, name: &str, code: FieldCode) {
        self.faults.push(FieldError::new(format!("/{name}"), code));
    }

    fn keep<T>(&mut self, read: Result<Option<T>, FieldError>) -> Option<T> {
        read.unwrap_or_else(|fault| {
            self.faults.push(fault);
            None
        })
    }

    fn paragraph(&mut self, name: &str) -> Option<String> {
        let read = self.form.paragraph(name, PARAGRAPH);
        self.keep(read)
    }

    fn line(&mut self, name: &str, longest: usize) -> Option<String> {
        let read = self.form.paragraph(name, longest);
        let text = self.keep(read)?;
        if text.contains('\n') {
            self.fault(name, FieldCode::BadText);
            return None;
        }
        Some(text)
    }

    fn number(&mut self, name: &str, (least, most): (i64, i64)) -> Option<i64> {
        let read = self.form.parse::<i64>(name, FieldCode::WrongType);
        let value = self.keep(read)?;
        if !(least..=most).contains(&value) {
            self.fault(name, FieldCode::OutOfRange);
            return None;
        }
        Some(value)
    }

    fn day(&mut self, name: &str) -> Option<NaiveDate> {
        let read = self.form.parse::<NaiveDate>(name, FieldCode::BadDate);
        self.keep(read)
    }

    fn choice<T>(&mut self, name: &str, from_code: fn(&str) -> Option<T>) -> Option<T> {
        let read = self.form.choice(name, from_code);
        self.keep(read)
    }

    /// Yes, no, or not said.
    fn told(&mut self, name: &str) -> Option<bool> {
        self.choice(name, |code| match code {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        })
    }

    /// Yuan with at most two decimals, as fen.
    fn money(&mut self, name: &str) -> Option<i64> {
        let text = self.form.given(name)?;
        let fen = fen(text);
        if fen.is_none() {
            self.fault(name, FieldCode::OutOfRange);
        }
        fen
    }

    fn hazards(&mut self) -> Option<Vec<(Hazard, Option<i64>)>> {
        match self.form.text("hazards_known") {
            "none" => Some(Vec::new()),
            "some" => {
                let form = self.form;
                let named = Hazard::ALL.iter().filter(|kind| form.has("hazard", kind.code()));
                let found: Vec<_> =
                    named.map(|kind| (*kind, self.number(&format!("grade_{}", kind.code()), (1, 4)))).collect();
                if found.is_empty() {
                    self.fault("hazards", FieldCode::Missing);
                    return None;
                }
                Some(found)
            }
            _ => None,
        }
    }

    fn hours(&mut self) -> Vec<Span> {
        let (spans, faults) = hours::read(self.form, HOURS);
        self.faults.extend(faults);
        spans
    }

    fn skills(&mut self) -> Vec<AskedSkill> {
        let mut asked: Vec<AskedSkill> = Vec::new();
        for row in 0..SKILLS {
            let Some(name) = self.line(&format!("skill_{row}"), LINE) else { continue };
            if asked.iter().any(|skill| skill.name == name) {
                self.fault("skills", FieldCode::Repeated);
                continue;
            }
            asked.push(AskedSkill {
                name,
                skill_id: None,
                importance: self
                    .choice(&format!("importance_{row}"), Importance::from_code)
                    .unwrap_or(Importance::Must),
                level: self.number(&format!("level_{row}"), (1, 5)).unwrap_or(1),
            });
        }
        asked
    }

    fn certificates(&mut self) -> Vec<String> {
        let text = self.paragraph("certificates").unwrap_or_default();
        let named = text.split(['\n', '、', '，', ',', ';', '；']).map(str::trim).filter(|name| !name.is_empty());
        let mut names: Vec<String> = named.map(str::to_owned).collect();
        names.dedup();
        if names.len() > MOST_CERTIFICATES || names.iter().any(|name| name.chars().count() > LINE) {
            self.fault("certificates", FieldCode::TooLong);
            names.clear();
        }
        names
    }
}

/// What was typed, and what is wrong with it.
pub fn read(form: &Form, today: NaiveDate) -> (PostingFields, Vec<FieldError>) {
    let mut r = Reader { form, faults: Vec::new() };
    let employer = form.parse::<i64>("employer_id", FieldCode::BadId);
    let fields = PostingFields {
        employer_id: r.keep(employer).unwrap_or_default(),
        code: r.line("code", CODE),
        title: r.line("title", LINE).unwrap_or_default(),
        channel: r.choice("channel", Channel::from_code).unwrap_or(Channel::MicroFactory),
        description: r.paragraph("description"),
        headcount: r.number("headcount", (0, MOST_PLACES)).unwrap_or_default(),
        pay_kind: r.choice("pay_kind", PayKind::from_code),
        pay_min_fen: r.money("pay_min"),
        pay_max_fen: r.money("pay_max"),
        shift: r.choice("shift", Shift::from_code),
        night_work: r.told("night_work"),
        overtime: r.told("overtime"),
        physical_grade: r.number("physical_grade", (1, 4)),
        load_kg: r.number("load_kg", (0, 500)),
        lifts_per_hour: r.number("lifts_per_hour", (0, 3_600)),
        forced_posture: r.told("forced_posture"),
        underground_mine: r.told("underground_mine"),
        hazards: r.hazards(),
        age_min: r.number("age_min", (0, 150)),
        age_max: r.number("age_max", (0, 150)),
        age_is_soft: form.has("age_is_soft", "yes"),
        experience_months: r.number("experience_months", (0, 1_200)),
        training_days: r.number("training_days", (0, 1_000)),
        place: r.line("place", LINE),
        province: r.line("province", LINE),
        region: r.choice("region", Region::from_code),
        commute_minutes: r.number("commute_minutes", (0, 1_440)),
        special_hours_approval: r.line("special_hours_approval", LINE),
        start_on: r.day("start_on"),
        valid_from: r.day("valid_from").unwrap_or(today),
        valid_until: r.day("valid_until"),
        hours: r.hours(),
        skills: r.skills(),
        certificates: r.certificates(),
        note: r.paragraph("note"),
    };
    if fields.title.is_empty() && !r.faults.iter().any(|fault| fault.pointer == "/title") {
        r.fault("title", FieldCode::Missing);
    }
    (fields, r.faults)
}

fn fen(text: &str) -> Option<i64> {
    let (yuan, decimals) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if yuan.is_empty() || yuan.len() > 10 || decimals.len() > 2 || !is_number(yuan) || !is_number(decimals) {
        return None;
    }
    let fen = format!("{decimals:0<2}").parse::<i64>().ok()?;
    Some(yuan.parse::<i64>().ok().filter(|yuan| *yuan <= MOST_YUAN)? * 100 + fen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::hr::posting_fill::fill;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_filled_in_reads_as_the_same_posting() {
        let form = Form::of(&[
            ("employer_id", "3"),
            ("title", "平车缝纫工"),
            ("code", "JC-1"),
            ("channel", "micro_factory"),
            ("headcount", "6"),
            ("pay_kind", "monthly"),
            ("pay_min", "2800"),
            ("pay_max", "3400.50"),
            ("night_work", "no"),
            ("hazards_known", "some"),
            ("hazard", "noise"),
            ("hazard", "dust"),
            ("grade_noise", "2"),
            ("age_min", "18"),
            ("age_is_soft", "yes"),
            ("skill_0", "平缝"),
            ("importance_0", "must"),
            ("level_0", "2"),
            ("skill_3", "锁边"),
            ("importance_3", "nice"),
            ("certificates", "健康证、低压电工证"),
            ("from_0", "22:00"),
            ("to_0", "06:00"),
            ("day_0", "1"),
            ("day_0", "7"),
            ("from_1", "13:00"),
            ("to_1", "00:00"),
            ("day_1", "2"),
            ("valid_from", "2026-11-01"),
            ("note", "第一行\r\n第二行"),
        ]);
        let (fields, faults) = read(&form, day("2026-11-23"));
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!((fields.pay_min_fen, fields.pay_max_fen), (Some(280_000), Some(340_050)));
        assert_eq!(fields.hazards, Some(vec![(Hazard::Dust, None), (Hazard::Noise, Some(2))]));
        let spans: Vec<(u8, u16, u16)> = fields.hours.iter().map(|span| (span.weekday, span.from, span.to)).collect();
        // Sunday's night ends on Monday.
        assert_eq!(spans, [(1, 0, 360), (1, 1320, 1440), (2, 0, 360), (2, 780, 1440), (7, 1320, 1440)]);
        assert_eq!(fields.certificates, ["健康证", "低压电工证"]);
        let (again, faults) = read(&fill(&fields), day("2026-11-23"));
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(again, fields);
    }

    #[test]
    fn every_fault_stands_at_its_field_and_hides_no_other() {
        let form = Form::of(&[
            ("headcount", "many"),
            ("pay_min", "2,800"),
            ("age_max", "151"),
            ("from_0", "08:00"),
            ("to_0", "17:00"),
            ("skill_0", "平缝"),
            ("skill_1", "平缝"),
            ("hazards_known", "some"),
            ("valid_until", "31.12."),
            ("shift", "any"),
        ]);
        let (_, faults) = read(&form, day("2026-11-23"));
        let mut at: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        at.sort_unstable();
        assert_eq!(
            at,
            ["/age_max", "/hazards", "/headcount", "/hours", "/pay_min", "/shift", "/skills", "/title", "/valid_until"]
        );
    }

    #[test]
    fn money_is_exact() {
        for (text, expected) in [
            ("0", Some(0)),
            ("18.5", Some(1850)),
            ("18.05", Some(1805)),
            ("18.055", None),
            ("-1", None),
            ("", None),
            (".5", None),
        ] {
            assert_eq!(fen(text), expected, "{text}");
        }
    }
}
