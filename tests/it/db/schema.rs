//! The tables: the same on both databases, as the program believes them to be, with an index behind every reference.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::Text;
use wangjia::db::seal::SealedColumn;
use wangjia::db::{AnyConnection, migrate};
use wangjia::domain::access::{ActorKind, Role, SecretKind, SessionKind};
use wangjia::domain::clock::{ExitReason, ServiceKind};
use wangjia::domain::codes::*;
use wangjia::domain::concern::{ConcernAbout, ConcernOutcome};
use wangjia::domain::events::EventOperation;
use wangjia::domain::follow_up::FollowUpOutcome;
use wangjia::domain::privacy::{
    ApprovalAction, ApprovalStatus, ConsentDecision, ConsentForm, DataKind, IntroductionStatus, LegalBasis, Purpose,
};
use wangjia::domain::referral::{NoticeKind, ReferralReason, ReferralState};
use wangjia::domain::report::{ReportReason, ReportUnit};
use wangjia::domain::training::{CourseStatus, EnrolmentReason, EnrolmentState};
use wangjia::domain::visit::{NextStep, VisitChannel, VisitFinding, VisitStatus};

use crate::support::{TestDb, on_both};

on_both!(
    columns_are_those_of_the_program,
    every_foreign_key_has_an_index,
    code_lists_are_the_checks,
    down_and_up_again_gives_the_same,
    every_migration_is_embedded,
);

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The first column, named `line`, of a query for the one or the other database.
fn lines(db: &TestDb, sqlite: &str, postgres: &str) -> Vec<String> {
    let rows: Vec<Line> = db.read(|conn| {
        Ok(match conn {
            AnyConnection::Sqlite(c) => diesel::sql_query(sqlite).load(c)?,
            AnyConnection::Pg(c) => diesel::sql_query(postgres).load(c)?,
        })
    });
    rows.into_iter().map(|row| row.line).collect()
}

const SCHEMA: &str = concat!(
    include_str!("../../../src/db/schema.rs"),
    include_str!("../../../src/db/schema/access_tables.rs"),
    include_str!("../../../src/db/schema/clock_tables.rs"),
    include_str!("../../../src/db/schema/employment_tables.rs"),
    include_str!("../../../src/db/schema/event_tables.rs"),
    include_str!("../../../src/db/schema/mapping_tables.rs"),
    include_str!("../../../src/db/schema/plan_tables.rs"),
    include_str!("../../../src/db/schema/referral_tables.rs"),
    include_str!("../../../src/db/schema/report_tables.rs"),
    include_str!("../../../src/db/schema/service_tables.rs"),
    include_str!("../../../src/db/schema/training_tables.rs"),
    include_str!("../../../src/db/schema/visit_tables.rs"),
);

/// `table.column Type` for each line of `schema.rs`, with `?` after a nullable type.
fn believed() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for table in SCHEMA.split("diesel::table! {").skip(1) {
        let table = table.split("\n}").next().unwrap();
        let name = table.trim().split(' ').next().unwrap();
        for line in table.lines().filter(|line| line.contains("->")) {
            let (column, kind) = line.trim().trim_end_matches(',').split_once(" -> ").unwrap();
            let kind = match kind.strip_prefix("Nullable<") {
                Some(kind) => format!("{}?", kind.trim_end_matches('>')),
                None => kind.to_owned(),
            };
            found.insert(format!("{name}.{column} {kind}"));
        }
    }
    assert!(found.len() > 250, "schema.rs was not understood: {} columns", found.len());
    found
}

/// The same of the database itself.
fn actual(db: &TestDb) -> BTreeSet<String> {
    lines(
        db,
        "SELECT m.name || '.' || c.name || ' ' || CASE upper(c.type) WHEN 'INTEGER' THEN 'BigInt' WHEN 'BIGINT' THEN 'BigInt' \
         WHEN 'TEXT' THEN 'Text' WHEN 'BLOB' THEN 'Binary' WHEN 'BOOLEAN' THEN 'Bool' WHEN 'DATE' THEN 'Date' WHEN 'TIMESTAMP' \
         THEN 'Timestamp' ELSE c.type END || CASE c.\"notnull\" WHEN 1 THEN '' ELSE '?' END AS line FROM sqlite_master m, \
         pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'",
        "SELECT table_name || '.' || column_name || ' ' || CASE data_type WHEN 'bigint' THEN 'BigInt' WHEN 'text' THEN 'Text' \
         WHEN 'bytea' THEN 'Binary' WHEN 'boolean' THEN 'Bool' WHEN 'date' THEN 'Date' WHEN 'timestamp without time zone' THEN \
         'Timestamp' ELSE data_type END || CASE is_nullable WHEN 'NO' THEN '' ELSE '?' END AS line FROM \
         information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'",
    )
    .into_iter()
    .collect()
}

fn columns_are_those_of_the_program(db: &TestDb) {
    let (believed, actual) = (believed(), actual(db));
    let only_believed: Vec<_> = believed.difference(&actual).collect();
    let only_actual: Vec<_> = actual.difference(&believed).collect();
    assert!(
        only_believed.is_empty() && only_actual.is_empty(),
        "schema.rs: {only_believed:?}; database: {only_actual:?}"
    );
    let ciphers: BTreeSet<&str> =
        actual.iter().filter_map(|line| line.split(' ').next()).filter(|name| name.ends_with("_cipher")).collect();
    let sealed: BTreeSet<&str> =
        SealedColumn::ALL.iter().map(|column| column.name()).filter(|name| name.ends_with("_cipher")).collect();
    assert_eq!(ciphers, sealed);
}

/// `table.column -> table.column` of every reference.
pub fn foreign_keys(db: &TestDb) -> BTreeSet<String> {
    lines(
        db,
        "SELECT m.name || '.' || f.\"from\" || ' -> ' || f.\"table\" || '.' || f.\"to\" AS line FROM sqlite_master m, \
         pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
        "SELECT c.conrelid::regclass || '.' || a.attname || ' -> ' || c.confrelid::regclass || '.' || b.attname AS line FROM \
         pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] JOIN pg_attribute b ON \
         b.attrelid = c.confrelid AND b.attnum = c.confkey[1] WHERE c.contype = 'f'",
    )
    .into_iter()
    .collect()
}

fn every_foreign_key_has_an_index(db: &TestDb) {
    let indexed: BTreeSet<String> = lines(
        db,
        "SELECT m.name || '.' || c.name AS line FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c \
         WHERE m.type = 'table' AND i.partial = 0 AND c.seqno = 0",
        "SELECT i.indrelid::regclass || '.' || a.attname AS line FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid \
         AND a.attnum = i.indkey[0] WHERE i.indpred IS NULL",
    )
    .into_iter()
    .collect();
    let foreign_keys = foreign_keys(db);
    assert!(foreign_keys.len() > 40, "{foreign_keys:?}");
    for key in foreign_keys {
        let column = key.split(' ').next().unwrap();
        assert!(indexed.contains(column), "no index starts with {column}");
    }
}

#[test]
fn references_are_the_same_on_both() {
    assert_eq!(foreign_keys(&TestDb::sqlite()), foreign_keys(&TestDb::postgres()));
}

/// The values of `CHECK (column IN (..))` by `table.column`.
fn checks(db: &TestDb) -> BTreeMap<String, BTreeSet<String>> {
    let definitions = lines(
        db,
        "SELECT name || ' ' || sql AS line FROM sqlite_master WHERE type = 'table'",
        "SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) AS line FROM pg_constraint WHERE contype = 'c'",
    );
    let mut found = BTreeMap::new();
    for definition in definitions {
        let (table, sql) = definition.split_once(' ').unwrap();
        for check in sql.split("CHECK (").skip(1) {
            let check = check.trim_start_matches('(');
            let (column, rest) = check.split_once(' ').unwrap();
            let list = if db.is_postgres() {
                // A list of one value is kept as a comparison.
                let list = rest.strip_prefix("= ANY (ARRAY[").and_then(|rest| rest.split(']').next());
                list.or_else(|| {
                    rest.strip_prefix("= '").and_then(|rest| rest.strip_suffix("'::text))")).map(|_| &rest[2..])
                })
            } else {
                rest.strip_prefix("IN (").and_then(|rest| rest.split(')').next())
            };
            if let Some(list) = list {
                let codes = list.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
                found.insert(format!("{table}.{column}"), codes);
            }
        }
    }
    found
}

fn code_lists_are_the_checks(db: &TestDb) {
    macro_rules! lists {
        ($($column:literal = $list:ident,)+) => {
            BTreeMap::from([$(($column.to_owned(), $list::ALL.iter().map(|value| value.code().to_owned()).collect())),+])
        };
    }
    let lists: BTreeMap<String, BTreeSet<String>> = lists!(
        "areas.kind" = AreaKind,
        "import_findings.severity" = Severity,
        "households.monitoring_class" = MonitoringClass,
        "residents.sex" = Sex,
        "residents.education" = Education,
        "residents.health" = Health,
        "residents.labour_class" = LabourClass,
        "residents.school_status" = SchoolStatus,
        "residents.absence" = Absence,
        "residents.retirement_group" = RetirementGroup,
        "household_events.kind" = HouseholdEventKind,
        "memberships.relation" = Relation,
        "skill_links.kind" = SkillLinkKind,
        "resident_wishes.kind" = WishKind,
        "resident_ruled_out.kind" = RuledOut,
        "care_duties.kind" = CareKind,
        "employers.kind" = EmployerKind,
        "postings.status" = PostingStatus,
        "postings.channel" = Channel,
        "postings.pay_kind" = PayKind,
        "postings.shift" = Shift,
        "postings.region" = Region,
        "posting_skills.importance" = Importance,
        "posting_hazards.kind" = Hazard,
        "employment_spells.channel" = Channel,
        "employment_spells.region" = Region,
        "barriers.kind" = BarrierKind,
        "declines.reason" = DeclineReason,
        "jobs.state" = JobState,
        "plan_baselines.rule" = BaselineRule,
        "plan_households.state" = PlanState,
        "plan_households.class" = UncoveredClass,
        "plan_pins.kind" = PinKind,
        "plan_gaps.kind" = ChangeKind,
        "plan_changes.kind" = PlanChangeKind,
        "plan_changes.reason" = PlanChangeReason,
        "account_roles.role" = Role,
        "sessions.kind" = SessionKind,
        "one_time_secrets.kind" = SecretKind,
        "audit_events.actor_kind" = ActorKind,
        "legal_bases.purpose" = Purpose,
        "legal_bases.basis" = LegalBasis,
        "consents.purpose" = Purpose,
        "consents.decision" = ConsentDecision,
        "consents.form" = ConsentForm,
        "consent_kinds.kind" = DataKind,
        "introductions.status" = IntroductionStatus,
        "approvals.action" = ApprovalAction,
        "approvals.status" = ApprovalStatus,
        "referrals.state" = ReferralState,
        "referral_moves.from_state" = ReferralState,
        "referral_moves.to_state" = ReferralState,
        "referral_moves.reason" = ReferralReason,
        "referral_moves.actor_kind" = ActorKind,
        "referral_moves.role" = Role,
        "notices.kind" = NoticeKind,
        "recognitions.end_reason" = ExitReason,
        "events.operation" = EventOperation,
        "household_services.kind" = ServiceKind,
        "follow_ups.outcome" = FollowUpOutcome,
        "courses.status" = CourseStatus,
        "enrolments.state" = EnrolmentState,
        "enrolment_moves.from_state" = EnrolmentState,
        "enrolment_moves.to_state" = EnrolmentState,
        "enrolment_moves.reason" = EnrolmentReason,
        "enrolment_moves.actor_kind" = ActorKind,
        "enrolment_moves.role" = Role,
        "visits.status" = VisitStatus,
        "visits.channel" = VisitChannel,
        "visits.next_step" = NextStep,
        "household_proposals.kind" = ProposalKind,
        "household_proposals.state" = ProposalState,
        "household_proposal_members.relation" = Relation,
        "visit_findings.finding" = VisitFinding,
        "report_figures.unit" = ReportUnit,
        "report_changes.from_state" = CoverageState,
        "report_changes.to_state" = CoverageState,
        "report_changes.reason" = ReportReason,
        "concerns.about" = ConcernAbout,
        "concerns.outcome" = ConcernOutcome,
    );
    assert_eq!(checks(db), lists);
}

/// Everything the database knows about its tables, in its own words.
fn dump(db: &TestDb) -> BTreeSet<String> {
    lines(
        db,
        "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
        "SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || \
         coalesce(column_default, '') || ' ' || is_identity AS line FROM information_schema.columns WHERE table_schema = \
         'public' UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
         FROM pg_constraint WHERE connamespace = 'public'::regnamespace UNION ALL SELECT 'index ' || indexdef FROM pg_indexes \
         WHERE schemaname = 'public'",
    )
    .into_iter()
    .collect()
}

fn down_and_up_again_gives_the_same(db: &TestDb) {
    let before = dump(db);
    db.write(migrate::revert_all);
    assert!(actual(db).is_empty(), "left behind: {:?}", actual(db));
    let applied = db.db.migrate().unwrap();
    assert!(!applied.is_empty());
    assert_eq!(dump(db), before);
    assert_eq!(db.db.migrate().unwrap(), Vec::<String>::new());
}

/// `embed_migrations!` does not see a new directory until its file is compiled again; a stale build would skip it.
fn every_migration_is_embedded(db: &TestDb) {
    let kind = if db.is_postgres() { "postgres" } else { "sqlite" };
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(kind);
    let on_disk = std::fs::read_dir(directory).unwrap().count();
    assert_eq!(db.read(|conn| migrate::known(conn)).len(), on_disk);
}
