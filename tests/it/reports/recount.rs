//! The ledger is the report: every figure, list and change of a report counted again in plain SQL, on random days of a played history.
//! Nothing here calls what the report is counted with; ages at retirement are computed from the published rule.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Months, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use wangjia::app::reports::freeze;
use wangjia::db::AnyConnection;
use wangjia::domain::report::ReportFigure;

use super::history::history;
use crate::api::app::noon;
use crate::support::{TestDb, on_both};

on_both!(every_figure_of_a_report_is_what_plain_sql_counts);

/// Days that are drawn.
const DAYS: usize = 12;

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

#[derive(QueryableByName)]
struct Grouped {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    place: String,
}

/// A job that runs, of somebody who is there.
#[derive(QueryableByName)]
struct Job {
    #[diesel(sql_type = BigInt)]
    household: i64,
    #[diesel(sql_type = BigInt)]
    resident: i64,
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(sql_type = Date)]
    counted_from: NaiveDate,
    #[diesel(sql_type = Nullable<Date>)]
    ends: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    tenant: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pay: Option<i64>,
    #[diesel(sql_type = Date)]
    birth: NaiveDate,
    #[diesel(sql_type = Text)]
    sex: String,
    #[diesel(sql_type = Nullable<Text>)]
    retires: Option<String>,
}

type Key = (String, String);
type Figures = BTreeMap<Key, Vec<i64>>;

fn loaded<T>(conn: &mut AnyConnection, sql: &str) -> Vec<T>
where
    T: QueryableByName<diesel::sqlite::Sqlite> + QueryableByName<diesel::pg::Pg> + 'static,
{
    let query = diesel::sql_query(sql);
    match conn {
        AnyConnection::Sqlite(c) => query.load(c).unwrap(),
        AnyConnection::Pg(c) => query.load(c).unwrap(),
    }
}

pub fn ids(conn: &mut AnyConnection, sql: &str) -> Vec<i64> {
    let found: BTreeSet<i64> = loaded::<Id>(conn, sql).into_iter().map(|row| row.id).collect();
    found.into_iter().collect()
}

/// The questions of one day in one community, in SQL.
struct Day {
    on: NaiveDate,
    community: i64,
    farming: bool,
    decent: i64,
}

impl Day {
    fn first(&self) -> NaiveDate {
        self.on.with_day(1).unwrap()
    }

    fn years_ago(&self, years: u32) -> NaiveDate {
        self.on.checked_sub_months(Months::new(12 * years)).unwrap()
    }

    /// The latest first day of a job that has run for so many months.
    fn months_ago(&self, months: u32) -> NaiveDate {
        let mut day = self.on;
        while day.checked_add_months(Months::new(months)).unwrap() > self.on {
            day = day.pred_opt().unwrap();
        }
        day
    }

    /// `h`: households of the community that exist.
    fn households(&self) -> String {
        let on = self.on;
        format!(
            "SELECT h.id, g.id AS grid FROM households h JOIN areas b ON b.id = h.building_id JOIN areas g ON g.id = b.parent_id \
             WHERE g.parent_id = {} AND (NOT EXISTS (SELECT 1 FROM memberships m WHERE m.household_id = h.id) OR EXISTS (SELECT 1 \
             FROM memberships m WHERE m.household_id = h.id AND (m.valid_from IS NULL OR m.valid_from <= '{on}') AND \
             (m.valid_until IS NULL OR m.valid_until > '{on}')))",
            self.community
        )
    }

    /// Living members.
    fn members(&self) -> String {
        let on = self.on;
        format!(
            "SELECT m.household_id AS household, p.* FROM memberships m JOIN residents p ON p.id = m.resident_id WHERE \
             (m.valid_from IS NULL OR m.valid_from <= '{on}') AND (m.valid_until IS NULL OR m.valid_until > '{on}') AND \
             (p.died_on IS NULL OR p.died_on > '{on}') AND m.household_id IN (SELECT id FROM ({}) h)",
            self.households()
        )
    }

    fn counts(&self) -> &'static str {
        if self.farming { "s.channel <> ''" } else { "s.channel <> 'farming'" }
    }

    /// Jobs of members that run and count.
    fn jobs(&self) -> String {
        let on = self.on;
        format!(
            "SELECT q.household, s.id, s.resident_id, s.channel, s.counted_from, s.monthly_income, s.evidence, s.verified_on, \
             s.contract_until, s.end_on, s.employer_id FROM employment_spells s JOIN ({}) q ON q.id = s.resident_id WHERE \
             s.counted_from <= '{on}' AND (s.end_on IS NULL OR s.end_on > '{on}') AND {}",
            self.members(),
            self.counts()
        )
    }

    fn able(&self) -> String {
        format!(
            "SELECT * FROM ({}) a WHERE a.birth_date < '{}' AND a.birth_date > '{}' AND (a.school_status IS NULL OR a.school_status = \
             'not_in_school') AND a.absence IS NULL AND (a.labour_class IS NULL OR a.labour_class NOT IN ('lost', 'none'))",
            self.members(),
            self.years_ago(16),
            self.years_ago(60)
        )
    }

    /// Ids of members at work whose records contradict one another.
    fn contradicted(&self) -> String {
        let on = self.on;
        let runs = |s: &str| format!("({s}.end_on IS NULL OR {s}.end_on > '{on}')");
        format!(
            "SELECT q.id FROM ({}) q WHERE (q.school_status IS NOT NULL AND q.school_status <> 'not_in_school') OR q.birth_date >= '{}' \
             OR q.absence IS NOT NULL OR q.labour_class IN ('lost', 'none') OR EXISTS (SELECT 1 FROM employment_spells s JOIN \
             employment_spells t ON t.resident_id = s.resident_id AND t.id > s.id WHERE s.resident_id = q.id AND s.channel <> \
             'farming' AND t.channel <> 'farming' AND s.counted_from <= '{on}' AND t.counted_from <= '{on}' AND NOT (s.part_time AND \
             t.part_time) AND ({} OR {}) AND (s.end_on IS NULL OR s.end_on > s.counted_from) AND (t.end_on IS NULL OR t.end_on > \
             t.counted_from) AND (s.end_on IS NULL OR s.end_on > t.counted_from) AND (t.end_on IS NULL OR t.end_on > s.counted_from))",
            self.members(),
            self.years_ago(16),
            runs("s"),
            runs("t")
        )
    }

    fn figures(&self, conn: &mut AnyConnection) -> Figures {
        let (on, first) = (self.on, self.first());
        let (jobs, able, households) = (self.jobs(), self.able(), self.households());
        let covered = format!("SELECT j.household AS id FROM ({jobs}) j");
        let exempted = format!(
            "SELECT household_id FROM household_exemptions WHERE valid_from <= '{on}' AND (valid_until IS NULL OR valid_until > '{on}')"
        );
        let has_able = format!("SELECT a.household FROM ({able}) a");
        let uncovered = format!(
            "SELECT h.id, h.grid FROM ({households}) h WHERE h.id NOT IN ({covered}) AND h.id IN ({has_able}) AND h.id NOT IN ({exempted})"
        );
        let exempt = format!(
            "SELECT h.id, h.grid FROM ({households}) h WHERE h.id NOT IN ({covered}) AND (h.id NOT IN ({has_able}) OR h.id IN ({exempted}))"
        );
        let willing = format!("SELECT a.household FROM ({able}) a WHERE a.willing IS NULL OR a.willing = TRUE");
        let contradicted = self.contradicted();
        let job = |what: &str| format!("SELECT j.household AS id FROM ({jobs}) j WHERE {what}");
        let verified = self.on - Days::new(180);
        let in_month = |column: &str| format!("{column} BETWEEN '{first}' AND '{on}'");
        let here = format!(
            "SELECT h.id FROM households h JOIN areas b ON b.id = h.building_id JOIN areas g ON g.id = b.parent_id WHERE g.parent_id = {}",
            self.community
        );
        let living_here =
            format!("SELECT resident_id FROM memberships WHERE valid_until IS NULL AND household_id IN ({here})");
        let moved = |table: &str, moves: &str, of: &str, to: &str| {
            format!(
                "SELECT r.id FROM {table} r WHERE r.resident_id IN ({living_here}) AND EXISTS (SELECT 1 FROM {moves} m WHERE m.{of} = r.id \
                 AND m.to_state = '{to}' AND {}) AND NOT EXISTS (SELECT 1 FROM {moves} m WHERE m.{of} = r.id AND m.reason = \
                 'entered_by_mistake' AND m.to_state NOT IN ('ended', 'attended'))",
                in_month("m.happened_on")
            )
        };
        let member_job = |what: String| {
            format!(
                "SELECT s.id FROM employment_spells s WHERE s.resident_id IN (SELECT q.id FROM ({}) q) AND {} AND {what} \
                 AND (s.end_on IS NULL OR s.end_on <> s.counted_from)",
                self.members(),
                self.counts()
            )
        };
        let visits = format!(
            "FROM visits v WHERE v.status = 'done' AND {} AND v.household_id IN ({here})",
            in_month("v.visit_on")
        );
        let plain = [
            ("households", format!("SELECT h.id FROM ({households}) h")),
            ("covered", covered.clone()),
            ("uncovered", format!("SELECT u.id FROM ({uncovered}) u")),
            ("to_help", format!("SELECT u.id FROM ({uncovered}) u WHERE u.id IN ({willing})")),
            ("unwilling", format!("SELECT u.id FROM ({uncovered}) u WHERE u.id NOT IN ({willing})")),
            ("exempt", format!("SELECT e.id FROM ({exempt}) e")),
            ("exempt_nobody_employable", format!("SELECT e.id FROM ({exempt}) e WHERE e.id NOT IN ({has_able})")),
            ("exempt_decision", format!("SELECT e.id FROM ({exempt}) e WHERE e.id IN ({has_able})")),
            ("certain", job(&format!("j.resident_id NOT IN ({contradicted})"))),
            ("contested", job(&format!("j.resident_id IN ({contradicted})"))),
            ("stable_3m", job(&format!("j.counted_from <= '{}'", self.months_ago(3)))),
            ("stable_6m", job(&format!("j.counted_from <= '{}'", self.months_ago(6)))),
            ("decent", job(&format!("j.monthly_income >= {}", self.decent))),
            (
                "verified",
                job(&format!("j.evidence IS NOT NULL AND j.verified_on > '{verified}' AND j.verified_on <= '{on}'")),
            ),
            ("able", format!("SELECT a.id FROM ({able}) a")),
            (
                "able_at_work",
                format!("SELECT a.id FROM ({able}) a WHERE a.id IN (SELECT j.resident_id FROM ({jobs}) j)"),
            ),
            ("at_work", format!("SELECT j.resident_id AS id FROM ({jobs}) j")),
            (
                "older",
                format!(
                    "SELECT p.id FROM residents p JOIN ({jobs}) j ON j.resident_id = p.id WHERE p.birth_date <= '{}'",
                    self.years_ago(45)
                ),
            ),
            (
                "weak_or_half",
                format!(
                    "SELECT p.id FROM residents p JOIN ({jobs}) j ON j.resident_id = p.id WHERE p.labour_class = 'weak_or_half'"
                ),
            ),
            (
                "pay_decent",
                format!(
                    "SELECT j.resident_id AS id FROM ({jobs}) j GROUP BY j.resident_id HAVING max(j.monthly_income) >= {}",
                    self.decent
                ),
            ),
            (
                "pay_below",
                format!(
                    "SELECT j.resident_id AS id FROM ({jobs}) j GROUP BY j.resident_id HAVING max(j.monthly_income) < {}",
                    self.decent
                ),
            ),
            (
                "pay_unknown",
                format!(
                    "SELECT j.resident_id AS id FROM ({jobs}) j GROUP BY j.resident_id HAVING max(j.monthly_income) IS NULL"
                ),
            ),
            ("jobs_begun", member_job(in_month("s.start_on"))),
            ("jobs_ended", member_job(in_month("s.end_on"))),
            (
                "recognised",
                format!(
                    "SELECT r.household_id AS id FROM recognitions r WHERE {} AND r.household_id IN ({here})",
                    in_month("r.recognised_on")
                ),
            ),
            (
                "helped",
                format!(
                    "SELECT r.household_id AS id FROM recognitions r WHERE r.recognised_on <= '{on}' AND r.household_id IN ({covered})"
                ),
            ),
            ("visits", format!("SELECT v.id {visits}")),
            ("visited", format!("SELECT v.household_id AS id {visits}")),
            ("proposed", moved("referrals", "referral_moves", "referral_id", "proposed")),
            ("referred", moved("referrals", "referral_moves", "referral_id", "referred")),
            // A job without a day is no hire.
            (
                "hired",
                format!(
                    "{} AND NOT EXISTS (SELECT 1 FROM employment_spells s WHERE s.id = r.spell_id AND s.end_on = s.counted_from)",
                    moved("referrals", "referral_moves", "referral_id", "hired")
                ),
            ),
            ("enrolled", moved("enrolments", "enrolment_moves", "enrolment_id", "enrolled")),
            // A result with a step behind it was taken back.
            (
                "trained",
                format!(
                    "SELECT m.enrolment_id AS id FROM enrolment_moves m JOIN enrolments r ON r.id = m.enrolment_id WHERE r.resident_id IN \
                     ({living_here}) AND m.to_state = 'passed' AND {} AND NOT EXISTS (SELECT 1 FROM enrolment_moves n WHERE n.enrolment_id \
                     = m.enrolment_id AND n.step > m.step)",
                    in_month("m.happened_on")
                ),
            ),
        ];
        let mut found = Figures::new();
        for (code, sql) in plain {
            found.insert((code.to_owned(), String::new()), ids(conn, &sql));
        }
        // Grids of the community's households, whatever is in them.
        let grids: BTreeSet<i64> = loaded::<Id>(conn, &format!("SELECT h.grid AS id FROM ({households}) h"))
            .into_iter()
            .map(|row| row.id)
            .collect();
        let covered_here = format!("SELECT h.id, h.grid FROM ({households}) h WHERE h.id IN ({covered})");
        for (code, of) in [("grid_covered", covered_here), ("grid_uncovered", uncovered), ("grid_exempt", exempt)] {
            for grid in &grids {
                let sql = format!("SELECT x.id FROM ({of}) x WHERE x.grid = {grid}");
                found.insert((code.to_owned(), grid.to_string()), ids(conn, &sql));
            }
        }
        // The longest-running job, then the better paid, then the older record.
        let by_channel = format!(
            "SELECT j.household AS id, j.channel AS place FROM ({jobs}) j WHERE NOT EXISTS (SELECT 1 FROM ({jobs}) k WHERE k.household = \
             j.household AND (k.counted_from < j.counted_from OR (k.counted_from = j.counted_from AND (coalesce(k.monthly_income, -1) > \
             coalesce(j.monthly_income, -1) OR (coalesce(k.monthly_income, -1) = coalesce(j.monthly_income, -1) AND k.id < j.id)))))"
        );
        for row in loaded::<Grouped>(conn, &by_channel) {
            found.entry(("by_channel".to_owned(), row.place)).or_default().push(row.id);
        }
        found.insert(("single_earner_risk".to_owned(), String::new()), self.at_risk(conn));
        found.values_mut().for_each(|ids| {
            ids.sort_unstable();
            ids.dedup();
        });
        found
    }

    /// Households with one earner all of whose jobs end soon.
    fn at_risk(&self, conn: &mut AnyConnection) -> Vec<i64> {
        let sql = format!(
            "SELECT j.household, j.resident_id AS resident, j.id, j.channel, j.counted_from, CASE WHEN j.end_on IS NULL OR \
             j.contract_until < j.end_on THEN j.contract_until ELSE j.end_on END AS ends, e.tenant_until AS tenant, j.monthly_income AS \
             pay, p.birth_date AS birth, p.sex, p.retirement_group AS retires FROM ({}) j JOIN residents p ON p.id = j.resident_id LEFT \
             JOIN employers e ON e.id = j.employer_id",
            self.jobs()
        );
        let soon = self.on + Days::new(90);
        let mut homes: BTreeMap<i64, (BTreeSet<i64>, bool)> = BTreeMap::new();
        for job in loaded::<Job>(conn, &sql) {
            assert!(job.id > 0 && job.counted_from <= self.on && job.pay.is_none_or(|pay| pay >= 0));
            let limits = match job.channel.as_str() {
                "micro_factory" | "outbound" | "local" => retirements(&job),
                "public_welfare" => vec![job.birth.with_year(job.birth.year() + 70).unwrap_or(NaiveDate::MAX)],
                _ => Vec::new(),
            };
            let ends = job.ends.into_iter().chain(job.tenant).any(|day| day <= soon);
            let retires = limits.into_iter().any(|day| self.on < day && day <= soon);
            let home = homes.entry(job.household).or_insert((BTreeSet::new(), true));
            home.0.insert(job.resident);
            home.1 &= ends || retires;
        }
        homes.into_iter().filter(|(_, (earners, risk))| earners.len() == 1 && *risk).map(|(id, _)| id).collect()
    }
}

/// First and last possible day of retirement by the rule of 2024: 60 (men), 55 and 50 (women), later by a month for every four, four
/// and two months of birth since 1965-01, 1970-01 and 1975-01, by 36, 36 and 60 months at most.
fn retirements(job: &Job) -> Vec<NaiveDate> {
    let day = |years: i32, since: i32, step: i32, most: i32| {
        let born = job.birth.year() * 12 + job.birth.month0() as i32;
        let late = born - since * 12;
        let delay = if late < 0 { 0 } else { (late / step + 1).min(most) };
        job.birth.checked_add_months(Months::new((years * 12 + delay) as u32)).unwrap()
    };
    let [men, higher, lower] = [day(60, 1965, 4, 36), day(55, 1970, 4, 36), day(50, 1975, 2, 60)];
    match (job.sex.as_str(), job.retires.as_deref()) {
        ("male", _) => vec![men],
        (_, Some("women_55")) => vec![higher],
        (_, Some("women_50")) => vec![lower],
        _ => vec![lower, higher],
    }
}

/// Which household went which way, by the lists of the three states.
fn ways(before: &Figures, now: &Figures) -> BTreeMap<(String, String), BTreeSet<i64>> {
    let states = |figures: &Figures| -> BTreeMap<i64, &'static str> {
        let of = |state: &'static str| {
            figures[&(state.to_owned(), String::new())].iter().map(move |id| (*id, state)).collect::<Vec<_>>()
        };
        ["covered", "uncovered", "exempt"].into_iter().flat_map(of).collect()
    };
    let (was, is) = (states(before), states(now));
    let mut ways: BTreeMap<(String, String), BTreeSet<i64>> = BTreeMap::new();
    for id in was.keys().chain(is.keys()) {
        let [from, to] = [&was, &is].map(|states| states.get(id).copied().unwrap_or("-").to_owned());
        if from != to {
            ways.entry((from, to)).or_default().insert(*id);
        }
    }
    ways
}

fn every_figure_of_a_report_is_what_plain_sql_counts(test: &TestDb) {
    let mut dice = StdRng::seed_from_u64(20_261_123);
    history(test, &mut dice);
    let last: NaiveDate = noon().date();
    let month_ends = ["2026-05-31", "2026-06-30", "2026-10-31"].map(|day| day.parse::<NaiveDate>().unwrap());
    // Not the days on which 29 February is read in two ways.
    let drawn = std::iter::repeat_with(|| last - Days::new(dice.random_range(1..420)))
        .filter(|day| day.month() != 2 && (day.month(), day.day() > 2) != (3, false));
    let days: Vec<NaiveDate> = month_ends.into_iter().chain(drawn.take(DAYS)).collect();
    let communities = test.read(|conn| Ok(ids(conn, "SELECT id FROM areas WHERE parent_id IS NULL")));
    let mut compared = 0;
    let mut reasons = BTreeSet::new();
    for community in communities {
        for on in &days {
            let draft = test.db.read(|conn| freeze::draft(conn, community, *on)).unwrap();
            let before = on.with_day(1).unwrap().pred_opt().unwrap();
            let [was, is] = [before, *on].map(|on| {
                let farming = on >= "2026-06-15".parse().unwrap();
                let decent = if on >= "2026-04-01".parse().unwrap() { 2_800 } else { 2_600 };
                test.read(|conn| Ok(Day { on, community, farming, decent }.figures(conn)))
            });
            let said: Figures = draft
                .figures
                .iter()
                .map(|figure| {
                    let (code, group) = figure.counted.key();
                    ((code.to_owned(), group.to_owned()), figure.counted.subjects.clone())
                })
                .collect();
            for (key, counted) in &is {
                assert_eq!(said.get(key), Some(counted), "{on} {key:?}");
            }
            assert_eq!(said.len(), is.len(), "{on}: every figure is counted twice");
            for figure in &draft.figures {
                let (code, group) = figure.counted.key();
                let counted = was.get(&(code.to_owned(), group.to_owned())).map_or(0, Vec::len) as u64;
                assert_eq!(figure.before, Some(counted), "{before} {code} {group}");
            }
            let mut told: BTreeMap<(String, String), BTreeSet<i64>> = BTreeMap::new();
            for change in &draft.changes {
                let [from, to] =
                    [change.from, change.to].map(|state| state.map_or("-", |state| state.code()).to_owned());
                let way = told.entry((from, to)).or_default();
                for id in &change.households {
                    assert!(way.insert(*id), "{on}: household {id} has two reasons");
                }
                reasons.insert(change.reason.code());
            }
            assert_eq!(told, ways(&was, &is), "{on}: who went which way");
            compared += said.len();
        }
    }
    let plain = ReportFigure::ALL.len();
    assert!(compared > days.len() * plain, "{compared} figures were compared");
    let seen = ["exempted", "found_job", "job_ended", "rules_changed"];
    assert!(seen.iter().all(|reason| reasons.contains(reason)), "the history has changes of many kinds: {reasons:?}");
}
