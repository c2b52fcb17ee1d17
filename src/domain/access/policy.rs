//! The one policy: who may do what to which object, under which relation. Data, not code.
//!
//! API, pages and command line all ask [`permissions`]; nothing else in the program knows a role. What is not in the table is
//! refused. A person with several roles has the permissions of all of them.
//!
//! Reasons for the less obvious lines: an official works with aggregates and opens a person or a household only with a typed
//! reason; an administrator manages accounts and the frame (areas, employers, vocabulary) and sees no resident; an auditor sees
//! who did what and nothing else; HR sees its own postings and, of people, cards until they agreed to be introduced
//! (PIPL 6, 23), and by name those it employs, as far as the job goes: it is the other party of their contract (PIPL 13), so that it
//! reports who has left and which months count for the subsidy; whoever works at the command line holds the keys, so that everything is open there and everything is audited.

use super::{Action, ObjectKind, Relation, Role};
use Action::{Change, Compute, Create, Decide, List, Read, Search};
use Relation::{Any, InReach, Own, OwnEmployer, WholeHouse, WithReason};
use Who::{Anybody, Holder, Operator, SignedIn};

/// Whom a line of the policy speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Holder(Role),
    /// Every account, whatever its roles.
    SignedIn,
    /// The command line.
    Operator,
    /// Without sign-in, too.
    Anybody,
}

/// A line: these may do these things to such an object, if the relation holds.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub object: ObjectKind,
    pub actions: &'static [Action],
    pub who: &'static [(Who, Relation)],
}

const COUNSELOR: Who = Holder(Role::Counselor);
const HR: Who = Holder(Role::Hr);
const OFFICIAL: Who = Holder(Role::Official);
const ADMINISTRATOR: Who = Holder(Role::Administrator);
const AUDITOR: Who = Holder(Role::Auditor);
const OPERATOR: (Who, Relation) = (Operator, Any);

const fn rule(object: ObjectKind, actions: &'static [Action], who: &'static [(Who, Relation)]) -> Rule {
    Rule { object, actions, who }
}

/// People in the counselor's areas; officials look with a reason.
const PEOPLE_READ: &[(Who, Relation)] = &[(COUNSELOR, InReach), (OFFICIAL, WithReason), OPERATOR];
const PEOPLE_CHANGE: &[(Who, Relation)] = &[(COUNSELOR, InReach), OPERATOR];
const STAFF: &[(Who, Relation)] = &[(COUNSELOR, Any), (OFFICIAL, Any), OPERATOR];
const WHOLE_HOUSE: &[(Who, Relation)] = &[(COUNSELOR, WholeHouse), (OFFICIAL, WholeHouse), OPERATOR];

/// The policy.
pub const POLICY: &[Rule] = &[
    rule(ObjectKind::Area, &[List, Read], &[(COUNSELOR, InReach), (OFFICIAL, InReach), (ADMINISTRATOR, Any), OPERATOR]),
    rule(ObjectKind::Area, &[Create, Change], &[(ADMINISTRATOR, Any), OPERATOR]),
    rule(ObjectKind::Household, &[List, Read], PEOPLE_READ),
    rule(ObjectKind::Household, &[Create, Change], PEOPLE_CHANGE),
    rule(ObjectKind::Resident, &[List, Read], PEOPLE_READ),
    rule(ObjectKind::Resident, &[Create, Change, Search], PEOPLE_CHANGE),
    rule(ObjectKind::Spell, &[List, Read], PEOPLE_READ),
    rule(ObjectKind::Spell, &[Create, Change], PEOPLE_CHANGE),
    rule(ObjectKind::Barrier, &[List], PEOPLE_READ),
    rule(ObjectKind::Barrier, &[Create, Change], PEOPLE_CHANGE),
    rule(ObjectKind::CareDuty, &[Read], PEOPLE_READ),
    rule(ObjectKind::CareDuty, &[Change], PEOPLE_CHANGE),
    rule(ObjectKind::Exemption, &[List], PEOPLE_READ),
    rule(ObjectKind::Exemption, &[Create, Change], &[(COUNSELOR, InReach), (OFFICIAL, WithReason), OPERATOR]),
    rule(ObjectKind::Decline, &[List], PEOPLE_READ),
    rule(ObjectKind::Decline, &[Create], PEOPLE_CHANGE),
    rule(
        ObjectKind::Employer,
        &[List, Read],
        &[(COUNSELOR, Any), (OFFICIAL, Any), (ADMINISTRATOR, Any), (HR, OwnEmployer), OPERATOR],
    ),
    rule(ObjectKind::Employer, &[Create, Change], &[(COUNSELOR, Any), (ADMINISTRATOR, Any), OPERATOR]),
    rule(
        ObjectKind::Posting,
        &[List, Read, Compute],
        &[(COUNSELOR, Any), (OFFICIAL, Any), (HR, OwnEmployer), OPERATOR],
    ),
    rule(ObjectKind::Posting, &[Create, Change], &[(COUNSELOR, Any), (HR, OwnEmployer), OPERATOR]),
    rule(ObjectKind::Candidate, &[List], PEOPLE_READ),
    rule(ObjectKind::Card, &[List], &[(HR, OwnEmployer)]),
    rule(
        ObjectKind::Skill,
        &[List, Read],
        &[(COUNSELOR, Any), (HR, Any), (OFFICIAL, Any), (ADMINISTRATOR, Any), OPERATOR],
    ),
    rule(ObjectKind::Skill, &[Create, Change], &[(COUNSELOR, Any), (ADMINISTRATOR, Any), OPERATOR]),
    rule(ObjectKind::UnmappedName, &[List, Change], &[(COUNSELOR, Any), (ADMINISTRATOR, Any), OPERATOR]),
    rule(ObjectKind::Run, &[List, Read], STAFF),
    rule(ObjectKind::Run, &[Create], WHOLE_HOUSE),
    rule(ObjectKind::Recommendation, &[List, Compute], PEOPLE_READ),
    rule(ObjectKind::Plan, &[List, Read, Compute], STAFF),
    rule(ObjectKind::Plan, &[Create, Change, Decide], WHOLE_HOUSE),
    rule(ObjectKind::Placement, &[List], PEOPLE_READ),
    rule(ObjectKind::Pin, &[List, Read], PEOPLE_READ),
    rule(ObjectKind::Pin, &[Create, Change], PEOPLE_CHANGE),
    rule(ObjectKind::Coverage, &[Read], &[(COUNSELOR, InReach), (OFFICIAL, InReach), OPERATOR]),
    rule(ObjectKind::CoverageList, &[List], PEOPLE_READ),
    rule(ObjectKind::Report, &[List, Read], &[(COUNSELOR, InReach), (OFFICIAL, InReach), OPERATOR]),
    rule(ObjectKind::Report, &[Create], &[(OFFICIAL, InReach), OPERATOR]),
    // A signature is somebody's own.
    rule(ObjectKind::Report, &[Decide], &[(OFFICIAL, InReach)]),
    rule(ObjectKind::ReportList, &[List], PEOPLE_READ),
    rule(ObjectKind::Import, &[Create], &[(COUNSELOR, WholeHouse), OPERATOR]),
    rule(ObjectKind::Import, &[List, Read], &[(COUNSELOR, WholeHouse), OPERATOR]),
    rule(ObjectKind::Job, &[List, Read, Change], &[(SignedIn, Own), OPERATOR]),
    rule(
        ObjectKind::Setting,
        &[List, Read],
        &[(COUNSELOR, Any), (HR, Any), (OFFICIAL, Any), (ADMINISTRATOR, Any), (AUDITOR, Any), OPERATOR],
    ),
    rule(ObjectKind::Setting, &[Change], &[OPERATOR]),
    rule(ObjectKind::Account, &[List, Read, Create, Change], &[(ADMINISTRATOR, Any), OPERATOR]),
    rule(ObjectKind::Session, &[Create], &[(Anybody, Any)]),
    rule(ObjectKind::Session, &[List, Read, Change], &[(SignedIn, Own)]),
    rule(ObjectKind::Token, &[Create], &[(SignedIn, Own)]),
    rule(ObjectKind::Consent, &[List, Read, Create, Change], PEOPLE_CHANGE),
    rule(ObjectKind::Introduction, &[List, Read], &[(COUNSELOR, InReach), (HR, OwnEmployer), OPERATOR]),
    rule(ObjectKind::Introduction, &[Create], &[(HR, OwnEmployer)]),
    rule(ObjectKind::Introduction, &[Change], &[(COUNSELOR, InReach), (HR, OwnEmployer)]),
    rule(ObjectKind::Introduction, &[Decide], &[(COUNSELOR, InReach)]),
    rule(
        ObjectKind::Referral,
        &[List, Read],
        &[(COUNSELOR, InReach), (OFFICIAL, WithReason), (HR, OwnEmployer), OPERATOR],
    ),
    rule(ObjectKind::Referral, &[Create], PEOPLE_CHANGE),
    rule(ObjectKind::Referral, &[Change], &[(COUNSELOR, InReach), (HR, OwnEmployer), OPERATOR]),
    rule(ObjectKind::Recognition, &[List, Read], PEOPLE_READ),
    rule(ObjectKind::Recognition, &[Create, Change], PEOPLE_CHANGE),
    rule(ObjectKind::Recognition, &[Decide], &[(COUNSELOR, InReach), (OFFICIAL, WithReason), OPERATOR]),
    rule(ObjectKind::Course, &[List, Read], &[(COUNSELOR, Any), (OFFICIAL, Any), (ADMINISTRATOR, Any), OPERATOR]),
    rule(ObjectKind::Course, &[Compute], STAFF),
    rule(ObjectKind::Course, &[Create, Change], &[(COUNSELOR, Any), OPERATOR]),
    rule(ObjectKind::Enrolment, &[List, Read], PEOPLE_READ),
    rule(ObjectKind::Enrolment, &[Create, Change], PEOPLE_CHANGE),
    rule(ObjectKind::Visit, &[List, Read], PEOPLE_READ),
    rule(ObjectKind::Visit, &[Create, Change], PEOPLE_CHANGE),
    rule(ObjectKind::VisitProgress, &[Read], &[(COUNSELOR, InReach), OPERATOR]),
    rule(ObjectKind::VisitProgress, &[List], &[(OFFICIAL, InReach), OPERATOR]),
    rule(ObjectKind::Concern, &[List, Read], PEOPLE_READ),
    rule(ObjectKind::Concern, &[Create, Change], PEOPLE_CHANGE),
    rule(ObjectKind::Concern, &[Decide], &[(COUNSELOR, InReach), (OFFICIAL, WithReason), OPERATOR]),
    rule(ObjectKind::Event, &[List], PEOPLE_READ),
    rule(ObjectKind::Notice, &[List, Read, Change], &[(HR, OwnEmployer), OPERATOR]),
    rule(ObjectKind::Worker, &[List, Change], &[(HR, OwnEmployer)]),
    rule(ObjectKind::Contact, &[Read], &[(HR, OwnEmployer)]),
    rule(ObjectKind::PersonalData, &[Read], PEOPLE_CHANGE),
    rule(ObjectKind::Approval, &[List, Read, Create, Decide], PEOPLE_CHANGE),
    rule(ObjectKind::Audit, &[List, Read], &[(AUDITOR, Any), OPERATOR]),
    rule(ObjectKind::Published, &[Read], &[(Anybody, Any)]),
    rule(ObjectKind::Metrics, &[Read], &[(ADMINISTRATOR, Any), OPERATOR]),
    rule(ObjectKind::Document, &[Read], &[(SignedIn, Any), OPERATOR]),
    rule(ObjectKind::Service, &[Read], &[(Anybody, Any)]),
    rule(ObjectKind::Service, &[Change], &[OPERATOR]),
];

/// Those the policy names for an action, with the relation each needs.
pub fn permissions(object: ObjectKind, action: Action) -> impl Iterator<Item = (Who, Relation)> {
    POLICY
        .iter()
        .filter(move |rule| rule.object == object && rule.actions.contains(&action))
        .flat_map(|rule| rule.who.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_has_one_line_at_most() {
        for object in ObjectKind::ALL {
            for action in Action::ALL {
                let lines = POLICY.iter().filter(|rule| rule.object == *object && rule.actions.contains(action));
                assert!(lines.count() <= 1, "{object:?} {action:?}");
            }
        }
    }

    #[test]
    fn administrators_and_auditors_reach_no_person() {
        use ObjectKind::*;
        let people = [
            Household,
            Resident,
            Spell,
            Barrier,
            CareDuty,
            Exemption,
            Decline,
            Candidate,
            Card,
            Recommendation,
            Placement,
            Pin,
            CoverageList,
            Consent,
            Introduction,
            Recognition,
            Referral,
            Concern,
            Enrolment,
            Event,
            Visit,
            Worker,
            Contact,
            PersonalData,
            Approval,
            ReportList,
            Import,
        ];
        for object in people {
            for action in Action::ALL {
                for (who, relation) in permissions(object, *action) {
                    assert!(
                        ![ADMINISTRATOR, AUDITOR, SignedIn, Anybody].contains(&who),
                        "{object:?} {action:?} {who:?}"
                    );
                    assert!(relation != Any || who == Operator, "{object:?} {action:?} {who:?}");
                    let for_hr = [Card, Introduction, Referral, Worker, Contact].contains(&object);
                    assert!(who != HR || (for_hr && relation == OwnEmployer), "{object:?} {action:?}");
                    // An official opens nobody's data without a reason.
                    assert!(who != OFFICIAL || relation == WithReason, "{object:?} {action:?}");
                }
            }
        }
    }

    #[test]
    fn the_audit_is_for_auditors() {
        let readers: Vec<Who> = permissions(ObjectKind::Audit, Read).map(|(who, _)| who).collect();
        assert_eq!(readers, [AUDITOR, Operator]);
        assert_eq!(permissions(ObjectKind::Audit, Change).count() + permissions(ObjectKind::Audit, Create).count(), 0);
    }
}
