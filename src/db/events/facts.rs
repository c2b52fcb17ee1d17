//! Which tables are told of, and what of them: the one list the triggers are made from.
//!
//! Another table is one more line here and one more kind in [`EventKind`], together with the migration that makes the table: the
//! triggers are put up anew whenever a migration ran. A column that is not in the list is never told; sealed columns, names,
//! numbers and free text are in none.

use crate::domain::events::EventKind;
use Source::{Column, Nothing, Through};
use Told::{Present, Value};

/// A column as events tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Its value, under its own name.
    Value(&'static str),
    /// Under the second name, whether the column has a value: what it is, is not told.
    Present(&'static str, &'static str),
}

impl Told {
    pub const fn column(self) -> &'static str {
        match self {
            Value(column) | Present(column, _) => column,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Value(name) | Present(_, name) => name,
        }
    }
}

/// Where a row says whom or what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nowhere. Households of residents and buildings of households are looked up when the change is committed.
    Nothing,
    Column(&'static str),
    /// The second column of this table's row that the first column of ours names.
    Through {
        by: &'static str,
        table: &'static str,
        column: &'static str,
    },
}

/// A table that is told of.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    pub kind: EventKind,
    pub table: &'static str,
    pub tells: &'static [Told],
    pub resident: Source,
    pub household: Source,
    pub area: Source,
}

const fn fact(kind: EventKind, table: &'static str, tells: &'static [Told]) -> Fact {
    Fact { kind, table, tells, resident: Nothing, household: Nothing, area: Nothing }
}

impl Fact {
    const fn of_resident(self, resident: Source) -> Self {
        Self { resident, ..self }
    }

    const fn of_household(self, household: Source) -> Self {
        Self { household, ..self }
    }

    const fn in_area(self, area: Source) -> Self {
        Self { area, ..self }
    }
}

const RESIDENT: Source = Column("resident_id");
const HOUSEHOLD: Source = Column("household_id");

/// Every table that is told of.
pub const FACTS: &[Fact] = &[
    fact(EventKind::Setting, "settings", &[Value("key"), Value("value"), Value("valid_from")]),
    fact(EventKind::Area, "areas", &[Value("parent_id"), Value("kind"), Value("name"), Value("minutes_to_park")])
        .in_area(Column("id")),
    fact(EventKind::Employer, "employers", &[Value("kind"), Value("tenant_until")]),
    fact(
        EventKind::Posting,
        "postings",
        &[
            Value("employer_id"),
            Value("status"),
            Value("channel"),
            Value("headcount"),
            Value("filled"),
            Value("valid_from"),
            Value("valid_until"),
            Value("confirmed_on"),
        ],
    ),
    fact(
        EventKind::Household,
        "households",
        &[Value("building_id"), Value("township"), Value("monitoring_class"), Value("recognised_on")],
    )
    .of_household(Column("id"))
    .in_area(Column("building_id")),
    fact(
        EventKind::Resident,
        "residents",
        &[
            Value("sex"),
            Value("birth_date"),
            Value("labour_class"),
            Value("labour_class_on"),
            Value("school_status"),
            Value("absence"),
            Value("died_on"),
            Value("willing"),
            Value("retirement_group"),
            Value("restricted"),
            Value("erased_on"),
        ],
    )
    .of_resident(Column("id")),
    fact(
        EventKind::Membership,
        "memberships",
        &[Value("household_id"), Value("resident_id"), Value("relation"), Value("valid_from"), Value("valid_until")],
    )
    .of_resident(RESIDENT)
    .of_household(HOUSEHOLD),
    fact(
        EventKind::HouseholdEvent,
        "household_events",
        &[
            Value("household_id"),
            Value("kind"),
            Value("other_household_id"),
            Value("resident_id"),
            Value("happened_on"),
        ],
    )
    .of_resident(RESIDENT)
    .of_household(HOUSEHOLD),
    fact(
        EventKind::Exemption,
        "household_exemptions",
        &[Value("household_id"), Value("valid_from"), Value("valid_until")],
    )
    .of_household(HOUSEHOLD),
    fact(
        EventKind::Employment,
        "employment_spells",
        &[
            Value("resident_id"),
            Value("employer_id"),
            Value("posting_id"),
            Value("channel"),
            Value("region"),
            Value("start_on"),
            Value("counted_from"),
            Value("end_on"),
            Value("monthly_income"),
            Value("part_time"),
            Value("contract_until"),
            Present("evidence", "has_evidence"),
            Value("verified_on"),
        ],
    )
    .of_resident(RESIDENT),
    fact(
        EventKind::Barrier,
        "barriers",
        &[Value("household_id"), Value("resident_id"), Value("kind"), Value("opened_on"), Value("closed_on")],
    )
    .of_resident(RESIDENT)
    .of_household(HOUSEHOLD),
    fact(
        EventKind::Consent,
        "consents",
        &[Value("resident_id"), Value("purpose"), Value("decision"), Present("withdrawn_at", "withdrawn")],
    )
    .of_resident(RESIDENT),
    fact(
        EventKind::Decline,
        "declines",
        &[Value("resident_id"), Value("posting_id"), Value("declined_on"), Value("reason"), Value("was_suitable")],
    )
    .of_resident(RESIDENT),
    fact(
        EventKind::Referral,
        "referrals",
        &[
            Value("resident_id"),
            Value("posting_id"),
            Value("employer_id"),
            Value("state"),
            Value("spell_id"),
            Value("moved_on"),
            Value("referred_on"),
            Value("answered_on"),
            Value("suitable"),
        ],
    )
    .of_resident(RESIDENT),
    fact(
        EventKind::ReferralMove,
        "referral_moves",
        &[
            Value("referral_id"),
            Value("step"),
            Value("from_state"),
            Value("to_state"),
            Value("reason"),
            Value("happened_on"),
            Value("actor_kind"),
            Value("role"),
        ],
    )
    .of_resident(Through { by: "referral_id", table: "referrals", column: "resident_id" }),
    fact(
        EventKind::Recognition,
        "recognitions",
        &[Value("household_id"), Value("recognised_on"), Value("ended_on"), Value("end_reason")],
    )
    .of_household(HOUSEHOLD),
    fact(EventKind::Service, "household_services", &[Value("recognition_id"), Value("kind"), Value("done_on")])
        .of_household(Through { by: "recognition_id", table: "recognitions", column: "household_id" }),
    fact(EventKind::FollowUp, "follow_ups", &[Value("spell_id"), Value("months"), Value("outcome"), Value("done_on")])
        .of_resident(Through { by: "spell_id", table: "employment_spells", column: "resident_id" }),
    fact(
        EventKind::Visit,
        "visits",
        &[
            Value("household_id"),
            Value("status"),
            Value("visit_on"),
            Value("channel"),
            Value("next_step"),
            Value("next_on"),
            Value("next_done_on"),
        ],
    )
    .of_household(HOUSEHOLD),
    fact(EventKind::VisitFinding, "visit_findings", &[Value("visit_id"), Value("finding")]).of_household(Through {
        by: "visit_id",
        table: "visits",
        column: "household_id",
    }),
    fact(
        EventKind::Concern,
        "concerns",
        &[
            Value("resident_id"),
            Value("about"),
            Value("employer_id"),
            Value("posting_id"),
            Value("refuses_automation"),
            Value("opened_on"),
            Value("due_on"),
            Value("closed_on"),
            Value("outcome"),
        ],
    )
    .of_resident(RESIDENT),
    fact(
        EventKind::Course,
        "courses",
        &[Value("status"), Value("first_on"), Value("last_on"), Value("seats"), Value("taken")],
    ),
    fact(
        EventKind::Enrolment,
        "enrolments",
        &[Value("course_id"), Value("resident_id"), Value("state"), Value("moved_on")],
    )
    .of_resident(RESIDENT),
    fact(
        EventKind::EnrolmentMove,
        "enrolment_moves",
        &[
            Value("enrolment_id"),
            Value("step"),
            Value("from_state"),
            Value("to_state"),
            Value("reason"),
            Value("happened_on"),
            Value("actor_kind"),
            Value("role"),
        ],
    )
    .of_resident(Through { by: "enrolment_id", table: "enrolments", column: "resident_id" }),
    fact(EventKind::Attendance, "attendances", &[Value("enrolment_id"), Value("day"), Value("minutes")])
        .of_resident(Through { by: "enrolment_id", table: "enrolments", column: "resident_id" }),
    fact(
        EventKind::SkillEvidence,
        "skill_evidence",
        &[Value("enrolment_id"), Value("skill_id"), Value("level"), Value("shown_on")],
    )
    .of_resident(Through { by: "enrolment_id", table: "enrolments", column: "resident_id" }),
    fact(
        EventKind::Report,
        "reports",
        &[Value("community_id"), Value("month"), Value("version"), Value("as_of"), Value("content_hash")],
    )
    .in_area(Column("community_id")),
    fact(
        EventKind::ReportSignature,
        "report_signatures",
        &[Value("report_id"), Value("signed_on"), Value("content_hash")],
    )
    .in_area(Through { by: "report_id", table: "reports", column: "community_id" }),
    fact(EventKind::PlanAdoption, "plan_adoptions", &[Value("turn"), Value("plan_id"), Value("previous_plan_id")]),
];
