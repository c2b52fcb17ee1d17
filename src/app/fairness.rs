//! Whom did a run or a plan serve, and whom did it leave out: by sex, age, labour class and grid.
//!
//! Looked at are the people the service is there for: able to work on the day, without a job, and not against being in lists. Of a run,
//! whoever was recommended anything is chosen, and a place in the list of a posting is exposure; of a plan, whoever was placed.
//!
//! Invariant: every person looked at is in exactly one group of each grouping, so each adds up to all. Protected facts (sex, age) are read
//! here, after the fact; the scorer cannot read them. Cost: one scan of the facts and the rows of the run.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime};

use super::coverage::facts::{self, Facts, Place};
use super::error::AppError;
use super::privacy::consents::Permitted;
use super::{Connection, settings};
use crate::db::{plans, recommendations as runs};
use crate::domain::ages::completed_years;
use crate::domain::codes::{LabourClass, Sex, code_list};
use crate::domain::coverage::{CoverageRules, MemberFacts};
use crate::domain::employability::not_employable;
use crate::domain::fairness::{Chosen, Reading, exposure, read};
use crate::domain::text::Text;

code_list! {
    /// What people are grouped by.
    Grouping {
        Sex = "sex", "性别", "sex";
        Age = "age", "年龄段", "age band";
        SexAndAge = "sex_and_age", "性别与年龄段", "sex and age band";
        Class = "class", "劳动能力", "labour class";
        Grid = "grid", "网格", "grid";
    }
}

/// First completed years of each age band but the youngest.
const BANDS: [i32; 3] = [30, 45, 55];

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Run(i64),
    Plan(i64),
}

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub name: Text,
    pub people: Chosen,
    pub reading: Reading,
    /// Summed exposure per person of the group, in thousandths; 0 for a plan, which has no lists.
    pub exposure: u64,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Fairness {
    pub source: Source,
    pub as_of: NaiveDate,
    pub made_at: NaiveDateTime,
    pub engine_version: String,
    pub policy_version: i64,
    pub all: Chosen,
    pub groupings: Vec<(Grouping, Vec<Group>)>,
}

/// The newest run that is no plan's, if there is one.
///
/// # Errors
/// If the database fails.
pub fn latest_run(conn: &mut Connection) -> Result<Option<i64>, AppError> {
    Ok(runs::latest_of_its_own(conn)?)
}

struct Made {
    as_of: NaiveDate,
    at: NaiveDateTime,
    engine_version: String,
    policy_version: i64,
    chosen: HashSet<i64>,
    exposure: HashMap<i64, f64>,
}

fn made(conn: &mut Connection, source: Source) -> Result<Made, AppError> {
    match source {
        Source::Run(run) => {
            let data = runs::run(conn, run)?.data;
            let (mut chosen, mut seen) = (HashSet::new(), HashMap::new());
            let (mut at, mut rank) = (None, 0);
            for (posting, resident) in runs::by_posting(conn, run)? {
                rank = if at == Some(posting) { rank + 1 } else { 1 };
                at = Some(posting);
                chosen.insert(resident);
                *seen.entry(resident).or_default() += exposure(rank);
            }
            Ok(Made {
                as_of: data.as_of,
                at: data.created_at,
                engine_version: data.engine_version,
                policy_version: data.policy_version,
                chosen,
                exposure: seen,
            })
        }
        Source::Plan(plan) => {
            let data = plans::get(conn, plan)?.data;
            let placed = plans::placements::of_plan(conn, plan)?;
            Ok(Made {
                as_of: data.as_of,
                at: data.created_at,
                engine_version: data.engine_version,
                policy_version: data.policy_version,
                chosen: placed.into_iter().map(|row| row.resident_id).collect(),
                exposure: HashMap::new(),
            })
        }
    }
}

/// How a run or plan treated the groups of people in these areas (`None` = of all).
///
/// # Errors
/// `NotFound`; refused if the service has no legal basis on the day.
pub fn fairness(conn: &mut Connection, source: Source, within: Option<&[i64]>) -> Result<Fairness, AppError> {
    let made = made(conn, source)?;
    let rules = settings::coverage_rules(conn, made.as_of)?;
    let permitted = Permitted::load(conn, None, made.as_of)?;
    let facts = facts::load_within(conn, within)?;
    let people = looked_at(&facts, made.as_of, &rules, &permitted);
    let mut all = Chosen::default();
    let mut groupings = Vec::new();
    for grouping in Grouping::ALL {
        let mut groups: BTreeMap<(i64, Text), (Chosen, f64)> = BTreeMap::new();
        for (place, member) in &people {
            let (group, seen) = groups.entry(grouping.of(place, member, made.as_of)).or_default();
            group.n += 1;
            group.chosen += u64::from(made.chosen.contains(&member.resident));
            *seen += made.exposure.get(&member.resident).copied().unwrap_or_default();
        }
        let counts: Vec<Chosen> = groups.values().map(|(people, _)| *people).collect();
        all = Chosen { n: counts.iter().map(|c| c.n).sum(), chosen: counts.iter().map(|c| c.chosen).sum() };
        let read = groups.into_iter().zip(read(&counts)).map(|(((_, name), (people, seen)), reading)| {
            let exposure = (seen * 1_000.0 / people.n as f64).round() as u64;
            Group { name, people, reading, exposure }
        });
        groupings.push((*grouping, read.collect()));
    }
    Ok(Fairness {
        source,
        as_of: made.as_of,
        made_at: made.at,
        engine_version: made.engine_version,
        policy_version: made.policy_version,
        all,
        groupings,
    })
}

/// The residents looked at on a day, in these areas (`None` = in all).
///
/// # Errors
/// Refused if the service has no legal basis on the day.
pub fn pool(conn: &mut Connection, as_of: NaiveDate, within: Option<&[i64]>) -> Result<Vec<i64>, AppError> {
    let rules = settings::coverage_rules(conn, as_of)?;
    let permitted = Permitted::load(conn, None, as_of)?;
    let facts = facts::load_within(conn, within)?;
    let found = looked_at(&facts, as_of, &rules, &permitted);
    Ok(found.into_iter().map(|(_, member)| member.resident).collect())
}

/// Able to work, without a job, not against lists.
fn looked_at<'a>(
    facts: &'a Facts,
    as_of: NaiveDate,
    rules: &CoverageRules,
    permitted: &Permitted,
) -> Vec<(&'a Place, &'a MemberFacts)> {
    let mut people = Vec::new();
    for (place, household) in facts.on(as_of) {
        let wanted = household.members.iter().filter(|member| {
            not_employable(&member.person, as_of, &rules.labour_age).is_none()
                && member.jobs(as_of, rules).next().is_none()
                && permitted.in_lists(member.resident)
        });
        people.extend(wanted.map(|member| (place, member)));
    }
    people
}

impl Grouping {
    /// Place and name of a person's group.
    fn of(self, place: &Place, member: &MemberFacts, on: NaiveDate) -> (i64, Text) {
        match self {
            Self::Sex => sex(member.sex),
            Self::Age => band(member, on),
            Self::SexAndAge => {
                let ((at, sex), (band_at, band)) = (sex(member.sex), band(member, on));
                let name = Text::new(format!("{} {}", sex.zh, band.zh), format!("{}, {}", sex.en, band.en));
                (at * 10 + band_at, name)
            }
            Self::Class => match member.person.labour_class {
                Some(class) => (class as i64, class.label().into()),
                None => (LabourClass::ALL.len() as i64, unknown()),
            },
            Self::Grid => (place.grid_id, Text::new(&place.grid_key, &place.grid_key)),
        }
    }
}

fn unknown() -> Text {
    Text::new("没有记录", "not recorded")
}

fn sex(sex: Option<Sex>) -> (i64, Text) {
    sex.map_or_else(|| (9, unknown()), |sex| (sex as i64, sex.label().into()))
}

fn band(member: &MemberFacts, on: NaiveDate) -> (i64, Text) {
    let Some(birth) = member.person.birth_date else { return (9, unknown()) };
    let age = completed_years(birth, on);
    let at = BANDS.iter().filter(|from| age >= **from).count();
    let from = at.checked_sub(1).and_then(|before| BANDS.get(before));
    let name = match (from, BANDS.get(at)) {
        (Some(from), Some(to)) => Text::new(format!("{from}–{} 周岁", to - 1), format!("{from} to {}", to - 1)),
        (Some(from), None) => Text::new(format!("{from} 周岁及以上"), format!("{from} and over")),
        (None, Some(to)) => Text::new(format!("{to} 周岁以下"), format!("under {to}")),
        (None, None) => unknown(),
    };
    (at as i64, name)
}
