//! Postings: lawful, in reach of the people who need them, and fewer places than those.

use wangjia::domain::codes::{Channel, Shift};
use wangjia::domain::posting_law::{LawFinding, LawLevel, MinimumWage, PostingFacts, PostingField, check};
use wangjia::domain::week::WeekHours;
use wangjia::domain::work_limits::WorkFacts;
use wangjia::town::model::Posting;
use wangjia::town::{Town, TownPlan};

use super::{day, demo};

fn findings(town: &Town, posting: &Posting) -> Vec<LawFinding> {
    let skills: Vec<&str> = posting.skills.iter().map(|(skill, _)| *skill).collect();
    check(&PostingFacts {
        title: &posting.title,
        description: Some(&posting.description),
        place: Some(posting.place),
        skills: &skills,
        certificates: &posting.certificates,
        employer: Some(&town.employers[posting.employer].name),
        has_credit_code: Some(!town.employers[posting.employer].credit_code.is_empty()),
        headcount: Some(posting.headcount),
        pay_kind: Some(posting.pay_kind),
        pay_min_fen: Some(posting.pay_fen.0),
        pay_max_fen: Some(posting.pay_fen.1),
        shift: Some(posting.shift),
        hours: &posting.hours.spans(),
        age_min: posting.age.0.and_then(|age| u8::try_from(age).ok()),
        age_max: posting.age.1.and_then(|age| u8::try_from(age).ok()),
        work: WorkFacts {
            underground_mine: None,
            night_work: Some(posting.night),
            overtime: Some(posting.overtime),
            hazards: posting.hazards.as_deref(),
            physical_grade: Some(posting.grade),
            load_kg: u16::try_from(posting.load_kg).ok(),
            lifts_per_hour: u16::try_from(posting.lifts_per_hour).ok(),
            forced_posture: Some(posting.forced_posture),
        },
        // Figures of the size provinces in the west have; the town may not lie below them.
        minimum_wage: Some(MinimumWage { monthly_yuan: Some(2130), hourly_fen: Some(1900) }),
        ..PostingFacts::default()
    })
}

#[test]
fn every_posting_may_be_published() {
    // Enough postings for every trade of the table to be advertised.
    let plan = TownPlan { seed: 8, households: 12_000, postings: 900, as_of: day(2026, 11, 23) };
    let large = Town::generate(&plan).unwrap();
    for town in (1..=5).map(demo).chain([large]) {
        let mut cautions = 0;
        for posting in &town.postings {
            for finding in findings(&town, posting) {
                assert_ne!(finding.level, LawLevel::Block, "{}: {}", posting.title, finding.text());
                if finding.level == LawLevel::Warn {
                    assert!(posting.age_is_soft && finding.field == PostingField::Age, "{}", finding.text());
                    cautions += 1;
                }
            }
        }
        assert!(
            cautions * 10 <= town.postings.len(),
            "{cautions} of {} postings name a highest age",
            town.postings.len()
        );
    }
}

#[test]
fn short_days_leave_the_hours_around_school_free() {
    let town = demo(1);
    let school_runs = WeekHours::of(
        &(1..=5)
            .flat_map(|weekday| {
                [(420, 510), (990, 1110)].map(|(from, to)| wangjia::domain::week::Span { weekday, from, to })
            })
            .collect::<Vec<_>>(),
    );
    let park = || town.postings.iter().filter(|posting| posting.channel == Channel::MicroFactory);
    let suits = park().filter(|posting| !WeekHours::of(&posting.hours.spans()).overlaps(&school_runs));
    let open: u32 = suits.map(Posting::vacancies).sum();
    assert!(open >= 30, "{open} open places suit a mother");
    assert!(park().all(|posting| (posting.shift == Shift::Flexible)
        == (posting.hours.spans().len() == 10 && posting.hours.0[0].spans[0].0 == 510)));
}
