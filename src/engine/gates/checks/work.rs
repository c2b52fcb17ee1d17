//! Checks of the work itself against what the person can do, and when.

use super::{Check, Compared, Context, Key, Outcome, way_key, worst};
use crate::domain::codes::RuledOut;
use crate::domain::week::WeekHours;
use crate::engine::facts;
use crate::engine::input::{Posting, Resident};

use Outcome::{Fail, Pass, Unknown};

/// Capacity lost or none; or grade, load or posture of the post above what is recorded. A demand on a person whose limit
/// nobody recorded, and a limit where the posting is silent, are unknown; the lightest demand suits everybody.
pub mod capacity {
    use super::*;

    /// Heaviest grade of physical labour: somebody who can take it on can take on any.
    const HEAVIEST: u8 = 4;

    pub fn check(_: &Context, r: &Resident, p: &Posting) -> Check {
        let grade = match (r.max_physical_grade, p.physical_grade) {
            (Some(limit), Some(asked)) => Some(asked > limit),
            (None, Some(asked)) => {
                if asked <= 1 {
                    Some(false)
                } else {
                    None
                }
            }
            (Some(limit), None) => {
                if limit >= HEAVIEST {
                    Some(false)
                } else {
                    None
                }
            }
            (None, None) => Some(false),
        };
        let load = match (r.max_load_kg, p.load_kg) {
            (Some(limit), Some(asked)) => Some(asked > limit),
            (None, Some(0)) | (None, None) => Some(false),
            (None, Some(_)) | (Some(_), None) => None,
        };
        let posture = match (r.no_forced_posture, p.forced_posture) {
            (Some(cannot), Some(asked)) => Some(cannot && asked),
            (Some(true), None) | (None, Some(true)) => None,
            (Some(false), None) | (None, Some(false) | None) => Some(false),
        };
        let compared = Compared::Capacity {
            none_left: r.no_capacity,
            grade: (r.max_physical_grade, p.physical_grade),
            load_kg: (r.max_load_kg, p.load_kg),
            posture: (r.no_forced_posture, p.forced_posture),
        };
        Check { outcome: worst([Some(r.no_capacity), grade, load, posture]), compared }
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.number(u8::from(r.no_capacity));
        key.maybe(r.max_physical_grade);
        key.maybe(r.max_load_kg);
        key.maybe(r.no_forced_posture.map(u8::from));
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        key.maybe(p.physical_grade);
        key.maybe(p.load_kg);
        key.maybe(p.forced_posture.map(u8::from));
    }
}

/// `way` are the minutes there and back again that are wanted besides the post's hours.
fn hours_gate(wanted: &WeekHours, p: &Posting, way: Option<u16>) -> Check {
    let overlap_with = |minutes| p.hours.map_or(WeekHours::EMPTY, |hours| hours.widened(minutes).intersection(wanted));
    let overlap = overlap_with(way.unwrap_or(0));
    let way = way.filter(|_| overlap_with(0) != overlap);
    let compared = Compared::Hours { overlap, posting_hours_known: p.hours.is_some(), way };
    let outcome = match p.hours {
        _ if wanted.is_empty() => Pass,
        None => Unknown,
        Some(_) => {
            if overlap.is_empty() {
                Pass
            } else {
                Fail
            }
        }
    };
    Check { outcome, compared }
}

fn hours_key(p: &Posting, key: &mut Key) {
    if let Some(hours) = &p.hours {
        key.hours(hours);
    }
}

/// The post's hours overlap hours the person cannot work.
pub mod schedule {
    use super::*;

    pub fn check(_: &Context, r: &Resident, p: &Posting) -> Check {
        hours_gate(&r.unavailable_hours, p, None)
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.hours(&r.unavailable_hours);
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        hours_key(p, key);
    }
}

/// The post's hours, with the daily way before and after them where its minutes are known, overlap hours in which this person
/// is the carer: nobody is left alone while the carer is on the way (domain.md §7.2).
pub mod care_duty {
    use super::*;

    pub fn check(_: &Context, r: &Resident, p: &Posting) -> Check {
        hours_gate(&r.care_hours, p, facts::way_minutes(r, p))
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.hours(&r.care_hours);
        key.maybe(r.minutes_to_park.filter(|_| !r.care_hours.is_empty()));
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        hours_key(p, key);
        if p.hours.is_some() {
            way_key(p, key);
        }
    }
}

/// Night work, overtime or chemicals the person ruled out.
pub mod ruled_out {
    use super::*;

    pub fn check(_: &Context, r: &Resident, p: &Posting) -> Check {
        let asked = |condition, has: Option<bool>| r.ruled_out.contains(&condition).then_some(has);
        let night = asked(RuledOut::Night, facts::night_work(p));
        let overtime = asked(RuledOut::Overtime, p.overtime);
        let chemicals = asked(RuledOut::Chemicals, facts::chemicals(p));
        let outcome = worst([night, overtime, chemicals].map(|has| has.unwrap_or(Some(false))));
        Check { outcome, compared: Compared::RuledOut { night, overtime, chemicals } }
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        for condition in RuledOut::ALL {
            key.number(u8::from(r.ruled_out.contains(condition)));
        }
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        for has in [facts::night_work(p), p.overtime, facts::chemicals(p)] {
            key.maybe(has.map(u8::from));
        }
    }
}
