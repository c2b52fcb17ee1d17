//! What can they do, and what can they carry? Skills follow from the trades of a life, capacity from class and age.
//!
//! Invariants: nobody has more experience than years since 17; a weak person lifts little; whoever holds a job knows the work;
//! some of both is not recorded, as in real ledgers.

use chrono::NaiveDate;

use super::TownPlan;
use super::dice::{Dice, Stage};
use super::model::{Capacity, HeldSkill, Person};
use super::openings::later;
use super::residents::is_employable;
use super::trades::{self, TRADES, Trade};
use crate::domain::codes::{Channel, Education, LabourClass, Sex};

/// What people learn at home, at school or on the phone, with the share of men and of women who would say so, in a thousand.
const EVERYDAY: [(&str, u32, u32); 6] = [
    ("做饭", 60, 220),
    ("开三轮车", 90, 10),
    ("搬运", 70, 8),
    ("带孩子", 2, 110),
    ("唱山歌", 10, 15),
    ("蔬菜种植", 70, 80),
];

/// Skills, certificates and capacity of everybody who works or could.
pub(super) fn build(plan: &TownPlan, people: &mut [Person]) {
    let mut dice = Dice::new(plan.seed, Stage::Skills);
    for person in people {
        let works = person.job.is_some();
        let half_retired = (60..68).contains(&person.age) && person.trade.is_some();
        if !(works || half_retired || is_employable(person)) {
            continue;
        }
        skills(&mut dice, plan.as_of, person);
        person.capacity = capacity(&mut dice, person);
        let hazards = person.trade.is_some_and(|trade| !TRADES[trade].hazards.is_empty());
        if hazards && works && dice.chance(500) {
            person.hazard_check_until = Some(later(plan.as_of, dice.between(20, 360)));
        }
        if let Some(job) =
            person.job.as_ref().filter(|job| job.channel == Channel::PublicWelfare && job.is_active(plan.as_of))
        {
            let days = job.start.map_or(0, |start| (plan.as_of - start).num_days());
            person.public_welfare_months = u32::try_from(days / 30).ok();
        }
    }
}

fn skills(dice: &mut Dice, as_of: NaiveDate, person: &mut Person) {
    let longest = person.age.saturating_sub(17) * 12;
    // Somebody without a job may have told nobody what they can do.
    if let Some(trade) = person.trade.filter(|_| person.job.is_some() || !dice.chance(120)) {
        let in_job = person.job.as_ref().and_then(|job| job.start).map_or(0, |start| (as_of - start).num_days() / 30);
        let in_job = u32::try_from(in_job).unwrap_or(0);
        // So much of the working life went into the trade, twenty years at most.
        let share = dice.weighted(&[(5, 20), (12, 25), (25, 25), (45, 20), (70, 10)]);
        let months = (in_job + longest * share / 100).min(240).clamp(1, longest.max(1));
        learn(dice, person, &TRADES[trade], months);
        let driving = TRADES[trade].licence == Some("驾驶证B2");
        if let Some(licence) =
            TRADES[trade].licence.filter(|_| driving || dice.chance(if person.job.is_some() { 850 } else { 550 }))
        {
            let until = later(as_of, dice.between(10, 1000));
            person.certificates.push((licence, (!driving).then_some(until)));
        }
        // An earlier trade: most people have had more than one.
        if person.age >= 24 && dice.chance(380) {
            let earlier = trades::likely(dice, person, |other| other.title != TRADES[trade].title);
            if let Some(earlier) = earlier.filter(|_| months < longest) {
                let before = dice.between(2, 48.min(longest - months));
                learn(dice, person, &TRADES[earlier], before);
            }
        }
    }
    for (skill, men, women) in EVERYDAY {
        let share = if person.sex == Sex::Male { men } else { women };
        if dice.chance(share) && !person.skills.iter().any(|held| held.name == skill) {
            person.skills.push(HeldSkill { name: skill, level: None, months: None });
        }
    }
    let schooled = matches!(person.education, Some(Education::College | Education::Bachelor | Education::Vocational));
    if person.age < 40 && schooled && dice.chance(450) && !person.skills.iter().any(|held| held.name == "办公软件")
    {
        person.skills.push(HeldSkill { name: "办公软件", level: None, months: None });
    }
    // A health certificate is had for a morning's examination; many have one from an earlier job.
    if dice.chance(160) && person.certificates.iter().all(|&(name, _)| name != "健康证") {
        person.certificates.push(("健康证", Some(later(as_of, dice.between(10, 360)))));
    }
    if person.sex == Sex::Male && (20..56).contains(&person.age) && dice.chance(140) {
        person.certificates.push(("驾驶证C1", None));
    }
}

/// The skills of a trade after so many months, each with years, with a word for the level or with neither.
fn learn(dice: &mut Dice, person: &mut Person, trade: &Trade, months: u32) {
    let skilled = person.labour_class == Some(LabourClass::Skilled);
    for (nth, &name) in trade.skills.iter().enumerate() {
        if person.skills.iter().any(|held| held.name == name) || (nth > 0 && dice.chance(350)) {
            continue;
        }
        let months = if nth == 0 { months } else { months / 2 };
        let level = match months {
            0..6 => "学徒",
            6..24 => "初级",
            24..72 if !skilled => "熟练",
            24..72 => "中级",
            _ if skilled => "高级",
            _ => "精通",
        };
        let (level, months) = match dice.between(0, 9) {
            0..=4 => (None, Some(months)),
            5 | 6 => (Some(level), Some(months)),
            7 => (Some(level), None),
            _ => (None, None),
        };
        person.skills.push(HeldSkill { name, level, months: months.filter(|&months| months > 0) });
    }
}

fn capacity(dice: &mut Dice, person: &Person) -> Capacity {
    let man = person.sex == Sex::Male;
    let weak = person.labour_class == Some(LabourClass::WeakOrHalf);
    let (grade, load) = match (weak, person.age, man) {
        (true, 60.., _) => (1, 8),
        (true, _, true) => (dice.between(1, 2), 15),
        (true, _, false) => (dice.between(1, 2), 10),
        (false, 0..18, _) => (2, 10),
        (false, 18..50, true) => (dice.between(3, 4), 40),
        (false, _, true) => (dice.between(2, 4), 30),
        (false, 18..45, false) => (dice.between(2, 3), 20),
        (false, _, false) => (2, 15),
    };
    // Whoever does heavy work can.
    let active = person.job.as_ref().is_some_and(|job| job.end.is_none());
    let work = person.trade.filter(|_| active).map(|trade| &TRADES[trade]);
    let grade = grade.max(work.map_or(0, |trade| u32::from(trade.grade)));
    let load = load.max(work.map_or(0, |trade| trade.load_kg));
    let line = work.is_some_and(|trade| trade.forced_posture);
    Capacity {
        max_grade: u8::try_from(grade).ok().filter(|_| !dice.chance(200)),
        max_load_kg: (!dice.chance(250)).then_some(load),
        no_forced_posture: (!dice.chance(300)).then(|| !line && (weak || person.age >= 52) && dice.chance(550)),
    }
}
