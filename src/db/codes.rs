//! The domain's code lists as column values: rows hold `Channel`, not `String`, so an unknown code can be neither written
//! nor read.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{Nullable, Text};

use crate::domain::access::{ActorKind, Role, SecretKind, SessionKind};
use crate::domain::clock::{ExitReason, ServiceKind};
use crate::domain::codes::*;
use crate::domain::concern::{ConcernAbout, ConcernOutcome};
use crate::domain::events::{EventKind, EventOperation};
use crate::domain::follow_up::FollowUpOutcome;
use crate::domain::privacy::{
    ApprovalAction, ApprovalStatus, ConsentDecision, ConsentForm, DataKind, IntroductionStatus, LegalBasis, Purpose,
};
use crate::domain::referral::{NoticeKind, ReferralReason, ReferralState};
use crate::domain::report::{ReportReason, ReportUnit};
use crate::domain::training::{CourseStatus, EnrolmentReason, EnrolmentState};
use crate::domain::visit::{NextStep, VisitChannel, VisitFinding, VisitStatus};

macro_rules! text_codes {
    ($($name:ident),+ $(,)?) => { $(
        impl AsExpression<Text> for $name {
            type Expression = Bound<Text, Self>;
            fn as_expression(self) -> Self::Expression { Bound::new(self) }
        }
        impl AsExpression<Nullable<Text>> for $name {
            type Expression = Bound<Nullable<Text>, Self>;
            fn as_expression(self) -> Self::Expression { Bound::new(self) }
        }
        impl AsExpression<Text> for &$name {
            type Expression = Bound<Text, Self>;
            fn as_expression(self) -> Self::Expression { Bound::new(self) }
        }
        impl AsExpression<Nullable<Text>> for &$name {
            type Expression = Bound<Nullable<Text>, Self>;
            fn as_expression(self) -> Self::Expression { Bound::new(self) }
        }
        impl<DB> ToSql<Text, DB> for $name where DB: Backend, str: ToSql<Text, DB> {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.code().to_sql(out)
            }
        }
        impl<DB> ToSql<Nullable<Text>, DB> for $name where DB: Backend, str: ToSql<Text, DB> {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.code().to_sql(out)
            }
        }
        impl<DB> FromSql<Text, DB> for $name where DB: Backend, String: FromSql<Text, DB> {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let code = String::from_sql(bytes)?;
                Self::from_code(&code).ok_or_else(|| concat!("unknown code in a column of ", stringify!($name)).into())
            }
        }
        impl<DB> diesel::deserialize::Queryable<Text, DB> for $name where DB: Backend, Self: FromSql<Text, DB> {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> { Ok(row) }
        }
    )+ };
}

text_codes!(
    Sex,
    LabourClass,
    SchoolStatus,
    Education,
    Health,
    Relation,
    MonitoringClass,
    Absence,
    Channel,
    Region,
    EmployerKind,
    PostingStatus,
    PayKind,
    Shift,
    Hazard,
    RuledOut,
    CareKind,
    BarrierKind,
    DeclineReason,
    WishKind,
    Importance,
    RetirementGroup,
    AreaKind,
    Severity,
    HouseholdEventKind,
    ProposalKind,
    ProposalState,
    SkillLinkKind,
    JobState,
    PlanState,
    UncoveredClass,
    ChangeKind,
    PinKind,
    BaselineRule,
    PlanChangeKind,
    PlanChangeReason,
    ActorKind,
    Role,
    SecretKind,
    SessionKind,
    ApprovalAction,
    ApprovalStatus,
    ConsentDecision,
    ConsentForm,
    DataKind,
    IntroductionStatus,
    LegalBasis,
    Purpose,
    CoverageState,
    ReportReason,
    ReportUnit,
    EventKind,
    EventOperation,
    ExitReason,
    ServiceKind,
    FollowUpOutcome,
    NoticeKind,
    ReferralReason,
    ReferralState,
    ConcernAbout,
    ConcernOutcome,
    CourseStatus,
    EnrolmentReason,
    EnrolmentState,
    NextStep,
    VisitChannel,
    VisitFinding,
    VisitStatus,
);
