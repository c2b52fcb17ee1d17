//! What do they want, and what stands in the way? Wishes and barriers of everybody who could take a job or change it.
//!
//! Invariants: whoever must be at home wants work nearby; nobody's pay floor lies above the pay they expect; everybody in an
//! uncovered household who could work has a barrier recorded, and in about one such household in eight nobody is willing.

use super::TownPlan;
use super::dice::{Dice, Stage};
use super::home::AtHome;
use super::model::{Household, Person, Timetable, Wishes};
use super::residents::is_employable;
use super::trades::{self, TRADES};
use crate::domain::codes::{BarrierKind, Channel, Health, LabourClass, Region, RuledOut, Sex, Shift};

/// Wishes and barriers of everybody employable.
pub(super) fn build(plan: &TownPlan, households: &[Household], people: &mut [Person], at_home: &[AtHome]) {
    let mut dice = Dice::new(plan.seed, Stage::Wishes);
    for household in households {
        let able: Vec<usize> = household.members.iter().copied().filter(|&m| is_employable(&people[m])).collect();
        let has_job = |person: &Person| {
            person.job.as_ref().is_some_and(|job| job.is_active(plan.as_of) && job.channel != Channel::Farming)
        };
        let covered = household.members.iter().any(|&member| has_job(&people[member]));
        let all_unwilling = !covered && dice.chance(125);
        for member in able {
            let working = has_job(&people[member]);
            let willing = match (working, all_unwilling) {
                (true, _) => (!dice.chance(450)).then_some(true),
                (_, true) => Some(false),
                _ if at_home[member] == AtHome::WholeDay => {
                    dice.weighted(&[(Some(true), 55), (Some(false), 30), (None, 15)])
                }
                _ => dice.weighted(&[(Some(true), 80), (Some(false), 9), (None, 11)]),
            };
            let seeking = working && dice.chance(25);
            let person = &mut people[member];
            person.wishes.willing = willing;
            person.wishes.seeking_change = seeking;
            if !working || seeking {
                let wishes = wishes(&mut dice, person, at_home[member]);
                person.wishes = wishes;
                person.unavailable = unavailable(&mut dice);
            }
            if !working && (!covered || dice.chance(450)) {
                person.barrier = Some(barrier(&mut dice, person, at_home[member]));
            }
            note(&mut dice, person, working);
        }
    }
}

fn wishes(dice: &mut Dice, person: &Person, home: AtHome) -> Wishes {
    let weak = person.labour_class == Some(LabourClass::WeakOrHalf);
    // Mothers, carers, weak and older people stay; the young would go.
    let stays = home != AtHome::Free || weak || dice.chance(if person.age >= 45 { 750 } else { 380 });
    let (regions, channels) = if stays {
        let regions = match dice.between(0, 9) {
            0..=3 => vec![Region::Town],
            4..=7 => vec![Region::Town, Region::County],
            _ => Vec::new(),
        };
        let channels = match dice.between(0, 9) {
            0..=2 => vec![Channel::MicroFactory, Channel::Local],
            3 | 4 => vec![Channel::MicroFactory, Channel::Local, Channel::Flexible],
            5 => vec![Channel::MicroFactory, Channel::PublicWelfare, Channel::Local],
            6 if home != AtHome::Free => vec![Channel::Flexible, Channel::MicroFactory],
            _ => Vec::new(),
        };
        (regions, channels)
    } else if dice.chance(300) {
        (vec![Region::OtherProvince, Region::Province], vec![Channel::Outbound])
    } else {
        (Vec::new(), Vec::new())
    };
    let mut occupations = Vec::new();
    if let Some(trade) = person.trade.filter(|_| dice.chance(550)) {
        occupations.push(TRADES[trade].title);
    }
    if dice.chance(350) {
        let other = trades::likely(dice, person, |trade| !stays || trade.pay.0 < 3000);
        occupations.extend(other.map(|trade| TRADES[trade].title).filter(|title| !occupations.contains(title)));
    }
    let shifts = if home == AtHome::Free {
        dice.weighted(&[(&[][..], 60), (&[Shift::Day][..], 40)])
    } else {
        dice.weighted(&[
            (&[Shift::Day][..], 40),
            (&[Shift::Flexible][..], 35),
            (&[Shift::Day, Shift::Flexible][..], 25),
        ])
    };
    let (low, high) = match (stays, weak) {
        (true, true) => (20, 26),
        (true, false) => (22, 31),
        (false, _) => (32, 60),
    };
    let expected = dice.between(low, high) * 100;
    let floor = expected - dice.between(2, 8) * 50;
    let woman = person.sex == Sex::Female;
    let mut ruled_out = Vec::new();
    if dice.chance(if home != AtHome::Free {
        550
    } else if woman {
        200
    } else {
        80
    }) {
        ruled_out.push(RuledOut::Night);
    }
    if dice.chance(if home != AtHome::Free { 320 } else { 60 }) {
        ruled_out.push(RuledOut::Overtime);
    }
    if dice.chance(if woman { 90 } else { 30 }) {
        ruled_out.push(RuledOut::Chemicals);
    }
    Wishes {
        occupations,
        regions,
        channels,
        shifts: shifts.to_vec(),
        expected_pay: (!dice.chance(180)).then_some(expected),
        pay_floor: dice.chance(520).then_some(floor),
        training: dice.weighted(&[(Some(true), 45), (Some(false), 30), (None, 25)]),
        ruled_out,
        max_minutes: (stays && dice.chance(650)).then(|| dice.between(3, 9) * 5),
        ..person.wishes.clone()
    }
}

/// Market days, fields, a course: one in thirty.
fn unavailable(dice: &mut Dice) -> Timetable {
    if !dice.chance(33) {
        return Timetable::default();
    }
    match dice.between(0, 3) {
        0 => Timetable::new(&[(6, 6, &[(480, 720)])]),
        1 => Timetable::new(&[(7, 7, &[(0, 1440)])]),
        2 => Timetable::new(&[(2, 2, &[(840, 1020)]), (4, 4, &[(840, 1020)])]),
        _ => Timetable::new(&[(1, 5, &[(1140, 1260)])]),
    }
}

fn barrier(dice: &mut Dice, person: &Person, home: AtHome) -> BarrierKind {
    use BarrierKind::{Age, Care, Distance, Documents, Legal, Other, Skill, Willingness};
    let ill = !matches!(person.health, None | Some(Health::Healthy));
    if person.wishes.willing == Some(false) && home == AtHome::Free && dice.chance(700) {
        return Willingness;
    }
    match home {
        AtHome::WholeDay => Care,
        AtHome::Partly if dice.chance(800) => Care,
        _ if ill && dice.chance(700) => BarrierKind::Health,
        _ if person.age >= 50 => {
            dice.weighted(&[(Age, 55), (Skill, 25), (BarrierKind::Health, 5), (Distance, 10), (Other, 5)])
        }
        _ => dice.weighted(&[(Skill, 48), (Distance, 22), (Age, 3), (Documents, 5), (Legal, 2), (Other, 20)]),
    }
}

fn note(dice: &mut Dice, person: &mut Person, working: bool) {
    if dice.chance(12) {
        person.note = Some(if working {
            dice.pick(&["春节后返岗", "合同由企业统一保管", "电话核实"])
        } else {
            dice.pick(&["近期可上岗", "想先参加培训", "等孩子上学后再找工作", "已推荐过一次"])
        });
    }
}
