//! Who must be at home: which member is the carer of a care duty, and how many members the household can send to work.
//!
//! Rule (domain.md, "care duty"): a duty may name its carer. Where nobody is named and only one member can do it, that one is the
//! carer. A carer cannot work in those hours; everybody else is free. Where several could do it and none is named, all are
//! free and the household may place all but one of those without a job. If somebody outside the labour force can care at
//! home, there is no carer and no limit.
//!
//! Members with a job are at work, whatever their age, so "can do it" and "at home" ask those without one. Cost: linear in duties × members.

use crate::domain::week::WeekHours;

/// Hours of the week in which somebody of the household must be at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CareDuty {
    pub hours: WeekHours,
    /// The carer the duty names, as a member's id.
    pub carer: Option<i64>,
}

/// What the rule needs to know of one current member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CareMember {
    pub id: i64,
    /// Of the labour force today (see [`super::employability`]).
    pub employable: bool,
    pub has_job: bool,
    /// Old and well enough, and there, to look after somebody: see [`can_care`].
    pub can_care: bool,
}

/// Youngest age, in completed years, at which somebody is left in charge of a child or patient: adulthood (Civil Code art. 17).
pub const CARER_AGE_FROM: i32 = 18;
/// Oldest age at which somebody outside the labour force is counted on to care; above it the office asks at the door.
pub const CARER_AGE_TO: i32 = 75;

/// Whether a living member of this age, who is at home and whose capacity is recorded as lost or not, can be counted on to care.
#[must_use]
pub const fn can_care(age: i32, at_home: bool, capacity_lost: bool) -> bool {
    at_home && !capacity_lost && age >= CARER_AGE_FROM && age <= CARER_AGE_TO
}

/// What the duties mean for the household.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CareAssignment {
    /// Per carer (member id, ascending): the hours in which that member must be at home.
    pub carers: Vec<(i64, WeekHours)>,
    /// How many of the members without a job may be placed; `None` = all of them.
    pub limit: Option<u32>,
}

/// Applies the rule to one household.
#[must_use]
pub fn assign_care(duties: &[CareDuty], members: &[CareMember]) -> CareAssignment {
    let mut assignment = CareAssignment::default();
    let mut add = |carer: i64, hours: WeekHours| match assignment.carers.iter_mut().find(|(id, _)| *id == carer) {
        Some((_, all)) => *all = all.union(&hours),
        None => assignment.carers.push((carer, hours)),
    };
    let someone_at_home = members.iter().any(|m| m.can_care && !m.employable && !m.has_job);
    let free: Vec<i64> = members.iter().filter(|m| m.can_care && m.employable && !m.has_job).map(|m| m.id).collect();
    let mut limited = false;
    for duty in duties.iter().filter(|duty| !duty.hours.is_empty()) {
        match (duty.carer, free.as_slice()) {
            (Some(carer), _) if members.iter().any(|m| m.id == carer) => add(carer, duty.hours),
            _ if someone_at_home => {}
            (_, [only]) => add(*only, duty.hours),
            (_, []) => {}
            (_, _) => limited = true,
        }
    }
    if limited {
        let without_job = members.iter().filter(|m| m.employable && !m.has_job).count();
        assignment.limit = Some(u32::try_from(without_job.saturating_sub(1)).unwrap_or(u32::MAX));
    }
    assignment.carers.sort_unstable_by_key(|(id, _)| *id);
    assignment
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::week::Span;

    fn hours(from: u16, to: u16) -> WeekHours {
        WeekHours::of(&[Span { weekday: 1, from, to }])
    }

    fn member(id: i64, employable: bool, has_job: bool, can_care: bool) -> CareMember {
        CareMember { id, employable, has_job, can_care }
    }

    #[track_caller]
    fn check(duties: &[CareDuty], members: &[CareMember], carers: &[i64], limit: Option<u32>) {
        let got = assign_care(duties, members);
        assert_eq!(got.carers.iter().map(|(id, _)| *id).collect::<Vec<_>>(), carers);
        assert_eq!(got.limit, limit);
    }

    #[test]
    fn the_rule_on_both_sides_of_every_edge() {
        let unnamed = [CareDuty { hours: hours(960, 1080), carer: None }];
        let named = [CareDuty { hours: hours(960, 1080), carer: Some(2) }];
        let father = member(1, true, false, true);
        let mother = member(2, true, false, true);
        let grandmother = member(3, false, false, true);
        let child = member(4, false, false, false);

        check(&[], &[father, mother, child], &[], None);
        check(&named, &[father, mother, child], &[2], None);
        check(&named, &[father, mother, grandmother], &[2], None);
        check(&unnamed, &[father, mother, child], &[], Some(1));
        check(&unnamed, &[mother, child], &[2], None);
        check(&unnamed, &[father, mother, grandmother, child], &[], None);
        // A father at work cannot be at home too.
        check(&unnamed, &[member(1, true, true, true), mother, child], &[2], None);
        check(&unnamed, &[member(1, true, true, true), child], &[], None);
        // Nor can a grandmother at work, though she is outside the labour force.
        let at_work = member(3, false, true, true);
        check(&unnamed, &[mother, at_work, child], &[2], None);
        check(&unnamed, &[father, mother, at_work, child], &[], Some(1));
        check(&unnamed, &[member(1, true, true, true), at_work, child], &[], None);
        check(&unnamed, &[mother, at_work, grandmother, child], &[], None);
        // A carer who has left the household binds nobody; the rest of the rule applies.
        check(&named, &[father, child], &[1], None);
        // An empty duty is no duty.
        check(&[CareDuty { hours: WeekHours::EMPTY, carer: None }], &[father, mother], &[], None);
    }

    #[test]
    fn two_duties_of_one_carer_are_joined() {
        let duties =
            [CareDuty { hours: hours(420, 480), carer: Some(2) }, CareDuty { hours: hours(960, 1080), carer: None }];
        let got = assign_care(&duties, &[member(2, true, false, true), member(4, false, false, false)]);
        assert_eq!(got.carers, vec![(2, hours(420, 480).union(&hours(960, 1080)))]);
    }

    #[test]
    fn carers_are_adults_up_to_75_at_home_with_capacity() {
        assert!(!can_care(17, true, false) && can_care(18, true, false));
        assert!(can_care(75, true, false) && !can_care(76, true, false));
        assert!(!can_care(40, false, false) && !can_care(40, true, true));
    }
}
